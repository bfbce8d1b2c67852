"""What the program is: regions, countries, categories, technology areas with names and successions, cycles, agreements' texts.

May import ``common``. Start reading at ``models.py``.
"""
