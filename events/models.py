"""Summits for holders and who comes. Sessions, badges and check-in get tables of their own that point to these two."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from awards.models import Award
from charter.models import Agreement, Region
from common import clock
from common.keys import new_key
from events import states
from people.models import Person, Visibility

DETAILS = ("guest_name", "diet", "shirt", "needs")  # of a registration: what ends some time after the summit


def registration_key() -> str:
    return new_key(8)


class Summit(models.Model):
    """An event for holders; ``regions`` empty means: holders of every region.

    ``starts`` and ``ends`` are days at the place, the hours of the first and the last day are by its clock (``zone``).
    ``revision`` grows with every change: by it an editor learns of another one, and a calendar of a newer file.
    """

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("what it is, in three sentences"), blank=True)
    place = models.CharField(_("place"), max_length=120)
    country = CountryField(_("country"), blank=True)
    cost = models.CharField(
        _("what it costs"), max_length=200, blank=True,
        help_text=_("What the program pays and what it does not, in a sentence or two."),
    )  # fmt: skip
    zone = models.CharField(_("time zone"), max_length=60)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    begins_at = models.TimeField(_("begins on the first day at"), null=True, blank=True)
    finishes_at = models.TimeField(_("ends on the last day at"), null=True, blank=True)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    waitlist_ends_at = models.DateTimeField(
        _("freed places go to the waitlist until"), null=True, blank=True,
        help_text=_("Empty: until the summit begins."),
    )  # fmt: skip
    capacity = models.PositiveIntegerField(_("places"))
    guest_evening = models.DateField(_("evening with guests"), null=True, blank=True)
    asks_diet = models.BooleanField(_("asks about food"), default=True)
    asks_shirt = models.BooleanField(_("asks for a shirt size"), default=True)
    days_details_kept = models.PositiveSmallIntegerField(
        _("days after which food, guests and needs are erased"), default=30
    )
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="+")
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        verbose_name=_("to be signed first"),
        null=True,
        blank=True,
        related_name="+",
    )
    agenda = models.TextField(_("agenda"), blank=True)
    agenda_html = models.TextField(editable=False, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)
    called_off_because = models.TextField(_("why it was called off"), blank=True)

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
    def begins(self) -> dt.datetime:
        """The moment it begins: midnight at the place where no hour is set."""
        return self._moment(self.starts, self.begins_at or dt.time.min)

    @property
    def finishes(self) -> dt.datetime:
        """The moment it ends: the midnight after the last day where no hour is set."""
        if self.finishes_at is None:
            return self._moment(self.ends + dt.timedelta(days=1), dt.time.min)
        return self._moment(self.ends, self.finishes_at)

    @property
    def line_ends(self) -> dt.datetime:
        """Until when freed places are passed on."""
        return min(self.waitlist_ends_at or self.begins, self.begins)

    @property
    def registration(self) -> str:
        """Where registration stands: planned, open, closed, or empty where no date is set."""
        now = clock.now()
        if self.called_off_at is not None:
            return "closed"
        if self.registration_opens_at is None:
            return ""
        if now < self.registration_opens_at:
            return "planned"
        closes = min(self.registration_closes_at or self.begins, self.begins)
        return "closed" if now > closes else "open"

    def _moment(self, day: dt.date, hour: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, hour, ZoneInfo(self.zone))


class Registration(models.Model):
    """Somebody wants to come: a place, or a place in line. One row for each person and summit. ``key`` is what a badge
    will bear, and what a desk will read off it.

    ``number`` says in which order people joined: the lowest that waits is next. ``diet`` to ``needs`` are erased when
    the days of the summit are over, and at once when somebody cancels.
    """

    class State(models.TextChoices):
        WAITING = states.WAITING, _("on the waitlist")
        REGISTERED = states.REGISTERED, _("registered")
        CANCELLED = states.CANCELLED, _("cancelled")

    class Shirt(models.TextChoices):
        XS = "xs", "XS"
        S = "s", "S"
        M = "m", "M"
        L = "l", "L"
        XL = "xl", "XL"
        XXL = "xxl", "XXL"
        XXXL = "xxxl", "3XL"
        NONE = "none", _("no shirt, please")

    key = models.CharField(max_length=12, unique=True, default=registration_key)
    summit = models.ForeignKey(Summit, models.PROTECT, related_name="registrations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    number = models.PositiveIntegerField(_("number in line"))
    joined_at = models.DateTimeField(_("joined the line"))
    joined_as = models.PositiveIntegerField(_("place in line when they joined it"), null=True, blank=True)
    placed_at = models.DateTimeField(_("got a place"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    guest_name = models.CharField(_("guest"), max_length=120, blank=True)
    diet = models.CharField(_("food"), max_length=200, blank=True)
    shirt = models.CharField(_("shirt size"), max_length=4, choices=Shirt, blank=True)
    needs = models.CharField(_("what else you need"), max_length=300, blank=True)
    details_erased_at = models.DateTimeField(_("details erased"), null=True, blank=True)
    attended = models.BooleanField(_("came"), null=True, blank=True)
    attendance_seen_by = models.CharField(
        _("who sees that you were there"), max_length=10, choices=Visibility, default=Visibility.OFFICE
    )

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["summit", "number"]
        indexes = [models.Index(fields=["summit", "state", "number"], name="registrations_in_line")]
        constraints = [
            models.UniqueConstraint(fields=["summit", "person"], name="registered_once_a_summit"),
            models.UniqueConstraint(fields=["summit", "number"], name="one_number_in_line"),
            models.CheckConstraint(
                condition=~Q(state=states.REGISTERED) | Q(placed_at__isnull=False), name="a_place_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.summit}"
