"""What waits for the office after a release: the reserve in its order, and second looks."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from charter.models import Cycle
from nominations import states as cases
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Decision, Stage
from selection.queries.cases import (
    IN_STAGE,
    candidacies_visible_to,
    without_own_missing,
)


@dataclass(frozen=True)
class Reading:
    """A second look under way: how far it is, and its figures beside the first reading's and the line of that time.

    Figures are left out for who has a task in it and has not handed in yet.
    """

    candidacy: Candidacy
    tasks: int
    done: int
    is_over: bool
    mean: Decimal | None
    mean_before: Decimal | None
    line: Decimal | None


@dataclass(frozen=True)
class Waiting:
    """A case that waits for the office after the release: on the reserve, or looked at a second time."""

    candidacy: Candidacy
    decision: Decision
    pending: bool
    place: int | None  # on the reserve, counted over what the reader sees: a gap would tell of another case
    reading: Reading | None = None
    can_be_read: bool = False
    is_held: bool = False  # the pending decision is in a release that is prepared


def waiting_after_release(user: Any, cycle: Cycle) -> list[Waiting]:
    """Reserve in its order, then second looks; each with its released decision. A fixed number of statements."""
    visible = candidacies_visible_to(user).filter(stage__cycle=cycle)
    released = (
        Decision.objects.filter(
            candidacy__in=visible,
            release__released_at__isnull=False,
            candidacy__nomination__state__in=(cases.ON_RESERVE, cases.SECOND_LOOK),
        )
        .select_related(
            "candidacy__nomination__nominee", "candidacy__nomination__category", "candidacy__stage"
        )
        .order_by("candidacy__nomination__category", F("reserve_order").asc(nulls_last=True), "pk")
    )
    latest: dict[int, int] = {}  # a case may have been told twice: of the reserve, then of no
    for one in (rows := list(released[:400])):
        latest[one.candidacy.nomination_id] = max(one.pk, latest.get(one.candidacy.nomination_id, 0))
    found = [one for one in rows if latest[one.candidacy.nomination_id] == one.pk]
    open_cases = Decision.objects.filter(candidacy__in=visible, release__released_at=None)
    pending = dict(open_cases.values_list("candidacy__nomination_id", "release_id"))
    readings = _readings(user, cycle)
    can_be_read = Stage.objects.filter(cycle=cycle, kind=Stage.Kind.SCORE).exists()
    order: dict[int | None, list[int]] = defaultdict(list)
    for one in found:
        if one.reserve_order:
            order[one.candidacy.nomination.category_id].append(one.reserve_order)
    return [
        Waiting(
            one.candidacy,
            one,
            one.candidacy.nomination_id in pending,
            order[one.candidacy.nomination.category_id].index(one.reserve_order) + 1
            if one.reserve_order
            else None,
            readings.get(one.candidacy.nomination_id),
            can_be_read,
            is_held=pending.get(one.candidacy.nomination_id) is not None,
        )
        for one in found
    ]


def _readings(user: Any, cycle: Cycle) -> dict[int, Reading]:
    """Case → its second look under way, in three statements."""
    rows: Any = without_own_missing(candidacies_visible_to(user), person_of(user))
    working = Q(assignments__state=states.ASSIGNED)
    done = Q(assignments__state=states.DONE)
    under_way = list(
        rows.filter(stage__cycle=cycle, closes_at__isnull=False, state=states.OPEN)
        .select_related("stage", "nomination")
        .annotate(done=Count("assignments", filter=done), tasks=Count("assignments", filter=working | done))
    )
    before = {
        (one.nomination_id, one.stage_id): one.mean
        for one in rows.filter(
            IN_STAGE, own_missing=False, nomination__in=[one.nomination_id for one in under_way]
        )
    }
    lines = _lines(user, cycle) if under_way else {}
    return {
        one.nomination_id: Reading(
            candidacy=one,
            tasks=one.tasks,
            done=0 if one.own_missing else one.done,
            is_over=not one.is_running() or one.tasks == one.done > 0,
            mean=None if one.own_missing else one.mean,
            mean_before=before.get((one.nomination_id, one.stage_id)),
            line=lines.get((one.stage_id, one.nomination.category_id)),
        )
        for one in under_way
    }


def _lines(user: Any, cycle: Cycle) -> dict[tuple[int, int], Decimal]:
    """(stage, category) → midway between the lowest mean that led to a place and the highest that did not, of those
    that are not hidden from this user: the first one out is often the case that is read again."""
    rows = candidacies_visible_to(user).filter(IN_STAGE, stage__cycle=cycle, stage__kind=Stage.Kind.SCORE)
    known: Any = without_own_missing(rows, person_of(user))
    means = (
        known.filter(own_missing=False)
        .order_by()
        .values_list("stage_id", "nomination__category_id")
        .annotate(
            last_in=Min("mean", filter=Q(proposed=states.AWARD)),
            first_out=Max("mean", filter=~Q(proposed=states.AWARD)),
        )
    )
    return {
        (stage, category): (last + first) / 2
        for stage, category, last, first in means
        if last is not None and first is not None
    }
