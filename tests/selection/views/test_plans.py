"""The assignment's pages: asked for, looked at, published and discarded; by a chair in the category, by the office for all."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import Role
from common import clock
from nominations.models import Conflict
from selection import actions, states
from selection.actions.protocol import publish_protocol
from selection.models import Assignment, AssignmentPlan, ProtocolVersion, ReviewerCapacity
from tests import factories
from tests.conftest import run_due_jobs
from tests.kept import kept_fixture
from tests.selection.conftest import enter, hand_in

PLANS = "/board/plans/"


@kept_fixture
def asked(house, cast):
    """A plan for three cases, made by the worker."""
    for number in range(3):
        enter(house, cast, house.score, name=f"Nominee Number{number}")
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_due_jobs()
    return AssignmentPlan.objects.get(pk=plan.pk)


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_chair_asks_for_a_plan_and_looks_again(house, cast, sign_in, make_candidacy, run_jobs):
    make_candidacy(house.score, name="Vaira Paegle")
    client = sign_in(cast.technology_lead)
    assert "Make a plan" in page_of(client, PLANS)
    response = client.post(f"{PLANS}prepare/", {"stage": house.score.key, "category": "servers"})
    plan = AssignmentPlan.objects.get()
    assert response.url == reverse("selection:plan", args=[plan.key])
    assert 'http-equiv="refresh"' in page_of(client, response.url)
    run_jobs()
    page = page_of(client, response.url)
    assert "Vaira Paegle" in page
    assert "Publish the plan" in page
    assert "http-equiv" not in page


def test_a_case_that_its_chair_reviews_without_the_name_has_none_in_a_plan(asked, house, cast, sign_in):
    house.score.hide_nominee = True
    house.score.save()
    first = asked.tasks.order_by("candidacy_id").first().candidacy
    asked.lacks = [{"case": first.key, "of": "places", "why": "room", "count": 1}]
    asked.save(update_fields=["lacks"])
    Assignment.objects.create(candidacy=first, reviewer=cast.technology_lead, assigned_at=clock.now())
    page = page_of(sign_in(cast.technology_lead), reverse("selection:plan", args=[asked.key]))
    assert page.count(f"Candidate {first.key}") == 2
    assert "Nominee Number0" not in page
    assert "Nominee Number1" in page


def test_publishing_says_how_many_tasks_were_given(asked, cast, sign_in):
    client = sign_in(cast.technology_lead)
    response = client.post(reverse("selection:plan_publish", args=[asked.key]), follow=True)
    assert "9 tasks are given." in response.content.decode()
    assert Assignment.objects.count() == 9
    again = client.post(reverse("selection:plan_publish", args=[asked.key]))
    assert again.status_code == 409


def test_discarding_gives_nothing(asked, cast, sign_in):
    client = sign_in(cast.technology_lead)
    response = client.post(reverse("selection:plan_discard", args=[asked.key]), follow=True)
    assert "Nothing was given." in response.content.decode()
    assert not Assignment.objects.exists()


def test_the_page_shows_figures_and_the_reason_for_each_open_place(house, cast, asked, sign_in, run_jobs):
    actions.discard_plan(asked, by=cast.office_1.user)
    for person in (cast.reviewer_2, cast.reviewer_3):
        actions.set_capacity(house.score, by=person.user, cases=1)
    plan = actions.prepare_plan(house.score, category=None, by=cast.office_1.user)
    run_jobs()
    page = page_of(sign_in(cast.office_1), reverse("selection:plan", args=[plan.key]))
    assert "Everybody who may review it has as many cases as they take." in page
    assert "<dt>Open places</dt><dd>4</dd>" in page
    assert "A full assignment does not exist. In the way stands:" in page
    assert re.search(
        r"Everybody who may review it has as many cases as they take\. <span[^>]*>\(\d cases\)", page
    )
    assert "Load of 2 reviewers who take up to 1" in page


def test_the_chair_of_another_category_sees_nothing(house, asked, sign_in):
    other = factories.make_person("Other Chair", "chair@contoso.example")
    factories.grant(other, Role.TECHNOLOGY_LEAD, category=house.office_tools)
    client = sign_in(other)
    assert client.get(reverse("selection:plan", args=[asked.key])).status_code == 404
    assert client.post(reverse("selection:plan_publish", args=[asked.key])).status_code == 404
    given = {"stage": house.score.key, "category": "servers"}
    assert client.post(f"{PLANS}prepare/", given).status_code == 403
    assert client.post(f"{PLANS}prepare/", {"stage": house.score.key}).status_code == 403
    assert "Servers" not in page_of(client, PLANS)


def test_a_case_is_in_no_figure_of_somebody_tied_to_it(house, cast, asked, sign_in):
    hidden = asked.tasks.first().candidacy
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_2, kind="family")
    asked.lacks = [{"case": hidden.key, "of": "places", "why": "capacity", "count": 1}]
    asked.save()
    address = reverse("selection:plan", args=[asked.key])
    seen, open_to_all = page_of(sign_in(cast.office_2), address), page_of(sign_in(cast.office_1), address)
    assert hidden.nomination.nominee_name in open_to_all
    assert "<dt>Tasks</dt><dd>9</dd>" in open_to_all
    assert hidden.nomination.nominee_name not in seen
    assert hidden.key not in seen
    assert "<dt>Tasks</dt><dd>6</dd>" in seen
    assert "<dt>Cases</dt><dd>2</dd>" in seen
    assert "<dt>Open places</dt><dd>0</dd>" in seen
    assert ("In the way stands" in seen, "In the way stands" in open_to_all) == (False, True)
    assert 'data-label="Cases">2</td>' in page_of(sign_in(cast.office_2), PLANS)


def test_a_stage_that_is_over_offers_no_publishing(house, asked, cast, sign_in):
    house.score.closes_at = clock.now() - dt.timedelta(hours=1)
    house.score.save()
    client = sign_in(cast.technology_lead)
    assert "Publish the plan" not in page_of(client, reverse("selection:plan", args=[asked.key]))
    assert client.post(reverse("selection:plan_publish", args=[asked.key])).status_code == 409


def test_nonsense_is_answered_with_a_sentence(house, cast, sign_in, make_candidacy):
    make_candidacy(house.score)
    client = sign_in(cast.office_1)
    response = client.post(f"{PLANS}prepare/", {"stage": "nothing", "category": "nowhere"})
    assert response.status_code == 422
    assert "Choose a stage and a category." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_one_case_and_three_cost_the_same_statements(
    house, cast, sign_in, make_candidacy, run_jobs, django_assert_num_queries, count
):
    for number in range(count):
        make_candidacy(house.score, name=f"Nominee Number{number}")
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_jobs()
    client = sign_in(cast.technology_lead)
    with django_assert_num_queries(PLAN_QUERIES):
        client.get(reverse("selection:plan", args=[plan.key]))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(PLANS)


PLAN_QUERIES, LIST_QUERIES = 11, 6


# How many cases one takes


def test_a_reviewer_says_how_many_cases_they_take(house, cast, sign_in, run_stage):
    run_stage(house.score)
    client = sign_in(cast.reviewer_1)
    assert "counts on 12 cases" in page_of(client, "/review/capacity/")
    response = client.post("/review/capacity/", {"stage": house.score.key, "cases": 5}, follow=True)
    assert "You take 5 cases." in response.content.decode()
    assert ReviewerCapacity.objects.get().person == cast.reviewer_1


@pytest.mark.parametrize(
    ("stage", "cases"), [("", 5), ("next/2", 31), ("next/2", -1), ("next/2", ""), ("next/3", 5)]
)
def test_a_capacity_that_makes_no_sense_is_refused(house, cast, sign_in, run_stage, stage, cases):
    run_stage(house.score)
    response = sign_in(cast.reviewer_1).post("/review/capacity/", {"stage": stage, "cases": cases})
    assert response.status_code == 422
    if stage == "next/2":  # what was typed stands in its field, and the summary leads there
        field = re.search(r'<input[^>]*id="id_cases"[^>]*>', response.content.decode())
        assert field
        assert cases == "" or f'value="{cases}"' in field[0]
    assert not ReviewerCapacity.objects.exists()


def test_nobody_else_has_a_stage_to_say_it_for(cast, house, sign_in, run_stage):
    run_stage(house.score)
    assert "No stage asks for your reviews" in page_of(sign_in(cast.outsider), "/review/capacity/")
    assert (
        sign_in(cast.outsider).post("/review/capacity/", {"stage": "next/2", "cases": 3}).status_code == 422
    )


# The top-up


@kept_fixture
def near_a_line(house, cast):
    """Four cases for two places, two reviews each, and one more reviewer per case to be had."""
    cases = []
    for number, mark in enumerate((5, 4, 3, 1)):
        candidacy = enter(
            house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name=f"Nominee Number{number}"
        )
        hand_in(candidacy, cast.reviewer_1, mark, mark, mark, mark)
        hand_in(candidacy, cast.reviewer_2, *([4, 4, 4, 4] if mark == 3 else [mark] * 4))
        cases.append(candidacy)
    house.score.closes_at = clock.now() - dt.timedelta(minutes=1)
    house.score.save()
    return cases


def later(days=5):
    when = clock.now() + dt.timedelta(days=days)
    return {"date": when.date().isoformat(), "time": "12:00"}


def test_a_top_up_freezes_moves_the_end_and_asks_for_more_reviewers(
    house, cast, near_a_line, sign_in, run_jobs
):
    client = sign_in(cast.office_1)
    address = reverse("selection:stage_top_up", args=["next", 2])
    assert "Freeze and look for reviewers" in page_of(client, address)
    response = client.post(address, later())
    plan = AssignmentPlan.objects.get(purpose="top_up")
    assert response.url == reverse("selection:plan", args=[plan.key])
    house.score.refresh_from_db()
    assert house.score.topped_up_at is not None
    assert house.score.closes_at > clock.now()
    assert len(plan.cases) == 1  # a quarter of four
    run_jobs()
    client.post(reverse("selection:plan_publish", args=[plan.key]))
    task = Assignment.objects.get(is_top_up=True)
    assert (task.reviewer, task.candidacy.key) == (cast.reviewer_3, plan.cases[0])
    assert task.candidacy in near_a_line[1:3]  # those between which the line runs


def test_the_new_end_of_a_top_up_stands_in_the_protocol_and_the_stage_closes_on_it(
    house, cast, near_a_line, sign_in
):
    publish_protocol(house.cycle, by=cast.office_1.user)
    sign_in(cast.office_1).post(reverse("selection:stage_top_up", args=["next", 2]), later())
    last = ProtocolVersion.objects.latest("number")
    assert (last.number, "nearest the line" in last.reason) == (2, True)
    house.score.refresh_from_db()
    assert last.rules["stages"]["2"]["closes_at"] == house.score.closes_at.isoformat()
    with clock.at(house.score.closes_at):
        actions.close_stage(house.score, by=cast.office_1.user)
    assert ProtocolVersion.objects.count() == 2


def test_a_top_up_happens_once(house, cast, near_a_line, sign_in):
    client = sign_in(cast.office_1)
    address = reverse("selection:stage_top_up", args=["next", 2])
    client.post(address, later())
    assert client.post(address, later()).status_code == 409
    assert "were frozen" in page_of(client, address)


def test_a_top_up_whose_plan_was_discarded_is_planned_again(house, cast, near_a_line, sign_in, run_jobs):
    client = sign_in(cast.office_1)
    client.post(reverse("selection:stage_top_up", args=["next", 2]), later())
    first = AssignmentPlan.objects.get()
    client.post(reverse("selection:plan_discard", args=[first.key]))
    assert "Make a plan" in page_of(client, PLANS)
    client.post(f"{PLANS}prepare/", {"stage": house.score.key})
    again = AssignmentPlan.objects.exclude(pk=first.pk).get()
    assert (again.purpose, again.cases) == ("top_up", first.cases)


def test_a_top_up_before_the_end_needs_a_reason(house, cast, near_a_line, sign_in):
    house.score.closes_at = clock.now() + dt.timedelta(days=1)
    house.score.save()
    client, address = sign_in(cast.office_1), reverse("selection:stage_top_up", args=["next", 2])
    assert client.post(address, later()).status_code == 422
    assert client.post(address, {**later(), "reason": "All reviews are in."}).status_code == 302


def test_a_top_up_without_reviews_says_that_no_case_is_near_a_line(house, cast, make_candidacy, sign_in):
    make_candidacy(house.score)
    house.score.closes_at = clock.now() - dt.timedelta(minutes=1)
    house.score.save()
    response = sign_in(cast.office_1).post(reverse("selection:stage_top_up", args=["next", 2]), later())
    assert response.status_code == 422
    assert "No case is near a line" in response.content.decode()
    house.score.refresh_from_db()
    assert house.score.topped_up_at is None


def test_a_screen_has_no_top_up(house, cast, sign_in):
    assert sign_in(cast.office_1).get(reverse("selection:stage_top_up", args=["next", 1])).status_code == 404
    assert house.screen.state == states.STAGE_PLANNED
