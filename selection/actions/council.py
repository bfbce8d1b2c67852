"""The council: agreeing needs no act; an override needs a reason code and a written reason."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from charter.models import CyclePlaces, ReasonCode
from common import clock, history
from common.errors import Outdated, RuleBroken
from nominations.queries import without_conflicts
from people.models import Person
from selection import states
from selection.actions.locks import (
    acting_person,
    hold_stage,
    lock_candidacy,
    refuse_kept,
    refuse_tie,
    refuse_unless_running,
)
from selection.models import Candidacy, Decision, Override, Stage


@transaction.atomic
def override_proposal(
    candidacy: Candidacy, *, by: User, outcome: str, reason_code: str, reason: str
) -> Override:
    """Say another outcome than the proposed one. A second override of the same member replaces the first.

    The proposed outcome itself can be said only against another member's override.
    """
    stage, candidacy = _running_council(candidacy, by)
    member = acting_person(by)
    _refuse_outcome(candidacy, stage, outcome)
    if not ReasonCode.objects.filter(use=ReasonCode.Use.OVERRIDE, code=reason_code).exists():
        raise RuleBroken(_("Choose a reason for the override."))
    if not reason.strip():
        raise RuleBroken(_("Write why. The office and the other members read it."))
    if outcome == states.AWARD and effective_outcome(candidacy) != states.AWARD:
        refuse_if_full(candidacy, stage, member)
    standing = candidacy.overrides.filter(withdrawn_at=None)
    if outcome == candidacy.proposed and not standing.exclude(member=member).exists():
        raise RuleBroken(_("This is the proposal. To agree, do nothing."))
    standing.filter(member=member).update(withdrawn_at=clock.now())
    override = Override.objects.create(
        candidacy=candidacy,
        member=member,
        outcome=outcome,
        reason_code=reason_code,
        reason=reason,
        made_at=clock.now(),
    )
    codes = {"proposed": candidacy.proposed, "reason_code": reason_code, "member": member.key}
    history.record("override", candidacy.key, "override", by=by, new=outcome, codes=codes, text=reason)
    return override


@transaction.atomic
def withdraw_override(candidacy: Candidacy, *, by: User) -> None:
    """Take one's own override back; without another the proposal stands again."""
    stage, candidacy = _running_council(candidacy, by)
    own = candidacy.overrides.select_for_update().filter(member=acting_person(by), withdrawn_at=None).first()
    if own is None:
        raise Outdated(_("You have no override on this case."))
    before = effective_outcome(candidacy)
    own.withdrawn_at = clock.now()
    own.save(update_fields=["withdrawn_at"])
    if effective_outcome(candidacy) == states.AWARD != before:
        refuse_if_full(candidacy, stage, acting_person(by), counting_itself=True)
    codes = {"member": own.member.key}
    history.record("override", candidacy.key, "withdraw", by=by, old=own.outcome, codes=codes)


def refuse_if_full(
    candidacy: Candidacy, stage: Stage, person: Person, *, counting_itself: bool = False
) -> None:
    """No more awards than places in the category of a case, as far as ``person`` sees: a refusal must not tell that a
    case in which they have a tie has a place. Two at once wait for each other here; the release counts again."""
    case = candidacy.nomination
    row = (
        CyclePlaces.objects.select_for_update()
        .filter(cycle=stage.cycle_id, category=case.category_id)
        .first()
    )
    places = row.places if row else 0
    taken = awards_proposed(stage, case.category_id, person) - (1 if counting_itself else 0)
    if taken >= places:
        raise RuleBroken(
            ngettext(
                "The %(count)d place of %(category)s is taken. Another case has to leave it first.",
                "All %(count)d places of %(category)s are taken. Another case has to leave one first.",
                places,
            )
            % {"count": places, "category": case.category}
        )


def awards_proposed(stage: Stage, category_id: int | None, person: Person) -> int:
    """How many cases of a category, of those that ``person`` may know of, would be awarded as things stand."""
    rows = Candidacy.objects.filter(stage=stage, nomination__category=category_id, closes_at=None).exclude(
        state=states.LEFT
    )
    rows = without_conflicts(rows, person, case="nomination")
    decided = Decision.objects.filter(candidacy__in=rows, outcome=states.AWARD).count()
    undecided = rows.filter(decision__isnull=True)
    overridden = Override.objects.filter(candidacy__in=undecided, withdrawn_at=None)
    wanted: dict[int, set[str]] = {}
    for pk, outcome in overridden.values_list("candidacy_id", "outcome"):
        wanted.setdefault(pk, set()).add(outcome)
    standing = undecided.filter(proposed=states.AWARD).exclude(pk__in=wanted).count()
    return decided + standing + sum(1 for outcomes in wanted.values() if states.AWARD in outcomes)


def effective_outcome(candidacy: Candidacy) -> str:
    """What would become of the case now: an award that some member wants counts as one."""
    wanted = set(candidacy.overrides.filter(withdrawn_at=None).values_list("outcome", flat=True))
    if not wanted:
        return candidacy.proposed
    return states.AWARD if states.AWARD in wanted else min(wanted)


def _running_council(candidacy: Candidacy, by: User) -> tuple[Stage, Candidacy]:
    stage = hold_stage(candidacy.stage_id)
    refuse_unless_running(stage)
    candidacy = lock_candidacy(candidacy)
    refuse_tie(candidacy, acting_person(by))
    refuse_kept(stage, candidacy.nomination.category_id, acting_person(by))
    if stage.kind != Stage.Kind.COUNCIL:
        raise RuleBroken(_("This stage has no proposals to override."))
    if candidacy.state != states.OPEN:
        raise Outdated(_("This case is not in the stage any more."))
    return stage, candidacy


def _refuse_outcome(candidacy: Candidacy, stage: Stage, outcome: str) -> None:
    allowed = {states.AWARD, states.RESERVE, states.NOT_THIS_TIME}
    if stage.cycle.carry_over_allowed:
        allowed.add(states.CARRY_OVER)
    if outcome not in allowed:
        raise RuleBroken(_("Choose one of the outcomes."))
