"""Admin of who is proposed. A case in which the user has a hard conflict does not exist here, nor does a draft."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charter.models import ReasonCode
from common.admin import Button, RecordAdmin, beside, whoever_enters
from common.errors import RuleBroken
from nominations import actions, states
from nominations.models import (
    AccessLink,
    Conflict,
    DossierItem,
    Hold,
    InvitationStop,
    Nomination,
    Sending,
    Support,
    TriageBatch,
)
from nominations.queries import holds_visible_to, nominations_in_office_of
from people.admin import FindsPeople


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("a sentence that the nominee reads"), max_length=2000, required=False, widget=forms.Textarea
    )


class IneligibleForm(NoteForm):
    reason = forms.ModelChoiceField(
        ReasonCode.objects.filter(use=ReasonCode.Use.INELIGIBLE), label=_("the rule"), to_field_name="code"
    )
    field_order = ["reason", "note"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=2000, widget=forms.Textarea)


class MergeForm(ReasonForm):
    other = forms.CharField(label=_("key of the case that joins this one"), max_length=12)
    field_order = ["other", "reason"]


def _merge(case: Nomination, user: Any, said: dict[str, Any]) -> None:
    other = nominations_in_office_of(user).filter(key=said["other"].strip().upper()).first()
    if other is None:
        raise RuleBroken(gettext("There is no case with this key."))
    actions.merge_nominations(case, other, by=user, reason=said["reason"])


def _may_become(*wanted: str) -> Any:
    return lambda case: bool(states.MOVES[case.state].intersection(wanted)) and case.state != states.MERGED


@admin.register(Nomination)
class NominationAdmin(FindsPeople):
    visible_to = nominations_in_office_of
    secret = ["draft"]
    person_at = "nominee__"
    exact = ["key", "nominee__key", "nominee_email"]
    buttons = [
        Button("reopen", _("reopen the dossier"),
               lambda case, user, said: actions.reopen_nomination(case, by=user, reason=said["reason"]),
               ReasonForm, lambda case: case.state == states.COMPLETE),
        Button("withdraw", _("withdraw"),
               lambda case, user, said: actions.withdraw_nomination(case, by=user, note=said["note"]),
               NoteForm, _may_become(states.WITHDRAWN)),
        Button("ineligible", _("mark as ineligible"),
               lambda case, user, said: actions.mark_ineligible(
                   case, by=user, reason_code=said["reason"].code, note=said["note"]),
               IneligibleForm, _may_become(states.INELIGIBLE)),
        Button("merge", _("join another case to this one"), _merge, MergeForm, _may_become(states.MERGED)),
        Button("unmerge", _("undo the joining"),
               lambda case, user, said: actions.undo_merge(case, by=user, reason=said["reason"]),
               ReasonForm, lambda case: case.state == states.MERGED),
    ]  # fmt: skip
    list_display = ["key", "nominee_name", "area_name", "state", "country", "cycle", "invited_at"]
    list_select_related = ["cycle"]
    list_filter = ["state", "cycle", "category", "region", "is_renewal"]


class BesideCase(FindsPeople):
    """Rows of a case."""

    exact = ["nomination__key"]


@admin.register(Support)
class SupportAdmin(BesideCase):
    visible_to = beside(Support, "nomination", nominations_in_office_of)
    person_at = "person__"
    exact = ["key", "nomination__key", "email"]
    list_display = ["name", "kind", "nomination", "given_at", "declined_at"]
    list_select_related = ["nomination"]
    list_filter = ["kind"]
    ordering = ["-id"]


@admin.register(AccessLink)
class AccessLinkAdmin(BesideCase):
    visible_to = beside(AccessLink, "nomination", nominations_in_office_of)
    secret = ["key"]
    person_at = "nomination__nominee__"
    exact = ["nomination__key", "email"]
    list_display = ["email", "purpose", "nomination", "made_at", "ends_at", "used_at"]
    list_select_related = ["nomination"]
    list_filter = ["purpose"]
    ordering = ["-id"]


@admin.register(Hold)
class HoldAdmin(RecordAdmin):
    visible_to = holds_visible_to
    list_display = ["nomination", "reasons", "made_at", "decision", "decided_at", "applied_at"]
    list_select_related = ["nomination"]
    list_filter = ["decision"]
    ordering = ["-id"]


@admin.register(TriageBatch)
class TriageBatchAdmin(RecordAdmin):
    visible_to = whoever_enters(TriageBatch)
    list_display = ["key", "decision", "reason_code", "by", "made_at", "undone_at"]
    list_select_related = ["by"]
    ordering = ["-id"]


@admin.register(Sending)
class SendingAdmin(RecordAdmin):
    visible_to = beside(Sending, "nomination", nominations_in_office_of)
    secret = ["digest"]
    list_display = ["nomination", "at"]
    list_select_related = ["nomination"]
    ordering = ["-id"]


@admin.register(InvitationStop)
class InvitationStopAdmin(RecordAdmin):
    visible_to = whoever_enters(InvitationStop)
    secret = ["digest"]
    list_display = ["made_at", "until"]
    ordering = ["-made_at"]


@admin.register(DossierItem)
class DossierItemAdmin(BesideCase):
    visible_to = beside(DossierItem, "nomination", nominations_in_office_of)
    person_at = "nomination__nominee__"
    list_display = ["title", "nomination", "type", "starts", "high_impact"]
    list_select_related = ["nomination", "type"]
    list_filter = ["type", "high_impact"]
    ordering = ["-id"]


@admin.register(Conflict)
class ConflictAdmin(BesideCase):
    visible_to = beside(Conflict, "nomination", nominations_in_office_of)
    person_at = "person__"
    exact = ["nomination__key", "person__key"]
    list_display = ["nomination", "person", "kind", "strength", "source", "found_at", "ended_at"]
    list_select_related = ["nomination", "person"]
    list_filter = ["kind", "strength", "source"]
    ordering = ["-id"]
