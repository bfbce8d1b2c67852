"""What reviewers said: a verdict, marks or a vote, and every version of it that was handed in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from selection import states
from selection.models.cases import Assignment
from selection.models.rubrics import Criterion


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
    """What a review said at each submission; kept until the stage ends. ``reason``: why the marks changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    reason = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a review")
        verbose_name_plural = _("versions of reviews")
        constraints = [models.UniqueConstraint(fields=["review", "version"], name="review_version_once")]

    def __str__(self) -> str:
        return f"{self.review} v{self.version}"
