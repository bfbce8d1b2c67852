"""How a cycle decides, frozen: each version of its rules, with what changed and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from people.models import Person


class ProtocolVersion(models.Model):
    """The rules of a cycle as they were published at one moment; version 1 when its first stage opened.

    ``rules`` is what ``queries.protocol.rules_of`` reads from the rows, ``digest`` its SHA-256. A version is never
    changed; a later one says in ``reason`` why it was made.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="protocol")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(_("published"))
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    rules = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("version of the protocol")
        verbose_name_plural = _("versions of the protocol")
        ordering = ["cycle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="protocol_version_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="protocol_change_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}, v{self.number}"
