"""Fills a demo with invented people, awards, cases and contributions: the same ones every time.

May import every app; writes through each app's ``bulk.py`` only. Start reading in ``filling.py``.
"""
