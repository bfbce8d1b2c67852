"""What the office decides itself: cases a rule left open, reserve places, second looks."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import CyclePlaces, ReasonCode
from common import clock, history
from common.errors import Outdated, RuleBroken
from nominations import states as cases
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from selection import rules, states
from selection.actions.closing import decision_events, next_state
from selection.actions.council import effective_outcome, refuse_if_full
from selection.actions.locks import (
    acting_person,
    lock_candidacy,
    lock_cycle,
    lock_stage,
    refuse_kept,
    refuse_tie,
)
from selection.actions.means import SUMMARY
from selection.actions.second_looks import end_reading, next_round, reading_of
from selection.actions.stages import admit_resolved, following_stage
from selection.models import Candidacy, Decision, Stage


@transaction.atomic
def resolve_candidacy(
    candidacy: Candidacy, *, by: User, outcome: str, reason: str, reason_code: str = ""
) -> Candidacy:
    """Decide a case that a closed stage left undecided, with a written reason.

    ``outcome`` is forward, not this time or ineligible after a screen; award, not this time or carry over after a
    vote; award, reserve or not this time after a stage that ranks or a council. An award needs a free place, but
    for a vote, which places do not limit.
    """
    person = acting_person(by)
    stage = lock_stage(candidacy.stage)
    candidacy = lock_candidacy(candidacy)
    refuse_tie(candidacy, person)
    refuse_kept(stage, candidacy.nomination.category_id, person)
    if stage.state != states.STAGE_CLOSED or candidacy.state != states.OPEN:
        raise Outdated(_("This case is not waiting for a decision any more."))
    if outcome not in outcomes_to_resolve(stage, candidacy):
        raise RuleBroken(_("Choose one of the outcomes."))
    if not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case."))
    if stage.kind == Stage.Kind.SCREEN and outcome != states.FORWARD:
        _refuse_unknown_code(reason_code)
    if outcome == states.AWARD and stage.kind != Stage.Kind.VOTE:
        counted = effective_outcome(candidacy) == states.AWARD
        refuse_if_full(candidacy, stage, person, counting_itself=counted)
    candidacy.state = next_state(stage, outcome, following=following_stage(stage))
    candidacy.left_at = clock.now()
    before = candidacy.proposed
    if stage.kind in (Stage.Kind.SCORE, Stage.Kind.VOTE):
        candidacy.proposed = before = outcome
    candidacy.save(update_fields=["state", "left_at", "proposed"])
    codes = {"outcome": outcome, "reason_code": reason_code}
    history.record(
        "candidacy",
        candidacy.key,
        "resolve",
        by=by,
        old=states.OPEN,
        new=candidacy.state,
        codes=codes,
        text=reason,
    )
    if candidacy.state in (states.STOPPED, states.DECIDED):
        _decide(candidacy, outcome, by=by, reason=reason, reason_code=reason_code, proposed=before)
    elif candidacy.state == states.FORWARD:
        admit_resolved(candidacy, by=by)
    return candidacy


def outcomes_to_resolve(stage: Stage, candidacy: Candidacy) -> tuple[str, ...]:
    """What the office may say about a case that this stage left undecided."""
    if stage.kind == Stage.Kind.SCREEN:
        return (states.FORWARD, states.NOT_THIS_TIME, states.INELIGIBLE)
    if stage.kind == Stage.Kind.VOTE:
        again = candidacy.round < rules.vote_rule(stage.rule).rounds
        return (states.AWARD, states.NOT_THIS_TIME, *((states.CARRY_OVER,) if again else ()))
    return (states.AWARD, states.RESERVE, states.NOT_THIS_TIME)


def decide_again(candidacy: Candidacy, *, by: User, outcome: str, reason: str) -> Decision:
    """Decide a released case anew: one on the reserve, or one that is looked at a second time."""
    if candidacy.nomination.state == cases.SECOND_LOOK:
        return decide_second_look(candidacy.nomination, by=by, outcome=outcome, reason=reason)
    decision = Decision.objects.filter(candidacy=candidacy, outcome=states.RESERVE).first()
    if decision is None:
        raise Outdated(_("This case is not waiting for a decision any more."))
    return decide_reserve(decision, by=by, outcome=outcome, reason=reason)


@transaction.atomic
def decide_reserve(decision: Decision, *, by: User, outcome: str, reason: str) -> Decision:
    """Give a reserve its place, or tell it that none came free: pending until a later release.

    Places go in the order of the reserve. The first decision stays as it was released.
    """
    if outcome not in (states.AWARD, states.NOT_THIS_TIME):
        raise RuleBroken(_("Choose one of the outcomes."))
    case = decision.candidacy.nomination
    stage = lock_stage(decision.candidacy.stage)
    if outcome == states.AWARD:
        person = acting_person(by)
        _refuse_before_turn(decision, person)
        _refuse_without_place(decision.candidacy, stage, person)
    return _decide_again(decision.candidacy, case, cases.ON_RESERVE, by=by, outcome=outcome, reason=reason)


def offer_freed_place(nomination: Nomination, old: str, new: str) -> None:
    """Registered for every move of a case, in its transaction: where a winner declined, the next of the reserve is
    proposed.

    A pending award as any other: it waits for a later release that one of the office prepares and another
    confirms. Of several with the same place on the reserve none is taken: the office decides between them.
    """
    if new == cases.AWARD_DECLINED:  # a release moves thousands of cases: no savepoint for each of them
        _offer_place_of(nomination)


@transaction.atomic
def _offer_place_of(nomination: Nomination) -> None:
    following = _next_of_reserve(nomination)
    if len(following) != 1:
        return
    candidacy = following[0].candidacy
    stage = lock_stage(candidacy.stage)
    try:
        _refuse_without_place(candidacy, stage, None)
    except RuleBroken:  # second looks have taken what came free
        return
    case = Nomination.objects.select_for_update(of=("self",)).get(pk=candidacy.nomination_id)
    reason = _("A winner declined; the next of the reserve takes the place.")
    _make_again(candidacy, case, by=None, outcome=states.AWARD, reason=reason)


def _next_of_reserve(nomination: Nomination) -> list[Decision]:
    """Those of a case's category and cycle who are first on the reserve and not decided anew."""
    pending = Decision.objects.filter(
        candidacy__nomination=OuterRef("candidacy__nomination"), release__released_at=None
    )
    waiting = list(
        Decision.objects.filter(
            ~Exists(pending),
            candidacy__stage__cycle=nomination.cycle_id,
            candidacy__nomination__category=nomination.category_id,
            candidacy__nomination__state=cases.ON_RESERVE,
            outcome=states.RESERVE,
            release__released_at__isnull=False,
        )
        .select_related("candidacy__stage", "candidacy__nomination__category")
        .order_by("reserve_order", "pk")
    )
    return [one for one in waiting if one.reserve_order == waiting[0].reserve_order]


@transaction.atomic
def decide_second_look(nomination: Nomination, *, by: User, outcome: str, reason: str) -> Decision:
    """Decide a case that was looked at a second time: award or no, pending until a later release.

    A place is not asked for: what a second look sets right must not fail for want of one. Where it was read anew,
    the decision is that reading's; an award may be given without one, a second no may not.
    """
    if outcome not in (states.AWARD, states.NOT_THIS_TIME):
        raise RuleBroken(_("Choose one of the outcomes."))
    reading = reading_of(nomination)
    if reading is not None:
        return _decide_reading(reading, by=by, outcome=outcome, reason=reason)
    if outcome == states.NOT_THIS_TIME and _can_be_read(nomination):
        raise RuleBroken(_("Nobody has read the case anew. Open the second look first."))
    last = nomination.candidacies.select_related("stage").order_by("-entered_at", "-pk").first()
    if last is None:
        raise RuleBroken(_("This case was never in the selection."))
    return _decide_again(last, nomination, cases.SECOND_LOOK, by=by, outcome=outcome, reason=reason)


@transaction.atomic
def _decide_reading(reading: Candidacy, *, by: User, outcome: str, reason: str) -> Decision:
    person = acting_person(by)
    lock_stage(reading.stage)
    candidacy = (
        Candidacy.objects.select_for_update(of=("self",))
        .select_related("stage", "nomination")
        .get(pk=reading.pk)
    )
    case = Nomination.objects.select_for_update(of=("self",)).get(pk=candidacy.nomination_id)
    refuse_tie(candidacy, person)
    if case.state != cases.SECOND_LOOK or candidacy.state != states.OPEN:
        raise Outdated(_("This case is not waiting for a decision any more."))
    if not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case."))
    codes = {"case": case.key, "outcome": outcome, **end_reading(candidacy, outcome)}
    history.record(
        "candidacy", candidacy.key, "decide_again", by=by, old=states.OPEN, new=candidacy.state, codes=codes,
        text=reason,
    )  # fmt: skip
    return _decide(candidacy, outcome, by=by, reason=reason)


@transaction.atomic
def take_back_decision(candidacy: Candidacy, *, by: User, reason: str) -> None:
    """Take back what was decided on a reserve place or a second look, as long as no release holds it.

    The case waits again: with the reading that it had, or, where there was none, with that round left behind.
    """
    person = acting_person(by)
    lock_cycle(candidacy.stage.cycle_id)
    lock_stage(candidacy.stage)
    refuse_tie(candidacy, person)
    pending = Decision.objects.select_related("candidacy").filter(
        candidacy__nomination=candidacy.nomination_id, release=None, candidacy__closes_at__isnull=False
    )
    decision = pending.select_for_update(of=("self",)).first()
    if decision is None:
        raise Outdated(_("Nothing waits here that could be taken back. A release may hold it."))
    if not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case."))
    again = lock_candidacy(decision.candidacy)
    old, was_read = again.state, again.assignments.exists()
    again.state = states.OPEN if was_read else states.LEFT
    again.left_at = None if was_read else clock.now()
    again.save(update_fields=["state", "left_at"])
    history.record(
        "candidacy",
        again.key,
        "take_back",
        by=by,
        old=old,
        new=again.state,
        codes={"outcome": decision.outcome},
        text=reason,
    )
    decision.delete()


def _can_be_read(nomination: Nomination) -> bool:
    """Whether the cycle has a stage in which reviewers could read the case again."""
    return Stage.objects.filter(cycle=nomination.cycle_id, kind=Stage.Kind.SCORE).exists()


def _decide_again(
    before: Candidacy, nomination: Nomination, state: str, *, by: User, outcome: str, reason: str
) -> Decision:
    """A new candidacy of the next round, decided at once; what was released before stays readable."""
    person = acting_person(by)
    lock_stage(before.stage)
    case = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    refuse_tie(before, person)
    pending = Decision.objects.filter(candidacy__nomination=case, release__released_at=None)
    if case.state != state or pending.exists():
        raise Outdated(_("This case is not waiting for a decision any more."))
    if not reason.strip():
        raise RuleBroken(_("Write why. The reason is kept with the case."))
    return _make_again(before, case, by=by, outcome=outcome, reason=reason)


def _make_again(
    before: Candidacy, case: Nomination, *, by: User | None, outcome: str, reason: str
) -> Decision:
    stage, now = before.stage, clock.now()
    candidacy = Candidacy.objects.create(
        nomination=case,
        stage=stage,
        round=next_round(case, stage),
        state=states.DECIDED,
        entered_at=now,
        left_at=now,
        closes_at=now,
        **{name: getattr(before, name) for name in SUMMARY},
        rank=before.rank,
    )
    codes = {"case": case.key, "outcome": outcome}
    history.record(
        "candidacy", candidacy.key, "decide_again", by=by, new=candidacy.state, codes=codes, text=reason
    )
    return _decide(candidacy, outcome, by=by, reason=reason)


def _decide(
    candidacy: Candidacy,
    outcome: str,
    *,
    by: User | None,
    reason: str,
    reason_code: str = "",
    proposed: str = "",
) -> Decision:
    decision = Decision.objects.create(
        candidacy=candidacy,
        proposed=proposed,
        outcome=outcome,
        reason_code=reason_code,
        reason=reason,
        decided_by=acting_person(by) if by else None,
        decided_at=clock.now(),
    )
    history.record_many(decision_events([decision], by=by))
    return decision


def _refuse_without_place(candidacy: Candidacy, stage: Stage, person: Person | None) -> None:
    """A reserve takes a place that came free, never one more than there are. Awards are public; of the pending ones
    only those count of which ``person`` (``None``: the system) may know, and the release counts again."""
    category = candidacy.nomination.category_id
    row = CyclePlaces.objects.select_for_update().filter(cycle=stage.cycle_id, category=category).first()
    held = Nomination.objects.filter(
        candidacies__stage__cycle=stage.cycle_id, category=category, state=cases.AWARDED
    ).distinct()
    pending = Decision.objects.filter(
        candidacy__stage__cycle=stage.cycle_id,
        candidacy__nomination__category=category,
        outcome=states.AWARD,
        release__released_at=None,
    )
    pending = without_conflicts(pending, person, case="candidacy__nomination")
    if held.count() + pending.count() >= (row.places if row else 0):
        words = {"category": candidacy.nomination.category}
        raise RuleBroken(_("No place has come free in %(category)s.") % words)


def _refuse_before_turn(decision: Decision, person: Person) -> None:
    """The reserve is served in order, as far as ``person`` sees it; those with the same place in it are equals."""
    candidacy = decision.candidacy
    pending = Decision.objects.filter(
        candidacy__nomination=OuterRef("candidacy__nomination"), release__released_at=None
    )
    earlier = Decision.objects.filter(
        ~Exists(pending),
        candidacy__stage=candidacy.stage_id,
        candidacy__nomination__category=candidacy.nomination.category_id,
        candidacy__nomination__state=cases.ON_RESERVE,
        outcome=states.RESERVE,
        reserve_order__lt=decision.reserve_order or 0,
    )
    if without_conflicts(earlier, person, case="candidacy__nomination").exists():
        raise RuleBroken(_("Another case comes first on the reserve."))


def _refuse_unknown_code(reason_code: str) -> None:
    uses = (ReasonCode.Use.SCREEN_FAIL, ReasonCode.Use.INELIGIBLE)
    if not ReasonCode.objects.filter(use__in=uses, code=reason_code).exists():
        raise RuleBroken(_("Choose the reason for a fail. The nominee reads it, in plain words."))
