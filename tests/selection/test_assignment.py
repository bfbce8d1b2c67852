"""Who reviews what: invariants on invented instances, brute force on tiny ones, each reason code by a table."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.assignment import NO_PAIRS, Lack, assign, pairs_of, repair, short_of, solving, top_up
from tests.spread import examples


@st.composite
def instances(draw, most_cases=6, most_reviewers=8):
    """Arguments of ``assign``: random pairs, flags, employers, capacities and running tasks."""
    cases = draw(st.integers(1, most_cases))
    reviewers = draw(st.integers(1, most_reviewers))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density = draw(st.sampled_from([0.3, 0.6, 1.0]))
    case, reviewer = np.nonzero(seed.random((cases, reviewers)) < density)
    kind = seed.integers(0, 3, len(case))
    pairs = pairs_of(case, reviewer, seed.random(len(case)).round(2), kind == 1, kind == 2)
    running = seed.random(len(case)) < draw(st.sampled_from([0, 0.15]))
    fixed = pairs.take(running & (np.cumsum(running) <= 3))
    employed = np.flatnonzero(seed.random(reviewers) < draw(st.sampled_from([0, 0.7])))
    return {
        "pairs": pairs,
        "cases": cases,
        "capacity": seed.integers(0, draw(st.integers(1, 5)) + 1, reviewers),
        "needed": draw(st.integers(1, 3)),
        "fixed": fixed,
        "employers": np.column_stack([employed, seed.integers(0, 3, len(employed))]),
    }


def of_case(found, case):
    return found.reviewer[found.case == case].tolist()


def employer_sets(employers, people):
    return [set(employers[employers[:, 0] == one, 1].tolist()) for one in people]


@given(instances(most_cases=12, most_reviewers=12))
@examples(40)
def test_no_rule_is_ever_broken(instance):
    found = assign(**instance)
    fixed, capacity = instance["fixed"], instance["capacity"]
    listed = set(zip(instance["pairs"].case, instance["pairs"].reviewer, strict=True))
    chosen = set(zip(found.pairs.case, found.pairs.reviewer, strict=True))
    running = set(zip(fixed.case, fixed.reviewer, strict=True))
    assert chosen <= listed - running
    assert len(chosen) == len(found.pairs)
    busy = np.bincount(fixed.reviewer, minlength=len(capacity))
    assert (found.loads <= np.maximum(capacity, busy)).all()
    for case in range(instance["cases"]):
        new, old = of_case(found.pairs, case), of_case(fixed, case)
        assert len(new) <= max(0, instance["needed"] - len(old))
        for one, other in combinations(employer_sets(instance["employers"], new), 2):
            assert not one & other
        for one in employer_sets(instance["employers"], new):
            assert not any(one & other for other in employer_sets(instance["employers"], old))


@given(instances(most_cases=12, most_reviewers=12))
@examples(30)
def test_what_lacks_is_named_case_by_case(instance):
    found = assign(**instance)
    every = instance["fixed"].plus(found.pairs)
    open_places = {one.case: one.count for one in found.lacks if one.of == "places"}
    for case in range(instance["cases"]):
        assert open_places.get(case, 0) == max(0, instance["needed"] - len(of_case(every, case)))
        before = len(of_case(instance["fixed"], case))
        for wish, flag in (("expert", every.expert), ("outsider", every.outsider)):
            lacks = before < instance["needed"] and not flag[every.case == case].any()
            assert lacks == any(one.case == case and one.of == wish for one in found.lacks)
    assert set(found.in_the_way) == {one.why for one in found.lacks}
    assert "time" not in found.in_the_way


def best_by_trying_all(instance):
    """The least (open places, unmet wishes) of all choices that break no rule."""
    pairs, fixed, cases = instance["pairs"], instance["fixed"], instance["cases"]
    options = []
    for case in range(cases):
        old = of_case(fixed, case)
        rows = [row for row in np.flatnonzero(pairs.case == case) if pairs.reviewer[row] not in old]
        places = max(0, instance["needed"] - len(old))
        barred = set().union(*employer_sets(instance["employers"], old), set())
        here = []
        for size in range(places + 1):
            for some in combinations(rows, size):
                sets = employer_sets(instance["employers"], pairs.reviewer[list(some)])
                if sum(map(len, sets)) == len(set().union(*sets, set()) - barred):
                    wishes = sum(
                        places > 0 and not (flag[fixed.case == case].any() or known[list(some)].any())
                        for flag, known in ((fixed.expert, pairs.expert), (fixed.outsider, pairs.outsider))
                    )
                    here.append((places - size, wishes, pairs.reviewer[list(some)]))
        options.append(here)
    room = np.maximum(
        0, instance["capacity"] - np.bincount(fixed.reviewer, minlength=len(instance["capacity"]))
    )
    states = {tuple(room): (0, 0)}
    for here in options:
        after: dict[tuple[int, ...], tuple[int, int]] = {}
        for left, (opened, unmet) in states.items():
            for more_open, more_unmet, people in here:
                rest = np.array(left)
                rest[people] -= 1
                if (rest >= 0).all():
                    value = (opened + more_open, unmet + more_unmet)
                    after[tuple(rest)] = min(after.get(tuple(rest), (99, 99)), value)
        states = after
    return min(states.values())


@given(instances(most_cases=4, most_reviewers=5))
@examples(40)
def test_places_then_wishes_are_met_as_well_as_any_choice_can(instance):
    found = assign(**instance)
    opened = sum(one.count for one in found.lacks if one.of == "places")
    unmet = sum(one.of != "places" for one in found.lacks)
    assert (opened, unmet) == best_by_trying_all(instance)


@given(st.integers(1, 25), st.integers(3, 12), st.integers(0, 2**32 - 1))
@examples(15)
def test_loads_are_equal_within_one_where_everybody_may_review_everything(cases, reviewers, seed):
    affinity = np.random.default_rng(seed).random(cases * reviewers)
    case, reviewer = np.divmod(np.arange(cases * reviewers), reviewers)
    found = assign(pairs_of(case, reviewer, affinity), cases=cases, capacity=np.full(reviewers, cases))
    assert found.loads.sum() == 3 * cases
    assert found.loads.max() - found.loads.min() <= 1
    assert found.figures.even


def test_a_band_of_its_own_for_reviewers_who_cannot_be_exchanged():
    """Two categories that share nobody: 12 cases for 4 reviewers, 4 cases for 6."""
    first = [(case, person) for case in range(12) for person in range(4)]
    second = [(case, person) for case in range(12, 16) for person in range(4, 10)]
    case, reviewer = zip(*first, *second, strict=True)
    found = assign(pairs_of(case, reviewer), cases=16, capacity=np.full(10, 12))
    assert found.loads.tolist() == [9] * 4 + [2] * 6
    assert not found.figures.even


def test_affinity_decides_where_rules_leave_the_choice():
    found = assign(pairs_of([0, 0, 0], [0, 1, 2], [0.1, 0.9, 0.5]), cases=1, capacity=[1, 1, 1], needed=2)
    assert found.pairs.reviewer.tolist() == [1, 2]
    assert found.figures.affinity == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("rows", "words", "lack"),
    [
        # (case, reviewer, expert, outsider) of each candidate
        ([(0, 0, 1, 0), (0, 1, 0, 1)], {}, Lack(0, "places", "too_few_candidates", 1)),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1), (0, 2, 0, 1)],
            {"employers": [(1, 7), (2, 7)]},
            Lack(0, "places", "same_employer", 1),
        ),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1), (0, 2, 0, 0)],
            {"capacity": [9, 9, 0]},
            Lack(0, "places", "capacity", 1),
        ),
        ([(0, 0, 0, 0), (0, 1, 0, 1), (0, 2, 0, 0)], {}, Lack(0, "expert", "no_expert")),
        ([(0, 0, 1, 0), (0, 1, 0, 0), (0, 2, 0, 0)], {}, Lack(0, "outsider", "no_outsider")),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1), (0, 2, 0, 0), (0, 3, 0, 0)],
            {"capacity": [0, 9, 9, 9]},
            Lack(0, "expert", "experts_full"),
        ),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1), (0, 2, 0, 0), (0, 3, 0, 0)],
            {"capacity": [9, 0, 9, 9]},
            Lack(0, "outsider", "outsiders_full"),
        ),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1), (0, 2, 0, 0)],
            {"fixed": pairs_of([0, 0], [1, 2], [0, 0], [0, 0], [0, 0])},
            Lack(0, "outsider", "no_outsider"),
        ),
        (
            [(0, 0, 1, 0), (0, 1, 0, 1)],
            {"fixed": pairs_of([0, 0], [2, 3])},
            Lack(0, "outsider", "no_place_left"),
        ),
    ],
)
def test_each_lack_says_why(rows, words, lack):
    case, reviewer, expert, outsider = zip(*rows, strict=True)
    arguments = {"capacity": [9, 9, 9, 9], **words}
    found = assign(pairs_of(case, reviewer, expert, expert, outsider), cases=1, **arguments)
    assert found.lacks == (lack,)
    assert found.in_the_way == (lack.why,)


def test_a_solver_that_gives_up_says_so():
    case, reviewer = np.divmod(np.arange(300 * 60), 60)
    found = assign(pairs_of(case, reviewer), cases=300, capacity=np.full(60, 20), seconds=0.0)
    assert found.in_the_way == ("time",)
    assert len(found.pairs) == 0


def test_colleagues_of_a_reviewer_with_two_employers_are_barred_by_both():
    pairs = pairs_of([0] * 4, [0, 1, 2, 3], [1, 0.7, 0.7, 0.5])
    found = assign(pairs, cases=1, capacity=[1] * 4, needed=2, employers=[(0, 1), (0, 2), (1, 1), (2, 2)])
    assert found.pairs.reviewer.tolist() == [0, 3]


def test_fractions_of_the_relaxation_become_whole():
    """Three reviewers who are colleagues two by two: the relaxation gives each a half."""
    employers = [(0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (0, 3)]
    found = assign(
        pairs_of([0] * 3, [0, 1, 2], [0.5, 0.6, 0.4]), cases=1, capacity=[1] * 3, employers=employers
    )
    assert found.pairs.reviewer.tolist() == [1]
    assert [one.why for one in found.lacks if one.of == "places"] == ["same_employer"]


@pytest.mark.parametrize("pair", [(2, 0), (0, 5), (-1, 0)])
def test_a_pair_that_names_nobody_is_refused(pair):
    with pytest.raises(ValueError, match="not there"):
        assign(pairs_of([pair[0]], [pair[1]]), cases=2, capacity=[1, 1])


def test_a_pair_listed_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        assign(pairs_of([0, 0], [1, 1]), cases=1, capacity=[1, 1])


def test_nothing_to_do_is_done():
    found = assign(NO_PAIRS, cases=0, capacity=[])
    assert (len(found.pairs), found.lacks, found.in_the_way) == (0, (), ())


def whole(cases, reviewers):
    case, reviewer = np.divmod(np.arange(cases * reviewers), reviewers)
    return pairs_of(case, reviewer, np.ones(len(case)), reviewer % 3 == 0, reviewer % 3 == 1)


def test_only_the_cases_that_list_somebody_outside_the_band_are_solved_again(monkeypatch):
    """Twelve for ninety places: two are listed on five cases each, and then nobody else lies outside 7 to 8."""
    case, reviewer = np.divmod(np.arange(30 * 12), 12)
    allowed = np.where(reviewer < 10, (case + reviewer) % 7 != 0, case // 5 == reviewer - 10)
    affinity = np.random.default_rng(5).random(allowed.sum())
    pairs, solved, whole_program = pairs_of(case[allowed], reviewer[allowed], affinity), [], solving._whole

    def solve(task, levels):
        solved.append(sorted(set(task.pairs.case.tolist())))
        return whole_program(task, levels)

    monkeypatch.setattr(solving, "_whole", solve)
    found = assign(pairs, cases=30, capacity=[12] * 12, experts=0, outsiders=0)
    assert solved == [list(range(30)), list(range(10))]
    assert set(zip(found.pairs.case, found.pairs.reviewer, strict=True)) <= set(
        zip(pairs.case, pairs.reviewer, strict=True)
    )
    assert (found.loads.tolist(), found.lacks) == ([8] * 10 + [5] * 2, ())


def test_a_top_up_gives_two_more_to_the_cases_named_and_nobody_more_than_four():
    first = assign(whole(20, 6), cases=20, capacity=[12] * 6)
    found = top_up(whole(20, 6), cases=20, which=np.arange(10), fixed=first.pairs, capacity=[99] * 6)
    assert sorted(found.pairs.case.tolist()) == sorted([*range(10), *range(10)])
    assert (found.loads - first.loads).max() <= 4
    refused = top_up(whole(20, 6), cases=20, which=np.arange(20), fixed=first.pairs, capacity=[99] * 6)
    assert len(refused.pairs) == 24
    assert "capacity" in refused.in_the_way


def test_a_top_up_keeps_to_what_a_reviewer_said():
    first = assign(whole(4, 6), cases=4, capacity=[12] * 6)
    found = top_up(whole(4, 6), cases=4, which=np.arange(4), fixed=first.pairs, capacity=first.loads)
    assert len(found.pairs) == 0
    assert found.in_the_way == ("capacity",)


def test_a_repair_fills_what_was_left_and_undoes_nothing():
    first = assign(whole(10, 8), cases=10, capacity=[12] * 8)
    still = first.pairs.take(first.pairs.reviewer != 2)
    others = whole(10, 8).take(whole(10, 8).reviewer != 2)
    found = repair(others, cases=10, fixed=still, capacity=[12] * 8)
    assert len(found.pairs) == (first.pairs.reviewer == 2).sum()
    assert found.loads[2] == 0
    assert not found.lacks


def test_the_flow_finds_places_that_no_choice_fills():
    pairs = pairs_of([0, 0, 1, 1, 2], [0, 1, 0, 1, 2])
    assert short_of(pairs, np.array([2, 2, 1]), np.array([1, 1, 5])).sum() == 2
    assert short_of(pairs, np.array([2, 2, 1]), np.array([2, 2, 5])).sum() == 0


def test_the_same_input_gives_the_same_answer_in_any_order():
    pairs = whole(12, 9)
    shuffled = pairs.take(np.random.default_rng(1).permutation(len(pairs)))
    one, other = (assign(some, cases=12, capacity=[6] * 9) for some in (pairs, shuffled))
    assert one.pairs.reviewer.tolist() == other.pairs.reviewer.tolist()


def test_a_stage_may_ask_for_two_experts_and_no_outsider():
    pairs = pairs_of([0] * 4, [0, 1, 2, 3], [0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 0])
    found = assign(pairs, cases=1, capacity=[1] * 4, experts=2, outsiders=0)
    assert found.pairs.reviewer.tolist()[:2] == [0, 1]
    found = assign(pairs, cases=1, capacity=[1] * 4, experts=3, outsiders=0)
    assert found.lacks == (Lack(0, "expert", "no_expert"),)
