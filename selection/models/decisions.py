"""What becomes of a case, and when everybody learns it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awards.models import Award
from charter.models import Cycle
from people.models import Person
from selection import states
from selection.models.cases import Candidacy, candidacy_key


class Override(models.Model):
    """A council member's "no" to a proposal, with a reason. Agreeing leaves no row."""

    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="overrides")
    member = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    reason_code = models.CharField(max_length=40)
    reason = models.TextField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_override_a_member",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy.key}: {self.outcome}"


class Release(models.Model):
    """Outcomes that become visible together, at ``released_at``, and not before."""

    class Kind(models.TextChoices):
        MAIN = "main", _("main release")
        LATER = "later", _("later release")

    class State(models.TextChoices):
        PLANNED = states.PLANNED, _("planned")
        CONFIRMED = states.CONFIRMED, _("confirmed")
        RELEASED = states.RELEASED, _("released")
        CANCELLED = states.CANCELLED, _("cancelled")

    key = models.CharField(max_length=12, unique=True, default=candidacy_key)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.MAIN)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    scheduled_at = models.DateTimeField(_("goes out at"))
    prepared_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    prepared_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("prepared_by")),
                name="second_person_confirms",
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(kind="main") & ~Q(state=states.CANCELLED),
                name="one_main_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.get_kind_display()}"


class Decision(models.Model):
    """The outcome of a case, pending until its release; a fact of its own row."""

    class Outcome(models.TextChoices):
        AWARD = states.AWARD, _("award")
        RESERVE = states.RESERVE, _("reserve")
        NOT_THIS_TIME = states.NOT_THIS_TIME, _("not this time")
        INELIGIBLE = states.INELIGIBLE, _("ineligible")
        CARRY_OVER = states.CARRY_OVER, _("carry over")

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="decision")
    proposed = models.CharField(max_length=16, choices=Outcome, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    reserve_order = models.PositiveIntegerField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="decisions")
    award = models.OneToOneField(Award, models.PROTECT, null=True, blank=True, related_name="decision")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed="") | Q(proposed=F("outcome")) | ~Q(reason=""),
                name="override_has_reason",
            )
        ]
        indexes = [models.Index(fields=["release", "outcome"], name="decisions_of_release")]

    def __str__(self) -> str:
        return f"{self.candidacy.key}: {self.get_outcome_display()}"
