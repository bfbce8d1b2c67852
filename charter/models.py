"""What the program is. Every rule that another program would set differently is a row here."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from charter.ranges import DateRange as DateRange  # where the first migrations look for it
from charter.ranges import both_days
from common.dates import zone_named
from common.languages import named


class Program(models.Model):
    """The program itself: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=80)
    award_name = models.CharField(_("name of the award"), max_length=80)
    tagline = models.CharField(_("headline of the home page"), max_length=160, blank=True)
    lead = models.TextField(_("what it is, in three sentences"), blank=True)
    organiser = models.CharField(_("organiser"), max_length=120)
    organiser_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    public_mail_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    office_email = models.EmailField(_("address of the program office"))
    signer_name = models.CharField(
        _("who signs certificates and letters"),
        max_length=120,
        blank=True,
        help_text=_("Empty: the program."),
    )
    signer_role = models.CharField(
        _("their office"), max_length=120, blank=True, help_text=_("Empty: the program office.")
    )
    signer_note = models.CharField(
        _("what stands under the signature of a letter"), max_length=200, blank=True,
        help_text=_("For example that it was made by a machine and is valid without a signature by hand."),
    )  # fmt: skip
    zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    held_above_an_hour = models.PositiveSmallIntegerField(
        _("nominations an hour from one place that go out unseen"), default=10,
        help_text=_("The office looks at those above it before anybody is asked."),
    )  # fmt: skip
    refused_above_an_hour = models.PositiveSmallIntegerField(
        _("nominations an hour from one place that are taken"), default=50
    )
    first_year = models.PositiveSmallIntegerField(_("first award year"))
    current_year = models.PositiveSmallIntegerField(_("award year in force"))

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("program")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_program")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the machine does not know as a zone would quietly be the site's: ``common.dates.zone_named``."""
        if zone_named(self.zone).key != self.zone:
            raise ValidationError({"zone": _("This is no time zone; try Europe/Berlin.")})


class Region(models.Model):
    """A former subsidiary program: a dated set of countries with its own regional leads."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class RegionCountry(models.Model):
    """A country belongs to a region from one day to another; never to two on one day."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="countries")
    country = CountryField(_("country"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until, inclusive"), null=True, blank=True)

    class Meta:
        verbose_name = _("country of a region")
        verbose_name_plural = _("countries of regions")
        constraints = [
            ExclusionConstraint(
                name="country_in_one_region_a_day",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    (both_days("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} in {self.region}"


class Category(models.Model):
    """An award category: a group of technology areas that is decided together."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("award category")
        verbose_name_plural = _("award categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A technology area: a stable identity, with today's name and category; dated ones are ``AreaName``."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("name today"), max_length=80)
    category = models.ForeignKey(Category, models.PROTECT, related_name="areas")
    starts = models.DateField(_("open from"))
    ends = models.DateField(_("open until, inclusive"), null=True, blank=True)

    class Meta:
        verbose_name = _("technology area")
        verbose_name_plural = _("technology areas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AreaName(models.Model):
    """What an area was called, and in which category it stood, from one day to another."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=80)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until, inclusive"), null=True, blank=True)

    class Meta:
        verbose_name = _("name of an area")
        verbose_name_plural = _("names of areas")
        ordering = ["area", "starts"]
        constraints = [
            ExclusionConstraint(
                name="area_one_name_a_day",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    (both_days("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaSuccession(models.Model):
    """One area followed another: renamed, merged, split; retired has no successor."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        RETIRED = "retired", _("retired")

    area = models.ForeignKey(Area, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Area, models.CASCADE, null=True, blank=True, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("succession of areas")
        verbose_name_plural = _("successions of areas")

    def __str__(self) -> str:
        return f"{self.area} → {self.successor or '–'}"


class Cycle(models.Model):
    """One round of the award: its dates and the rules that the program office may set for it."""

    class Nominators(models.TextChoices):
        ANYONE = "anyone", _("anyone")
        HOLDERS_AND_STAFF = "holders_and_staff", _("holders and staff")
        OFFICE = "office", _("the program office only")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    award_year = models.PositiveSmallIntegerField(_("award year"))
    opens_at = models.DateTimeField(_("nominations open"))
    closes_at = models.DateTimeField(_("nominations close"))
    dossiers_close_at = models.DateTimeField(_("dossiers close"))
    release_planned_at = models.DateTimeField(_("letters go out"))
    term_starts = models.DateField(_("term from"))
    term_ends = models.DateField(_("term until, inclusive"), null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(_("silent grace, minutes"), default=15)

    who_may_nominate = models.CharField(max_length=20, choices=Nominators, default=Nominators.ANYONE)
    self_nomination = models.BooleanField(_("self-nomination allowed"), default=False)
    nominations_per_nominator = models.PositiveSmallIntegerField(default=5)
    areas_per_nominee = models.PositiveSmallIntegerField(default=2)
    co_nominator_required = models.BooleanField(default=False)
    different_employer_required = models.BooleanField(default=False)
    invitation_days = models.PositiveSmallIntegerField(default=21)
    reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    contributions_at_most = models.PositiveSmallIntegerField(default=25)
    high_impact_at_most = models.PositiveSmallIntegerField(default=5)
    endorsers_at_most = models.PositiveSmallIntegerField(default=5)
    statement_shortest = models.PositiveSmallIntegerField(default=150)
    statement_longest = models.PositiveSmallIntegerField(default=1500)
    tell_failed_screen_at_once = models.BooleanField(default=False)
    carry_over_allowed = models.BooleanField(default=False)
    second_look_days = models.PositiveSmallIntegerField(default=30)
    decline_award_days = models.PositiveSmallIntegerField(default=30)
    months_kept = models.PositiveSmallIntegerField(
        _("months until a case without an award loses its personal data"), default=24
    )

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")), name="cycle_window_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__lte=models.F("dossiers_close_at")),
                name="cycle_dossiers_after_window",
            ),
            models.CheckConstraint(
                condition=models.Q(term_ends__isnull=True) | models.Q(term_starts__lte=models.F("term_ends")),
                name="cycle_term_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What pages call it, in the reader's language; as the office translated it where it has a name of its own."""
        if self.name == f"{self.award_year} cycle":
            return gettext("%(year)s cycle") % {"year": self.award_year}
        return named(self.name)


class CyclePlaces(models.Model):
    """How many awards a category has in a cycle."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="places")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    places = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("places of a category")
        verbose_name_plural = _("places of categories")
        constraints = [models.UniqueConstraint(fields=["cycle", "category"], name="one_place_count")]

    def __str__(self) -> str:
        return f"{self.cycle} {self.category}: {self.places}"


class Agreement(models.Model):
    """One version of a text that people sign: non-disclosure, code of conduct, data notice."""

    kind = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    body = models.TextField()
    valid_from = models.DateField()
    needed_for_acceptance = models.BooleanField(default=False)
    needed_for_summit = models.BooleanField(default=False)
    needed_for_review = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["kind", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_agreement_version")]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class ReasonCode(models.Model):
    """A reason that people choose instead of typing: failing a screen, overriding, ending an award."""

    class Use(models.TextChoices):
        SCREEN_FAIL = "screen_fail", _("failing a screen")
        OVERRIDE = "override", _("overriding a proposal")
        NOT_AWARDED = "not_awarded", _("not awarding")
        INELIGIBLE = "ineligible", _("ineligible")
        REVOKED = "revoked", _("revoking an award")
        ENDED = "ended", _("ending an award")

    use = models.CharField(max_length=20, choices=Use)
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    sentence = models.TextField(_("what the nominee reads"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("reason code")
        verbose_name_plural = _("reason codes")
        ordering = ["use", "position"]
        constraints = [models.UniqueConstraint(fields=["use", "code"], name="one_reason_code")]

    def __str__(self) -> str:
        return self.label


class CountryAlias(models.Model):
    """Another spelling of a country, as rosters write it: ``UK``, ``Türkiye``, ``The Netherlands``."""

    alias = models.CharField(max_length=80, primary_key=True, help_text=_("lower-cased, without accents"))
    country = CountryField()

    class Meta:
        verbose_name = _("country alias")
        verbose_name_plural = _("country aliases")

    def __str__(self) -> str:
        return self.alias


class Wording(models.Model):
    """What the words of a row (the name of an area, category or region, the text of an agreement) are in another language.

    Found by the original itself: a row whose words change is shown in its own until somebody translates them anew.
    """

    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    original = models.TextField(_("words of the row"))
    words = models.TextField(_("the same in this language"))

    class Meta:
        verbose_name = _("translated name")
        verbose_name_plural = _("translated names")
        constraints = [
            models.UniqueConstraint(
                "language", models.functions.MD5("original"), name="one_wording_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.original[:60]}"


class ContentVersion(models.Model):
    """One version of a page that the office writes, in one language. The newest is shown; none is ever changed.

    ``html`` is ``body`` as it was rendered and sanitised when it was published. ``delivered``: it came with the seeds,
    so a newer delivery may follow it.
    """

    class Page(models.TextChoices):
        ABOUT = "about", _("About the award")
        QUESTIONS = "questions", _("Questions and answers")
        CONDUCT = "code-of-conduct", _("Code of conduct")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    page = models.CharField(max_length=20, choices=Page)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120)
    lead = models.CharField(_("what the page is about, in a sentence"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    html = models.TextField(_("text as it is shown"))
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    delivered = models.BooleanField(default=False)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["page", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "language", "number"], name="one_content_version")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.language} {self.number}"
