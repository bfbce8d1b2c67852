"""Admin of the selection. It starts from the same doors as the selection's own pages: what is hidden there from
somebody of the office, because of a tie or because their own review is not in, is hidden here."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import Button, RecordAdmin, Rows, beside, every_field, whoever_enters
from common.errors import RuleBroken
from people.admin import FindsPeople
from people.queries import people_visible_to, person_of
from selection import actions, states
from selection.actions.means import SUMMARY
from selection.forms import refuse_far_year
from selection.models import (
    Anchor,
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Criterion,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    DrawLine,
    Expertise,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    Preset,
    ProtocolVersion,
    RedactedDossier,
    Release,
    ReleasedComment,
    Review,
    ReviewerCapacity,
    ReviewerOffset,
    ReviewVersion,
    Rubric,
    Score,
    Stage,
    ToldDate,
    TrainingAnswer,
    TrainingCase,
)
from selection.queries import (
    assignments_visible_to,
    batches_visible_to,
    candidacies_visible_to,
    draws_visible_to,
    group_numbers_visible_to,
    stages_visible_to,
    without_hidden_tasks,
    without_own_missing,
)
from selection.queries.copies import copies_in_office_of
from selection.queries.plans import planned_tasks_visible_to, plans_visible_to
from selection.queries.protocol import is_published, is_rubric_frozen
from selection.queries.released import told_dates_visible_to
from selection.queries.releases import releases_visible_to


def candidacies_shown_to(user: Any) -> QuerySet[Any]:
    """With ``own_missing``: its numbers are hidden from this user as yet."""
    return without_own_missing(candidacies_visible_to(user), person_of(user))


def candidacies_open_to(user: Any) -> QuerySet[Any]:
    """Those of which this user may read what others have said."""
    return candidacies_shown_to(user).filter(own_missing=False)


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
        return queryset.filter(own_missing=False, state=self.value()) if self.value() else queryset


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
        hidden = SAID_BY_OTHERS if obj is not None and obj.own_missing else ()
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    @admin.display(description=_("state"))
    def state_shown(self, candidacy: Any) -> str:
        return "" if candidacy.own_missing else candidacy.get_state_display()

    @admin.display(description=_("mean"))
    def mean_shown(self, candidacy: Any) -> Decimal | None:
        return None if candidacy.own_missing else candidacy.mean

    @admin.display(description=_("proposed outcome"))
    def proposed_shown(self, candidacy: Any) -> str:
        return "" if candidacy.own_missing else candidacy.proposed


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


class OfReviewer(FindsPeople):
    """What reviewers have said, where this user may read it."""

    list_per_page = 50
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


@admin.register(AssignmentPlan)
class AssignmentPlanAdmin(RecordAdmin):
    """What lacks is told case by case on the plan's own page."""

    visible_to = plans_visible_to
    secret = ["lacks", "cases", "in_the_way"]
    list_display = ["key", "stage", "category", "purpose", "state", "made_by", "made_at", "published_at"]
    list_select_related = ["stage__cycle", "category", "made_by"]
    list_filter = ["state", "purpose"]
    ordering = ["-id"]


@admin.register(PlannedTask)
class PlannedTaskAdmin(FindsPeople):
    visible_to = planned_tasks_visible_to
    person_at = "reviewer__"
    exact = ["candidacy__key", "reviewer__key", "plan__key"]
    list_display = ["candidacy", "reviewer", "plan", "expert", "outsider"]
    list_select_related = ["candidacy__stage__cycle", "reviewer", "plan__stage__cycle"]
    ordering = ["-id"]


@admin.register(ReviewerCapacity)
class ReviewerCapacityAdmin(FindsPeople):
    visible_to = whoever_enters(ReviewerCapacity)
    person_at = "person__"
    exact = ["person__key"]
    list_display = ["person", "stage", "cases", "set_at"]
    list_select_related = ["person", "stage__cycle"]
    ordering = ["-id"]


@admin.register(DiscussionPost)
class DiscussionPostAdmin(OfReviewer):
    visible_to = beside(DiscussionPost, "candidacy", candidacies_open_to)
    person_at = "author__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "author", "made_at", "withdrawn_at"]
    list_select_related = ["candidacy__stage__cycle", "author"]


@admin.register(Override)
class OverrideAdmin(OfReviewer):
    visible_to = beside(Override, "candidacy", candidacies_open_to)
    person_at = "member__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "member", "outcome", "made_at", "withdrawn_at"]
    list_select_related = ["candidacy__stage__cycle", "member"]
    list_filter = ["outcome"]


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
    visible_to = beside(Decision, "candidacy", candidacies_open_to)
    person_at = "candidacy__nomination__nominee__"
    exact = ["candidacy__key", "candidacy__nomination__key"]
    list_display = ["candidacy", "proposed", "outcome", "release", "decided_by", "decided_at"]
    list_select_related = ["candidacy__stage__cycle", "release__cycle", "decided_by"]
    list_filter = ["outcome"]
    ordering = ["-id"]


@admin.register(Feedback)
class FeedbackAdmin(FindsPeople):
    visible_to = beside(Feedback, "decision__candidacy", candidacies_open_to)
    person_at = "decision__candidacy__nomination__nominee__"
    exact = ["decision__candidacy__key", "decision__candidacy__nomination__key"]
    list_display = ["decision", "reviews_in"]
    list_select_related = ["decision__candidacy__stage__cycle"]
    ordering = ["-id"]


@admin.register(ReleasedComment)
class ReleasedCommentAdmin(FindsPeople):
    visible_to = beside(ReleasedComment, "decision__candidacy", candidacies_open_to)
    person_at = "decision__candidacy__nomination__nominee__"
    exact = ["decision__candidacy__key", "decision__candidacy__nomination__key"]
    list_display = ["decision", "text", "edited_by", "edited_at"]
    list_select_related = ["decision__candidacy__stage__cycle", "edited_by"]
    ordering = ["-id"]
