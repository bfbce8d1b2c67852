"""Stages, what was published of them, and what people were told of their dates."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import Button, RecordAdmin, whoever_enters
from selection import actions, states
from selection.admin.doors import (
    NewEndForm,
    OptionalReasonForm,
)
from selection.models import (
    Preset,
    ProtocolVersion,
    Stage,
    ToldDate,
    TransparencyReport,
)
from selection.queries import (
    stages_visible_to,
)
from selection.queries.protocol import is_published
from selection.queries.released import told_dates_visible_to


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    visible_to = stages_visible_to
    editable = ["public_name", "internal_name"]
    buttons = [
        Button("open", _("open"), lambda stage, user, said: actions.open_stage(stage, by=user, reason=said["reason"]),
               OptionalReasonForm, lambda stage: stage.state == states.STAGE_PLANNED),
        Button("move", _("move the end"),
               lambda stage, user, said: actions.move_stage(
                   stage, closes_at=said["closes_at"], by=user, reason=said["reason"]),
               NewEndForm, lambda stage: stage.state != states.STAGE_CLOSED),
        Button("close", _("close"), lambda stage, user, said: actions.close_stage(stage, by=user, reason=said["reason"]),
               OptionalReasonForm, lambda stage: stage.state == states.STAGE_OPEN),
        Button("reopen", _("reopen"),
               lambda stage, user, said: actions.reopen_stage(
                   stage, closes_at=said["closes_at"], by=user, reason=said["reason"]),
               NewEndForm, lambda stage: stage.state == states.STAGE_CLOSED),
    ]  # fmt: skip
    list_display = ["public_name", "cycle", "number", "kind", "state", "opens_at", "closes_at"]
    list_select_related = ["cycle"]
    list_filter = ["state", "kind"]
    ordering = ["-opens_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The public name is published with the protocol."""
        fixed = ["public_name"] if obj is not None and is_published(obj.cycle) else []
        return [*super().get_readonly_fields(request, obj), *fixed]


@admin.register(ProtocolVersion)
class ProtocolVersionAdmin(RecordAdmin):
    """What was published is read here and never changed."""

    visible_to = whoever_enters(ProtocolVersion)
    list_display = ["cycle", "number", "made_at", "made_by", "digest"]
    list_select_related = ["cycle", "made_by"]
    ordering = ["-made_at"]


@admin.register(TransparencyReport)
class TransparencyReportAdmin(RecordAdmin):
    """What was published is read here and never changed; the office corrects it on the page of its cycle."""

    visible_to = whoever_enters(TransparencyReport)
    list_display = ["cycle", "number", "published_at", "published_by", "reason"]
    list_select_related = ["cycle", "published_by"]
    ordering = ["-published_at"]


@admin.register(Preset)
class PresetAdmin(RecordAdmin):
    """Read here; changed in ``seeds/presets/``."""

    visible_to = whoever_enters(Preset)
    list_display = ["name", "slug", "summary"]


@admin.register(ToldDate)
class ToldDateAdmin(RecordAdmin):
    visible_to = told_dates_visible_to
    list_display = [
        "cycle",
        "stage",
        "of_dossiers",
        "candidacy",
        "was_at",
        "at",
        "overdue",
        "noted_at",
        "told_at",
    ]
    list_select_related = ["cycle", "stage__cycle", "candidacy"]
    ordering = ["-id"]
