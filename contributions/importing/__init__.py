"""Activities from somebody else's file.

``common.records`` reads the file, ``reading`` finds the records in it, ``rows`` reads one of them, ``plan`` decides
each one's fate, ``writing`` writes. ``contributions.actions.imports`` is the way in.
"""
