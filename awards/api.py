"""Who holds what, for programs: the roster with its filters, a person, an award. What is hidden on a profile is empty."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from accounts.api import OPEN, user_of
from awards import cursors, queries, roster, states
from awards.facets import QUESTIONS, STANDINGS, TENURES
from awards.filters import RosterFilter
from awards.lines import Line, lines_of
from awards.loading import loaded, roster_version
from awards.models import Award
from awards.search import SORTS
from charter.queries import program
from common import clock
from common.http import address_of
from contributions.queries import contributions_of_the_year
from people.models import Person, Visibility
from people.queries import is_erased, links_of, person_once_at, pk_of_key
from people.visibility import parts_shown

router = Router(tags=["Roster"], auth=OPEN)
PEOPLE_AT_MOST = 100
_WEB = ("https://", "http://")


class RosterQuery(Schema):
    """The questions of the roster; answers to one may be repeated. What is not known is passed over."""

    q: str = Field("", description="A name, technology or place, as in the search of the roster.")
    area: list[str] = Field([], description="Slugs of technologies; their successors are found too.")
    category: list[str] = Field([], description="Slugs of award categories.")
    region: list[str] = Field([], description="Slugs of regions.")
    country: list[str] = Field([], description="Two-letter codes (ISO 3166).")
    year: list[str] = Field([], description="Award years.")
    tenure: list[str] = Field([], description=", ".join(TENURES))
    standing: list[str] = Field([], description=", ".join(STANDINGS))
    language: list[str] = Field([], description="Codes of languages.")
    sort: str = Field("current", description=", ".join(SORTS))
    cursor: str = Field("", description="As the answer before gave it in `next`.")
    limit: int = Field(50, ge=1, le=PEOPLE_AT_MOST)


class ListedOut(Schema):
    """A person of the roster. ``place`` in English; ``country`` is that of the newest award."""

    slug: str
    url: str
    name: str
    headline: str
    area: str
    place: str
    country: str
    award_years: list[int]
    holds_now: bool


class RosterOut(Schema):
    """``total``: people found. ``as_of``: the moment of which this is true; a change shows within a minute."""

    total: int
    as_of: dt.datetime
    people: list[ListedOut]
    next: str | None = Field(description="The address of the next page; null on the last one.")


class HolderOut(Schema):
    slug: str
    name: str
    url: str


class AwardOut(Schema):
    """One award, with names and country of its day. ``holder`` is null where the name is withheld.

    ``status``: in_force, ended, not_begun, on_hold, declined or revoked.
    """

    key: str
    number: str
    url: str
    credential: str | None
    status: str
    holder: HolderOut | None
    area: str
    area_name: str
    category_name: str
    country: str
    first_year: int
    last_year: int | None
    starts: dt.date
    ends: dt.date | None
    citation: str


class ActivityOut(Schema):
    type: str
    title: str
    date: dt.date
    link: str
    area: str


class PersonOut(Schema):
    """A profile. Parts that its owner does not show to you are empty, as parts that say nothing are."""

    slug: str
    url: str
    name: str
    in_memoriam: bool
    holds_now: bool
    award_years: list[int]
    headline: str
    biography: str
    city: str
    languages: list[str]
    links: list[str]
    awards: list[AwardOut]
    contributions: list[ActivityOut]


@router.get("/people", response={200: RosterOut}, url_name="people", summary="The roster")
def people(request: HttpRequest, asked: Query[RosterQuery], response: HttpResponse) -> Any:
    """Everybody who holds or held the award, page by page."""
    viewer, known = queries.viewer_of(user_of(request)), _versions()
    read = loaded(known[0])
    response["ETag"] = tag = tag_of(*known, viewer, request.get_full_path())
    request.versions = (_versions, known)  # type: ignore[attr-defined]  # for the door: see mvp_program/api_door.py
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    result = roster.find(RosterFilter(_as_roster_query(asked), viewer=viewer, loaded=read).search)
    rank = _rank(result, asked.cursor)
    places = cursors.places_after(result, rank, asked.limit + 1)
    with translation.override("en"):
        lines = lines_of(places[: asked.limit], result.found.columns, viewer=viewer)
    following = None
    if len(places) > asked.limit and lines:
        last = int(result.found.columns.ranks[result.search.sort][places[asked.limit - 1]])
        following = _address(request, cursor=str(cursors.Cursor(lines[-1].person.key, last)))
        response["Link"] = f'<{following}>; rel="next"'
    return {
        "total": result.found.total,
        "as_of": result.as_of,
        "people": [_listed(line, result.search.current) for line in lines],
        "next": following,
    }


def _versions() -> tuple[tuple[int, int], tuple[int, int], dt.date]:
    """Of the tables, of what is kept of them, and the day."""
    version = roster_version()
    return version, loaded(version).version, clock.today()


def tag_of(*parts: object) -> str:
    """What an answer depends on, as an ETag."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _as_roster_query(asked: RosterQuery) -> QueryDict:
    """The same question as an address of the roster's page."""
    query = QueryDict(mutable=True)
    query["q"], query["sort"] = asked.q, asked.sort
    for question in QUESTIONS:
        query.setlist(question, getattr(asked, question))
    return query


def _rank(result: roster.Result, text: str) -> int:
    if not text:
        return -1
    cursor = cursors.read_cursor(text)
    if cursor is None:
        raise HttpError(400, "This cursor is none of ours. Begin again without one.")
    return cursors.rank_of(result, pk_of_key(cursor.key), cursor.rank - 1)


def _address(request: HttpRequest, **others: str) -> str:
    query = request.GET.copy()
    for name, value in others.items():
        query[name] = value
    return f"{settings.SITE_URL}{request.path}?{query.urlencode()}"


def _listed(line: Line, current: int) -> dict[str, Any]:
    return {
        "slug": line.person.slug,
        "url": _page_of(line.person.slug),
        "name": line.person.name,
        "headline": line.headline,
        "area": line.area,
        "place": line.place,
        "country": line.country,
        "award_years": line.years,
        "holds_now": not line.note,
    }


@router.get("/people/{slug}", response={200: PersonOut}, url_name="person", summary="A person")
def person(request: HttpRequest, slug: str, response: HttpResponse) -> Any:
    """The profile at an address. An old address answers 301; an erased one 410."""
    user = user_of(request)
    found = queries.profile_visible_to(user, slug)
    if found is None:
        return _elsewhere(user, slug)
    return _person(found, queries.viewer_of(user, person=found))


def _elsewhere(user: Any, slug: str) -> HttpResponse:
    moved, erased = person_once_at(slug), is_erased(slug)
    if moved and queries.profile_visible_to(user, moved.slug):
        to = reverse("api:person", args=[moved.slug])
        return HttpResponse(status=301, headers={"Location": to})
    if erased:
        raise HttpError(410, "Whoever had this page asked us to erase it.")
    raise HttpError(404, "There is no such page.")


def _person(found: Person, viewer: Visibility) -> dict[str, Any]:
    shown, today = parts_shown(found, viewer), clock.today()
    held: list[Award] = found.standing_awards  # type: ignore[attr-defined]
    links = [link.url for link in links_of(found) if link.url.startswith(_WEB)]
    return {
        "slug": found.slug,
        "url": _page_of(found.slug),
        "name": found.name,
        "in_memoriam": found.deceased,
        "holds_now": any(status_of(award, today) == "in_force" for award in held),
        "award_years": queries.years_of(held, current=program().current_year),
        "headline": found.headline if "headline" in shown else "",
        "biography": found.biography if "biography" in shown else "",
        "city": found.city if "city" in shown else "",
        "languages": found.languages if "languages" in shown else [],
        "links": links if "links" in shown else [],
        "awards": [_award(award, found) for award in held],
        "contributions": [
            {
                "type": one.type.code,
                "title": one.title,
                "date": one.starts,
                "link": one.url,
                "area": one.area.slug if one.area else "",
            }
            for one in contributions_of_the_year(found, viewer=viewer)
        ],
    }


@router.get("/awards/{key}", response={200: AwardOut}, url_name="award", summary="An award")
def award(request: HttpRequest, key: str) -> Any:
    """One award of the record, ended and revoked ones included. The number is the key with a dash."""
    found = queries.award_with_person(user_of(request), key.replace("-", "").upper()[:12])
    if found is None:
        raise HttpError(404, "There is no such award.")
    return _award(found, found.person)


def status_of(award: Award, today: dt.date) -> str:
    """What has become of an award, in a word."""
    if award.state != states.GRANTED:
        return {states.RESIGNED: "declined"}.get(award.state, str(award.state))
    if award.starts > today:
        return "not_begun"
    return "ended" if award.ends and award.ends < today else "in_force"


def _award(award: Award, person: Person) -> dict[str, Any]:
    """As the award's page says it: of what was revoked or declined neither holder nor technology."""
    gone = award.state in (states.REVOKED, states.RESIGNED)
    withheld = gone or person.erased_at is not None
    return {
        "key": award.key,
        "number": award.number,
        "url": settings.SITE_URL + address_of("awards:award", award.key),
        "credential": None if withheld else settings.SITE_URL + address_of("awards:credential", award.key),
        "status": status_of(award, clock.today()),
        "holder": None
        if withheld
        else {"slug": person.slug, "name": person.name, "url": _page_of(person.slug)},
        "area": "" if gone else award.area_slug,  # type: ignore[attr-defined]
        "area_name": "" if gone else award.area_name,
        "category_name": "" if gone else award.category_name,
        "country": "" if withheld else str(award.country),
        "first_year": award.first_year,
        "last_year": award.last_year,
        "starts": award.starts,
        "ends": award.ends,
        "citation": "" if withheld else award.citation,
    }


def _page_of(slug: str) -> str:
    return settings.SITE_URL + address_of("person", slug)
