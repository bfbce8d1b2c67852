"""Who holds what. The roster is the list of awards; nothing here knows how a winner is chosen."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from awards import signing, states
from charter.models import Area, Category, Cycle, Region
from charter.ranges import both_days
from common import clock
from common.keys import new_key
from people.models import Person


def award_key() -> str:
    return new_key(8)


def paper_number() -> str:
    return new_key(10)


class Award(models.Model):
    """A person holds the award for an area for a term.

    ``starts`` and ``ends`` are the days of the term, both inclusive; no end is open-ended. ``first_year`` and
    ``last_year`` are the award years that ribbons and the year filter show. Names, country and region are
    those of the award's day and never follow later changes.
    """

    class State(models.TextChoices):
        GRANTED = states.GRANTED, _("granted")
        ON_HOLD = states.ON_HOLD, _("on hold")
        RESIGNED = states.RESIGNED, _("resigned")
        REVOKED = states.REVOKED, _("revoked")

    class EndReason(models.TextChoices):
        TERM = "term", _("the term ended")
        RETIRED = "retired", _("retired")
        DECEASED = "deceased", _("passed away")
        EMPLOYED = "employed", _("joined the organiser")
        DECLINED = "declined", _("declined by the winner")

    key = models.CharField(max_length=12, unique=True, default=award_key)
    person = models.ForeignKey(Person, models.PROTECT, related_name="awards")
    area = models.ForeignKey(Area, models.PROTECT, related_name="awards")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="awards")
    area_name = models.CharField(max_length=80)
    category_name = models.CharField(max_length=80)
    country = CountryField(blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateField(_("term from"))
    ends = models.DateField(_("term until, inclusive"), null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(_("first award year"))
    last_year = models.PositiveSmallIntegerField(_("last award year"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.GRANTED)
    state_since = models.DateTimeField(_("in this state since"), null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    good_standing = models.BooleanField(default=True)
    citation = models.TextField(_("what it was given for"), blank=True)
    note = models.CharField(_("remark on the roster"), max_length=120, blank=True)
    granted_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(_("imported from"), max_length=60, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-first_year", "id"]
        indexes = [
            models.Index(fields=["person", "first_year"], name="awards_of_person"),
            models.Index(fields=["area", "first_year"], name="awards_of_area"),
            models.Index(fields=["country", "first_year"], name="awards_of_country"),
            models.Index(fields=["first_year", "last_year"], name="awards_of_year"),
            models.Index(
                fields=["-granted_at", "-id"], name="awards_by_grant", condition=Q(granted_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")), name="award_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=models.F("first_year")),
                name="award_years_in_order",
            ),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source=""), name="imported_once"
            ),
            ExclusionConstraint(
                name="award_terms_never_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (both_days("starts", "ends"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state__in=[states.RESIGNED, states.REVOKED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.area_name} {self.first_year}"

    @property
    def number(self) -> str:
        """The key as people read it out: ``H7Q2-K9DX``."""
        return f"{self.key[:4]}-{self.key[4:]}"

    @property
    def proved_from(self) -> dt.datetime:
        """The moment of the grant or the release; for imported rows that have none, the start of the term."""
        return self.granted_at or dt.datetime.combine(self.starts, dt.time.min, clock.site_zone())


class SigningKey(models.Model):
    """A key that signs or once signed, its public part alone. The newest trusted one signs; all trusted ones are
    published, so that what they signed stays valid."""

    name = models.SlugField(_("name"), max_length=20, unique=True)
    public = models.CharField(_("public key"), max_length=80, unique=True)
    used_from = models.DateTimeField(_("used from"))
    distrusted_at = models.DateTimeField(_("not trusted any more since"), null=True, blank=True)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["used_from", "id"]

    def __str__(self) -> str:
        return self.name


class StatusPlace(models.Model):
    """A bit in the status lists, given to one credential and never to another; set for good once it is taken back.

    Its row number counts over all lists: ``list_number`` and ``index`` say where it stands.
    """

    award = models.ForeignKey(Award, models.PROTECT, related_name="status_places")
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("place in a status list")
        verbose_name_plural = _("places in status lists")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=Q(taken_back_at=None), name="one_place_in_force_an_award"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(taken_back_at__isnull=False), name="places_taken_back")
        ]

    def __str__(self) -> str:
        return f"{self.list_number}#{self.index}"

    @property
    def list_number(self) -> int:
        return self.pk // signing.PLACES_A_LIST

    @property
    def index(self) -> int:
        return self.pk % signing.PLACES_A_LIST


class StatusList(models.Model):
    """A signed list of what was taken back, as it is handed out. ``is_stale``: something was taken back since."""

    number = models.PositiveIntegerField(primary_key=True)
    document = models.BinaryField()
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed"))
    ends_at = models.DateTimeField(_("valid until"))
    is_stale = models.BooleanField(_("to be signed again"), default=False)

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Credential(models.Model):
    """The signed proof of one award: exactly the bytes that are handed out.

    ``digest`` is that of what was signed: where the award, a name or the site's address changes, it differs, and the
    next reader gets a new signature. Erasure deletes the row; the place stays, taken back.
    """

    award = models.OneToOneField(Award, models.PROTECT, related_name="credential")
    place = models.OneToOneField(StatusPlace, models.PROTECT, related_name="credential")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="credentials")
    document = models.BinaryField(_("signed bytes"))
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.award.number


class RosterChange(models.Model):
    """Something that pages of the roster show has changed: a row for each statement, written by triggers.

    ``awards.loading`` reads how many there are; a task takes old ones away.
    """

    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = _("change of the roster")
        verbose_name_plural = _("changes of the roster")

    def __str__(self) -> str:
        return f"{self.pk}"


class Paper(models.Model):
    """A certificate or letter as it was issued: frozen, with a number that ``/verify/`` finds.

    ``digest`` is that of its words: whoever asks again gets the same paper, until a name, a term or a summit changes.
    Erasure takes ``content``; the number still leads to what the record says. ``about_key`` names the summit that a letter
    speaks of, whose room says whether it still takes place, and whether on the days that the letter asks for.
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("certificate")
        LETTER = "letter", _("letter to the employer")
        SUMMIT_LETTER = "summit", _("letter about a summit")

    number = models.CharField(max_length=12, unique=True, default=paper_number)
    award = models.ForeignKey(Award, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=12)
    about = models.CharField(_("summit"), max_length=120, blank=True)
    about_key = models.CharField(_("key of the summit"), max_length=60, blank=True)
    about_starts = models.DateField(_("first day of the summit, as it says"), null=True, blank=True)
    about_ends = models.DateField(_("last day of the summit, as it says"), null=True, blank=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(_("PDF"), null=True)
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("certificate or letter")
        verbose_name_plural = _("certificates and letters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["award", "kind", "language", "digest"], name="paper_issued_once")
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The number as it is printed: ``H7Q2K-9DX4M``."""
        return f"{self.number[:5]}-{self.number[5:]}"
