"""Plans of assignments as pages show them. Every figure counts the cases that the reader may see, and no others."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Role
from charter.models import Category
from people.models import Person
from people.queries import person_of
from selection import rules, states
from selection.models import Assignment, AssignmentPlan, Candidacy, PlannedTask, ReviewerCapacity, Stage
from selection.queries.cases import candidacies_visible_to, latin_name_of, name_of, with_blind
from selection.queries.planning import cases_of_discarded_top_up

WORKING = (states.ASSIGNED, states.DONE)
OPEN_PLANS = (states.PLAN_ASKED, states.PLAN_DRAFT)
ROWS = 50


def plans_visible_to(user: Any) -> QuerySet[AssignmentPlan]:
    """The office: all. A chair: those of the category. Nobody else."""
    if not user.is_authenticated:
        return AssignmentPlan.objects.none()
    rows = AssignmentPlan.objects.select_related("stage__cycle", "category", "made_by", "published_by")
    if user.holds(Role.PROGRAM_OFFICE):
        return rows
    led = [grant.category_id for grant in user.grants_today if grant.role == Role.TECHNOLOGY_LEAD]
    if None in led:
        return rows.exclude(category=None)
    return rows.filter(category__in=[one for one in led if one is not None])


def planned_tasks_visible_to(user: Any) -> QuerySet[PlannedTask]:
    """What is planned on cases that this user sees, in plans that they see."""
    return PlannedTask.objects.filter(
        plan__in=plans_visible_to(user), candidacy__in=candidacies_visible_to(user)
    )


def visible_plan_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these plans may this user read the history? Also the auditor: it holds no counts."""
    if user.is_authenticated and user.holds(Role.AUDITOR):
        return set(keys)
    return set(plans_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


@dataclass(frozen=True)
class Scope:
    """A category, or all of them (``None``): its open cases, how many of them lack reviewers, the plan in hand."""

    category: Category | None
    cases: int
    short: int
    plan: AssignmentPlan | None


@dataclass(frozen=True)
class Overview:
    """One stage that scores, by category; ``earlier``: plans that are done with; ``top_up_waits``: its plan was
    discarded and can be made again."""

    stage: Stage
    stages: list[Stage]
    scopes: list[Scope]
    earlier: list[AssignmentPlan]
    top_up_waits: bool


def overview_of(user: Any, key: str) -> Overview | None:
    """The stage of this key, or the first that runs; nothing where no stage has cases that this user plans for."""
    cases = _planned_for(user)
    stages = list(
        Stage.objects.filter(pk__in=cases.values("stage"), state=states.STAGE_OPEN)
        .select_related("cycle")
        .order_by("-opens_at", "pk")
    )
    stage = next((one for one in stages if one.key == key), stages[0] if stages else None)
    if stage is None:
        return None
    plans = list(plans_visible_to(user).filter(stage=stage)[:30])
    open_plans = {plan.category_id: plan for plan in plans if plan.state in OPEN_PLANS}
    counts = _counts(cases.filter(stage=stage), stage)
    categories = Category.objects.in_bulk(list(counts))
    scopes = [
        Scope(one, *counts[one.pk], open_plans.get(one.pk))
        for one in sorted(categories.values(), key=lambda one: (one.position, one.name))
    ]
    if user.holds(Role.PROGRAM_OFFICE):
        total = (sum(scope.cases for scope in scopes), sum(scope.short for scope in scopes))
        scopes.insert(0, Scope(None, *total, open_plans.get(None)))
    earlier = [plan for plan in plans if plan.state not in OPEN_PLANS][:10]
    waits = stage.topped_up_at is not None and bool(cases_of_discarded_top_up(stage))
    return Overview(stage, stages, scopes, earlier, waits)


def _planned_for(user: Any) -> QuerySet[Candidacy]:
    """Open cases of score stages in the categories that this user assigns for."""
    cases = candidacies_visible_to(user).filter(stage__kind=Stage.Kind.SCORE, state=states.OPEN)
    if user.holds(Role.PROGRAM_OFFICE):
        return cases
    led = [grant.category_id for grant in user.grants_today if grant.role == Role.TECHNOLOGY_LEAD]
    return cases if None in led else cases.filter(nomination__category__in=led)


def _counts(cases: QuerySet[Candidacy], stage: Stage) -> dict[int, tuple[int, int]]:
    """Category → cases, and those with fewer reviewers than the stage asks for."""
    working = (
        Assignment.objects.filter(candidacy=OuterRef("pk"), state__in=WORKING)
        .order_by()
        .values("candidacy")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows: Any = (
        cases.filter(nomination__category__isnull=False)
        .annotate(working=Coalesce(Subquery(working, output_field=IntegerField()), 0))
        .order_by()
        .values("nomination__category")
        .annotate(cases=Count("pk"), short=Count("pk", filter=Q(working__lt=stage.reviews_needed)))
    )
    return {row["nomination__category"]: (row["cases"], row["short"]) for row in rows}


@dataclass(frozen=True)
class LoadsOfClass:
    """The loads of those who take the same number of cases, running tasks counted in."""

    capacity: int
    reviewers: int
    least: int
    most: int


@dataclass(frozen=True)
class LackRow:
    """A case and what it does not get."""

    candidacy: Candidacy
    of: str
    why: str
    count: int

    @property
    def name(self) -> str:
        return name_of(self.candidacy)


@dataclass(frozen=True)
class Given:
    """Of a published plan: how many tasks were given, and how many did not fit any more."""

    given: int
    left_out: int


def published_as_seen_by(user: Any, plan: AssignmentPlan) -> Given:
    """Over the cases that this user sees: who publishes a plan may have a tie to one of its cases."""
    tasks = planned_tasks_visible_to(user).filter(plan=plan)
    running = Assignment.objects.filter(
        candidacy=OuterRef("candidacy"), reviewer=OuterRef("reviewer"), state__in=WORKING
    )
    sums = tasks.aggregate(all=Count("pk"), given=Count("pk", filter=Exists(running)))
    return Given(sums["given"], sums["all"] - sums["given"])


@dataclass(frozen=True)
class PlannedCase:
    """A case with those who shall review it."""

    candidacy: Candidacy
    tasks: list[PlannedTask]

    @property
    def name(self) -> str:
        return name_of(self.candidacy)

    @property
    def latin(self) -> str:
        return latin_name_of(self.candidacy)


@dataclass(frozen=True)
class Preview:
    """A plan as one person may see it. Shares are percents of the cases concerned; ``affinity`` too.

    ``in_the_way``: code of a rule that keeps a full assignment from existing → of how many cases, the most frequent
    first; of the cases that this person sees, unlike that of the plan.
    """

    plan: AssignmentPlan
    cases: int
    tasks: int
    reviewers: int
    experts: int
    outsiders: int
    affinity: int
    open_places: int
    loads: list[LoadsOfClass]
    even: bool
    in_the_way: list[tuple[str, int]]
    lacks: Page[Any]
    lack_rows: list[LackRow]
    page: Page[Any]
    rows: list[PlannedCase]


def preview_of(user: Any, plan: AssignmentPlan, *, page: str, lacks_page: str) -> Preview:
    """Everything that the page of a plan shows, in a fixed number of statements."""
    tasks = planned_tasks_visible_to(user).filter(plan=plan)
    sums: Any = tasks.aggregate(
        tasks=Count("pk"),
        cases=Count("candidacy", distinct=True),
        reviewers=Count("reviewer", distinct=True),
        affinity=Avg("affinity"),
    )
    concerned = candidacies_visible_to(user).filter(pk__in=tasks.values("candidacy"))
    known = _with_expert_and_outsider(user, plan, concerned)
    visible = _lacks(user, plan)
    lacks = Paginator(visible, ROWS).get_page(lacks_page)
    named = with_blind(concerned, person_of(user)).select_related("nomination__nominee")
    listed = Paginator(named.order_by("pk"), ROWS).get_page(page)
    loads, even = _loads(user, plan, tasks)
    cases = max(1, sums["cases"])
    return Preview(
        plan=plan,
        cases=sums["cases"],
        tasks=sums["tasks"],
        reviewers=sums["reviewers"],
        experts=round(100 * known["expert"] / cases),
        outsiders=round(100 * known["outsider"] / cases),
        affinity=round(100 * (sums["affinity"] or 0)),
        open_places=sum(one.count for one in visible if one.of == "places"),
        loads=loads,
        even=even,
        in_the_way=_ways(visible),
        lacks=lacks,
        lack_rows=list(lacks.object_list),
        page=listed,
        rows=_rows(tasks, list(listed.object_list)),
    )


def _with_expert_and_outsider(
    user: Any, plan: AssignmentPlan, concerned: QuerySet[Candidacy]
) -> Counter[str]:
    """How many of the cases that get somebody lack neither expert nor outsider in the end."""
    of = {(one.candidacy.pk, one.of) for one in _lacks(user, plan)}
    counts: Counter[str] = Counter()
    for pk in concerned.values_list("pk", flat=True):
        for wish in ("expert", "outsider"):
            counts[wish] += (pk, wish) not in of
    return counts


def _lacks(user: Any, plan: AssignmentPlan) -> list[LackRow]:
    keys = {one["case"] for one in plan.lacks}
    visible = candidacies_visible_to(user).filter(stage=plan.stage_id, key__in=keys)
    named = with_blind(visible, person_of(user)).select_related("nomination__nominee")
    known = {one.key: one for one in named}
    return [
        LackRow(known[one["case"]], one["of"], one["why"], one["count"])
        for one in plan.lacks
        if one["case"] in known
    ]


def _ways(lacks: list[LackRow]) -> list[tuple[str, int]]:
    cases: dict[str, set[int]] = defaultdict(set)
    for one in lacks:
        cases[one.why].add(one.candidacy.pk)
    return sorted(((why, len(some)) for why, some in cases.items()), key=lambda pair: (-pair[1], pair[0]))


def _loads(user: Any, plan: AssignmentPlan, tasks: QuerySet[PlannedTask]) -> tuple[list[LoadsOfClass], bool]:
    """What each would have in the stage, by how much they take; those of the plan, and whether within one."""
    planned = Counter(dict(tasks.order_by().values_list("reviewer").annotate(count=Count("pk"))))
    running = Assignment.objects.filter(
        candidacy__in=candidacies_visible_to(user).filter(stage=plan.stage_id),
        reviewer__in=list(planned),
        state__in=WORKING,
    )
    if plan.state in OPEN_PLANS:
        planned.update(dict(running.order_by().values_list("reviewer").annotate(count=Count("pk"))))
    own = dict(ReviewerCapacity.objects.filter(stage=plan.stage_id).values_list("person_id", "cases"))
    usual = rules.score_rule(plan.stage.rule).capacity
    classes: dict[int, list[int]] = defaultdict(list)
    for person, load in planned.items():
        classes[own.get(person, usual)].append(load)
    loads = [
        LoadsOfClass(capacity, len(some), min(some), max(some)) for capacity, some in sorted(classes.items())
    ]
    return loads, all(one.most - one.least <= 1 for one in loads)


def _rows(tasks: QuerySet[PlannedTask], candidacies: list[Candidacy]) -> list[PlannedCase]:
    by_case: dict[int, list[PlannedTask]] = defaultdict(list)
    for task in tasks.filter(candidacy__in=candidacies).select_related("reviewer").order_by("-expert", "pk"):
        by_case[task.candidacy_id].append(task)
    return [PlannedCase(one, by_case[one.pk]) for one in candidacies]


@dataclass(frozen=True)
class OwnCapacity:
    """A stage in which somebody reviews, how much they take in it and have in it."""

    stage: Stage
    takes: int
    is_own: bool
    has: int


def capacities_of(user: Any) -> list[OwnCapacity]:
    """Score stages to come or under way whose role this user holds, or in which they have a task."""
    person = person_of(user)
    if person is None:
        return []
    roles = {grant.role for grant in user.grants_today}
    stages = Stage.objects.filter(kind=Stage.Kind.SCORE, reviewer_role__in=roles).exclude(
        state=states.STAGE_CLOSED
    )
    own = dict(ReviewerCapacity.objects.filter(person=person).values_list("stage_id", "cases"))
    has = Counter(_tasks_of(user, person).values_list("candidacy__stage_id", flat=True))
    return [
        OwnCapacity(one, own.get(one.pk, rules.score_rule(one.rule).capacity), one.pk in own, has[one.pk])
        for one in stages.select_related("cycle").order_by("opens_at", "pk")
    ]


def _tasks_of(user: Any, person: Person) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        candidacy__in=candidacies_visible_to(user), reviewer=person, state__in=WORKING
    )
