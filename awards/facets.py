"""The questions of the roster, and who gives which answer to them: made at each reading, so that no search has to look at
awards one by one. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from awards import columns as cols
from awards.bits import Bits, Facet, Layout, facet, layout_of
from awards.columns import Array, Columns

QUESTIONS = ("area", "category", "region", "country", "year", "tenure", "standing", "language")
TENURES = {
    "first-year": (1, 1),
    "2-to-4-years": (2, 4),
    "5-to-9-years": (5, 9),
    "10-years-or-more": (10, 999),
}
STANDINGS = {"holders": cols.HOLDER, "alumni": cols.ALUMNI, "in-memoriam": cols.MEMORIAL}
Spoken = tuple[tuple[str, ...], int]  # languages that somebody speaks together, and the level that sees them


@dataclass(frozen=True, eq=False)
class Facets:
    """``tenures``: as of each award year; ``languages``: as each level of visibility sees them."""

    layout: Layout
    everybody: Bits
    plain: dict[str, Facet]  # those questions whose answers hang on nothing else
    tenures: dict[int, Facet]
    languages: list[Facet]
    areas: Facet  # by key, none with its successors: what a text means

    def of(self, question: str, *, year: int, level: int) -> Facet:
        """Who answers a question, years held counted as of ``year``, as somebody of a level sees it."""
        if question == "language":
            return self.languages[level]
        if question == "tenure":
            known = max((one for one in self.tenures if one <= year), default=None)
            return facet(self.layout, ()) if known is None else self.tenures[known]
        return self.plain[question]


def facets_of(
    columns: Columns,
    *,
    meant: Mapping[str, Mapping[str, Collection[int]]],
    speaks: Array,
    ways: list[Spoken],
    levels: int,
) -> Facets:
    """``meant``: area, category or region → answer → the numbers in the column that give it. ``speaks``: place → place in
    ``ways``."""
    layout = layout_of(columns)
    numbers = np.flatnonzero(np.bincount(columns.country)).tolist()
    areas = np.flatnonzero(np.bincount(columns.area)).tolist()
    countries = {cols.country_code(number): (number,) for number in numbers}
    plain = {
        name: facet(layout, _by_column(layout, getattr(columns, name), answers))
        for name, answers in {**meant, "country": countries}.items()
    }
    plain["year"] = facet(layout, _by_year(layout, columns))
    stands = columns.stands[layout.places]
    plain["standing"] = facet(
        layout, ((name, layout.of_people(stands == code)) for name, code in STANDINGS.items())
    )
    return Facets(
        layout=layout,
        everybody=layout.of_rows(columns.every),
        plain=plain,
        tenures=dict(_tenures(layout, columns)),
        areas=facet(layout, _by_column(layout, columns.area, {str(number): (number,) for number in areas})),
        languages=[
            facet(layout, _by_language(layout, speaks[layout.places], ways, level)) for level in range(levels)
        ],
    )


def _by_column(
    layout: Layout, column: Array, answers: Mapping[str, Collection[int]]
) -> Iterator[tuple[str, Bits]]:
    order = np.argsort(column, kind="stable")
    ordered = column[order]
    for answer, numbers in answers.items():
        wanted = np.array(
            sorted(numbers), column.dtype
        )  # another kind would have the column copied each time
        spans = zip(
            np.searchsorted(ordered, wanted), np.searchsorted(ordered, wanted, side="right"), strict=True
        )
        rows = [order[start:end] for start, end in spans]
        yield answer, layout.of_rows(np.concatenate(rows) if rows else order[:0])


def _years_held(columns: Columns) -> list[int]:
    """The award years up to the current one that anybody has."""
    years = np.flatnonzero(np.bincount(columns.award_years[1])).tolist()
    return [year for year in years if year <= columns.current]


def _by_year(layout: Layout, columns: Columns) -> Iterator[tuple[str, Bits]]:
    for year in _years_held(columns):
        yield (
            str(year),
            layout.of_rows(np.flatnonzero((columns.first <= year) & (columns.last >= year))),
        )


def _tenures(layout: Layout, columns: Columns) -> Iterator[tuple[int, Facet]]:
    people, years = columns.award_years
    held = np.zeros(len(columns.ids), np.int16)  # by slot
    for year in _years_held(columns):
        held[layout.slots[people[years == year]]] += 1  # each person once
        spans = {name: (held >= low) & (held <= high) for name, (low, high) in TENURES.items()}
        yield year, facet(layout, ((name, layout.of_people(fits)) for name, fits in spans.items()))


def _by_language(layout: Layout, speaks: Array, ways: list[Spoken], level: int) -> Iterator[tuple[str, Bits]]:
    """``speaks``: slot → place in ``ways``."""
    seen = [spoken if needed <= level else () for spoken, needed in ways]
    languages: Iterable[str] = dict.fromkeys(language for spoken in seen for language in spoken)
    for language in languages:
        fits = np.array([language in spoken for spoken in seen], bool)
        yield language, layout.of_people(fits[speaks])
