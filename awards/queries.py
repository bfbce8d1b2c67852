"""Which awards there are and who holds them. The roster's search is in ``roster.py``."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import Role
from awards import signing, states
from awards.models import Award, Paper, SigningKey, StatusList, StatusPlace
from common import clock, prepared
from common.prepared import Kept, KeptModels, ModelsAndVersion
from people.models import Person, Visibility
from people.queries import people_visible_to, profiles_grown_old

_STANDING = (states.GRANTED, states.ON_HOLD)


def awards_visible_to(user: Any) -> QuerySet[Award]:
    """The record of awards is public, ended and revoked ones included; pages say what has become of each."""
    return Award.objects.all()


def visible_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Whose awards' history may the user read? The award is public, what led to it is for staff and its holder."""
    awards = Award.objects.filter(key__in=list(keys), person__in=people_visible_to(user))
    return set(awards.values_list("key", flat=True))


class Span(NamedTuple):
    """The years of a granted award, where nothing else of it is read."""

    first_year: int
    last_year: int | None
    state: str = states.GRANTED


def award_with_person(user: Any, key: str) -> Award | None:
    """One award of the record, with ``area_slug``, its person with ``roster_awards``: a ``Span`` of each that counts, the
    newest first. One statement."""
    return _with_years(_AWARD.fetch(key))


def award_and_version(key: str) -> tuple[Award | None, list[tuple[Any, ...]]]:
    """``award_with_person`` and ``award_version`` in one statement."""
    version, found = _AWARD_AND_VERSION.fetch(key)
    return _with_years(found), [] if version is None else [version]


def _with_years(found: list[Any]) -> Award | None:
    for award in found:
        award.person.roster_awards = [
            Span(**span) for span in ([] if award.person.erased_at else award.spans)
        ]
    return found[0] if found else None


def _spans() -> ArraySubquery:
    """First and last year of each granted award of an award's person, the newest first."""
    granted = Award.objects.filter(person=OuterRef("person"), state=states.GRANTED)
    span = JSONObject(first_year="first_year", last_year="last_year")
    return ArraySubquery(granted.order_by("-first_year", "area_name", "pk").values(span=span))


def _award() -> QuerySet[Award]:
    """For everybody the same: see awards_visible_to."""
    return (
        awards_visible_to(None)
        .select_related("person", "credential__key")
        .defer("credential__document")
        .annotate(area_slug=F("area__slug"), spans=_spans())
        .filter(key=Kept.ANY_WORD)
    )


# A row that is changed gets another xmin, or another place where its transaction changes it twice.
_AWARD_VERSION = """
    SELECT concat(a.xmin, a.ctid), concat(p.xmin, p.ctid), concat(t.xmin, t.ctid),
        (SELECT string_agg(concat(o.xmin, o.ctid), ',' ORDER BY o.id) FROM awards_award o WHERE o.person_id = a.person_id),
        (SELECT concat(c.xmin, c.ctid, k.xmin, k.ctid)
            FROM awards_credential c JOIN awards_signingkey k ON k.id = c.key_id WHERE c.award_id = a.id)
    FROM awards_award a
    JOIN people_person p ON p.id = a.person_id
    LEFT JOIN charter_program t ON t.id = 1
    WHERE a.key = %s
"""
_AWARD = KeptModels(_award, Kept.ANY_WORD)
_AWARD_AND_VERSION = ModelsAndVersion(_AWARD_VERSION, _award, Kept.ANY_WORD)


def award_version(key: str) -> list[tuple[Any, ...]]:
    """Changes with everything that the page of an award shows; empty where no award has this key."""
    return prepared.fetch(_AWARD_VERSION, [key])


def program_version(award_version: list[tuple[Any, ...]]) -> str:
    """That of the program, out of an award's."""
    return str(award_version[0][2])


def on_roster(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Those that the roster, ribbons and figures count: neither on hold, nor resigned, nor revoked."""
    return awards.filter(state=states.GRANTED, person__erased_at=None)


def in_force(awards: QuerySet[Award], day: dt.date | None = None) -> QuerySet[Award]:
    """Those whose term covers a day, today unless said otherwise."""
    day = day or clock.today()
    return awards.filter(Q(ends=None) | Q(ends__gte=day), state=states.GRANTED, starts__lte=day)


def of_year(awards: QuerySet[Award], year: int) -> QuerySet[Award]:
    """Those that count for an award year."""
    return awards.filter(Q(last_year=None) | Q(last_year__gte=year), first_year__lte=year)


def holders_visible_to(user: Any) -> QuerySet[Person]:
    """People whose profile somebody may open: everybody with an award that stands, and who else they may see."""
    standing = Award.objects.filter(person=OuterRef("pk"), state__in=_STANDING)
    public = Q(Exists(standing), erased_at=None, merged_into=None, hidden=False)
    return Person.objects.filter(public | Q(pk__in=people_visible_to(user).values("pk")))


def profiles_to_ask_about(*, most: int = 500) -> list[Person]:
    """People with an account and an award whose profile nobody has looked at for a year, the longest first."""
    standing = Award.objects.filter(person=OuterRef("pk"), state__in=_STANDING)
    people = profiles_grown_old().filter(Exists(standing), user__is_active=True)
    return list(people.order_by("profile_asked_at", "pk")[:most])


def holds_award(person: Person, day: dt.date | None = None) -> bool:
    """Has an award in force."""
    return in_force(person.awards.all(), day).exists()


def profile_visible_to(user: Any, slug: str) -> Person | None:
    """The person whose profile has this address today, with ``standing_awards``, the newest first, each with the
    ``area_slug`` of its technology."""
    if user is None or user.pk is None:
        return person_of_awards(_PROFILE.fetch(slug))
    people = holders_visible_to(user).filter(slug=slug, merged_into=None).order_by()
    found = people.annotate(photo_digest=Coalesce("photo__digest", Value(""))).first()
    if found is not None:
        found.standing_awards = _STANDING_OF.fetch(found.pk)  # type: ignore[attr-defined]
    return found


def awards_of_public_profile(slug: str) -> QuerySet[Award]:
    """What stands of the person whose profile everybody may open at an address, each with the person. One statement finds
    them: who is in ``holders_visible_to(None)`` has such an award."""
    public = {"person__erased_at": None, "person__merged_into": None, "person__hidden": False}
    awards = _standing().filter(person__slug=slug, **public).select_related("person")
    return awards.annotate(photo_digest=Coalesce("person__photo__digest", Value("")))


def person_of_awards(awards: list[Any]) -> Person | None:
    """Whose these are, as ``profile_visible_to`` gives them."""
    if not awards:
        return None
    person: Any = awards[0].person
    person.photo_digest, person.standing_awards = awards[0].photo_digest, awards
    return person


def _standing() -> QuerySet[Award]:
    awards = Award.objects.filter(state__in=_STANDING).annotate(area_slug=F("area__slug"))
    return awards.order_by("-first_year", "area_name")


_PROFILE = KeptModels(lambda: awards_of_public_profile(Kept.ANY_WORD), Kept.ANY_WORD)
_STANDING_OF = KeptModels(lambda: _standing().filter(person=Kept.ANY))


def viewer_of(user: Any, person: Person | None = None) -> Visibility:
    """What somebody counts as when a profile decides what to show; their own shows them all."""
    if user is None or user.pk is None:
        return Visibility.EVERYONE
    if person is not None and person.user_id == user.pk:
        return Visibility.OFFICE
    if user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR):
        return Visibility.OFFICE
    holds = in_force(Award.objects.filter(person__user_id=user.pk)).exists()
    return Visibility.HOLDERS if holds else Visibility.EVERYONE


def years_of(awards: Iterable[Award | Span], *, current: int) -> list[int]:
    """The award years that a ribbon draws: those of granted awards, open-ended ones up to ``current``."""
    years: set[int] = set()
    for award in awards:
        if award.state == states.GRANTED:
            years.update(range(award.first_year, (award.last_year or max(current, award.first_year)) + 1))
    return sorted(years)


PEOPLE_A_SITEMAP = 20_000


def newest_awards(number: int) -> list[Award]:
    """The awards that were granted last, of people who do not hide their page."""
    granted = on_roster(Award.objects.filter(granted_at__lte=clock.now(), person__hidden=False))
    return list(granted.select_related("person").order_by("-granted_at", "-pk")[:number])


def pages_of_people() -> int:
    """How many sitemaps of people there are: each is about a span of rows, so the last costs what the first does."""
    last = Person.objects.aggregate(last=Max("pk"))["last"] or 0
    return last // PEOPLE_A_SITEMAP + 1


def people_pages(number: int) -> list[str]:
    """The slugs of one sitemap: profiles that everybody may open and search engines may find."""
    first = number * PEOPLE_A_SITEMAP
    span = holders_visible_to(None).filter(pk__gte=first, pk__lt=first + PEOPLE_A_SITEMAP, listed=True)
    return list(span.order_by("pk").values_list("slug", flat=True))


def pages_of_awards() -> int:
    """How many sitemaps of awards there are, by spans of rows like those of people."""
    last = Award.objects.aggregate(last=Max("pk"))["last"]
    return 0 if last is None else last // PEOPLE_A_SITEMAP + 1


def awards_pages(number: int) -> list[str]:
    """The keys of one sitemap: awards that stand, of people whom search engines may find."""
    first = number * PEOPLE_A_SITEMAP
    span = Award.objects.filter(pk__gte=first, pk__lt=first + PEOPLE_A_SITEMAP, state__in=_STANDING)
    found = span.filter(person__erased_at=None, person__hidden=False, person__listed=True)
    return list(found.order_by("pk").values_list("key", flat=True))


def awards_of(person: Person) -> list[Award]:
    """Everything that somebody was given, for their own page, the newest first."""
    return list(person.awards.order_by("-first_year", "-starts", "area_name"))


def in_force_today(awards: Iterable[Award]) -> list[Award]:
    """Those of the given awards whose term covers today; asks nothing of the database."""
    today = clock.today()
    return [
        award
        for award in awards
        if award.state == states.GRANTED
        and award.starts <= today
        and (award.ends is None or award.ends >= today)
    ]


def award_years_of(person_id: int | None) -> int:
    """In how many years somebody was awarded, for whatever area."""
    rows = prepared.fetch(
        "SELECT count(DISTINCT first_year) FROM awards_award WHERE person_id = %s", [person_id]
    )
    return int(rows[0][0])


def is_provable(award: Award) -> bool:
    """Neither revoked nor declined, and its holder not erased: only then anything is signed or printed for it."""
    return award.state in _STANDING and award.person.erased_at is None


def paper_numbered(user: Any, number: str) -> Paper | None:
    """The certificate or letter with a number, without its content: whoever was given one checks it."""
    return Paper.objects.select_related("award").defer("content").filter(number=number).first()


def with_proof(awards: QuerySet[Award]) -> QuerySet[Award]:
    """With all that a credential says and is signed by, in one statement."""
    return awards.select_related("person", "area", "credential__key", "credential__place")


def award_with_proof(user: Any, key: str) -> Award | None:
    """One award of the record with its credential, if it has one by now."""
    return with_proof(awards_visible_to(user)).filter(key=key).first()


def awards_to_sign(keys: Iterable[str] | None) -> Iterator[Award]:
    """Those with one of the keys that can be proved; without keys, all that were signed once and still can be."""
    provable = with_proof(Award.objects.filter(state__in=_STANDING, person__erased_at=None)).order_by("pk")
    if keys is None:
        return provable.filter(credential__isnull=False).iterator(chunk_size=500)
    return provable.filter(key__in=list(keys)).iterator(chunk_size=500)


def places_taken_back(number: int) -> list[int]:
    """The places of one status list whose credentials were taken back, as numbers over all lists."""
    first = number * signing.PLACES_A_LIST
    places = StatusPlace.objects.filter(
        taken_back_at__isnull=False, pk__gte=first, pk__lt=first + signing.PLACES_A_LIST
    )
    return list(places.order_by("pk").values_list("pk", flat=True))


def is_status_list(number: int) -> bool:
    """Has a place in this list been given to anybody?"""
    return number < 2**31 and StatusList.objects.filter(number=number).exists()


def trusted_keys() -> dict[str, str]:
    """Every key whose signatures stand: its name and its public part, the oldest first."""
    keys = SigningKey.objects.filter(distrusted_at=None).order_by("used_from", "pk")
    return dict(keys.values_list("name", "public"))


def visible_signing_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Which keys came and went is public."""
    return set(keys)
