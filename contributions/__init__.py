"""What someone did: contribution types with their metrics, and the log.

May import ``people`` and below. Start reading at ``models.py``.
"""
