"""What changes who someone is.

``Address`` is the truth that sign-in follows; every change of it is copied to the user and to allauth's
table in the same transaction (``_mirror_addresses``).
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import merge_accounts, open_account
from accounts.models import User
from common import clock, history, registry
from common.actor import Actor
from common.errors import RuleBroken
from common.locks import hold
from people import names
from people.models import Address, Deletion, Employer, Person, PersonLink
from people.queries import normalise_email, people_known_by_address_alone, person_by_address, take_slug

_KINDS_OF_LINK = {
    "github.com": "github",
    "linkedin.com": "linkedin",
    "youtube.com": "youtube",
    "bsky.app": "bluesky",
    "twitter.com": "twitter",
    "x.com": "twitter",
    "xing.com": "xing",
    "sessionize.com": "sessionize",
}


@transaction.atomic
def create_person(
    *,
    name: str,
    by: Actor | None,
    email: str | None = None,
    country: str = "",
    latin_name: str = "",
    short_name: str = "",
    language: str = "en",
) -> Person:
    """A new row for a human nobody knew yet. ``email`` is noted, not confirmed."""
    person = Person(
        short_name=short_name,
        country=country,
        mail_language=language,
    )
    names.set_name(person, name, latin_name)
    person.slug = take_slug(person.name, person.latin_name)
    person.save()
    history.record("person", person.key, "create_person", by=by)
    if email:
        Address.objects.create(person=person, email=normalise_email(email), primary=True)
    return person


@transaction.atomic
def find_or_create_person(
    *, name: str, email: str, by: Actor | None, country: str = "", language: str = "en"
) -> Person:
    """The person of an address, made if nobody is known by it. Two at once get the same row."""
    hold(f"address:{normalise_email(email)}")
    known = person_by_address(email)
    if known is not None:
        return known
    return create_person(name=name, email=email, country=country, language=language, by=by)


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
    person = _locked(person)
    address, _made = Address.objects.get_or_create(person=person, email=email)
    if address.confirmed_at is None:
        address.confirmed_at = clock.now()
        if not person.addresses.filter(primary=True, confirmed_at__isnull=False).exists():
            person.addresses.filter(primary=True).update(primary=False)
            address.primary = True
        address.save(update_fields=["confirmed_at", "primary"])
        history.record("person", person.key, "confirm_address", by=by)
        registry.call(registry.on_ties_changed, person)
        for other in people_known_by_address_alone(email):
            with suppress(RuleBroken), transaction.atomic():  # a person decides then
                merge_persons(person, other, by=by)
    if person.user is None:
        person.user = open_account(email)
        person.save(update_fields=["user"])
    _mirror_addresses(person)
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
        person = _locked(known)
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
    person = _locked(person)
    address, made = Address.objects.get_or_create(person=person, email=normalise_email(email))
    if made:
        history.record("person", person.key, "add_address", by=by)
    return address


@transaction.atomic
def remove_address(address: Address, *, by: Actor) -> None:
    """Take an address away; never the last confirmed one, which is the way in."""
    person = _locked(address.person)
    address = Address.objects.select_for_update().get(pk=address.pk)
    others = person.addresses.exclude(pk=address.pk).exclude(confirmed_at=None).order_by("confirmed_at", "id")
    if address.confirmed_at is not None and not others.exists():
        raise RuleBroken(_("This is your only confirmed address. Add another one first."))
    address.delete()
    if address.primary and (heir := others.first()):
        heir.primary = True
        heir.save(update_fields=["primary"])
    history.record("person", person.key, "remove_address", by=by)
    registry.call(registry.on_ties_changed, person)
    _mirror_addresses(person)


@transaction.atomic
def choose_address(address: Address, *, by: Actor) -> None:
    """Let mail go to this confirmed address from now on."""
    person = _locked(address.person)
    if not person.addresses.filter(pk=address.pk).exclude(confirmed_at=None).exists():
        raise RuleBroken(_("Confirm this address first."))
    person.addresses.filter(primary=True).update(primary=False)
    person.addresses.filter(pk=address.pk).update(primary=True)
    history.record("person", person.key, "choose_address", by=by)
    _mirror_addresses(person)


@transaction.atomic
def change_employer(
    person: Person, name: str, *, by: Actor | None, starts: dt.date | None = None
) -> Employer | None:
    """Note where somebody works from ``starts`` on (today); an empty name: nowhere. Earlier rows stay, ended."""
    person = _locked(person)
    starts = starts or clock.today()
    name = names.clean(name)
    running = list(person.employers.filter(Q(ends=None) | Q(ends__gte=starts)).select_for_update())
    if any(one.key == names.employer_key(name) and one.ends is None for one in running):
        return running[0]
    for employer in running:
        employer.ends = starts - dt.timedelta(days=1)
        if employer.starts is not None and employer.starts > employer.ends:
            employer.delete()
        else:
            employer.save(update_fields=["ends"])
    new = None
    if name:
        new = Employer.objects.create(person=person, name=name, key=names.employer_key(name), starts=starts)
    history.record("person", person.key, "change_employer", by=by)
    registry.call(registry.on_ties_changed, person)
    return new


@transaction.atomic
def merge_persons(kept: Person, absorbed: Person, *, by: Actor | None) -> Person:
    """Two rows are one human: move what hangs on ``absorbed`` to ``kept``, which is returned.

    Everything goes in one transaction, and each upper room moves its own rows through ``registry.on_merge``;
    a room that cannot, because both have a case in one area, say, raises and nothing happens. The absorbed
    row stays, so that its old profile address leads to the kept one.
    """
    locked = {p.pk: p for p in _lock_persons(kept, absorbed)}
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    if kept.pk == absorbed.pk:
        raise RuleBroken(_("This is one row already."))
    for person in (kept, absorbed):
        if person.merged_into_id is not None or person.erased_at is not None:
            raise RuleBroken(_("%(name)s was merged or erased before.") % {"name": person.name})
    _merge_accounts(kept, absorbed)
    _merge_addresses(kept, absorbed)
    absorbed.employers.update(person=kept)
    absorbed.links.exclude(url__in=kept.links.values("url")).update(person=kept)
    absorbed.old_slugs.update(person=kept)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    registry.call(registry.on_merge, kept, absorbed, by)
    history.record("person", absorbed.key, "merge_persons", by=by, codes={"into": kept.key})
    registry.call(registry.on_ties_changed, kept)
    _mirror_addresses(kept)
    return kept


def _merge_accounts(kept: Person, absorbed: Person) -> None:
    user = absorbed.user
    if user is None:
        return
    absorbed.user = None
    absorbed.save(update_fields=["user"])
    if kept.user is None:
        kept.user = user
        kept.save(update_fields=["user"])
    else:
        EmailAddress.objects.filter(user=user).delete()
        merge_accounts(kept.user, user)


def _merge_addresses(kept: Person, absorbed: Person) -> None:
    own = {address.email: address for address in kept.addresses.all()}
    for address in absorbed.addresses.order_by("id"):
        twin = own.get(address.email)
        if twin is not None:
            confirmed_at = address.confirmed_at
            address.delete()
            if confirmed_at is not None and twin.confirmed_at is None:
                twin.confirmed_at = confirmed_at
                twin.save(update_fields=["confirmed_at"])
            continue
        address.person = kept
        address.primary = address.primary and not any(one.primary for one in own.values())
        address.save(update_fields=["person", "primary"])
        own[address.email] = address


def _mirror_addresses(person: Person) -> None:
    """Let the user and allauth know exactly the confirmed addresses of a person, the primary one first."""
    user = person.user
    if user is None:
        return
    confirmed = person.addresses.exclude(confirmed_at=None).order_by("-primary", "confirmed_at", "id")
    emails = list(confirmed.values_list("email", flat=True))
    wanted = [(email, True, position == 0) for position, email in enumerate(emails)]
    mirrored = EmailAddress.objects.filter(user=user)
    if sorted(wanted) != sorted(mirrored.values_list("email", "verified", "primary")):
        mirrored.delete()
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=email, verified=True, primary=primary)
            for email, _yes, primary in wanted
        )
    if emails and user.email != emails[0]:
        user.email = emails[0]
        user.save(update_fields=["email"])


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)


def _lock_persons(*people: Person) -> list[Person]:
    """In the order of their keys, so that two merges never wait for each other."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("user")
    return list(rows.filter(pk__in=[person.pk for person in people]).order_by("pk"))


@transaction.atomic
def rename_person(person: Person, *, name: str, by: Actor | None, country: str = "") -> Person:
    """Set right how a name is written, and what is computed from it. The address of the profile stays."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    names.set_name(person, name, person.latin_name)
    person.country = country or person.country
    person.save(update_fields=[*names.NAME_FIELDS, "country"])
    history.record("person", person.key, "rename_person", by=by)
    return person


@transaction.atomic
def forget_person(person: Person, *, by: Actor | None) -> bool:
    """Blank the row of somebody who has no account and was known for one reason that is gone.

    The caller has made sure that nothing else is held on them. The row stays as an empty shell for the keys
    that point to it. Returns whether anything was forgotten.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.user_id is not None or person.erased_at is not None:
        return False
    rows = {"address": person.addresses.count(), "employer": person.employers.count()}
    person.addresses.all().delete()
    person.employers.all().delete()
    person.links.all().delete()
    for name in (
        "name",
        "latin_name",
        "short_name",
        "sort_key",
        "search_text",
        "country",
        "city",
        "headline",
    ):
        setattr(person, name, "")
    person.slug, person.biography, person.erased_at = f"erased-{person.key.lower()}", "", clock.now()
    person.save()
    Deletion.objects.create(mode=Deletion.Mode.SHELL, at=clock.now(), rows={"person": 1, **rows})
    history.record("person", person.key, "forget_person", by=by)
    return True


@transaction.atomic
def edit_profile(
    person: Person,
    *,
    by: Actor | None,
    fields: dict[str, Any],
    links: Sequence[str],
    visibility: dict[str, str],
) -> Person:
    """Write what a profile says and who sees which part. History keeps which fields changed, not their text."""
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    values = {**fields, "visibility": visibility}
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, values[name])
    if changed:
        locked.save(update_fields=changed)
    if list(locked.links.values_list("url", flat=True)) != list(links):
        locked.links.all().delete()
        PersonLink.objects.bulk_create(
            PersonLink(person=locked, kind=_kind_of_link(url), url=url, position=place)
            for place, url in enumerate(links)
        )
        changed.append("links")
    if changed:
        history.record("person", locked.key, "edit_profile", by=by, codes={"fields": sorted(changed)})
    return locked


def _kind_of_link(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return next(
        (kind for site, kind in _KINDS_OF_LINK.items() if host == site or host.endswith(f".{site}")),
        "website",
    )
