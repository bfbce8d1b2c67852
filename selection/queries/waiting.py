"""How much waits for somebody who reviews, chairs or runs a cycle, for their own page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Role
from charter.models import Cycle
from common import clock
from nominations import states as cases
from people.queries import person_of
from selection import states
from selection.models import Release, Stage
from selection.queries.cases import (
    IN_STAGE,
    assignments_visible_to,
    candidacies_visible_to,
    led_by,
    outcomes_visible_to,
    readings_of,
)
from selection.queries.copies import copies_to_check
from selection.queries.releases import releases_visible_to
from selection.queries.screening import own_verdicts
from selection.queries.work import cases_to_work_on


def open_tasks_of(user: Any) -> list[tuple[Stage, int]]:
    """Running stages with the number of cases that lack one's own review, the first to close first; then those
    with second looks of one's own."""
    person = person_of(user)
    if person is None or not user.grants_today:
        return []
    tasks = assignments_visible_to(user).filter(reviewer=person, state=states.ASSIGNED)
    screens = cases_to_work_on(user).filter(stage__kind=Stage.Kind.SCREEN, stage__state=states.STAGE_OPEN)
    lists = own_verdicts(user, screens).filter(verdict="")
    in_stage = tasks.filter(candidacy__closes_at=None).exclude(candidacy__stage__kind=Stage.Kind.SCREEN)
    anew = _by_stage(readings_of(person).filter(pk__in=tasks), "candidacy__stage")
    stages = Stage.objects.filter(pk__in=anew).select_related("cycle").order_by("closes_at", "pk")
    return [
        *_running(_by_stage(in_stage, "candidacy__stage") | _by_stage(lists, "stage")),
        *((stage, anew[stage.pk]) for stage in stages),
    ]


def cases_without_reviewers(user: Any) -> list[tuple[Stage, int]]:
    """Running stages with the number of cases that a chair still has to find reviewers for."""
    if not user.holds(Role.TECHNOLOGY_LEAD):
        return []
    working = Q(assignments__state__in=(states.ASSIGNED, states.DONE))
    cases = (
        candidacies_visible_to(user)
        .filter(led_by(user), stage__kind=Stage.Kind.SCORE, state=states.OPEN)
        .annotate(tasks=Count("assignments", filter=working, distinct=True))
        .filter(tasks__lt=F("stage__reviews_needed"))
    )
    chaired = cases.filter(stage__state=states.STAGE_OPEN).values_list("stage", flat=True)
    counts: dict[int, int] = {}
    for stage in chaired:
        counts[stage] = counts.get(stage, 0) + 1
    return _running(counts)


def copies_waiting(user: Any) -> list[tuple[Stage, int]]:
    """Running stages with the number of copies without names that wait to be checked by this user."""
    if not (user.holds(Role.TECHNOLOGY_LEAD) or user.holds(Role.PROGRAM_OFFICE)):
        return []
    return _running(_by_stage(copies_to_check(user), "stage"))


def proposals_to_read(user: Any) -> list[tuple[Stage, int]]:
    """Running councils with the number of their proposals."""
    if not user.holds(Role.COUNCIL_MEMBER):
        return []
    councils = cases_to_work_on(user).filter(stage__kind=Stage.Kind.COUNCIL)
    cases = councils.filter(stage__state=states.STAGE_OPEN, state=states.OPEN)
    return _running(_by_stage(cases, "stage"))


@dataclass(frozen=True)
class OfficeWork:
    """What the office has to do in the cycles that are under way."""

    undecided: list[tuple[Cycle, int]]
    to_close: list[Stage]
    to_confirm: list[Release]
    after_release: list[tuple[Cycle, int]]  # second looks to see to, decisions that wait for a later release


def office_work_of(user: Any) -> OfficeWork:
    """Cases that closed stages left open, stages past their end, releases that another of the office prepared."""
    if not user.holds(Role.PROGRAM_OFFICE):
        return OfficeWork([], [], [], [])
    left = outcomes_visible_to(user).filter(IN_STAGE, stage__state=states.STAGE_CLOSED, state=states.OPEN)
    counts = _by_stage(left, "stage__cycle")
    looks = Q(nomination__state=cases.SECOND_LOOK)
    decided = Q(decision__isnull=False, decision__release=None, closes_at__isnull=False)
    waiting = candidacies_visible_to(user).filter(looks | decided).order_by()
    after = dict(waiting.values_list("stage__cycle").annotate(number=Count("nomination", distinct=True)))
    cycles = Cycle.objects.filter(pk__in={*counts, *after}).order_by("opens_at")
    late = Stage.objects.filter(state=states.STAGE_OPEN, closes_at__lte=clock.now()).select_related("cycle")
    prepared = releases_visible_to(user).filter(state=states.PLANNED).exclude(prepared_by=person_of(user))
    return OfficeWork(
        [(cycle, counts[cycle.pk]) for cycle in cycles if cycle.pk in counts],
        list(late.order_by("closes_at", "pk")),
        list(prepared.order_by("pk")),
        [(cycle, after[cycle.pk]) for cycle in cycles if cycle.pk in after],
    )


def _by_stage(rows: QuerySet[Any], field: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(field).annotate(number=Count("pk", distinct=True)))


def _running(counts: dict[int, int]) -> list[tuple[Stage, int]]:
    stages = Stage.objects.filter(pk__in=counts, state=states.STAGE_OPEN).select_related("cycle")
    return [(stage, counts[stage.pk]) for stage in stages.order_by("closes_at", "pk")]
