"""Who held the award in which years."""

import random
from collections import Counter

from mvp_program.generating.careers import careers, holders_by_year

CURVE = [37, 64, 121, 212, 330, 452, 601, 788, 1046, 1398, 1925, 2631]


def test_the_curve_begins_and_ends_where_it_should_and_only_grows() -> None:
    holders = holders_by_year(CURVE, 1993, 2026)
    assert (holders[1993], holders[2026], len(holders)) == (37, 2631, 34)
    assert list(holders.values()) == sorted(holders.values())


def test_twelve_years_are_the_curve_itself() -> None:
    assert list(holders_by_year(CURVE, 1993, 2004).values()) == CURVE


def test_every_year_has_its_number_of_holders() -> None:
    holders = {year: 20 + 3 * (year - 2000) for year in range(2000, 2020)}
    lives = careers(random.Random(3), holders, first_year_share=0.25)
    assert Counter(year for years in lives for year in years) == holders


def test_some_careers_have_gaps_and_the_last_year_its_share_of_new_ones() -> None:
    holders = holders_by_year(CURVE, 1993, 2026)
    lives = careers(random.Random(3), holders, first_year_share=0.2683)
    assert sum(1 for years in lives if years == [2026]) == 706
    assert any(years[-1] - years[0] >= len(years) for years in lives)


def test_chance_falls_the_same_way_every_time() -> None:
    holders = {2000: 5, 2001: 9, 2002: 12}
    once, twice = (careers(random.Random("x"), holders, first_year_share=0.3) for _ in range(2))
    assert once == twice
