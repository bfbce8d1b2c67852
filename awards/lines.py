"""What a list says of one holder: technology, place and award years."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django_countries import countries

from awards.models import Award
from awards.queries import years_of
from people.models import Person, Visibility
from people.visibility import parts_shown


@dataclass(frozen=True)
class Line:
    """One person of the roster. ``note`` is empty while they hold the award."""

    person: Person
    headline: str
    area: str
    place: str
    years: list[int]
    note: str


def line_of(person: Person, *, viewer: Visibility, current: int) -> Line:
    """Technology and country are those of the newest of ``person.roster_awards``, which come newest first."""
    awards: list[Award] = person.roster_awards  # type: ignore[attr-defined]
    years, shown = years_of(awards, current=current), parts_shown(person, viewer)
    newest = [award for award in awards if not award.last_year or award.last_year >= years[-1]]
    area = ", ".join(dict.fromkeys(award.area_name for award in newest))
    headline = person.headline if "headline" in shown else ""
    return Line(
        person, headline, area, place_of(person, awards[0], viewer), years, _note(person, years, current)
    )


def place_of(person: Person, award: Award, viewer: Visibility) -> str:
    """The country of the award's day; with the city where the person may be placed in it and shows it."""
    city = person.city if "city" in parts_shown(person, viewer) else ""
    if city and person.country and award.country and person.country != award.country:
        city = ""
    country = country_names(get_language() or "en").get(str(award.country or person.country), "")
    return ", ".join(filter(None, (city, country)))


def _note(person: Person, years: list[int], current: int) -> str:
    if person.deceased:
        return _("In memoriam")
    if years[-1] == current:
        return ""
    words = ngettext("%(number)s year, until %(last)s", "%(number)s years, until %(last)s", len(years))
    return words % {"number": len(years), "last": years[-1]}


@lru_cache(maxsize=16)
def country_names(language: str) -> dict[str, str]:
    """ISO code → name in a language, by name. Reading them is slow; they never change while the site runs."""
    with override(language):
        return {code: str(name) for code, name in countries}
