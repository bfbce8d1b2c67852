"""How other programs decide, ready to begin a cycle with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Preset(models.Model):
    """Settings, days and stages of a cycle, as ``seeds/presets/`` has them.

    ``content``: ``settings`` of the cycle; ``timetable`` and each stage's ``opens`` and ``closes`` as
    ``{"day": days since nominations open, "at": "HH:MM" in UTC}``; ``stages`` with the fields of a stage.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    summary = models.TextField()
    content = models.JSONField()

    class Meta:
        verbose_name = _("preset")
        verbose_name_plural = _("presets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
