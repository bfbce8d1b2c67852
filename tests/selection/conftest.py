"""Cases in the selection: complete ones, cases in a stage, tasks, reviews; and stages that run now."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common import clock
from nominations.models import Nomination, Support
from people.models import Address, Person
from selection import actions, states
from selection.models import Assignment, Candidacy, Stage
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


@pytest.fixture
def run_stage() -> Callable[..., Stage]:
    """``run_stage(house.score)`` opens it yesterday and closes it in ten days, by the row alone."""

    def run(stage: Stage, state: str = states.STAGE_OPEN) -> Stage:
        now = clock.now()
        stage.state, stage.opens_at = state, now - dt.timedelta(days=1)
        stage.closes_at = now + dt.timedelta(days=10)
        stage.save()
        return stage

    return run


@pytest.fixture
def make_case(house: House, cast: Cast) -> Callable[..., Nomination]:
    """A complete case of somebody in Latvia, brought by the nominator."""

    def make(name: str = "Vaira Paegle", *, area: Any = None, **fields: Any) -> Nomination:
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

    return make


@pytest.fixture
def make_candidacy(
    make_case: Callable[..., Nomination], run_stage: Callable[..., Stage]
) -> Callable[..., Candidacy]:
    """A case in a stage that runs; ``reviewers`` get a task."""

    def make(stage: Stage, *reviewers: Person, name: str = "Vaira Paegle", **fields: Any) -> Candidacy:
        if stage.state == states.STAGE_PLANNED:
            run_stage(stage)
        state = fields.pop("case_state", Nomination.State.IN_REVIEW)
        case = fields.pop("nomination", None) or make_case(
            name, state=state, **{k: fields.pop(k) for k in ("area", "region", "nominee") if k in fields}
        )
        candidacy = Candidacy.objects.create(nomination=case, stage=stage, entered_at=clock.now(), **fields)
        for reviewer in reviewers:
            Assignment.objects.create(candidacy=candidacy, reviewer=reviewer, assigned_at=clock.now())
        return candidacy

    return make


@pytest.fixture
def submit() -> Callable[..., None]:
    """``submit(candidacy, cast.reviewer_1, 4, 4, 3, 3)`` hands in marks."""

    def hand_in(candidacy: Candidacy, reviewer: Person, *marks: int | None) -> None:
        actions.submit_review(candidacy, by=reviewer.user, answers=answers(*marks), version=0)

    return hand_in
