"""How somebody's marks of a year compare with those of the others on the same cases. Pure: no Django, no database."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

CASES_NEEDED = 5  # fewer would tell of single marks
CLOSE = Decimal(1)


@dataclass(frozen=True)
class Compared:
    """``offset``: mean of own total − mean of the others' totals, case by case; above 0 is more generous. ``spread``:
    SD (n − 1) of own totals, ``spread_of_others`` of the others' means. ``close``: cases at most one point apart."""

    cases: int
    offset: Decimal
    spread: Decimal
    spread_of_others: Decimal
    close: int

    @property
    def lower(self) -> Decimal:
        """How far below the others, where they are."""
        return -self.offset


def compare(pairs: Sequence[tuple[Decimal, Sequence[Decimal]]]) -> Compared | None:
    """Own total and the others' totals of each case; ``None`` with fewer than five cases that others read, too."""
    read = [(own, statistics.mean(others)) for own, others in pairs if others]
    if len(read) < CASES_NEEDED:
        return None
    differences = [own - mean for own, mean in read]
    return Compared(
        cases=len(read),
        offset=_rounded(statistics.mean(differences)),
        spread=_rounded(statistics.stdev(own for own, _mean in read)),
        spread_of_others=_rounded(statistics.stdev(mean for _own, mean in read)),
        close=sum(1 for one in differences if abs(one) <= CLOSE),
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
