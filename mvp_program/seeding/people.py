"""Loads the cast: invented people with accounts, roles, expertise, awards and contributions."""

import datetime as dt
from typing import cast

from django.db.models import Q

from accounts.models import AgreementSignature, Role, RoleGrant, User
from awards.actions import Grant, grant_awards
from charter.models import Agreement, Area, AreaName, Category, Region, RegionCountry
from common import clock
from common.models import SiteFact
from contributions.models import Contribution, ContributionType
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import Entry, read_list
from people.actions import confirm_address, create_person
from people.models import Employer, Person, PersonLink, Visibility
from people.names import employer_key
from selection.models import Expertise

FACT = "cast"
JOINED = -800  # the day on which the people of a demo got their accounts and roles
KEYS = (
    "key", "title", "does", "name", "latin_name", "email", "country", "city", "languages", "headline", "biography",
    "employer", "grants", "expertise", "awards", "contributions", "links",
)  # fmt: skip


def load_cast(calendar: Calendar, tally: Tally) -> None:
    """Everybody in cast.yaml; ``/demo/`` reads who they are from the fact ``cast``."""
    shown = []
    for row in read_list("cast"):
        row.only(*KEYS)
        with clock.at(calendar.at(JOINED)):
            person = load_person(row, calendar)
        shown.append(
            {name: row.text(name) for name in ("key", "title", "does", "name", "email")}
            | {"person": person.key}
        )
        tally.new += 1
    SiteFact.objects.update_or_create(name=FACT, defaults={"value": shown})


def load_person(row: Entry, calendar: Calendar) -> Person:
    """One person with an account and whatever the row says about them."""
    person = create_person(
        name=row.text("name"),
        latin_name=row.text("latin_name", default=""),
        country=row.text("country"),
        email=row.text("email"),
        by=None,
    )
    person.city, person.languages = row.text("city"), row.texts("languages")
    person.headline = row.text("headline", default="")
    person.biography = row.text("biography", default="")
    person.save(update_fields=["city", "languages", "headline", "biography"])
    person = confirm_address(person, row.text("email"))
    employer = row.text("employer", default="")
    if employer:
        Employer.objects.create(
            person=person, name=employer, key=employer_key(employer), starts=calendar.day(JOINED - 900)
        )
    for position, link in enumerate(row.entries("links")):
        link.only("kind", "url")
        PersonLink.objects.create(
            person=person, kind=link.text("kind"), url=link.text("url"), position=position
        )
    _give_roles(person, row, calendar)
    _give_awards(person, row, calendar)
    _give_contributions(person, row, calendar)
    return person


def _give_roles(person: Person, row: Entry, calendar: Calendar) -> None:
    user = cast(User, person.user)  # made with the person
    regions = {region.slug: region for region in Region.objects.all()}
    categories = {category.slug: category for category in Category.objects.all()}
    areas = {area.slug: area for area in Area.objects.all()}
    for grant in row.entries("grants"):
        grant.only("role", "region", "category")
        RoleGrant.objects.create(
            user=user,
            role=grant.choice("role", Role.values),
            region=grant.found("region", grant.text("region"), regions) if "region" in grant else None,
            category=grant.found("category", grant.text("category"), categories)
            if "category" in grant
            else None,
            starts=calendar.day(JOINED),
        )
    for slug, level in (row.entry("expertise") if "expertise" in row else {}).items():
        Expertise.objects.create(person=person, area=row.found("area", slug, areas), level=level)
    if row.entries("grants"):
        for agreement in Agreement.objects.filter(needed_for_review=True, valid_from__lte=clock.today()):
            AgreementSignature.objects.create(
                user=user, agreement=agreement, signed_at=calendar.at(JOINED + 1)
            )


def _give_awards(person: Person, row: Entry, calendar: Calendar) -> None:
    areas = {area.slug: area for area in Area.objects.all()}
    for award in row.entries("awards"):
        area = award.only("area", "years", "citation").found("area", award.text("area"), areas)
        for offset in award["years"]:
            year = calendar.year(offset)
            moment = dt.datetime(year, 1, 1, 9, tzinfo=dt.UTC)
            with clock.at(moment):
                grant_awards([award_of_year(person, area, year, award.text("citation", default=""))], by=None)


def award_of_year(
    person: Person, area: Area, year: int, citation: str = "", cycle_id: int | None = None
) -> Grant:
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
        cycle_id=cycle_id,
        starts=day,
        ends=dt.date(year, 12, 31),
        first_year=year,
        last_year=year,
        granted_at=clock.now(),
        citation=citation,
    )


def _give_contributions(person: Person, row: Entry, calendar: Calendar) -> None:
    types = {kind.code: kind for kind in ContributionType.objects.all()}
    areas = {area.slug: area for area in Area.objects.all()}
    for one in row.entries("contributions"):
        one.only("type", "area", "title", "day", "url", "quantity", "second_quantity", "reach", "visibility")
        Contribution.objects.create(
            person=person,
            type=one.found("contribution type", one.text("type"), types),
            area=one.found("area", one.text("area"), areas),
            title=one.text("title"),
            url=one.text("url", default=""),
            starts=calendar.day(one.number("day")),
            quantity=one.get("quantity"),
            second_quantity=one.get("second_quantity"),
            reach=one.get("reach"),
            visibility=one.choice("visibility", Visibility.values, default="everyone"),
        )
