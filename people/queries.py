"""Which people somebody may see, and whose address a slug is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import MD5

from accounts.models import Role
from accounts.queries import users_holding
from charter.queries import program
from common import clock
from common.actor import Actor
from common.keys import keyed_digest
from common.mail_groups import GROUPS, OFFICE, REVIEWING, Group, Reader
from common.models import OutboxMail
from common.prepared import Kept, KeptModels
from people import names
from people.models import (
    Address,
    DataExport,
    LikePair,
    MailChoice,
    Merge,
    OldSlug,
    Person,
    PersonLink,
    Photo,
    SoughtName,
    Tombstone,
)

_SLUG_LOCK = 7_204_002  # advisory lock: slugs are handed out by one transaction at a time


def people_visible_to(user: Actor | None) -> QuerySet[Person]:
    """Office and auditor see everybody who was not erased, others only themselves.

    Holders are public; the roster adds them (``awards.queries.holders_visible_to``).
    """
    people = Person.objects.filter(erased_at=None)
    if user is None or user.pk is None:
        return people.none()
    if user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR):
        return people
    return people.filter(user_id=user.pk)


def visible_keys(user: Actor, keys: Iterable[str]) -> set[str]:
    """Which of these persons may the user read history and mail about?"""
    return set(people_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def gets_no_more_mail(person_key: str, email: str) -> bool:
    """Nothing is sent to somebody who has died, whichever of their addresses it is for."""
    theirs = Q(addresses__email=normalise_email(email), addresses__confirmed_at__isnull=False)
    if person_key:
        theirs |= Q(key=person_key)
    return Person.objects.filter(theirs, deceased=True).exists()


def mail_readers(keys: Iterable[str]) -> dict[str, Reader]:
    """How these persons want their mail and in which zone they read times; three statements."""
    people = dict(Person.objects.filter(key__in=list(keys)).values_list("key", "zone"))
    chosen: defaultdict[str, dict[str, str]] = defaultdict(dict)
    rows = MailChoice.objects.filter(person__key__in=list(people))
    for key, group, when in rows.values_list("person__key", "group", "when"):
        chosen[key][group] = when
    house = "" if all(people.values()) else program().zone
    return {key: Reader(zone or house, chosen[key]) for key, zone in people.items()}


def reader_of(person: Person) -> Reader:
    """How one person wants their mail."""
    return mail_readers([person.key])[person.key]


def reader_of_key(key: str) -> Person | None:
    """Whom a link in a mail is for; whom they were merged into, and nobody who was erased."""
    person = Person.objects.filter(key=key).first()
    kept = kept_person(person) if person else None
    return kept if kept and kept.erased_at is None else None


def mail_groups_of(user: Actor) -> list[Group]:
    """The groups of mail about which somebody may choose: those of a role only for who holds it."""
    needed = {
        REVIEWING: (Role.REVIEWER, Role.REGIONAL_LEAD, Role.TECHNOLOGY_LEAD, Role.COUNCIL_MEMBER),
        OFFICE: (Role.PROGRAM_OFFICE,),
    }
    return [
        group
        for group in GROUPS.values()
        if len(group.choices) > 1
        and (group.key not in needed or any(user.holds(role) for role in needed[group.key]))
    ]


def office_people() -> list[Person]:
    """Everybody of the program office who has an account."""
    users = users_holding(Role.PROGRAM_OFFICE)
    return list(Person.objects.filter(user__in=users, deceased=False).select_related("user").order_by("pk"))


def names_to_seek(at_most: int) -> list[Person]:
    """People whose name is new or has changed since its likes were looked for."""
    sought = SoughtName.objects.filter(person=OuterRef("pk"), digest=MD5(OuterRef("sort_key")))
    named = Person.objects.filter(~Exists(sought), erased_at=None, merged_into=None).exclude(sort_key="")
    return list(named.order_by("pk")[:at_most])


def like_pairs(user: Any) -> QuerySet[LikePair]:
    """Pairs that nobody has decided on, the likeliest first: one employer, one country, then by likeness."""
    seen = people_visible_to(user)
    pairs = LikePair.objects.filter(
        dismissed_at=None,
        first__in=seen,
        second__in=seen,
        first__merged_into=None,
        second__merged_into=None,
    )
    return pairs.order_by("-same_employer", "-same_country", "-score", "id")


def with_people(pairs: QuerySet[LikePair]) -> QuerySet[LikePair]:
    """With all that the page shows of both."""
    return pairs.select_related("first", "second").prefetch_related(
        "first__addresses", "first__employers", "second__addresses", "second__employers"
    )


def like_pair(user: Any, pk: int) -> LikePair | None:
    """One of those."""
    return like_pairs(user).filter(pk=pk).first()


MERGE_UNDO_DAYS = 90


def merges_to_undo(user: Any) -> QuerySet[Merge]:
    """Rows that were joined and can be parted again, the latest first."""
    since = clock.now() - dt.timedelta(days=MERGE_UNDO_DAYS)
    rows = Merge.objects.filter(kept__in=people_visible_to(user), undone_at=None, at__gt=since)
    return rows.select_related("kept", "absorbed").order_by("-at", "-pk")


def can_still_be_undone(merge: Merge) -> bool:
    """Whether the time to part two rows again is not over."""
    return merge.undone_at is None and merge.at > clock.now() - dt.timedelta(days=MERGE_UNDO_DAYS)


YEAR = dt.timedelta(days=365)


def profiles_grown_old() -> QuerySet[Person]:
    """People who have not said for a year that their profile is right, and were not asked in that time."""
    before = clock.now() - YEAR
    lately = Q(profile_confirmed_at__gte=before) | Q(profile_asked_at__gte=before) | Q(created_at__gte=before)
    return Person.objects.filter(erased_at=None, merged_into=None, deceased=False).exclude(lately)


def is_grown_old(person: Person) -> bool:
    """Whether somebody should look at their own profile again."""
    return (person.profile_confirmed_at or person.created_at) < clock.now() - YEAR


def normalise_email(email: str) -> str:
    """An address as it is stored and compared."""
    return email.strip().lower()


def person_by_address(email: str, *, confirmed_only: bool = False) -> Person | None:
    """Whose address is it? A confirmed one first, else the person who was first known by it."""
    addresses = Address.objects.filter(
        email=normalise_email(email), person__erased_at=None, person__merged_into=None
    )
    if confirmed_only:
        addresses = addresses.exclude(confirmed_at=None)
    address = addresses.select_related("person__user").order_by("confirmed_at", "id").first()
    return address.person if address else None


def people_known_by_address_alone(email: str) -> QuerySet[Person]:
    """Persons without an account and without a confirmed address who were once noted with this one."""
    confirmed = Address.objects.exclude(confirmed_at=None)
    return (
        Person.objects.filter(
            addresses__email=normalise_email(email),
            addresses__confirmed_at=None,
            user=None,
            merged_into=None,
            erased_at=None,
        )
        .exclude(pk__in=confirmed.values("person_id"))
        .order_by("pk")
    )


def people_with_accounts(keys: Iterable[str]) -> dict[str, Person]:
    """Those of these persons who can sign in, by key."""
    people = Person.objects.filter(key__in=list(keys), user__is_active=True).select_related("user")
    return {person.key: person for person in people}


def kept_person(person: Person) -> Person:
    """The person that this one was merged into, or the person itself."""
    seen = {person.pk}
    while person.merged_into_id is not None and person.merged_into_id not in seen:
        seen.add(person.merged_into_id)
        person = Person.objects.get(pk=person.merged_into_id)
    return person


def person_once_at(slug: str) -> Person | None:
    """Whose profile had this address before a new name or a merge gave it another."""
    found = (
        Person.objects.filter(Q(old_slugs__slug=slug) | Q(slug=slug, merged_into__isnull=False))
        .order_by("pk")
        .first()
    )
    return kept_person(found) if found else None


def confirmations_asked_today(person: Person) -> int:
    """How many links to confirm an address were mailed for somebody in 24 hours."""
    mails = OutboxMail.objects.filter(kind="people.confirm_address", person_key=person.key)
    return mails.filter(created_at__gt=clock.now() - dt.timedelta(days=1)).count()


def addresses_of(person: Person) -> list[Address]:
    """The primary one first, then the confirmed ones, then those that wait."""
    return list(person.addresses.order_by("-primary", "confirmed_at", "id"))


def photo_of(person: Person) -> Photo | None:
    """The picture of a profile, without the picture itself."""
    return Photo.objects.filter(person=person).defer("content").first()


def photo_with(person: Person, digest: str) -> Photo | None:
    """The picture that has a digest: an address always leads to the same bytes, or nowhere."""
    return Photo.objects.filter(person=person, digest=digest).first()


def export_of(person: Person) -> DataExport | None:
    """The export that somebody asked for last and that is still there, without its content."""
    kept = person.exports.exclude(ends_at__lte=clock.now()).defer("content")
    return kept.order_by("-asked_at", "-id").first()


def pk_of_key(key: str) -> int | None:
    """The row of somebody who is not erased, for what lists people by their rows."""
    return Person.objects.filter(key=key, erased_at=None).values_list("pk", flat=True).first()


def slug_digest(slug: str) -> str:
    """What a tombstone keeps of a slug."""
    return keyed_digest("slug", slug, length=64)


def is_erased(slug: str) -> bool:
    """A profile had this address and was erased."""
    return Tombstone.objects.filter(slug_digest=slug_digest(slug)).exists()


def take_slug(name: str, latin_name: str = "") -> str:
    """A free address for a new profile; see ``take_slugs``."""
    return take_slugs([(name, latin_name)])[0]


def take_slugs(people: Sequence[tuple[str, str]]) -> list[str]:
    """Free addresses for ``(name, latin_name)`` in order, in a fixed number of statements.

    Neither an address in use, nor a former one, nor one of an erased profile is given out. Call it inside the
    transaction that writes them: until its end no other transaction is handed a slug.
    """
    bases = [names.slug_base(name, latin_name) for name, latin_name in people]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SLUG_LOCK])
    taken = {*_alike(Person.objects.all(), bases), *_alike(OldSlug.objects.all(), bases)}
    while True:
        slugs = _hand_out(bases, set(taken), {})
        digests = {slug_digest(slug): slug for slug in slugs}
        erased = Tombstone.objects.filter(slug_digest__in=list(digests)).values_list("slug_digest", flat=True)
        if not erased:
            return slugs
        taken.update(digests[digest] for digest in erased)


class Slugs:
    """``take_slugs`` for people by the hundred thousand: what is in use is read once and then kept in mind.

    Make it inside the transaction that writes them, and give all of its slugs to rows of that transaction.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SLUG_LOCK])
        self._taken = {
            *Person.objects.values_list("slug", flat=True), *OldSlug.objects.values_list("slug", flat=True)
        }  # fmt: skip
        self._next_number: dict[str, int] = {}
        self._any_erased = Tombstone.objects.exists()

    def take(self, people: Iterable[tuple[str, str]]) -> list[str]:
        """Free addresses for ``(name, latin_name)`` in order."""
        bases = [names.slug_base(name, latin_name) for name, latin_name in people]
        slugs = _hand_out(bases, self._taken, self._next_number)
        while self._any_erased and (places := _erased_places(slugs)):
            again = _hand_out([bases[place] for place in places], self._taken, self._next_number)
            for place, slug in zip(places, again, strict=True):
                slugs[place] = slug
        return slugs


def _erased_places(slugs: list[str]) -> list[int]:
    places = {slug_digest(slug): place for place, slug in enumerate(slugs)}
    erased = Tombstone.objects.filter(slug_digest__in=list(places)).values_list("slug_digest", flat=True)
    return [places[digest] for digest in erased]


def _alike(rows: QuerySet[Person] | QuerySet[OldSlug], bases: list[str]) -> list[str]:
    """Slugs in use that are one of ``bases``, or one with a number behind it."""
    stem = Func(F("slug"), Value("-[0-9]+$"), Value(""), function="regexp_replace")
    alike = rows.annotate(stem=stem).filter(Q(slug__in=bases) | Q(stem__in=bases))
    return list(alike.values_list("slug", flat=True))


def _hand_out(bases: list[str], taken: set[str], next_number: dict[str, int]) -> list[str]:
    """``taken`` grows with each slug, so that equal names get different numbers; ``next_number`` skips those given out."""
    slugs = []
    for base in bases:
        slug = names.free_slug(base, taken.__contains__, start=next_number.get(base, 2))
        if slug != base:
            next_number[base] = int(slug.rpartition("-")[2]) + 1
        taken.add(slug)
        slugs.append(slug)
    return slugs


def person_of(user: Any) -> Person | None:
    """The person who is signed in; nobody for a stranger, and for an account that no person has.

    ``user.person`` without building the statement: every request asks for it.
    """
    if user is None or not user.is_authenticated:
        return None
    account = getattr(user, "_wrapped", user)  # behind the lazy one of a request
    of_account = Person._meta.get_field("user").remote_field
    if not of_account.is_cached(account):
        person: Person | None = next(iter(_OF_ACCOUNT.fetch(account.pk)), None)
        of_account.set_cached_value(account, person)
        if person is not None:
            Person.user.field.set_cached_value(person, account)
    found: Any = of_account.get_cached_value(account)
    return found


_OF_ACCOUNT = KeptModels(lambda: Person.objects.filter(user=Kept.ANY))


def links_of(person: Person) -> list[PersonLink]:
    """All links of a profile, in order."""
    return _LINKS.fetch(person.pk)


_LINKS = KeptModels(lambda: PersonLink.objects.filter(person=Kept.ANY))


def confirmed_address_of(person: Person) -> str:
    """The confirmed address that mail to a person goes to, the primary one first; empty if there is none."""
    confirmed = person.addresses.exclude(confirmed_at=None).order_by("-primary", "id").first()
    return confirmed.email if confirmed else ""


def mail_address_of(person: Person) -> str:
    """Where mail to a person goes: a confirmed address, else the one they were first known by."""
    noted = person.addresses.order_by("-primary", "id").first()
    return confirmed_address_of(person) or (noted.email if noted else "")
