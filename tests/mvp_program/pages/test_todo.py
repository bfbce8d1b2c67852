"""What waits because of a role stands on one's own page, with a link to where it is done."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Role
from common import clock
from nominations.models import Nomination
from people.models import Person
from selection import states
from selection.models import Candidacy, Release, Stage
from tests import factories
from tests.cast import Cast, House
from tests.nominations.conftest import accepted, invited, submit  # noqa: F401

SignIn = Callable[[Person | None], Client]
Enter = Callable[[Stage], Candidacy]


@pytest.fixture
def enter(accepted: Nomination) -> Enter:  # noqa: F811
    """``enter(house.score)`` opens a stage that has one case."""

    def open_with_a_case(stage: Stage) -> Candidacy:
        Stage.objects.filter(pk=stage.pk).update(
            state=states.STAGE_OPEN,
            opens_at=clock.now() - dt.timedelta(days=1),
            closes_at=clock.now() + dt.timedelta(days=3),
        )
        return Candidacy.objects.create(nomination=accepted, stage=stage, entered_at=clock.now())

    return open_with_a_case


def page_of(client: Client) -> str:
    return client.get("/me/").content.decode()


def test_a_lead_reads_how_many_cases_lack_a_verdict(
    enter: Enter, house: House, cast: Cast, sign_in: SignIn
) -> None:
    candidacy, client = enter(house.screen), sign_in(cast.regional_lead)
    assert "1 case waits for your review" in page_of(client)
    client.post(f"/review/{candidacy.key}/screen/", {"verdict": "pass"})
    assert "waits for your review" not in page_of(client)


def test_a_chair_reads_which_cases_need_reviewers(
    enter: Enter, house: House, cast: Cast, sign_in: SignIn
) -> None:
    candidacy = enter(house.score)
    page = page_of(sign_in(cast.technology_lead))
    assert "1 case needs reviewers" in page
    assert 'href="/board/"' in page
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD, category=house.office_tools)
    candidacy.assignments.create(reviewer=cast.reviewer_1, assigned_at=clock.now())
    assert "needs reviewers" not in page_of(sign_in(cast.reviewer_1))


def test_a_council_reads_its_proposals(enter: Enter, house: House, cast: Cast, sign_in: SignIn) -> None:
    enter(house.council)
    assert "1 proposal to look at" in page_of(sign_in(cast.council_member))


def test_the_office_reads_what_a_closed_stage_left(
    enter: Enter, house: House, cast: Cast, sign_in: SignIn
) -> None:
    enter(house.screen)
    Stage.objects.filter(pk=house.screen.pk).update(state=states.STAGE_CLOSED)
    assert "1 case needs a decision" in page_of(sign_in(cast.office_1))
    assert "needs a decision" not in page_of(sign_in(cast.auditor))


def test_the_office_reads_that_a_stage_is_past_its_day(
    enter: Enter, house: House, cast: Cast, sign_in: SignIn
) -> None:
    enter(house.screen)
    Stage.objects.filter(pk=house.screen.pk).update(
        opens_at=clock.now() - dt.timedelta(days=9), closes_at=clock.now() - dt.timedelta(days=1)
    )
    assert "its day has passed" in page_of(sign_in(cast.office_1))


def test_a_release_waits_for_the_other_of_the_office(house: House, cast: Cast, sign_in: SignIn) -> None:
    now = clock.now()
    Release.objects.create(cycle=house.cycle, prepared_by=cast.office_1, prepared_at=now, scheduled_at=now)
    assert "Confirm the release" in page_of(sign_in(cast.office_2))
    assert "Confirm the release" not in page_of(sign_in(cast.office_1))
