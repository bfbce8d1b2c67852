"""The world's countries as shapes: ``static/world.svg``, read once. Pure but for the file."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

VIEW_BOX = "60 0 1880 830"
CIRCLES = {  # too small to be drawn: where they lie
    "048": (1272, 321), "052": (673, 402), "132": (870, 390), "344": (1620, 344), "462": (1406, 458),
    "470": (1075, 259), "480": (1314, 612), "702": (1576, 476),
}  # fmt: skip
RADIUS = 11
_PATH = re.compile(r'<path data-iso="(\d{3})" d="([^"]+)"')


@cache
def shapes() -> tuple[tuple[str, str], ...]:
    """ISO 3166 number of a country, ``000`` where it has none, and the path of its outline."""
    return tuple(_PATH.findall(Path(str(finders.find("world.svg"))).read_text(encoding="utf-8")))


def steps_of(numbers: Iterable[int]) -> tuple[int, int, int]:
    """Where the second, third and fourth shade begin: near a thirtieth, a tenth and a third of the largest number.

    >>> steps_of([532, 4, 90])
    (20, 50, 200)
    """
    top = max(numbers, default=0)
    second, third, fourth = (_round(top / part) for part in (30, 10, 3))
    return max(2, second), max(3, third), max(4, fourth)


def _round(number: float) -> int:
    """The nearest of 1, 2, 5, 10, 20, 50, …"""
    steps = [digit * 10**power for power in range(8) for digit in (1, 2, 5)]
    return min(steps, key=lambda step: abs(step - number))


def shade_of(number: int, steps: tuple[int, int, int]) -> int:
    """0: none, to 4: most."""
    return 0 if number < 1 else 1 + sum(number >= step for step in steps)
