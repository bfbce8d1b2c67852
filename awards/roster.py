"""The roster's search: who holds or held the award, by text, technology, place, year and years held.

A person is on the list if one award answers all questions together, on the values of that award's day. The
counts beside a question's answers leave that question itself out, so they say what choosing one more would give.
What is asked is put to what is kept in memory (``loading.py``): whatever stands in an address, it costs about as much
as the plain list. It is answered by bits (``facets.py``, ``bits.py``); where a text finds few people, by their awards
(``columns.py``).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from awards import columns as cols
from awards.bits import Hits
from awards.columns import Array, Columns, Found, Question
from awards.facets import QUESTIONS, STANDINGS, TENURES
from awards.search import Meant, Search, bits_of, meant_by, rows_where_few

SEARCHES_REMEMBERED, COUNTS_REMEMBERED = 256, 2_048  # of the latter each is half a kilobyte at most
T = TypeVar("T")
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
        # whoever turns pages asks for the same ones each time
        kept, make = self.search.loaded.counted, lambda: counts(self.search, self.found)
        return _remembered(kept, self.search.key, SEARCHES_REMEMBERED, make)

    @cached_property
    def by_country(self) -> dict[str, int]:
        """Country of an award → people found; those of whose award none is known stand under nothing."""
        if isinstance(self.found, Hits):
            return self.search.facet("country").counts(self.found.without(""))
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
        return self.part(start, end - start)

    def part(self, start: int, number: int, *, after: int = -1) -> Array:
        """The same of those behind a rank. Who cannot be among them for what is asked is not looked at: they may be most."""
        sort = self.search.sort
        return self.found.part(sort, start, number, after=max(after, skipped(self.search) - 1))

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


def skipped(search: Search) -> int:
    """How many at the head of the order answer none of this."""
    answers, columns = search.answers, search.loaded.columns
    years = [int(year) for year in answers.get("year", ())]
    spans = [TENURES[answer] for answer in answers.get("tenure", ())]
    began = [max(years)] if years else []
    if spans:  # that many years ended with the one as of which they are counted
        began.append(search.year - min(low for low, _high in spans) + 1)
    held = max(high for _low, high in spans) if spans and search.year == columns.current else None
    standings = answers.get("standing", ())
    return columns.skipped(
        search.sort, began=min(began, default=None), held=held, holds=not standings or "holders" in standings
    )


def find(search: Search) -> Result:
    """The people who answer to all of it."""
    meant, nearly = meant_by(search)
    if any(means.is_nothing for means in meant):
        return Result(search, find_rows(search, np.empty(0, np.int64)), nearly)
    rows = rows_where_few(search.loaded.columns, meant)
    return Result(search, _hits(search, meant) if rows is None else find_rows(search, rows), nearly)


def find_rows(search: Search, rows: Array | None = None) -> Found:
    """The awards that answer all questions, among these alone."""
    questions = [
        Question(name, _QUESTIONS[name](search, answers))
        for name, answers in search.answers.items()
        if answers
    ]
    return cols.find(search.loaded.columns, questions, rows)


def _hits(search: Search, meant: Sequence[Meant] = ()) -> Hits:
    asked = {name: search.facet(name).any_of(answers) for name, answers in search.answers.items() if answers}
    loaded = search.loaded
    if meant:
        asked["text"] = bits_of(loaded.facets, meant)
    return Hits(loaded.columns, loaded.facets.layout, loaded.facets.everybody, asked)


def everybodys_counts(search: Search) -> dict[str, dict[str, int]]:
    """The counts of the whole roster, as the viewer may know them."""
    kept, key = search.loaded.remembered, ("counts", search.viewer)
    if key not in kept:
        everybody = replace(search, text="", answers={})
        kept[key] = counts(everybody, _hits(everybody))
    return kept[key]


def _remembered(kept: dict[Any, T], key: object, at_most: int, make: Callable[[], T]) -> T:
    """What was counted last; the oldest goes."""
    found = kept.get(key)
    if found is None:
        found = kept[key] = make()
        for oldest in list(kept)[:-at_most]:  # other threads count too: a copy, and no error
            kept.pop(oldest, None)
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
            held = columns.tenures_of(_some(columns.people, rows), search.year)
        spans = [(held >= TENURES[answer][0]) & (held <= TENURES[answer][1]) for answer in answers]
        return np.logical_or.reduce(spans)

    return test


def _language(search: Search, answers: Answers) -> Test:
    loaded, wanted = search.loaded, set(answers)
    fits = np.array([not wanted.isdisjoint(way) for way in loaded.seen_languages(search.viewer)], bool)
    return lambda columns, rows: fits[loaded.speaks[_some(columns.people, rows)]]


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
            numbers = search.facet(name).named(_numbers(search, found, name))
            result[name] = {answer: number for answer, number in numbers.items() if answer}
    return result


def _numbers(search: Search, found: Hits, name: str) -> Array:
    """How many give each answer to one question. Beside a single other question they are remembered: those are asked again
    and again, and found in most people."""
    count = lambda: search.facet(name).numbers(found.without(name))  # noqa: E731
    others = [other for other in found.asked if other != name]
    if len(others) != 1 or search.text:
        return count()
    year = search.year if "tenure" in (name, *others) else 0
    key = (search.viewer, year, name, others[0], search.answers[others[0]])
    return _remembered(search.loaded.counted_beside, key, COUNTS_REMEMBERED, count)


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
    held = rows.columns.tenures_of(rows.each, search.year)
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
