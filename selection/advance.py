"""The rules of advance: from what reviewers said to what happens with each case. Pure: no Django, no database.

A rule is a function of the cases that are decided together (one category) and of ``stage.rule``, registered
in ``RULES`` under the kind of the stage. It never guesses: where the rule does not decide, the result is
undecided and the program office resolves the case with a written reason.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from selection import scoring, states

PASS, FAIL, UNSURE = "pass", "fail", "unsure"
UNDECIDED = ""


@dataclass(frozen=True)
class Said:
    """What a stage heard about one case."""

    case: int
    verdicts: tuple[str, ...] = ()
    fail_codes: tuple[str, ...] = ()
    totals: tuple[Fraction, ...] = ()
    proposed: str = ""
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """``outcome`` is ``states.FORWARD`` (a screen passed), an outcome of a decision, or ``UNDECIDED``."""

    outcome: str
    why: str = ""
    reason_code: str = ""
    mean: Decimal | None = None
    rank: int | None = None


Rule = Callable[[Sequence[Said], Mapping[str, Any], int], dict[int, Result]]


def screen(said: Sequence[Said], rule: Mapping[str, Any], places: int = 0) -> dict[int, Result]:
    """The majority of pass and fail; "unsure" counts for neither; a tie is undecided.

    ``rule["ineligible_codes"]``: where most fails carry one of these codes, the case is ineligible.
    """
    return {one.case: _screened(one, rule) for one in said}


def _screened(one: Said, rule: Mapping[str, Any]) -> Result:
    passes, fails = one.verdicts.count(PASS), one.verdicts.count(FAIL)
    if passes > fails:
        return Result(states.FORWARD)
    if passes == fails:
        return Result(UNDECIDED, why="tie" if fails else "unsure" if one.verdicts else "no_verdict")
    code = commonest(one.fail_codes)
    ineligible = code in rule.get("ineligible_codes", ())
    return Result(states.INELIGIBLE if ineligible else states.NOT_THIS_TIME, reason_code=code)


def commonest(codes: Sequence[str]) -> str:
    """The code named most often; of those named equally often the first in the alphabet."""
    counts = Counter(code for code in codes if code)
    return min(counts, key=lambda code: (-counts[code], code), default="")


def score(said: Sequence[Said], rule: Mapping[str, Any], places: int) -> dict[int, Result]:
    """Rank by the stored mean, against the places of the category.

    The first ``places`` are proposed for the award, the next ``rule["reserve"]`` for the reserve together
    with everybody who has the same stored mean as the last of them, the rest not this time. Equal means
    across the last place are undecided, and so is a case without a review.
    """
    means = {one.case: scoring.stored(scoring.mean_of(one.totals)) if one.totals else None for one in said}
    ranks = competition_ranks({case: mean for case, mean in means.items() if mean is not None})
    sharing = Counter(ranks.values())
    reserve = int(rule.get("reserve", 0))
    results = {}
    for case, mean in means.items():
        if mean is None:
            results[case] = Result(UNDECIDED, why="no_review")
            continue
        first = ranks[case]
        last = first + sharing[first] - 1
        if last <= places:
            results[case] = Result(states.AWARD, mean=mean, rank=first)
        elif first <= places:
            results[case] = Result(UNDECIDED, why="tie", mean=mean, rank=first)
        elif first <= places + reserve:
            results[case] = Result(states.RESERVE, mean=mean, rank=first)
        else:
            results[case] = Result(states.NOT_THIS_TIME, mean=mean, rank=first)
    return results


def competition_ranks(means: Mapping[int, Decimal]) -> dict[int, int]:
    """1, 2, 2, 4: one more than the number of cases with a higher mean."""
    ranks: dict[Decimal, int] = {}
    for place, mean in enumerate(sorted(means.values(), reverse=True), start=1):
        ranks.setdefault(mean, place)
    return {case: ranks[mean] for case, mean in means.items()}


def council(said: Sequence[Said], rule: Mapping[str, Any], places: int = 0) -> dict[int, Result]:
    """The proposal stands unless a member overrode it; members who disagree leave the case undecided."""
    return {one.case: _after_council(one) for one in said}


def _after_council(one: Said) -> Result:
    wanted = set(one.overrides)
    if not wanted:
        return Result(one.proposed, why="" if one.proposed else "no_proposal")
    if len(wanted) > 1:
        return Result(UNDECIDED, why="disagreement")
    return Result(wanted.pop())


RULES: dict[str, Rule] = {"screen": screen, "score": score, "council": council}
