"""What somebody asks of the roster, and which awards its text means: names, cities, technologies, countries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import get_language

from awards import columns as cols
from awards import wordlist
from awards.bits import Bits, Facet
from awards.columns import Array, Columns
from awards.facets import Facets
from awards.loading import LEVELS, Loaded
from people import names
from people.models import Visibility

SORTS = ("current", "name", "years", "newest")
FEW_PEOPLE = 2_500  # whose awards are looked at one by one; of more, bits are quicker


@dataclass(frozen=True)
class Search:
    """What somebody asks of the roster. Answers to one question are alternatives; every value is known."""

    viewer: Visibility
    loaded: Loaded
    text: str = ""
    sort: str = "current"
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Nothing is asked."""
        return not self.text and not any(self.answers.values())

    @property
    def current(self) -> int:
        return self.loaded.columns.current

    @property
    def year(self) -> int:
        """The year as of which years held are counted: the newest one chosen, else the current one."""
        return max(map(int, self.answers.get("year", ())), default=self.current)

    def facet(self, question: str) -> Facet:
        """Who gives which answer, as the viewer may know it."""
        return self.loaded.facets.of(question, year=self.year, level=LEVELS[self.viewer])

    @property
    def key(self) -> tuple[object, ...]:
        """What the people found, and their counts, hang on: not the order in which they are shown."""
        return (self.viewer, self.text, *self.answers.items())


@dataclass(frozen=True, eq=False)
class Meant:
    """What a word stands for: people by name or city, technologies, countries."""

    people: Array
    areas: set[int]
    countries: set[int]

    @property
    def is_nothing(self) -> bool:
        return not (len(self.people) or self.areas or self.countries)

    @property
    def is_a_person(self) -> bool:
        return not (self.areas or self.countries)


def meant_by(search: Search) -> tuple[list[Meant], bool]:
    """What each word of the text stands for, and whether one was taken for a word like it. Where a word means nothing, it is
    the last."""
    words = sorted(names.query_words(search.text), key=len, reverse=True)  # short ones seldom mean nothing
    meant, nearly = [], False
    for word in words:
        means = _meant(search, word)
        if means.is_nothing:
            means = _nearly_meant(search, word)
            nearly = nearly or not means.is_nothing
        meant.append(means)
        if means.is_nothing:  # whatever the other words mean
            break
    return meant, nearly


def rows_where_few(columns: Columns, meant: Sequence[Meant]) -> Array | None:
    """The awards that every word fits, where one of them means few people and nothing else; None where none does."""
    named = sorted((means.people for means in meant if means.is_a_person), key=len)
    if not named or len(named[0]) > FEW_PEOPLE:
        return None
    people, *others = named
    for more in others:
        people = people[cols.stand_in(people, more)]
    rows = columns.rows_of(people)
    for means in meant:
        if not means.is_a_person:
            fits = cols.stand_in(columns.people[rows], means.people)
            fits |= cols.one_of(columns.area[rows], means.areas)
            rows = rows[fits | cols.one_of(columns.country[rows], means.countries)]
    return rows


def bits_of(facets: Facets, meant: Iterable[Meant]) -> Bits:
    """The stints that every word fits."""
    return np.bitwise_and.reduce([_bits_of(facets, means) for means in meant])


def _bits_of(facets: Facets, means: Meant) -> Bits:
    found = facets.layout.of_places(means.people)
    if means.areas:
        found |= facets.areas.any_of(map(str, means.areas))
    if means.countries:
        found |= facets.plain["country"].any_of(map(cols.country_code, means.countries))
    return found


def _meant(search: Search, word: str) -> Meant:
    """In a name, in a city that the viewer may know, in a technology or a country."""
    loaded, short = search.loaded, wordlist.is_short(word)
    named = loaded.names.people(loaded.names.with_part(word, at_start=short))
    placed = _shown_cities(search, loaded.cities.people(loaded.cities.with_part(word, at_start=short)))
    people = cols.each_once(np.concatenate((named, placed))) if len(placed) else named
    return Meant(people, _areas_called(word, search), _countries_called(word, search))


def _nearly_meant(search: Search, word: str) -> Meant:
    """A word that nobody has, with a letter or two changed."""
    loaded, places = search.loaded, _words_of_places(search)
    areas, countries = set[int](), set[int]()
    for like in places.like(word):
        areas |= _areas_called(places.words[like], search)
        countries |= _countries_called(places.words[like], search)
    named = loaded.names.people(loaded.names.like(word))
    placed = _shown_cities(search, loaded.cities.people(loaded.cities.like(word)))
    return Meant(cols.each_once(np.concatenate((named, placed))), areas, countries)


def _words_of_places(search: Search) -> wordlist.WordList:
    """The words of technologies and countries, in the reader's language."""
    kept, key = search.loaded.remembered, ("words of places", get_language())
    if key not in kept:
        words = search.loaded.words
        named = (name for _key, name in (*words.area_names, *words.country_names))
        kept[key] = wordlist.word_list(named)
    return kept[key]


def _shown_cities(search: Search, people: Array) -> Array:
    return people[search.loaded.city_levels[people] <= LEVELS[search.viewer]]


def _areas_called(word: str, search: Search) -> set[int]:
    """Areas with a word that begins so; four letters and more may stand anywhere in a name."""
    begins = f" {word}"
    named = search.loaded.words.area_names
    return {pk for pk, name in named if begins in f" {name}" or (len(word) > 3 and word in name)}


def _countries_called(word: str, search: Search) -> set[int]:
    """Countries with a word that begins so; two letters must be the whole name, such as UK."""
    named = search.loaded.words.country_names
    if len(word) < 3:
        return {cols.country_number(code) for code, name in named if name == word}
    return {cols.country_number(code) for code, name in named if f" {word}" in f" {name}"}
