"""What parties to a case may know of the selection: the dates of its stages, and what was released.

Nothing else. A pending decision, a failed screen, a count of reviews change no row that is read here, so the
status page is the same whatever the selection holds.
"""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from charter.models import Cycle
from nominations.models import Nomination
from selection.models import Candidacy, Decision, Stage, ToldDate
from selection.queries.cases import candidacies_visible_to


def stages_of(cycle: Cycle) -> list[Stage]:
    """The stages of a cycle in their order, the same for all its cases."""
    return list(Stage.objects.filter(cycle=cycle).order_by("number"))


def first_told(cycle: Cycle) -> dict[int | None, dt.datetime]:
    """Stage → the end that was told first, and ``None`` → the same of the letters; empty until a first look."""
    found: dict[int | None, dt.datetime] = {}
    told = ToldDate.objects.filter(cycle=cycle, candidacy=None, of_dossiers=False).order_by("pk")
    for stage, at in told.values_list("stage_id", "at"):
        found.setdefault(stage, at)
    return found


def close_of_dossiers_told(cycle: Cycle) -> dt.datetime | None:
    """The close of dossiers that was told first."""
    return (
        ToldDate.objects.filter(cycle=cycle, of_dossiers=True)
        .order_by("pk")
        .values_list("at", flat=True)
        .first()
    )


def second_look_of(nomination: Nomination) -> Candidacy | None:
    """The round in which a case is read again; what is known of it is its end."""
    rounds = nomination.candidacies.filter(closes_at__isnull=False).select_related("stage")
    return rounds.order_by("-round").first()


def cycle_standing_in(nomination: Nomination) -> Cycle:
    """The cycle whose dates hold for a case: its own, or the one that it was carried over into."""
    later = Cycle.objects.filter(
        stages__candidacies__nomination=nomination, opens_at__gt=nomination.cycle.opens_at
    )
    return later.order_by("-opens_at").first() or nomination.cycle


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


def told_dates_visible_to(user: Any) -> QuerySet[ToldDate]:
    """Dates of a cycle are no secret; the end of a second look is seen by whoever sees the case."""
    looks = candidacies_visible_to(user).values("pk")
    return ToldDate.objects.filter(Q(candidacy=None) | Q(candidacy__in=looks))
