"""The order in which a meeting takes its cases, so that whoever has a tie leaves the room as seldom as possible.

Pure: keys and persons in, groups out.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Cases in a row during which the same people are out of the room."""

    out: frozenset[Hashable]
    cases: tuple[Hashable, ...]


EXACT = 8  # so many different sets of people are put in the best order of all; more by going to the nearest


def meeting_order(cases: Iterable[tuple[Hashable, Iterable[Hashable]]]) -> list[Group]:
    """``(case, people with a tie to it)`` in any order → groups, everybody in the room for the first ones.

    Cases of one group keep the order in which they came. Between groups the number of times that somebody leaves is
    least for up to ``EXACT`` groups with somebody out; beyond that each group is followed by the one that needs the
    fewest people to move, then improved by turning stretches around.
    """
    groups: dict[frozenset[Hashable], list[Hashable]] = {}
    for case, people in cases:
        groups.setdefault(frozenset(people), []).append(case)
    away = [out for out in groups if out]
    order = _best(away) if len(away) <= EXACT else _turned(_nearest(away))
    first = [frozenset[Hashable]()] if frozenset() in groups else []
    return [Group(out, tuple(groups[out])) for out in [*first, *order]]


def exits(outs: Iterable[frozenset[Hashable]]) -> int:
    """How many times somebody leaves the room over these groups, one after the other."""
    count, before = 0, frozenset[Hashable]()
    for out in outs:
        count += len(out - before)
        before = out
    return count


def _best(outs: Sequence[frozenset[Hashable]]) -> list[frozenset[Hashable]]:
    """The order with the fewest exits, by the least exits that lead to each set of groups and its last one.

    Held and Karp's dynamic program; of equal orders the one nearest to that given wins, so it is always the same.
    """
    number = len(outs)
    if number == 0:
        return []
    least: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << place, place): (len(outs[place]), (place,)) for place in range(number)
    }
    for _step in range(number - 1):
        longer: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (seen, last), (cost, way) in least.items():
            for place in range(number):
                if seen >> place & 1:
                    continue
                found = (cost + len(outs[place] - outs[last]), (*way, place))
                key = (seen | 1 << place, place)
                if key not in longer or found < longer[key]:
                    longer[key] = found
        least = longer
    _cost, way = min(least.values())
    return [outs[place] for place in way]


def _nearest(outs: Sequence[frozenset[Hashable]]) -> list[frozenset[Hashable]]:
    left, order, here = list(outs), [], frozenset[Hashable]()
    while left:
        place = min(
            range(len(left)), key=lambda place: (len(left[place] - here), len(here - left[place]), place)
        )
        here = left.pop(place)
        order.append(here)
    return order


def _turned(order: list[frozenset[Hashable]]) -> list[frozenset[Hashable]]:
    """Stretches are turned around as long as that saves an exit (2-opt)."""
    best, saved = exits(order), True
    while saved:
        saved = False
        for first in range(len(order) - 1):
            for last in range(first + 1, len(order)):
                other = order[:first] + order[first : last + 1][::-1] + order[last + 1 :]
                if exits(other) < best:
                    order, best, saved = other, exits(other), True
    return order
