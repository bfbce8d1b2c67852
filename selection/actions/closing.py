"""A stage closes: its rule is applied to every open case, and what ends there is decided, as pending as ever.

History of a stage holds no counts: whoever has a tie to a case could read its fate off the difference.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import CyclePlaces, ReasonCode
from common import clock, history
from common.saving import save_many
from people.models import Person
from selection import advance, states
from selection.actions.locks import acting_person, lock_cycle, lock_stage
from selection.actions.means import (
    SUMMARY,
    counting_reviews,
    left_out,
    numbers_due,
    set_summary,
    totals_by_reviewer,
)
from selection.actions.protocol import follow_change
from selection.actions.releases import prepare_early_release
from selection.actions.stages import following_stage, record_stage, require_move, require_reason
from selection.models import Candidacy, Decision, Override, Stage


@dataclass(frozen=True)
class Closing:
    """What closing a stage did: how many cases went on, stopped, were decided or wait for the office."""

    forward: int
    stopped: int
    decided: int
    undecided: int


@transaction.atomic
def close_stage(stage: Stage, *, by: User, reason: str = "") -> Closing:
    """Close a stage and apply its rule to every open case; before its date only with a reason.

    Cases that the rule leaves undecided stay open until the office resolves them. Drafts are kept.
    """
    person = acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    require_move(stage, states.STAGE_CLOSED)
    if clock.now() < stage.closes_at:
        require_reason(reason, _("This stage closes on %(when)s. To close it now, say why."), stage.closes_at)
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
    record_stage(stage, "close", by=by, old=states.STAGE_OPEN, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)
    if stage.kind == Stage.Kind.SCREEN and stage.cycle.tell_failed_screen_at_once:
        prepare_early_release(stage, by=by)
    return closing


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


def _ineligible_codes() -> tuple[str, ...]:
    rows = ReasonCode.objects.filter(use=ReasonCode.Use.INELIGIBLE)
    return tuple(rows.values_list("code", flat=True))
