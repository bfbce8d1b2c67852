"""The rules of advance: majority of a screen, ranks and places, the council."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection import states
from selection.advance import FAIL, PASS, UNDECIDED, UNSURE, Said, commonest, council, score, screen

verdicts = st.lists(st.sampled_from([PASS, FAIL, UNSURE]), max_size=7)
means = st.lists(st.one_of(st.none(), st.integers(100, 500)), max_size=12)


def screened(given_verdicts, codes=(), ineligible=()):
    said = Said(1, verdicts=tuple(given_verdicts), fail_codes=tuple(codes))
    return screen([said], {"ineligible_codes": ineligible}, 0)[1]


def ranked(given_means, places, reserve=0):
    said = [
        Said(case, totals=() if mean is None else (Fraction(mean, 100),))
        for case, mean in enumerate(given_means)
    ]
    return score(said, {"reserve": reserve}, places)


@pytest.mark.parametrize(
    ("given_verdicts", "outcome", "why"),
    [
        ([PASS], states.FORWARD, ""),
        ([FAIL], states.NOT_THIS_TIME, ""),
        ([UNSURE], UNDECIDED, "unsure"),
        ([], UNDECIDED, "no_verdict"),
        ([PASS, FAIL], UNDECIDED, "tie"),
        ([PASS, UNSURE], states.FORWARD, ""),
        ([PASS, FAIL, FAIL, UNSURE], states.NOT_THIS_TIME, ""),
    ],
)
def test_the_majority_of_pass_and_fail_decides_a_screen(given_verdicts, outcome, why):
    result = screened(given_verdicts)
    assert (result.outcome, result.why) == (outcome, why)


@given(verdicts)
def test_the_order_of_verdicts_changes_nothing(given_verdicts):
    assert screened(given_verdicts) == screened(sorted(given_verdicts)) == screened(given_verdicts[::-1])


@given(verdicts)
def test_swapping_pass_and_fail_swaps_the_result(given_verdicts):
    swapped = [{PASS: FAIL, FAIL: PASS}.get(verdict, verdict) for verdict in given_verdicts]
    outcomes = {screened(given_verdicts).outcome, screened(swapped).outcome}
    assert outcomes in ({UNDECIDED}, {states.FORWARD, states.NOT_THIS_TIME})


@given(verdicts)
def test_one_more_pass_never_hurts(given_verdicts):
    order = [states.NOT_THIS_TIME, UNDECIDED, states.FORWARD]
    before, after = screened(given_verdicts).outcome, screened([*given_verdicts, PASS]).outcome
    assert order.index(after) >= order.index(before)


def test_the_reason_most_leads_gave_counts_and_may_make_a_case_ineligible():
    result = screened([FAIL, FAIL, FAIL], ["employee", "no-evidence", "employee"], ["employee"])
    assert (result.outcome, result.reason_code) == (states.INELIGIBLE, "employee")
    assert screened([FAIL], ["no-evidence"], ["employee"]).outcome == states.NOT_THIS_TIME
    assert commonest(["b", "a", ""]) == "a"


def test_places_reserve_and_the_rest_follow_the_rank():
    results = ranked([450, 400, 350, 300, 250], places=2, reserve=1)
    assert [results[case].outcome for case in range(5)] == [
        states.AWARD, states.AWARD, states.RESERVE, states.NOT_THIS_TIME, states.NOT_THIS_TIME,
    ]  # fmt: skip
    assert [results[case].rank for case in range(5)] == [1, 2, 3, 4, 5]


def test_equal_means_across_the_last_place_are_left_to_the_office():
    results = ranked([450, 400, 400, 300], places=2, reserve=1)
    assert [results[case].outcome for case in range(4)] == [
        states.AWARD, UNDECIDED, UNDECIDED, states.NOT_THIS_TIME,
    ]  # fmt: skip
    assert (results[1].rank, results[2].rank, results[3].rank) == (2, 2, 4)


def test_equal_means_that_fit_need_nobody():
    results = ranked([400, 400, 300, 300], places=2, reserve=1)
    assert Counter(one.outcome for one in results.values()) == {states.AWARD: 2, states.RESERVE: 2}


def test_a_case_without_a_review_is_left_to_the_office():
    assert ranked([None, 400], places=1)[0].why == "no_review"


@given(means, st.integers(0, 6), st.integers(0, 4))
def test_awards_never_exceed_places_and_never_skip_a_better_case(given_means, places, reserve):
    results = ranked(given_means, places, reserve)
    awarded = [one for one in results.values() if one.outcome == states.AWARD]
    others = [one for one in results.values() if one.mean is not None and one.outcome != states.AWARD]
    assert len(awarded) <= places
    assert all(won.mean > lost.mean for won in awarded for lost in others)


@given(means, st.integers(0, 6))
def test_equal_means_have_equal_ranks_and_outcomes(given_means, places):
    results = ranked(given_means, places, reserve=2)
    for one in results.values():
        for other in results.values():
            if one.mean is not None and one.mean == other.mean:
                assert (one.rank, one.outcome) == (other.rank, other.outcome)


@pytest.mark.parametrize(
    ("proposed", "overrides", "outcome"),
    [
        (states.AWARD, (), states.AWARD),
        (states.AWARD, (states.RESERVE,), states.RESERVE),
        (states.AWARD, (states.RESERVE, states.RESERVE), states.RESERVE),
        (states.AWARD, (states.RESERVE, states.AWARD), UNDECIDED),
    ],
)
def test_a_proposal_stands_unless_the_council_agrees_on_something_else(proposed, overrides, outcome):
    assert council([Said(1, proposed=proposed, overrides=overrides)], {}, 0)[1].outcome == outcome
