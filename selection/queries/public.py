"""What everybody may know of a cycle: totals, never a case. Numbers under ten say too much and stay unsaid."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from charter.models import Cycle
from common import clock
from selection import states
from selection.models import Assignment, Candidacy, Release, Stage

SMALLEST_TOTAL = 10
_SHOWN_AFTER_PLAN = dt.timedelta(days=120)  # a cycle whose letters never came is no news any more


@dataclass(frozen=True)
class Progress:
    """One stage of a cycle: how many cases came in, and how many of them have all their reviews; ``None`` where that,
    or how many have not, is a number under ten."""

    stage: Stage
    entered: int | None
    reviewed: int | None


def cycle_on_show() -> Cycle | None:
    """The cycle that people wait for: opened, its letters not out yet; of several the one that opened first."""
    now = clock.now()
    released = Release.objects.filter(cycle=OuterRef("pk"), kind=Release.Kind.MAIN, state=states.RELEASED)
    waiting = Cycle.objects.filter(
        ~Exists(released), opens_at__lte=now, release_planned_at__gt=now - _SHOWN_AFTER_PLAN
    )
    return waiting.order_by("opens_at").first()


def stages_of(cycle: Cycle) -> list[Stage]:
    """The stages of a cycle in order; their names and dates are public."""
    return list(cycle.stages.order_by("number"))


def progress_of(cycle: Cycle) -> list[Progress]:
    """Every stage of a cycle in order, with its totals as soon as it has opened."""
    stages = list(cycle.stages.order_by("number"))
    came = dict(
        Candidacy.objects.filter(stage__in=stages)
        .exclude(state=states.LEFT)
        .order_by()
        .values_list("stage")
        .annotate(number=Count("nomination", distinct=True))
    )
    done = Count("assignments", filter=Q(assignments__state=Assignment.State.DONE))
    finished = {
        stage.pk: Candidacy.objects.filter(stage=stage)
        .exclude(state=states.LEFT)
        .annotate(done=done)
        .filter(done__gte=stage.reviews_needed)
        .count()
        for stage in stages
        if stage.state == states.STAGE_OPEN and stage.reviews_needed
    }
    return [_progress(stage, came.get(stage.pk), finished.get(stage.pk)) for stage in stages]


def _progress(stage: Stage, came: int | None, finished: int | None) -> Progress:
    entered, reviewed = _said(came), finished
    if (
        entered is None
        or reviewed is None
        or any(0 < one < SMALLEST_TOTAL for one in (reviewed, entered - reviewed))
    ):
        reviewed = None
    return Progress(stage, entered, reviewed)


def _said(number: int | None) -> int | None:
    return number if number is not None and number >= SMALLEST_TOTAL else None
