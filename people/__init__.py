"""Who someone is: persons, addresses, employers, profile fields and their visibility, merges, erasure.

May import ``accounts`` and below. Start reading at ``models.py``.
"""
