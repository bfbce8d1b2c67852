"""Award years as stripes."""

import pytest

from common.ribbon import every_year, length_of, strip


def kinds(years: list[int], current: int, program_start: int | None = None) -> dict[str, int]:
    """Kind → number of slots."""
    return {
        kind: path.count("M")
        for kind, path in strip(years, current=current, program_start=program_start).shapes.items()
    }


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([], {"gap": 12}),
        ([2004], {"gap": 11, "first": 1}),
        ([2004, 2004], {"gap": 11, "first": 1}),
        ([2001, 2002, 2003, 2004], {"gap": 8, "first": 1, "held": 3}),
        ([1999, 2000, 2001, 2003, 2004], {"gap": 7, "first": 1, "held": 3, "fifth": 1}),
        (list(range(1993, 2005)), {"first": 1, "held": 9, "fifth": 2}),
        ([1990, 2004], {"gap": 11, "held": 1, "more": 1}),
        ([1980, 1981, 1982, 1983, 2004], {"gap": 11, "fifth": 1, "more": 1}),
        ([2005], {"gap": 12}),
    ],
)
def test_strip_of_the_last_twelve_years(years: list[int], expected: dict[str, int]) -> None:
    assert kinds(years, 2004) == expected


def test_a_young_program_has_fewer_slots_at_the_end_of_the_strip() -> None:
    drawn = strip([2026], current=2026, program_start=2022)
    assert drawn.shapes == {
        "gap": "M77 0h10v16h-10zM88 0h10v16h-10zM99 0h10v16h-10zM110 0h10v16h-10z",
        "first": "M121 0h10v16h-10z",
    }


def test_awards_before_the_window_are_counted() -> None:
    drawn = strip([*range(2005, 2027)], current=2026)
    assert (drawn.before, drawn.start, len(drawn.years)) == (10, 2015, 12)


def test_every_year_of_a_profile_has_its_number() -> None:
    stripes = every_year([2002, 2004], start=2001, current=2004)
    assert [(s.year, s.kind, s.number) for s in stripes] == [
        (2001, "gap", 0),
        (2002, "first", 1),
        (2003, "gap", 0),
        (2004, "held", 2),
    ]


def test_labels_stay_on_first_last_and_fifth_calendar_years_that_do_not_crowd_them() -> None:
    marks = [s.year for s in every_year([], start=1993, current=2026) if s.is_mark]
    assert marks == [1993, 2000, 2005, 2010, 2015, 2020, 2026]


def test_a_profile_widens_for_an_award_outside_the_program() -> None:
    assert [s.year for s in every_year([1999, 2003], start=2001, current=2002)] == [
        1999,
        2000,
        2001,
        2002,
        2003,
    ]


@pytest.mark.parametrize(("count", "length"), [(1, ""), (12, ""), (13, "long"), (24, "long"), (25, "vast")])
def test_length(count: int, length: str) -> None:
    assert length_of(count) == length
