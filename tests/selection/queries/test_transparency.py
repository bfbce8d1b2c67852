"""What a correction of a report may publish beside all versions before."""

from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from selection.models import TransparencyReport
from selection.queries.transparency import TITLES, Figures, figures_from_counts, following
from selection.small_groups import LEAST

STATES = ("awarded", "not_awarded", "ineligible", "expired")
CELLS = list(product(("North", "South"), ("Servers", "Desktops"), STATES))
Counts = list[int]


def counted(counts: Counts) -> Figures:
    """``counts``: of each of ``CELLS``."""
    rows: list[dict[str, Any]] = [
        {"region__name": region, "category__name": category, "state": state, "is_renewal": False,
         "by_themselves": category == "Servers", "number": number}
        for (region, category, state), number in zip(CELLS, counts, strict=True)
        if number
    ]  # fmt: skip
    return figures_from_counts(rows, None)


def corrected(*counts: Counts) -> list[Figures]:
    """The versions that are published where so many were counted each time."""
    versions: list[TransparencyReport] = []
    for one in map(counted, counts):
        figures = following(versions, one) if versions else one
        versions.append(TransparencyReport(number=len(versions) + 1, figures=figures.as_json()))
    return [Figures(**version.figures) for version in versions]


def sums_of(figures: Figures) -> list[tuple[int, int, int]]:
    """All that is said of how many were decided, awarded, and not awarded: above the tables and by adding up each."""
    whole = [] if figures.decided is None else [(figures.decided, figures.awarded or 0)]
    for name in ("regions", "categories", "nominators", *(["outcomes"] if whole else [])):
        if table := getattr(figures, name):
            whole.append((sum(row["cases"] for row in table), sum(row["awarded"] for row in table)))
    return [(cases, awarded, cases - awarded) for cases, awarded in whole]


def cells_of(figures: Figures) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (table, row["name"]): (row["cases"], row["awarded"], row["cases"] - row["awarded"])
        for table in TITLES
        for row in getattr(figures, table)
    }


def differences(versions: list[Figures]) -> list[int]:
    """Between what any two versions, or two places of one, say of the same thing."""
    pairs = list(combinations([one for version in versions for one in sums_of(version)], 2))
    for before, now in combinations(map(cells_of, versions), 2):
        pairs += [(before[name], now[name]) for name in before.keys() & now.keys()]
    every = [(one.nominations,) for one in versions if one.nominations is not None]
    return [
        abs(a - b)
        for one, other in [*pairs, *combinations(every, 2)]
        for a, b in zip(one, other, strict=True)
    ]


def by_region(north: int, south: int) -> Counts:
    """So many without an award, and 20 awards."""
    found = [0] * len(CELLS)
    found[CELLS.index(("North", "Servers", "awarded"))] = 20
    found[CELLS.index(("North", "Servers", "not_awarded"))] = north
    found[CELLS.index(("South", "Servers", "not_awarded"))] = south
    return found


def test_tables_and_totals_follow_together_or_not_at_all() -> None:
    """Kept back, the regions of the second version would follow in the third, and their sum be one more than the total."""
    versions = corrected(by_region(50, 50), by_region(54, 51), by_region(56, 50))
    assert [one.decided for one in versions] == [120, 120, 126]
    assert not [one for one in differences(versions) if 0 < one < LEAST]


CHANGES = st.lists(st.sampled_from([0] * 12 + [5, 6, -5, 1, 4, -1]), min_size=len(CELLS), max_size=len(CELLS))


@given(st.lists(st.integers(0, 20), min_size=len(CELLS), max_size=len(CELLS)), CHANGES, CHANGES)
def test_no_sums_of_three_versions_differ_by_fewer_than_five(
    first: Counts, more: Counts, still_more: Counts
) -> None:
    second = [max(0, one + other) for one, other in zip(first, more, strict=True)]
    third = [max(0, one + other) for one, other in zip(second, still_more, strict=True)]
    assert not [one for one in differences(corrected(first, second, third)) if 0 < one < LEAST]
