"""Who reviews the cases of a group, who could, and how strictly each of them marks: for its chair and the office."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Role, RoleGrant
from nominations.models import Conflict
from people.models import Person
from selection import states
from selection.models import Assignment, Candidacy, Expertise, ReviewerOffset
from selection.queries.cases import candidacies_visible_to
from selection.queries.ranking import Ranking


def offsets_of(ranking: Ranking) -> list[ReviewerOffset]:
    """How far above or below the others each reviewer marks, the strictest first; for chairs alone."""
    if ranking.numbers is None or not ranking.shows_model:
        return []
    return list(ranking.numbers.offsets.select_related("reviewer").order_by("offset", "reviewer__sort_key"))


def assignments_shown_to(user: Any, candidacy: Candidacy) -> QuerySet[Assignment]:
    """All tasks on a case with their reviewers, for chairs and office."""
    return candidacy.assignments.select_related("reviewer", "review").order_by("assigned_at", "pk")


def reviewers_for(user: Any, candidacy: Candidacy) -> QuerySet[Person]:
    """Who could get the case: holds the role, has no tie to it and no task on it; experts first, then few tasks.

    ``load`` counts the tasks that ``user`` may know of.
    """
    stage, case = candidacy.stage, candidacy.nomination
    grants = RoleGrant.objects.in_force().filter(role=stage.reviewer_role)
    scope = (
        Q(region=case.region_id)
        if stage.reviewer_role == Role.REGIONAL_LEAD
        else Q(category=case.category_id)
    )
    everywhere = Q(region=None) if stage.reviewer_role == Role.REGIONAL_LEAD else Q(category=None)
    ties = Conflict.objects.filter(nomination=case, strength=Conflict.Strength.HARD)
    busy = candidacy.assignments.filter(state__in=(states.ASSIGNED, states.DONE, states.RECUSED))
    if candidacy.closes_at:  # a second look: nobody who had the case before
        busy = Assignment.objects.filter(candidacy__nomination=case)
    level = Expertise.objects.filter(person=OuterRef("pk"), area=case.area_id).values("level")[:1]
    load = Count(
        "assignments",
        filter=Q(
            assignments__candidacy__in=candidacies_visible_to(user).filter(stage=stage),
            assignments__state__in=(states.ASSIGNED, states.DONE),
        ),
    )
    return (
        Person.objects.filter(user__in=grants.filter(scope | everywhere).values("user"))
        .exclude(pk__in=ties.values("person"))
        .exclude(pk__in=busy.values("reviewer"))
        .annotate(level=Coalesce(Subquery(level), Value(0), output_field=IntegerField()), load=load)
        .order_by("-level", "load", "sort_key")
    )
