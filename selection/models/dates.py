"""The dates that the parties of a cycle's cases were told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from selection.models.cases import Candidacy
from selection.models.stages import Stage


class ToldDate(models.Model):
    """A day as the parties were told it: when a stage ends (``stage``), a second look (``candidacy``), when dossiers
    close (``of_dossiers``), or when letters go out (none of them).

    The first row of each is what everybody could read from the start. A later one is news if ``was_at`` is set: the date
    moved from it, or, with ``overdue``, it passed without an end. Rows noted at once share a ``batch``, which is one
    mail to each.
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="told_dates")
    stage = models.ForeignKey(Stage, models.CASCADE, null=True, blank=True, related_name="told_dates")
    candidacy = models.ForeignKey(
        Candidacy,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="told_dates",
        verbose_name=_("second look"),
    )
    of_dossiers = models.BooleanField(_("close of dossiers"), default=False)
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
