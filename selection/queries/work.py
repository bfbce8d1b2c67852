"""What waits for somebody who reviews: the stages they work in, and what they have done of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from accounts.models import Role
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Release, Stage
from selection.queries.cases import candidacies_visible_to, owned_regions, readings_of, votes_of


def stages_to_work_in(user: Any) -> list[Stage]:
    """Stages in which this user has cases by a task or by the reviewers' own role; running ones first.

    Closed stages stay in the list, to read, until the main release of their cycle, and longer for who has a
    second look in them.
    """
    released = Release.objects.filter(
        cycle=OuterRef("cycle"), kind=Release.Kind.MAIN, released_at__isnull=False
    )
    own = cases_to_work_on(user).filter(stage=OuterRef("pk"))
    readings = readings_of(person_of(user)).filter(candidacy__stage=OuterRef("pk"))
    running = Case(
        When(state=states.STAGE_OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return list(
        Stage.objects.filter(~Exists(released) | Exists(readings), Exists(own))
        .exclude(state=states.STAGE_PLANNED)
        .select_related("cycle", "rubric")
        .annotate(order=running)
        .order_by("order", "-opens_at", "pk")[:20]
    )


def score_stage_of(user: Any, cycle: str, number: int) -> Stage | None:
    """The scored stage at an address, if this user has work in it."""
    found = (one for one in stages_to_work_in(user) if (one.cycle.slug, one.number) == (cycle, number))
    return next((one for one in found if one.kind == Stage.Kind.SCORE), None)


def next_stage_of(user: Any) -> Stage | None:
    """The stage in which this user's role reviews next, if one is planned."""
    roles = {grant.role for grant in user.grants_today}
    planned = Stage.objects.filter(state=states.STAGE_PLANNED, reviewer_role__in=roles)
    return planned.select_related("cycle").order_by("opens_at", "pk").first()


def cases_to_work_on(user: Any) -> QuerySet[Candidacy]:
    """Of the visible cases those that are this user's own work: assigned, or theirs by region, vote or council."""
    person = person_of(user)
    if person is None:
        return Candidacy.objects.none()
    tasks = Assignment.objects.filter(
        candidacy=OuterRef("pk"), reviewer=person, state__in=(states.ASSIGNED, states.DONE)
    )
    own = Q(Exists(tasks))
    if user.holds(Role.REGIONAL_LEAD):
        own |= Q(stage__kind=Stage.Kind.SCREEN) & owned_regions(user)
    for grant in user.grants_today:
        if grant.role == Role.COUNCIL_MEMBER:
            category = Q(nomination__category=grant.category_id) if grant.category_id else Q()
            own |= Q(stage__kind=Stage.Kind.COUNCIL) & category
        own |= votes_of(grant)
    return candidacies_visible_to(user).filter(own)


def is_own_work(user: Any, candidacy: Candidacy) -> bool:
    """Whether a case is in one of this user's own lists."""
    return cases_to_work_on(user).filter(pk=candidacy.pk).exists()


@dataclass(frozen=True)
class Choice:
    """One entry of a list's "Show": its value, words and how many cases it has."""

    value: str
    label: str
    count: int | None = None
