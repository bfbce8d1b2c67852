"""The rules of advance: majority of a screen, ranks and places, the council."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection import states
from selection.advance import (
    FAIL,
    MINUS,
    NEUTRAL,
    PASS,
    PLUS,
    UNDECIDED,
    UNSURE,
    Said,
    commonest,
    council,
    score,
    screen,
    vote,
)

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


def test_a_tie_of_a_screen_goes_forward_where_the_rule_gives_the_benefit_of_the_doubt():
    tied, unsure = Said(1, verdicts=(PASS, FAIL)), Said(2, verdicts=(UNSURE,))
    results = screen([tied, unsure], {"tie": "forward"}, 0)
    assert (results[1].outcome, results[2].outcome) == (states.FORWARD, UNDECIDED)


def shortlisted(*marks, places=1, reserve=1):
    """``marks`` of each case in hundredths, one for each reviewer; every reviewer has to give 3 or more."""
    said = [Said(case, totals=tuple(Fraction(m, 100) for m in given)) for case, given in enumerate(marks)]
    return score(said, {"advance": "threshold", "threshold": 3, "reserve": reserve}, places)


def test_one_reviewer_below_the_threshold_keeps_a_case_off_the_shortlist():
    results = shortlisted((500, 299), (300, 300), (350, 310), (310, 310))
    assert [results[case].outcome for case in range(4)] == [
        states.NOT_THIS_TIME, states.NOT_THIS_TIME, states.AWARD, states.RESERVE,
    ]  # fmt: skip
    assert [results[case].stops for case in range(4)] == [True, False, False, False]
    assert [results[case].rank for case in range(4)] == [None, 3, 1, 2]


def test_the_threshold_is_held_against_the_stored_total():
    results = score(
        [Said(1, totals=(Fraction(299996, 100000),))], {"advance": "threshold", "threshold": "3"}, 1
    )
    assert results[1].outcome == states.AWARD


def test_a_stage_may_rank_by_the_calibrated_score_and_falls_back_to_the_mean_for_all():
    low, high = (Fraction(3),), (Fraction(4),)
    said = [Said(1, totals=low, calibrated=Decimal("4.1")), Said(2, totals=high, calibrated=Decimal("3.9"))]
    ranks = {case: one.rank for case, one in score(said, {"rank_by": "calibrated"}, 1).items()}
    assert ranks == {1: 1, 2: 2}
    without = [said[0], Said(2, totals=high)]
    assert {case: one.rank for case, one in score(without, {"rank_by": "calibrated"}, 1).items()} == {
        1: 2,
        2: 1,
    }
    assert {case: one.rank for case, one in score(said, {"rank_by": "mean"}, 1).items()} == {1: 2, 2: 1}


def panel(lift=0):
    """60 cases and 12 reviewers, three for each; case 30 meets only strict ones, who give a mark less; one shared truth."""
    truth = [2 + (case * 7 % 60) / 30 for case in range(60)]
    said = []
    for case, value in enumerate(truth):
        reviewers = (0, 1, 2) if case == 30 else tuple((case + step) % 12 for step in (0, 3, 7))
        totals = [value - (r < 3) + ((case * 5 + r * 3) % 7 - 3) / 20 + lift for r in reviewers]
        said.append(
            Said(case, totals=tuple(Fraction(round(t * 1000), 1000) for t in totals), reviewers=reviewers)
        )
    return said


def test_calibrated_ranks_allow_for_strict_reviewers():
    by_mean, by_model = (score(panel(), {"rank_by": how}, 20) for how in ("mean", "calibrated"))
    assert by_model[30].rank < by_mean[30].rank
    assert by_model[30].mean == by_mean[30].mean


def test_calibrated_ranks_do_not_depend_on_order_or_names():
    plain = score(panel(), {"rank_by": "calibrated"}, 20)
    turned = [
        Said(one.case, totals=one.totals[::-1], reviewers=tuple(f"r{r}" for r in one.reviewers[::-1]))
        for one in panel()[::-1]
    ]
    assert score(turned, {"rank_by": "calibrated"}, 20) == plain


def test_too_few_cases_for_the_model_are_ranked_by_the_mean():
    few = panel()[:30]
    assert score(few, {"rank_by": "calibrated"}, 9) == score(few, {"rank_by": "mean"}, 9)


BALLOT = {"advance": "ballot", "accept": 3, "reject": 2}
MAJORITY = {"advance": "majority", "share": 50, "quorum": 3, "rounds": 4}


def voted(rule, plus=0, neutral=0, minus=0, round=1, codes=()):
    verdicts = (PLUS,) * plus + (NEUTRAL,) * neutral + (MINUS,) * minus
    result = vote([Said(1, verdicts=verdicts, fail_codes=tuple(codes), round=round)], rule, 0)[1]
    return result.outcome, result.why


@pytest.mark.parametrize(
    ("votes", "outcome", "why"),
    [
        ({"plus": 3}, states.AWARD, ""),
        ({"plus": 3, "minus": 1}, states.AWARD, ""),
        ({"plus": 9, "minus": 2}, states.NOT_THIS_TIME, "rejected"),
        ({"minus": 2}, states.NOT_THIS_TIME, "rejected"),
        ({"plus": 2, "neutral": 5, "minus": 1}, UNDECIDED, "neither"),
        ({}, UNDECIDED, "no_vote"),
    ],
)
def test_two_minus_reject_and_three_plus_accept_in_a_ballot(votes, outcome, why):
    assert voted(BALLOT, **votes) == (outcome, why)


def test_a_ballot_with_rounds_carries_over_what_reached_neither_number():
    rule = {**BALLOT, "rounds": 2}
    assert voted(rule, plus=2) == (states.CARRY_OVER, "next_round")
    assert voted(rule, plus=2, round=2) == (states.NOT_THIS_TIME, "last_round")
    assert voted(rule, minus=2) == (states.NOT_THIS_TIME, "rejected")


@pytest.mark.parametrize(
    ("votes", "round", "outcome", "why"),
    [
        ({"plus": 3}, 1, states.AWARD, ""),
        ({"plus": 2, "minus": 1}, 4, states.AWARD, ""),
        ({"plus": 1, "neutral": 2}, 1, states.AWARD, ""),
        ({"plus": 2, "minus": 2}, 1, states.CARRY_OVER, "next_round"),
        ({"plus": 2}, 3, states.CARRY_OVER, "next_round"),
        ({"plus": 2, "minus": 2}, 4, states.NOT_THIS_TIME, "last_round"),
        ({"neutral": 5}, 4, states.NOT_THIS_TIME, "last_round"),
        ({"plus": 2}, 4, UNDECIDED, "no_quorum"),
        ({}, 2, UNDECIDED, "no_vote"),
    ],
)
def test_more_than_half_of_the_votes_cast_with_a_quorum_accept_within_four_rounds(votes, round, outcome, why):
    assert voted(MAJORITY, round=round, **votes) == (outcome, why)


def test_a_majority_without_rounds_says_not_this_time_at_once():
    assert voted({**MAJORITY, "rounds": 1}, plus=1, minus=2) == (states.NOT_THIS_TIME, "no_majority")
    assert voted({**MAJORITY, "share": 66}, plus=2, minus=1)[0] == states.AWARD
    assert voted({**MAJORITY, "share": 67}, plus=2, minus=1)[0] == states.CARRY_OVER


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.sampled_from([BALLOT, MAJORITY]))
def test_one_more_plus_never_hurts_a_vote(plus, neutral, minus, rule):
    order = [states.NOT_THIS_TIME, UNDECIDED, states.CARRY_OVER, states.AWARD]
    before, after = voted(rule, plus, neutral, minus)[0], voted(rule, plus + 1, neutral, minus)[0]
    assert order.index(after) >= order.index(before)
