"""The multi-stage review as rows. Read in this order: rubrics, stages, cases, reviews, decisions."""

from selection.models.cases import Assignment, Candidacy, Expertise, candidacy_key
from selection.models.decisions import Decision, Override, Release
from selection.models.reviews import Review, ReviewVersion, Score
from selection.models.rubrics import Anchor, Criterion, Rubric
from selection.models.stages import Stage

__all__ = [
    "Anchor",
    "Assignment",
    "Candidacy",
    "Criterion",
    "Decision",
    "Expertise",
    "Override",
    "Release",
    "Review",
    "ReviewVersion",
    "Rubric",
    "Score",
    "Stage",
    "candidacy_key",
]
