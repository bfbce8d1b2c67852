"""What changes who may sign in, with which roles, and what they have signed."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AgreementSignature, ApiToken, Role, RoleGrant, Session, User
from accounts.tokens import PREFIX, SHOWN, digest_of, new_token
from charter.models import Agreement, Category, Region
from common import clock, history, registry
from common.actor import Actor, pseudonym
from common.errors import RuleBroken

TOKENS_AT_MOST, TOKEN_DAYS = 10, 365
FOR_A_REGION = {Role.REGIONAL_LEAD}
FOR_A_CATEGORY = {Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER}


@transaction.atomic
def open_account(email: str) -> User:
    """An account for an address that was confirmed; without a password, sign-in is by mail.

    Who began to sign up with it and never confirmed it has shown nothing: that row is taken over.
    """
    begun = User.objects.select_for_update().filter(email=email.lower(), last_login=None).first()
    if begun is None:
        return User.objects.create_user(email)
    begun.set_unusable_password()
    begun.save(update_fields=["password"])
    return begun


@transaction.atomic
def grant_role(
    user: User,
    role: str,
    *,
    by: Actor | None,
    region: Region | None = None,
    category: Category | None = None,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give somebody a role from one day (today) to another (open). The same grant twice is one grant."""
    _check_scope(role, region, category)
    starts = starts or clock.today()
    if ends is not None and ends < starts:
        raise RuleBroken(_("A role cannot end before it starts."))
    User.objects.select_for_update().get(pk=user.pk)
    same = RoleGrant.objects.in_force(starts).filter(
        user=user, role=role, region=region, category=category, ends=ends
    )
    if (known := same.first()) is not None:
        return known
    grant = RoleGrant.objects.create(
        user=user, role=role, region=region, category=category, starts=starts, ends=ends, reason=reason
    )
    _note(grant, "grant_role", by)
    if (person := getattr(user, "person", None)) is not None:  # colleagues' cases bar whoever gets a role
        registry.call(registry.on_ties_changed, person)
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by: Actor | None, on: dt.date | None = None) -> RoleGrant:
    """End a role with the day before ``on`` (today), so that it no longer counts from then on."""
    grant = (
        RoleGrant.objects.select_for_update(of=("self",))
        .select_related("user", "region", "category")
        .get(pk=grant.pk)
    )
    last = (on or clock.today()) - dt.timedelta(days=1)
    if grant.ends is not None and grant.ends <= last:
        return grant
    _note(grant, "end_role", by)
    if last < grant.starts:  # it never counted
        grant.delete()
        return grant
    grant.ends = last
    grant.save(update_fields=["ends"])
    return grant


@transaction.atomic
def sign_agreements(user: User, agreements: Iterable[Agreement]) -> None:
    """Note that somebody agreed to these versions; what was signed before keeps its day."""
    User.objects.select_for_update().get(pk=user.pk)
    signed = set(AgreementSignature.objects.filter(user=user).values_list("agreement_id", flat=True))
    new = [agreement for agreement in agreements if agreement.pk not in signed]
    now = clock.now()
    AgreementSignature.objects.bulk_create(
        AgreementSignature(user=user, agreement=agreement, signed_at=now) for agreement in new
    )
    history.record_many(
        history.Event(
            "user",
            pseudonym(user),
            "sign_agreement",
            by=user,
            codes={"agreement": agreement.kind, "version": agreement.version},
        )
        for agreement in new
    )


@transaction.atomic
def merge_accounts(kept: User, absorbed: User) -> None:
    """One human had two accounts: roles and signatures move, the absorbed one can no longer sign in."""
    signed = AgreementSignature.objects.filter(user=kept).values("agreement_id")
    AgreementSignature.objects.filter(user=absorbed).exclude(agreement_id__in=signed).update(user=kept)
    RoleGrant.objects.filter(user=absorbed).update(user=kept)
    absorbed.is_active = False
    absorbed.email = f"merged-{absorbed.pk}@account.invalid"
    absorbed.set_unusable_password()
    absorbed.sessions.all().delete()
    absorbed.api_tokens.all().delete()
    absorbed.save(update_fields=["is_active", "email", "password"])
    history.record("user", pseudonym(absorbed), "merge_accounts", by=None, codes={"into": pseudonym(kept)})


@transaction.atomic
def part_accounts(kept: User, parted: User, *, active: bool) -> None:
    """One account of two that were joined is somebody else's after all: they can sign in again, by a code in a mail,
    unless it was blocked before (``active``).

    The caller gives roles and signatures back, and copies the address.
    """
    parted.is_active = active
    parted.save(update_fields=["is_active"])
    history.record("user", pseudonym(parted), "part_accounts", by=None, codes={"from": pseudonym(kept)})


@transaction.atomic
def close_account(user: User, *, by: Actor | None) -> None:
    """Nobody signs in with it any more and it names nobody; what was signed stays signed by somebody."""
    for grant in RoleGrant.objects.in_force().filter(user=user):
        end_role(grant, by=by)
    user.is_active = False
    user.email = f"closed-{user.pk}@account.invalid"
    user.set_unusable_password()
    user.sessions.all().delete()
    user.api_tokens.all().delete()
    user.save(update_fields=["is_active", "email", "password"])
    history.record("user", pseudonym(user), "close_account", by=by)


@transaction.atomic
def end_sessions(user: User, sessions: Iterable[Session], *, by: Actor) -> int:
    """Sign somebody out wherever these are open; return how many there were."""
    keys = [session.session_key for session in sessions]
    ended, _rows = Session.objects.filter(user=user, session_key__in=keys).delete()
    if ended:
        history.record("user", pseudonym(user), "end_sessions", by=by, codes={"number": ended})
    return ended


@transaction.atomic
def make_token(user: User, *, name: str, may_write: bool, by: Actor) -> tuple[ApiToken, str]:
    """A token for a program of somebody's, and its text: it is shown now and never again."""
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.filter(user=user, ends_on__gte=clock.today()).count() >= TOKENS_AT_MOST:
        raise RuleBroken(
            _("You have %(number)s tokens already. Revoke one first.") % {"number": TOKENS_AT_MOST}
        )
    text = new_token()
    token = ApiToken.objects.create(
        user=user, name=name, may_write=may_write, digest=digest_of(text), start=text[: len(PREFIX) + SHOWN],
        made_at=clock.now(), ends_on=clock.today() + dt.timedelta(days=TOKEN_DAYS),
    )  # fmt: skip
    codes = {"token": token.key, "may_write": may_write}
    history.record("user", pseudonym(user), "make_token", by=by, codes=codes)
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """From now on it opens nothing."""
    if ApiToken.objects.filter(pk=token.pk).delete()[0]:
        codes = {"token": token.key}
        history.record("user", pseudonym(token.user), "revoke_token", by=by, codes=codes)


def _check_scope(role: str, region: Region | None, category: Category | None) -> None:
    if region is not None and role not in FOR_A_REGION:
        raise RuleBroken(_("This role is not for one region."))
    if category is not None and role not in FOR_A_CATEGORY:
        raise RuleBroken(_("This role is not for one category."))


def _note(grant: RoleGrant, verb: str, by: Actor | None) -> None:
    codes = {
        "grant": str(grant.pk),
        "role": grant.role,
        "region": grant.region.slug if grant.region else "",
        "category": grant.category.slug if grant.category else "",
        "starts": grant.starts.isoformat(),
        "ends": grant.ends.isoformat() if grant.ends else "",
    }
    history.record("user", pseudonym(grant.user), verb, by=by, codes=codes, text=grant.reason)
