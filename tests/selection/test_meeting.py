"""A meeting takes cases with the same people out of the room together, so that they leave it seldom."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.meeting import EXACT, exits, meeting_order

A, B, C = "Ana", "Ben", "Cem"


@pytest.mark.parametrize(
    ("cases", "order"),
    [
        ([], []),
        ([("k", [])], [((), ("k",))]),
        ([("k", [A]), ("l", [])], [((), ("l",)), ((A,), ("k",))]),
        ([("k", [A]), ("l", [B]), ("m", [A])], [((A,), ("k", "m")), ((B,), ("l",))]),
        ([("k", [A]), ("l", [B, C]), ("m", [A, B])], [((A,), ("k",)), ((A, B), ("m",)), ((B, C), ("l",))]),
    ],
)
def test_cases_with_the_same_people_out_stand_together(cases, order):
    assert [(tuple(sorted(map(str, group.out))), group.cases) for group in meeting_order(cases)] == order


PEOPLE = st.frozensets(st.sampled_from("ABCDE"), max_size=3)
CASES = st.lists(PEOPLE, max_size=40).map(lambda outs: list(enumerate(outs)))


@given(CASES)
def test_each_case_comes_once_and_in_its_own_group(cases):
    groups = meeting_order(cases)
    assert sorted(int(str(case)) for group in groups for case in group.cases) == list(range(len(cases)))
    assert all(group.out == dict(cases)[case] for group in groups for case in group.cases)
    outs = [group.out for group in groups]
    assert len(set(outs)) == len(outs)
    assert all(list(group.cases) == sorted(group.cases, key=lambda case: int(str(case))) for group in groups)
    assert not any(not out for out in outs[1:])  # everybody is in the room for the first ones


@given(st.lists(PEOPLE.filter(bool), max_size=6, unique=True))
def test_no_other_order_of_a_few_groups_lets_people_leave_less(outs):
    found = exits(group.out for group in meeting_order(enumerate(outs)))
    assert found == min(exits(order) for order in permutations(outs))


@given(
    st.lists(
        st.frozensets(st.sampled_from("ABCDEFG"), min_size=1), min_size=EXACT + 1, max_size=25, unique=True
    )
)
def test_many_groups_are_never_worse_than_as_they_came(outs):
    found = [group.out for group in meeting_order(enumerate(outs))]
    assert set(found) == set(outs)
    assert exits(found) <= exits(outs)


def test_whoever_stays_out_has_left_once():
    assert exits([frozenset([A]), frozenset([A, B]), frozenset([B]), frozenset(), frozenset([A])]) == 3
