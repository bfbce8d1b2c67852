"""Assignments that are prepared, looked at and then published; and how much each reviewer takes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Category
from people.models import Person
from selection import states
from selection.models.cases import Candidacy, candidacy_key
from selection.models.stages import Stage


class AssignmentPlan(models.Model):
    """Who shall get which case, made by the worker and changed by nobody: published whole, or discarded.

    ``category`` is empty for all of them. ``lacks``: what cases do not get, each ``{"case": key of the candidacy,
    "of": "places" | "expert" | "outsider", "why": code, "count": number}``; ``in_the_way``: the codes of the rules
    behind it, the most frequent first. Codes are those of ``selection.assignment.lacks``.
    """

    class Purpose(models.TextChoices):
        INITIAL = "initial", _("first assignment")
        REPAIR = "repair", _("open places")
        TOP_UP = "top_up", _("top-up")

    class State(models.TextChoices):
        ASKED = states.PLAN_ASKED, _("being made")
        DRAFT = states.PLAN_DRAFT, _("ready to look at")
        PUBLISHED = states.PLAN_PUBLISHED, _("published")
        DISCARDED = states.PLAN_DISCARDED, _("discarded")

    key = models.CharField(max_length=12, unique=True, default=candidacy_key)
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="plans")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    cases = models.JSONField(_("keys of the candidacies of a top-up"), default=list, blank=True)
    seconds = models.FloatField(_("seconds of work"), null=True, blank=True)
    lacks = models.JSONField(_("what lacks"), default=list, blank=True)
    in_the_way = models.JSONField(_("rules in the way"), default=list, blank=True)

    class Meta:
        verbose_name = _("plan of an assignment")
        verbose_name_plural = _("plans of assignments")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "category"],
                condition=Q(state__in=(states.PLAN_ASKED, states.PLAN_DRAFT)),
                nulls_distinct=False,
                name="one_open_plan",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"


class PlannedTask(models.Model):
    """One reviewer for one case. ``expert`` and ``outsider``: what they are to this case."""

    plan = models.ForeignKey(AssignmentPlan, models.CASCADE, related_name="tasks")
    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(Person, models.CASCADE, related_name="+")
    affinity = models.FloatField()
    expert = models.BooleanField()
    outsider = models.BooleanField()

    class Meta:
        verbose_name = _("planned task")
        verbose_name_plural = _("planned tasks")
        constraints = [models.UniqueConstraint(fields=["plan", "candidacy", "reviewer"], name="planned_once")]

    def __str__(self) -> str:
        return f"{self.candidacy.key} → {self.reviewer}"


class ReviewerCapacity(models.Model):
    """How many cases of a stage a reviewer takes at most, the top-up included; 0: no time at all."""

    MOST = 30

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="capacities")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    cases = models.PositiveSmallIntegerField(_("cases at most"))
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("capacity of a reviewer")
        verbose_name_plural = _("capacities of reviewers")
        constraints = [
            models.UniqueConstraint(fields=["stage", "person"], name="one_capacity_a_stage"),
            models.CheckConstraint(condition=Q(cases__lte=30), name="capacity_0_to_30"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.cases}"
