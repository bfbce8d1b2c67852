"""Tables in which nobody can be found."""

from hypothesis import given
from hypothesis import strategies as st

from selection.small_groups import LEAST, Group, may_follow, safe_groups


def rows(*groups: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    return [
        (g.name, g.cases, g.awarded) for g in safe_groups([Group(*one) for one in groups], others="others")
    ]


def test_large_groups_stand_as_they_are() -> None:
    assert rows(("a", 20, 8), ("b", 30, 0), ("c", 5, 5)) == [("b", 30, 0), ("a", 20, 8), ("c", 5, 5)]


def test_one_small_group_takes_the_next_one_along_so_that_nothing_is_left_to_subtract() -> None:
    assert rows(("a", 20, 8), ("b", 30, 9), ("c", 4, 4)) == [("b", 30, 9), ("others", 24, 12)]


def test_a_few_who_got_no_award_are_a_small_group_too() -> None:
    assert rows(("a", 20, 8), ("b", 30, 9), ("c", 10, 9)) == [("b", 30, 9), ("others", 30, 17)]


def test_where_all_are_too_few_there_is_no_table() -> None:
    assert rows(("a", 2, 1), ("b", 1, 0)) == []
    assert rows() == []


GROUPS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (max(pair), min(pair))), max_size=12
)


@given(GROUPS)
def test_no_row_and_no_difference_from_the_total_is_about_fewer_than_five(
    counts: list[tuple[int, int]],
) -> None:
    groups = [Group(f"g{n}", *pair) for n, pair in enumerate(counts)]
    shown = safe_groups(groups, others="others")
    for row in shown:
        without = row.cases - row.awarded
        assert row.cases >= LEAST
        assert without == 0 or without >= LEAST
        assert row.joined != 1 or row.name != "others"
    if shown:
        assert sum(row.cases for row in shown) == sum(cases for cases, _awarded in counts)
        assert sum(row.joined for row in shown) == sum(1 for cases, _awarded in counts if cases)


def follows(before: list[tuple[str, int, int]], now: list[tuple[str, int, int]]) -> bool:
    tables = [safe_groups([Group(*one) for one in groups], others="others") for groups in (before, now)]
    return may_follow(tables[0], tables[1])


def test_a_table_follows_another_where_no_cell_changed_by_a_few() -> None:
    before = [("a", 20, 8), ("b", 30, 9)]
    assert follows(before, before)
    assert follows(before, [("a", 25, 8), ("b", 30, 9), ("c", 6, 0)])
    assert not follows(before, [("a", 21, 8), ("b", 30, 9)])
    assert not follows(before, [("a", 20, 9), ("b", 30, 9)])
    assert not follows(before, [("a", 25, 8), ("b", 22, 9)]), "the total beside it changes by three"


def test_what_is_joined_cannot_be_taken_apart_by_another_version() -> None:
    """With b as it was, c would be 24 - 20."""
    before = [("a", 4, 0), ("c", 4, 0), ("b", 20, 0)]
    assert not follows(before, [("a", 7, 0), ("c", 4, 0), ("b", 20, 0)])
    assert follows(before, [("a", 4, 0), ("c", 4, 0), ("b", 30, 0)])


def test_a_table_that_could_not_be_shown_may_come_and_one_that_was_shown_stays() -> None:
    assert follows([("a", 2, 0)], [("a", 9, 0)])
    assert not follows([("a", 9, 0)], [("a", 2, 0)])


CHANGES = st.lists(st.tuples(*[st.sampled_from([0, 0, 0, 5, -5, 9, 1, -1, 4])] * 2), min_size=12, max_size=12)


@given(GROUPS, CHANGES)
def test_no_cell_and_no_sum_of_two_versions_differs_by_fewer_than_five(
    before: list[tuple[int, int]], changes: list[tuple[int, int]]
) -> None:
    """A table follows exactly where all this is so; drawn are tables that are the same but for some changes."""
    now = [
        (max(0, cases + more), min(max(0, cases + more), max(0, awarded + other)))
        for (cases, awarded), (more, other) in zip(before, changes, strict=False)
    ]
    tables = [
        safe_groups([Group(str(number), *one) for number, one in enumerate(groups)], others="others")
        for groups in (before, now)
    ]
    cells = [
        {one.name: (one.cases, one.awarded, one.cases - one.awarded) for one in table} for table in tables
    ]
    for table in cells:
        table["total"] = tuple(map(sum, zip((0, 0, 0), *table.values(), strict=True)))
    nothing = (0, 0, 0)
    differences = [
        abs(one - other)
        for name in cells[0] | cells[1]
        for one, other in zip(cells[0].get(name, nothing), cells[1].get(name, nothing), strict=True)
    ]
    is_safe = all(one == 0 or one >= LEAST for one in differences)
    taken_apart = cells[0].keys() != cells[1].keys() and any(g.joined > 1 for table in tables for g in table)
    expected = not tables[0] or (bool(tables[1]) and is_safe and not taken_apart)
    assert may_follow(*tables) == expected
