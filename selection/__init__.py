"""The multi-stage review: stages, candidacies, assignments, reviews, decisions, release.

May import ``nominations`` and below. Start reading at ``states.py``, then ``models.py``.
"""
