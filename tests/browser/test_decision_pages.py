"""A plan, a discussion, a draw, a held release and minutes with all acts in them: easy for everybody, never sideways."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from common import clock
from nominations.models import Conflict
from selection import actions
from selection.models import Candidacy, Release
from selection.queries.board import Group
from tests.browser.conftest import Look, looks, too_wide
from tests.browser.test_office_pages import visit  # noqa: F401
from tests.selection.conftest import WHY, make_candidacy, make_case, run_stage, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [Look("light", 390), Look("dark", 390), Look("light"), Look("dark")]
LONG = (
    "Its reach is wider than the marks say: three clinics moved off paper because of one page, and the list behind it "
    "answers in a language in which nobody else does. The council asked for exactly this weight last year."
)


@pytest.fixture
def board(house, cast, make_candidacy, submit):  # noqa: F811
    """Two places; 4, 3, 3, 2 and 2 by the mean, and the stage closed."""
    house.score.rule, house.score.draw_seed = {"reserve": 1}, "9f" * 32
    house.score.save()
    made = []
    names = (
        "Aija Ozoliņa",
        "Bruno Żółtowski-Hagenbucher",
        "Cathrin Ó Súilleabháin",
        "Dace Kalniņa",
        "Egil Þórðarson",
    )
    for name, mark in zip(names, (4, 3, 3, 2, 2), strict=True):
        made.append(make_candidacy(house.score, cast.reviewer_1, name=name))
        submit(made[-1], cast.reviewer_1, *[mark] * 4)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.compute_numbers(house.score, house.servers)
    return made


def decide(house, cast, outcome, candidacy, reason=LONG):
    candidacy = Candidacy.objects.get(pk=candidacy.pk)
    return actions.decide_in_bulk(
        Group(house.score, [], house.servers, [], 2, 2), by=cast.technology_lead.user, outcome=outcome,
        cases={candidacy.key: candidacy.proposed}, reason=reason,
    )  # fmt: skip


@looks(deep=LOOKS)
def test_a_draw_minutes_with_acts_and_a_held_release(house, cast, board, visit, page, look):  # noqa: F811
    draw = actions.draw_tie(Group(house.score, [], house.servers, [], 2, 2), by=cast.technology_lead.user)
    for one in (board[1], board[2]):
        decide(house, cast, "reserve", one)
    actions.undo_batch(decide(house, cast, "reserve", board[3]), by=cast.technology_lead.user)
    decide(house, cast, "award", board[1])
    group = f"/board/{house.cycle.slug}/2/servers"
    visit(cast.technology_lead, f"/board/draws/{draw.key}/", f"{group}/minutes/")
    page.emulate_media(media="print")
    assert too_wide(page) == {}
    page.emulate_media(media="screen")
    release = Release.objects.create(
        cycle=house.cycle, scheduled_at=clock.now() + dt.timedelta(days=2), prepared_at=clock.now(),
        prepared_by=cast.office_1,
    )  # fmt: skip
    actions.cancel_release(release, by=cast.office_2.user, reason="One letter names the wrong year.")
    visit(cast.office_1, f"/office/cycles/{house.cycle.slug}/release/")


@looks(deep=LOOKS)
def test_a_plan_before_it_is_published(house, cast, make_candidacy, run_jobs, visit):  # noqa: F811
    for number in range(6):
        make_candidacy(house.score, name=f"Nominee Number{number}")
    plan = actions.prepare_plan(house.score, category=house.servers, by=cast.technology_lead.user)
    run_jobs()
    visit(cast.technology_lead, f"/board/plans/{plan.key}/")


@looks(deep=LOOKS)
def test_a_discussion_under_way(house, cast, make_candidacy, submit, visit):  # noqa: F811
    case = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
    for reviewer, mark in ((cast.reviewer_1, 4), (cast.reviewer_2, 3), (cast.reviewer_3, 2)):
        submit(case, reviewer, mark, mark, mark, mark)
    actions.post_to_discussion(case, by=cast.reviewer_1.user, text=LONG)
    actions.post_to_discussion(case, by=cast.technology_lead.user, text="And what about the talks?")
    post = actions.post_to_discussion(case, by=cast.reviewer_2.user, text="I take that back.")
    actions.withdraw_post(case, post.pk, by=cast.reviewer_2.user)
    visit(cast.reviewer_2, f"/review/{case.key}/")
    visit(cast.technology_lead, f"/review/{case.key}/", f"/board/{case.key}/")


@looks(deep=LOOKS)
def test_a_kept_board_and_a_tie_without_its_cause(house, cast, board, make_candidacy, visit):  # noqa: F811
    for person in (cast.technology_lead, cast.office_1):
        Conflict.objects.create(nomination=board[0].nomination, person=person, kind="family")
    visit(cast.technology_lead, "/board/")
    visit(
        cast.office_1,
        f"/office/cycles/{house.cycle.slug}/release/",
        f"/office/cycles/{house.cycle.slug}/undecided/",
    )
    house.score.state = "open"
    house.score.save()
    case = make_candidacy(house.score, name="Egil Þórðarson").nomination
    Conflict.objects.create(nomination=case, person=cast.reviewer_1, kind="employer", ended_at=clock.now())
    visit(cast.office_2, "/board/ties/")


@looks(deep=LOOKS)
def test_a_vote_that_was_in_asks_why_it_changes(house, cast, make_candidacy, visit, page):  # noqa: F811
    vote = house.score
    vote.kind, vote.rule, vote.rubric = "vote", {"advance": "ballot"}, None
    vote.save()
    case = make_candidacy(vote, cast.reviewer_1, cast.reviewer_2)
    actions.give_verdict(case, by=cast.reviewer_1.user, verdict="plus")
    visit(cast.reviewer_1, f"/review/{house.cycle.slug}/2/?at={case.key}")
    expect(page.get_by_label("Why your vote changes, if it does")).to_be_visible()
