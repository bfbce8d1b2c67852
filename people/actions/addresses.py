"""Addresses and the accounts that follow them.

``Address`` is the truth that sign-in follows. Confirming one may show that two rows are one human.
"""

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import open_account
from accounts.models import User
from common import clock, history, outbox, registry
from common.actor import Actor
from common.errors import RuleBroken
from common.keys import new_key
from common.locks import hold
from people.actions.bounces import lift_bounce
from people.actions.merging import merge_persons
from people.actions.mirroring import locked, mirror_addresses
from people.actions.persons import create_person
from people.models import Address, Person
from people.queries import (
    confirmations_asked_today,
    normalise_email,
    people_known_by_address_alone,
    person_by_address,
)
from people.tokens import token_of

ADDRESSES_AT_MOST = 10
CONFIRMATIONS_A_DAY = 10


@transaction.atomic
def confirm_address(person: Person, email: str, *, by: Actor | None = None) -> Person:
    """Somebody has shown that they read mail at ``email``: confirm it, open the account, return whose it is.

    One confirmed address is one person. If somebody else has confirmed it before, that is the same human:
    ``person`` is merged into them and they are returned, unless ``person`` has an account of their own. Those
    known by this address alone, who have none, are merged into ``person``. Callers go on with what is returned.
    """
    email = normalise_email(email)
    hold(f"address:{normalise_email(email)}")
    owner = person_by_address(email, confirmed_only=True)
    if owner is not None and owner.pk != person.pk:
        if Person.objects.filter(pk=person.pk).exclude(user=None).exists():
            raise RuleBroken(_("This address belongs to somebody else."))
        return confirm_address(merge_persons(owner, person, by=by), email, by=by)
    person = locked(person)
    address, _made = Address.objects.get_or_create(person=person, email=email)
    if address.confirmed_at is None:
        address.confirmed_at = clock.now()
        if not person.addresses.filter(primary=True, confirmed_at__isnull=False).exists():
            person.addresses.filter(primary=True).update(primary=False)
            address.primary = True
        address.save(update_fields=["confirmed_at", "primary"])
        history.record("person", person.key, "confirm_address", by=by)
        lift_bounce(email, by=by)
        registry.call(registry.on_ties_changed, person)
        for other in people_known_by_address_alone(email):
            with suppress(RuleBroken), transaction.atomic():  # a person decides then
                merge_persons(person, other, by=by)
    if person.user is None:
        person.user = open_account(email)
        person.save(update_fields=["user"])
    mirror_addresses(person)
    return person


@transaction.atomic
def prepare_sign_in(email: str) -> User | None:
    """The account of whoever confirmed this address, opened if they have none yet; nobody's is ``None``."""
    person = person_by_address(email, confirmed_only=True)
    if person is None:
        return None
    return confirm_address(person, email).user


@transaction.atomic
def admit(user: User, *, name: str = "") -> Person:
    """The person of somebody who signs in, made or found by the address that they have just confirmed.

    A nominee who was known by it becomes this user's person; who was not known gets a row under ``name``.
    """
    person = Person.objects.filter(user=user).first()
    known = (
        set(person.addresses.exclude(confirmed_at=None).values_list("email", flat=True)) if person else set()
    )
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    for email in [email for email in confirmed.values_list("email", flat=True) if email not in known]:
        hold(f"address:{normalise_email(email)}")
        if person is None:
            person = _person_for(user, email, name)
        person = confirm_address(person, email, by=user)
    if person is None:
        raise RuleBroken(_("Confirm your address first."))
    return person


def _person_for(user: User, email: str, name: str) -> Person:
    known = person_by_address(email)
    if known is not None and known.user_id is None:
        person = locked(known)
    elif known is not None and known.addresses.filter(email=email).exclude(confirmed_at=None).exists():
        raise RuleBroken(_("This address belongs to somebody else."))
    else:
        person = create_person(name=name or email.partition("@")[0], email=email, by=user)
    person.user = user
    person.save(update_fields=["user"])
    history.record("person", person.key, "open_account", by=user)
    return person


@transaction.atomic
def add_address(person: Person, email: str, *, by: Actor) -> Address:
    """Note one more address of a person. It counts once it is confirmed."""
    person = locked(person)
    if person.addresses.count() >= ADDRESSES_AT_MOST:
        raise RuleBroken(_("You have as many addresses as we keep. Remove one first."))
    address, made = Address.objects.get_or_create(person=person, email=normalise_email(email))
    if made:
        history.record("person", person.key, "add_address", by=by)
    return address


@transaction.atomic
def add_address_and_ask(person: Person, email: str, *, by: Actor) -> Address:
    """Note one more address and mail its link; where no link can be mailed, nothing is noted."""
    address = add_address(person, email, by=by)
    ask_to_confirm(address, by=by)
    return address


@transaction.atomic
def ask_to_confirm(address: Address, *, by: Actor) -> None:
    """Mail the link that confirms an added address. Whose it is else is said to nobody but its reader."""
    person = locked(address.person)
    if address.confirmed_at is not None:
        raise RuleBroken(_("This address is confirmed already."))
    if confirmations_asked_today(person) >= CONFIRMATIONS_A_DAY:
        raise RuleBroken(_("That was too often. Go on tomorrow."))
    outbox.post(
        "people.confirm_address",
        to=address.email,
        cause=f"confirm address/{new_key(20)}",
        keys={"person": person.key, "token": token_of(address)},
        language=person.mail_language,
        person_key=person.key,
    )
    history.record("person", person.key, "ask_to_confirm", by=by)


@transaction.atomic
def confirm_added_address(address: Address, *, by: Actor) -> None:
    """Somebody who is signed in followed the link. Their other addresses hear of it: it is a new way in."""
    if address.confirmed_at is not None:
        return
    person = confirm_address(address.person, address.email, by=by)
    _tell_the_others(person, but=address.email)


def _tell_the_others(person: Person, *, but: str = "", also: str = "") -> None:
    """A word to each confirmed address, so that nobody's ways in change behind their back."""
    emails = set(person.addresses.exclude(confirmed_at=None).values_list("email", flat=True)) - {but}
    outbox.post_many(
        outbox.Post(
            "people.addresses_changed",
            email,
            f"addresses changed/{new_key(20)}",
            {"person": person.key},
            person.mail_language,
            person.key,
        )
        for email in sorted(filter(None, emails | {also}))
    )


@transaction.atomic
def replace_unconfirmed_address(person: Person, old: str, new: str, *, by: Actor | None) -> None:
    """Whoever gave an address about somebody without an account wrote it wrongly: it becomes another one."""
    person = locked(person)
    person.addresses.filter(email=normalise_email(old), confirmed_at=None).delete()
    primary = not person.addresses.filter(primary=True).exists()
    Address.objects.get_or_create(person=person, email=normalise_email(new), defaults={"primary": primary})
    history.record("person", person.key, "replace_address", by=by)


@transaction.atomic
def remove_address(address: Address, *, by: Actor) -> None:
    """Take an address away; never the last confirmed one, which is the way in."""
    person = locked(address.person)
    address = Address.objects.select_for_update().get(pk=address.pk)
    others = person.addresses.exclude(pk=address.pk).exclude(confirmed_at=None).order_by("confirmed_at", "id")
    if address.confirmed_at is not None and not others.exists():
        raise RuleBroken(_("This is your only confirmed address. Add another one first."))
    address.delete()
    if address.primary and (heir := others.first()):
        heir.primary = True
        heir.save(update_fields=["primary"])
    history.record("person", person.key, "remove_address", by=by)
    if address.confirmed_at is not None:
        _tell_the_others(person, also=address.email)
    registry.call(registry.on_ties_changed, person)
    mirror_addresses(person)


@transaction.atomic
def choose_address(address: Address, *, by: Actor) -> None:
    """Let mail go to this confirmed address from now on."""
    person = locked(address.person)
    if not person.addresses.filter(pk=address.pk).exclude(confirmed_at=None).exists():
        raise RuleBroken(_("Confirm this address first."))
    person.addresses.filter(primary=True).update(primary=False)
    person.addresses.filter(pk=address.pk).update(primary=True)
    history.record("person", person.key, "choose_address", by=by)
    mirror_addresses(person)
