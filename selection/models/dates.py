"""The dates that the parties of a cycle's cases were told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from selection.models.stages import Stage


class ToldDate(models.Model):
    """When a stage ends (``stage``), or when letters go out (no stage), as the parties were told it.

    The first row of a stage is what everybody could read from the start. A later one is a slip if ``was_at`` is set:
    the date moved back from it, or, with ``overdue``, it passed with the stage open. Rows noted at once share a
    ``batch``, which is one mail to each.
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="told_dates")
    stage = models.ForeignKey(Stage, models.CASCADE, null=True, blank=True, related_name="told_dates")
    at = models.DateTimeField(_("date"))
    was_at = models.DateTimeField(_("date before"), null=True, blank=True)
    overdue = models.BooleanField(_("passed without an end"), default=False)
    batch = models.CharField(max_length=12, blank=True, db_index=True)
    noted_at = models.DateTimeField()
    told_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("date that parties were told")
        verbose_name_plural = _("dates that parties were told")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.stage or self.cycle}: {self.at:%Y-%m-%d}"
