"""The multi-stage review. Stages, rights, rubric and rules of advance are rows."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awards.models import Award
from charter.models import Area, Cycle
from common import clock
from common.keys import new_key
from nominations.models import Nomination
from people.models import Person
from selection import states


def candidacy_key() -> str:
    return new_key(8)


class Rubric(models.Model):
    """A set of weighted criteria."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    not_applicable_at_most = models.PositiveSmallIntegerField(default=1)
    reason_length = models.PositiveSmallIntegerField(
        _("signs of reason for a lowest or highest mark"), default=80
    )

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """One criterion; weights are integer percents that add up to 100 in a rubric."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    question = models.CharField(max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight, percent"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_once"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="weight_at_most_100"),
        ]

    def __str__(self) -> str:
        return self.name


class Anchor(models.Model):
    """The sentence that says what a mark means."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="anchors")
    mark = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ["mark"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "mark"], name="one_anchor_a_mark"),
            models.CheckConstraint(condition=Q(mark__range=(1, 5)), name="anchor_mark_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.mark}: {self.sentence}"


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
    rule = models.JSONField(_("rule of advance"), default=dict, blank=True)

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
    """One nomination in one stage and round. ``mean`` is the stored mean of the weighted totals."""

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
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    proposed = models.CharField(_("outcome proposed by the rule"), max_length=16, blank=True)
    mean = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("candidacy")
        verbose_name_plural = _("candidacies")
        constraints = [
            models.UniqueConstraint(fields=["nomination", "stage", "round"], name="candidacy_once")
        ]
        indexes = [models.Index(fields=["stage", "state"], name="candidacies_by_state")]

    def __str__(self) -> str:
        return f"{self.key} {self.stage}"


class Assignment(models.Model):
    """A reviewer's task."""

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

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["candidacy", "reviewer"], name="assigned_once")]
        indexes = [models.Index(fields=["reviewer", "state"], name="assignments_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.candidacy.key} → {self.reviewer}"


class Review(models.Model):
    """The answer to an assignment: a verdict (screen), marks (score) or a vote.

    ``total`` is the weighted total of the marks, an exact fraction rounded half-even to 4 decimals.
    ``version`` grows with every save and guards against two browsers at once. ``draft`` holds what was typed
    and is not handed in; scores exist only for a review that is.
    """

    class State(models.TextChoices):
        DRAFT = states.REVIEW_DRAFT, _("draft")
        SUBMITTED = states.REVIEW_SUBMITTED, _("submitted")

    class Verdict(models.TextChoices):
        PASS = "pass", _("pass")
        FAIL = "fail", _("fail")
        UNSURE = "unsure", _("unsure")
        PLUS = "plus", _("+1")
        NEUTRAL = "neutral", _("0")
        MINUS = "minus", _("−1")

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="review")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    comment = models.TextField(blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    draft = models.JSONField(_("what was typed so far"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(1, 3)), name="confidence_1_to_3"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment}"


class Score(models.Model):
    """One criterion's mark; no mark means "not applicable"."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    mark = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(mark__range=(1, 5)), name="mark_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.mark}"


class ReviewVersion(models.Model):
    """What a review said at each submission; kept until the stage ends."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a review")
        verbose_name_plural = _("versions of reviews")
        constraints = [models.UniqueConstraint(fields=["review", "version"], name="review_version_once")]

    def __str__(self) -> str:
        return f"{self.review} v{self.version}"


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
