"""What a tie does to tasks, and ties that only the selection can see: who reviews whom."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from common import clock, history, jobs
from nominations import conflicts
from nominations.actions import suggest_conflicts
from nominations.models import Conflict
from selection import states
from selection.actions.locks import hold_stage, lock_candidacy
from selection.actions.means import numbers_due, store_summary
from selection.actions.plans import ask_for_refill
from selection.models import Assignment, Candidacy, GroupNumbers, Stage

PATIENCE = dt.timedelta(minutes=10)  # a job that has not run by then was lost
WORKING = (states.ASSIGNED, states.DONE)


def follow_ties(nominations: list[int]) -> None:
    """Registered for new hard ties: where somebody tied has a task, the worker ends it.

    In a job of its own, because whoever found the tie holds rows that are locked later in our order. Until it has
    run, the tie alone bars the person from the case and their review from counting. Somebody without a task who
    decides here sees other cases than before, so the numbers over those have to be computed.
    """
    cases = _tied_tasks(nominations).values_list("candidacy__nomination_id", flat=True).distinct()
    if found := sorted(cases):
        jobs.defer("selection.end_tied_tasks", nominations=found)
    counted = GroupNumbers.objects.filter(
        stage__candidacies__nomination__in=nominations,
        category=F("stage__candidacies__nomination__category"),
    )
    for stage, category in counted.order_by().values_list("stage", "category").distinct():
        numbers_due(stage, category)


def ask_for_ties(stage: Stage) -> None:
    """Cases came in: let the worker look for signs of ties in all logs. The stage is locked."""
    stage.ties_asked_at = clock.now()
    stage.save(update_fields=["ties_asked_at"])
    jobs.defer("selection.look_for_ties", stage=stage.pk)


def look_for_ties(stage: Stage) -> None:
    """Find the suggested ties of all cases in a stage. Safe to run twice: what was judged stays judged.

    Cases that come in meanwhile ask anew, and their job clears the note.
    """
    asked = stage.ties_asked_at
    conflicts.look_for_signs(stage.candidacies.values_list("nomination_id", flat=True))
    Stage.objects.filter(pk=stage.pk, ties_asked_at=asked).update(ties_asked_at=None)


def stages_without_ties() -> QuerySet[Stage]:
    """Those whose signs were asked for and are not found yet, long after."""
    return Stage.objects.filter(ties_asked_at__lt=clock.now() - PATIENCE)


def end_tied_tasks(nominations: Iterable[int]) -> int:
    """End every task of a person with a hard tie to its case, in stages that are open; return how many.

    What they had handed in stays in the record and counts no more; the place is filled again.
    """
    tasks = list(_tied_tasks(nominations).values_list("pk", "candidacy_id", "candidacy__stage_id"))
    return sum(_end(task, candidacy, stage) for task, candidacy, stage in tasks)


@transaction.atomic
def _end(task: int, candidacy_id: int, stage_id: int) -> int:
    stage = hold_stage(stage_id)
    candidacy = lock_candidacy(Candidacy(pk=candidacy_id))
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("candidacy", "reviewer")
        .filter(pk=task, state__in=WORKING)
        .first()
    )
    if assignment is None or stage.state != states.STAGE_OPEN:
        return 0
    old, assignment.state = assignment.state, states.RECUSED
    assignment.save(update_fields=["state"])
    codes = {"reviewer": assignment.reviewer.key}
    history.record(
        "assignment", candidacy.key, "end_for_tie", by=None, old=old, new=assignment.state, codes=codes
    )
    store_summary(candidacy)
    ask_for_refill(stage.pk)
    return 1


def suggest_mutual(stage_id: int) -> None:
    """Two people who review each other's case in one cycle: suggested to the chair, on both cases."""
    stage = Stage.objects.get(pk=stage_id)
    tasks = Assignment.objects.filter(candidacy__stage__cycle=stage.cycle_id, state__in=WORKING)
    mutual = tasks.filter(
        candidacy__nomination__nominee__assignments__state__in=WORKING,
        candidacy__nomination__nominee__assignments__candidacy__stage__cycle=stage.cycle_id,
        candidacy__nomination__nominee__assignments__candidacy__nomination__nominee=F("reviewer"),
    )
    wanted = {
        (case, person, str(Conflict.Kind.MUTUAL))
        for case, person in mutual.values_list("candidacy__nomination_id", "reviewer_id")
    }
    cases = Candidacy.objects.filter(stage__cycle=stage.cycle_id).values_list("nomination_id", flat=True)
    suggest_conflicts(cases, wanted, kinds=[Conflict.Kind.MUTUAL])


def _tied_tasks(nominations: Iterable[int]) -> QuerySet[Assignment]:
    tie = Conflict.objects.filter(
        nomination=OuterRef("candidacy__nomination"),
        person=OuterRef("reviewer"),
        strength=Conflict.Strength.HARD,
    )
    return Assignment.objects.filter(
        Exists(tie),
        candidacy__nomination__in=list(nominations),
        candidacy__stage__state=states.STAGE_OPEN,
        state__in=WORKING,
    )
