"""Who may sign in: users, dated role grants, agreements signed.

May import ``charter`` and below. Start reading at ``models.py``, then ``permissions.py``.
"""
