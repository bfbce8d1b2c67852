"""The releases of a cycle that went out, for the pages of the office."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from charter.models import Cycle
from selection import states
from selection.models import Decision, Release
from selection.queries.cases import candidacies_visible_to
from selection.queries.cycle import release_shown, releases_visible_to


@dataclass(frozen=True)
class WentOut:
    """One release that is out, and how many of its decisions the reader may know of."""

    release: Release
    decisions: int


def releases_out(user: Any, cycle: Cycle) -> list[WentOut]:
    """The newest first, in two statements."""
    rows = (
        releases_visible_to(user).filter(cycle=cycle, state=states.RELEASED).order_by("-released_at", "-pk")
    )
    told = Decision.objects.filter(release__cycle=cycle, candidacy__in=candidacies_visible_to(user))
    counts = dict(told.order_by().values_list("release").annotate(count=Count("pk")))
    return [WentOut(one, counts.get(one.pk, 0)) for one in rows]


def release_asked(user: Any, cycle: Cycle, key: str) -> Release | None:
    """One that went out, by its key; else the one that the page shows by itself."""
    out = releases_visible_to(user).filter(cycle=cycle, state=states.RELEASED, key=key) if key else None
    return (out.first() if out is not None else None) or release_shown(user, cycle)
