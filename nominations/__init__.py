"""Who is proposed, from the first draft until the case is complete, and the ties that bar a reviewer.

May import ``awards`` and below. Start reading at ``states.py``, then ``models.py``.
"""
