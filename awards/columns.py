"""The roster as columns of numbers: what answers a search and its counts without asking the database. Pure.

A row of ``Columns`` is one award that counts. People are numbered by their place in the order of names, and rows
stand in the order of their people, so that a list of rows is a list of people in order. Numbers of technologies,
categories and regions are the keys of their rows; a country is the number of its two letters (``country_number``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
OPEN_END = 9999  # last award year of what has no end
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
    began: Array = field(init=False)  # place → first award year
    orders: dict[str, Array] = field(init=False)  # order → places
    ranks: dict[str, Array] = field(init=False)  # order → place → rank
    _held: tuple[Array, Array] = field(init=False)  # every award year of everybody: places, years

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731 - frozen
        put("every", np.arange(len(self.people), dtype=np.int32))
        put("starts", np.searchsorted(self.people, np.arange(len(self.ids) + 1)))
        put("_held", self._award_years())
        put("tenure", self._tenure_at(self.current))
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

    def _tenure_at(self, year: int) -> Array:
        people, years = self._held
        return np.bincount(people[years <= year], minlength=len(self.ids)).astype(np.int16)

    def tenure_at(self, year: int) -> Array:
        """Place → award years up to ``year``."""
        return self.tenure if year == self.current else _kept_tenure(self, year)

    def years_of(self, place: int) -> list[int]:
        """The award years of one person, in order."""
        people, years = self._held
        # numbers of the column's own kind: others would have it copied, whole, each time
        first, last = np.searchsorted(people, np.array((place, place + 1), people.dtype))
        return [int(year) for year in years[first:last]]

    def rows_of(self, places: Array) -> Array:
        """All rows of some people, who ascend."""
        sizes = self.starts[places + 1] - self.starts[places]
        ends = np.cumsum(sizes)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)
        return np.repeat(self.starts[places], sizes) + within

    def newest_rows(self, place: int) -> list[int]:
        """The rows of one person that last as long as any, the one that began last first."""
        rows = range(int(self.starts[place]), int(self.starts[place + 1]))
        end = max(min(int(self.last[row]), max(self.current, int(self.first[row]))) for row in rows)
        newest = [row for row in rows if int(self.last[row]) >= end]
        return sorted(newest, key=lambda row: (-int(self.first[row]), self.labels[self.label[row]]))


@lru_cache(maxsize=8)
def _kept_tenure(columns: Columns, year: int) -> Array:
    return columns._tenure_at(year)


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
        return np.isin(column, wanted, kind="table")
    found = column == wanted[0]
    for value in wanted[1:]:
        found |= column == value
    return found


def any_year(first: Array, last: Array, years: Iterable[int]) -> Array:
    """Where a term covers one of these years."""
    found = np.zeros(len(first), bool)
    for year in years:
        found |= (first <= year) & (last >= year)
    return found


def ascending(people: Array) -> Array:
    """Each person once, of rows in the order of people."""
    if not len(people):
        return people
    return people[np.concatenate(([True], people[1:] != people[:-1]))]


def people_by_answer(people: Array, answers: Array) -> dict[int, int]:
    """Answer → how many different people have it; ``people`` ascend."""
    if not len(people):
        return {}
    top = int(answers.max()) + 1
    pairs = people.astype(np.int64) * top + answers
    pairs.sort(kind="stable")  # nearly in order already, which a merge sort makes use of
    numbers = np.bincount(pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] % top)
    found = np.flatnonzero(numbers)
    return dict(zip(found.tolist(), numbers[found].tolist(), strict=True))


def first_places(ranks: Array, order: Array, found: Array, start: int, end: int) -> Array:
    """The places from ``start`` to ``end`` of those found, in an order given by its ranks."""
    if len(found) == len(order):
        return order[start:end]
    theirs = ranks[found]
    if len(theirs) > 4 * end:
        theirs = np.partition(theirs, end)[: end + 1]
    return order[np.sort(theirs)[start:end]]


@dataclass(frozen=True)
class Question:
    """One question of a search as it is put to the columns: which of ``rows`` answer it."""

    name: str
    answers: Callable[[Columns, Array | None], Array]  # rows (None: all) → where they answer


@dataclass(frozen=True, eq=False)
class Found:
    """What a search finds: the people, and for each question the rows that answer all others."""

    columns: Columns
    people: Array
    rows: Array
    without: Mapping[str, Array]

    @property
    def total(self) -> int:
        return len(self.people)


def find(columns: Columns, questions: Iterable[Question], rows: Array | None = None) -> Found:
    """One award has to answer all questions together. ``rows``: among these alone, in ascending order."""
    masks = {question.name: question.answers(columns, rows) for question in questions}
    found = _where(list(masks.values()), columns, rows)
    without = {
        name: _where([mask for other, mask in masks.items() if other != name], columns, rows)
        for name in masks
    }
    return Found(columns, ascending(columns.people[found]), found, without)


def _where(masks: list[Array], columns: Columns, rows: Array | None) -> Array:
    """The rows at which all masks hold; without one all rows."""
    if not masks:
        return columns.every if rows is None else rows
    both = masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)
    places = np.flatnonzero(both)
    return places if rows is None else rows[places]
