"""How own marks compare with the others': a table."""

from decimal import Decimal

from selection.own_year import compare


def pairs(*rows):
    return [(Decimal(own), [Decimal(one) for one in others]) for own, *others in rows]


def test_offset_spread_and_closeness_are_over_cases_that_others_read_too():
    found = compare(pairs((4, 3, 3), (3, 2, 2), (5, 4, 4), (4, 3, 3), (4, 1, 1), (1,)))
    assert found is not None
    assert (found.cases, str(found.offset), found.close) == (5, "1.40", 4)
    assert str(found.spread) == "0.71"
    assert str(found.spread_of_others) == "1.14"


def test_fewer_than_five_cases_say_nothing():
    assert compare(pairs((4, 3), (3, 2), (5, 4), (4, 3), (4,), (4,))) is None
