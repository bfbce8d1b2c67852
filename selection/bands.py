"""In which third of its category a case stands, criterion by criterion. Pure: no Django, no database."""

from collections import Counter
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Case = TypeVar("Case", bound=Hashable)

LOWER, MIDDLE, UPPER = "lower", "middle", "upper"
REVIEWS_NEEDED = 3  # of a case, before it is told how it stood
CASES_NEEDED = 3  # in a category: fewer have no thirds, and would tell of one another


def thirds(means: Mapping[Case, Fraction]) -> dict[Case, str]:
    """Case → its third, by the exact means of all cases of a category in one criterion.

    The place of a case is (cases below it + half of those equal to it, itself included) / all: equals are in one
    third, whatever their number. Up to 1/3 is the lower, from 2/3 on the upper third, without the borders
    themselves. Nothing for fewer than three cases.
    """
    if len(means) < CASES_NEEDED:
        return {}
    equal, below, places = Counter(means.values()), 0, {}
    for value in sorted(equal):
        places[value] = Fraction(2 * below + equal[value], 2 * len(means))
        below += equal[value]
    return {case: _third(places[mean]) for case, mean in means.items()}


def _third(place: Fraction) -> str:
    if place < Fraction(1, 3):
        return LOWER
    return UPPER if place > Fraction(2, 3) else MIDDLE
