"""The roster in figures for one award year, from the columns in memory. Counts the people whom the roster lists."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from awards import columns as cols
from awards import roster
from awards.columns import Array
from awards.loading import Loaded
from awards.search import Search
from people.models import Visibility

K = TypeVar("K")


@dataclass(frozen=True, eq=False)
class YearInFigures:
    """Who held the award in ``year``: people by code or name, the most first; nothing known stands under nothing.

    ``tenure``: award years up to that year → people. ``first_timers``: people for whom it was the first.
    """

    year: int
    holders: int
    first_timers: int
    countries: dict[str, int]  # by ISO code
    regions: dict[int, int]  # by key
    areas: dict[str, int]  # by the name of that day
    tenure: dict[int, int]

    @property
    def median_tenure(self) -> int:
        held = np.repeat(list(self.tenure), list(self.tenure.values()))
        return int(np.median(held)) if len(held) else 0


def figures_in(loaded: Loaded, year: int) -> YearInFigures:
    """Kept beside what was loaded, so each version of the roster is counted once."""
    kept, key = loaded.remembered, ("figures", year)
    if key not in kept:
        kept[key] = _count(loaded, year)
    return kept[key]


def _count(loaded: Loaded, year: int) -> YearInFigures:
    search = Search(viewer=Visibility.EVERYONE, loaded=loaded, answers={"year": (str(year),)})
    found = roster.find_rows(search)
    columns, rows, people = found.columns, found.all, found.people
    held, numbers = np.unique(columns.tenure_at(year)[people], return_counts=True)
    return YearInFigures(
        year=year,
        holders=len(people),
        first_timers=int(np.count_nonzero(columns.began[people] == year)),
        countries=_most({cols.country_code(n): p for n, p in rows.by_answer(columns.country).items()}),
        regions=_most(rows.by_answer(columns.region)),
        areas=_most({columns.labels[n]: p for n, p in rows.by_answer(columns.label).items()}),
        tenure=dict(zip(held.tolist(), numbers.tolist(), strict=True)),
    )


def _most(counts: dict[K, int]) -> dict[K, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0]))))


def holders_each_year(loaded: Loaded, *, first: int) -> list[tuple[int, int]]:
    """``(year, people)`` from the first award year to the current one."""
    search = Search(viewer=Visibility.EVERYONE, loaded=loaded)
    counts = roster.everybodys_counts(search)["year"]
    return [(year, counts.get(str(year), 0)) for year in range(first, search.current + 1)]


def first_timers_in(loaded: Loaded, year: int) -> Array:
    """The places of those who held it for the first time in a year."""
    return np.flatnonzero(loaded.columns.began == year)


def first_timers_each_year(loaded: Loaded, *, first: int) -> list[tuple[int, int]]:
    """``(year, people who held it for the first time)``."""
    began, numbers = np.unique(loaded.columns.began, return_counts=True)
    counts = dict(zip(began.tolist(), numbers.tolist(), strict=True))
    return [(year, counts.get(year, 0)) for year in range(first, loaded.columns.current + 1)]
