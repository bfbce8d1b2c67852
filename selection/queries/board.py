"""The decision board: the cases of a category by the stored mean, and who may review them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Rank

from accounts.models import Role, RoleGrant
from charter.models import Category, CyclePlaces
from nominations.models import Conflict
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Expertise, Stage
from selection.queries.cases import IN_STAGE, candidacies_visible_to, without_own_missing
from selection.queries.council import award_years

ROWS = 100


@dataclass(frozen=True)
class BoardRow:
    """One case. Where the reader's own review is missing, nothing that others said is in it."""

    candidacy: Any
    mean: Any
    place: int | None
    reviews: int | None
    tasks: int | None
    award_years: int
    is_cut: bool


@dataclass(frozen=True)
class Board:
    """A page of one category in one stage."""

    stage: Stage
    stages: list[Stage]
    category: Category
    categories: list[Category]
    page: Page[Any]
    rows: list[BoardRow]
    places: int
    waiting: int


def board_of(user: Any, *, stage: str, category: str, page: str) -> Board | None:
    """The board of a stage and category, or of the first ones there are; ``None`` where there is nothing to see."""
    stages = _stages(user)
    chosen = next((one for one in stages if one.key == stage), stages[0] if stages else None)
    if chosen is None:
        return None
    visible = candidacies_visible_to(user).filter(IN_STAGE, stage=chosen)
    categories = list(Category.objects.filter(pk__in=visible.values("nomination__category")))
    group = next((one for one in categories if one.slug == category), categories[0] if categories else None)
    if group is None:
        return None
    cases = ranked(user, visible.filter(nomination__category=group))
    listed = Paginator(cases, ROWS).get_page(page)
    places = CyclePlaces.objects.filter(cycle=chosen.cycle, category=group).values_list("places", flat=True)
    count = next(iter(places), 0)
    return Board(
        stage=chosen,
        stages=stages,
        category=group,
        categories=categories,
        page=listed,
        rows=_rows(list(listed.object_list), count),
        places=count,
        waiting=_waiting(visible.filter(nomination__category=group), chosen),
    )


def ranked(user: Any, cases: QuerySet[Candidacy]) -> QuerySet[Any]:
    """Cases by the mean that this user may see, and places counted over the rows that they see.

    Rows whose mean is hidden stand at the end in no order: neither their place nor their count says anything.
    """
    submitted = Q(assignments__state=states.DONE)
    rows = without_own_missing(cases, person_of(user)).annotate(
        shown_mean=Case(
            When(own_missing=True, then=Value(None)), default=F("mean"), output_field=DecimalField()
        ),
        reviews=Count("assignments", filter=submitted, distinct=True),
        tasks=Count("assignments", filter=submitted | Q(assignments__state=states.ASSIGNED), distinct=True),
        place=Window(Rank(), order_by=F("shown_mean").desc(nulls_last=True)),
    )
    return rows.select_related("nomination__nominee", "nomination__region", "nomination__area").order_by(
        F("shown_mean").desc(nulls_last=True), "key"
    )


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


def _stages(user: Any) -> list[Stage]:
    """Scored stages with cases that this user sees, the running one first."""
    order = Case(When(state=states.STAGE_OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    kinds = (Stage.Kind.SCORE, Stage.Kind.VOTE)
    visible = candidacies_visible_to(user).filter(stage__kind__in=kinds)
    stages = Stage.objects.filter(pk__in=visible.values("stage")).select_related("cycle")
    return list(stages.annotate(order=order).order_by("order", "-opens_at")[:20])


def _rows(candidacies: list[Any], places: int) -> list[BoardRow]:
    years = award_years({one.nomination.nominee_id for one in candidacies})
    rows, above = [], True
    for one in candidacies:
        hidden = one.own_missing
        shown = None if hidden else one.shown_mean
        below = shown is None or one.place > places
        rows.append(
            BoardRow(
                candidacy=one,
                mean=shown,
                place=one.place if shown is not None else None,
                reviews=None if hidden else one.reviews,
                tasks=None if hidden else one.tasks,
                award_years=years.get(one.nomination.nominee_id, 0),
                is_cut=above and below and one.place > 1 and shown is not None,
            )
        )
        above = not below
    return rows


def _waiting(cases: QuerySet[Candidacy], stage: Stage) -> int:
    """How many cases have fewer tasks than the stage asks for."""
    active = Count("assignments", filter=Q(assignments__state__in=(states.ASSIGNED, states.DONE)))
    return cases.annotate(active=active).filter(active__lt=stage.reviews_needed).count()
