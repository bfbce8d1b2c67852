"""The rules of advance: from what reviewers said to what happens with each case. Pure: no Django, no database.

A rule is a function of the cases that are decided together (one category) and of ``stage.rule``, registered
in ``RULES`` under the kind of the stage. It never guesses: where the rule does not decide, the result is
undecided and the program office resolves the case with a written reason.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from selection import calibration, rules, scoring, states

PASS, FAIL, UNSURE = "pass", "fail", "unsure"
PLUS, NEUTRAL, MINUS = "plus", "neutral", "minus"
UNDECIDED = ""


@dataclass(frozen=True)
class Said:
    """What a stage heard about one case. ``reviewers``: who gave each of the ``totals``, where that is known.

    ``calibrated``: its calibrated score to four decimals; ``calibrate`` fills it in.
    """

    case: int
    verdicts: tuple[str, ...] = ()
    fail_codes: tuple[str, ...] = ()
    totals: tuple[Fraction, ...] = ()
    reviewers: tuple[int | str, ...] = ()
    proposed: str = ""
    overrides: tuple[str, ...] = ()
    calibrated: Decimal | None = None
    round: int = 1


@dataclass(frozen=True)
class Result:
    """``outcome`` is ``states.FORWARD`` (a screen passed), an outcome of a decision, or ``UNDECIDED``.

    ``stops``: whatever stages follow, none of them sees the case.
    """

    outcome: str
    why: str = ""
    reason_code: str = ""
    mean: Decimal | None = None
    rank: int | None = None
    stops: bool = False


Rule = Callable[[Sequence[Said], Mapping[str, Any], int], dict[int, Result]]


def screen(said: Sequence[Said], rule: Mapping[str, Any], places: int = 0) -> dict[int, Result]:
    """The majority of pass and fail; "unsure" counts for neither; a tie is undecided, unless the rule passes it.

    ``rule["ineligible_codes"]``: where most fails carry one of these codes, the case is ineligible.
    """
    ineligible = rule.get("ineligible_codes", ())
    settings = rules.screen_rule({key: value for key, value in rule.items() if key != "ineligible_codes"})
    return {one.case: _screened(one, settings, ineligible) for one in said}


def _screened(one: Said, rule: rules.ScreenRule, ineligible: Sequence[str]) -> Result:
    passes, fails = one.verdicts.count(PASS), one.verdicts.count(FAIL)
    if passes > fails or (passes == fails and passes and rule.tie == "forward"):
        return Result(states.FORWARD)
    if passes == fails:
        return Result(UNDECIDED, why="tie" if fails else "unsure" if one.verdicts else "no_verdict")
    code = commonest(one.fail_codes)
    return Result(states.INELIGIBLE if code in ineligible else states.NOT_THIS_TIME, reason_code=code)


def commonest(codes: Sequence[str]) -> str:
    """The code named most often; of those named equally often the first in the alphabet."""
    counts = Counter(code for code in codes if code)
    return min(counts, key=lambda code: (-counts[code], code), default="")


def score(said: Sequence[Said], rule: Mapping[str, Any], places: int) -> dict[int, Result]:
    """Rank by the stored mean, or by the stored calibrated score, against the places of the category.

    The first ``places`` are proposed for the award, the next ``reserve`` for the reserve together with everybody
    who is equal to the last of them, the rest not this time. Equals across the last place are undecided, and so
    is a case without a review. With a threshold only cases to which every reviewer gave that much or more are
    ranked; the others stop here. Where the calibrated score is missing for one case, all rank by the mean.
    """
    settings = rules.score_rule(rule)
    if settings.rank_by == "calibrated":
        said = calibrate(said)
    means = {one.case: scoring.stored(scoring.mean_of(one.totals)) if one.totals else None for one in said}
    short = {one.case for one in said if one.totals and not _reaches(one, settings)}
    ranked = [one for one in said if one.totals and one.case not in short]
    by_model = settings.rank_by == "calibrated" and all(one.calibrated is not None for one in ranked)
    values = {one.case: one.calibrated if by_model else means[one.case] for one in ranked}
    ranks = competition_ranks({case: value for case, value in values.items() if value is not None})
    sharing = Counter(ranks.values())
    results = {}
    for case, mean in means.items():
        if mean is None:
            results[case] = Result(UNDECIDED, why="no_review")
        elif case in short:
            results[case] = Result(states.NOT_THIS_TIME, why="below_threshold", mean=mean, stops=True)
        else:
            first = ranks[case]
            outcome = _by_place(first, first + sharing[first] - 1, places, settings.reserve)
            results[case] = Result(outcome, why="" if outcome else "tie", mean=mean, rank=first)
    return results


def calibrate(said: Sequence[Said]) -> list[Said]:
    """The cases of a group with their calibrated scores, fitted to all their totals and rounded like stored ones.

    Unchanged where it is not known who gave the totals, or where the model may not be shown (few reviewers, cases
    or reviews, a graph in parts, no variance between cases). The order of cases and reviewers makes no difference.
    """
    marked = sorted((one for one in said if one.totals), key=lambda one: one.case)
    if any(len(one.reviewers) != len(one.totals) for one in marked):
        return list(said)
    given = [
        (place, reviewer, float(total))
        for place, one in enumerate(marked)
        for reviewer, total in sorted(
            zip(one.reviewers, one.totals, strict=True), key=lambda pair: str(pair[0])
        )
    ]
    names = {name: code for code, name in enumerate(sorted({str(reviewer) for _, reviewer, _ in given}))}
    case = [place for place, _, _ in given]
    reviewer = [names[str(name)] for _, name, _ in given]
    if not given or calibration.reasons_not_to_show(case, reviewer):
        return list(said)
    fitted = calibration.calibrate(case, reviewer, [total for _, _, total in given])
    if calibration.reasons_not_to_show(case, reviewer, case_variance=fitted.variances[0]):
        return list(said)
    scores = {one.case: fitted.case_score[place] for place, one in enumerate(marked)}
    return [
        replace(one, calibrated=scoring.stored(Fraction(float(scores[one.case]))))
        if one.case in scores
        else one
        for one in said
    ]


def _reaches(one: Said, rule: rules.ScoreRule) -> bool:
    """Whether each reviewer's own weighted mean is high enough, where the rule asks for that."""
    if rule.advance != "threshold":
        return True
    return all(scoring.stored(total) >= rule.threshold for total in one.totals)


def _by_place(first: int, last: int, places: int, reserve: int) -> str:
    """The outcome of equals who stand on the places from ``first`` to ``last``."""
    if last <= places:
        return states.AWARD
    if first <= places:
        return UNDECIDED
    return states.RESERVE if first <= places + reserve else states.NOT_THIS_TIME


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


def vote(said: Sequence[Said], rule: Mapping[str, Any], places: int = 0) -> dict[int, Result]:
    """A ballot or a majority. Places do not limit a vote: whoever is accepted is proposed for the award.

    *Ballot*: ``reject`` times −1 refuse a case, whatever speaks for it; else ``accept`` times +1 accept it.
    *Majority*: more than ``share`` percent of the +1 and −1 accept it; a 0 counts for the quorum alone. A case
    without success is carried over while it has rounds left. After the last one, a missed quorum and a ballot of
    one round that reached neither number are undecided, the rest is not this time. No vote at all is undecided.
    """
    settings = rules.vote_rule(rule)
    count = _balloted if settings.advance == "ballot" else _by_majority
    return {
        one.case: count(one, settings) if one.verdicts else Result(UNDECIDED, why="no_vote") for one in said
    }


def _balloted(one: Said, rule: rules.VoteRule) -> Result:
    if one.verdicts.count(MINUS) >= rule.reject:
        return Result(states.NOT_THIS_TIME, why="rejected", reason_code=commonest(one.fail_codes))
    if one.verdicts.count(PLUS) >= rule.accept:
        return Result(states.AWARD)
    if one.round < rule.rounds:
        return Result(states.CARRY_OVER, why="next_round")
    if rule.rounds > 1:
        return Result(states.NOT_THIS_TIME, why="last_round")
    return Result(UNDECIDED, why="neither")


def _by_majority(one: Said, rule: rules.VoteRule) -> Result:
    plus, minus = one.verdicts.count(PLUS), one.verdicts.count(MINUS)
    quorate = len(one.verdicts) >= rule.quorum
    if quorate and 100 * plus > rule.share * (plus + minus):
        return Result(states.AWARD)
    if one.round < rule.rounds:
        return Result(states.CARRY_OVER, why="next_round")
    if not quorate:
        return Result(UNDECIDED, why="no_quorum")
    why = "last_round" if rule.rounds > 1 else "no_majority"
    return Result(states.NOT_THIS_TIME, why=why, reason_code=commonest(one.fail_codes))


RULES: dict[str, Rule] = {"screen": screen, "score": score, "vote": vote, "council": council}
