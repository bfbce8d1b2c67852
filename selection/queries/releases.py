"""The releases of a cycle that went out, for the pages of the office."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.models import Role, User
from charter.models import Cycle
from common.actor import pseudonym
from common.queries import history_of
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


@dataclass(frozen=True)
class Held:
    """The main release that was held last: when, by whom, and the reason that they wrote."""

    at: dt.datetime
    by: str
    reason: str


def last_held(cycle: Cycle) -> Held | None:
    """Read off the history; later releases stay unsaid, they may hold cases in which the reader has a tie."""
    release = (
        Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN, state=states.CANCELLED)
        .order_by("-pk")
        .first()
    )
    act = history_of("release", release.key).filter(verb="cancel").first() if release else None
    if act is None:
        return None
    office = User.objects.filter(grants__role=Role.PROGRAM_OFFICE).select_related("person").distinct()
    names = {pseudonym(user): user.person.name for user in office if hasattr(user, "person")}
    return Held(act.at, names.get(act.actor, ""), act.text.text if hasattr(act, "text") else "")
