"""Thirds of a category: a table, and what holds whatever the marks."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.bands import LOWER, MIDDLE, UPPER, thirds

MEANS = st.dictionaries(
    st.integers(0, 99), st.fractions(min_value=1, max_value=5, max_denominator=12), min_size=3
)


@pytest.mark.parametrize(
    ("means", "bands"),
    [
        ([1, 2, 3], [LOWER, MIDDLE, UPPER]),
        ([3, 1, 2], [UPPER, LOWER, MIDDLE]),
        ([1, 1, 1], [MIDDLE, MIDDLE, MIDDLE]),
        ([1, 1, 5], [MIDDLE, MIDDLE, UPPER]),  # two equals fill lower and middle third: their middle is 1/3
        ([1, 2, 3, 4, 5, 6], [LOWER, LOWER, MIDDLE, MIDDLE, UPPER, UPPER]),
        ([1, 2], []),  # two cases would tell of one another
    ],
)
def test_a_case_stands_in_the_third_of_its_place(means, bands):
    found = thirds({number: Fraction(mean) for number, mean in enumerate(means)})
    assert [found[number] for number in sorted(found)] == bands


def test_means_are_compared_exactly():
    close = {"a": Fraction(10, 3), "b": Fraction(10, 3) + Fraction(1, 10**30), "c": Fraction(11, 3)}
    assert thirds(close) == {"a": LOWER, "b": MIDDLE, "c": UPPER}


@given(MEANS)
def test_who_has_a_higher_mean_is_never_in_a_lower_third(means):
    order = [LOWER, MIDDLE, UPPER]
    ranked = sorted(thirds(means).items(), key=lambda row: means[row[0]])
    places = [order.index(band) for _case, band in ranked]
    assert places == sorted(places)


@given(MEANS)
def test_seen_from_the_other_end_the_outer_thirds_change_places(means):
    other = {LOWER: UPPER, MIDDLE: MIDDLE, UPPER: LOWER}
    turned = thirds({case: -mean for case, mean in means.items()})
    assert {case: other[band] for case, band in thirds(means).items()} == turned


@given(st.sets(st.fractions(min_value=1, max_value=5), min_size=3))
def test_where_all_differ_no_third_is_larger_than_a_third(values):
    found = list(thirds(dict(enumerate(values))).values())
    assert all(
        found.count(band) <= (len(values) + 2) // 3 + (band == MIDDLE) for band in (LOWER, MIDDLE, UPPER)
    )
