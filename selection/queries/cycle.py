"""The office's view of a cycle: how far its stages are, and what needs a person.

Every count leaves out the cases in which the reader has a hard conflict.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from accounts.models import Role
from charter.models import Cycle
from nominations import states as cases
from nominations.queries import nominations_in_office_of, without_conflicts
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Decision, Release, Stage
from selection.queries.cases import (
    IN_STAGE,
    candidacies_visible_to,
    outcomes_visible_to,
    without_hidden_tasks,
    without_own_missing,
)
from selection.queries.kept import is_gone_on, is_kept
from selection.queries.progress import Counts, counts_of
from selection.queries.releases import main_release


@dataclass(frozen=True)
class Step:
    """A stage with its numbers."""

    stage: Stage
    cases: int
    forward: int
    stopped: int
    decided: int
    open: int
    tasks: int
    tasks_done: int
    is_next: bool
    waits_for: Stage | None  # the stage that has to close before this one, the next to open, can
    held_up: int  # of the next to open: cases that the stage before left undecided, which have to be resolved first
    may_move: bool  # its closing date; of a closed stage: it may open again

    @property
    def undecided(self) -> int:
        """Cases that the closed stage left to the office."""
        return self.open if self.stage.state == states.STAGE_CLOSED else 0


@dataclass(frozen=True)
class Overview:
    """A cycle on one page."""

    cycle: Cycle
    nominated: int
    complete: int
    in_review: int
    declined: int
    unanswered: int
    countries: int
    steps: list[Step]
    release: Release | None
    to_admit: int
    counts: Counts  # of its tasks

    @property
    def undecided(self) -> int:
        return sum(step.undecided for step in self.steps)

    @property
    def running(self) -> Stage | None:
        """The stage that is open, if any."""
        return next((s.stage for s in self.steps if s.stage.state == states.STAGE_OPEN), None)


def cycles_of_office() -> QuerySet[Cycle]:
    """All cycles, the newest first."""
    return Cycle.objects.order_by("-opens_at")


def cycle_before(cycle: Cycle) -> Cycle | None:
    """The cycle that opened last before this one."""
    return Cycle.objects.filter(opens_at__lt=cycle.opens_at).order_by("-opens_at").first()


def current_cycle() -> Cycle | None:
    """The cycle that the office works on: one with a running stage, else one that has begun and is not released."""
    running = Cycle.objects.filter(stages__state=states.STAGE_OPEN).order_by("opens_at").first()
    released = Release.objects.filter(kind=Release.Kind.MAIN, released_at__isnull=False).values("cycle")
    begun = Cycle.objects.exclude(pk__in=released).order_by("opens_at")
    return running or begun.first() or cycles_of_office().first()


def overview_of(user: Any, cycle: Cycle, *, page: str = "1") -> Overview:
    """Five statements, however large the cycle is. ``page`` is that of the reviewers of the running stage."""
    given = _OUT_OF_DOORS
    numbers = (
        nominations_in_office_of(user)
        .filter(cycle=cycle)
        .exclude(state=cases.MERGED)
        .aggregate(
            nominated=Count("pk"),
            countries=Count("country", distinct=True),
            declined=Count("pk", filter=Q(state=cases.DECLINED)),
            unanswered=Count("pk", filter=Q(state=cases.EXPIRED)),
            complete=Count("pk", filter=~Q(state__in=given)),
            in_review=Count("pk", filter=Q(state=cases.IN_REVIEW)),
            to_admit=Count("pk", filter=Q(state=cases.COMPLETE)),
        )
    )
    stages = list(Stage.objects.filter(cycle=cycle).select_related("cycle").order_by("number"))
    open_stage = next((one for one in stages if one.state == states.STAGE_OPEN), None)
    visible = (candidacies_visible_to(user) if not _is_auditor(user) else _all_but_ties(user)).filter(
        IN_STAGE
    )
    tasks = Assignment.objects.filter(candidacy__in=visible.filter(stage__cycle=cycle))
    # An auditor reads how far stages are, and nothing of regions or reviewers.
    running = None if _is_auditor(user) else open_stage
    counts = counts_of(without_hidden_tasks(tasks, person_of(user)), running, page=page)
    steps = _steps(user, cycle, stages, visible, counts)
    release = main_release(cycle)
    first = steps[0].stage if steps else None
    admits = first is not None and first.state == states.STAGE_OPEN
    return Overview(
        cycle=cycle,
        steps=steps,
        release=release,
        counts=counts,
        **{**numbers, "to_admit": numbers["to_admit"] if admits else 0},
    )


WITHOUT_TASKS = 20  # cases that a page names
KEPT = "kept"  # in the place of a state that the reader may not know as yet
_OUT_OF_DOORS = (cases.INVITED, cases.ACCEPTED, cases.DECLINED, cases.EXPIRED)


def _steps(
    user: Any, cycle: Cycle, stages: list[Stage], visible: QuerySet[Candidacy], counts: Counts
) -> list[Step]:
    by_stage: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    told = Case(When(is_kept(person_of(user)), then=Value(KEPT)), default=F("state"))
    rows = visible.filter(stage__cycle=cycle).order_by().annotate(told=told).values_list("stage_id", "told")
    for stage_id, state, count in rows.annotate(count=Count("pk")):
        by_stage[stage_id][state] = count
    following = next((one for one in stages if one.state == states.STAGE_PLANNED), None)
    begun = [one for one in stages if one.state != states.STAGE_PLANNED]
    left = by_stage[begun[-1].pk][states.OPEN] if begun and begun[-1].state == states.STAGE_CLOSED else 0
    return [
        Step(
            stage=one,
            cases=sum(number for state, number in by_stage[one.pk].items() if state != states.LEFT),
            forward=by_stage[one.pk][states.FORWARD],
            stopped=by_stage[one.pk][states.STOPPED],
            decided=by_stage[one.pk][states.DECIDED],
            open=by_stage[one.pk][states.OPEN],
            tasks=counts.stages.get(one.pk, (0, 0))[0],
            tasks_done=counts.stages.get(one.pk, (0, 0))[1],
            is_next=following is not None and one.pk == following.pk,
            waits_for=begun[-1] if begun and begun[-1].state != states.STAGE_CLOSED else None,
            held_up=left if following is not None and one.pk == following.pk else 0,
            may_move=one.state != states.STAGE_CLOSED or (one == begun[-1] and not _is_in_release(one)),
        )
        for one in stages
    ]


def _is_in_release(stage: Stage) -> bool:
    """Whether outcomes of a stage are part of a release: then it does not open again."""
    return Decision.objects.filter(candidacy__stage=stage, release__isnull=False).exists()


def _is_auditor(user: Any) -> bool:
    return not user.holds(Role.PROGRAM_OFFICE) and user.holds(Role.AUDITOR)


def _all_but_ties(user: Any) -> QuerySet[Candidacy]:
    """For the auditor's numbers, never for a list of cases."""
    person = person_of(user)
    return without_conflicts(Candidacy.objects.filter(~is_gone_on(person)), person, case="nomination")


def undecided_cases(user: Any, cycle: Cycle) -> QuerySet[Any]:
    """Cases that closed stages of a cycle left to the office, with ``own_missing``: their means are hidden."""
    return (
        without_own_missing(outcomes_visible_to(user), person_of(user))
        .filter(IN_STAGE, stage__cycle=cycle, stage__state=states.STAGE_CLOSED, state=states.OPEN)
        .select_related("nomination__nominee", "nomination__category", "nomination__region", "stage")
        .order_by("stage__number", "nomination__category", "rank", "pk")
    )


def cases_without_tasks(user: Any, stage: Stage) -> list[Candidacy]:
    """The first open cases of a running stage that nobody has been given. Most often there are none, and only their keys
    are looked for."""
    busy = Assignment.objects.filter(candidacy=OuterRef("pk"), state__in=(states.ASSIGNED, states.DONE))
    rows = candidacies_visible_to(user).filter(~Exists(busy), stage=stage, state=states.OPEN)
    first = list(rows.order_by("pk").values_list("pk", flat=True)[:WITHOUT_TASKS])
    if not first:
        return []
    named = Candidacy.objects.filter(pk__in=first).select_related("nomination__nominee", "nomination__region")
    return list(named.order_by("pk"))
