"""Nominations that wait for a person of the office, and what was decided on them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet

from common import clock
from nominations import states
from nominations.models import Hold, TriageBatch
from nominations.queries.cases import is_office, without_conflicts
from people.queries import person_of

_WAITING = Q(decision="", nomination__state__in=(states.DRAFT, states.INVITED))


def visible_triage_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these held nominations and decisions on them may this user read the history?"""
    keys = list(keys)
    if not is_office(user):
        return set()
    held = holds_visible_to(user).filter(nomination__key__in=keys).values_list("nomination__key", flat=True)
    return {*held, *TriageBatch.objects.filter(key__in=keys).values_list("key", flat=True)}


def holds_visible_to(user: Any) -> QuerySet[Hold]:
    """Nominations that wait for a person, or waited: the office's and the auditor's, less those that they sent
    themselves, that are about themselves, or in which they have a hard conflict."""
    if not is_office(user):
        return Hold.objects.none()
    person = person_of(user)
    rows = Hold.objects.all()
    if person is None:
        return rows
    own = list(person.addresses.values_list("email", flat=True))
    rows = rows.exclude(nomination__draft_by=person).exclude(nomination__nominee_email__in=own)
    return without_conflicts(rows, person, case="nomination")


def holds_waiting(user: Any, *, reason: str = "") -> QuerySet[Hold]:
    """Those that nobody has decided on, the oldest first; ``reason`` narrows them."""
    rows = holds_visible_to(user).filter(_WAITING).order_by("pk")
    return rows.filter(reasons__contains=[reason]) if reason else rows


def holds_up_to(rows: QuerySet[Hold], last: int) -> QuerySet[Hold]:
    """Those that were there when a page was drawn."""
    return rows.filter(pk__lte=last)


def holds_named(rows: QuerySet[Hold], keys: Iterable[str]) -> QuerySet[Hold]:
    return rows.filter(nomination__key__in=list(keys))


def holds_in(rows: QuerySet[Hold], state: str) -> QuerySet[Hold]:
    return rows.filter(nomination__state=state)


def holds_by_reason(user: Any) -> dict[str, int]:
    """How many wait for each reason; a row may count for several. All of them under the empty name."""
    rows = holds_visible_to(user).filter(_WAITING).order_by()
    counts: dict[str, int] = dict(
        rows.annotate(reason=Func(F("reasons"), function="unnest", output_field=CharField()))
        .values_list("reason")
        .annotate(number=Count("pk"))
    )
    return {"": rows.count(), **counts}


def holds_for_list(rows: QuerySet[Hold]) -> QuerySet[Hold]:
    """With all that a line of the list shows."""
    return rows.select_related("nomination", "nomination__cycle", "nomination__draft_by").prefetch_related(
        "nomination__supports"
    )


def batches_to_undo(user: Any) -> list[TriageBatch]:
    """The latest decisions of which something can still be put back, with ``waits``: how many."""
    if not is_office(user):
        return []
    back = Count("holds", filter=Q(holds__applied_at=None))
    made = TriageBatch.objects.filter(undone_at=None, made_at__gt=clock.now() - dt.timedelta(days=30))
    return list(made.select_related("by__person").annotate(waits=back).filter(waits__gt=0)[:10])


def batch_of(user: Any, key: str) -> TriageBatch | None:
    """A decision of the office, by its key."""
    return TriageBatch.objects.filter(key=key).first() if is_office(user) else None
