"""Places, the line and the flags of a decision group."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.standing import CLOSE, DISAGREE, SIDES, Seen, is_close, line_between, standing, tied_across

VALUES = st.decimals(1, 5, places=1)
GROUP = st.lists(st.tuples(VALUES, VALUES, st.booleans()), max_size=12).map(
    lambda rows: [
        Seen(f"K{place}", mean=mean, calibrated=score, hidden=hidden)
        for place, (mean, score, hidden) in enumerate(rows)
    ]
)


def group(*means, **more):
    return [Seen(f"K{place}", mean=Decimal(str(mean)), **more) for place, mean in enumerate(means)]


def test_ranks_line_and_sides_by_the_mean():
    found = standing(group(4, 3.5, 3, 2), 2)
    assert [one.rank for one in found.places] == [1, 2, 3, 4]
    assert [one.is_in for one in found.places] == [True, True, False, False]
    assert found.line == Decimal("3.25")


def test_equals_across_the_line_are_tied_and_not_in():
    found = standing(group(4, 3, 3, 2), 2)
    assert [one.rank for one in found.places] == [1, 2, 2, 4]
    assert [one.is_in for one in found.places] == [True, False, False, False]
    assert tied_across(found.places) == ["K1", "K2"]
    assert found.line == 3


def test_equals_above_the_line_are_no_tie():
    assert tied_across(standing(group(4, 4, 3), 2).places) == []


@pytest.mark.parametrize("count", [0, 3, 9])
def test_there_is_no_line_where_all_are_in_or_none(count):
    assert standing(group(4, 3, 2), count).line is None


def test_a_case_without_a_mean_stands_last_without_a_rank():
    found = standing([Seen("A"), *group(2)], 1)
    assert [(one.seen.key, one.rank) for one in found.places] == [("K0", 1), ("A", None)]


def test_the_calibrated_score_ranks_only_where_everybody_has_one():
    rows = [
        Seen("A", mean=Decimal(4), calibrated=Decimal(2)),
        Seen("B", mean=Decimal(3), calibrated=Decimal(3)),
    ]
    assert [one.seen.key for one in standing(rows, 1, by_calibrated=True).places] == ["B", "A"]
    rows.append(Seen("C", mean=Decimal(1)))
    found = standing(rows, 1, by_calibrated=True)
    assert (found.by_calibrated, found.places[0].seen.key) == (False, "A")


def test_whose_side_differs_is_flagged_on_both_sides():
    rows = [
        Seen("A", mean=Decimal(4), calibrated=Decimal(2)),
        Seen("B", mean=Decimal(3), calibrated=Decimal(3)),
    ]
    assert [one.flags for one in standing(rows, 1).places] == [(SIDES,), (SIDES,)]
    assert [one.flags for one in standing(rows, 2).places] == [(), ()]


def test_disagreement_and_a_close_call_are_flagged():
    (row,) = standing(group(3, spread=Decimal("2.5"), chance=0.5), 1).places
    assert row.flags == (DISAGREE, CLOSE)


@pytest.mark.parametrize(
    ("chance", "close"), [(None, False), (0.25, False), (0.26, True), (0.74, True), (0.75, False)]
)
def test_too_close_to_call_is_between_a_quarter_and_three(chance, close):
    assert is_close(chance) == close


@given(GROUP, st.integers(0, 12), st.booleans())
def test_a_hidden_case_changes_nothing_for_the_others(rows, count, by_calibrated):
    open_rows = [one for one in rows if not one.hidden]
    both = standing(rows, count, by_calibrated=by_calibrated)
    alone = standing(open_rows, count, by_calibrated=by_calibrated)
    assert [one for one in both.places if not one.seen.hidden] == alone.places
    assert (both.line, both.by_calibrated) == (alone.line, alone.by_calibrated)
    hidden = [one for one in both.places if one.seen.hidden]
    assert both.places[len(alone.places) :] == hidden
    assert all(one.rank is None and not one.flags and not one.is_tied for one in hidden)


@given(GROUP, st.integers(0, 12))
def test_no_more_are_in_than_there_are_places(rows, count):
    found = standing(rows, count)
    assert sum(one.is_in for one in found.places) <= count


@given(st.lists(VALUES, min_size=2, max_size=12), st.integers(1, 11))
def test_the_line_parts_those_in_from_those_out(values, count):
    ranked = sorted(values, reverse=True)
    line = line_between(ranked, count)
    if line is not None:
        assert ranked[count - 1] >= line >= ranked[count]


@given(GROUP, st.integers(0, 12))
def test_ranks_and_ties_are_what_counting_gives(rows, count):
    found = {one.seen.key: one for one in standing(rows, count).places}
    known = [one for one in rows if not one.hidden]
    for one in known:
        better = sum(other.mean > one.mean for other in known)
        equal = sum(other.mean == one.mean for other in known)
        place = found[one.key]
        assert place.rank == better + 1
        assert place.is_in == (better + equal <= count)
        assert place.is_tied == (better < count < better + equal)
