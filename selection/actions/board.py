"""What a chair decides on the board of a closed stage: outcomes in bulk, the order of the reserve, draws between equals.

One after the other: each of these acts locks cycle and stage first, so that two chairs wait for each other, the second
reads what the first one did, and no stage opens and no release is prepared meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from charter.models import Category, CyclePlaces, ReasonCode
from common import clock, history
from common.errors import Outdated, RuleBroken
from common.saving import save_many
from people.models import Person
from selection import draws, states
from selection.actions.closing import next_state
from selection.actions.locks import acting_person, lock_cycle, lock_stage, refuse_kept, refuse_tie
from selection.actions.stages import following_stage
from selection.models import BatchLine, Candidacy, Decision, DecisionBatch, Draw, DrawLine, Stage
from selection.queries.board import Group
from selection.queries.cases import IN_STAGE
from selection.queries.deciding import plan_of, reserve_rows, sees_all, tie_to_draw
from selection.queries.numbers import seen_of_group

ON_BOARD = (states.AWARD, states.RESERVE, states.NOT_THIS_TIME, states.INELIGIBLE, states.DISCUSS)


@transaction.atomic
def decide_in_bulk(
    group: Group, *, by: User, outcome: str, cases: Mapping[str, str], reason: str = "", reason_code: str = ""
) -> DecisionBatch:
    """Propose one outcome for many cases. ``cases``: key → the proposal that the page showed.

    Raises ``Outdated`` where a case has gone or somebody decided on it meanwhile, ``RuleBroken`` where places or
    a reason are missing. All or nothing. A case needs a written reason where it is too close to call, tied across
    the line, or ranked otherwise by the rule; a draw that says the same stands for the reason.
    """
    person = acting_person(by)
    stage = _lock_stage(group.stage)
    refuse_kept(stage, group.category.pk, person)
    _refuse_outcome(stage, outcome, by, reason_code)
    if outcome != states.DISCUSS:
        refuse_unless_deciding(stage)
    places = _places(stage, group.category)
    plan = plan_of(by, Group(stage, [], group.category, [], places, places), outcome=outcome, keys=cases)
    if not cases:
        raise RuleBroken(_("Select at least one candidate."))
    if plan.missing:
        raise Outdated(_("Some of these cases are not on this board any more. Look at it again."))
    if any(line.light.proposed != cases[line.light.key] for line in plan.lines):
        raise Outdated(_("Somebody decided on some of these cases meanwhile. Look at the board again."))
    if outcome != states.DISCUSS:
        _refuse_over_office(by, (line.light.proposed for line in plan.lines))
    if plan.needs_reason and not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case and stands in the minutes."))
    candidacies = _lock([line.light.pk for line in plan.lines])
    _refuse_full(
        stage, group.category, candidacies, outcome, places, seen=seen_of_group(by, stage, group.category)
    )
    batch = DecisionBatch.objects.create(
        stage=stage,
        category=group.category,
        outcome=outcome,
        reason_code=reason_code,
        reason=reason.strip(),
        made_by=person,
        made_at=clock.now(),
    )
    _carry_out(batch, candidacies, by=by, person=person)
    return batch


@transaction.atomic
def undo_batch(batch: DecisionBatch, *, by: User) -> DecisionBatch:
    """Take the last decision in bulk of a group back: every case is as it was before it."""
    person = acting_person(by)
    stage = _lock_stage(batch.stage)
    batch = DecisionBatch.objects.select_related("category").get(pk=batch.pk)
    refuse_kept(stage, batch.category_id, person)
    if batch.undone_at is not None:
        raise Outdated(_("This decision is undone already."))
    if batch.outcome != states.DISCUSS:
        refuse_unless_deciding(stage)
    standing = DecisionBatch.objects.filter(stage=stage, category=batch.category, undone_at=None)
    if standing.filter(pk__gt=batch.pk).exists():
        raise Outdated(_("Something was decided after it. Undo the last decision first."))
    batch.stage = stage
    if not sees_all(by, batch):
        raise RuleBroken(_("This decision is not yours to undo. Ask the program office."))
    lines = list(batch.lines.all())
    if batch.outcome != states.DISCUSS:
        _refuse_over_office(by, (outcome for line in lines for outcome in (line.before, line.after)))
    candidacies = {one.pk: one for one in _lock([line.candidacy_id for line in lines])}
    if batch.outcome != states.DISCUSS:
        if any(candidacies[line.candidacy_id].proposed != line.after for line in lines):
            raise Outdated(_("Some of these cases have moved on since. Look at the board again."))
        _bring_back(lines, candidacies)
    batch.undone_by, batch.undone_at = person, clock.now()
    batch.save(update_fields=["undone_by", "undone_at"])
    history.record_many(
        history.Event(
            "candidacy",
            candidacies[line.candidacy_id].key,
            "undo",
            by,
            old=line.after,
            new=line.before,
            codes={"batch": batch.key, "outcome": line.before, "discussed": batch.outcome == states.DISCUSS},
        )
        for line in lines
    )
    return batch


@transaction.atomic
def move_on_reserve(candidacy: Candidacy, *, by: User, up: bool) -> None:
    """Let a case change places with the one before or after it on the reserve, of those that the actor may see."""
    person = acting_person(by)
    stage = _lock_stage(candidacy.stage)
    refuse_unless_deciding(stage)
    refuse_tie(candidacy, person)
    refuse_kept(stage, candidacy.nomination.category_id, person)
    category = candidacy.nomination.category
    order = reserve_rows(stage, category)
    seen = seen_of_group(by, stage, category) if category is not None else set()
    shown = [place for place, one in enumerate(order) if one.pk in seen]
    here = next((at for at, place in enumerate(shown) if order[place].pk == candidacy.pk), None)
    if here is None:
        raise Outdated(_("This case is not on the reserve any more."))
    there = here + (-1 if up else 1)
    if not 0 <= there < len(shown):
        raise RuleBroken(_("It stands at the end of the reserve already."))
    first, second = shown[here], shown[there]
    order[first], order[second] = order[second], order[first]
    moved = [one for place, one in enumerate(order, start=1) if one.reserve_order != place]
    for place, one in enumerate(order, start=1):
        one.reserve_order = place
    save_many(moved, ["reserve_order"])
    history.record_many(
        history.Event("candidacy", one.key, "order_reserve", by, codes={"place": one.reserve_order})
        for one in moved
    )


@transaction.atomic
def draw_tie(group: Group, *, by: User) -> Draw:
    """Draw between the cases that are equal on both sides of the line, once and for all.

    The seed was published before the stage opened and the keys are given by the system, so that nobody has a
    hand in the order. Who is drawn in is still proposed by the chair; the draw then stands for the reason.
    """
    person = acting_person(by)
    stage = _lock_stage(group.stage)
    refuse_unless_deciding(stage)
    refuse_kept(stage, group.category.pk, person)
    places = _places(stage, group.category)
    tie = tie_to_draw(by, stage, group.category, places)
    if tie is None:
        raise RuleBroken(_("There is no tie across the line that is yours to draw."))
    if DrawLine.objects.filter(candidacy__in=tie.candidacies).exists():
        raise Outdated(_("This tie is drawn already. A tie is drawn once."))
    if any(one.proposed != one.by_rule for one in tie.candidacies):
        raise Outdated(_("Somebody has decided on this tie already."))
    if not stage.draw_seed:
        raise RuleBroken(
            _(
                "No seed was published for this stage before it opened, so nothing can be drawn. Decide with a reason."
            )
        )
    draw = Draw.objects.create(
        stage=stage,
        category=group.category,
        seed=stage.draw_seed,
        places=tie.room,
        drawn_by=person,
        drawn_at=clock.now(),
    )
    by_key = {one.key: one for one in tie.candidacies}
    drawn = draws.draw(stage.draw_seed, by_key)
    DrawLine.objects.bulk_create(
        DrawLine(draw=draw, candidacy=by_key[one.key], position=one.position, digest=one.digest)
        for one in drawn
    )
    history.record_many(
        history.Event(
            "candidacy", one.key, "draw", by, codes={"draw": draw.key, "position": one.position, "digest": one.digest}
        )
        for one in drawn
    )  # fmt: skip
    return draw


def refuse_unless_deciding(stage: Stage) -> None:
    """Proposals are made from the close of a stage until the next one begins, or its outcomes are gathered."""
    if stage.state != states.STAGE_CLOSED:
        raise RuleBroken(_("%(stage)s has to close first.") % {"stage": stage.internal_name})
    later = Stage.objects.filter(cycle=stage.cycle_id, number__gt=stage.number)
    if later.exclude(state=states.STAGE_PLANNED).exists():
        raise Outdated(_("The next stage has begun. What was proposed stands."))
    if Decision.objects.filter(candidacy__stage=stage, release__isnull=False).exists():
        raise RuleBroken(_("Outcomes of this stage are part of a release. Hold the release first."))


def _lock_stage(stage: Stage) -> Stage:
    lock_cycle(stage.cycle_id)
    return lock_stage(stage)


def _refuse_outcome(stage: Stage, outcome: str, by: User, reason_code: str) -> None:
    if outcome not in ON_BOARD or stage.kind not in (Stage.Kind.SCORE, Stage.Kind.VOTE):
        raise RuleBroken(_("Choose one of the outcomes."))
    if outcome != states.INELIGIBLE:
        return
    if not by.holds(Role.PROGRAM_OFFICE):
        raise RuleBroken(_("Whether somebody is eligible is for the program office to say."))
    if not ReasonCode.objects.filter(use=ReasonCode.Use.INELIGIBLE, code=reason_code).exists():
        raise RuleBroken(_("Choose why the nominee is not eligible. The nominee reads it, in plain words."))


def _refuse_over_office(by: User, outcomes: Iterable[str]) -> None:
    """Who is not eligible stays so until the office says otherwise: neither another proposal nor an undo goes over it."""
    if states.INELIGIBLE in outcomes and not by.holds(Role.PROGRAM_OFFICE):
        raise RuleBroken(
            _("The program office has found somebody here not eligible. Only the office can change that.")
        )


def _places(stage: Stage, category: Category) -> int:
    row = CyclePlaces.objects.filter(cycle=stage.cycle_id, category=category).first()
    return row.places if row else 0


def _refuse_full(
    stage: Stage,
    category: Category,
    candidacies: Sequence[Candidacy],
    outcome: str,
    places: int,
    *,
    seen: set[int],
) -> None:
    """No more proposed awards than places, as far as the actor sees: a refusal must not tell that a case which is
    hidden from them has a place. Whoever sees all of them finds one too many at the release."""
    if outcome != states.AWARD or stage.kind == Stage.Kind.VOTE:
        return
    others = Candidacy.objects.filter(IN_STAGE, stage=stage, category=category, proposed=states.AWARD)
    others = others.exclude(state=states.LEFT).exclude(pk__in=[one.pk for one in candidacies])
    if others.filter(pk__in=seen).count() + len(candidacies) > places:
        raise RuleBroken(
            ngettext(
                "%(category)s has %(count)d place. Another case has to leave it first.",
                "%(category)s has %(count)d places. Other cases have to leave them first.",
                places,
            )
            % {"category": category.name, "count": places}
        )


def _lock(pks: Sequence[int]) -> list[Candidacy]:
    rows = Candidacy.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    return list(rows.select_related("nomination").order_by("pk"))


def _carry_out(batch: DecisionBatch, candidacies: Sequence[Candidacy], *, by: User, person: Person) -> None:
    """Lines, proposals, decisions and history of a batch: a number of statements that does not grow."""
    decisions = {one.candidacy_id: one for one in Decision.objects.filter(candidacy__in=candidacies)}
    lines = [_line(batch, one, decisions.get(one.pk)) for one in candidacies]
    BatchLine.objects.bulk_create(lines, batch_size=1000)
    verb = "discuss" if batch.outcome == states.DISCUSS else "propose"
    if verb == "propose":
        following = following_stage(batch.stage)
        for one in candidacies:
            _move(one, _state(batch.stage, batch.outcome, following))
            one.proposed, one.reserve_order = batch.outcome, None
        _save(candidacies)
        _settle(batch, candidacies, decisions, person)
    history.record_many(
        history.Event(
            "candidacy",
            one.key,
            verb,
            by,
            old=line.before,
            new=line.after,
            codes={"batch": batch.key, "outcome": batch.outcome, "reason_code": batch.reason_code},
            text=batch.reason,
        )
        for one, line in zip(candidacies, lines, strict=True)
    )


def _line(batch: DecisionBatch, one: Candidacy, decision: Decision | None) -> BatchLine:
    return BatchLine(
        batch=batch,
        candidacy=one,
        before=one.proposed,
        after=batch.outcome,
        reserve_before=one.reserve_order,
        state_before=one.state,
        decided_by_before=decision.decided_by if decision else None,
        decided_at_before=decision.decided_at if decision else None,
        reason_code_before=decision.reason_code if decision else "",
        reason_before=decision.reason if decision else "",
    )


def _state(stage: Stage, outcome: str, following: Stage | None) -> str:
    """Where a proposal leads; who is not eligible goes no further."""
    if outcome == states.INELIGIBLE and following is not None:
        return states.STOPPED
    return next_state(stage, outcome, following=following)


def _move(one: Candidacy, to: str) -> None:
    if one.state == to:
        return
    if to not in states.CANDIDACY_MOVES[one.state]:
        raise Outdated(_("Some of these cases have moved on since. Look at the board again."))
    one.state = to
    one.left_at = None if to == states.OPEN else clock.now()


def _save(candidacies: Sequence[Candidacy]) -> None:
    save_many(candidacies, ["state", "left_at", "proposed", "reserve_order"])


def _settle(
    batch: DecisionBatch,
    candidacies: Sequence[Candidacy],
    decisions: Mapping[int, Decision],
    person: Person,
) -> None:
    """The pending decisions follow: of cases that end here one each, of those that go on none."""
    ended = [one for one in candidacies if one.state in (states.STOPPED, states.DECIDED)]
    gone = [one.pk for one in candidacies if one.state == states.FORWARD and one.pk in decisions]
    Decision.objects.filter(candidacy__in=gone).delete()
    made: list[Decision] = []
    changed: list[Decision] = []
    for one in ended:
        decision = decisions.get(one.pk)
        (changed if decision else made).append(decision := decision or Decision(candidacy=one))
        decision.proposed = decision.outcome = batch.outcome
        decision.reason, decision.reason_code = batch.reason, batch.reason_code
        decision.decided_by, decision.decided_at = person, batch.made_at
    _save_decisions(made, changed)


def _save_decisions(made: Sequence[Decision], changed: Sequence[Decision]) -> None:
    fields = ["proposed", "outcome", "reason", "reason_code", "decided_by", "decided_at"]
    Decision.objects.bulk_create(made, batch_size=1000)
    save_many(changed, fields)


def _bring_back(lines: Sequence[BatchLine], candidacies: Mapping[int, Candidacy]) -> None:
    """Proposal, state, place on the reserve and decision of each case as they were."""
    decisions = {one.candidacy_id: one for one in Decision.objects.filter(candidacy__in=candidacies)}
    made: list[Decision] = []
    changed: list[Decision] = []
    gone: list[int] = []
    for line in lines:
        one, decision = candidacies[line.candidacy_id], decisions.get(line.candidacy_id)
        one.state, one.proposed, one.reserve_order = line.state_before, line.before, line.reserve_before
        one.left_at = None if one.state == states.OPEN else one.left_at or clock.now()
        if line.decided_at_before is None:
            gone.append(one.pk)
            continue
        (changed if decision else made).append(decision := decision or Decision(candidacy=one))
        decision.proposed = decision.outcome = line.before
        decision.reason, decision.reason_code = line.reason_before, line.reason_code_before
        decision.decided_by, decision.decided_at = line.decided_by_before, line.decided_at_before
    _save(list(candidacies.values()))
    Decision.objects.filter(candidacy__in=gone).delete()
    _save_decisions(made, changed)
