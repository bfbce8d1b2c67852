"""Every move of the rule book, and that nothing else moves."""

from collections.abc import Callable
from typing import Any

import pytest

from common.errors import Outdated, RuleBroken
from common.models import HistoryRow
from nominations import actions, states
from nominations.models import Nomination
from tests.cast import Cast, House
from tests.nominations.conftest import put_in_state


def act(name: str, case: Nomination, cast: Cast, house: House) -> Any:
    office, nominee = cast.office_1.user, cast.nominee.user
    return {
        "accept": lambda: actions.accept_nomination(
            case, by=nominee, agreements=[house.conduct], attested=True, nominator_may_learn=True
        ),
        "decline": lambda: actions.decline_nomination(case, by=nominee, for_good=False),
        "complete": lambda: actions.complete_nomination(case, by=nominee),
        "reopen": lambda: actions.reopen_nomination(case, by=office, reason="A link was missing."),
        "withdraw": lambda: actions.withdraw_nomination(case, by=nominee),
        "ineligible": lambda: actions.mark_ineligible(case, by=office, reason_code="employee"),
        "second_look": lambda: actions.request_second_look(case, by=nominee, reason="Look again."),
        "decline_award": lambda: actions.decline_award(case, by=nominee),
    }[name]()


ALLOWED = {
    "accept": {states.INVITED},
    "decline": {states.INVITED, states.ACCEPTED},
    "complete": {states.ACCEPTED},
    "reopen": {states.COMPLETE},
    "withdraw": states.BEFORE_RELEASE,
    "ineligible": {states.INVITED, states.ACCEPTED, states.COMPLETE, states.IN_REVIEW},
    "second_look": {states.NOT_AWARDED},
    "decline_award": {states.AWARDED},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_an_act_is_refused_from_every_other_state_with_a_sentence(
    name: str, complete: Nomination, cast: Cast, house: House
) -> None:
    own_click_again = {states.COMPLETE} if name == "complete" else set()
    for state in set(states.MOVES) - set(ALLOWED[name]) - own_click_again:
        put_in_state(complete, state)
        with pytest.raises(Outdated) as refusal:
            act(name, complete, cast, house)
        assert refusal.value.sentence
        complete.refresh_from_db()
        assert complete.state == state


@pytest.mark.parametrize("name", ALLOWED)
def test_an_act_moves_the_case_and_leaves_history(
    name: str, complete: Nomination, cast: Cast, house: House
) -> None:
    for state in ALLOWED[name]:
        put_in_state(complete, state)
        act(name, complete, cast, house)
        complete.refresh_from_db()
        assert complete.state in states.MOVES[state]
        row = HistoryRow.objects.filter(kind="nomination", key=complete.key).exclude(new_state="").last()
        assert (row.old_state, row.new_state) == (state, complete.state)


def test_the_same_button_pressed_twice_by_one_person_is_one_act(complete: Nomination, cast: Cast) -> None:
    for _ in range(2):
        actions.withdraw_nomination(complete, by=cast.nominee.user)
    assert HistoryRow.objects.filter(key=complete.key, verb="withdraw_nomination").count() == 1


def test_somebody_else_who_comes_second_reads_what_happened(complete: Nomination, cast: Cast) -> None:
    actions.withdraw_nomination(complete, by=cast.nominee.user)
    with pytest.raises(Outdated, match="was withdrawn on"):
        actions.mark_ineligible(complete, by=cast.office_1.user, reason_code="employee")


def test_review_takes_complete_cases_and_leaves_the_others(
    complete: Nomination, submit: Callable[..., Nomination], cast: Cast
) -> None:
    other = submit(nominee_email="new@elsewhere.example", area="directory")
    moved = actions.enter_review(Nomination.objects.all(), by=cast.office_1.user)
    assert [case.pk for case in moved] == [complete.pk]
    other.refresh_from_db()
    assert other.state == states.INVITED


def test_settling_twice_changes_nothing_the_second_time(in_review: Nomination, cast: Cast) -> None:
    rows = [(in_review.pk, states.NOT_AWARDED)]
    assert len(actions.settle_nominations(rows, by=cast.office_1.user)) == 1
    assert actions.settle_nominations(rows, by=cast.office_1.user) == []


def test_settling_refuses_all_if_one_case_left_the_review(
    in_review: Nomination, submit: Callable[..., Nomination], cast: Cast
) -> None:
    gone = submit(nominee_email="new@elsewhere.example")
    rows = [(in_review.pk, states.AWARDED), (gone.pk, states.NOT_AWARDED)]
    with pytest.raises(Outdated):
        actions.settle_nominations(rows, by=cast.office_1.user)
    in_review.refresh_from_db()
    assert in_review.state == states.IN_REVIEW


def test_settling_costs_the_same_for_one_case_and_for_three(
    in_review: Nomination,
    submit: Callable[..., Nomination],
    cast: Cast,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    others = [
        put_in_state(submit(nominee_email=f"n{n}@elsewhere.example"), states.IN_REVIEW) for n in range(3)
    ]
    with django_assert_num_queries(5):
        actions.settle_nominations([(in_review.pk, states.AWARDED)], by=None)
    with django_assert_num_queries(5):
        actions.settle_nominations([(case.pk, states.AWARDED) for case in others], by=None)


def test_a_second_look_is_asked_for_once(in_review: Nomination, cast: Cast) -> None:
    actions.settle_nominations([(in_review.pk, states.NOT_AWARDED)], by=None)
    actions.request_second_look(in_review, by=cast.nominee.user, reason="The forum moved; here is the link.")
    actions.settle_nominations([(in_review.pk, states.NOT_AWARDED)], by=None)
    with pytest.raises(RuleBroken, match="There is one"):
        actions.request_second_look(in_review, by=cast.nominee.user, reason="And again.")


def test_reopening_needs_a_reason(complete: Nomination, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        actions.reopen_nomination(complete, by=cast.office_1.user, reason="  ")
