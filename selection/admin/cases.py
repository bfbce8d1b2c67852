"""Cases in their stages, tasks, and what people said for them."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import Button, beside, every_field
from common.errors import RuleBroken
from people.admin import FindsPeople
from people.queries import people_visible_to
from selection import actions, states
from selection.admin.doors import (
    SAID_BY_OTHERS,
    OfReviewer,
    OptionalReasonForm,
    ReviewerForm,
    assignments_shown_to,
    candidacies_open_to,
    candidacies_settled_for,
    candidacies_shown_to,
)
from selection.models import (
    Assignment,
    Candidacy,
    DiscussionPost,
    Expertise,
    Override,
    RedactedDossier,
    Review,
    ReviewVersion,
    Score,
)
from selection.queries.copies import copies_in_office_of


@admin.register(Expertise)
class ExpertiseAdmin(FindsPeople):
    visible_to = beside(Expertise, "person", people_visible_to)
    editable = every_field(Expertise)
    may_add = may_delete = True
    raw_id_fields = ["person"]
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "area", "level"]
    list_select_related = ["person", "area"]
    list_filter = ["level"]
    ordering = ["-id"]


def _assign(candidacy: Candidacy, user: Any, said: dict[str, Any]) -> None:
    reviewer = people_visible_to(user).filter(key=said["reviewer"].strip().upper()).first()
    if reviewer is None:
        raise RuleBroken(gettext("There is no person with this key."))
    actions.assign_reviewer(candidacy, reviewer=reviewer, by=user)


class Standing(admin.SimpleListFilter):
    """By the state of a case, where this user may know it: what a stage made of it says what others said."""

    title = _("state")
    parameter_name = "stands"  # no name of a column: an address cannot ask past this filter

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Candidacy.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(own_missing=False, kept=False, state=self.value()) if self.value() else queryset
        )


@admin.register(Candidacy)
class CandidacyAdmin(FindsPeople):
    """Without the stored rank: a gap in it would tell of a case that this user must not know of."""

    visible_to = candidacies_shown_to
    secret = ["rank"]
    person_at = "nomination__nominee__"
    exact = ["key", "nomination__key"]
    buttons = [
        Button("assign", _("assign a reviewer"), _assign, ReviewerForm, lambda one: one.state == states.OPEN)
    ]
    list_display = ["nomination", "stage", "round", "state_shown", "proposed_shown", "mean_shown"]
    list_select_related = ["nomination", "stage__cycle"]
    list_filter = [Standing, "stage__kind", "stage__cycle"]
    ordering = ["-id"]

    def get_fields(self, request: Any, obj: Any = None) -> list[Any]:
        """Nothing that others' reviews have made, before one's own is in."""
        hidden = SAID_BY_OTHERS if obj is not None and (obj.own_missing or obj.kept) else ()
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    @admin.display(description=_("state"))
    def state_shown(self, candidacy: Any) -> str:
        return "" if candidacy.own_missing or candidacy.kept else candidacy.get_state_display()

    @admin.display(description=_("mean"))
    def mean_shown(self, candidacy: Any) -> Decimal | None:
        return None if candidacy.own_missing else candidacy.mean

    @admin.display(description=_("proposed outcome"))
    def proposed_shown(self, candidacy: Any) -> str:
        return "" if candidacy.own_missing or candidacy.kept else candidacy.proposed


@admin.register(RedactedDossier)
class RedactedDossierAdmin(FindsPeople):
    """Copies are checked and mended on their own page."""

    visible_to = copies_in_office_of
    person_at = "nomination__nominee__"
    exact = ["nomination__key"]
    list_display = ["nomination", "state", "proposed_at", "checked_by", "checked_at"]
    list_select_related = ["nomination", "checked_by"]
    list_filter = ["state"]
    ordering = ["-id"]


@admin.register(Assignment)
class AssignmentAdmin(FindsPeople):
    visible_to = assignments_shown_to
    person_at = "reviewer__"
    exact = ["candidacy__key", "candidacy__nomination__key", "reviewer__key"]
    buttons = [
        Button("take-back", _("take back"),
               lambda task, user, said: actions.take_back_assignment(
                   task.candidacy, reviewer=task.reviewer, by=user, reason=said["reason"]),
               OptionalReasonForm, lambda task: states.RELEASED_FROM in states.ASSIGNMENT_MOVES[task.state]),
    ]  # fmt: skip
    list_display = ["candidacy", "reviewer", "state", "assigned_at", "due_at"]
    list_select_related = ["candidacy__stage__cycle", "reviewer"]
    list_filter = ["state"]
    ordering = ["-id"]


@admin.register(Review)
class ReviewAdmin(OfReviewer):
    visible_to = beside(Review, "assignment__candidacy", candidacies_open_to)
    secret = ["draft"]
    person_at = "assignment__reviewer__"
    exact = ["assignment__candidacy__key", "assignment__candidacy__nomination__key"]
    list_display = ["assignment", "state", "verdict", "total", "confidence", "submitted_at"]
    list_select_related = ["assignment__candidacy", "assignment__reviewer"]
    list_filter = ["state", "verdict"]


@admin.register(Score)
class ScoreAdmin(OfReviewer):
    visible_to = beside(Score, "review__assignment__candidacy", candidacies_open_to)
    person_at = "review__assignment__reviewer__"
    exact = ["review__assignment__candidacy__key"]
    list_display = ["review", "criterion", "mark"]
    list_select_related = ["review__assignment__candidacy", "review__assignment__reviewer", "criterion"]
    list_filter = ["criterion", "mark"]


@admin.register(ReviewVersion)
class ReviewVersionAdmin(OfReviewer):
    visible_to = beside(ReviewVersion, "review__assignment__candidacy", candidacies_open_to)
    person_at = "review__assignment__reviewer__"
    exact = ["review__assignment__candidacy__key"]
    list_display = ["review", "version", "saved_at"]
    list_select_related = ["review__assignment__candidacy", "review__assignment__reviewer"]


@admin.register(DiscussionPost)
class DiscussionPostAdmin(OfReviewer):
    visible_to = beside(DiscussionPost, "candidacy", candidacies_open_to)
    person_at = "author__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "author", "made_at", "withdrawn_at"]
    list_select_related = ["candidacy__stage__cycle", "author"]


@admin.register(Override)
class OverrideAdmin(OfReviewer):
    visible_to = beside(Override, "candidacy", candidacies_settled_for)
    person_at = "member__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "member", "outcome", "made_at", "withdrawn_at"]
    list_select_related = ["candidacy__stage__cycle", "member"]
    list_filter = ["outcome"]
