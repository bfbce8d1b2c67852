"""The multi-stage review as rows. Read in this order: rubrics, stages, cases, plans, reviews, numbers, board,
decisions, feedback, reports."""

from selection.models.board import BatchLine, DecisionBatch, Draw, DrawLine
from selection.models.cases import Assignment, Candidacy, Expertise, candidacy_key
from selection.models.dates import ToldDate
from selection.models.decisions import Decision, Override, Release
from selection.models.discussion import DiscussionPost
from selection.models.feedback import Feedback, ReleasedComment
from selection.models.numbers import CaseNumbers, GroupNumbers, ReviewerOffset
from selection.models.plans import AssignmentPlan, PlannedTask, ReviewerCapacity
from selection.models.presets import Preset
from selection.models.protocol import ProtocolVersion
from selection.models.redaction import RedactedDossier
from selection.models.reports import TransparencyReport
from selection.models.reviews import Review, ReviewVersion, Score
from selection.models.rubrics import Anchor, Criterion, Rubric
from selection.models.stages import Stage
from selection.models.training import TrainingAnswer, TrainingCase

__all__ = [
    "Anchor",
    "Assignment",
    "AssignmentPlan",
    "BatchLine",
    "Candidacy",
    "CaseNumbers",
    "Criterion",
    "Decision",
    "DecisionBatch",
    "DiscussionPost",
    "Draw",
    "DrawLine",
    "Expertise",
    "Feedback",
    "GroupNumbers",
    "Override",
    "PlannedTask",
    "Preset",
    "ProtocolVersion",
    "RedactedDossier",
    "Release",
    "ReleasedComment",
    "Review",
    "ReviewVersion",
    "ReviewerCapacity",
    "ReviewerOffset",
    "Rubric",
    "Score",
    "Stage",
    "ToldDate",
    "TrainingAnswer",
    "TrainingCase",
    "TransparencyReport",
    "candidacy_key",
]
