"""Who reviews the cases of a group, who could, who could do so for somebody else, and how strictly each of them marks: for
its chair and the office."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Role, RoleGrant
from nominations.models import Conflict, Nomination
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Expertise, ReviewerOffset, Stage
from selection.queries.cases import (
    IN_STAGE,
    candidacies_visible_to,
    led_by,
    with_blind,
    without_hidden_tasks,
    without_own_missing,
)
from selection.queries.ranking import Ranking


def offsets_of(ranking: Ranking) -> list[ReviewerOffset]:
    """How far above or below the others each reviewer marks, the strictest first; for chairs alone."""
    if ranking.numbers is None or not ranking.shows_model:
        return []
    return list(ranking.numbers.offsets.select_related("reviewer").order_by("offset", "reviewer__sort_key"))


def assignments_shown_to(user: Any, candidacy: Candidacy) -> QuerySet[Assignment]:
    """All tasks on a case with their reviewers, for chairs and office."""
    return candidacy.assignments.select_related("reviewer", "review").order_by("assigned_at", "pk")


OFFERED = 100  # people who could take cases over; more are no choice


def cases_open_with(user: Any, stage: Stage, reviewer: str) -> QuerySet[Any]:
    """Cases of which a reviewer has the open task in a stage, of those that this user assigns and may know the tasks of:
    the office all, a chair those that are scored; with ``blind``."""
    if stage.kind != Stage.Kind.SCORE and not user.holds(Role.PROGRAM_OFFICE):
        return Candidacy.objects.none()
    tasks = Assignment.objects.filter(candidacy__stage=stage, state=states.ASSIGNED, reviewer__key=reviewer)
    theirs = list(without_hidden_tasks(tasks, person_of(user)).values_list("candidacy", flat=True))
    cases = candidacies_visible_to(user).filter(IN_STAGE, led_by(user), stage=stage, pk__in=theirs)
    own = Assignment.objects.filter(reviewer=person_of(user), reviewer__key=reviewer)
    owed: QuerySet[Any] = without_own_missing(cases, person_of(user))
    cases = owed.filter(
        Q(own_missing=False) | Q(pk__in=own.values("candidacy"))
    )  # a vote is owed without a task
    return (
        with_blind(cases, person_of(user))
        .select_related("stage", "nomination__nominee", "nomination__area", "nomination__category")
        .order_by("nomination__category__position", "nomination__area_name", "pk")
    )


def substitutes_for(stage: Stage, reviewer: Person, cases: Iterable[Candidacy]) -> QuerySet[Any]:
    """Who could have some of these cases of ``reviewer``: experts in one of their areas first. Ties and
    employers differ from case to case, so the act asks about them."""
    given = list(cases)
    areas = {one.nomination.area_id for one in given}
    level = Expertise.objects.filter(person=OuterRef("pk"), area__in=areas).order_by("-level").values("level")
    role = RoleGrant.objects.in_force().filter(
        _scopes(stage, [one.nomination for one in given]), role=stage.reviewer_role
    )
    return (
        Person.objects.filter(user__in=role.values("user"), user__is_active=True)
        .exclude(pk=reviewer.pk)
        .annotate(level=Coalesce(Subquery(level[:1]), Value(0), output_field=IntegerField()))
        .order_by("-level", "sort_key")
    )


def offered_first(user: Any, stage: Stage, substitutes: QuerySet[Any]) -> list[tuple[Any, int]]:
    """The best of them with how many cases each has, of those that ``user`` may know of; who has few first."""
    best = list(substitutes.only("key", "name")[: 2 * OFFERED])
    tasks = Assignment.objects.filter(reviewer__in=best, state__in=(states.ASSIGNED, states.DONE))
    known = tasks.filter(candidacy__in=candidacies_visible_to(user).filter(stage=stage).values("pk"))
    loads = Counter(dict(known.order_by().values_list("reviewer").annotate(count=Count("pk"))))
    return sorted(((one, loads[one.pk]) for one in best), key=lambda row: (-row[0].level, row[1]))[:OFFERED]


def _scopes(stage: Stage, cases: Iterable[Nomination]) -> Q:
    """Roles for the region or the category of one of these cases, or for all."""
    if stage.reviewer_role == Role.REGIONAL_LEAD:
        return Q(region=None) | Q(region__in={one.region_id for one in cases})
    return Q(category=None) | Q(category__in={one.category_id for one in cases})


def _load(user: Any, stage: Stage) -> Count:
    """How many tasks somebody has in a stage, of those that ``user`` may know of."""
    visible = candidacies_visible_to(user).filter(stage=stage)
    return Count(
        "assignments",
        filter=Q(assignments__candidacy__in=visible, assignments__state__in=(states.ASSIGNED, states.DONE)),
    )


def reviewers_for(user: Any, candidacy: Candidacy) -> QuerySet[Person]:
    """Who could get the case: holds the role, has no tie to it and no task on it; experts first, then few tasks.

    ``load`` counts the tasks that ``user`` may know of.
    """
    stage, case = candidacy.stage, candidacy.nomination
    grants = RoleGrant.objects.in_force().filter(role=stage.reviewer_role)
    ties = Conflict.objects.filter(nomination=case, strength=Conflict.Strength.HARD)
    busy = candidacy.assignments.filter(state__in=(states.ASSIGNED, states.DONE, states.RECUSED))
    if candidacy.closes_at:  # a second look: nobody who had the case before
        busy = Assignment.objects.filter(candidacy__nomination=case)
    level = Expertise.objects.filter(person=OuterRef("pk"), area=case.area_id).values("level")[:1]
    return (
        Person.objects.filter(user__in=grants.filter(_scopes(stage, [case])).values("user"))
        .exclude(pk__in=ties.values("person"))
        .exclude(pk__in=busy.values("reviewer"))
        .annotate(
            level=Coalesce(Subquery(level), Value(0), output_field=IntegerField()), load=_load(user, stage)
        )
        .order_by("-level", "load", "sort_key")
    )
