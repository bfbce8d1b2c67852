"""Cases in the selection: complete ones, cases in a stage, tasks, reviews; and stages that run now."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.models import Model

from common import clock
from nominations.models import Nomination, Support
from people.models import Address, Person
from selection import actions, scoring, states
from selection.actions.means import SUMMARY, totals_by_reviewer
from selection.models import Assignment, Candidacy, Release, Review, Score, Stage
from selection.scoring import Answers, Mark
from tests import factories
from tests.cast import Cast, House

WHY = "It has to be now, for the sake of the test."
LONG = "Forty schools use the checklist, and two of them had asked for exactly this for years."
CRITERIA = ("impact", "quality", "reach", "conduct")


def answers(*marks: int | None, comment: str = "Sound work.", confidence: int = 2) -> Answers:
    """Four marks; ``None`` is "not applicable"."""
    given = marks or (3, 3, 3, 3)
    return Answers(
        {
            code: Mark(mark, mark is None, LONG if mark in (1, 5) else "")
            for code, mark in zip(CRITERIA, given, strict=True)
        },
        comment,
        confidence,
    )


def typed(*marks: int | None, version: int = 0, comment: str = "Sound work.") -> dict[str, Any]:
    """The same as a posted form."""
    given = answers(*marks, comment=comment)
    data: dict[str, Any] = {"version": version, "comment": comment, "confidence": given.confidence}
    for code, mark in given.marks.items():
        data[f"mark_{code}"] = "na" if mark.not_applicable else mark.value
        data[f"reason_{code}"] = mark.reason
    return data


def run(stage: Stage, state: str = states.STAGE_OPEN) -> Stage:
    """Open it yesterday and close it in ten days, by the row alone."""
    now = clock.now()
    stage.state, stage.opens_at = state, now - dt.timedelta(days=1)
    stage.closes_at = now + dt.timedelta(days=10)
    stage.save()
    return stage


@pytest.fixture
def run_stage() -> Callable[..., Stage]:
    """``run_stage(house.score)``, see ``run``."""
    return run


def complete(
    house: House, cast: Cast, name: str = "Vaira Paegle", *, area: Any = None, **fields: Any
) -> Nomination:
    """A complete case of somebody in Latvia, brought by the nominator."""
    nominee = fields.pop("nominee", None) or factories.PersonFactory(name=name)
    if not nominee.addresses.exists():
        Address.objects.create(person=nominee, email=f"{nominee.slug}@community.example", primary=True)
    given = {
        "state": Nomination.State.COMPLETE,
        "region": house.baltics,
        "nominator_may_learn_outcome": True,
        **fields,
    }
    case = factories.NominationFactory(
        cycle=house.cycle, area=area or house.networking, nominee=nominee, **given
    )
    Support.objects.create(
        nomination=case,
        kind=Support.Kind.NOMINATOR,
        person=cast.nominator,
        name=cast.nominator.name,
        statement="She mends the networks of schools, and writes down how.",
        given_at=clock.now(),
    )
    return case


@pytest.fixture
def make_case(house: House, cast: Cast) -> Callable[..., Nomination]:
    """``complete`` in this house."""
    return functools.partial(complete, house, cast)


def enter(
    house: House, cast: Cast, stage: Stage, *reviewers: Person, name: str = "Vaira Paegle", **fields: Any
) -> Candidacy:
    """A case in a stage that runs; ``reviewers`` get a task."""
    if stage.state == states.STAGE_PLANNED:
        run(stage)
    state = fields.pop("case_state", Nomination.State.IN_REVIEW)
    of_case = {k: fields.pop(k) for k in ("area", "region", "nominee") if k in fields}
    case = fields.pop("nomination", None) or complete(house, cast, name, state=state, **of_case)
    candidacy = Candidacy.objects.create(nomination=case, stage=stage, entered_at=clock.now(), **fields)
    for reviewer in reviewers:
        Assignment.objects.create(candidacy=candidacy, reviewer=reviewer, assigned_at=clock.now())
    return candidacy


@pytest.fixture
def make_candidacy(house: House, cast: Cast) -> Callable[..., Candidacy]:
    """``enter`` in this house."""
    return functools.partial(enter, house, cast)


def hand_in(candidacy: Candidacy, reviewer: Person, *marks: int | None) -> None:
    """``hand_in(candidacy, cast.reviewer_1, 4, 4, 3, 3)``."""
    actions.submit_review(candidacy, by=reviewer.user, answers=answers(*marks), version=0)


@pytest.fixture
def submit() -> Callable[..., None]:
    """``hand_in``."""
    return hand_in


def close_stages(house: House) -> None:
    """All three, by the rows alone."""
    for stage in (house.screen, house.score, house.council):
        stage.state = states.STAGE_CLOSED
        stage.save()


def release(house: House, cast: Cast) -> Release:
    """What is pending goes out now."""
    made = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(made, by=cast.office_2.user)
    actions.carry_out_release(made)
    return made


def many_cases(
    house: House,
    count: int,
    *,
    reviewers: int = 14,
    each: int = 3,
    seed: int = 7,
    marks: Callable[[Any], Any] | None = None,
) -> list[Candidacy]:
    """Cases of servers in the running score stage with reviews that are in, by the rows alone; the first are better.

    ``marks`` makes four marks from a random generator; without it they follow the case and its reviewer.
    """
    random, now = np.random.default_rng(seed), clock.now()
    stage = house.score
    if stage.state == states.STAGE_PLANNED:
        stage.state, stage.opens_at = states.STAGE_OPEN, now - dt.timedelta(days=1)
        stage.closes_at = now + dt.timedelta(days=10)
        stage.save()
    people = factories.PersonFactory.create_batch(count + reviewers)
    panel, nominees = people[:reviewers], people[reviewers:]
    cases = Nomination.objects.bulk_create(
        factories.NominationFactory.build(
            cycle=house.cycle, area=house.networking, category=house.servers, nominee=one, nominee_name=one.name,
            region=house.baltics if place % 3 else house.iberia, state=Nomination.State.IN_REVIEW,
        )
        for place, one in enumerate(nominees)
    )  # fmt: skip
    candidacies = Candidacy.objects.bulk_create(
        Candidacy(nomination=case, stage=stage, entered_at=now) for case in cases
    )
    tasks = Assignment.objects.bulk_create(
        Assignment(candidacy=one, reviewer=person, assigned_at=now, state=states.DONE)
        for one in candidacies
        for person in random.permutation(panel)[:each]
    )
    reviews = Review.objects.bulk_create(
        Review(assignment=task, state=states.REVIEW_SUBMITTED, saved_at=now, submitted_at=now)
        for task in tasks
    )
    place_of = {one.pk: place for place, one in enumerate(candidacies)}
    leaning = dict(zip((one.pk for one in panel), random.normal(0, 0.5, reviewers), strict=True))
    criteria, scores = list(house.rubric.criteria.order_by("position")), []
    for review, task in zip(reviews, tasks, strict=True):
        level = 4.5 - 3 * place_of[task.candidacy_id] / count + leaning[task.reviewer_id]
        given = marks(random) if marks else np.clip(np.rint(random.normal(level, 0.6, 4)), 1, 5)
        given_to = zip(criteria, given, strict=True)
        scores += [Score(review=review, criterion=one, mark=int(mark)) for one, mark in given_to]
    Score.objects.bulk_create(scores, batch_size=2000)
    _tell_the_planner(Person, Nomination, Candidacy, Assignment, Review, Score)
    given = totals_by_reviewer(candidacies)
    for one in candidacies:
        totals = [total for _reviewer, total in given[one.pk]]
        for name, value in vars(scoring.summary_of(totals)).items():
            setattr(one, name, value)
    Candidacy.objects.bulk_update(candidacies, SUMMARY, batch_size=500)
    return candidacies


def _tell_the_planner(*models: type[Model]) -> None:
    """Else PostgreSQL takes the tables for as small as the last test left them, and may never finish."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")
