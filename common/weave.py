"""The weave: the whole program as one ribbon, each award year as wide as its number of holders."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.18  # percent between two stripes
NEXT = 9.6  # percent kept for the year in review
_WIDE, _NARROW = 6.5, 12.5  # percent that a label needs on a wide and on a narrow screen
_INSIDE = 8.0  # percent that a stripe needs to hold its number


@dataclass(frozen=True)
class Stripe:
    """One year. ``x`` and ``width`` are percent; ``tone`` is a, b or c (gold, every fifth year); ``label`` is
    empty, wide (only where there is room) or always."""

    year: int
    holders: int
    x: str
    width: str
    tone: str
    label: str
    anchor: str
    inside: bool


def weave(counts: Sequence[tuple[int, int]], *, room_for_next: bool = False) -> list[Stripe]:
    """Stripes of ``(year, holders)`` in order; with ``room_for_next`` the last 9.6 % stay free."""
    if not counts:
        return []
    room = 100.0 - (NEXT + GAP if room_for_next else 0.0) - GAP * (len(counts) - 1)
    total = sum(holders for _, holders in counts) or 1
    widths = [room * holders / total for _, holders in counts]
    starts = [sum(widths[:place]) + GAP * place for place in range(len(widths))]
    labels = _labels(starts, room_for_next=room_for_next)
    last = len(counts) - 1
    return [
        Stripe(
            year,
            holders,
            f"{starts[place]:.2f}",
            f"{widths[place]:.2f}",
            "c" if place % 5 == 4 else "ab"[(place + 1) % 2],
            labels[place],
            "end" if starts[place] > 92 else "start",
            inside=place == last and widths[place] >= _INSIDE,
        )
        for place, (year, holders) in enumerate(counts)
    ]


def _labels(starts: Sequence[float], *, room_for_next: bool) -> list[str]:
    """From the newest back: a year is labelled where its neighbours leave room; the first one always is."""
    labels = [""] * len(starts)
    wide, narrow = 100.0 - NEXT if room_for_next else 200.0, 200.0
    for place in reversed(range(len(starts))):
        start, first = starts[place], place == 0
        if wide - start < _WIDE or (start < _WIDE and not first):
            continue
        labels[place], wide = "wide", start
        if narrow - start >= _NARROW and (start >= _NARROW or first):
            labels[place], narrow = "always", start
    return labels
