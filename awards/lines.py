"""What a list says of one holder: technology, place and award years."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django_countries import countries

from awards import columns as cols
from awards.columns import Array, Columns
from awards.models import Award
from common import prepared
from common.languages import named
from common.ordinals import nth
from people.models import Person, Visibility
from people.visibility import parts_shown, seen_by

_PEOPLE = """
    SELECT id, key, slug, name, deceased, headline, coalesce(visibility->>'headline', 'everyone'), city,
        coalesce(visibility->>'city', 'everyone'), country
    FROM people_person WHERE id = ANY(%s::bigint[]) AND erased_at IS NULL
"""


@dataclass(frozen=True)
class Listed:
    """Whom a line is about."""

    key: str
    slug: str
    name: str


@dataclass(frozen=True)
class Line:
    """One person of the roster. ``note`` is empty while they hold the award; ``area`` says ``areas`` as they were called
    when the award was given, for files and the API."""

    person: Listed
    headline: str
    area: str
    place: str
    years: list[int]
    note: str
    country: str = ""  # of the newest award, else where they live
    areas: tuple[str, ...] = ()

    @property
    def area_named(self) -> str:
        """In the reader's language."""
        return ", ".join(map(named, self.areas)) or self.area

    @property
    def nth(self) -> str:
        """5th year."""
        return _("%(nth)s year") % {"nth": nth(len(self.years))}


def lines_of(places: Array, columns: Columns, *, viewer: Visibility) -> list[Line]:
    """One statement. Technology and country are those of a person's newest awards; who was erased is left out."""
    ids = [int(columns.ids[place]) for place in places]
    rows = {row[0]: row[1:] for row in prepared.fetch(_PEOPLE, [ids])} if ids else {}
    read = ((int(place), rows[pk]) for place, pk in zip(places, ids, strict=True) if pk in rows)
    return [_line(place, row, columns, seen_by(viewer)) for place, row in read]


def _line(place: int, row: tuple, columns: Columns, seen: Iterable[str]) -> Line:
    key, slug, name, deceased, headline, sees_headline, city, sees_city, country = row
    newest, years = columns.newest_rows(place), columns.years_of(place)
    there = cols.country_code(int(columns.country[newest[0]]))
    areas = tuple(dict.fromkeys(columns.labels[columns.label[row]] for row in newest))
    return Line(
        person=Listed(key, slug, name),
        headline=headline if sees_headline in seen else "",
        area=", ".join(areas),
        areas=areas,
        place=_place(city if sees_city in seen else "", country, there),
        years=years,
        note=_note(deceased, years, columns.current),
        country=there or country,
    )


def place_of(person: Person, award: Award, viewer: Visibility) -> str:
    """The country of the award's day; with the city where the person may be placed in it and shows it."""
    city = person.city if "city" in parts_shown(person, viewer) else ""
    return _place(city, str(person.country), str(award.country))


def _place(city: str, lives: str, there: str) -> str:
    if city and lives and there and lives != there:
        city = ""
    country = country_names(get_language() or "en").get(there or lives, "")
    return ", ".join(filter(None, (city, country)))


def _note(deceased: bool, years: list[int], current: int) -> str:
    if deceased:
        return _("In memoriam")
    if current in years:
        return ""
    words = ngettext("%(number)s year, until %(last)s", "%(number)s years, until %(last)s", len(years))
    return words % {"number": len(years), "last": years[-1]}


@lru_cache(maxsize=16)
def country_names(language: str) -> dict[str, str]:
    """ISO code → name in a language, by name. Reading them is slow; they never change while the site runs."""
    with override(language):
        return {code: str(name) for code, name in countries}
