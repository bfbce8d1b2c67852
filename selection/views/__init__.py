"""Pages of the selection, by noun: review (where one's work is), screening, workbench, council, board, and the
office's cycle and release.
"""
