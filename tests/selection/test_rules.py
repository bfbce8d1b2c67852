"""The settings of a stage: defaults, what is refused and in which code, and the way there and back."""

from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection import rules
from selection.rules import KINDS, RuleWrong, dump, parse, problems, score_rule, vote_rule


@st.composite
def any_rule(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    given_values = {}
    for one in fields(KINDS[kind]):
        limits = one.metadata
        if "choices" in limits:
            given_values[one.name] = draw(st.sampled_from(limits["choices"]))
        elif "flag" in limits:
            given_values[one.name] = draw(st.booleans())
        elif "exact" in limits:
            given_values[one.name] = draw(st.decimals(limits["least"], limits["most"], places=2))
        else:
            given_values[one.name] = draw(st.integers(int(limits["least"]), int(limits["most"])))
    return kind, KINDS[kind](**given_values)


@given(any_rule())
def test_what_is_dumped_is_parsed_to_the_same_rule(kind_and_rule):
    kind, rule = kind_and_rule
    assert parse(kind, dump(rule)) == rule


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_empty_rule_has_the_defaults_of_its_kind(kind):
    assert parse(kind, {}) == KINDS[kind]()


def test_the_defaults_are_those_of_the_default_program():
    rule = score_rule({"advance": "rank_by_mean", "reserve": 3, "capacity": 12})
    assert (rule.reserve, rule.capacity, rule.top_up_capacity, rule.top_up_share) == (3, 12, 4, 25)
    assert (rule.top_up_reviews, rule.experts, rule.outsiders, rule.rank_by) == (2, 1, 1, "mean")
    assert (vote_rule({}).accept, vote_rule({}).reject, vote_rule({}).minus_needs_reason) == (3, 2, True)


@pytest.mark.parametrize(
    ("kind", "data", "code", "key"),
    [
        ("screen", {"advance": "unanimous"}, "choice", "advance"),
        ("screen", {"advance": ["majority"]}, "choice", "advance"),
        ("screen", {"reserve": 3}, "unknown", "reserve"),
        ("score", {"reserve": -1}, "range", "reserve"),
        ("score", {"reserve": True}, "number", "reserve"),
        ("score", {"reserve": "3"}, "number", "reserve"),
        ("score", {"reserve": 2.5}, "number", "reserve"),
        ("score", {"threshold": "six"}, "number", "threshold"),
        ("score", {"threshold": 5.5}, "range", "threshold"),
        ("score", {"threshold": "NaN"}, "number", "threshold"),
        ("score", {"threshold": "3.00001"}, "number", "threshold"),
        ("vote", {"minus_needs_reason": "no"}, "flag", "minus_needs_reason"),
        ("vote", {"share": 49}, "range", "share"),
        ("council", {"advnace": "agree_or_override"}, "unknown", "advnace"),
        ("council", ["agree_or_override"], "group", ""),
    ],
)
def test_what_is_wrong_has_a_code_and_names_its_key(kind, data, code, key):
    assert [(one.code, one.key) for one in problems(kind, data)] == [(code, key)]
    with pytest.raises(RuleWrong):
        parse(kind, data)


def test_every_mistake_is_named_at_once():
    found = problems("score", {"reserve": -1, "capacity": 0, "extra": 1})
    assert {(one.key, one.code) for one in found} == {
        ("reserve", "range"), ("capacity", "range"), ("extra", "unknown"),
    }  # fmt: skip


@pytest.mark.parametrize(("written", "value"), [(3, "3"), (3.5, "3.5"), ("3.25", "3.25")])
def test_a_threshold_is_exact_however_it_is_written(written, value):
    rule = score_rule({"threshold": written})
    assert rule.threshold == Decimal(value)
    assert rules.parse("score", dump(rule)) == rule
