"""What the reviewers of a case and its chair say to each other once all reviews are in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Person
from selection.models.cases import Assignment, Candidacy


class DiscussionPost(models.Model):
    """One contribution to the discussion of a case.

    A reviewer's is shown under the letter of ``assignment``; one without is the chair's. Its author may take the
    words back: the row stays, empty.
    """

    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="posts")
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="posts", verbose_name=_("task")
    )
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("post in a discussion")
        verbose_name_plural = _("posts in discussions")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(text=""), name="post_taken_back_is_empty"
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidacy.key} {self.made_at:%Y-%m-%d %H:%M}"
