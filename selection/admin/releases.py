"""Releases, outcomes and letters."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import Button, RecordAdmin, beside
from people.admin import FindsPeople
from selection import actions, states
from selection.admin.doors import ReasonForm, ScheduleForm, candidacies_settled_for
from selection.models import (
    Decision,
    Feedback,
    Release,
    ReleasedComment,
)
from selection.queries.releases import releases_visible_to


@admin.register(Release)
class ReleaseAdmin(RecordAdmin):
    visible_to = releases_visible_to
    buttons = [
        Button("reschedule", _("move the moment"),
               lambda release, user, said: actions.reschedule_release(
                   release, scheduled_at=said["scheduled_at"], by=user),
               ScheduleForm, lambda release: release.state in (states.PLANNED, states.CONFIRMED)),
        Button("confirm", _("confirm as the second person"),
               lambda release, user, said: actions.confirm_release(release, by=user),
               offered=lambda release: release.state == states.PLANNED),
        Button("cancel", _("cancel"),
               lambda release, user, said: actions.cancel_release(release, by=user, reason=said["reason"]),
               ReasonForm, lambda release: states.CANCELLED in states.RELEASE_MOVES[release.state]),
    ]  # fmt: skip
    list_display = ["key", "cycle", "kind", "state", "scheduled_at", "prepared_by", "confirmed_by"]
    list_select_related = ["cycle", "prepared_by", "confirmed_by"]
    list_filter = ["state", "kind"]
    ordering = ["-scheduled_at"]


@admin.register(Decision)
class DecisionAdmin(FindsPeople):
    visible_to = beside(Decision, "candidacy", candidacies_settled_for)
    person_at = "candidacy__nomination__nominee__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "proposed", "outcome", "release", "decided_by", "decided_at"]
    list_select_related = ["candidacy__stage__cycle", "release__cycle", "decided_by"]
    list_filter = ["outcome"]
    ordering = ["-id"]


@admin.register(Feedback)
class FeedbackAdmin(FindsPeople):
    visible_to = beside(Feedback, "decision__candidacy", candidacies_settled_for)
    person_at = "decision__candidacy__nomination__nominee__"
    exact = ["decision__candidacy__key", "decision__candidacy__nomination__key"]
    list_display = ["decision", "reviews_in"]
    list_select_related = ["decision__candidacy__stage__cycle"]
    ordering = ["-id"]


@admin.register(ReleasedComment)
class ReleasedCommentAdmin(FindsPeople):
    visible_to = beside(ReleasedComment, "decision__candidacy", candidacies_settled_for)
    person_at = "decision__candidacy__nomination__nominee__"
    exact = ["decision__candidacy__key", "decision__candidacy__nomination__key"]
    list_display = ["decision", "text", "edited_by", "edited_at"]
    list_select_related = ["decision__candidacy__stage__cycle", "edited_by"]
    ordering = ["-id"]
