"""The search's text taken apart: words, phrases, fields, and a problem for whatever means nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.search import LONGEST, MOST_PARTS, Comparison, Problem, parse
from selection.sentences import words_of_problem


def test_words_and_phrases_stand_as_they_were_typed():
    assert parse('  Ilmārs "Windows  Server" “Visual Basic” O’Dea ').words == (
        "Ilmārs", "Windows Server", "Visual Basic", "O’Dea",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("reviews:3", "=", "3"),
        ("reviews:=3", "=", "3"),
        ("REVIEWS:>=2", ">=", "2"),
        ("reviews:≥2", ">=", "2"),
        ("spread:<1", "<", "1"),
        ("spread:≤0.25", "<=", "0.25"),
        ("spread:>2,5", ">", "2.5"),
        ("spread:> 2.5", ">", "2.5"),
    ],
)
def test_a_number_can_be_compared(text, sign, number):
    field = text.partition(":")[0].casefold()
    assert parse(text).comparisons == (Comparison(field, sign, Decimal(number)),)


def test_fields_of_words_take_one_word_or_a_phrase():
    query = parse('area:"visual basic" area:excel status:OPEN unreviewed:Me')
    assert query.areas == ("visual basic", "excel")
    assert (query.statuses, query.unreviewed) == (("open",), True)
    assert not query.is_empty


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("score:5", Problem("unknown", "score")),
        ("http://lists.example/", Problem("unknown", "http")),
        ("reviews:", Problem("number", "reviews")),
        ("reviews:many", Problem("number", "reviews")),
        ("reviews:1.5", Problem("whole", "reviews")),
        ("reviews:4000", Problem("range", "reviews")),
        ("spread:>99", Problem("range", "spread")),
        ("spread:²", Problem("number", "spread")),
        ("status:won", Problem("status", "won")),
        ("status:>open", Problem("compared", "status")),
        ("area:", Problem("area")),
        ("unreviewed:ilse", Problem("me")),
        ("!!!", Problem("signs", "!!!")),
        ("x" * (LONGEST + 1), Problem("long")),
        ("x " * (MOST_PARTS + 1), Problem("many")),
    ],
)
def test_what_means_nothing_is_said_in_a_sentence(text, problem):
    assert parse(text).problems == (problem,)
    assert words_of_problem(problem).endswith(".")


def test_nothing_typed_is_nothing_asked():
    assert parse("").is_empty
    assert parse('  "" ').is_empty


@given(st.text(max_size=220))
def test_anything_may_be_typed(text):
    query = parse(text)
    assert all(words_of_problem(problem) for problem in query.problems)
    assert all(word.strip() and len(word) <= LONGEST for word in query.words)


@given(
    st.lists(
        st.sampled_from(["reviews:>=2", "spread:<1", "status:open", '"a b"', "excel", "area:x"]), max_size=9
    )
)
def test_each_part_counts_once_whatever_the_order(parts):
    there, back = parse(" ".join(parts)), parse(" ".join(reversed(parts)))
    assert there.words == tuple(reversed(back.words))
    assert sorted(map(str, there.comparisons)) == sorted(map(str, back.comparisons))
    assert not there.problems
