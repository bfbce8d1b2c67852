"""Who holds what: awards, the roster, an award's public page.

May import ``contributions`` and below; knows nothing of how a winner is chosen.
Start reading at ``states.py``, then ``models.py``.
"""
