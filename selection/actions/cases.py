"""What happens to a candidacy when its case leaves the selection, or comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from common import clock, history, jobs
from common.models import HistoryRow
from nominations import states as cases
from nominations.models import Nomination
from selection import states
from selection.models import Assignment, Candidacy

_GONE = (cases.WITHDRAWN, cases.MERGED, cases.INELIGIBLE)
_releasing: ContextVar[bool] = ContextVar("releasing", default=False)


@contextmanager
def releasing() -> Iterator[None]:
    """Inside, cases move because of their decisions, which therefore stay."""
    token = _releasing.set(True)
    try:
        yield
    finally:
        _releasing.reset(token)


def follow_case(nomination: Nomination, old: str, new: str) -> None:
    """Registered for every move of a case, in its transaction: one that leaves review takes its candidacies along."""
    if _releasing.get():
        return
    if cases.MERGED in (old, new):
        _copy_again(nomination)
    if old == cases.IN_REVIEW and new in _GONE:
        _leave(nomination)
    elif old == cases.MERGED and new == cases.IN_REVIEW:
        _return(nomination)


def _copy_again(nomination: Nomination) -> None:
    """Texts joined a case or left it: what reviewers read of it without names is made anew."""
    case = nomination.merged_into_id or nomination.pk
    blind = Candidacy.objects.filter(
        nomination__in=(case, nomination.pk), stage__hide_nominee=True, stage__state=states.STAGE_OPEN
    )
    for stage in blind.values_list("stage", flat=True).distinct():
        jobs.defer("selection.propose_copies", stage=stage)


def _leave(nomination: Nomination) -> None:
    candidacies = Candidacy.objects.select_for_update().filter(nomination=nomination)
    for one in candidacies.exclude(state__in=(states.LEFT, states.FORWARD)):
        if hasattr(one, "decision"):
            one.decision.delete()
        old, one.state, one.left_at = one.state, states.LEFT, clock.now()
        one.save(update_fields=["state", "left_at"])
        history.record("candidacy", one.key, "leave", by=None, old=old, new=one.state)
        for task in one.assignments.select_for_update().filter(state=states.ASSIGNED):
            task.state = states.RELEASED_FROM
            task.save(update_fields=["state"])


def _return(nomination: Nomination) -> None:
    """A merge undone: the case waits in its stage again; a stage closed since leaves it to the office, after the main
    release too: what it decides then goes out with a later one."""
    one = (
        Candidacy.objects.select_for_update()
        .filter(nomination=nomination, state=states.LEFT)
        .order_by("-entered_at", "-pk")
        .first()
    )
    if one is None:
        return
    one.state, one.left_at = states.OPEN, None
    one.save(update_fields=["state", "left_at"])
    history.record("candidacy", one.key, "return", by=None, old=states.LEFT, new=one.state)
    left = Assignment.objects.filter(candidacy=one, state=states.RELEASED_FROM)
    left.exclude(reviewer__key__in=_taken_back(one)).update(state=states.ASSIGNED)


def _taken_back(candidacy: Candidacy) -> list[str]:
    """Keys of those from whom a chair took the task: they do not get it again with the case."""
    rows = HistoryRow.objects.filter(kind="assignment", key=candidacy.key).order_by("pk")
    last = {str(codes.get("reviewer")): verb for verb, codes in rows.values_list("verb", "codes")}
    return [key for key, verb in last.items() if verb == "take_back"]
