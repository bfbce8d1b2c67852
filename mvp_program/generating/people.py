"""Invents people: holders with their years, new nominees, staff, and everybody who nominates and endorses."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accounts.bulk import UserRow
from accounts.models import User
from awards.models import Award
from charter.models import Area
from mvp_program.generating.careers import careers, holders_by_year
from mvp_program.generating.chance import Ids, Keys, Weighted, shares
from mvp_program.generating.names import Name, Names
from mvp_program.generating.sizes import Size
from mvp_program.generating.texts import Texts
from mvp_program.generating.world import World, awards_by_year, awards_there
from people import names as computed
from people.bulk import AddressRow, EmployerRow, LinkRow, PersonRow, SignInRow
from people.models import Person
from people.queries import take_slugs

LINK_KINDS = ("website", "forum", "videos")
ENDINGS = (Award.EndReason.RETIRED, Award.EndReason.EMPLOYED, Award.EndReason.DECEASED)
ENDED = 0.02  # of those whose last award is past: it ended before its term
UNLISTED, HIDDEN, CLOSED = (
    0.02,
    0.005,
    0.06,
)  # of the holders: not for search engines, no page, a part of it for few
FEWER = ({"city": "holders"}, {"languages": "holders"}, {"links": "office"}, {"contributions": "office"})


@dataclass(slots=True, eq=False)
class Someone:
    """An invented person on the way to the database."""

    id: int
    key: str
    name: Name
    country: str
    city: str
    languages: list[str]
    area: Area
    employer: str = ""
    years: list[int] = field(default_factory=list)
    slug: str = ""
    email: str = ""
    user_id: int | None = None
    account: bool = False
    ending: str = ""
    ended: dt.date | None = None

    @property
    def called(self) -> str:
        return (self.name.latin or self.name.written).split()[0]


class Population:
    """Everybody who is invented, by what they are."""

    def __init__(self, world: World, size: Size) -> None:
        self.world, self.size = world, size
        self.chance = random.Random(f"{size.name}/people")  # noqa: S311  invented people, no secret
        self.names, self.texts = Names(self.chance), Texts(self.chance)
        self._keys, self._ids, self._user_ids = Keys(self.chance), Ids(Person), Ids(User)
        self._anywhere, self._any_area = anywhere(size), any_area(size, world)
        self.everybody: list[Someone] = []
        self.holders = self._invent_holders()
        end_some(self.holders, random.Random(f"{size.name}/endings"), world)  # noqa: S311
        self.by_area: dict[str, list[Someone]] = {}

    def invent(
        self, *, country: str = "", area: Area | None = None, years: list[int] | None = None
    ) -> Someone:
        """One more person; where and for what by weight, unless given."""
        country = country or self._anywhere.draw(self.chance)
        name = self.names.name(country)
        language = self.chance.choice(self.names.countries[country].languages)
        someone = Someone(
            id=self._ids.take(),
            key=self._keys.take(8),
            name=name,
            country=country,
            city=self.names.city(country),
            languages=list(dict.fromkeys([language, "en"])),
            area=area or self._any_area.draw(self.chance),
            employer=self.names.employer() if self.chance.random() < 0.7 else "",
            years=years or [],
        )
        self.everybody.append(someone)
        return someone

    def invent_staff(self, area: Area | None = None, country: str = "") -> Someone:
        """Somebody who works for the organiser."""
        someone = self.invent(area=area, country=country)
        someone.employer, someone.account = self.world.program.organiser, True
        return someone

    def settle(self) -> None:
        """Give everybody a slug, an address and, where they want one, an account number."""
        slugs = take_slugs([(one.name.written, one.name.latin) for one in self.everybody])
        staff = self.world.program.organiser
        for one, slug in zip(self.everybody, slugs, strict=True):
            one.slug = slug
            one.email = self._address(one, staff)
            one.user_id = self._user_ids.take() if one.account else None

    def _address(self, one: Someone, staff: str) -> str:
        """At the organiser, a provider that many use, their own domain or their employer's."""
        if one.employer == staff:
            return f"{one.slug}@{self.world.program.organiser_domains[-1]}"
        draw = self.chance.random()
        if draw < 0.35:
            return f"{one.slug}@{self.chance.choice(self.world.program.public_mail_domains)}"
        if draw < 0.7 or not one.employer:
            return f"mail@{one.slug}.example"
        return f"{one.slug}@{one.employer.lower().replace(' ', '-')}.example"

    def _invent_holders(self) -> list[Someone]:
        """Persons for every career; those who hold the award today fill the countries and areas exactly."""
        world, size = self.world, self.size
        year = world.calendar.year(0)
        scale = size.in_force / size.growth[-1]
        curve = [max(1, round(number * scale)) for number in size.growth]
        holders = holders_by_year(curve, world.program.first_year, year)
        there = awards_there(world.calendar.day(0))
        for before, count in awards_by_year().items():
            holders[before] = max(holders[before] - count, 0)
        holders[year] = size.in_force - len(there)
        lives = careers(self.chance, holders, first_year_share=size.first_year_share)
        now = sum(1 for years in lives if years[-1] == year)
        countries, areas = self._places_of_today(now + len(there))
        for award in there:
            self._strike(countries, str(award.country))
            self._strike(areas, award.area.slug)
        self.chance.shuffle(countries)
        self.chance.shuffle(areas)
        people = []
        for years in sorted(lives, key=lambda years: (years[0], -len(years))):
            if years[-1] == year:
                country = self._settled(countries, years[0])
                area = world.areas[areas.pop()]
            else:
                country = somewhere(self._anywhere, self.chance, world, years[0])
                area = self._any_area.draw(self.chance)
            people.append(self.invent(country=country, area=area, years=years))
        return people

    def _places_of_today(self, number: int) -> tuple[list[str], list[str]]:
        """A country and an area for each holder of today, as often as they should come."""
        size = self.size
        weights = {area.slug: size.areas.get(area.slug, size.other_areas) for area in self.world.open_areas}
        by_country, by_area = shares(number, size.countries), shares(number, weights)
        countries = [code for code, count in by_country.items() for _ in range(count)]
        return countries, [slug for slug, count in by_area.items() for _ in range(count)]

    def _strike(self, places: list[str], taken: str) -> None:
        """Somebody is there already: one place less, of the same kind if there is one."""
        places.remove(taken if taken in places else places[-1])

    def _settled(self, countries: list[str], year: int) -> str:
        """The next country that belonged to a region when the person began; a late one waits."""
        for place in range(len(countries) - 1, -1, -1):
            if self.world.opened(countries[place]) <= year:
                return countries.pop(place)
        return countries.pop()


def anywhere(size: Size) -> Weighted[str]:
    return Weighted(list(size.countries), list(size.countries.values()))


def any_area(size: Size, world: World) -> Weighted[Area]:
    return Weighted(
        world.open_areas, [size.areas.get(area.slug, size.other_areas) for area in world.open_areas]
    )


def somewhere(countries: Weighted[str], chance: random.Random, world: World, year: int) -> str:
    """A country that belonged to a region in a year."""
    for _attempt in range(50):
        country = countries.draw(chance)
        if world.opened(country) <= year:
            return country
    return "US"


def end_some(people: Iterable[Someone], chance: random.Random, world: World) -> None:
    """The last award of some who hold none today ended before its term."""
    this_year = world.calendar.year(0)
    for one in people:
        if one.years and one.years[-1] < this_year and chance.random() < ENDED:
            one.ending = chance.choice(ENDINGS)
            one.ended = dt.date(one.years[-1], 1, 1) + dt.timedelta(days=chance.randrange(30, 360))


def actor(user_id: int | None) -> User | None:
    """The account that history names."""
    return User(pk=user_id) if user_id else None


def person_rows(people: Iterable[Someone], texts: Texts, chance: random.Random) -> Iterator[PersonRow]:
    for one in people:
        category, area = one.area.category.slug, one.area.name
        speaks_up = bool(one.years) or chance.random() < 0.3
        lines = chance.choice((0, 1, 1, 2, 3)) if one.years else 0
        biography = "\n\n".join(
            dict.fromkeys(
                texts.some("biographies", category, area, one.called, one.city) for _ in range(lines)
            )
        )
        written, latin = one.name.written, one.name.latin
        yield (
            PersonRow(
                id=one.id,
                key=one.key,
                slug=one.slug,
                user_id=one.user_id,
                name=written,
                latin_name=latin,
                sort_key=computed.sort_key(written, latin),
                search_text=computed.search_text(written, latin),
                country=one.country,
                city=one.city if speaks_up else "",
                headline=texts.headline(one.languages[0], category, area) if speaks_up else "",
                biography=biography,
                languages=one.languages,
                visibility=chance.choice(FEWER) if one.years and chance.random() < CLOSED else {},
                listed=not one.years or chance.random() >= UNLISTED,
                hidden=bool(one.years) and not one.account and chance.random() < HIDDEN,
                deceased=one.ending == Award.EndReason.DECEASED,
                deceased_on=one.ended if one.ending == Award.EndReason.DECEASED else None,
                left_for_organiser_on=one.ended if one.ending == Award.EndReason.EMPLOYED else None,
            )
        )


def user_rows(population: Population, joined: dt.datetime) -> list[UserRow]:
    return [
        UserRow(one.user_id, one.email, joined) for one in population.everybody if one.user_id is not None
    ]


def sign_in_rows(population: Population) -> list[SignInRow]:
    return [SignInRow(one.user_id, one.email) for one in population.everybody if one.user_id is not None]


def address_rows(population: Population, joined: dt.datetime) -> list[AddressRow]:
    return [
        AddressRow(one.id, one.email, True, joined if one.user_id else None) for one in population.everybody
    ]


def employer_rows(population: Population) -> list[EmployerRow]:
    """Today's employer, and now and then the one before."""
    chance, today = population.chance, population.world.calendar.first
    rows = []
    for one in population.everybody:
        if not one.employer:
            continue
        began = today - dt.timedelta(days=chance.randrange(30, 5000))
        rows.append(EmployerRow(one.id, one.employer, computed.employer_key(one.employer), began))
        if chance.random() < 0.15:
            before = population.names.employer()
            left = began - dt.timedelta(days=1)
            rows.append(EmployerRow(one.id, before, computed.employer_key(before), None, left))
    return rows


def link_rows(people: Iterable[Someone], chance: random.Random) -> Iterator[LinkRow]:
    for one in people:
        if one.years:
            for position, kind in enumerate(LINK_KINDS[: chance.randrange(4)]):
                path = "" if kind == "website" else f"{kind}/"
                yield LinkRow(one.id, kind, f"https://{one.slug}.example/{path}", position)
