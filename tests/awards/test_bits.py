"""Searches and counts by bits against the same by plain loops over awards."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from awards import columns as cols
from awards.bits import WORD, Hits
from awards.columns import Columns
from awards.facets import STANDINGS, TENURES, Facets, facets_of
from awards.roster import skipped
from tests.spread import examples

NOW = 2004
LANGUAGES = [("en",), ("en", "de"), ()]
Award = tuple[int, int, int, int, int]  # person, area, country, first year, last year
AWARDS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 3),
        st.sampled_from([0, *map(cols.country_number, ("DE", "PL"))]),
        st.integers(2000, 2005),
        st.sampled_from([2001, 2003, 2005, cols.OPEN_END]),
    ).filter(lambda award: award[3] <= award[4]),
    max_size=25,
)
QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "area": st.sets(st.sampled_from(["1", "2", "3", "both"]), min_size=1),
        "country": st.sets(st.sampled_from(["DE", "PL", "FR"]), min_size=1),
        "year": st.sets(st.sampled_from(["2000", "2002", "2004"]), min_size=1),
        "tenure": st.sets(st.sampled_from([*TENURES]), min_size=1),
        "standing": st.sets(st.sampled_from([*STANDINGS]), min_size=1),
        "language": st.sets(st.sampled_from(["en", "de", "fr"]), min_size=1),
    },
)
MEANT = {"1": {1}, "2": {2}, "3": {3}, "both": {1, 2}}


def made(
    awards: list[Award], times: int, languages: list[tuple[str, ...]] = LANGUAGES
) -> tuple[Columns, Facets, list[Award]]:
    """``times``: as many copies of everybody, so that head and tail have several words."""
    ids = sorted({award[0] + 10 * copy for award in awards for copy in range(times)})
    rows = sorted((ids.index(a[0] + 10 * copy), a[3], *a) for a in awards for copy in range(times))
    column = lambda n: np.array([row[n] for row in rows], np.int32)  # noqa: E731
    people, area, country = column(0), column(3), column(4)
    columns = Columns(
        people=people, area=area, category=area, region=area, country=country, first=column(5).astype(np.int16),
        last=column(6).astype(np.int16), label=area * 0, labels=["A"], ids=np.array(ids, np.int64),
        stands=np.array([pk % 4 for pk in ids], np.int8), current=NOW,
    )  # fmt: skip
    speaks = np.array([pk % len(languages) for pk in ids], np.int32)
    facets = facets_of(
        columns, meant={"area": MEANT}, speaks=speaks, ways=[(one, 0) for one in languages], levels=1
    )
    return columns, facets, [(row[0], *row[3:]) for row in rows]


def fits(award: Award, question: str, answer: str, *, pk: int, held: set[int], at: int) -> bool:
    """Does one award answer a question, and its person?"""
    _person, area, country, first, last = award
    low, high = TENURES.get(answer, (0, 0))
    return {
        "area": lambda: area in MEANT[answer],
        "country": lambda: cols.country_code(country) == answer,
        "year": lambda: first <= int(answer) <= min(last, NOW),
        "tenure": lambda: low <= len([year for year in held if year <= at]) <= high,
        "standing": lambda: pk % 4 == STANDINGS[answer],
        "language": lambda: answer in LANGUAGES[pk % 3],
    }[question]()


@examples(12)
@given(AWARDS, QUESTIONS, st.sampled_from([1, WORD]))
def test_bits_find_and_count_what_a_loop_over_awards_does(awards: list, asked: dict, times: int) -> None:
    columns, facets, rows = made(awards, times)
    year = max(map(int, asked.get("year", ())), default=NOW)
    held: dict[int, set[int]] = {}
    for person, _area, _country, first, last in rows:
        until = max(first, NOW) if last == cols.OPEN_END else last
        held.setdefault(person, set()).update(range(first, until + 1))

    def people(questions: dict) -> set[int]:
        return {
            a[0] for a in rows
            if all(any(fits(a, name, one, pk=int(columns.ids[a[0]]), held=held[a[0]], at=year) for one in answers)
                   for name, answers in questions.items())
        }  # fmt: skip

    bits = {name: facets.of(name, year=year, level=0).any_of(answers) for name, answers in asked.items()}
    hits = Hits(columns, facets.layout, facets.everybody, bits)
    found = people(asked)
    assert hits.total == len(found)
    for sort, order in columns.orders.items():
        in_order = [place for place in order.tolist() if place in found]
        search: Any = SimpleNamespace(
            sort=sort, year=year, answers=asked, loaded=SimpleNamespace(columns=columns)
        )
        passed = skipped(search)
        assert not set(order[:passed].tolist()) & found
        assert hits.part(sort, 1, 3, after=passed - 1).tolist() == in_order[1:4]
    for name in ("area", "country", "year", "tenure", "standing", "language"):
        others = {other: answers for other, answers in asked.items() if other != name}
        counts = facets.of(name, year=year, level=0).counts(hits.without(name))
        assert hits.total_without(name) == len(people(others))
        for answer in {"area": MEANT, "tenure": TENURES, "standing": STANDINGS}.get(
            name,
            ("DE", "PL") if name == "country" else ("en", "de") if name == "language" else ("2002", "2004"),
        ):
            assert counts.get(answer, 0) == len(people({**others, name: {answer}})), (name, answer)


def test_a_question_that_nobody_answers_counts_nobody_among_few_and_many() -> None:
    germany, poland = map(cols.country_number, ("DE", "PL"))
    few = [(0, 1, poland, 2000, cols.OPEN_END)]
    columns, facets, _rows = made(
        [*few, *((n, 1, germany, 2000, cols.OPEN_END) for n in range(1, 10))], WORD, [()]
    )
    for country, people in (("PL", WORD), ("DE", 9 * WORD), ("FR", 0)):
        found = {"country": facets.of("country", year=NOW, level=0).any_of([country])}
        hits = Hits(columns, facets.layout, facets.everybody, found)
        assert hits.total == people
        assert facets.of("language", year=NOW, level=0).counts(hits.without("language")) == {}
