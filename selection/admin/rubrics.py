"""Rubrics with their criteria, anchors and training cases."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.admin import RecordAdmin, Rows, beside, whoever_enters
from people.admin import FindsPeople
from people.queries import people_visible_to
from selection.models import (
    Anchor,
    Criterion,
    Rubric,
    TrainingAnswer,
    TrainingCase,
)
from selection.queries.protocol import is_rubric_frozen


class AnchorRows(Rows):
    model = Anchor
    fields = ["mark", "sentence"]
    readonly_fields = ["mark"]
    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        frozen = obj is not None and is_rubric_frozen(obj.rubric)
        return not frozen and super().has_change_permission(request, obj)


def _unless_frozen(
    records: RecordAdmin, request: HttpRequest, obj: Any, rubric: Rubric | None, readonly: list[Any]
) -> list[Any]:
    """Every field, where a cycle under way has published the rubric."""
    frozen = rubric is not None and is_rubric_frozen(rubric)
    return records.get_fields(request, obj) if frozen else readonly


@admin.register(Rubric)
class RubricAdmin(RecordAdmin):
    """Words may be mended while no cycle under way has published them; weights stand."""

    visible_to = whoever_enters(Rubric)
    editable = ["name"]
    list_display = ["name", "slug", "not_applicable_at_most", "reason_length"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return _unless_frozen(self, request, obj, obj, super().get_readonly_fields(request, obj))


@admin.register(Criterion)
class CriterionAdmin(RecordAdmin):
    visible_to = whoever_enters(Criterion)
    editable = ["name", "question"]
    inlines = [AnchorRows]
    list_display = ["name", "rubric", "weight", "position"]
    list_select_related = ["rubric"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        rubric = obj.rubric if obj else None
        return _unless_frozen(self, request, obj, rubric, super().get_readonly_fields(request, obj))


@admin.register(Anchor)
class AnchorAdmin(RecordAdmin):
    visible_to = whoever_enters(Anchor)
    editable = ["sentence"]
    list_display = ["sentence", "criterion", "mark"]
    list_select_related = ["criterion"]
    ordering = ["criterion", "mark"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        rubric = obj.criterion.rubric if obj else None
        return _unless_frozen(self, request, obj, rubric, super().get_readonly_fields(request, obj))


@admin.register(TrainingCase)
class TrainingCaseAdmin(RecordAdmin):
    """Invented texts; the panel's marks stand as they are."""

    visible_to = whoever_enters(TrainingCase)
    editable = ["title", "about", "statement"]
    list_display = ["title", "rubric", "position"]
    list_select_related = ["rubric"]


@admin.register(TrainingAnswer)
class TrainingAnswerAdmin(FindsPeople):
    """Who has done which; what they gave is theirs alone."""

    visible_to = beside(TrainingAnswer, "person", people_visible_to)
    secret = ["marks"]
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "case", "answered_at"]
    list_select_related = ["person", "case"]
    ordering = ["-id"]
