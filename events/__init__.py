"""Summits for holders.

May import ``nominations`` and below, not ``selection``. Start reading at ``models.py``.
"""
