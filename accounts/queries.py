"""Who holds which role, and what somebody has yet to sign."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import AgreementSignature, ApiToken, RoleGrant, Session, User
from charter.models import Agreement, Category, Region
from common import clock
from common.actor import pseudonym


def users_holding(
    role: str, *, region: Region | None = None, category: Category | None = None, day: dt.date | None = None
) -> QuerySet[User]:
    """Active users with this role on a day (today) for this region or category; a grant without one covers all."""
    grants = RoleGrant.objects.in_force(day).filter(role=role)
    if region is not None:
        grants = grants.filter(Q(region=region) | Q(region=None))
    if category is not None:
        grants = grants.filter(Q(category=category) | Q(category=None))
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by("pk")


def agreements_to_sign(user: User, among: Iterable[Agreement]) -> list[Agreement]:
    """Which of these versions (``charter.queries.agreements_in_force()``) somebody has yet to sign."""
    signed = set(AgreementSignature.objects.filter(user=user).values_list("agreement_id", flat=True))
    return [agreement for agreement in among if agreement.pk not in signed]


def visible_keys(user: User, keys: Iterable[str]) -> set[str]:
    """Whose roles and signatures may the user follow in history? The pseudonyms of all for staff, else one's own."""
    return set(keys) if user.is_staff else {pseudonym(user)} & set(keys)


def visible_site_keys(user: User, keys: Iterable[str]) -> set[str]:
    """What happened to the installation is for staff."""
    return set(keys) if user.is_staff else set()


def grants_visible_to(user: User) -> QuerySet[RoleGrant]:
    """Office and auditor see all roles, others their own."""
    grants = RoleGrant.objects.select_related("user", "region", "category").order_by("-starts", "pk")
    if user.is_staff:
        return grants
    return grants.filter(user_id=user.pk)


def signatures_of(user: User) -> list[AgreementSignature]:
    """Everything that a user signed, newest first."""
    return list(
        AgreementSignature.objects.filter(user=user).select_related("agreement").order_by("-signed_at")
    )


def tokens_of(user: User) -> list[ApiToken]:
    """Somebody's tokens for the API, the newest first, those that have ended too."""
    return list(ApiToken.objects.filter(user=user).select_related("user"))


def sessions_of(user: User) -> list[Session]:
    """Where somebody is signed in now, the last used first."""
    open_now = Session.objects.filter(user=user, expire_date__gt=clock.now())
    return list(open_now.defer("session_data").order_by("-used_at", "session_key"))
