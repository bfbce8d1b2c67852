"""What reviewers read of a case where the nominee is hidden."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.models import Nomination
from people.models import Person
from selection import states


class RedactedDossier(models.Model):
    """The texts of a dossier without what tells whose it is; proposed by the system, checked by a person.

    ``texts`` holds a text for each field of the originals, such as ``statement:12``, ``title:34``; one that is empty
    or lacking is shown empty, never as the original. ``open_links`` names the fields whose links may be opened.
    ``source_digest`` is that of the originals: a copy of other originals is worth nothing.
    """

    class State(models.TextChoices):
        PROPOSED = states.COPY_PROPOSED, _("proposed")
        CHECKED = states.COPY_CHECKED, _("checked")

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="redacted")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    texts = models.JSONField(default=dict)
    open_links = models.JSONField(_("links that may be opened"), default=list, blank=True)
    source_digest = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("redacted dossier")
        verbose_name_plural = _("redacted dossiers")
        indexes = [models.Index(fields=["state", "proposed_at"], name="copies_to_check")]

    def __str__(self) -> str:
        return f"{self.nomination.key}: {self.get_state_display()}"
