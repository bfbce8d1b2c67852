"""What parties to a case may know of the selection: the dates of its stages, and what was released.

Nothing else. A pending decision, a failed screen, a count of reviews change no row that is read here, so the
status page is the same whatever the selection holds.
"""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Subquery

from charter.models import Cycle
from nominations.models import Nomination
from selection.models import Decision, Stage, ToldDate


def stages_of(cycle: Cycle) -> list[Stage]:
    """The stages of a cycle in their order, the same for all its cases."""
    return list(Stage.objects.filter(cycle=cycle).order_by("number"))


def first_told(cycle: Cycle) -> dict[int | None, dt.datetime]:
    """Stage → the end that was told first, and ``None`` → the same of the letters; empty until a first look."""
    found: dict[int | None, dt.datetime] = {}
    for stage, at in ToldDate.objects.filter(cycle=cycle).order_by("pk").values_list("stage_id", "at"):
        found.setdefault(stage, at)
    return found


def released_decision_of(nomination: Nomination) -> Any:
    """The latest outcome of a case that was released; its visibility hangs on ``released_at`` alone.

    ``first_told_at``: when the first one was, after which a second look was asked for, or a place came free.
    """
    told = Decision.objects.filter(release__released_at__isnull=False)
    first = told.filter(candidacy__nomination=OuterRef("candidacy__nomination")).order_by(
        "release__released_at"
    )
    return (
        told.filter(candidacy__nomination=nomination)
        .annotate(first_told_at=Subquery(first.values("release__released_at")[:1]))
        .select_related("candidacy__stage__cycle", "candidacy__nomination__nominee", "release", "award")
        .order_by("-release__released_at", "-pk")
        .first()
    )
