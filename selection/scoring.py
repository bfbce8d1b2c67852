"""Marks and what follows from them. Pure: no Django, no database.

Weights are integer percents; totals and means are exact fractions, rounded half to even once, to four
decimals, for storage. Ranks and ties are read off the stored values only.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LOWEST, HIGHEST = 1, 5
DECIMALS = 4


@dataclass(frozen=True)
class Mark:
    """What a reviewer said to one criterion. No value and not "not applicable": not marked yet."""

    value: int | None = None
    not_applicable: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Answers:
    """A whole review of a rubric, as typed; ``marks`` by the criterion's code.

    ``change_reason``: why marks that were in already are others now.
    """

    marks: Mapping[str, Mark]
    comment: str = ""
    confidence: int | None = None
    change_reason: str = ""


@dataclass(frozen=True)
class Flaw:
    """Why a review cannot be handed in: a code, and the criterion it is about where it is about one."""

    code: str
    criterion: str = ""


def weighted_total(marks: Iterable[tuple[int, int | None]]) -> Fraction:
    """Σ weight·mark / Σ weight over the criteria that have a mark: the others share the weight of an "n/a".

    ``marks`` are pairs of weight and mark, ``None`` for "not applicable".
    """
    given = [(weight, mark) for weight, mark in marks if mark is not None]
    whole = sum(weight for weight, _ in given)
    if whole == 0:
        raise ValueError("no criterion with a mark and a weight")
    return Fraction(sum(weight * mark for weight, mark in given), whole)


@dataclass(frozen=True)
class Summary:
    """What a table shows of a case: n, and mean, median, extremes and SD (n − 1; none of one) as stored."""

    reviews_in: int = 0
    mean: Decimal | None = None
    median: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    sd: Decimal | None = None


def summary_of(totals: Sequence[Fraction]) -> Summary:
    """Sum up exact totals; each figure is exact and rounded once, the SD but for its root (28 digits)."""
    if not totals:
        return Summary()
    n, mean = len(totals), mean_of(totals)
    middle = statistics.median(totals)
    sd = None
    if n > 1:
        variance = sum(((one - mean) ** 2 for one in totals), Fraction(0)) / (n - 1)
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        sd = stored(Fraction(root))
    return Summary(n, stored(mean), stored(middle), stored(min(totals)), stored(max(totals)), sd)


def mean_of(totals: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of exact totals."""
    return sum(totals, Fraction(0)) / len(totals)


def stored(value: Fraction) -> Decimal:
    """``value`` rounded half to even, once, to the four decimals that the table keeps."""
    return Decimal(round(value * 10**DECIMALS)).scaleb(-DECIMALS)


def flaws(
    answers: Answers, criteria: Sequence[str], *, not_applicable_at_most: int = 1, reason_length: int = 80
) -> list[Flaw]:
    """What is missing or wrong before a review can be handed in; empty if nothing is.

    Codes: ``missing``, ``range``, ``reason`` (a 1 or a 5 without enough of one), ``not_applicable`` (too
    many), ``confidence``.
    """
    found = []
    for code in criteria:
        mark = answers.marks.get(code, Mark())
        if mark.not_applicable:
            continue
        if mark.value is None:
            found.append(Flaw("missing", code))
        elif not LOWEST <= mark.value <= HIGHEST:
            found.append(Flaw("range", code))
        elif mark.value in (LOWEST, HIGHEST) and len(mark.reason.strip()) < reason_length:
            found.append(Flaw("reason", code))
    not_applicable = sum(1 for code in criteria if answers.marks.get(code, Mark()).not_applicable)
    if not_applicable > not_applicable_at_most or not_applicable == len(criteria):
        found.append(Flaw("not_applicable"))
    if answers.confidence not in (1, 2, 3):
        found.append(Flaw("confidence"))
    return found
