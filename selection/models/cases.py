"""A case in a stage, and who has the task of reading it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Area, Category
from common import clock
from common.keys import new_key
from nominations.models import Nomination
from people.models import Person
from selection import states
from selection.models.stages import Stage


def candidacy_key() -> str:
    return new_key(8)


class Expertise(models.Model):
    """How well a reviewer knows an area: 0 none, 1 some, 2 expert, 3 leading."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="expertise")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [
            models.UniqueConstraint(fields=["person", "area"], name="expertise_once"),
            models.CheckConstraint(condition=Q(level__lte=3), name="expertise_0_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.area}: {self.level}"


class Candidacy(models.Model):
    """One nomination in one stage and round.

    ``mean``, ``median``, ``lowest``, ``highest`` and ``sd`` (n − 1) sum up the weighted totals of its
    ``reviews_in`` counting reviews: stored values, by which lists, ties and the cut go. ``by_rule`` is what the
    rule said when the stage closed; ``proposed`` is that, or what the chair set instead. ``reserve_order`` is a
    place that the chair gave on the reserve; without one the rank counts. ``closes_at``: an end of its own, where
    a case is read after its stage has closed (a second look) or decided again without a reading: such a candidacy
    stands outside the order and the numbers of its stage. ``category`` is the nomination's: the database sets it,
    whoever writes either row, so that a decision group is found without reading all cases of its stage.
    """

    class State(models.TextChoices):
        OPEN = states.OPEN, _("open")
        FORWARD = states.FORWARD, _("went forward")
        STOPPED = states.STOPPED, _("stopped")
        DECIDED = states.DECIDED, _("decided")
        CARRIED = states.CARRIED, _("carried over")
        LEFT = states.LEFT, _("left")

    key = models.CharField(max_length=12, unique=True, default=candidacy_key)
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="candidacies")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="candidacies")
    category = models.ForeignKey(Category, models.PROTECT, null=True, editable=False, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(_("its own end"), null=True, blank=True)
    by_rule = models.CharField(_("outcome by the rule"), max_length=16, blank=True)
    proposed = models.CharField(_("proposed outcome"), max_length=16, blank=True)
    reviews_in = models.PositiveSmallIntegerField(_("reviews that count"), default=0)
    mean = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    median = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    lowest = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    highest = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    sd = models.DecimalField(_("standard deviation"), max_digits=7, decimal_places=4, null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    reserve_order = models.PositiveIntegerField(_("place on the reserve"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidacy")
        verbose_name_plural = _("candidacies")
        constraints = [
            models.UniqueConstraint(fields=["nomination", "stage", "round"], name="candidacy_once")
        ]
        indexes = [
            models.Index(fields=["stage", "state"], name="candidacies_by_state"),
            models.Index(fields=["stage", "category"], name="candidacies_of_group"),
            models.Index(fields=["-entered_at", "key"], name="candidacies_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"

    def is_running(self) -> bool:
        """Whether reviewers may work on it at this moment: until its own end where it has one, else its stage's."""
        if self.closes_at is None:
            return self.stage.is_running()
        until = self.closes_at + dt.timedelta(minutes=self.stage.grace_minutes)
        return self.state == states.OPEN and self.entered_at <= clock.now() <= until


class Assignment(models.Model):
    """A reviewer's task. ``letter`` is the name under which its review is discussed: "A" for "Reviewer A".

    ``skipped_at``: when its reviewer put it off last; it then waits at the end of the queue.
    """

    class State(models.TextChoices):
        ASSIGNED = states.ASSIGNED, _("to do")
        DONE = states.DONE, _("done")
        RECUSED = states.RECUSED, _("stepped back")
        ABSTAINED = states.ABSTAINED, _("cannot judge")
        DECLINED = states.ASSIGNMENT_DECLINED, _("no time")
        RELEASED = states.RELEASED_FROM, _("taken back")

    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED)
    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    is_top_up = models.BooleanField(_("asked for in the top-up"), default=False)
    letter = models.CharField(max_length=2, blank=True)
    skipped_at = models.DateTimeField(_("put off"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["candidacy", "reviewer"], name="assigned_once")]
        indexes = [models.Index(fields=["reviewer", "state"], name="assignments_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.candidacy.key} → {self.reviewer}"
