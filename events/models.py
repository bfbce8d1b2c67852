"""Summits for holders. Registration and sessions get their own tables beside this one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from charter.models import Agreement, Region
from common import clock


class Summit(models.Model):
    """An event for holders; ``regions`` empty means: holders of every region."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    place = models.CharField(max_length=120)
    country = CountryField(blank=True)
    zone = models.CharField(max_length=60)
    starts = models.DateField()
    ends = models.DateField()
    registration_opens_at = models.DateTimeField(null=True, blank=True)
    registration_closes_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveIntegerField()
    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("summit")
        verbose_name_plural = _("summits")
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lte=F("ends")), name="summit_days_in_order")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.ends < clock.today()

    @property
    def registration(self) -> str:
        """Where registration stands: planned, open, closed, or empty where no date is set."""
        now = clock.now()
        if self.registration_opens_at is None:
            return ""
        if now < self.registration_opens_at:
            return "planned"
        return "closed" if self.registration_closes_at and now > self.registration_closes_at else "open"
