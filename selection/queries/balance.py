"""Who would have the places of a decision group beside who is nominated: by region, area, holder and first language."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from selection.queries.order import BY_AREA, BY_HOLDER, BY_LANGUAGE, BY_REGION, OF_ALL, Counted, Order


@dataclass(frozen=True)
class Share:
    """Of one region, area, language …: how many have a place as things stand, and how many are nominated."""

    name: Any
    taken: int
    nominated: int


@dataclass(frozen=True)
class Balance:
    """Places beside nominations, in four ways. Guidance, never a quota. ``by_proposal``: those taken are proposed.

    Nominated are all of the category in the cycle, less those in which the reader has a tie.
    """

    taken: int
    nominated: int
    complete: int
    by_proposal: bool
    regions: list[Share]
    areas: list[Share]
    holders: list[Share]
    languages: list[Share]


_NAMES = {BY_REGION: "region", BY_AREA: "area", BY_HOLDER: "returning", BY_LANGUAGE: "language"}


def balance_of(order: Order, *, by_proposal: bool) -> Balance:
    """What was counted, as shares; the largest of the nominations first."""
    (whole,) = (one for one in order.counted if one.kind == OF_ALL)
    return Balance(
        taken=whole.taken,
        nominated=whole.nominated,
        complete=whole.complete,
        by_proposal=by_proposal,
        regions=_shares(order.counted, BY_REGION),
        areas=_shares(order.counted, BY_AREA),
        holders=_shares(order.counted, BY_HOLDER),
        languages=_shares(order.counted, BY_LANGUAGE),
    )


def _shares(counted: list[Counted], kind: int) -> list[Share]:
    """One for each name; what has none is empty."""
    sums: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in counted:
        if one.kind == kind and (one.taken or one.nominated):
            value = getattr(one, _NAMES[kind])
            name = "" if value is None else value
            taken, nominated = sums[name]
            sums[name] = taken + one.taken, nominated + one.nominated
    return [Share(name, *sums[name]) for name in sorted(sums, key=lambda name: (-sums[name][1], str(name)))]
