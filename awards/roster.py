"""The roster's search: who holds or held the award, by text, technology, place, year and years held.

A person is on the list if one award answers all questions together, on the values of that award's day. The
counts beside a question's answers leave that question itself out, so they say what choosing one more would give.
What is asked is put to columns in memory (``loading.py``, ``columns.py``): whatever stands in an address, it costs
about as much as the plain list.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from awards import columns as cols
from awards import wordlist
from awards.columns import Array, Columns, Found, Question
from awards.loading import LEVELS, Loaded
from people import names
from people.models import Visibility

QUESTIONS = ("area", "category", "region", "country", "year", "tenure", "standing", "language")
TENURES = {
    "first-year": (1, 1),
    "2-to-4-years": (2, 4),
    "5-to-9-years": (5, 9),
    "10-years-or-more": (10, 999),
}
STANDINGS = {"holders": cols.HOLDER, "alumni": cols.ALUMNI, "in-memoriam": cols.MEMORIAL}
SEARCHES_REMEMBERED = 256
SORTS = ("current", "name", "years", "newest")
COUNTED_WITH_TEXT = 2_000  # people; a text that finds more is not counted further


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

    @property
    def key(self) -> tuple[object, ...]:
        """What the people found, and their counts, hang on: not the order in which they are shown."""
        return (self.viewer, self.text, *self.answers.items())


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found. ``counts`` is empty where a text found too many people to count."""

    search: Search
    found: Found
    nearly: bool = False  # no name has the text; these are like it

    @property
    def is_counted(self) -> bool:
        return not self.search.text or self.found.total <= COUNTED_WITH_TEXT

    @property
    def people(self) -> int:
        """How many people can be listed."""
        return self.found.total if self.is_counted else COUNTED_WITH_TEXT

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Question → answer → people."""
        if not self.is_counted:
            return {}
        if self.search.is_open:
            return everybodys_counts(self.search)
        return _remembered(self.search.loaded, self.search.key, lambda: counts(self.search, self.found))

    @cached_property
    def by_country(self) -> dict[str, int]:
        """Country of an award → people found; those of whose award none is known stand under nothing."""
        columns, rows = self.found.columns, self.found.rows
        numbers = cols.people_by_answer(columns.people[rows], columns.country[rows])
        return {cols.country_code(number): people for number, people in numbers.items()}

    @property
    def as_of(self) -> dt.datetime:
        return self.search.loaded.at

    @property
    def holders(self) -> int:
        """How many of those found hold the award now."""
        return self.counts.get("standing", {}).get("holders", 0)

    def places(self, start: int, end: int) -> Array:
        """Who stands from ``start`` to ``end`` on the list."""
        columns, sort = self.found.columns, self.search.sort
        return cols.first_places(columns.ranks[sort], columns.orders[sort], self.found.people, start, end)

    def instead(self) -> list[tuple[str, int]]:
        """For a search that found nobody: each answered question, and how many there are without it."""
        columns = self.found.columns
        found = [
            (name, len(cols.ascending(columns.people[rows]))) for name, rows in self.found.without.items()
        ]
        return [(name, people) for name, people in found if people]


def find(search: Search) -> Result:
    """The people who answer to all of it."""
    columns = search.loaded.columns
    rows, nearly = _rows_of_text(search)
    questions = [
        Question(name, _QUESTIONS[name](search, answers))
        for name, answers in search.answers.items()
        if answers
    ]
    if rows is None and not questions:
        return Result(search, _everybody(search.loaded))
    return Result(search, cols.find(columns, questions, rows), nearly)


def _everybody(loaded: Loaded) -> Found:
    if "everybody" not in loaded.remembered:
        loaded.remembered["everybody"] = cols.find(loaded.columns, [])
    return loaded.remembered["everybody"]


def everybodys_counts(search: Search) -> dict[str, dict[str, int]]:
    """The counts of the whole roster, as the viewer may know them."""
    kept, key = search.loaded.remembered, ("counts", search.viewer)
    if key not in kept:
        everybody = replace(search, text="", answers={})
        kept[key] = counts(everybody, _everybody(search.loaded))
    return kept[key]


def _remembered(
    loaded: Loaded, key: tuple[object, ...], count: Callable[[], dict[str, dict[str, int]]]
) -> dict[str, dict[str, int]]:
    """Counts of the last searches: somebody who turns pages asks for the same ones each time."""
    found = loaded.counted.get(key)
    if found is None:
        found = loaded.counted[key] = count()
        for oldest in list(loaded.counted)[
            :-SEARCHES_REMEMBERED
        ]:  # other threads count too: a copy, and no error
            loaded.counted.pop(oldest, None)
    return found


# The text.


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


def _rows_of_text(search: Search) -> tuple[Array | None, bool]:
    """The awards that each word of the text fits, and whether a word was taken for one like it; None without a text."""
    words = names.query_words(search.text)
    if not words:
        return None, False
    meant, nearly = [], False
    for word in words:
        means = _meant(search, word)
        if means.is_nothing:
            means = _nearly_meant(search, word)
            nearly = nearly or not means.is_nothing
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


# One question each: which rows answer it.

Answers = tuple[str, ...]
Rows = Array | None
Test = Callable[[Columns, Rows], Array]


def _some(column: Array, rows: Rows) -> Array:
    return column if rows is None else column[rows]


def _of_column(name: str, values: Iterable[int]) -> Test:
    wanted = set(values)
    return lambda columns, rows: cols.one_of(_some(getattr(columns, name), rows), wanted)


def _of_people(fits: Callable[[Columns], Array]) -> Test:
    """``fits``: place → whether the person answers."""
    return lambda columns, rows: fits(columns)[_some(columns.people, rows)]


def _year(search: Search, answers: Answers) -> Test:
    years = sorted(map(int, answers))
    return lambda columns, rows: cols.any_year(_some(columns.first, rows), _some(columns.last, rows), years)


def _tenure(search: Search, answers: Answers) -> Test:
    def fits(columns: Columns) -> Array:
        held = columns.tenure_at(search.year)
        spans = [(held >= TENURES[answer][0]) & (held <= TENURES[answer][1]) for answer in answers]
        return np.logical_or.reduce(spans)

    return _of_people(fits)


def _language(search: Search, answers: Answers) -> Test:
    places, languages, levels = search.loaded.spoken
    wanted = [search.loaded.languages.index(one) for one in answers if one in search.loaded.languages]

    def fits(columns: Columns) -> Array:
        speaks = np.zeros(len(columns.ids), bool)
        speaks[places[cols.one_of(languages, wanted) & (levels <= LEVELS[search.viewer])]] = True
        return speaks

    return _of_people(fits)


def _keys(rows: dict[str, Any], answers: Answers) -> list[int]:
    return [rows[answer].pk for answer in answers]


_QUESTIONS: dict[str, Callable[[Search, Answers], Test]] = {
    "area": lambda search, answers: _of_column("area", search.loaded.words.areas_meant(answers)),
    "category": lambda search, answers: _of_column(
        "category", _keys(search.loaded.words.categories, answers)
    ),
    "region": lambda search, answers: _of_column("region", _keys(search.loaded.words.regions, answers)),
    "country": lambda search, answers: _of_column("country", map(cols.country_number, answers)),
    "year": _year,
    "tenure": _tenure,
    "standing": lambda search, answers: _of_people(
        lambda columns: cols.one_of(columns.stands, [STANDINGS[answer] for answer in answers])
    ),
    "language": _language,
}


# What is counted for each question: people by answer, of the rows that answer all others.


def counts(search: Search, found: Found) -> dict[str, dict[str, int]]:
    """Question → answer → people; every person is counted once an answer, however many awards they have.

    Beside an area stand the people that choosing it gives: its own and its successors'.
    """
    answered = [name for name, answers in search.answers.items() if answers]
    result = {}
    for name in QUESTIONS:
        if not search.text and answered == [name]:  # without it nothing is asked
            result[name] = everybodys_counts(search)[name]
        else:
            result[name] = _COUNTS[name](search, found.without.get(name, found.rows))
    return result


def _count_rows(name: str) -> Callable[[Search, Array], dict[str, int]]:
    def counted(search: Search, rows: Array) -> dict[str, int]:
        columns, slugs = search.loaded.columns, search.loaded.words.slugs[name]
        numbers = cols.people_by_answer(columns.people[rows], getattr(columns, name)[rows])
        return {slugs[pk]: number for pk, number in numbers.items() if pk in slugs}

    return counted


def _count_areas(search: Search, rows: Array) -> dict[str, int]:
    columns, words = search.loaded.columns, search.loaded.words
    result = _count_rows("area")(search, rows)
    followed = set[int]().union(*words.successors.values()) if words.successors else set[int]()
    rows = rows[cols.one_of(columns.area[rows], followed)]
    areas, people = columns.area[rows], columns.people[rows]
    for pk, members in words.successors.items():
        if number := len(cols.ascending(people[cols.one_of(areas, members)])):
            result[words.slugs["area"][pk]] = number
    return result


def _count_countries(search: Search, rows: Array) -> dict[str, int]:
    columns = search.loaded.columns
    numbers = cols.people_by_answer(columns.people[rows], columns.country[rows])
    return {cols.country_code(number): people for number, people in numbers.items() if number}


def _count_years(search: Search, rows: Array) -> dict[str, int]:
    columns = search.loaded.columns
    last = np.minimum(columns.last[rows], columns.current)
    people, years = cols.expanded(columns.people[rows], columns.first[rows], last)
    return {str(year): number for year, number in cols.people_by_answer(people, years).items()}


def _count_tenures(search: Search, rows: Array) -> dict[str, int]:
    columns = search.loaded.columns
    held = columns.tenure_at(search.year)[cols.ascending(columns.people[rows])]
    numbers = {
        name: int(np.count_nonzero((held >= low) & (held <= high))) for name, (low, high) in TENURES.items()
    }
    return {name: number for name, number in numbers.items() if number}


def _count_standings(search: Search, rows: Array) -> dict[str, int]:
    columns = search.loaded.columns
    numbers = np.bincount(columns.stands[cols.ascending(columns.people[rows])], minlength=4)
    return {name: int(numbers[code]) for name, code in STANDINGS.items() if numbers[code]}


def _count_languages(search: Search, rows: Array) -> dict[str, int]:
    places, languages, levels = search.loaded.spoken
    there = np.zeros(len(search.loaded.columns.ids), bool)
    there[search.loaded.columns.people[rows]] = True
    numbers = np.bincount(languages[there[places] & (levels <= LEVELS[search.viewer])])
    return {search.loaded.languages[n]: int(numbers[n]) for n in np.flatnonzero(numbers)}


_COUNTS: dict[str, Callable[[Search, Array], dict[str, int]]] = {
    "area": _count_areas,
    "category": _count_rows("category"),
    "region": _count_rows("region"),
    "country": _count_countries,
    "year": _count_years,
    "tenure": _count_tenures,
    "standing": _count_standings,
    "language": _count_languages,
}
