"""Who may sign in, with which roles, and what they have signed."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from charter.models import Agreement, Category, Region
from common import clock
from common.keys import keyed_digest, new_key


def token_key() -> str:
    return new_key(10)


class Role(models.TextChoices):
    """Roles that are granted. Nominee, nominator, endorser and holder follow from rows, not from grants."""

    REGIONAL_LEAD = "regional_lead", _("regional lead")
    TECHNOLOGY_LEAD = "technology_lead", _("technology lead")
    REVIEWER = "reviewer", _("reviewer")
    COUNCIL_MEMBER = "council_member", _("council member")
    PROGRAM_OFFICE = "program_office", _("program office")
    AUDITOR = "auditor", _("auditor")
    EVENT_HOST = "event_host", _("event host")


class UserManager(BaseUserManager["User"]):
    """Creates users by address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who can sign in. Which human that is says ``people.Person.user``."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("account since"), default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_lower")]

    def __str__(self) -> str:
        return self.email

    def holds(self, role: str, *, region: object | None = None, category: object | None = None) -> bool:
        """True if a grant of ``role`` is in force today and covers the region or category asked for.

        A grant without a region or category covers all of them. Without arguments: holds it for anything.
        """
        return any(
            grant.role == role
            and (
                region is None or grant.region_id is None or grant.region_id == getattr(region, "pk", region)
            )
            and (
                category is None
                or grant.category_id is None
                or grant.category_id == getattr(category, "pk", category)
            )
            for grant in self.grants_today
        )

    @cached_property
    def grants_today(self) -> "list[RoleGrant]":
        """The grants in force today, read once; whoever is behind a session comes with them (``people.backend``)."""
        return list(RoleGrant.objects.in_force().filter(user=self).order_by("pk"))

    # django.contrib.admin asks these three; there are no superusers in the application.
    @property
    def is_staff(self) -> bool:
        return self.holds(Role.PROGRAM_OFFICE) or self.holds(Role.AUDITOR)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        return self.holds(Role.PROGRAM_OFFICE) or (self.holds(Role.AUDITOR) and ".view_" in perm)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants by day."""

    def in_force(self, day: dt.date | None = None) -> "RoleGrantQuerySet":
        day = day or clock.today()
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


class RoleGrant(models.Model):
    """A role, from one day to another, scoped to a region or category where the role is."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until, inclusive"), null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        indexes = [models.Index(fields=["role", "user"], name="grants_by_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")), name="grant_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class AgreementSignature(models.Model):
    """Who agreed to which version when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [models.UniqueConstraint(fields=["user", "agreement"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.agreement}"


class ApiToken(models.Model):
    """What lets a program act for somebody. The token itself is shown once and never kept, only its digest.

    ``start`` are its first signs, by which its owner recognises it.
    """

    key = models.CharField(max_length=14, unique=True, default=token_key)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=20)
    may_write = models.BooleanField(_("may write"), default=False)
    made_at = models.DateTimeField(_("made"))
    ends_on = models.DateField(_("valid until, inclusive"))
    used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token for the API")
        verbose_name_plural = _("tokens for the API")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """One browser; ``user`` is who is signed in with it. ``device`` is a browser and a system in words."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="sessions")
    device = models.CharField(_("browser and system"), max_length=80, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), default=clock.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return self.device

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore

    @property
    def key(self) -> str:
        """What pages call it: who knows ``session_key`` is signed in."""
        return keyed_digest("session", self.session_key, length=16)
