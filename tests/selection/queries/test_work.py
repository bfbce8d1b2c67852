"""In which stages somebody has work: asked by tasks and by role, the same as the cases say."""

import pytest

from accounts.models import Role
from selection import states
from selection.models import Stage
from selection.queries.work import cases_to_work_on, stages_to_work_in
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import enter, run
from tests.selection.queries.test_one import ROLES, fresh


@kept_fixture
def stages(house, cast):
    """Each kind of stage with a case; reviewer 1 and the auditor, who reviews nowhere, have tasks."""
    ballot = factories.StageFactory(
        cycle=house.cycle, number=8, kind="vote", reviewer_role=Role.TECHNOLOGY_LEAD
    )
    elsewhere = factories.StageFactory(cycle=house.cycle, number=9, kind="score", reviewer_role=Role.REVIEWER)
    for stage in (house.screen, house.score, house.council, ballot):
        enter(house, cast, stage, cast.reviewer_1, cast.auditor, name="A task")
    enter(house, cast, elsewhere, name="Nobody's", area=house.spreadsheets)
    run(house.council, states.STAGE_CLOSED)
    return [house.screen, house.score, house.council, ballot, elsewhere]


@pytest.mark.parametrize("role", ROLES)
def test_the_stages_are_those_of_the_cases(stages, cast, role):
    for _time in range(2):  # the second time by the kept statement
        user = fresh(getattr(cast, role))
        own = set(cases_to_work_on(user).values_list("stage", flat=True))
        assert {stage.pk for stage in stages_to_work_in(user)} == own


def test_running_stages_come_first_with_cycle_and_rubric(stages, house, cast, django_assert_num_queries):
    user = fresh(cast.reviewer_1)
    assert user.grants_today
    assert user.person
    with django_assert_num_queries(1):
        found = stages_to_work_in(user)
        parts = [(one.cycle, one.rubric) for one in found]
    assert [one.state for one in found] == sorted(
        (one.state for one in found), key=lambda state: state != "open"
    )
    plain = [Stage.objects.select_related("cycle", "rubric").get(pk=one.pk) for one in found]
    assert parts == [(one.cycle, one.rubric) for one in plain]


def test_a_role_that_is_given_shows_at_once(stages, house, cast):
    assert stages_to_work_in(fresh(cast.outsider)) == []
    factories.grant(cast.outsider, Role.REGIONAL_LEAD, region=house.baltics)
    assert stages_to_work_in(fresh(cast.outsider)) == [house.screen]
