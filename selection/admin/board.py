"""Decisions in bulk, draws and numbers."""

from django.contrib import admin

from common.admin import RecordAdmin, beside
from people.admin import FindsPeople
from selection.models import (
    BatchLine,
    CaseNumbers,
    DecisionBatch,
    Draw,
    DrawLine,
    GroupNumbers,
    ReviewerOffset,
)
from selection.queries import (
    batches_visible_to,
    draws_visible_to,
    group_numbers_visible_to,
)


@admin.register(DecisionBatch)
class DecisionBatchAdmin(RecordAdmin):
    """Decided and undone on the board."""

    visible_to = batches_visible_to
    list_display = ["key", "stage", "category", "outcome", "made_by", "made_at", "undone_at"]
    list_select_related = ["stage__cycle", "category", "made_by"]
    list_filter = ["outcome"]
    ordering = ["-id"]


@admin.register(BatchLine)
class BatchLineAdmin(FindsPeople):
    visible_to = beside(BatchLine, "batch", batches_visible_to)
    person_at = "candidacy__nomination__nominee__"
    exact = ["batch__key", "candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "batch", "before", "after"]
    list_select_related = ["candidacy__stage__cycle", "batch__stage__cycle"]
    ordering = ["-id"]


@admin.register(Draw)
class DrawAdmin(RecordAdmin):
    visible_to = draws_visible_to
    list_display = ["key", "stage", "category", "places", "drawn_by", "drawn_at"]
    list_select_related = ["stage__cycle", "category", "drawn_by"]
    ordering = ["-id"]


@admin.register(DrawLine)
class DrawLineAdmin(FindsPeople):
    """Of whole draws only: a gap in the positions would tell of a case that this user must not know of."""

    visible_to = beside(DrawLine, "draw", draws_visible_to)
    person_at = "candidacy__nomination__nominee__"
    exact = ["draw__key", "candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "draw", "position"]
    list_select_related = ["candidacy__stage__cycle", "draw__stage__cycle"]
    ordering = ["-id"]


@admin.register(GroupNumbers)
class GroupNumbersAdmin(RecordAdmin):
    visible_to = group_numbers_visible_to
    list_display = ["stage", "category", "is_whole", "cases", "reviews", "alpha", "computed_at"]
    list_select_related = ["stage__cycle", "category"]
    ordering = ["-id"]


@admin.register(CaseNumbers)
class CaseNumbersAdmin(FindsPeople):
    visible_to = beside(CaseNumbers, "group", group_numbers_visible_to)
    person_at = "candidacy__nomination__nominee__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "group", "score", "low", "high"]
    list_select_related = ["candidacy__stage__cycle", "group__stage__cycle", "group__category"]
    ordering = ["-id"]


@admin.register(ReviewerOffset)
class ReviewerOffsetAdmin(FindsPeople):
    """Whose offset is how large is for the chair alone, on the board."""

    visible_to = beside(ReviewerOffset, "group", group_numbers_visible_to)
    secret = ["offset", "se"]
    person_at = "reviewer__"
    exact = ["reviewer__key"]
    list_display = ["reviewer", "group", "reviews"]
    list_select_related = ["reviewer", "group__stage__cycle", "group__category"]
    ordering = ["-id"]
