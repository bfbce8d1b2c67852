"""What a chair decides on the board: in bulk, by the order of a reserve list, by a draw between equals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Category
from people.models import Person
from selection import states
from selection.models.cases import Candidacy, candidacy_key
from selection.models.stages import Stage


class DecisionBatch(models.Model):
    """One act on many cases of a group: an outcome for all of them, with its reason. Undone as a whole, or not at all."""

    class Outcome(models.TextChoices):
        AWARD = states.AWARD, _("award")
        RESERVE = states.RESERVE, _("reserve")
        NOT_THIS_TIME = states.NOT_THIS_TIME, _("not this time")
        INELIGIBLE = states.INELIGIBLE, _("ineligible")
        DISCUSS = states.DISCUSS, _("for discussion")

    key = models.CharField(max_length=12, unique=True, default=candidacy_key)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="batches")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision in bulk")
        verbose_name_plural = _("decisions in bulk")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["stage", "category"], name="batches_of_group")]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}: {self.get_outcome_display()}"


class BatchLine(models.Model):
    """What a batch did to one case: its outcome and place on the reserve, before and after.

    The other ``…_before`` bring back what undoing has to bring back: state, and who had decided, why and when.
    """

    batch = models.ForeignKey(DecisionBatch, models.CASCADE, related_name="lines")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="lines")
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    reserve_before = models.PositiveIntegerField(null=True, blank=True)
    reserve_after = models.PositiveIntegerField(null=True, blank=True)
    state_before = models.CharField(max_length=10)
    decided_by_before = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at_before = models.DateTimeField(null=True, blank=True)
    reason_code_before = models.CharField(max_length=40, blank=True)
    reason_before = models.TextField(blank=True)

    class Meta:
        verbose_name = _("line of a decision in bulk")
        verbose_name_plural = _("lines of decisions in bulk")
        constraints = [models.UniqueConstraint(fields=["batch", "candidacy"], name="batch_line_once")]

    def __str__(self) -> str:
        return f"{self.candidacy.key}: {self.before} → {self.after}"


class Draw(models.Model):
    """A tie across the line, drawn. The seed was published with the protocol, so that anybody can draw it again.

    ``places`` is how many of the tied cases had room above the line.
    """

    key = models.CharField(max_length=12, unique=True, default=candidacy_key)
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="draws")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    places = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["drawn_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(seed=""), name="draw_has_seed")]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"


class DrawLine(models.Model):
    """One case in a draw. A case in its stage is drawn once: the database refuses a second time."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="lines")
    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="drawn")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("case in a draw")
        verbose_name_plural = _("cases in draws")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["draw", "position"], name="draw_position_once")]

    def __str__(self) -> str:
        return f"{self.candidacy.key}: {self.position}"
