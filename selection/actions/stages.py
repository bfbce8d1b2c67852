"""Stages open and close. The rule of a stage is data; what each kind does on opening is one dict.

History of a stage holds no counts: whoever has a tie to a case could read its fate off the difference.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import CyclePlaces, ReasonCode
from common import clock, history, jobs
from common.errors import Outdated, RuleBroken
from common.saving import save_many
from nominations import conflicts
from nominations import states as cases
from nominations.actions import enter_review
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from selection import advance, rules, states
from selection.actions.assignments import assign_role_holders
from selection.actions.locks import acting_person, lock_cycle, lock_stage, moment
from selection.actions.means import (
    SUMMARY,
    counting_reviews,
    left_out,
    numbers_due,
    set_summary,
    totals_by_reviewer,
)
from selection.actions.protocol import follow_change, publish_protocol
from selection.actions.releases import prepare_early_release
from selection.actions.ties import ask_for_ties
from selection.models import Candidacy, Decision, Override, Stage


@dataclass(frozen=True)
class Closing:
    """What closing a stage did: how many cases went on, stopped, were decided or wait for the office."""

    forward: int
    stopped: int
    decided: int
    undecided: int


@transaction.atomic
def open_stage(stage: Stage, *, by: User, reason: str = "") -> int:
    """Open a stage and bring its cases in; return how many. Before its date only with a reason.

    With the first one the rules of the cycle are frozen and published.
    """
    person = acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    _require_move(stage, states.STAGE_OPEN)
    if stage.state == states.STAGE_CLOSED:
        raise Outdated(_("%(stage)s is closed already.") % {"stage": stage.internal_name})
    before = _before(stage)
    if before is not None:
        _refuse_unfinished(before, person)
    for one in [stage] if before else stage.cycle.stages.select_related("cycle", "rubric").order_by("number"):
        _refuse_unready(one)  # with the first stage the rules of all of them are published
    if clock.now() >= stage.ends_at:
        raise RuleBroken(_("The closing date has passed. Set a new one first."))
    if clock.now() < stage.opens_at:
        _require_reason(reason, _("This stage opens on %(when)s. To open it now, say why."), stage.opens_at)
        stage.opens_at = clock.now()
    stage.state = states.STAGE_OPEN
    stage.save(update_fields=["state", "opens_at"])
    _record(stage, "open", by=by, old=states.STAGE_PLANNED, text=reason)
    publish_protocol(stage.cycle, by=by, reason=reason)
    return _bring_in(stage, by=by)


@transaction.atomic
def admit_cases(stage: Stage, *, by: User) -> int:
    """Bring cases that were completed since into the running first stage; return how many."""
    acting_person(by)
    stage = lock_stage(stage)
    if stage.state != states.STAGE_OPEN:
        raise Outdated(_("%(stage)s is not open.") % {"stage": stage.internal_name})
    if _before(stage) is not None:
        raise RuleBroken(_("Cases enter the selection in its first stage."))
    count = _bring_in(stage, by=by)
    _record(stage, "admit", by=by, old=stage.state)
    return count


@transaction.atomic
def move_stage(stage: Stage, *, closes_at: Any, by: User, reason: str) -> None:
    """Set another closing date; the status pages say so at once."""
    acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    if stage.state == states.STAGE_CLOSED:
        raise Outdated(_("%(stage)s is closed already.") % {"stage": stage.internal_name})
    if closes_at <= max(clock.now(), stage.opens_at):
        raise RuleBroken(_("The new closing date must lie ahead, and after the opening."))
    if not reason.strip():
        raise RuleBroken(_("Say why the date moves. Everybody who waits can read it."))
    codes = {"before": stage.closes_at.isoformat(), "after": closes_at.isoformat()}
    stage.closes_at = closes_at
    stage.save(update_fields=["closes_at"])
    _record(stage, "move", by=by, old=stage.state, codes=codes, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)


@transaction.atomic
def close_stage(stage: Stage, *, by: User, reason: str = "") -> Closing:
    """Close a stage and apply its rule to every open case; before its date only with a reason.

    Cases that the rule leaves undecided stay open until the office resolves them. Drafts are kept.
    """
    person = acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    _require_move(stage, states.STAGE_CLOSED)
    if clock.now() < stage.closes_at:
        _require_reason(
            reason, _("This stage closes on %(when)s. To close it now, say why."), stage.closes_at
        )
        stage.closes_at = max(clock.now(), stage.opens_at + dt.timedelta(seconds=1))
    candidacies = list(
        Candidacy.objects.select_for_update(of=("self",))
        .filter(stage=stage, state=states.OPEN)
        .select_related("nomination")
        .order_by("pk")
    )
    results = _apply_rule(stage, candidacies)
    stage.state = states.STAGE_CLOSED
    stage.save(update_fields=["state", "closes_at"])
    closing = _settle(stage, candidacies, results, by=by, person=person)
    _record(stage, "close", by=by, old=states.STAGE_OPEN, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)
    if stage.kind == Stage.Kind.SCREEN and stage.cycle.tell_failed_screen_at_once:
        prepare_early_release(stage, by=by)
    return closing


@transaction.atomic
def reopen_stage(stage: Stage, *, closes_at: Any, by: User, reason: str) -> None:
    """Open a closed stage again, with a reason, as long as nothing was built on its outcome."""
    person = acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    if stage.state != states.STAGE_CLOSED:
        raise Outdated(_("%(stage)s is not closed.") % {"stage": stage.internal_name})
    later = Stage.objects.filter(cycle=stage.cycle_id, number__gt=stage.number)
    if later.exclude(state=states.STAGE_PLANNED).exists():
        raise RuleBroken(_("The next stage has begun, so this one cannot be opened again."))
    decisions = Decision.objects.filter(candidacy__stage=stage)
    if decisions.filter(release__isnull=False).exists():
        raise RuleBroken(_("Outcomes of this stage are part of a release. Hold the release first."))
    if not reason.strip():
        raise RuleBroken(_("Say why the stage is opened again."))
    if closes_at <= clock.now():
        raise RuleBroken(_("The new closing date must lie ahead, and after the opening."))
    decisions.delete()
    stage.batches.filter(undone_at=None).update(undone_at=clock.now(), undone_by=person)
    reopened = stage.candidacies.filter(state__in=(states.FORWARD, states.STOPPED, states.DECIDED))
    reopened.update(state=states.OPEN, left_at=None, rank=None, by_rule="")
    if stage.kind != Stage.Kind.COUNCIL:  # a council keeps the proposals that it was shown
        stage.candidacies.filter(state=states.OPEN).update(proposed="", reserve_order=None)
    stage.state, stage.closes_at = states.STAGE_OPEN, closes_at
    stage.save(update_fields=["state", "closes_at"])
    _record(stage, "reopen", by=by, old=states.STAGE_CLOSED, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)


def _bring_in(stage: Stage, *, by: User) -> int:
    """Candidacies for the cases that enter now, and what the kind of the stage does with them."""
    before = _before(stage)
    made = _from_cases(stage, by=by) if before is None else _from_stage(stage, _forward(before))
    return _enter(stage, [*made, *_from_earlier_cycles(stage)], by=by)


def admit_resolved(candidacy: Candidacy, *, by: User) -> None:
    """A case that goes forward after the next stage has begun enters it late; where that one has closed again,
    the office resolves it there."""
    following = following_stage(candidacy.stage)
    if following is None:
        return
    stage = lock_stage(following)  # first: it may be opening at this moment, without this case
    if stage.state == states.STAGE_PLANNED:
        return
    _enter(stage, _from_stage(stage, [candidacy]), by=by)


def _forward(before: Stage) -> QuerySet[Candidacy]:
    return before.candidacies.filter(state=states.FORWARD).select_related("nomination").order_by("pk")


def _enter(stage: Stage, made: list[Candidacy], *, by: User) -> int:
    Candidacy.objects.bulk_create(made, batch_size=2000)
    history.record_many(
        history.Event("candidacy", one.key, "enter", by, new=one.state, codes={"case": one.nomination.key})
        for one in made
    )
    ON_OPENING[stage.kind](stage, made, by=by)
    if stage.hide_nominee:
        jobs.defer("selection.propose_copies", stage=stage.pk)
    return len(made)


def _from_cases(stage: Stage, *, by: User) -> list[Candidacy]:
    """Complete cases of the cycle enter review; cases carried over from an earlier cycle come along."""
    complete = Nomination.objects.filter(cycle=stage.cycle_id, state=cases.COMPLETE).order_by("pk")
    entering = enter_review(complete, by=by)
    conflicts.recompute([case.pk for case in entering], signs=False)
    ask_for_ties(stage)
    return [Candidacy(nomination=case, stage=stage, entered_at=clock.now()) for case in entering]


def _from_earlier_cycles(stage: Stage) -> list[Candidacy]:
    """Cases whose last stage was in an earlier cycle and carried them over.

    A vote goes on with its next round in the first vote of the cycle; everything else, and a vote where none is
    held any more, is looked at from the first stage on.
    """
    stages = list(Stage.objects.filter(cycle=stage.cycle_id).order_by("number"))
    votes = [one for one in stages if one.kind == Stage.Kind.VOTE]
    last = Candidacy.objects.filter(nomination=OuterRef("nomination")).order_by("-entered_at", "-pk")
    carried = (
        Candidacy.objects.filter(state=states.CARRIED, nomination__state=cases.IN_REVIEW)
        .filter(pk=Subquery(last.values("pk")[:1]), stage__cycle__opens_at__lt=stage.cycle.opens_at)
        .select_related("nomination", "stage")
        .order_by("pk")
    )
    found = []
    for one in carried:
        voted = one.stage.kind == Stage.Kind.VOTE and bool(votes)
        if stage.pk == (votes[0] if voted else stages[0]).pk:
            round = one.round + 1 if voted else 1
            found.append(
                Candidacy(nomination=one.nomination, stage=stage, round=round, entered_at=clock.now())
            )
    conflicts.recompute([one.nomination_id for one in found])
    return found


def _from_stage(stage: Stage, forward: Iterable[Candidacy]) -> list[Candidacy]:
    """Cases that went forward enter; a council is shown proposal, mean and rank of the stage before."""
    now = clock.now()
    shown = stage.kind == Stage.Kind.COUNCIL
    return [
        Candidacy(
            nomination=one.nomination,
            stage=stage,
            round=one.round,
            entered_at=now,
            proposed=one.proposed if shown else "",
            rank=one.rank if shown else None,
            reserve_order=one.reserve_order if shown else None,
            **({name: getattr(one, name) for name in SUMMARY} if shown else {}),
        )
        for one in forward
    ]


def _ask_role_holders(stage: Stage, made: Sequence[Candidacy], *, by: User) -> None:
    """Regional leads screen the cases of their region, voters vote on those of their category."""
    assign_role_holders(stage, made, by=by)


def _wait_for_tasks(stage: Stage, made: Sequence[Candidacy], *, by: User) -> None:
    """Reviewers are assigned by the chair."""


def _wait_for_overrides(stage: Stage, made: Sequence[Candidacy], *, by: User) -> None:
    """Members see the cases of their category by their role."""


ON_OPENING: dict[str, Callable[..., None]] = {
    Stage.Kind.SCREEN: _ask_role_holders,
    Stage.Kind.SCORE: _wait_for_tasks,
    Stage.Kind.VOTE: _ask_role_holders,
    Stage.Kind.COUNCIL: _wait_for_overrides,
}


def _apply_rule(stage: Stage, candidacies: list[Candidacy]) -> dict[int, advance.Result]:
    """Candidacy → result, the cases of each category together, against its places."""
    rule = dict(stage.rule)
    if stage.kind == Stage.Kind.SCREEN:
        rule["ineligible_codes"] = _ineligible_codes()
    places = dict(CyclePlaces.objects.filter(cycle=stage.cycle_id).values_list("category_id", "places"))
    groups: dict[int | None, list[advance.Said]] = defaultdict(list)
    said = _said(stage, candidacies)
    for one in candidacies:
        groups[one.nomination.category_id].append(said[one.pk])
        if stage.kind == Stage.Kind.SCORE:  # a tie found since the last review may have changed the figures
            set_summary(one, said[one.pk].totals)
    results: dict[int, advance.Result] = {}
    for category, group in groups.items():
        results |= advance.RULES[stage.kind](group, rule, places.get(category or 0, 0))
    return results


def _said(stage: Stage, candidacies: list[Candidacy]) -> dict[int, advance.Said]:
    """What the stage heard of each case, in at most two statements."""
    verdicts: dict[int, list[str]] = defaultdict(list)
    codes: dict[int, list[str]] = defaultdict(list)
    overrides: dict[int, list[str]] = defaultdict(list)
    marked = totals_by_reviewer(candidacies) if stage.kind == Stage.Kind.SCORE else {}
    if stage.kind in (Stage.Kind.SCREEN, Stage.Kind.VOTE):
        columns = ("assignment__candidacy_id", "verdict", "reason_code")
        for pk, verdict, code in counting_reviews(candidacies).values_list(*columns):
            verdicts[pk].append(verdict)
            if verdict in (advance.FAIL, advance.MINUS):
                codes[pk].append(code)
    if stage.kind == Stage.Kind.COUNCIL:
        standing = Override.objects.filter(candidacy__in=candidacies, withdrawn_at=None)
        for pk, outcome in standing.values_list("candidacy_id", "outcome"):
            overrides[pk].append(outcome)
    return {
        one.pk: advance.Said(
            one.pk,
            verdicts=tuple(verdicts[one.pk]),
            fail_codes=tuple(codes[one.pk]),
            totals=tuple(total for _reviewer, total in marked.get(one.pk, ())),
            reviewers=tuple(reviewer for reviewer, _total in marked.get(one.pk, ())),
            proposed=one.proposed,
            overrides=tuple(overrides[one.pk]),
            round=one.round,
        )
        for one in candidacies
    }


def _settle(
    stage: Stage,
    candidacies: list[Candidacy],
    results: dict[int, advance.Result],
    *,
    by: User,
    person: Person,
) -> Closing:
    """Write results to the candidacies, make the pending decisions, record each.

    The history also names the reviews that did not count because of a tie: ties come and go after the close.
    """
    now, following, uncounted = clock.now(), following_stage(stage), left_out(candidacies)
    events, decisions = [], []
    reasons = _override_reasons(candidacies) if stage.kind == Stage.Kind.COUNCIL else {}
    for one in candidacies:
        result = results[one.pk]
        proposed = one.proposed
        one.state = next_state(stage, result.outcome, following=following, stops=result.stops)
        one.left_at = None if one.state == states.OPEN else now
        one.by_rule = result.outcome
        if stage.kind == Stage.Kind.SCORE:
            one.proposed, one.rank = result.outcome, result.rank
            proposed = result.outcome
        if stage.kind == Stage.Kind.VOTE:
            one.proposed = proposed = result.outcome
        if one.state in (states.STOPPED, states.DECIDED):
            decisions.append(_decision(one, result, proposed, person, reasons.get(one.pk)))
        codes = {
            "outcome": result.outcome,
            "why": result.why,
            "mean": str(result.mean or ""),
            "rank": result.rank,
            **({"left_out": uncounted[one.pk]} if one.pk in uncounted else {}),
        }
        events.append(
            history.Event("candidacy", one.key, "close", by, old=states.OPEN, new=one.state, codes=codes)
        )
    save_many(candidacies, ["state", "left_at", "by_rule", "proposed", "rank", *SUMMARY])
    Decision.objects.bulk_create(decisions, batch_size=2000)
    history.record_by_thousands([*events, *decision_events(decisions, by=by)])
    if stage.kind == Stage.Kind.SCORE:
        for category in {one.nomination.category_id for one in candidacies}:
            numbers_due(stage.pk, category, at_once=True)
    counts = [one.state for one in candidacies]
    return Closing(
        *(counts.count(state) for state in (states.FORWARD, states.STOPPED, states.DECIDED, states.OPEN))
    )


def next_state(stage: Stage, outcome: str, *, following: Stage | None, stops: bool = False) -> str:
    """Where a case goes from a stage with this outcome, given the stage that follows, if one does.

    A council is shown every proposal; any other stage only what may still be awarded.
    """
    if outcome == advance.UNDECIDED:
        return states.OPEN
    if outcome == states.FORWARD:
        return states.FORWARD
    if stage.kind == Stage.Kind.SCREEN or stops:
        return states.STOPPED
    if following is None or stage.kind == Stage.Kind.COUNCIL or outcome == states.CARRY_OVER:
        return states.DECIDED
    if following.kind != Stage.Kind.COUNCIL and outcome == states.NOT_THIS_TIME:
        return states.STOPPED
    return states.FORWARD


def following_stage(stage: Stage) -> Stage | None:
    """The stage after this one; ``None`` for the last, whose outcomes are final."""
    return Stage.objects.filter(cycle=stage.cycle_id, number__gt=stage.number).order_by("number").first()


def decision_events(decisions: Iterable[Decision], *, by: User | None) -> list[history.Event]:
    """One history event for each new decision; the reason is text, and pending outcomes are codes."""
    return [
        history.Event(
            "decision",
            one.candidacy.key,
            "decide",
            by,
            new=one.outcome,
            codes={"proposed": one.proposed, "reason_code": one.reason_code},
            text=one.reason,
        )
        for one in decisions
    ]


def _decision(
    one: Candidacy, result: advance.Result, proposed: str, person: Person, override: Override | None
) -> Decision:
    return Decision(
        candidacy=one,
        proposed=proposed,
        outcome=result.outcome,
        reason_code=override.reason_code if override else result.reason_code,
        reason=override.reason if override else "",
        decided_by=override.member if override else person,
        decided_at=clock.now(),
    )


def _override_reasons(candidacies: list[Candidacy]) -> dict[int, Override]:
    """The standing override of each case, the first where several agree."""
    standing = Override.objects.filter(candidacy__in=candidacies, withdrawn_at=None).select_related("member")
    return {one.candidacy_id: one for one in standing.order_by("-made_at", "-pk")}


def _before(stage: Stage) -> Stage | None:
    return Stage.objects.filter(cycle=stage.cycle_id, number__lt=stage.number).order_by("-number").first()


def _refuse_unfinished(before: Stage, person: Person) -> None:
    """Cases that ``person`` must not know of hold nothing up: a refusal would tell of them. They enter late, when
    somebody else has resolved them."""
    if before.state != states.STAGE_CLOSED:
        raise RuleBroken(_("%(stage)s has to close first.") % {"stage": before.internal_name})
    undecided = before.candidacies.filter(state=states.OPEN)
    if without_conflicts(undecided, person, case="nomination").exists():
        raise RuleBroken(
            _("%(stage)s left cases undecided. The office has to resolve them first.")
            % {"stage": before.internal_name}
        )


def _refuse_unready(stage: Stage) -> None:
    """A stage whose rows cannot work never opens."""
    if rules.problems(stage.kind, stage.rule):
        raise RuleBroken(
            _("The rule of advance of this stage cannot be read. Mend it in its settings first.")
        )
    if stage.kind == Stage.Kind.SCREEN and following_stage(stage) is None:
        raise RuleBroken(_("A screen proposes no outcome, so it cannot be the last stage of a cycle."))
    if stage.kind == Stage.Kind.SCORE:
        weights = stage.rubric.criteria.values_list("weight", flat=True) if stage.rubric else []
        if sum(weights) != 100:
            raise RuleBroken(_("The weights of the rubric have to add up to 100 percent."))
        if not CyclePlaces.objects.filter(cycle=stage.cycle_id).exists():
            raise RuleBroken(_("Set the places of each category first."))
    rounds = rules.vote_rule(stage.rule).rounds if stage.kind == Stage.Kind.VOTE else 1
    if rounds > 1 and not stage.cycle.carry_over_allowed:
        raise RuleBroken(
            _("This vote has more than one round, so the cycle has to allow carrying cases over.")
        )


def _require_move(stage: Stage, to: str) -> None:
    if to not in states.STAGE_MOVES[stage.state]:
        words = {"stage": stage.internal_name, "state": stage.get_state_display()}
        raise Outdated(_("%(stage)s is %(state)s already.") % words)


def _require_reason(reason: str, sentence: str, when: Any) -> None:
    if not reason.strip():
        raise RuleBroken(sentence % {"when": moment(when)})


def _ineligible_codes() -> tuple[str, ...]:
    rows = ReasonCode.objects.filter(use=ReasonCode.Use.INELIGIBLE)
    return tuple(rows.values_list("code", flat=True))


def _record(
    stage: Stage,
    verb: str,
    *,
    by: User,
    old: str,
    codes: dict[str, Any] | None = None,
    text: str = "",
) -> None:
    history.record("stage", stage.key, verb, by=by, old=old, new=stage.state, codes=codes or {}, text=text)
