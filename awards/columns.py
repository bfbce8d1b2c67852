"""The roster as columns of numbers: what answers a search and its counts without asking the database. Pure.

A row of ``Columns`` is one award that counts. People are numbered by their place in the order of names, and rows
stand in the order of their people, those of one person by first year, so that a list of rows is a list of people in
order. Numbers of technologies,
categories and regions are the keys of their rows; a country is the number of its two letters (``country_number``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
OPEN_END = 9999  # last award year of what has no end
FEW = 64  # times fewer people, and they are looked at one by one
HOLDER, ALUMNI, MEMORIAL, OTHER = range(4)  # how a person stands


def country_number(code: str) -> int:
    """``HU`` → 18517; nothing → 0."""
    return ord(code[0]) * 256 + ord(code[1]) if len(code) == 2 and code.isascii() else 0


def country_code(number: int) -> str:
    return chr(number // 256) + chr(number % 256) if number else ""


@dataclass(frozen=True, eq=False)
class Columns:
    """Awards by row, people by place. ``names`` of a technology are those of an award's day, once each."""

    people: Array  # row → place of the person
    area: Array
    category: Array
    region: Array  # 0: none
    country: Array
    first: Array
    last: Array
    label: Array  # row → place in ``labels``
    labels: list[str]
    ids: Array  # place → key of the person's row
    stands: Array  # place → HOLDER, ALUMNI, MEMORIAL or OTHER
    current: int
    every: Array = field(init=False)  # all rows
    starts: Array = field(init=False)  # place → first row; one more at the end
    tenure: Array = field(init=False)  # place → award years up to the current one
    row_stands: Array = field(init=False)  # row → how its person stands
    row_tenure: Array = field(init=False)
    began: Array = field(init=False)  # place → first award year
    orders: dict[str, Array] = field(init=False)  # order → places
    ranks: dict[str, Array] = field(init=False)  # order → place → rank
    _held: tuple[Array, Array] = field(init=False)  # every award year of everybody: places, years
    _tenures: dict[int, Array] = field(init=False)  # year → as ``tenure``, for years that were asked for

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731 - frozen
        put("every", np.arange(len(self.people), dtype=np.int32))
        put("starts", np.searchsorted(self.people, np.arange(len(self.ids) + 1)))
        put("_held", self._award_years())
        put("_tenures", {})
        put("tenure", self.tenure_at(self.current))
        put("row_stands", self.stands[self.people])
        put("row_tenure", self.tenure[self.people])
        put("began", np.minimum.reduceat(self.first, self.starts[:-1]) if len(self.ids) else self.first)
        places = np.arange(len(self.ids), dtype=np.int32)
        orders = {
            "name": places,
            "current": np.argsort(self.stands != HOLDER, kind="stable").astype(np.int32),
            "years": np.argsort(-self.tenure, kind="stable").astype(np.int32),
            "newest": np.argsort(-self.began, kind="stable").astype(np.int32),
        }
        put("orders", orders)
        ranks = {}
        for name, order in orders.items():
            ranks[name] = np.empty(len(order), np.int32)
            ranks[name][order] = places
        put("ranks", ranks)

    def _award_years(self) -> tuple[Array, Array]:
        """Each year of each person once, by person and year; open ends run to the current year."""
        people, years = expanded(self.people, self.first, np.minimum(self.last, self._end_of_open()))
        pairs = people.astype(np.int64) * 10_000 + years
        pairs.sort(kind="stable")  # nearly in order already
        pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] if len(pairs) else pairs
        return (pairs // 10_000).astype(np.int32), (pairs % 10_000).astype(np.int16)

    def _end_of_open(self) -> Array:
        """An award of a coming year lasts at least for that year."""
        return np.where(self.last == OPEN_END, np.maximum(self.first, self.current), self.last)

    def tenure_at(self, year: int) -> Array:
        """Place → award years up to ``year``; more than 127 are said as 127."""
        if year not in self._tenures:
            people, years = self._held
            numbers = np.bincount(people[years <= year], minlength=len(self.ids))
            self._tenures[year] = np.minimum(numbers, 127).astype(np.int8)
        return self._tenures[year]

    def tenures_of(self, places: Array, year: int) -> Array:
        """The same of some people, who ascend; without counting everybody's where they are few."""
        if year in self._tenures or len(places) * FEW > len(self.ids):
            return self.tenure_at(year)[places]
        each, back = np.unique(places, return_inverse=True)
        people, years = self._held
        starts = np.searchsorted(people, np.stack((each, each + 1)).astype(people.dtype))
        held = spans(starts.T.ravel(), 2 * np.arange(len(each)))
        of = np.repeat(np.arange(len(each)), starts[1] - starts[0])
        numbers = np.bincount(of[years[held] <= year], minlength=len(each))
        return np.minimum(numbers, 127).astype(np.int8)[back]

    @property
    def award_years(self) -> tuple[Array, Array]:
        """Every award year of everybody once: places and years."""
        return self._held

    def years_of(self, place: int) -> list[int]:
        """The award years of one person, in order."""
        people, years = self._held
        # numbers of the column's own kind: others would have it copied, whole, each time
        first, last = np.searchsorted(people, np.array((place, place + 1), people.dtype))
        return [int(year) for year in years[first:last]]

    @cached_property
    def _counted(self) -> dict[str, Array]:
        """Order → how many have at most each value of what it goes by: years began, years held."""
        return {
            "newest": np.cumsum(np.bincount(self.began, minlength=1)),
            "years": np.cumsum(np.bincount(self.tenure, minlength=1)),
        }

    def skipped(
        self, sort: str, *, began: int | None = None, held: int | None = None, holds: bool = True
    ) -> int:
        """How many stand at the head of an order before the first who ``began`` in that year or earlier, has ``held`` so many
        years or fewer, or need not be a holder now."""
        if sort == "current" and not holds:
            return int(np.count_nonzero(self.stands == HOLDER))
        most = {"newest": began, "years": held}.get(sort)
        if most is None or not len(self.ids):
            return 0
        counted = self._counted[sort]
        return int(counted[-1] - counted[min(max(most, 0), len(counted) - 1)])

    def rows_of(self, places: Array) -> Array:
        """All rows of some people, who ascend."""
        return spans(self.starts, places)

    def newest_rows(self, place: int) -> list[int]:
        """The rows of one person that last as long as any, the one that began last first."""
        rows = range(int(self.starts[place]), int(self.starts[place + 1]))
        end = max(min(int(self.last[row]), max(self.current, int(self.first[row]))) for row in rows)
        newest = [row for row in rows if int(self.last[row]) >= end]
        return sorted(newest, key=lambda row: (-int(self.first[row]), self.labels[self.label[row]]))


def spans(starts: Array, numbers: Array) -> Array:
    """All of ``starts[n]`` to ``starts[n + 1] - 1``, for some n one after the other."""
    sizes = starts[numbers + 1] - starts[numbers]
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    return np.repeat(starts[numbers], sizes) + within


def expanded(people: Array, first: Array, last: Array) -> tuple[Array, Array]:
    """A pair of person and year for each year from ``first`` to ``last``, both included."""
    sizes = np.maximum(last.astype(np.int64) - first + 1, 0)
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    return np.repeat(people, sizes), np.repeat(first.astype(np.int64), sizes) + within


def one_of(column: Array, values: Iterable[int]) -> Array:
    """Where a column has one of a few values."""
    wanted = sorted(set(values))
    if not wanted:
        return np.zeros(len(column), bool)
    if len(wanted) > 3:
        known = np.zeros(max(int(column.max(initial=0)), wanted[-1]) + 1, bool)
        known[wanted] = True
        return known[column]
    found = column == wanted[0]
    for value in wanted[1:]:
        found |= column == value
    return found


def each_once(numbers: Array) -> Array:
    """In ascending order; quick where they ascend in parts already."""
    in_order = np.sort(numbers, kind="stable")
    return in_order[np.concatenate((np.ones(len(in_order[:1]), bool), in_order[1:] != in_order[:-1]))]


def stand_in(few: Array, many: Array) -> Array:
    """Where those of ``few`` are that ``many`` has too; both ascend."""
    if not len(many):
        return np.zeros(len(few), bool)
    at = np.searchsorted(many, few.astype(many.dtype, copy=False))
    return many[np.minimum(at, len(many) - 1)] == few


def any_year(first: Array, last: Array, years: Iterable[int]) -> Array:
    """Where a term covers one of these years."""
    found = np.zeros(len(first), bool)
    for year in years:
        found |= (first <= year) & (last >= year)
    return found


def first_rows(people: Array) -> Array:
    """Where each person's first row stands, of rows in the order of people."""
    return np.flatnonzero(np.concatenate((people[:1] >= 0, people[1:] != people[:-1])))


def ascending(people: Array) -> Array:
    """Each person once, of rows in the order of people."""
    return people[first_rows(people)]


def people_by_year(people: Array, first: Array, last: Array) -> dict[int, int]:
    """Year → how many different people have it in a term; ``people`` ascend, and the terms of each by first year."""
    last = np.maximum(last, first - 1)  # what begins later has no year
    changes = _begun_and_ended(first, last)
    again = np.flatnonzero((people[1:] == people[:-1]) & (first[1:] <= last[:-1]))
    if len(again):  # whoever has terms that overlap is counted by year
        theirs = one_of(people, people[again].tolist())
        changes -= _begun_and_ended(first[theirs], last[theirs])
        who, years = expanded(people[theirs], first[theirs], last[theirs])
        years = np.unique(who.astype(np.int64) * 10_000 + years) % 10_000
        changes += _begun_and_ended(years, years)
    return _some_of(np.cumsum(changes))


def _begun_and_ended(first: Array, last: Array) -> Array:
    changes: Array = np.bincount(first, minlength=10_001)
    changes -= np.bincount(last.astype(np.int32) + 1, minlength=10_001)
    return changes


def _some_of(numbers: Array) -> dict[int, int]:
    found = np.flatnonzero(numbers)
    return dict(zip(found.tolist(), numbers[found].tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows in ascending order, with what more than one count of them needs."""

    columns: Columns
    rows: Array

    @cached_property
    def people(self) -> Array:
        return self.columns.people[self.rows]

    @cached_property
    def _firsts(self) -> Array:
        return first_rows(self.people)

    @cached_property
    def each(self) -> Array:
        """Each person once."""
        return self.people[self._firsts]

    def by_answer(self, column: Array) -> dict[int, int]:
        """Answer → how many different people have it.

        Most people have one answer, however many rows: each counts with that of the first row, and then with what
        the rows after it have more.
        """
        answers, people = column[self.rows], self.people
        firsts = answers[self._firsts]
        numbers = np.bincount(firsts, minlength=int(answers.max(initial=-1)) + 1)
        more = np.flatnonzero((people[1:] == people[:-1]) & (answers[1:] != answers[:-1])) + 1
        if len(more):
            pairs = np.unique(np.stack((people[more], answers[more])), axis=1)
            before = firsts[np.searchsorted(self.each, pairs[0])]
            numbers += np.bincount(pairs[1][pairs[1] != before], minlength=len(numbers))
        return _some_of(numbers)

    def by_year(self) -> dict[int, int]:
        """Award year up to the current one → how many different people have it."""
        columns, rows = self.columns, self.rows
        return people_by_year(
            self.people, columns.first[rows], np.minimum(columns.last[rows], columns.current)
        )


def some_places(ranks: Array, order: Array, start: int, number: int, *, after: int = -1) -> Array:
    """The places of some people in an order, of those with these ranks: the first ``start`` of those behind the rank
    ``after`` left out."""
    left = ranks[ranks > after] if after >= 0 else ranks
    if len(left) > 4 * (start + number):
        left = np.partition(left, start + number)[: start + number]
    return order[np.sort(left)[start : start + number]]


@dataclass(frozen=True)
class Question:
    """One question of a search as it is put to the columns: which of ``rows`` answer it."""

    name: str
    answers: Callable[[Columns, Array | None], Array]  # rows (None: all) → where they answer


@dataclass(frozen=True, eq=False)
class Found:
    """What a search finds: the rows, and for each question those that answer all others."""

    columns: Columns
    all: Rows
    without: Mapping[str, Array]

    @property
    def people(self) -> Array:
        return self.all.each

    @property
    def total(self) -> int:
        return len(self.people)

    def leaving_out(self, question: str) -> Rows:
        """What answers all others."""
        return Rows(self.columns, self.without[question]) if question in self.without else self.all

    def total_without(self, question: str) -> int:
        return len(self.leaving_out(question).each)

    def part(self, sort: str, start: int, number: int, *, after: int = -1) -> Array:
        """As of ``bits.Hits``."""
        ranks = self.columns.ranks[sort][self.people]
        return some_places(ranks, self.columns.orders[sort], start, number, after=after)


def find(columns: Columns, questions: Iterable[Question], rows: Array | None = None) -> Found:
    """One award has to answer all questions together. ``rows``: among these alone, in ascending order."""
    masks = {question.name: question.answers(columns, rows) for question in questions}
    found = _where(list(masks.values()), columns, rows)
    without = {
        name: _where([mask for other, mask in masks.items() if other != name], columns, rows)
        for name in masks
    }
    return Found(columns, Rows(columns, found), without)


def _where(masks: list[Array], columns: Columns, rows: Array | None) -> Array:
    """The rows at which all masks hold; without one all rows."""
    if not masks:
        return columns.every if rows is None else rows
    both = masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)
    places = np.flatnonzero(both)
    return places if rows is None else rows[places]
