"""Totals are exact, weights of an "n/a" are shared, rounding happens once."""

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from selection.scoring import Answers, Flaw, Mark, Summary, flaws, mean_of, stored, summary_of, weighted_total

WEIGHTS = (35, 30, 20, 15)
CODES = ("impact", "quality", "reach", "conduct")
marks = st.lists(st.integers(1, 5), min_size=4, max_size=4)
some_marks = st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=4, max_size=4)


@pytest.mark.parametrize(
    ("given_marks", "total"),
    [
        ((3, 3, 3, 3), Fraction(3)),
        ((5, 4, 3, 2), Fraction(385, 100)),
        ((4, 5, 3, None), Fraction(4 * 35 + 5 * 30 + 3 * 20, 85)),
        ((None, 1, 1, 5), Fraction(30 + 20 + 75, 65)),
    ],
)
def test_the_total_weighs_the_marks_and_shares_the_weight_of_what_does_not_apply(given_marks, total):
    assert weighted_total(zip(WEIGHTS, given_marks, strict=True)) == total


@given(some_marks)
def test_a_total_lies_between_the_lowest_and_the_highest_mark(given_marks):
    present = [mark for mark in given_marks if mark is not None]
    assume(present)
    assert min(present) <= weighted_total(zip(WEIGHTS, given_marks, strict=True)) <= max(present)


@given(marks, st.integers(0, 3))
def test_leaving_a_criterion_out_equals_a_rubric_without_it(given_marks, left_out):
    pairs = list(zip(WEIGHTS, given_marks, strict=True))
    without = [pair for place, pair in enumerate(pairs) if place != left_out]
    marked_as_not_applicable = [(w, None if p == left_out else m) for p, (w, m) in enumerate(pairs)]
    assert weighted_total(marked_as_not_applicable) == weighted_total(without)


@given(st.lists(st.integers(1, 4), min_size=4, max_size=4))
def test_one_more_on_every_mark_is_one_more_on_the_total(given_marks):
    before = weighted_total(zip(WEIGHTS, given_marks, strict=True))
    after = weighted_total(zip(WEIGHTS, [mark + 1 for mark in given_marks], strict=True))
    assert after == before + 1


@given(st.fractions(min_value=1, max_value=5), st.fractions(min_value=1, max_value=5))
def test_rounding_keeps_the_order_and_moves_nothing_by_more_than_half_a_step(one, other):
    assert (stored(one) <= stored(other)) or one > other
    assert abs(Fraction(stored(one)) - one) <= Fraction(1, 20000)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 20000), "0.0000"),
        (Fraction(3, 20000), "0.0002"),
        (Fraction(10, 3), "3.3333"),
        (Fraction(350005, 100000), "3.5000"),
        (Fraction(350015, 100000), "3.5002"),
    ],
)
def test_rounding_is_half_to_even_to_four_decimals(value, rounded):
    assert stored(value) == Decimal(rounded)
    assert str(stored(value)) == rounded


def test_the_mean_is_of_exact_totals_not_of_rounded_ones():
    thirds = [Fraction(10, 3), Fraction(10, 3), Fraction(10, 3)]
    assert mean_of(thirds) == Fraction(10, 3)


def test_a_rubric_of_which_nothing_applies_has_no_total():
    with pytest.raises(ValueError):
        weighted_total((weight, None) for weight in WEIGHTS)


@pytest.mark.parametrize(
    ("given_marks", "confidence", "expected"),
    [
        ((3, 3, 3, 3), 2, []),
        ((3, 3, 3, None), 2, []),
        ((3, 3, None, None), 2, [Flaw("not_applicable")]),
        ((3, 3, 3, 3), None, [Flaw("confidence")]),
        ((3, 3, 3, 3), 4, [Flaw("confidence")]),
        ((5, 3, 3, 3), 2, [Flaw("reason", "impact")]),
        ((3, 3, 3, 1), 2, [Flaw("reason", "conduct")]),
        ((0, 3, 3, 6), 2, [Flaw("range", "impact"), Flaw("range", "conduct")]),
    ],
)
def test_a_review_is_complete_or_says_what_it_lacks(given_marks, confidence, expected):
    said = {
        code: Mark(mark, not_applicable=mark is None) for code, mark in zip(CODES, given_marks, strict=True)
    }
    assert flaws(Answers(said, confidence=confidence), CODES) == expected


def test_eighty_characters_are_a_reason_and_spaces_around_them_do_not_count():
    def lacking(reason):
        said = {code: Mark(3) for code in CODES} | {"reach": Mark(5, reason=reason)}
        return flaws(Answers(said, confidence=1), CODES)

    assert lacking("x" * 80) == []
    assert lacking("x" * 79) == lacking("x" * 79 + " ") == [Flaw("reason", "reach")]


def test_an_unmarked_criterion_is_missing():
    assert flaws(Answers({}, confidence=1), CODES) == [Flaw("missing", code) for code in CODES]


def test_a_summary_rounds_each_figure_once() -> None:
    totals = [Fraction(7, 3), Fraction(4), Fraction(13, 3)]
    assert summary_of(totals) == Summary(
        3, Decimal("3.5556"), Decimal("4.0000"), Decimal("2.3333"), Decimal("4.3333"), Decimal("1.0715")
    )


def test_one_review_has_no_spread_and_none_has_nothing() -> None:
    assert summary_of([Fraction(4)]).sd is None
    assert summary_of([]) == Summary()


@given(st.lists(st.fractions(1, 5, max_denominator=100), min_size=2, max_size=9))
def test_a_summary_agrees_with_the_standard_library(totals: list[Fraction]) -> None:
    summary = summary_of(totals)
    assert summary.sd == pytest.approx(Decimal(statistics.stdev(map(float, totals))), abs=Decimal("0.0001"))
    assert summary.lowest <= summary.median <= summary.highest
