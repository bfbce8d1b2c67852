"""Short lists, and plans made from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selection.assignment import Cases, Panel, affinity, candidate_pairs, known_pairs, plan


def a_panel(cases=30, reviewers=40, seed=4, **changes):
    """Four areas in two categories; each reviewer is an expert in one area."""
    draw = np.random.default_rng(seed)
    level = np.zeros((4, reviewers), dtype=np.int8)
    level[np.arange(reviewers) % 4, np.arange(reviewers)] = 3
    area = draw.integers(0, 4, cases)
    words = {
        "level": level,
        "category": np.array([0, 0, 1, 1]),
        "language": draw.random((3, reviewers)) < 0.5,
        "region": np.eye(2, dtype=bool)[:, draw.integers(0, 2, reviewers)],
        "allowed": np.ones((1, reviewers), dtype=bool),
        "room": np.full(reviewers, 12),
    }
    every = Cases(
        area, area // 2, draw.integers(-1, 3, cases), draw.integers(-1, 2, cases), np.zeros(cases, dtype=int)
    )
    return every, Panel(**(words | changes))


def test_a_list_has_experts_and_outsiders_and_is_no_longer_than_asked():
    cases, panel = a_panel()
    pairs = candidate_pairs(cases, panel, barred=[], at_most=12)
    for case in range(30):
        of_this = pairs.take(pairs.case == case)
        assert len(of_this) == len(set(of_this.reviewer.tolist())) == 12
        assert of_this.expert.sum() >= 4
        assert of_this.outsider.sum() >= 4


def test_lists_spread_reviewers_alike():
    cases, panel = a_panel(cases=200)
    offered = np.bincount(candidate_pairs(cases, panel, barred=[], at_most=12).reviewer, minlength=40)
    assert offered.min() >= 0.5 * offered.mean()
    assert offered.max() <= 2 * offered.mean()


def test_nobody_with_a_tie_without_right_or_without_room_is_listed():
    allowed, room = np.ones((1, 40), dtype=bool), np.full(40, 12)
    allowed[0, 5], room[6] = False, 0
    cases, panel = a_panel(allowed=allowed, room=room)
    pairs = candidate_pairs(cases, panel, barred=[(0, 1), (3, 2)], at_most=40)
    listed = set(zip(pairs.case.tolist(), pairs.reviewer.tolist(), strict=True))
    assert not {(0, 1), (3, 2)} & listed
    assert not {5, 6} & set(pairs.reviewer.tolist())
    assert {(1, 1), (3, 1)} <= listed


def test_a_list_is_not_filled_from_one_employer():
    members = np.flatnonzero(np.arange(40) // 4 % 2)
    employers = np.column_stack([members, np.zeros(len(members), dtype=int)])
    cases, panel = a_panel(employers=employers)
    pairs = candidate_pairs(cases, panel, barred=[], at_most=12)
    for case in range(30):
        assert np.isin(pairs.reviewer[pairs.case == case], members).sum() <= 6


@pytest.mark.parametrize(
    ("level", "language", "region", "value"), [(3, 1, 1, 1), (0, 0, 0, 0), (3, 0, 0, 0.6), (0, 1, 1, 0.4)]
)
def test_affinity_weighs_expertise_language_and_region(level, language, region, value):
    assert affinity(level, language, region) == pytest.approx(value)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_a_plan_fills_all_where_there_is_room_and_keeps_loads_even(seed, room):
    cases, panel = a_panel(seed=seed, room=np.full(40, room))
    found = plan(cases, panel, barred=[])
    assert found.figures.filled == min(90, 40 * room)
    assert found.figures.even
    if room >= 3:
        assert found.lacks == ()


def test_a_plan_looks_beyond_short_lists_for_room():
    """Nine of ten are full: the list of the best must not be the end of the search."""
    cases, panel = a_panel(cases=30, reviewers=200, room=np.where(np.arange(200) % 10, 0, 12))
    found = plan(cases, panel, barred=[])
    assert found.figures.filled == 90


def test_running_tasks_count_for_wishes_and_are_kept():
    cases, panel = a_panel(cases=2)
    experts = np.flatnonzero(panel.level[cases.area[0]] == 3)[:2]
    fixed = known_pairs(cases, panel, np.zeros(2, dtype=int), experts)
    assert fixed.expert.all()
    assert not fixed.outsider.any()
    found = plan(cases, panel, barred=[], fixed=fixed)
    assert (found.pairs.case == 0).sum() == 1
    assert found.pairs.outsider[found.pairs.case == 0].all()


def test_people_without_room_from_the_start_are_a_lack_of_room_and_not_of_people():
    cases, panel = a_panel(cases=1, room=np.where(np.arange(40) < 4, 1, 0))
    found = plan(cases, panel, barred=[(0, 0), (0, 1)])
    assert found.in_the_way[0] == "capacity"
    cases, panel = a_panel(cases=1, reviewers=2)
    assert "too_few_candidates" in plan(cases, panel, barred=[]).in_the_way
