"""The office's view of a cycle: how far its stages are, what needs a person, what a release will say.

Every count leaves out the cases in which the reader has a hard conflict.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from accounts.models import Role
from charter.models import Cycle
from common.models import OutboxMail
from nominations import states as cases
from nominations.models import Conflict
from nominations.queries import nominations_in_office_of, without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Decision, Release, Stage
from selection.queries.cases import (
    IN_STAGE,
    candidacies_visible_to,
    without_hidden_tasks,
    without_own_missing,
)

ROWS = 20
SUPPORTER = "selection.supporter"  # the kind of mail that nominators and endorsers get
WAITING = (cases.IN_REVIEW, cases.ON_RESERVE, cases.SECOND_LOOK)  # cases that a release settles


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


def current_cycle() -> Cycle | None:
    """The cycle that the office works on: one with a running stage, else one that has begun and is not released."""
    running = Cycle.objects.filter(stages__state=states.STAGE_OPEN).order_by("opens_at").first()
    released = Release.objects.filter(kind=Release.Kind.MAIN, released_at__isnull=False).values("cycle")
    begun = Cycle.objects.exclude(pk__in=released).order_by("opens_at")
    return running or begun.first() or cycles_of_office().first()


def overview_of(user: Any, cycle: Cycle) -> Overview:
    """Five statements, however large the cycle is."""
    given = _OUT_OF_DOORS
    counts = (
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
    steps = _steps(user, cycle)
    release = main_release(cycle)
    first = steps[0].stage if steps else None
    admits = first is not None and first.state == states.STAGE_OPEN
    return Overview(
        cycle=cycle,
        steps=steps,
        release=release,
        **{**counts, "to_admit": counts["to_admit"] if admits else 0},
    )


_OUT_OF_DOORS = (cases.INVITED, cases.ACCEPTED, cases.DECLINED, cases.EXPIRED)


def _steps(user: Any, cycle: Cycle) -> list[Step]:
    visible = candidacies_visible_to(user) if not _is_auditor(user) else _all_but_ties(user)
    by_stage: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    visible = visible.filter(IN_STAGE)
    rows = visible.filter(stage__cycle=cycle).order_by().values_list("stage_id", "state")
    for stage_id, state, count in rows.annotate(count=Count("pk")):
        by_stage[stage_id][state] = count
    in_cycle = Assignment.objects.filter(candidacy__in=visible.filter(stage__cycle=cycle))
    tasks = (
        without_hidden_tasks(in_cycle, person_of(user))
        .order_by()
        .values_list("candidacy__stage_id")
        .annotate(
            all=Count("pk", filter=Q(state__in=(states.ASSIGNED, states.DONE))),
            done=Count("pk", filter=Q(state=states.DONE)),
        )
    )
    by_task = {stage_id: (total, done) for stage_id, total, done in tasks}
    stages = list(Stage.objects.filter(cycle=cycle).select_related("cycle").order_by("number"))
    following = next((one for one in stages if one.state == states.STAGE_PLANNED), None)
    return [
        Step(
            stage=one,
            cases=sum(number for state, number in by_stage[one.pk].items() if state != states.LEFT),
            forward=by_stage[one.pk][states.FORWARD],
            stopped=by_stage[one.pk][states.STOPPED],
            decided=by_stage[one.pk][states.DECIDED],
            open=by_stage[one.pk][states.OPEN],
            tasks=by_task.get(one.pk, (0, 0))[0],
            tasks_done=by_task.get(one.pk, (0, 0))[1],
            is_next=following is not None and one.pk == following.pk,
        )
        for one in stages
    ]


def _is_auditor(user: Any) -> bool:
    return not user.holds(Role.PROGRAM_OFFICE) and user.holds(Role.AUDITOR)


def _all_but_ties(user: Any) -> QuerySet[Candidacy]:
    """For the auditor's numbers, never for a list of cases."""
    return without_conflicts(Candidacy.objects.all(), person_of(user), case="nomination")


@dataclass(frozen=True)
class Progress:
    """One reviewer in a stage."""

    person: Person
    total: int
    done: int
    last: dt.datetime | None

    @property
    def open(self) -> int:
        return self.total - self.done


def reviewers_behind(user: Any, stage: Stage, *, page: str) -> tuple[Page[Any], list[Progress]]:
    """Reviewers of a stage, those with most left to do first."""
    tasks = Assignment.objects.filter(
        candidacy__in=candidacies_visible_to(user).filter(stage=stage),
        state__in=(states.ASSIGNED, states.DONE),
    )
    rows = (
        without_hidden_tasks(tasks, person_of(user))
        .values("reviewer")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=states.DONE)),
            left=Count("pk", filter=Q(state=states.ASSIGNED)),
            last=Max("review__saved_at"),
        )
        .order_by("-left", F("last").asc(nulls_first=True), "reviewer")
    )
    listed = Paginator(rows, ROWS).get_page(page)
    people = Person.objects.in_bulk([row["reviewer"] for row in listed])
    return listed, [
        Progress(people[row["reviewer"]], row["total"], row["done"], row["last"]) for row in listed
    ]


def undecided_cases(user: Any, cycle: Cycle) -> QuerySet[Any]:
    """Cases that closed stages of a cycle left to the office, with ``own_missing``: their means are hidden."""
    return (
        without_own_missing(candidacies_visible_to(user), person_of(user))
        .filter(IN_STAGE, stage__cycle=cycle, stage__state=states.STAGE_CLOSED, state=states.OPEN)
        .select_related("nomination__nominee", "nomination__category", "nomination__region", "stage")
        .order_by("stage__number", "nomination__category", "rank", "pk")
    )


def cases_without_tasks(user: Any, stage: Stage) -> QuerySet[Candidacy]:
    """Open cases of a running stage that nobody has been given."""
    busy = Assignment.objects.filter(state__in=(states.ASSIGNED, states.DONE)).values("candidacy")
    rows = candidacies_visible_to(user).filter(stage=stage, state=states.OPEN).exclude(pk__in=busy)
    return rows.select_related("nomination__nominee", "nomination__region").order_by("pk")


def pending_decisions_visible_to(user: Any, cycle: Cycle) -> QuerySet[Decision]:
    """Those of cases that this user may know of."""
    return pending_decisions(cycle).filter(candidacy__in=candidacies_visible_to(user))


def pending_decisions(cycle: Cycle) -> QuerySet[Decision]:
    """Decisions of a cycle that no release holds, of cases that still wait for their outcome."""
    return Decision.objects.filter(
        candidacy__stage__cycle=cycle, release=None, candidacy__nomination__state__in=WAITING
    ).exclude(candidacy__state=states.LEFT)


def releases_visible_to(user: Any) -> QuerySet[Release]:
    """The office prepares and confirms releases, the auditor follows them; nobody else knows of them.

    A later release that holds only cases with a tie of the reader does not exist for them: it would say that one
    of these is decided.
    """
    if not user.is_authenticated or not (user.holds(Role.PROGRAM_OFFICE) or user.holds(Role.AUDITOR)):
        return Release.objects.none()
    held = Decision.objects.filter(release=OuterRef("pk"))
    known = without_conflicts(held, person_of(user), case="candidacy__nomination")
    return Release.objects.filter(Q(kind=Release.Kind.MAIN) | Exists(known) | ~Exists(held)).select_related(
        "cycle", "prepared_by", "confirmed_by"
    )


def visible_release_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Of which of these releases may this user read the history?"""
    return set(releases_visible_to(user).filter(key__in=list(keys)).values_list("key", flat=True))


def main_release(cycle: Cycle) -> Release | None:
    """The main release of a cycle, unless it was called off."""
    return (
        Release.objects.filter(cycle=cycle, kind=Release.Kind.MAIN)
        .exclude(state=states.CANCELLED)
        .select_related("prepared_by", "confirmed_by", "cycle")
        .first()
    )


def current_release(user: Any, cycle: Cycle) -> Release | None:
    """The release that is under way, else the last one that went out."""
    rows = releases_visible_to(user).filter(cycle=cycle).exclude(state=states.CANCELLED)
    return (
        rows.exclude(state=states.RELEASED).order_by("-pk").first() or rows.order_by("-released_at").first()
    )


def release_shown(user: Any, cycle: Cycle) -> Release | None:
    """The release whose decisions a page shows; ``None`` where the pending ones are in no release yet."""
    release = current_release(user, cycle)
    done = release is None or release.state == states.RELEASED
    return None if done and pending_decisions_visible_to(user, cycle).exists() else release


def decisions_told(
    user: Any, cycle: Cycle, release: Release | None, *, outcome: str = ""
) -> QuerySet[Decision]:
    """The decisions that a release tells, or would if it were prepared now, in the order of their random keys."""
    rows = Decision.objects.filter(release=release) if release else pending_decisions(cycle)
    rows = rows.filter(candidacy__in=candidacies_visible_to(user))
    rows = rows.filter(outcome=outcome) if outcome else rows
    return rows.select_related(
        "candidacy__nomination__nominee",
        "candidacy__nomination__category",
        "candidacy__stage__cycle",
        "release",
        "award",
    ).order_by("candidacy__key")


@dataclass(frozen=True)
class Preview:
    """What a release says, or would say if it were prepared now."""

    outcomes: dict[str, int]
    total: int
    supporters_told: int
    supporters_not_told: int
    samples: list[Decision]
    mails: dict[str, int]


def preview_of(user: Any, cycle: Cycle, release: Release | None) -> Preview:
    """Counts by outcome, one real case of each, and how far the mail is."""
    decisions = decisions_told(user, cycle, release)
    outcomes = dict(decisions.order_by().values_list("outcome").annotate(count=Count("pk")))
    told = decisions.aggregate(
        told=Count("pk", filter=Q(candidacy__nomination__nominator_may_learn_outcome=True)),
        not_told=Count("pk", filter=~Q(candidacy__nomination__nominator_may_learn_outcome=True)),
    )
    return Preview(
        outcomes={outcome: outcomes.get(outcome, 0) for outcome in Decision.Outcome.values},
        total=sum(outcomes.values()),
        supporters_told=told["told"],
        supporters_not_told=told["not_told"],
        samples=_samples(decisions, outcomes),
        mails=mails_of(user, release) if release else {},
    )


def _samples(decisions: QuerySet[Decision], outcomes: dict[str, int]) -> list[Decision]:
    """One case for each outcome that occurs: the first in the order of the random keys."""
    return [decisions.filter(outcome=one)[0] for one in Decision.Outcome.values if outcomes.get(one)]


def mails_of(user: Any, release: Release) -> dict[str, int]:
    """How many letters of a release are in which state, for nominees and for supporters."""
    person = person_of(user)
    tied = Conflict.objects.filter(
        person=person, strength=Conflict.Strength.HARD, nomination__cycle=release.cycle_id
    )
    keys = list(tied.values_list("nomination__key", flat=True)) if person else []
    rows = OutboxMail.objects.filter(keys__release=release.key).exclude(keys__nomination__in=keys)
    to_supporters = Q(kind=SUPPORTER)
    sent = Q(state=OutboxMail.State.SENT)
    return rows.aggregate(
        nominees=Count("pk", filter=~to_supporters),
        nominees_sent=Count("pk", filter=~to_supporters & sent),
        supporters=Count("pk", filter=to_supporters),
        supporters_sent=Count("pk", filter=to_supporters & sent),
        failed=Count("pk", filter=Q(state=OutboxMail.State.FAILED)),
    )


def awards_written(user: Any, release: Release) -> int:
    """How many decisions of a release point at their award."""
    rows = Decision.objects.filter(release=release, candidacy__in=candidacies_visible_to(user))
    return rows.filter(award__isnull=False).count()


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
