"""A closed selection computed again from what was recorded. Pure: no Django, no database.

Nothing that a stage stored is believed: totals come from the marks, means and ranks from the totals, proposals
from the rule of the stage and the acts after it (resolutions, overrides, second decisions), outcomes from those.
What differs from the stored rows is returned, one ``Difference`` for each figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from fractions import Fraction
from typing import Any

from selection import advance, draws, scoring, states
from selection.recorded import (
    CandidacyFacts,
    CaseFacts,
    CycleFacts,
    DecisionFacts,
    Difference,
    ReviewFacts,
    StageFacts,
)
from selection.rules import COUNCIL, SCORE, SCREEN, VOTE

# The state of a case whose last released outcome this is, and what may become of it by itself afterwards.
CASE_STATES = {
    states.AWARD: {"awarded", "award_declined"},
    states.RESERVE: {"on_reserve"},
    states.NOT_THIS_TIME: {"not_awarded", "second_look"},
    states.INELIGIBLE: {"ineligible"},
}
AGAINST = (advance.FAIL, advance.MINUS)
GONE = {"withdrawn", "merged", "ineligible"}  # left the selection before its end


@dataclass
class Computed:
    """What becomes of a candidacy by the record."""

    outcome: str = ""
    by_rule: str = ""
    proposed: str = ""
    ends_as: str = ""
    rank: int | None = None
    order: int | None = None  # on the reserve, as the chair put it
    summary: scoring.Summary = field(default_factory=scoring.Summary)

    @property
    def is_decided(self) -> bool:
        return self.ends_as in (states.STOPPED, states.DECIDED)


def differences(facts: CycleFacts) -> Iterator[Difference]:
    """All figures of a cycle that come out otherwise than they are stored, in the order of its stages."""
    yield from facts.unpublished
    before: dict[tuple[str, int], Computed] = {}
    decided: dict[str, list[tuple[DecisionFacts, CandidacyFacts, int]]] = defaultdict(list)
    for stage in facts.stages:
        came_out = _stage(stage, before)
        for one in stage.candidacies:
            computed = came_out[one.key]
            yield from _marks(one, stage)
            yield from _figures(one, stage, computed)
            if one.decision is not None:
                decided[one.case].append((one.decision, one, stage.number))
        yield from _places(stage, came_out)
        yield from _drawn(stage)
        yield from _missing(facts, stage, came_out)
        before = {
            (one.case, one.round): came_out[one.key]
            for one in stage.candidacies
            if came_out[one.key].ends_as == states.FORWARD
        }
    yield from _announced(facts, decided)


# What a stage makes of its cases


def _stage(stage: StageFacts, before: Mapping[tuple[str, int], Computed]) -> dict[str, Computed]:
    """Candidacy → what becomes of it; each category is ranked by itself, later rounds follow their first."""
    first = [one for one in stage.candidacies if not one.later]
    found = {one.key: _entered(one, stage, before) for one in first}
    groups: dict[int | None, list[CandidacyFacts]] = defaultdict(list)
    for one in first:
        if one.took_part:
            groups[one.group].append(one)
    for group, members in groups.items():
        numbered = dict(enumerate(members))
        said = [_said(number, one, found[one.key]) for number, one in numbered.items()]
        results = advance.RULES[stage.kind](said, stage.rule, stage.places.get(group, 0))
        for number, one in numbered.items():
            _apply(found[one.key], results[number], one, stage)
    for one in first:
        if not one.took_part:
            _apply(found[one.key], advance.Result(advance.UNDECIDED), one, stage)
    rounds = {(one.case, one.round): found[one.key] for one in first}
    for one in sorted((one for one in stage.candidacies if one.later), key=lambda one: one.round):
        found[one.key] = rounds[one.case, one.round] = _decided_again(one, stage, rounds)
    return found


def _entered(one: CandidacyFacts, stage: StageFacts, before: Mapping[tuple[str, int], Computed]) -> Computed:
    """A council is shown what the stage before proposed; every other stage begins with nothing."""
    if stage.kind == COUNCIL:
        shown = before.get((one.case, one.round), Computed())
        return Computed(proposed=shown.proposed, rank=shown.rank, summary=shown.summary, order=shown.order)
    return Computed(summary=scoring.summary_of(totals_of(one)) if stage.kind == SCORE else scoring.Summary())


def totals_of(one: CandidacyFacts) -> list[Fraction]:
    """The exact totals of the reviews that count."""
    return [
        scoring.weighted_total(review.marks) for review in one.reviews if review.counts and _has_mark(review)
    ]


def _has_mark(review: ReviewFacts) -> bool:
    return any(weight and mark is not None for weight, mark in review.marks)


def _said(number: int, one: CandidacyFacts, entered: Computed) -> advance.Said:
    counting = [review for review in one.reviews if review.counts]
    return advance.Said(
        number,
        verdicts=tuple(review.verdict for review in counting),
        fail_codes=tuple(review.reason_code for review in counting if review.verdict in AGAINST),
        totals=tuple(totals_of(one)),
        reviewers=tuple(review.reviewer for review in counting if _has_mark(review)),
        proposed=entered.proposed,
        overrides=one.overrides,
        round=one.round,
    )


def _apply(computed: Computed, result: advance.Result, one: CandidacyFacts, stage: StageFacts) -> None:
    """The rule's word, then the office's where the rule left the case open, then the chair's."""
    computed.by_rule = result.outcome
    ruled = one.resolved if result.outcome == advance.UNDECIDED else result.outcome
    computed.outcome = one.on_board or ruled
    if stage.kind in (SCORE, VOTE):
        computed.proposed = computed.outcome
    if stage.kind == SCORE:
        computed.rank = result.rank
        computed.order = one.reserve_order
    computed.ends_as = _state_after(stage, computed.outcome, stops=result.stops and not one.on_board)


def _state_after(stage: StageFacts, outcome: str, *, stops: bool) -> str:
    if outcome == advance.UNDECIDED:
        return states.OPEN
    if outcome == states.FORWARD:
        return states.FORWARD
    if stage.kind == SCREEN or stops:
        return states.STOPPED
    if not stage.following or stage.kind == COUNCIL or outcome == states.CARRY_OVER:
        return states.DECIDED
    if outcome == states.INELIGIBLE:
        return states.STOPPED
    refused = stage.following != COUNCIL and outcome == states.NOT_THIS_TIME
    return states.STOPPED if refused else states.FORWARD


def _decided_again(
    one: CandidacyFacts, stage: StageFacts, rounds: Mapping[tuple[str, int], Computed]
) -> Computed:
    """A later round keeps the figures of the one before, unless it was read anew."""
    last = rounds.get((one.case, one.round - 1), Computed())
    summary, rank = last.summary, last.rank
    if one.read_anew:
        summary, rank = scoring.summary_of(totals_of(one)), None
    ends_as = states.DECIDED if one.again else states.OPEN
    return Computed(outcome=one.again, ends_as=ends_as, summary=summary, rank=rank)


# What is stored otherwise


def _marks(one: CandidacyFacts, stage: StageFacts) -> Iterator[Difference]:
    """Each stored total against the marks below it."""
    if stage.kind != SCORE:
        return
    for review in one.reviews:
        if len(review.marks) != review.criteria:
            yield _difference(one, stage, f"marks of {review.reviewer}", len(review.marks), review.criteria)
        total = scoring.stored(scoring.weighted_total(review.marks)) if _has_mark(review) else None
        if total != review.total:
            yield _difference(one, stage, f"total of {review.reviewer}", review.total, total)


def _figures(one: CandidacyFacts, stage: StageFacts, computed: Computed) -> Iterator[Difference]:
    """The columns of the candidacy and of its decision. One that left keeps what it had, and has no decision."""
    left = one.state == states.LEFT
    if stage.kind != SCREEN and (one.took_part or one.later):
        for name, stored, figure in zip(
            (entry.name for entry in fields(scoring.Summary)),
            astuple(one.summary),
            astuple(computed.summary),
            strict=True,
        ):
            if stored != figure:
                yield _difference(one, stage, name, stored, figure)
        if one.rank != computed.rank:
            yield _difference(one, stage, "rank", one.rank, computed.rank)
    if one.closed_mean and one.closed_mean != str(computed.summary.mean):
        yield _difference(one, stage, "mean noted at the close", one.closed_mean, computed.summary.mean)
    if one.closed_as is not None and one.closed_as != computed.by_rule:
        yield _difference(one, stage, "outcome noted at the close", one.closed_as, computed.by_rule)
    if one.by_rule != computed.by_rule and (one.took_part or one.later):
        yield _difference(one, stage, "by the rule", one.by_rule, computed.by_rule)
    if not left and one.proposed != computed.proposed:
        yield _difference(one, stage, "proposed", one.proposed, computed.proposed)
    if not left and one.state != computed.ends_as and not _is_carried(one, computed):
        yield _difference(one, stage, "state", one.state, computed.ends_as)
    yield from _decision(one, stage, computed, left=left)


def _is_carried(one: CandidacyFacts, computed: Computed) -> bool:
    """A case that is carried over leaves its stage with the release."""
    released = one.decision is not None and one.decision.released
    return one.state == states.CARRIED and computed.outcome == states.CARRY_OVER and released


def _decision(
    one: CandidacyFacts, stage: StageFacts, computed: Computed, *, left: bool
) -> Iterator[Difference]:
    decision, due = one.decision, computed.is_decided and not left
    if decision is None:
        if due:
            yield _difference(one, stage, "decision", None, computed.outcome)
        return
    if not due:
        yield _difference(one, stage, "decision", decision.outcome, None)
        return
    if decision.outcome != computed.outcome:
        yield _difference(one, stage, "decision", decision.outcome, computed.outcome)
    if decision.proposed != computed.proposed:
        yield _difference(one, stage, "proposal decided on", decision.proposed, computed.proposed)


def _places(stage: StageFacts, came_out: Mapping[str, Computed]) -> Iterator[Difference]:
    """The reserve as the chair put it, then in the order of the ranks, equal ranks at one place.

    Who left since leaves a gap behind.
    """
    groups: dict[int | None, list[CandidacyFacts]] = defaultdict(list)
    for one in stage.candidacies:
        if one.decision is not None and one.decision.place is not None:
            groups[one.group].append(one)
    for members in groups.values():
        stored = _dense([one.decision.place or 0 for one in members if one.decision])
        ranks = _dense(
            [(came_out[one.key].order or _LAST, came_out[one.key].rank or _LAST) for one in members]
        )
        for one, held, due in zip(members, stored, ranks, strict=True):
            if held != due:
                yield _difference(one, stage, "place on the reserve", held, due)


_LAST = 10**9


def _dense(values: Sequence[Any]) -> list[int]:
    """1, 2, 2, 3: the place of each value among the different ones."""
    order = {value: place for place, value in enumerate(sorted(set(values)), start=1)}
    return [order[value] for value in values]


def _drawn(stage: StageFacts) -> Iterator[Difference]:
    """Each draw again, from the seed that was published."""
    cases = {one.key: one for one in stage.candidacies}
    for draw in stage.draws:
        for again in draws.draw(stage.seed or draw.seed, draw.drawn):
            stored = draw.drawn[again.key]
            if stored != (again.position, again.digest) and again.key in cases:
                yield _difference(cases[again.key], stage, "position drawn", stored[0], again.position)


def _missing(facts: CycleFacts, stage: StageFacts, came_out: Mapping[str, Computed]) -> Iterator[Difference]:
    """Cases that went forward and are not in the next stage, and cases there that did not."""
    following = next((one for one in facts.stages if one.number > stage.number), None)
    if following is None:
        return
    there = {(one.case, one.round): one for one in following.candidacies if not one.later}
    forward = {
        (one.case, one.round): one
        for one in stage.candidacies
        if not one.later and came_out[one.key].ends_as == states.FORWARD
    }
    for who in forward.keys() - there.keys():
        if facts.cases[who[0]].state not in GONE:
            yield _difference(forward[who], following, "candidacy", None, states.FORWARD)
    for who in there.keys() - forward.keys():
        yield _difference(there[who], following, "candidacy", "there", None)


def _announced(
    facts: CycleFacts, decided: Mapping[str, Sequence[tuple[DecisionFacts, CandidacyFacts, int]]]
) -> Iterator[Difference]:
    """What everybody can see: the state of each case and its award, by its last released decision."""
    known = set()
    for case, rows in decided.items():
        for decision, one, number in rows:
            if decision.award is not None:
                known.add(decision.award.key)
            yield from _award(facts, facts.cases[case], decision, one, number)
        released = [row for row in rows if row[0].released]
        if not released:
            continue
        decision, one, number = max(released, key=lambda row: row[0].order)
        due = CASE_STATES.get(decision.outcome)
        if facts.cases[case].is_shell and decision.outcome == states.RESERVE:
            due = {"not_awarded"}
        if due is not None and facts.cases[case].state not in due:
            yield Difference(
                case, one.key, number, "state of the case", facts.cases[case].state, " or ".join(sorted(due))
            )
    for award in facts.awards:
        if award.key not in known:
            yield Difference("", award.key, 0, "award", "granted", None)


def _award(
    facts: CycleFacts, case: CaseFacts, decision: DecisionFacts, one: CandidacyFacts, number: int
) -> Iterator[Difference]:
    award = decision.award
    due = decision.released and decision.outcome == states.AWARD
    if award is None:
        if due and not case.holds_for_good:
            yield Difference(case.key, one.key, number, "award", None, "granted")
        return
    if not due:
        yield Difference(case.key, one.key, number, "award", award.key, None)
    stored = (award.person, award.area, award.cycle, award.first_year)
    right = (case.nominee, case.area, facts.cycle, facts.award_year)
    for what, held, wanted in zip(("person", "area", "cycle", "year"), stored, right, strict=True):
        if held != wanted:
            yield Difference(case.key, one.key, number, f"{what} of award {award.key}", held, wanted)


def _difference(
    one: CandidacyFacts, stage: StageFacts, what: str, stored: object, computed: object
) -> Difference:
    return Difference(one.case, one.key, stage.number, what, stored, computed)


def cases_of(found: Iterable[Difference]) -> set[str]:
    """The cases, or awards and rules of no case, that differ."""
    return {one.case or one.key for one in found}
