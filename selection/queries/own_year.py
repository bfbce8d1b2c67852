"""One's own year, after the release: what a reviewer did, and how the cases of a lead's region fared.

Cases in which the reader has a hard tie are left out of every number; numbers of fewer than five cases are not shown.
"""

import datetime as dt
import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Role, RoleGrant
from charter.models import Cycle, Region
from common.dates import day_of
from nominations import states as cases
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import own_year, states
from selection.models import Assignment, Candidacy, Release, Review, Stage

SMALLEST_GROUP = 5
_COMPLETE = ~Q(state__in=(cases.INVITED, cases.ACCEPTED, cases.DECLINED, cases.EXPIRED, cases.WITHDRAWN))


@dataclass(frozen=True)
class ReviewerYear:
    """``given``: tasks, ``done`` of them; ``days``: on so many different days, the first and the last of them."""

    given: int
    done: int
    days: int
    first: dt.date | None
    last: dt.date | None
    compared: own_year.Compared | None


@dataclass(frozen=True)
class RegionRow:
    """A region, or a category in it; a number of fewer than five cases is missing."""

    name: str
    nominated: int | None
    complete: int | None
    passed: int | None
    awarded: int | None


@dataclass(frozen=True)
class RegionYear:
    """The whole region first; then its categories of five cases or more. ``days``: median from task to verdict."""

    region: Region
    rows: list[RegionRow]
    days: int | None


def released_cycles_of(user: Any) -> list[Cycle]:
    """Released cycles in which this user had a task or leads a region, the newest first."""
    person = person_of(user)
    released = Release.objects.filter(cycle=OuterRef("pk"), kind=Release.Kind.MAIN, state=states.RELEASED)
    own = Assignment.objects.filter(candidacy__stage__cycle=OuterRef("pk"), reviewer=person)
    reach = Q(Exists(own)) if person else Q(pk__in=())
    if regions_led_by(user):
        reach |= Q(pk__isnull=False)
    return list(
        Cycle.objects.filter(Exists(released)).filter(reach).order_by("-award_year", "-opens_at")[:20]
    )


def regions_led_by(user: Any) -> list[Region]:
    """The regions of which this user is a lead today."""
    led = [grant.region_id for grant in user.grants_today if grant.role == Role.REGIONAL_LEAD]
    rows = Region.objects.order_by("position", "name")
    return list(rows if None in led else rows.filter(pk__in=[pk for pk in led if pk])) if led else []


def reviewer_year(person: Person, cycle: Cycle) -> ReviewerYear:
    """What somebody did in the stages with marks of a released cycle; second looks are not counted."""
    scored = Candidacy.objects.filter(
        stage__cycle=cycle, stage__kind=Stage.Kind.SCORE, closes_at__isnull=True
    )
    scored = without_conflicts(scored, person, case="nomination")
    tasks = Assignment.objects.filter(candidacy__in=scored, reviewer=person)
    counts = tasks.aggregate(
        given=Count("pk", filter=~Q(state=states.RELEASED_FROM)),
        done=Count("pk", filter=Q(state=states.DONE)),
    )
    done = Review.objects.filter(
        assignment__in=tasks.filter(state=states.DONE), state=states.REVIEW_SUBMITTED
    )
    own = list(done.values_list("assignment__candidacy_id", "total", "submitted_at"))
    days = sorted({day_of(when) for _case, _total, when in own if when})
    others: dict[int, list[Any]] = defaultdict(list)
    rest = Review.objects.filter(
        assignment__candidacy__in=[case for case, _total, _when in own],
        assignment__state=states.DONE,
        state=states.REVIEW_SUBMITTED,
        total__isnull=False,
    ).exclude(assignment__reviewer=person)
    for case, total in rest.values_list("assignment__candidacy_id", "total"):
        others[case].append(total)
    pairs = [(total, others[case]) for case, total, _when in own if total is not None]
    return ReviewerYear(
        **counts,
        days=len(days),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        compared=own_year.compare(pairs),
    )


def region_years(user: Any, cycle: Cycle) -> list[RegionYear]:
    """How the cases of each region that this user leads fared, in three statements a region."""
    return [_region_year(person_of(user), region, cycle) for region in regions_led_by(user)]


def _region_year(person: Person | None, region: Region, cycle: Cycle) -> RegionYear:
    known = without_conflicts(
        Nomination.objects.filter(cycle=cycle, region=region).exclude(state__in=(cases.DRAFT, cases.MERGED)),
        person,
    )
    forward = Candidacy.objects.filter(
        nomination=OuterRef("pk"), stage__kind=Stage.Kind.SCREEN, state=states.FORWARD
    )
    counted = {
        "nominated": Count("pk"),
        "complete": Count("pk", filter=_COMPLETE),
        "passed": Count("pk", filter=Q(Exists(forward))),
        "awarded": Count("pk", filter=Q(state__in=(cases.AWARDED, cases.AWARD_DECLINED))),
    }
    rows = [_row(region.name, known.aggregate(**counted))]
    groups: Any = known.order_by("category__position").values("category__name").annotate(**counted)
    for group in groups:
        if group["nominated"] >= SMALLEST_GROUP:
            rows.append(_row(group["category__name"], {name: group[name] for name in counted}))
    return RegionYear(region, rows if rows[0].nominated is not None else [], _days_to_verdict(known))


def _row(name: str, counts: dict[str, Any]) -> RegionRow:
    return RegionRow(
        name, **{what: number if number >= SMALLEST_GROUP else None for what, number in counts.items()}
    )


def _days_to_verdict(known: QuerySet[Nomination]) -> int | None:
    verdicts = Review.objects.filter(
        assignment__candidacy__nomination__in=known,
        assignment__candidacy__stage__kind=Stage.Kind.SCREEN,
        submitted_at__isnull=False,
    )
    spans = [
        (said - given).total_seconds()
        for said, given in verdicts.values_list("submitted_at", "assignment__assigned_at")
        if said is not None
    ]
    return round(statistics.median(spans) / 86400) if len(spans) >= SMALLEST_GROUP else None


def people_of_year(cycle: Cycle) -> list[Person]:
    """Who handed in a review in a cycle, and who leads a region today: each gets one mail after the release."""
    worked = Assignment.objects.filter(candidacy__stage__cycle=cycle, state=states.DONE)
    leads = RoleGrant.objects.in_force().filter(role=Role.REGIONAL_LEAD, user__person__isnull=False)
    return list(
        Person.objects.filter(Q(pk__in=worked.values("reviewer")) | Q(user__in=leads.values("user")))
        .exclude(user=None)
        .filter(deceased=False)
        .order_by("pk")
    )
