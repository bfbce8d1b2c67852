"""Loads the cast: invented people with accounts, roles, expertise, awards and contributions."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts.bulk import GrantRow, SignatureRow, UserRow, copy_grants, copy_signatures, copy_users
from accounts.models import Role, User
from awards.actions import Grant, grant_awards
from charter.models import Agreement, Area, AreaName, Category, Region, RegionCountry
from common import clock, history
from common.copying import next_ids
from common.keys import new_key
from common.models import SiteFact
from contributions.models import Contribution, ContributionType
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import Entry, read_list
from people.bulk import (
    AddressRow,
    EmployerRow,
    LinkRow,
    PersonRow,
    SignInRow,
    copy_addresses,
    copy_employers,
    copy_links,
    copy_people,
    copy_sign_in_addresses,
)
from people.models import Person, Visibility
from people.names import employer_key, search_text, sort_key
from people.queries import take_slugs
from selection.bulk import ExpertiseRow, copy_expertise

FACT = "cast"
JOINED = -900  # the day on which the people of a demo got their accounts and roles
KEYS = (
    "key", "title", "does", "name", "latin_name", "email", "country", "city", "languages", "headline", "biography",
    "employer", "grants", "expertise", "awards", "contributions", "links",
)  # fmt: skip


class Catalogue:
    """What the rows of people point at, looked up once."""

    def __init__(self) -> None:
        self.regions = {region.slug: region for region in Region.objects.all()}
        self.categories = {category.slug: category for category in Category.objects.all()}
        self.areas = {area.slug: area for area in Area.objects.select_related("category")}
        self.types = {kind.code: kind for kind in ContributionType.objects.all()}
        self.for_review = list(Agreement.objects.filter(needed_for_review=True))


def load_cast(calendar: Calendar, tally: Tally) -> None:
    """Everybody in cast.yaml; ``/demo/`` reads who they are from the fact ``cast``."""
    rows = [row.only(*KEYS) for row in read_list("cast")]
    people = load_people(rows, calendar, Catalogue())
    shown = [
        {name: row.text(name) for name in ("key", "title", "does", "name", "email")} | {"person": person.key}
        for row, person in zip(rows, people, strict=True)
    ]
    SiteFact.objects.update_or_create(name=FACT, defaults={"value": shown})
    tally.new += len(people)


def cast_member(key: str) -> Person | None:
    """The person who plays a part of the cast."""
    fact = SiteFact.objects.filter(name=FACT).first()
    found = [one["person"] for one in fact.value if one["key"] == key] if fact else []
    return Person.objects.select_related("user").get(key=found[0]) if found else None


def load_people(rows: list[Entry], calendar: Calendar, catalogue: Catalogue) -> list[Person]:
    """People with accounts and whatever their rows say about them, in the order of the rows."""
    joined = calendar.at(JOINED)
    people = introduce([newcomer_of(row, joined) for row in rows])
    employers, links = [], []
    for row, person in zip(rows, people, strict=True):
        if name := row.text("employer", default=""):
            employers.append(EmployerRow(person.pk, name, employer_key(name), calendar.day(JOINED - 900)))
        for position, link in enumerate(row.entries("links")):
            link.only("kind", "url")
            links.append(LinkRow(person.pk, link.text("kind"), link.text("url"), position))
    copy_employers(employers)
    copy_links(links)
    _give_roles(rows, people, calendar, catalogue)
    _give_awards(rows, people, calendar, catalogue)
    _give_contributions(rows, people, calendar, catalogue)
    return people


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is about to be known; without an account where they never answered."""

    name: str
    latin_name: str
    country: str
    city: str
    joined: dt.datetime
    email: str = ""
    account: bool = True
    languages: tuple[str, ...] = ()
    headline: str = ""
    biography: str = ""


def newcomer_of(row: Entry, joined: dt.datetime) -> Newcomer:
    return Newcomer(
        name=row.text("name"),
        latin_name=row.text("latin_name", default=""),
        country=row.text("country"),
        city=row.text("city"),
        joined=joined,
        email=row.text("email"),
        languages=tuple(row.texts("languages")),
        headline=row.text("headline", default=""),
        biography=row.text("biography", default=""),
    )


def introduce(newcomers: list[Newcomer]) -> list[Person]:
    """Write people with their addresses and accounts, in a handful of statements; in the order given.

    Who has no address gets one at a provider that many share.
    """
    slugs = take_slugs([(one.name, one.latin_name) for one in newcomers])
    ids = next_ids(Person, len(newcomers))
    user_ids = next_ids(User, len(newcomers))
    people, users, addresses, mirrors = [], [], [], []
    for one, slug, pk, user_pk in zip(newcomers, slugs, ids, user_ids, strict=True):
        email = one.email or f"{slug}@{'mail' if len(slug) % 3 else 'post'}.example"
        user_id = user_pk if one.account else None
        people.append(
            PersonRow(
                pk, new_key(8), slug, user_id, one.name, one.latin_name, sort_key(one.name, one.latin_name),
                search_text(one.name, one.latin_name), one.country, one.city, one.headline, one.biography,
                list(one.languages),
            )
        )  # fmt: skip
        addresses.append(AddressRow(pk, email, True, one.joined if one.account else None))
        if user_id is not None:
            users.append(UserRow(user_id, email, one.joined))
            mirrors.append(SignInRow(user_id, email))
    copy_users(users)
    copy_people(people)
    copy_addresses(addresses)
    copy_sign_in_addresses(mirrors)
    history.record_many(
        history.Event("person", row.key, "create_person", at=one.joined)
        for row, one in zip(people, newcomers, strict=True)
    )
    made = Person.objects.select_related("user").prefetch_related("addresses").in_bulk(ids)
    return [made[pk] for pk in ids]


def _give_roles(rows: list[Entry], people: list[Person], calendar: Calendar, catalogue: Catalogue) -> None:
    since = calendar.day(JOINED)
    grants, signatures, expertise = [], [], []
    for row, person in zip(rows, people, strict=True):
        for grant in row.entries("grants"):
            grant.only("role", "region", "category")
            role = grant.choice("role", Role.values)
            region = (
                grant.found("region", grant["region"], catalogue.regions).pk if "region" in grant else None
            )
            category = (
                grant.found("category", grant["category"], catalogue.categories).pk
                if "category" in grant
                else None
            )
            grants.append(GrantRow(person.user_id or 0, role, since, region, category))
        for slug, level in (row.entry("expertise") if "expertise" in row else {}).items():
            expertise.append(ExpertiseRow(person.pk, row.found("area", slug, catalogue.areas).pk, level))
        for agreement in catalogue.for_review if row.entries("grants") else []:
            day = max(agreement.valid_from, since) + dt.timedelta(days=1)
            signed = dt.datetime.combine(day, dt.time(9), dt.UTC)
            signatures.append(SignatureRow(person.user_id or 0, agreement.pk, signed))
    copy_grants(grants)
    copy_expertise(expertise)
    copy_signatures(signatures)


def _give_awards(rows: list[Entry], people: list[Person], calendar: Calendar, catalogue: Catalogue) -> None:
    """Past awards without a case, each year's on its first day."""
    by_year: dict[int, list[tuple[Person, Area, str]]] = {}
    for row, person in zip(rows, people, strict=True):
        for award in row.entries("awards"):
            area = award.only("area", "years", "citation").found("area", award.text("area"), catalogue.areas)
            for offset in award["years"]:
                said = (person, area, award.text("citation", default=""))
                by_year.setdefault(calendar.year(offset), []).append(said)
    for year, given in sorted(by_year.items()):
        with clock.at(dt.datetime(year, 1, 1, 9, tzinfo=dt.UTC)):
            grant_awards([award_of_year(person, area, year, said) for person, area, said in given], by=None)


def award_of_year(person: Person, area: Area, year: int, citation: str = "") -> Grant:
    """An award for one award year, with the area's name and the person's region of its first day."""
    day = dt.date(year, 1, 1)
    on_the_day = Q(ends__isnull=True) | Q(ends__gte=day), Q(starts__lte=day)
    name = AreaName.objects.select_related("category").get(*on_the_day, area=area)
    region = RegionCountry.objects.filter(*on_the_day, country=person.country).first()
    return Grant(
        person_id=person.pk,
        area_id=area.pk,
        category_id=name.category_id,
        area_name=name.name,
        category_name=name.category.name,
        country=str(person.country),
        region_id=region.region_id if region else None,
        cycle_id=None,
        starts=day,
        ends=dt.date(year, 12, 31),
        first_year=year,
        last_year=year,
        granted_at=clock.now(),
        citation=citation,
    )


def _give_contributions(
    rows: list[Entry], people: list[Person], calendar: Calendar, catalogue: Catalogue
) -> None:
    made = []
    for row, person in zip(rows, people, strict=True):
        for one in row.entries("contributions"):
            one.only(
                "type", "area", "title", "day", "url", "quantity", "second_quantity", "reach", "visibility"
            )
            made.append(
                Contribution(
                    person=person,
                    type=one.found("contribution type", one.text("type"), catalogue.types),
                    area=one.found("area", one.text("area"), catalogue.areas),
                    title=one.text("title"),
                    url=one.text("url", default=""),
                    starts=calendar.day(one.number("day")),
                    quantity=one.get("quantity"),
                    second_quantity=one.get("second_quantity"),
                    reach=one.get("reach"),
                    visibility=one.choice("visibility", Visibility.values, default="everyone"),
                )
            )
    Contribution.objects.bulk_create(made)
