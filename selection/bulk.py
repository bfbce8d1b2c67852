"""Set-based writers of the selection's rows: for seeding and generating, and for a release of many cases at once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from charter.models import Cycle
from common import clock
from selection import states
from selection.models import Stage


def put_stage(cycle: Cycle, number: int, values: dict[str, Any]) -> tuple[Stage, str]:
    """Make or change a stage as a seed file describes it; says "new", "changed" or "same".

    A new stage is planned, open or closed by its dates. Afterwards its state belongs to the actions.
    """
    stage = Stage.objects.filter(cycle=cycle, number=number).first()
    if stage is None:
        stage = Stage(cycle=cycle, number=number, **values)
        stage.state = state_by_dates(stage)
        stage.save()
        return stage, "new"
    differing = [name for name, value in values.items() if getattr(stage, name) != value]
    for name in differing:
        setattr(stage, name, values[name])
    if differing:
        stage.save(update_fields=differing)
    return stage, "changed" if differing else "same"


def state_by_dates(stage: Stage) -> str:
    """Where a stage stands that nobody opened or closed by hand."""
    now = clock.now()
    if now < stage.opens_at:
        return states.STAGE_PLANNED
    return states.STAGE_OPEN if now < stage.closes_at else states.STAGE_CLOSED


def set_awards(pairs: Sequence[tuple[int, int]]) -> None:
    """Point decisions at the awards that they led to, ``(decision, award)``, in one statement."""
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selection_decision SET award_id = pair.award"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS pair (decision, award)"
            " WHERE selection_decision.id = pair.decision",
            [[decision for decision, _ in pairs], [award for _, award in pairs]],
        )
