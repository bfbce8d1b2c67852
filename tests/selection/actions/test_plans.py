"""Plans of assignments: made by the worker, published whole, never undoing anything and never breaking a rule."""

import datetime as dt

import pytest

from accounts.models import Role
from common import clock
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, OutboxMail
from nominations.actions import declare_conflict
from people.models import Employer
from selection import actions, states
from selection.models import Assignment, AssignmentPlan, Candidacy, Expertise, PlannedTask, ReviewerCapacity
from tests import factories
from tests.kept import kept_fixture


@kept_fixture
def panel(house, cast):
    """Four more reviewers, two of them experts in networking; none knows office tools."""
    made = []
    for number, level in enumerate((3, 2, 1, 0)):
        person = factories.make_person(f"Reviewer {number}", f"panel-{number}@community.example")
        factories.grant(person, Role.REVIEWER)
        Expertise.objects.create(person=person, area=house.networking, level=level)
        made.append(person)
    return made


@pytest.fixture
def planned(house, cast, panel, make_candidacy, run_jobs):
    """Three cases and a plan for them that waits for the chair."""
    cases = [make_candidacy(house.score, name=f"Nominee {number}") for number in range(3)]
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_jobs()
    plan.refresh_from_db()
    return plan, cases


def working(candidacy):
    return set(
        candidacy.assignments.filter(state__in=("assigned", "done")).values_list("reviewer", flat=True)
    )


def test_the_worker_makes_a_plan_and_nobody_hears_of_it(planned):
    plan, _cases = planned
    assert (plan.state, plan.purpose, plan.lacks) == (states.PLAN_DRAFT, "initial", [])
    assert plan.tasks.count() == 9
    assert not Assignment.objects.exists()
    assert not OutboxMail.objects.filter(kind="selection.tasks").exists()


def test_each_case_of_a_plan_has_an_expert_and_an_outsider(planned):
    plan, cases = planned
    for candidacy in cases:
        tasks = plan.tasks.filter(candidacy=candidacy)
        assert tasks.filter(expert=True).exists()
        assert tasks.filter(outsider=True).exists()


def test_publishing_gives_the_tasks_and_writes_to_each_reviewer_once(planned, cast):
    plan, _cases = planned
    done = actions.publish_plan(plan, by=cast.technology_lead.user)
    assert (done.given, done.left_out) == (9, 0)
    reviewers = set(Assignment.objects.values_list("reviewer__key", flat=True))
    mails = OutboxMail.objects.filter(kind="selection.tasks")
    assert sorted(mails.values_list("person_key", flat=True)) == sorted(reviewers)
    assert HistoryRow.objects.filter(kind="assignment", verb="assign").count() == 9
    assert HistoryRow.objects.get(kind="plan", verb="publish").new_state == states.PLAN_PUBLISHED


def test_a_plan_is_published_once(planned, cast):
    plan, _cases = planned
    actions.publish_plan(plan, by=cast.technology_lead.user)
    with pytest.raises(Outdated, match="published"):
        actions.publish_plan(plan, by=cast.office_1.user)
    with pytest.raises(Outdated, match="published"):
        actions.discard_plan(plan, by=cast.office_1.user)
    assert Assignment.objects.count() == 9


def test_a_discarded_plan_gave_nothing_and_makes_room_for_another(planned, house, cast):
    plan, _cases = planned
    with pytest.raises(Outdated, match="plan already"):
        actions.prepare_plan(house.score, category=house.servers, by=cast.office_1.user)
    actions.discard_plan(plan, by=cast.technology_lead.user)
    assert not PlannedTask.objects.exists()
    assert not Assignment.objects.exists()
    assert actions.prepare_plan(house.score, category=house.servers, by=cast.office_1.user).pk != plan.pk


def test_publishing_leaves_out_whoever_has_a_tie_by_now(planned, cast):
    plan, _cases = planned
    task = plan.tasks.select_related("candidacy__nomination", "reviewer").first()
    declare_conflict(task.candidacy.nomination, task.reviewer, kind="family", by=None)
    done = actions.publish_plan(plan, by=cast.technology_lead.user)
    assert (done.given, done.left_out) == (8, 1)
    assert task.reviewer_id not in working(task.candidacy)


def test_what_was_left_out_is_filled_by_the_next_plan(planned, house, cast, run_jobs):
    plan, _cases = planned
    task = plan.tasks.select_related("candidacy__nomination", "reviewer").first()
    declare_conflict(task.candidacy.nomination, task.reviewer, kind="family", by=None)
    actions.publish_plan(plan, by=cast.technology_lead.user)
    before = set(Assignment.objects.values_list("candidacy", "reviewer"))
    again = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_jobs()
    actions.publish_plan(again, by=cast.technology_lead.user)
    assert again.purpose == AssignmentPlan.Purpose.REPAIR
    assert before < set(Assignment.objects.values_list("candidacy", "reviewer"))
    assert len(working(task.candidacy)) == 3


def test_publishing_leaves_out_whoever_is_full_by_now(planned, house, cast):
    plan, _cases = planned
    reviewer = plan.tasks.first().reviewer
    planned_for = plan.tasks.filter(reviewer=reviewer).count()
    ReviewerCapacity.objects.create(stage=house.score, person=reviewer, cases=0, set_at=clock.now())
    done = actions.publish_plan(plan, by=cast.technology_lead.user)
    assert done.left_out == planned_for
    assert not Assignment.objects.filter(reviewer=reviewer).exists()


def test_publishing_leaves_out_a_colleague_of_somebody_who_got_the_case_meanwhile(planned, cast):
    plan, _cases = planned
    task = plan.tasks.first()
    others = plan.tasks.filter(candidacy=task.candidacy).values("reviewer")
    substitute = (
        next(
            person
            for person in (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
            if not others.filter(reviewer=person).exists()
        )
        if others.filter(reviewer__in=[cast.reviewer_1, cast.reviewer_2, cast.reviewer_3]).count() < 3
        else None
    )
    assert substitute is not None
    for person in (task.reviewer, substitute):
        Employer.objects.create(person=person, name="Alder Works", key="alder works")
    actions.assign_reviewer(task.candidacy, reviewer=substitute, by=cast.office_1.user)
    actions.publish_plan(plan, by=cast.technology_lead.user)
    assert task.reviewer_id not in working(task.candidacy)
    assert len(working(task.candidacy)) == 3


def test_running_tasks_are_fixed_and_count(house, cast, panel, make_candidacy, submit, run_jobs):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    plan = actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    run_jobs()
    actions.publish_plan(plan, by=cast.office_1.user)
    assert Assignment.objects.get(reviewer=cast.reviewer_1).state == states.DONE
    assert len(working(candidacy)) == 3


def test_no_plan_gives_a_case_to_whoever_left_it_or_has_a_sign_of_a_tie(
    house, cast, panel, make_candidacy, run_jobs
):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.abstain(candidacy, by=cast.reviewer_1.user)
    candidacy.nomination.conflicts.create(person=panel[0], kind="other", strength="suggested")
    plan = actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    actions.make_plan(plan.key)
    planned_for = set(plan.tasks.values_list("reviewer", flat=True))
    assert not {cast.reviewer_1.pk, panel[0].pk} & planned_for
    assert len(planned_for) == 3


def test_a_plan_says_why_places_stay_open(house, cast, make_candidacy, run_jobs):
    make_candidacy(house.score)
    for reviewer in (cast.reviewer_2, cast.reviewer_3):
        actions.set_capacity(house.score, by=reviewer.user, cases=0)
    plan = actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    run_jobs()
    plan.refresh_from_db()
    key = Candidacy.objects.get().key
    assert plan.in_the_way[0] == "capacity"
    assert {"case": key, "of": "places", "why": "capacity", "count": 2} in plan.lacks
    assert {"case": key, "of": "outsider", "why": "outsiders_full", "count": 1} in plan.lacks


def test_scopes_of_roles_are_kept(house, cast, make_candidacy, run_jobs):
    """A reviewer of office tools alone gets no case of servers."""
    elsewhere = factories.make_person("Elsewhere", "elsewhere@community.example")
    factories.grant(elsewhere, Role.REVIEWER, category=house.office_tools)
    make_candidacy(house.score)
    plan = actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    run_jobs()
    assert not plan.tasks.filter(reviewer=elsewhere).exists()
    assert plan.tasks.count() == 3


def test_a_plan_is_made_for_an_open_stage_that_scores(house, cast, run_stage):
    with pytest.raises(RuleBroken, match="opens on"):
        actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    run_stage(house.screen)
    with pytest.raises(RuleBroken, match="score"):
        actions.prepare_plan(house.screen, category=None, by=cast.office_1.user)


def test_making_a_plan_twice_or_after_it_was_discarded_does_nothing(planned, house, cast):
    plan, _cases = planned
    actions.make_plan(plan.key)
    assert plan.tasks.count() == 9
    actions.discard_plan(plan, by=cast.office_1.user)
    actions.make_plan(plan.key)
    assert not PlannedTask.objects.exists()


@pytest.mark.parametrize("cases", [-1, 31])
def test_a_capacity_lies_between_0_and_30(house, cast, cases):
    with pytest.raises(RuleBroken, match="0 to 30"):
        actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=cases)


def test_a_capacity_can_be_changed_until_the_stage_closes(house, cast, run_stage):
    actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=4)
    assert actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=0).cases == 0
    assert ReviewerCapacity.objects.count() == 1
    run_stage(house.score, states.STAGE_CLOSED)
    with pytest.raises(Outdated):
        actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=4)


@pytest.mark.parametrize("act", ["recuse", "abstain", "decline"])
def test_a_place_that_somebody_leaves_is_filled_at_once(house, cast, panel, make_candidacy, run_jobs, act):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    if act == "recuse":
        actions.recuse(candidacy, by=cast.reviewer_1.user, tie="close")
    elif act == "abstain":
        actions.abstain(candidacy, by=cast.reviewer_1.user)
    else:
        actions.decline_assignment(candidacy, by=cast.reviewer_1.user)
    run_jobs()
    assert {cast.reviewer_2.pk, cast.reviewer_3.pk} < working(candidacy)
    assert len(working(candidacy)) == 3
    assert cast.reviewer_1.pk not in working(candidacy)
    assert actions.refill_stage(house.score.pk) == 0


def test_the_chair_fills_places_where_the_rule_says_so(house, cast, panel, make_candidacy, run_jobs):
    house.score.rule = {**house.score.rule, "refill": "chair"}
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    actions.abstain(candidacy, by=cast.reviewer_1.user)
    run_jobs()
    assert len(working(candidacy)) == 2


def test_a_task_that_the_chair_took_back_is_not_filled(house, cast, panel, make_candidacy, run_jobs):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    actions.take_back_assignment(candidacy, reviewer=cast.reviewer_1, by=cast.office_1.user)
    run_jobs()
    assert working(candidacy) == {cast.reviewer_2.pk}


def test_a_refill_waits_for_no_closed_stage(house, cast, panel, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.abstain(candidacy, by=cast.reviewer_1.user)
    house.score.closes_at = clock.now() - dt.timedelta(hours=1)
    house.score.save()
    assert actions.refill_stage(house.score.pk) == 0


def test_by_hand_too_nobody_gets_more_than_they_said(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score)
    actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=0)
    with pytest.raises(RuleBroken, match="takes no more cases"):
        actions.assign_reviewer(candidacy, reviewer=cast.reviewer_1, by=cast.office_1.user)
    actions.set_capacity(house.score, by=cast.reviewer_1.user, cases=1)
    actions.assign_reviewer(candidacy, reviewer=cast.reviewer_1, by=cast.office_1.user)


def test_the_top_up_of_a_stage_gives_room_for_more_by_hand(house, cast, make_candidacy):
    house.score.rule = {**house.score.rule, "capacity": 1, "top_up_capacity": 1}
    make_candidacy(house.score, cast.reviewer_1, name="First")
    second, third = (make_candidacy(house.score, name=name) for name in ("Second", "Third"))
    with pytest.raises(RuleBroken, match="takes no more cases"):
        actions.assign_reviewer(second, reviewer=cast.reviewer_1, by=cast.office_1.user)
    house.score.topped_up_at = clock.now()
    house.score.save()
    assert actions.assign_reviewer(second, reviewer=cast.reviewer_1, by=cast.office_1.user).is_top_up
    with pytest.raises(RuleBroken, match="takes no more cases in this stage"):
        actions.assign_reviewer(third, reviewer=cast.reviewer_1, by=cast.office_1.user)
