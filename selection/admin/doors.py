"""What the pages of the records start from, and the forms of their buttons."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.admin import FindsPeople
from people.queries import person_of
from selection.actions.means import SUMMARY
from selection.forms import refuse_far_year
from selection.queries import (
    assignments_visible_to,
    candidacies_visible_to,
    without_hidden_tasks,
    without_own_missing,
)
from selection.queries.kept import is_kept


def candidacies_shown_to(user: Any) -> QuerySet[Any]:
    """With ``own_missing``: its numbers are hidden from this user as yet; ``kept``: and so is what became of it."""
    rows = without_own_missing(candidacies_visible_to(user), person_of(user))
    return rows.annotate(kept=is_kept(person_of(user)))


def candidacies_open_to(user: Any) -> QuerySet[Any]:
    """Those of which this user may read what others have said."""
    return candidacies_shown_to(user).filter(own_missing=False)


def candidacies_settled_for(user: Any) -> QuerySet[Any]:
    """Those of which this user may read what became of them."""
    return candidacies_open_to(user).filter(kept=False)


def assignments_shown_to(user: Any) -> QuerySet[Any]:
    """Tasks; whether others have done theirs is hidden from whoever has not."""
    return without_hidden_tasks(assignments_visible_to(user), person_of(user))


SAID_BY_OTHERS = ("state", "left_at", "by_rule", "proposed", "reserve_order", *SUMMARY)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=2000, widget=forms.Textarea)


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=2000, widget=forms.Textarea, required=False)


class NewEndForm(ReasonForm):
    closes_at = forms.DateTimeField(
        label=_("closes at"), help_text=_("UTC, such as 2004-09-30 16:00"), validators=[refuse_far_year]
    )
    field_order = ["closes_at", "reason"]


class ReviewerForm(forms.Form):
    reviewer = forms.CharField(label=_("key of the reviewer"), max_length=12)


class ScheduleForm(forms.Form):
    scheduled_at = forms.DateTimeField(
        label=_("goes out at"), help_text=_("UTC, such as 2004-09-30 16:00"), validators=[refuse_far_year]
    )


class OfReviewer(FindsPeople):
    """What reviewers have said, where this user may read it."""

    list_per_page = 50
    ordering = ["-id"]
