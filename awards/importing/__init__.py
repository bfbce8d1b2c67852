"""A roster of past holders from somebody else's file.

``roster.import_roster`` is the way in: ``common.records`` reads the file, ``mappings`` says what its fields mean,
``rows`` reads one record, ``matching`` recognises people, ``plan`` decides each record's fate, ``writing`` writes.
"""
