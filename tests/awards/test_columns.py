"""The roster's columns against the same answers by plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from awards import columns as cols
from awards.columns import Columns, Question, find
from awards.wordlist import word_list

AWARDS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(2000, 2005), st.integers(0, 3)),
    min_size=1,
    max_size=25,
)


def columns_of(awards: list[tuple[int, int, int, int]]) -> tuple[Columns, list[tuple[int, int, int, int]]]:
    """``(person, area, first year, more years)``; people without an award are left out, 3 more years are open."""
    people = sorted({person for person, *_others in awards})
    rows = [(people.index(person), area, first, more) for person, area, first, more in awards]
    rows.sort(key=lambda row: (row[0], row[2], row[1]))
    first = np.array([row[2] for row in rows], np.int16)
    more = np.array([row[3] for row in rows], np.int16)
    area = np.array([row[1] for row in rows], np.int32)
    columns = Columns(
        people=np.array([row[0] for row in rows], np.int32), area=area, category=area, region=area, country=area,
        first=first, last=np.where(more == 3, cols.OPEN_END, first + more).astype(np.int16), label=area * 0,
        labels=["A"], ids=np.array(people), stands=np.array([n % 2 for n in people], np.int8), current=2004,
    )  # fmt: skip
    return columns, rows


def years(row: tuple[int, int, int, int]) -> set[int]:
    _person, _area, first, more = row
    return set(range(first, (max(2004, first) if more == 3 else first + more) + 1))


@given(AWARDS, st.sets(st.integers(1, 3), min_size=1), st.integers(2000, 2006))
def test_one_award_answers_all_questions(awards: list, areas: set[int], year: int) -> None:
    columns, rows = columns_of(awards)
    questions = [
        Question("area", lambda c, r: cols.one_of(c.area if r is None else c.area[r], areas)),
        Question(
            "year",
            lambda c, r: cols.any_year(
                c.first if r is None else c.first[r], c.last if r is None else c.last[r], [year]
            ),
        ),
    ]
    found = find(columns, questions)
    in_year = [row for row in rows if row[2] <= year and (row[3] == 3 or year <= row[2] + row[3])]
    assert found.people.tolist() == sorted({row[0] for row in in_year if row[1] in areas})
    assert len(found.without["area"]) == len(in_year)
    some = np.flatnonzero(columns.people % 2 == 0)
    assert find(columns, questions, some).people.tolist() == [n for n in found.people if n % 2 == 0]


@given(AWARDS, st.sets(st.integers(0, 24)))
def test_people_are_counted_once_an_answer(awards: list, left_out: set[int]) -> None:
    columns, awards = columns_of(awards)
    places = [n for n in range(len(awards)) if n not in left_out]
    rows = cols.Rows(columns, np.array(places, np.int64))
    some = [awards[n] for n in places]
    assert rows.each.tolist() == sorted({row[0] for row in some})
    by_area = {area: len({r[0] for r in some if r[1] == area}) for area in {r[1] for r in some}}
    assert rows.by_answer(columns.area) == by_area
    wanted = {year: {r[0] for r in some if year in years(r)} for year in range(2000, 2005)}
    assert rows.by_year() == {year: len(who) for year, who in wanted.items() if who}


@given(AWARDS, st.integers(2000, 2004))
def test_award_years_are_counted_up_to_a_year(awards: list, at: int) -> None:
    columns, rows = columns_of(awards)
    for place in range(len(columns.ids)):
        held = set().union(*(years(row) for row in rows if row[0] == place))
        assert columns.years_of(place) == sorted(held)
        assert columns.tenure_at(at)[place] == len([year for year in held if year <= at])


@given(AWARDS, st.integers(1999, 2004), st.sets(st.integers(0, 4)))
def test_award_years_of_few_are_those_counted_of_all(awards: list, at: int, some: set[int]) -> None:
    columns, _rows = columns_of(awards)
    places = np.array(sorted(place for place in some if place < len(columns.ids)), np.int64).repeat(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cols, "FEW", 0)
        few = columns.tenures_of(places, at).tolist()
    assert few == columns.tenure_at(at)[places].tolist()


@given(st.lists(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_numbers_are_told_apart_and_found_among_others(numbers: list[int], others: set[int]) -> None:
    each = cols.each_once(np.array(numbers, np.int32))
    assert each.tolist() == sorted(set(numbers))
    both = cols.stand_in(each, np.array(sorted(others), np.int32))
    assert each[both].tolist() == sorted(set(numbers) & others)


@given(AWARDS, st.sampled_from(["name", "current", "years", "newest"]), st.integers(0, 5), st.integers(1, 5))
def test_any_part_of_an_order_is_that_part(awards: list, sort: str, start: int, length: int) -> None:
    columns, _rows = columns_of(awards)
    places = np.arange(len(columns.ids))[::2]
    whole = [place for place in columns.orders[sort].tolist() if place in places]
    part = cols.some_places(columns.ranks[sort][places], columns.orders[sort], start, length)
    assert part.tolist() == whole[start : start + length]


@given(
    st.lists(st.lists(st.text("abc", min_size=1, max_size=4), max_size=4), max_size=8),
    st.text("abc", min_size=1, max_size=3),
)
def test_a_word_list_finds_whoever_has_the_part(texts: list[list[str]], part: str) -> None:
    words = word_list(" ".join(text) for text in texts)
    found = words.people(words.with_part(part)).tolist()
    assert found == [place for place, text in enumerate(texts) if any(part in word for word in text)]
    begins = words.people(words.with_part(part, at_start=True)).tolist()
    assert begins == [
        place for place, text in enumerate(texts) if any(word.startswith(part) for word in text)
    ]


@given(
    st.lists(st.text("abcd", min_size=1, max_size=8), max_size=30), st.text("abcd", min_size=4, max_size=7)
)
def test_no_word_that_is_close_is_passed_over(texts: list[str], word: str) -> None:
    words = word_list(texts)
    most = 1 if len(word) < 6 else 2
    away = {one: OSA.distance(one, word) for one in texts if OSA.distance(one, word) <= most}
    closest = {one for one in away if away[one] == min(away.values())}
    assert {words.words[n] for n in words.like(word)} == closest


def test_the_closest_words_are_like_it() -> None:
    words = word_list(["zoltowski lukasz", "zoltowska anna", "smith"])
    assert [words.words[n] for n in words.like("zoltowsky")] == ["zoltowska", "zoltowski"]
    assert [words.words[n] for n in words.like("lukazs")] == ["lukasz"]
    assert words.like("smt") == []
    assert words.like("completely") == []
