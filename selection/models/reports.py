"""What came of a cycle in numbers, frozen when its letters went out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from people.models import Person


class TransparencyReport(models.Model):
    """The report of a cycle as it was published: version 1 with the letters, a later one for each correction.

    ``figures`` is what ``queries.transparency.figures_of`` counted then. A version is never changed; a later one says in
    ``reason`` why it was made, and everybody can read that.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    figures = models.JSONField()

    class Meta:
        verbose_name = _("transparency report")
        verbose_name_plural = _("transparency reports")
        ordering = ["cycle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="report_version_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="report_correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}, v{self.number}"
