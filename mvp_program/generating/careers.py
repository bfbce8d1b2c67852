"""Who held the award in which years, as numbers alone. Pure: no Django, no database."""

import math
import random
from collections.abc import Mapping, Sequence

RETURN_SHARE = 0.04  # of the holders of a year come back after a gap
LONGEST_GAP = 6  # years


def holders_by_year(curve: Sequence[int], first: int, last: int) -> dict[int, int]:
    """Holders of each award year: ``curve`` stretched over the years, straight on a logarithmic scale.

    >>> holders_by_year([10, 1000], 2000, 2002)
    {2000: 10, 2001: 100, 2002: 1000}
    """
    result = {}
    for year in range(first, last + 1):
        place = (year - first) / max(last - first, 1) * (len(curve) - 1)
        below = min(int(place), len(curve) - 2)
        low, high = math.log(curve[below]), math.log(curve[below + 1])
        result[year] = round(math.exp(low + (high - low) * (place - below)))
    return result


def careers(chance: random.Random, holders: Mapping[int, int], *, first_year_share: float) -> list[list[int]]:
    """The award years of each person, so that every year has its number of holders.

    Of the holders of a year ``first_year_share`` are new, a few return after a gap, and the others stay on;
    who has held it longer is likelier to stay.
    """
    years_of: list[list[int]] = []
    active: list[int] = []
    for year in sorted(holders):
        wanted = holders[year]
        new = round(wanted * first_year_share)
        staying_on = set(active)
        away = [
            who
            for who, years in enumerate(years_of)
            if 1 < year - years[-1] <= LONGEST_GAP and who not in staying_on
        ]
        back = min(round(wanted * RETURN_SHARE), len(away))
        stay = min(max(wanted - new - back, 0), len(active))
        back = min(back, wanted - stay)
        new = wanted - stay - back
        staying = _likelier_first(chance, active, [min(len(years_of[who]), 8) + 2 for who in active])[:stay]
        active = sorted([*staying, *chance.sample(away, back)])
        active += range(len(years_of), len(years_of) + new)
        years_of += [[] for _ in range(new)]
        for who in active:
            years_of[who].append(year)
    return years_of


def _likelier_first(chance: random.Random, items: Sequence[int], weights: Sequence[float]) -> list[int]:
    """A weighted order without replacement (Efraimidis and Spirakis: sort by u^(1/w))."""
    keyed = [(chance.random() ** (1 / weight), item) for item, weight in zip(items, weights, strict=True)]
    return [item for _key, item in sorted(keyed, reverse=True)]
