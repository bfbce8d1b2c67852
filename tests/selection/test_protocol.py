"""The frozen rules as data: their digest, and what differs between two versions."""

from hypothesis import given
from hypothesis import strategies as st

from selection.protocol import Change, differences, digest_of

leaves = st.one_of(
    st.booleans(), st.integers(2, 9), st.text(max_size=3), st.lists(st.integers(2, 9), max_size=3)
)
trees = st.recursive(
    leaves, lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
)
rules = st.dictionaries(st.text("abc", min_size=1, max_size=2), trees, max_size=4)


@given(rules)
def test_rules_do_not_differ_from_themselves(some):
    assert differences(some, some) == []


@given(rules, rules)
def test_another_digest_means_a_difference_and_the_same_none(one, other):
    assert (digest_of(one) == digest_of(other)) == (differences(one, other) == [])


@given(rules, rules)
def test_the_way_back_has_before_and_after_swapped(one, other):
    back = [Change(change.path, change.after, change.before) for change in differences(other, one)]
    assert differences(one, other) == back


def test_a_change_is_named_by_its_path_and_a_group_by_its_whole():
    before = {"stages": {"1": {"name": "A", "reserve": 3}}, "places": {"x": {"places": 2}}}
    after = {"stages": {"1": {"name": "A", "reserve": 4}, "2": {"name": "B"}}, "places": {"x": {"places": 2}}}
    assert differences(before, after) == [
        Change(("stages", "1", "reserve"), 3, 4),
        Change(("stages", "2"), None, {"name": "B"}),
    ]


def test_the_order_of_keys_changes_no_digest():
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})
