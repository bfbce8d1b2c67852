"""Who someone is: one row for one human, with or without an account."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import User
from common.keys import keyed_digest, new_key
from common.textsearch import PlainText


def person_key() -> str:
    return new_key(8)


def export_key() -> str:
    return new_key(16)


class Visibility(models.TextChoices):
    """Who sees a field of a profile."""

    OFFICE = "office", _("the program office")
    HOLDERS = "holders", _("award holders")
    EVERYONE = "everyone", _("everyone")


class Person(models.Model):
    """Somebody known to the program.

    ``name`` is written as its owner writes it, ``latin_name`` its Latin form where the name is in another
    script. ``sort_key`` and ``search_text`` are computed by ``people.names`` whenever a name is written.
    """

    key = models.CharField(max_length=12, unique=True, default=person_key)
    slug = models.SlugField(max_length=80, unique=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    name = models.CharField(_("name"), max_length=200)
    latin_name = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    short_name = models.CharField(_("how to address them"), max_length=80, blank=True)
    sort_key = models.CharField(max_length=200, blank=True, db_collation="C")
    search_text = models.CharField(max_length=500, blank=True)
    country = CountryField(_("country"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    headline = models.CharField(_("headline"), max_length=160, blank=True)
    biography = models.TextField(_("about"), blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    mail_language = models.CharField(_("language of pages and mail"), max_length=12, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    visibility = models.JSONField(_("who sees which field"), default=dict, blank=True)
    listed = models.BooleanField(_("page may be found by search engines"), default=True)
    hidden = models.BooleanField(_("hide my page from everybody else"), default=False)
    profile_confirmed_at = models.DateTimeField(_("profile said to be right"), null=True, blank=True)
    profile_asked_at = models.DateTimeField(_("asked whether it is right"), null=True, blank=True)
    deceased_on = models.DateField(null=True, blank=True)
    deceased = models.BooleanField(_("has died"), default=False)
    left_for_organiser_on = models.DateField(_("employee of the organiser since"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="people_by_name"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="people_search_trigram"),
            GinIndex(OpClass("sort_key", name="gin_trgm_ops"), fastupdate=False, name="people_name_trigram"),
            GinIndex(OpClass(PlainText("city"), name="gin_trgm_ops"), name="people_city_trigram"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """How mail and pages address them."""
        return self.short_name or self.name


class OldSlug(models.Model):
    """A slug that a profile once had; its address redirects for good."""

    slug = models.SlugField(max_length=80, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a profile")
        verbose_name_plural = _("old addresses of profiles")

    def __str__(self) -> str:
        return self.slug


class Tombstone(models.Model):
    """A profile that was erased: only a keyed digest of its slug remains, so that it can answer 410."""

    slug_digest = models.CharField(max_length=64, primary_key=True)
    erased_on = models.DateField()

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")

    def __str__(self) -> str:
        return self.slug_digest[:12]


class Address(models.Model):
    """An e-mail address of a person, lower-cased; unique once confirmed. Sign-in follows it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    email = models.EmailField(_("e-mail address"))
    primary = models.BooleanField(_("mail goes here"), default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(confirmed_at__isnull=False),
                name="one_person_per_confirmed_address",
            ),
            models.UniqueConstraint(fields=["person", "email"], name="address_once_a_person"),
            models.UniqueConstraint(fields=["person"], condition=Q(primary=True), name="one_primary_address"),
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")), name="address_lower_case"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="addresses_by_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def key(self) -> str:
        """What pages of its owner call it."""
        return keyed_digest("address", f"{self.person_id} {self.email}", length=16)


class Employer(models.Model):
    """Where somebody works or worked. ``key`` is the normalised name that rules compare."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="employers")
    name = models.CharField(_("employer"), max_length=160)
    key = models.CharField(max_length=160, db_index=True)
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("until, inclusive"), null=True, blank=True)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")

    def __str__(self) -> str:
        return self.name


class PersonLink(models.Model):
    """A link that a profile shows."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="links")
    kind = models.SlugField(_("kind"), max_length=30)
    url = models.URLField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("found to lead back here"), null=True, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "url"], name="link_once_a_person")]

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        """What a page calls the link."""
        return self.url.partition("://")[2].partition("/")[0].removeprefix("www.") or self.url


class Photo(models.Model):
    """The picture of a profile, as we drew it anew: a square JPEG without anything that came with the upload."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="photo")
    content = models.BinaryField()
    digest = models.CharField(max_length=16)
    changed_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.digest


class DataExport(models.Model):
    """All that is held on somebody, as they asked for it: a ZIP file that the worker makes and a week takes away."""

    key = models.CharField(max_length=20, unique=True, default=export_key)
    person = models.ForeignKey(Person, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(_("asked for"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    ends_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)

    class Meta:
        verbose_name = _("export of one's data")
        verbose_name_plural = _("exports of one's data")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"


class MailChoice(models.Model):
    """How somebody wants one group of mail (``common.mail_groups``); no row: as it is by default."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("in one mail a day")
        OFF = "off", _("never")

    person = models.ForeignKey(Person, models.CASCADE, related_name="mail_choices")
    group = models.SlugField(_("group of mail"), max_length=20)
    when = models.CharField(max_length=10, choices=When)
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice about mail")
        verbose_name_plural = _("choices about mail")
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="one_choice_a_group")]

    def __str__(self) -> str:
        return f"{self.group}: {self.when}"


class Merge(models.Model):
    """Two rows were joined: what moved, so that it can be taken back (``people.actions.undo_merge``).

    ``moved`` and ``lost`` name rows by model, field and key, and hold no word about anybody; ``twins`` are addresses that
    both rows had. Once it was undone, or its time is over, only who and when stays.
    """

    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Person, models.CASCADE, related_name="merged_by")
    at = models.DateTimeField(_("joined"))
    moved = models.JSONField(_("rows that moved"), default=dict, blank=True)
    lost = models.JSONField(_("rows that went"), default=dict, blank=True)
    accounts = models.JSONField(_("what became of the account"), default=dict, blank=True)
    twins = models.JSONField(_("addresses that both had"), default=list, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("joining of two persons")
        verbose_name_plural = _("joinings of two persons")
        indexes = [models.Index(fields=["-at"], name="merges_by_day")]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"


class LikePair(models.Model):
    """Two rows whose names are alike: perhaps one human. A person decides; ``dismissed_at``: they are two."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("how alike, 85 to 100"))
    same_country = models.BooleanField(_("one country"), default=False)
    same_employer = models.BooleanField(_("one employer"), default=False)
    found_at = models.DateTimeField(_("found"))
    dismissed_at = models.DateTimeField(_("found to be two"), null=True, blank=True)

    class Meta:
        verbose_name = _("pair of like names")
        verbose_name_plural = _("pairs of like names")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="like_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="like_pair_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["-same_employer", "-same_country", "-score", "id"],
                condition=Q(dismissed_at=None),
                name="like_pairs_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first} ~ {self.second}"

    @property
    def both(self) -> tuple[Person, Person]:
        return self.first, self.second


class SoughtName(models.Model):
    """The likes of a name were looked for; once the name changes, they are looked for anew."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("name whose likes were looked for")
        verbose_name_plural = _("names whose likes were looked for")

    def __str__(self) -> str:
        return self.digest[:8]

    @staticmethod
    def digest_of(sort_key: str) -> str:
        """As the database computes it (``MD5``); it tells a change and protects nothing."""
        return hashlib.md5(sort_key.encode(), usedforsecurity=False).hexdigest()


class Deletion(models.Model):
    """The deletion log: what was erased when, and nothing about whom."""

    class Mode(models.TextChoices):
        PERSON = "person", _("person only")
        SHELL = "shell", _("case to a shell")
        EVERYTHING = "everything", _("everything")

    mode = models.CharField(max_length=12, choices=Mode)
    at = models.DateTimeField()
    rows = models.JSONField(_("rows erased, by table"), default=dict)

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")

    def __str__(self) -> str:
        return f"{self.mode} {self.at:%Y-%m-%d}"
