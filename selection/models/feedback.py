"""What a nominee reads after a no, beside the reason: how the case stood, and reviewers' words that the office released."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person
from selection.models.decisions import Decision
from selection.models.reviews import Review


class Feedback(models.Model):
    """How a case stood by criterion, frozen at its release.

    ``bands``: a list of ``{"code", "name", "band"}`` in the order of the rubric; a band is the lower, middle or
    upper third of the case's category in its stage. Only for cases with three or more reviews.
    """

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="feedback")
    bands = models.JSONField(_("thirds by criterion"), default=list)
    reviews_in = models.PositiveSmallIntegerField(_("reviews that count"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")

    def __str__(self) -> str:
        return f"{self.decision.candidacy.key}"


class ReleasedComment(models.Model):
    """A reviewer's comment that goes into the letter, as the office edited it; never whose it is."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="comments")
    review = models.ForeignKey(Review, models.CASCADE, related_name="released")
    text = models.TextField()
    edited_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        verbose_name = _("released comment")
        verbose_name_plural = _("released comments")
        ordering = ["review_id"]
        constraints = [models.UniqueConstraint(fields=["decision", "review"], name="comment_released_once")]

    def __str__(self) -> str:
        return self.text[:60]
