"""The ribbon of award years: one stripe a year; pale not held, light the first award, gold every fifth.

First and fifth are counted over all award years of the person, whatever part of them is drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WINDOW = 12
_WIDTH, _STEP, _HEIGHT = 10, 11, 16


@dataclass(frozen=True)
class Year:
    """One year of a person: ``kind`` is gap, first, fifth or held; ``number`` counts awards from 1."""

    year: int
    kind: str
    number: int
    is_mark: bool = False

    @property
    def century(self) -> str:
        """The part of the label that gives way where there is little room."""
        return f"{self.year:04}"[:2]

    @property
    def short(self) -> str:
        return f"{self.year:04}"[2:]


@dataclass(frozen=True)
class Strip:
    """The strip of the last 12 years. ``shapes``: kind → path of an SVG of 131 × 16, oldest slot at 0."""

    shapes: dict[str, str]
    years: tuple[int, ...]
    before: int
    start: int


def kind_of(number: int) -> str:
    """What the ``number``-th award year looks like."""
    if number == 1:
        return "first"
    return "fifth" if number % 5 == 0 else "held"


def numbered(years: Iterable[int]) -> dict[int, int]:
    """Award year → its number, counted from 1. Two areas in one year are one award year."""
    return {year: number for number, year in enumerate(sorted(set(years)), start=1)}


def strip(years: Iterable[int], *, current: int, program_start: int | None = None) -> Strip:
    """The 12 slots that end with ``current``. Years before the program began have no slot."""
    awards = numbered(years)
    start = current - WINDOW + 1
    shapes: dict[str, str] = {}
    for slot in range(WINDOW):
        year = start + slot
        if program_start is not None and year < program_start and year not in awards:
            continue
        kind = kind_of(awards[year]) if year in awards else "gap"
        shapes[kind] = shapes.get(kind, "") + f"M{slot * _STEP} 0h{_WIDTH}v{_HEIGHT}h-{_WIDTH}z"
    before = sum(1 for year in awards if year < start)
    if before:
        shapes["more"] = "M-6 4h4v8h-4z"
    shown = tuple(year for year in awards if start <= year <= current)
    return Strip(shapes, shown, before, start)


def every_year(years: Iterable[int], *, start: int, current: int) -> list[Year]:
    """All program years from ``start`` to ``current`` (wider if an award lies outside), for the profile."""
    awards = numbered(years)
    first, last = min([start, *awards]), max([current, *awards])
    return [
        Year(
            year,
            kind_of(awards[year]) if year in awards else "gap",
            awards.get(year, 0),
            is_mark=year in (first, last) or (year % 5 == 0 and year - first > 3 and last - year > 3),
        )
        for year in range(first, last + 1)
    ]


def length_of(count: int) -> str:
    """The modifier that thins gaps and labels: "" up to 12 years, "long" up to 24, "vast" beyond."""
    if count <= WINDOW:
        return ""
    return "long" if count <= 2 * WINDOW else "vast"
