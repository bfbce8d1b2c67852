"""Plans of an assignment, and how many cases somebody takes."""

from django.contrib import admin

from common.admin import RecordAdmin, whoever_enters
from people.admin import FindsPeople
from selection.models import (
    AssignmentPlan,
    PlannedTask,
    ReviewerCapacity,
)
from selection.queries.plans import planned_tasks_visible_to, plans_visible_to


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
