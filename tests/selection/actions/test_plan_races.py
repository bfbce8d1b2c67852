"""A plan published while others act, on real connections: no rule is broken and nothing is done twice."""

import pytest

from accounts.models import Role
from common.errors import Outdated
from common.models import OutboxMail
from nominations.actions import declare_conflict
from selection import actions, states
from selection.models import Assignment, AssignmentPlan
from tests import factories
from tests.selection.actions.test_races import refused, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planned(house, cast, make_candidacy):
    """Two cases, each planned for three of four reviewers, of whom one is an outsider."""
    fourth = factories.make_person("Fourth", "fourth@community.example")
    factories.grant(fourth, Role.REVIEWER)
    cases = [make_candidacy(house.score, name=f"Nominee {number}") for number in range(2)]
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    actions.make_plan(plan.key)
    return AssignmentPlan.objects.get(pk=plan.pk), cases


def publish(plan, person):
    return lambda: actions.publish_plan(AssignmentPlan.objects.get(pk=plan.pk), by=person.user)


def test_two_who_publish_at_once_publish_once(cast, planned):
    plan, _cases = planned
    results = together(publish(plan, cast.technology_lead), publish(plan, cast.office_1))
    assert [type(one) for one in refused(results)] == [Outdated]
    assert Assignment.objects.count() == 6
    mails = OutboxMail.objects.filter(kind="selection.tasks")
    assert mails.count() == Assignment.objects.values("reviewer").distinct().count()


def test_two_who_ask_at_once_get_one_plan(house, cast, make_candidacy):
    make_candidacy(house.score)
    results = together(
        lambda: actions.prepare_plan(house.score, category=None, by=cast.office_1.user),
        lambda: actions.prepare_plan(house.score, category=None, by=cast.office_2.user),
    )
    assert [type(one) for one in refused(results)] == [Outdated]
    assert AssignmentPlan.objects.count() == 1


def test_a_tie_declared_while_a_plan_is_published_never_leaves_a_task(cast, planned):
    """Whichever came first: publishing sees the tie, or the job that the tie left behind sees the task."""
    plan, _cases = planned
    task = plan.tasks.select_related("candidacy__nomination", "reviewer").first()
    case = task.candidacy.nomination
    together(
        publish(plan, cast.technology_lead),
        lambda: declare_conflict(case, task.reviewer, kind="family", by=None),
    )
    actions.end_tied_tasks([case.pk])
    held = Assignment.objects.filter(candidacy=task.candidacy, reviewer=task.reviewer)
    assert not held.filter(state__in=(states.ASSIGNED, states.DONE)).exists()


def test_assigning_by_hand_while_a_plan_is_published_gives_no_case_a_fourth_reviewer(cast, planned):
    plan, cases = planned
    on_case = plan.tasks.filter(candidacy=cases[0]).values("reviewer")
    reviewers = (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    by_hand = next(one for one in reviewers if on_case.filter(reviewer=one).exists())
    together(
        publish(plan, cast.technology_lead),
        lambda: actions.assign_reviewer(cases[0], reviewer=by_hand, by=cast.office_1.user),
    )
    assert Assignment.objects.filter(candidacy=cases[0]).count() == 3


def test_two_refills_at_once_fill_a_place_once(house, cast, make_candidacy):
    for number in range(3):
        factories.grant(
            factories.make_person(f"Spare {number}", f"spare-{number}@community.example"), Role.REVIEWER
        )
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    actions.abstain(candidacy, by=cast.reviewer_1.user)
    given = together(
        lambda: actions.refill_stage(house.score.pk), lambda: actions.refill_stage(house.score.pk)
    )
    assert sorted(given) == [0, 1]
    assert candidacy.assignments.filter(state=states.ASSIGNED).count() == 3
