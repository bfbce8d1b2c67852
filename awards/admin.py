"""Admin of who holds what. Terms and states move by the actions alone."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from awards import actions, states
from awards.models import Award, Credential, Paper, RosterChange, SigningKey, StatusList, StatusPlace
from awards.queries import awards_visible_to
from charter.models import ReasonCode
from common.admin import Button, RecordAdmin, whoever_enters
from people.admin import FindsPeople


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("note for the history"), max_length=2000, required=False, widget=forms.Textarea
    )


class RevokeForm(NoteForm):
    reason = forms.ModelChoiceField(
        ReasonCode.objects.filter(use=ReasonCode.Use.REVOKED), label=_("reason"), to_field_name="code"
    )
    good_standing = forms.BooleanField(label=_("the person remains welcome"), required=False)
    field_order = ["reason", "good_standing", "note"]


class EndForm(NoteForm):
    reason = forms.ChoiceField(label=_("why it ends"), choices=Award.EndReason.choices)
    on = forms.DateField(label=_("last day"), required=False, help_text=_("Empty: today."))
    good_standing = forms.BooleanField(label=_("in good standing"), required=False, initial=True)
    field_order = ["reason", "on", "good_standing", "note"]


class ExtendForm(forms.Form):
    to = forms.DateField(label=_("new last day"))
    reason = forms.CharField(label=_("reason"), max_length=2000, widget=forms.Textarea)


def _may_become(state: str) -> Any:
    return lambda award: state in states.MOVES[award.state]


def _runs(award: Award) -> bool:
    return award.state in (states.GRANTED, states.ON_HOLD)


@admin.register(Award)
class AwardAdmin(FindsPeople):
    visible_to = awards_visible_to
    editable = ["citation", "note"]
    person_at = "person__"
    exact = ["key", "person__key", "source_ref"]
    buttons = [
        Button("hold", _("put on hold"), lambda a, user, said: actions.hold_award(a, by=user, note=said["note"]),
               NoteForm, _may_become(states.ON_HOLD)),
        Button("restore", _("restore"), lambda a, user, said: actions.restore_award(a, by=user, note=said["note"]),
               NoteForm, _may_become(states.GRANTED)),
        Button("extend", _("extend the term"),
               lambda a, user, said: actions.extend_terms([a], to=said["to"], by=user, reason=said["reason"]),
               ExtendForm, lambda a: _runs(a) and a.ends is not None),
        Button("end", _("end the term"),
               lambda a, user, said: actions.end_award(
                   a, by=user, reason=said["reason"], on=said["on"],
                   good_standing=said["good_standing"], note=said["note"]),
               EndForm, _runs),
        Button("resign", _("note that it was given back"),
               lambda a, user, said: actions.resign_award(a, by=user, note=said["note"]),
               NoteForm, _may_become(states.RESIGNED)),
        Button("revoke", _("revoke"),
               lambda a, user, said: actions.revoke_award(
                   a, by=user, reason_code=said["reason"].code,
                   good_standing=said["good_standing"], note=said["note"]),
               RevokeForm, _may_become(states.REVOKED)),
    ]  # fmt: skip
    list_display = ["person", "area_name", "first_year", "last_year", "starts", "ends", "state", "key"]
    list_select_related = ["person"]
    list_filter = ["state", "end_reason", "source"]
    ordering = ["-id"]


@admin.register(Credential)
class CredentialAdmin(FindsPeople):
    visible_to = staticmethod(
        lambda user: Credential.objects.filter(award__in=awards_visible_to(user)).defer("document")
    )
    secret = ["document"]  # read at its public address
    person_at = "award__person__"
    exact = ["award__key"]
    list_display = ["award", "key", "place", "signed_at"]
    list_select_related = ["award__person", "key", "place"]
    ordering = ["-id"]


@admin.register(Paper)
class PaperAdmin(FindsPeople):
    visible_to = staticmethod(
        lambda user: Paper.objects.filter(award__in=awards_visible_to(user)).defer("content")
    )
    secret = ["content"]  # its holder's
    person_at = "award__person__"
    exact = ["number", "award__key"]
    list_display = ["number", "kind", "award", "language", "about", "issued_at"]
    list_select_related = ["award__person"]
    list_filter = ["kind", "language"]
    ordering = ["-id"]


@admin.register(StatusPlace)
class StatusPlaceAdmin(FindsPeople):
    visible_to = staticmethod(lambda user: StatusPlace.objects.filter(award__in=awards_visible_to(user)))
    person_at = "award__person__"
    exact = ["award__key"]
    list_display = ["id", "award", "taken_back_at"]
    list_select_related = ["award__person"]
    ordering = ["-id"]


@admin.register(StatusList)
class StatusListAdmin(RecordAdmin):
    visible_to = staticmethod(lambda user: StatusList.objects.defer("document"))
    secret = ["document"]
    list_display = ["number", "key", "signed_at", "ends_at", "is_stale"]
    list_select_related = ["key"]


@admin.register(SigningKey)
class SigningKeyAdmin(RecordAdmin):
    visible_to = whoever_enters(SigningKey)
    list_display = ["name", "public", "used_from", "distrusted_at"]


@admin.register(RosterChange)
class RosterChangeAdmin(RecordAdmin):
    """Written by triggers, taken away by a task."""

    visible_to = whoever_enters(RosterChange)
    list_display = ["id", "at"]
