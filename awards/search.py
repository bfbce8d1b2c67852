"""What somebody asks of the roster, and which awards its text means: names, cities, technologies, countries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from awards import columns as cols
from awards import wordlist
from awards.bits import Facet
from awards.columns import Array, Columns
from awards.loading import LEVELS, Loaded
from people import names
from people.models import Visibility

SORTS = ("current", "name", "years", "newest")


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
class _Meant:
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


def rows_of_text(search: Search) -> tuple[Array | None, bool]:
    """The awards that each word of the text fits, and whether a word was taken for one like it; None without a text."""
    words = sorted(names.query_words(search.text), key=len, reverse=True)  # short ones seldom mean nothing
    if not words:
        return None, False
    meant, nearly = [], False
    for word in words:
        means = _meant(search, word)
        if means.is_nothing:
            means = _nearly_meant(search, word)
            nearly = nearly or not means.is_nothing
        if means.is_nothing:  # whatever the other words mean
            return np.empty(0, np.int64), nearly
        meant.append(means)
    return _fitting(search.loaded.columns, meant), nearly


def _fitting(columns: Columns, meant: Sequence[_Meant]) -> Array:
    people: Array | None = None
    for means in meant:
        if means.is_a_person:
            both = (
                means.people if people is None else np.intersect1d(people, means.people, assume_unique=True)
            )
            people = both
    rows = np.arange(len(columns.people)) if people is None else columns.rows_of(people)
    for means in meant:
        if not means.is_a_person:
            named = np.zeros(len(columns.ids), bool)
            named[means.people] = True
            fits = named[columns.people[rows]] | cols.one_of(columns.area[rows], means.areas)
            rows = rows[fits | cols.one_of(columns.country[rows], means.countries)]
    return rows


def _meant(search: Search, word: str) -> _Meant:
    """In a name, in a city that the viewer may know, in a technology or a country."""
    loaded, short = search.loaded, wordlist.is_short(word)
    named = loaded.names.people(loaded.names.with_part(word, at_start=short))
    placed = _shown_cities(search, loaded.cities.people(loaded.cities.with_part(word, at_start=short)))
    people = np.union1d(named, placed) if len(placed) else named
    return _Meant(people, _areas_called(word, search), _countries_called(word, search))


def _nearly_meant(search: Search, word: str) -> _Meant:
    """A word that nobody has, with a letter or two changed."""
    loaded = search.loaded
    places = wordlist.word_list([*_words_of_places(search)])
    areas, countries = set[int](), set[int]()
    for like in places.like(word):
        areas |= _areas_called(places.words[like], search)
        countries |= _countries_called(places.words[like], search)
    named = loaded.names.people(loaded.names.like(word))
    placed = _shown_cities(search, loaded.cities.people(loaded.cities.like(word)))
    return _Meant(np.union1d(named, placed), areas, countries)


def _words_of_places(search: Search) -> Iterable[str]:
    words = search.loaded.words
    return (name for _key, name in (*words.area_names, *words.country_names))


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
