"""The office looks at held nominations, many at once. What it decided takes effect ten minutes later, so that it can
be undone: nobody was mailed by then."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import ReasonCode
from charter.queries import reasons_for
from common import clock, history, jobs
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import states
from nominations.actions.endings import mark_ineligible
from nominations.actions.inviting import invite
from nominations.actions.moves import locked
from nominations.actions.submitting import submit_sent
from nominations.models import Hold, TriageBatch

UNDO_WITHIN = dt.timedelta(minutes=10)
RELEASE, REJECT = TriageBatch.Decision.RELEASE, TriageBatch.Decision.REJECT


@transaction.atomic
def triage_nominations(
    holds: QuerySet[Hold], *, decision: str, count: int, by: User, reason_code: str = ""
) -> TriageBatch:
    """Let held nominations go on, or do not take them. ``count`` is how many the preview showed.

    Cases that are under way as any other end as ineligible when they are not taken: for them ``reason_code`` says why.
    """
    if decision not in TriageBatch.Decision.values:
        raise RuleBroken(_("Choose what shall become of them."))
    waiting = list(holds.filter(decision="").select_for_update(of=("self",)).values_list("pk", flat=True))
    if not waiting:
        raise RuleBroken(_("Select at least one nomination."))
    if len(waiting) != count:
        raise Outdated(_("The list has changed since you looked. Please look at it again."))
    cases = holds.filter(pk__in=waiting, nomination__state=states.INVITED)
    known = reasons_for(ReasonCode.Use.INELIGIBLE).filter(code=reason_code)
    if decision == REJECT and cases.exists() and not known.exists():
        raise RuleBroken(_("Choose the rule that the cases do not meet."))
    now = clock.now()
    batch = TriageBatch.objects.create(decision=decision, reason_code=reason_code, by=by, made_at=now)
    Hold.objects.filter(pk__in=waiting).update(
        decision=decision, decided_at=now, batch=batch, problem="", applied_at=None
    )
    codes = {"decision": decision, "count": len(waiting), "reason": reason_code}
    history.record("triage", batch.key, "triage_nominations", by=by, codes=codes)
    jobs.defer("nominations.triage", run_at=now + UNDO_WITHIN, once="nominations.triage")
    return batch


@transaction.atomic
def undo_triage(batch: TriageBatch, *, by: Actor) -> int:
    """Put back what has not taken effect yet. Returns how many wait again."""
    batch = TriageBatch.objects.select_for_update().get(pk=batch.pk)
    back = batch.holds.filter(applied_at=None).update(decision="", decided_at=None, batch=None)
    if not back:
        raise Outdated(_("This has taken effect; it cannot be undone any more."))
    batch.undone_at = clock.now()
    batch.save(update_fields=["undone_at"])
    history.record("triage", batch.key, "undo_triage", by=by, codes={"count": back})
    return back


def apply_triage() -> int:
    """Carry out what the office decided ten minutes ago or earlier; each nomination in its own transaction. Where a
    rule says no, the row waits again with its sentence. Safe to run twice. Returns how many went through."""
    decided = Hold.objects.filter(applied_at=None, decided_at__lte=clock.now() - UNDO_WITHIN)
    due = decided.filter(Q(decision=RELEASE) | Q(decision=REJECT, nomination__state=states.INVITED))
    return sum(_apply(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def _apply(pk: int) -> bool:
    try:
        with transaction.atomic():
            hold = _due(pk)
            if hold is None:
                return False
            if hold.decision == RELEASE:
                _release(hold)
            else:
                _reject(hold)
            hold.applied_at = clock.now()
            hold.save(update_fields=["applied_at"])
    except RuleBroken as broken:
        Hold.objects.filter(pk=pk, applied_at=None).update(
            decision="", decided_at=None, batch=None, problem=broken.sentence[:300]
        )
        return False
    return True


def _due(pk: int) -> Hold | None:
    """The row, locked, if it is still to be carried out; another worker may have it, somebody may have undone it."""
    rows = Hold.objects.select_for_update(of=("self",), skip_locked=True)
    return (
        rows.filter(pk=pk, applied_at=None)
        .exclude(decision="")
        .select_related("nomination", "nomination__cycle", "nomination__draft_by__user", "batch__by")
        .first()
    )


def _release(hold: Hold) -> None:
    by = hold.batch.by if hold.batch else None
    if hold.nomination.state == states.DRAFT:
        submit_sent(hold.nomination, by=by)
        return
    case = locked(hold.nomination)
    if case.state == states.INVITED:
        case.invited_at = clock.now()  # their three weeks begin now
        case.save(update_fields=["invited_at"])
        invite(case)
        history.record("nomination", case.key, "release_invitation", by=by)


def _reject(hold: Hold) -> None:
    batch = hold.batch
    if hold.nomination.state == states.INVITED and batch is not None:
        mark_ineligible(hold.nomination, by=batch.by, reason_code=batch.reason_code)
