"""The people that a search found, by country, for the map and the list beside it."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import ngettext
from django_countries import countries

from awards.filters import RosterFilter
from awards.roster import Result


@dataclass(frozen=True)
class Country:
    """One line of the list; ``href`` lists its people."""

    name: str
    people: int
    href: str


@dataclass(frozen=True)
class CountryMap:
    """``numbers``: ISO number of a country → people. ``nowhere``: people of whose award no country is known."""

    numbers: dict[str, int]
    rows: list[Country]
    nowhere: int
    words: str


def map_of(result: Result, asked: RosterFilter) -> CountryMap:
    """Somebody with awards in two countries counts in both."""
    labels, found = asked.labels["country"], result.by_country
    rows = [
        Country(labels[code], people, asked.address_in(code))
        for code, people in found.items()
        if code in labels
    ]
    numbers = {countries.numeric(code, padded=True) or "": people for code, people in found.items()}
    words = ngettext(
        "World map of one country with people on this list, in five steps. The same figures are in the list beside it.",
        "World map of %(number)s countries with people on this list, in five steps. The same figures are in the list "
        "beside it.",
        len(rows),
    ) % {"number": number_format(len(rows))}
    return CountryMap(numbers, sorted(rows, key=lambda row: (-row.people, row.name)), found.get("", 0), words)
