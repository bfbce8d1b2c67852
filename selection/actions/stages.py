"""Stages open, move and open again (``closing.py``: they close). What each kind does on opening is one dict.

History of a stage holds no counts: whoever has a tie to a case could read its fate off the difference.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import CyclePlaces
from common import clock, history, jobs
from common.errors import Outdated, RuleBroken
from nominations import conflicts
from nominations import states as cases
from nominations.actions import enter_review
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from selection import rules, states
from selection.actions.assignments import assign_role_holders
from selection.actions.locks import acting_person, lock_cycle, lock_stage, moment
from selection.actions.means import (
    SUMMARY,
)
from selection.actions.protocol import follow_change, publish_protocol
from selection.actions.ties import ask_for_ties
from selection.models import Assignment, Candidacy, Decision, Stage
from selection.queries.cases import WORKING
from selection.queries.kept import without_kept


@transaction.atomic
def open_stage(stage: Stage, *, by: User, reason: str = "") -> int:
    """Open a stage and bring its cases in; return how many. Before its date only with a reason.

    With the first one the rules of the cycle are frozen and published.
    """
    person = acting_person(by)
    lock_cycle(stage.cycle_id)
    stage = lock_stage(stage)
    require_move(stage, states.STAGE_OPEN)
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
        require_reason(reason, _("This stage opens on %(when)s. To open it now, say why."), stage.opens_at)
        stage.opens_at = clock.now()
    stage.state = states.STAGE_OPEN
    stage.save(update_fields=["state", "opens_at"])
    record_stage(stage, "open", by=by, old=states.STAGE_PLANNED, text=reason)
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
    record_stage(stage, "admit", by=by, old=stage.state)
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
    _move_tasks(stage)
    record_stage(stage, "move", by=by, old=stage.state, codes=codes, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)


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
    _move_tasks(stage)
    record_stage(stage, "reopen", by=by, old=states.STAGE_CLOSED, text=reason)
    follow_change(stage.cycle, by=by, reason=reason)


def _move_tasks(stage: Stage) -> None:
    """Tasks end with their stage again, done ones too: the even pace is counted over all. Not those of a candidacy
    with an end of its own."""
    tasks = Assignment.objects.filter(candidacy__stage=stage, candidacy__closes_at=None, state__in=WORKING)
    tasks.update(due_at=stage.closes_at)


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
    history.record_by_thousands(
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


def following_stage(stage: Stage) -> Stage | None:
    """The stage after this one; ``None`` for the last, whose outcomes are final."""
    return Stage.objects.filter(cycle=stage.cycle_id, number__gt=stage.number).order_by("number").first()


def _before(stage: Stage) -> Stage | None:
    return Stage.objects.filter(cycle=stage.cycle_id, number__lt=stage.number).order_by("-number").first()


def _refuse_unfinished(before: Stage, person: Person) -> None:
    """Cases that ``person`` must not know of hold nothing up, nor do those of a category in which they have a tie: a
    refusal would tell of them. They enter late, when somebody else has resolved them."""
    if before.state != states.STAGE_CLOSED:
        raise RuleBroken(_("%(stage)s has to close first.") % {"stage": before.internal_name})
    undecided = before.candidacies.filter(state=states.OPEN)
    if without_kept(without_conflicts(undecided, person, case="nomination"), person).exists():
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


def require_move(stage: Stage, to: str) -> None:
    """Refuse what a stage in its state cannot become."""
    if to not in states.STAGE_MOVES[stage.state]:
        words = {"stage": stage.internal_name, "state": stage.get_state_display()}
        raise Outdated(_("%(stage)s is %(state)s already.") % words)


def require_reason(reason: str, sentence: str, when: Any) -> None:
    """Refuse an act before its date that has no reason; the sentence names the date."""
    if not reason.strip():
        raise RuleBroken(sentence % {"when": moment(when)})


def record_stage(
    stage: Stage,
    verb: str,
    *,
    by: User,
    old: str,
    codes: dict[str, Any] | None = None,
    text: str = "",
) -> None:
    """One act on a stage in the history."""
    history.record("stage", stage.key, verb, by=by, old=old, new=stage.state, codes=codes or {}, text=text)
