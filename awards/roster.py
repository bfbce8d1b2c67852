"""The roster's search: who holds or held the award, by text, technology, place, year and years held.

A person is on the list if one award answers all questions together, on the values of that award's day. The
counts beside a question's answers leave that question itself out, so they say what choosing one more would give.
What is asked is put to what is kept in memory (``loading.py``): whatever stands in an address, it costs about as much
as the plain list. Without a text it is answered by bits (``facets.py``, ``bits.py``), with one by the awards that the
text finds (``columns.py``).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from awards import columns as cols
from awards.bits import Hits
from awards.columns import Array, Columns, Found, Question
from awards.facets import QUESTIONS, STANDINGS, TENURES
from awards.loading import Loaded
from awards.search import Search, rows_of_text

SEARCHES_REMEMBERED = 256
COUNTED_WITH_TEXT = 2_000  # people; a text that finds more is not counted further


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found. ``counts`` is empty where a text found too many people to count."""

    search: Search
    found: Found | Hits
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
        if isinstance(self.found, Hits):
            return self.search.facet("country").counts(self.found.all)
        numbers = self.found.all.by_answer(self.found.columns.country)
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
        return self.found.part(self.search.sort, start, end - start)

    def instead(self) -> list[tuple[str, int]]:
        """For a search that found nobody: each answered question, and the text under no name, with how many there are
        without it."""
        if self.search.text and any(self.search.answers.values()):
            others = find(replace(self.search, text="")).found.total
            without_text = [("", others)] if others else []
        else:
            without_text = []
        found = [
            (name, self.found.total_without(name)) for name, answers in self.search.answers.items() if answers
        ]
        return without_text + [(name, people) for name, people in found if people]


def find(search: Search) -> Result:
    """The people who answer to all of it."""
    rows, nearly = rows_of_text(search)
    if rows is None:
        return Result(search, _hits(search))
    return Result(search, find_rows(search, rows), nearly)


def find_rows(search: Search, rows: Array | None = None) -> Found:
    """The awards that answer all questions, among these alone."""
    questions = [
        Question(name, _QUESTIONS[name](search, answers))
        for name, answers in search.answers.items()
        if answers
    ]
    return cols.find(search.loaded.columns, questions, rows)


def _hits(search: Search) -> Hits:
    asked = {name: search.facet(name).any_of(answers) for name, answers in search.answers.items() if answers}
    loaded = search.loaded
    return Hits(loaded.columns, loaded.facets.layout, loaded.facets.everybody, asked)


def everybodys_counts(search: Search) -> dict[str, dict[str, int]]:
    """The counts of the whole roster, as the viewer may know them."""
    kept, key = search.loaded.remembered, ("counts", search.viewer)
    if key not in kept:
        everybody = replace(search, text="", answers={})
        kept[key] = counts(everybody, _hits(everybody))
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


# One question each: which rows answer it.

Answers = tuple[str, ...]
Among = Array | None  # rows; None: all
Test = Callable[[Columns, Among], Array]


def _some(column: Array, rows: Among) -> Array:
    return column if rows is None else column[rows]


def _of_column(name: str, values: Iterable[int]) -> Test:
    wanted = set(values)
    return lambda columns, rows: cols.one_of(_some(getattr(columns, name), rows), wanted)


def _year(search: Search, answers: Answers) -> Test:
    years = sorted(map(int, answers))
    return lambda columns, rows: cols.any_year(_some(columns.first, rows), _some(columns.last, rows), years)


def _tenure(search: Search, answers: Answers) -> Test:
    def test(columns: Columns, rows: Among) -> Array:
        if search.year == columns.current:
            held = _some(columns.row_tenure, rows)
        else:
            held = columns.tenure_at(search.year)[_some(columns.people, rows)]
        spans = [(held >= TENURES[answer][0]) & (held <= TENURES[answer][1]) for answer in answers]
        return np.logical_or.reduce(spans)

    return test


def _language(search: Search, answers: Answers) -> Test:
    loaded, wanted = search.loaded, set(answers)
    fits = np.array([not wanted.isdisjoint(way) for way in loaded.seen_languages(search.viewer)], bool)
    return lambda columns, rows: fits[loaded.speaks][_some(columns.people, rows)]


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
    "standing": lambda search, answers: _of_column("row_stands", [STANDINGS[answer] for answer in answers]),
    "language": _language,
}


# What is counted for each question: people by answer, of the rows that answer all others.


def counts(search: Search, found: Found | Hits) -> dict[str, dict[str, int]]:
    """Question → answer → people; every person is counted once an answer, however many awards they have.

    Beside an area stand the people that choosing it gives: its own and its successors'.
    """
    if isinstance(found, Found):
        return {name: _COUNTS[name](search, found.leaving_out(name)) for name in QUESTIONS}
    result = {}
    for name in QUESTIONS:
        if list(found.asked) == [name]:  # without it nothing is asked
            result[name] = everybodys_counts(search)[name]
        else:
            numbers = search.facet(name).counts(found.without(name))
            result[name] = {answer: number for answer, number in numbers.items() if answer}
    return result


def _count_rows(name: str) -> Callable[[Search, cols.Rows], dict[str, int]]:
    def counted(search: Search, rows: cols.Rows) -> dict[str, int]:
        slugs = search.loaded.words.slugs[name]
        numbers = rows.by_answer(getattr(rows.columns, name))
        return {slugs[pk]: number for pk, number in numbers.items() if pk in slugs}

    return counted


def _count_areas(search: Search, rows: cols.Rows) -> dict[str, int]:
    columns, words = search.loaded.columns, search.loaded.words
    result = _count_rows("area")(search, rows)
    followed = set[int]().union(*words.successors.values()) if words.successors else set[int]()
    areas = columns.area[rows.rows]
    at = np.flatnonzero(cols.one_of(areas, followed))
    areas, people = areas[at], rows.people[at]
    for pk, members in words.successors.items():
        if number := len(cols.ascending(people[cols.one_of(areas, members)])):
            result[words.slugs["area"][pk]] = number
    return result


def _count_countries(search: Search, rows: cols.Rows) -> dict[str, int]:
    numbers = rows.by_answer(rows.columns.country)
    return {cols.country_code(number): people for number, people in numbers.items() if number}


def _count_years(search: Search, rows: cols.Rows) -> dict[str, int]:
    return {str(year): number for year, number in rows.by_year().items()}


def _count_tenures(search: Search, rows: cols.Rows) -> dict[str, int]:
    held = rows.columns.tenure_at(search.year)[rows.each]
    by_years = np.bincount(held, minlength=128)
    numbers = {name: int(by_years[low : high + 1].sum()) for name, (low, high) in TENURES.items()}
    return {name: number for name, number in numbers.items() if number}


def _count_standings(search: Search, rows: cols.Rows) -> dict[str, int]:
    numbers = np.bincount(rows.columns.stands[rows.each], minlength=4)
    return {name: int(numbers[code]) for name, code in STANDINGS.items() if numbers[code]}


def _count_languages(search: Search, rows: cols.Rows) -> dict[str, int]:
    ways = search.loaded.seen_languages(search.viewer)
    result: dict[str, int] = {}
    for way, number in zip(
        ways, np.bincount(search.loaded.speaks[rows.each], minlength=len(ways)), strict=True
    ):
        for language in way if number else ():
            result[language] = result.get(language, 0) + int(number)
    return result


_COUNTS: dict[str, Callable[[Search, cols.Rows], dict[str, int]]] = {
    "area": _count_areas,
    "category": _count_rows("category"),
    "region": _count_rows("region"),
    "country": _count_countries,
    "year": _count_years,
    "tenure": _count_tenures,
    "standing": _count_standings,
    "language": _count_languages,
}
