"""How the cases of a decision group stand: places, the line, which are too close to call. Pure: no Django, no database.

Everything here is told to one person and counts only what that person may see. A hidden case stands at the end,
in no order, and is counted nowhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

CLOSE_CALL = (0.25, 0.75)  # chances between these are too close to call
APART = Decimal("2.5")  # totals of a case that differ by this much disagree

DISAGREE, CLOSE, SIDES = "disagree", "close", "sides"


class Seen(NamedTuple):
    """What somebody may know of a case: nothing but its key where it is ``hidden``.

    ``mean`` and ``calibrated`` as stored, ``chance`` is P(in) at the number of places that is asked about,
    ``spread`` the highest total less the lowest. ``calibrated`` only where the model is shown.
    """

    key: str
    mean: Decimal | None = None
    calibrated: Decimal | None = None
    chance: float | None = None
    spread: Decimal | None = None
    hidden: bool = False


class Place(NamedTuple):
    """Where a case stands. ``rank``: one more than the cases that are better, none for a case without a value.

    ``is_in``: on this side of the line by the value that ranks. ``is_tied``: equals stand on both sides of it.
    """

    seen: Seen
    rank: int | None
    is_in: bool
    is_tied: bool
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A group in its order. ``line``: midway between the last place in and the first out; none if all are in or none is."""

    places: list[Place]
    line: Decimal | None
    by_calibrated: bool


def standing(cases: Sequence[Seen], count: int, *, by_calibrated: bool = False) -> Standing:
    """Rank the cases against ``count`` places, by the mean, or by the calibrated score where every one has it.

    Equals have the same rank; the key puts them in an order that means nothing.
    """
    known = [one for one in cases if not one.hidden and one.mean is not None]
    by_calibrated = by_calibrated and bool(known) and all(one.calibrated is not None for one in known)
    values = {one.key: one.calibrated if by_calibrated else one.mean for one in known}
    others = {one.key: one.mean if by_calibrated else one.calibrated for one in known}
    ranks, other_ranks = _ranks(values), _ranks(others)
    sharing = Counter(ranks.values())
    ordered = sorted(cases, key=lambda one: (ranks.get(one.key, len(cases) + 1), one.key))
    places = []
    for one in ordered:
        rank = ranks.get(one.key)
        last = rank + sharing[rank] - 1 if rank is not None else None
        is_in = last is not None and last <= count
        is_tied = rank is not None and last is not None and rank <= count < last
        side = None if rank is None else rank <= count
        other = other_ranks.get(one.key)
        flags = _flags(one, differs=other is not None and side is not None and side != (other <= count))
        places.append(Place(one, rank, is_in, is_tied, flags))
    ranked = sorted((value for value in values.values() if value is not None), reverse=True)
    return Standing(places, line_between(ranked, count), by_calibrated)


def line_between(ranked: Sequence[Decimal], count: int) -> Decimal | None:
    """Midway between the last place in and the first out of values that stand from high to low."""
    if not 0 < count < len(ranked):
        return None
    return (ranked[count - 1] + ranked[count]) / 2


def is_close(chance: float | None) -> bool:
    """Too close to call: 0.25 < P(in) < 0.75."""
    return chance is not None and CLOSE_CALL[0] < chance < CLOSE_CALL[1]


def tied_across(ranked: Sequence[Place]) -> list[str]:
    """The keys of the cases that are equal on both sides of the line."""
    return [one.seen.key for one in ranked if one.is_tied]


def _ranks(values: dict[str, Decimal | None]) -> dict[str, int]:
    """1, 2, 2, 4: one more than the number of cases with a higher value."""
    first: dict[Decimal, int] = {}
    given = {key: value for key, value in values.items() if value is not None}
    for place, value in enumerate(sorted(given.values(), reverse=True), start=1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in given.items()}


def _flags(one: Seen, *, differs: bool) -> tuple[str, ...]:
    if one.hidden:
        return ()
    flags: tuple[str, ...] = (DISAGREE,) if one.spread is not None and one.spread >= APART else ()
    if is_close(one.chance):
        flags += (CLOSE,)
    return (*flags, SIDES) if differs else flags
