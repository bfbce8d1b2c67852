"""Reviewers for all cases at once: asked for, made by the worker, looked at, published or discarded; and refills.

What a plan says was true when it was made. Publishing asks again, under the stage's lock, and leaves out what no
longer fits: a task that came to run is never undone, and no rule is broken because a page was old.
"""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Category
from common import clock, history, jobs, outbox
from common.errors import Outdated, RuleBroken
from nominations import conflicts
from people.models import Person
from selection import assignment, rules, states
from selection.actions.locks import acting_person, lock_stage, refuse_unless_running
from selection.emails import addresses_of
from selection.models import Assignment, AssignmentPlan, Candidacy, PlannedTask, ReviewerCapacity, Stage
from selection.notice_emails import TASKS
from selection.queries.planning import (
    Reading,
    cases_left_by_somebody,
    cases_of_discarded_top_up,
    cases_of_plan,
    read_second_look,
    read_stage,
)

SECONDS = 600.0  # after which the solver gives up


@dataclass(frozen=True)
class Published:
    """How many tasks were given, and how many were left out because they did not fit any more."""

    given: int
    left_out: int


@transaction.atomic
def prepare_plan(stage: Stage, *, category: Category | None, by: User) -> AssignmentPlan:
    """Ask the worker for reviewers for the open places of a category, or of all. One plan at a time.

    Where the plan of a top-up was discarded, the next one for all is again that of the top-up.
    """
    stage = lock_stage(stage)
    _refuse_unscored(stage)
    refuse_unless_running(stage)
    if category is None and (chosen := cases_of_discarded_top_up(stage)):
        return ask_for_plan(stage, category=None, purpose=AssignmentPlan.Purpose.TOP_UP, by=by, cases=chosen)
    begun = Assignment.objects.filter(candidacy__stage=stage)
    if category is not None:
        begun = begun.filter(candidacy__nomination__category=category)
    purpose = AssignmentPlan.Purpose.REPAIR if begun.exists() else AssignmentPlan.Purpose.INITIAL
    return ask_for_plan(stage, category=category, purpose=purpose, by=by)


def ask_for_plan(
    stage: Stage, *, category: Category | None, purpose: str, by: User, cases: Iterable[str] = ()
) -> AssignmentPlan:
    """The row and its job; the stage is locked."""
    open_plans = AssignmentPlan.objects.filter(stage=stage, state__in=(states.PLAN_ASKED, states.PLAN_DRAFT))
    if open_plans.filter(category=category).exists():
        raise Outdated(_("There is a plan already. Publish it or discard it first."))
    plan = AssignmentPlan.objects.create(
        stage=stage,
        category=category,
        purpose=purpose,
        cases=list(cases),
        made_by=acting_person(by),
        made_at=clock.now(),
    )
    _record(plan, "prepare", by=by)
    jobs.defer("selection.make_plan", key=plan.key)
    return plan


def make_plan(key: str) -> None:
    """The worker's part: read, solve, write down. Safe to run twice: the second finds it made or discarded."""
    plan = (
        AssignmentPlan.objects.select_related("stage__cycle").filter(key=key, state=states.PLAN_ASKED).first()
    )
    if plan is None:
        return
    start = time.monotonic()
    conflicts.recompute(list(cases_of_plan(plan).values_list("nomination_id", flat=True)))
    reading = _read(plan)
    found = _solve(plan.stage, reading)
    with transaction.atomic():
        plan = AssignmentPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if plan.state != states.PLAN_ASKED:
            return
        PlannedTask.objects.bulk_create(_planned(plan, reading, found), batch_size=2000)
        plan.state = states.PLAN_DRAFT
        plan.lacks = [
            {"case": reading.keys[one.case], "of": one.of, "why": one.why, "count": one.count}
            for one in found.lacks
        ]
        plan.in_the_way, plan.seconds = list(found.in_the_way), round(time.monotonic() - start, 1)
        plan.save(update_fields=["state", "lacks", "in_the_way", "seconds"])
        _record(plan, "make", by=None, old=states.PLAN_ASKED)


@transaction.atomic
def publish_plan(plan: AssignmentPlan, *, by: User) -> Published:
    """Give all its tasks in one go and write to each reviewer once."""
    person = acting_person(by)
    stage = lock_stage(plan.stage)
    plan = _lock(plan, states.PLAN_PUBLISHED)
    refuse_unless_running(stage)
    tasks = list(
        plan.tasks.order_by("candidacy_id", "reviewer_id").values_list("candidacy_id", "reviewer_id")
    )
    is_top_up = plan.purpose == AssignmentPlan.Purpose.TOP_UP
    given = _give(stage, _read(plan), tasks, by=by, is_top_up=is_top_up, cause=f"plan {plan.key}")
    old, plan.state = plan.state, states.PLAN_PUBLISHED
    plan.published_by, plan.published_at = person, clock.now()
    plan.save(update_fields=["state", "published_by", "published_at"])
    _record(plan, "publish", by=by, old=old)
    if given < len(tasks):
        ask_for_refill(stage.pk)
    return Published(given, len(tasks) - given)


@transaction.atomic
def discard_plan(plan: AssignmentPlan, *, by: User) -> None:
    """Put it aside; nothing was given."""
    acting_person(by)
    lock_stage(plan.stage)
    plan = _lock(plan, states.PLAN_DISCARDED)
    old, plan.state = plan.state, states.PLAN_DISCARDED
    plan.save(update_fields=["state"])
    plan.tasks.all().delete()
    _record(plan, "discard", by=by, old=old)


def ask_for_refill(stage_id: int) -> None:
    """Let the worker fill what somebody left, and look again who reviews whom."""
    jobs.defer("selection.refill", once=f"selection.refill {stage_id}", stage=stage_id)


def refill_stage(stage_id: int) -> int:
    """Fill the places that somebody left, where the rule of the stage says that the system does; return how many.

    Safe to run twice: it fills up to what the stage asks for and no further.
    """
    stage = Stage.objects.select_related("cycle").filter(pk=stage_id, kind=Stage.Kind.SCORE).first()
    if stage is None or not stage.is_running() or rules.score_rule(stage.rule).refill != "at_once":
        return 0
    cases = list(cases_left_by_somebody(stage).values_list("pk", flat=True))
    if not cases:
        return 0
    reading = read_stage(stage, Candidacy.objects.filter(pk__in=cases))
    found = _solve(stage, reading)
    tasks = _pairs(reading, found)
    with transaction.atomic():
        stage = lock_stage(stage)
        if not stage.is_running():
            return 0
        now = read_stage(stage, Candidacy.objects.filter(pk__in=cases))
        is_top_up = stage.topped_up_at is not None
        cause = f"refill {clock.now():%Y%m%d%H%M%S%f}"
        return _give(stage, now, tasks, by=None, is_top_up=is_top_up, cause=cause)


def ask_for_substitute(candidacy: Candidacy) -> None:
    """Somebody stepped back from a case: in a second look as in a stage, the worker finds another."""
    if candidacy.closes_at is None:
        ask_for_refill(candidacy.stage_id)
    else:
        ask_for_readers(candidacy)


def ask_for_readers(candidacy: Candidacy) -> None:
    """Let the worker find readers for a second look."""
    jobs.defer("selection.find_readers", once=f"selection.find_readers {candidacy.key}", key=candidacy.key)


def find_readers(key: str) -> int:
    """Give a second look to as many as its stage asks for, by the rules of every assignment; return how many.

    Nobody who ever had the case, no tie, not two of one employer, an expert and an outsider where there are such.
    Safe to run twice: it fills up and no further. Chair and office may change what it found.
    """
    looks = Candidacy.objects.select_related("stage__cycle").filter(key=key, closes_at__isnull=False)
    candidacy = looks.first()
    if candidacy is None or not candidacy.is_running():
        return 0
    conflicts.recompute([candidacy.nomination_id])
    reading = read_second_look(candidacy)
    tasks = _pairs(reading, _solve(candidacy.stage, reading))
    with transaction.atomic():
        stage = lock_stage(candidacy.stage)
        candidacy = looks.select_for_update(of=("self",)).get()
        if not candidacy.is_running():
            return 0
        now = read_second_look(candidacy)
        cause = f"second look {key} {clock.now():%Y%m%d%H%M%S%f}"
        return _give(stage, now, tasks, by=None, is_top_up=False, cause=cause, due_at=candidacy.closes_at)


@transaction.atomic
def set_capacity(stage: Stage, *, by: User, cases: int) -> ReviewerCapacity:
    """Say how many cases one takes in a stage at most, from 0 to 30; running tasks stay."""
    person = acting_person(by)
    if not 0 <= cases <= ReviewerCapacity.MOST:
        raise RuleBroken(_("Choose a number from 0 to %(most)d.") % {"most": ReviewerCapacity.MOST})
    if stage.state == states.STAGE_CLOSED:
        raise Outdated(_("%(stage)s is closed already.") % {"stage": stage.internal_name})
    held, _made = ReviewerCapacity.objects.update_or_create(
        stage=stage, person=person, defaults={"cases": cases, "set_at": clock.now()}
    )
    history.record("capacity", person.key, "set_capacity", by=by, codes={"stage": stage.key, "cases": cases})
    return held


def _read(plan: AssignmentPlan) -> Reading:
    chosen = None
    if plan.purpose == AssignmentPlan.Purpose.TOP_UP:
        chosen = Candidacy.objects.filter(stage=plan.stage_id, key__in=plan.cases).values_list(
            "pk", flat=True
        )
    return read_stage(plan.stage, cases_of_plan(plan), top_up=chosen)


def _solve(stage: Stage, reading: Reading) -> assignment.Assigned:
    rule = rules.score_rule(stage.rule)
    return assignment.plan(
        reading.cases,
        reading.panel,
        barred=reading.barred,
        needed=reading.needed,
        fixed=reading.fixed,
        experts=rule.experts,
        outsiders=rule.outsiders,
        seconds=SECONDS,
    )


def _pairs(reading: Reading, found: assignment.Assigned) -> list[tuple[int, int]]:
    return [
        (reading.candidacies[case], reading.people[person])
        for case, person in zip(found.pairs.case.tolist(), found.pairs.reviewer.tolist(), strict=True)
    ]


def _planned(plan: AssignmentPlan, reading: Reading, found: assignment.Assigned) -> list[PlannedTask]:
    pairs = found.pairs
    return [
        PlannedTask(
            plan=plan,
            candidacy_id=candidacy,
            reviewer_id=person,
            affinity=round(float(pairs.affinity[row]), 4),
            expert=bool(pairs.expert[row]),
            outsider=bool(pairs.outsider[row]),
        )
        for row, (candidacy, person) in enumerate(_pairs(reading, found))
    ]


def _give(
    stage: Stage,
    reading: Reading,
    tasks: list[tuple[int, int]],
    *,
    by: User | None,
    is_top_up: bool,
    cause: str,
    due_at: dt.datetime | None = None,
) -> int:
    """Make the tasks that still fit; the stage is locked, so nothing moves meanwhile. Returns how many."""
    fitting = [one for one, fits in zip(tasks, reading.found_fitting(tasks), strict=True) if fits]
    now = clock.now()
    Assignment.objects.bulk_create(
        [
            Assignment(
                candidacy_id=candidacy,
                reviewer_id=reviewer,
                assigned_at=now,
                due_at=due_at or stage.closes_at,
                is_top_up=is_top_up,
            )
            for candidacy, reviewer in fitting
        ],
        batch_size=2000,
    )
    people = Person.objects.in_bulk({reviewer for _candidacy, reviewer in fitting})
    keys = dict(zip(reading.candidacies, reading.keys, strict=True))
    history.record_by_thousands(
        history.Event(
            "assignment",
            keys[candidacy],
            "assign",
            by,
            new=states.ASSIGNED,
            codes={"reviewer": people[reviewer].key},
        )
        for candidacy, reviewer in fitting
    )
    tell_reviewers(stage, people.values(), cause=cause)
    jobs.defer("selection.suggest_ties", once=f"selection.suggest_ties {stage.pk}", stage=stage.pk)
    return len(fitting)


def tell_reviewers(stage: Stage, people: Iterable[Person], *, cause: str) -> None:
    """One mail to each reviewer who can be written to, once for a cause: the letter counts what waits when it is sent."""
    given = list(people)
    addresses = addresses_of(person.pk for person in given)
    outbox.post_many(
        outbox.Post(
            TASKS,
            to=addresses[person.pk],
            cause=f"tasks {cause} {person.key}",
            keys={"stage": stage.key, "person": person.key},
            language=person.mail_language,
            person_key=person.key,
        )
        for person in sorted(given, key=lambda person: person.pk)
        if person.pk in addresses and not person.deceased
    )


def _lock(plan: AssignmentPlan, to: str) -> AssignmentPlan:
    plan = (
        AssignmentPlan.objects.select_for_update(of=("self",)).select_related("stage__cycle").get(pk=plan.pk)
    )
    if to not in states.PLAN_MOVES[plan.state]:
        words = {"state": plan.get_state_display()}
        raise Outdated(_("That is not possible any more: the plan is %(state)s.") % words)
    return plan


def _refuse_unscored(stage: Stage) -> None:
    if stage.kind != Stage.Kind.SCORE:
        raise RuleBroken(_("Only stages that score cases have reviewers assigned."))


def _record(plan: AssignmentPlan, verb: str, *, by: User | None, old: str = "") -> None:
    codes = {
        "stage": plan.stage.key,
        "category": plan.category.slug if plan.category else "",
        "of": plan.purpose,
    }
    history.record("plan", plan.key, verb, by=by, old=old, new=plan.state, codes=codes)
