"""Loads ``seeds/*.yaml`` into the database: the program for everybody, the invented people for a demo.

May import every app. Start reading in ``loading.py``, which says in which order the files come.
"""
