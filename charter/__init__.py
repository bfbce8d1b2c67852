"""What the program is: regions, categories, technology areas and their names, cycles, agreements' texts.

May import ``common``. Start reading at ``models.py``.
"""
