"""The steps of the selection of a cycle. Stages, rights, rubric and rules of advance are rows."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from common import clock
from selection import states
from selection.models.rubrics import Rubric


def usual_reminders() -> list[int]:
    """A week before the end, and two days."""
    return [7, 2]


class Stage(models.Model):
    """One step of the selection of a cycle: dates, kind, who reviews, rights, rubric, rule of advance."""

    class Kind(models.TextChoices):
        SCREEN = "screen", _("screen")
        SCORE = "score", _("score")
        VOTE = "vote", _("vote")
        COUNCIL = "council", _("council")

    class State(models.TextChoices):
        PLANNED = states.STAGE_PLANNED, _("planned")
        OPEN = states.STAGE_OPEN, _("open")
        CLOSED = states.STAGE_CLOSED, _("closed")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    public_name = models.CharField(max_length=60)
    internal_name = models.CharField(max_length=60)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    grace_minutes = models.PositiveSmallIntegerField(default=15)
    reviewer_role = models.CharField(_("who reviews"), max_length=20)
    reviews_needed = models.PositiveSmallIntegerField(default=3)
    hide_nominee = models.BooleanField(default=False)
    hide_others_until_own = models.BooleanField(default=True)
    hide_reviewer_names = models.BooleanField(default=True)
    rubric = models.ForeignKey(Rubric, models.PROTECT, null=True, blank=True, related_name="stages")
    check_redactions = models.BooleanField(
        _("a person checks each copy without the nominee's name before it is read"), default=True
    )
    training_cases = models.PositiveSmallIntegerField(_("training cases before the first review"), default=0)
    rule = models.JSONField(_("rule of advance"), default=dict, blank=True)
    draw_seed = models.CharField(
        _("seed of the draws, published with the protocol"), max_length=64, blank=True
    )
    ties_asked_at = models.DateTimeField(_("suggested ties are looked for since"), null=True, blank=True)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("days before the end on which reviewers are reminded"),
        default=usual_reminders,
        blank=True,
    )
    topped_up_at = models.DateTimeField(_("first reviews frozen, more asked for"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["cycle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="stage_number_once"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="stage_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.public_name}"

    @property
    def key(self) -> str:
        """The name under which history knows it: ``2005/2``."""
        return f"{self.cycle.slug}/{self.number}"

    @property
    def ends_at(self) -> dt.datetime:
        """When it takes nothing more: the close and the silent minutes after it."""
        return self.closes_at + dt.timedelta(minutes=self.grace_minutes)

    def is_running(self) -> bool:
        """Whether reviewers may work in it at this moment."""
        return self.state == states.STAGE_OPEN and self.opens_at <= clock.now() <= self.ends_at

    def reminders(self) -> list[tuple[int, dt.datetime]]:
        """(days before the end, moment) of each reminder, the first one first; none from before it opened."""
        moments = [(day, self.closes_at - dt.timedelta(days=day)) for day in sorted(set(self.reminder_days))]
        return [(day, at) for day, at in reversed(moments) if at > self.opens_at]
