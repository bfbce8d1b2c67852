"""The office runs a cycle: opens and closes stages, resolves what is left, watches progress."""

import datetime as dt

import pytest

from common import clock
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.forms import MoveStageForm
from selection.models import Assignment, Decision, Release, Stage
from tests.selection.conftest import WHY


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


def at(house, path=""):
    return f"/office/cycles/{house.cycle.slug}/{path}"


def test_the_office_begins_at_the_cycle_it_works_on(house, office):
    page = office.get("/office/", follow=True)
    assert page.redirect_chain[-1][0] == at(house)
    assert "Regional review" in page.content.decode()


def test_a_stage_opens_with_a_button_and_early_only_with_a_reason(house, office, make_case):
    make_case()
    answer = office.post(at(house, "stages/1/open/"), {"reason": ""})
    assert answer.status_code == 422
    assert "To open it now, say why." in answer.content.decode()
    assert office.post(at(house, "stages/1/open/"), {"reason": WHY}).status_code == 302
    assert office.post(at(house, "stages/1/open/"), {"reason": WHY}).status_code == 409
    assert Nomination.objects.get().state == Nomination.State.IN_REVIEW


def test_a_stage_closes_with_a_button(house, office, run_stage):
    run_stage(house.screen)
    assert office.post(at(house, "stages/1/close/"), {"reason": ""}).status_code == 422
    assert office.post(at(house, "stages/1/close/"), {"reason": WHY}).status_code == 302
    assert Stage.objects.get(pk=house.screen.pk).state == states.STAGE_CLOSED


def test_the_closing_date_moves_with_a_reason(house, cast, office, run_stage):
    run_stage(house.screen)
    later = clock.now() + dt.timedelta(days=20)
    data = {"date": later.date().isoformat(), "time": "12:00"}
    assert office.post(at(house, "stages/1/move/"), {**data, "reason": ""}).status_code == 422
    assert office.post(at(house, "stages/1/move/"), {**data, "reason": WHY}).status_code == 302
    assert Stage.objects.get(pk=house.screen.pk).closes_at.date() == later.date()
    assert not MoveStageForm({"date": "x", "reason": WHY}).is_valid()
    past = clock.now() - dt.timedelta(days=1)
    with pytest.raises(RuleBroken, match="must lie ahead"):
        actions.move_stage(house.screen, closes_at=past, by=cast.office_1.user, reason=WHY)
    last_day = {"date": "9999-12-31", "time": "23:59", "reason": WHY}  # no minute of grace fits behind it
    assert office.post(at(house, "stages/1/move/"), last_day).status_code == 422


def test_a_stage_offers_what_can_be_done_with_it_and_no_more(house, office, run_stage, make_candidacy):
    run_stage(house.screen)
    page = office.get(at(house)).content.decode()
    assert "It can open once Regional review is closed." in page
    assert at(house, "stages/2/open/") not in page
    run_stage(house.screen, states.STAGE_CLOSED)
    page = office.get(at(house)).content.decode()
    assert at(house, "stages/1/move/") in page
    assert at(house, "stages/2/open/") in page
    make_candidacy(house.score)
    assert at(house, "stages/1/move/") not in office.get(at(house)).content.decode()


def test_the_days_of_the_reminders_may_change_while_a_stage_runs(house, office, run_stage):
    run_stage(house.score)
    page = office.get(at(house)).content.decode()
    assert "7 days left" in page
    assert "2 days left" in page
    edit = at(house, "setup/stages/2/")
    assert office.post(edit, {"internal_name": "Scores", "reminder_days": "0"}).status_code == 422
    assert office.post(edit, {"internal_name": "Scores", "reminder_days": "5, 3"}).status_code == 302
    assert Stage.objects.get(pk=house.score.pk).reminder_days == [5, 3]
    assert "5 days left" in office.get(at(house)).content.decode()


def test_the_page_says_of_a_reminder_whether_it_went_out(house, cast, office, make_candidacy):
    make_candidacy(house.score, cast.reviewer_1)
    now, before = clock.now(), clock.now() - dt.timedelta(days=20)
    Assignment.objects.update(assigned_at=before)
    Stage.objects.filter(pk=house.score.pk).update(opens_at=before, closes_at=now + dt.timedelta(days=6))
    assert ", nothing went out" in office.get(at(house)).content.decode()
    assert actions.send_due_reminders() == 1
    page = office.get(at(house)).content.decode()
    assert ", went out" in page
    assert "nothing went out" not in page


def test_a_stage_whose_outcomes_are_in_a_release_is_not_opened_again(house, cast, office, make_candidacy):
    candidacy = make_candidacy(house.council, proposed="award", nominee=cast.nominee)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    assert at(house, "stages/3/move/") in office.get(at(house)).content.decode()
    now = clock.now()
    release = Release.objects.create(cycle=house.cycle, scheduled_at=now, prepared_at=now)
    Decision.objects.filter(candidacy=candidacy).update(release=release)
    assert at(house, "stages/3/move/") not in office.get(at(house)).content.decode()


def test_cases_completed_later_are_let_in(house, office, make_case, run_stage):
    run_stage(house.screen)
    case = make_case()
    assert "Let in 1 case completed since" in office.get(at(house)).content.decode()
    assert office.post(at(house, "stages/1/admit/"), {"reason": ""}).status_code == 302
    case.refresh_from_db()
    assert case.state == Nomination.State.IN_REVIEW


def test_the_office_resolves_an_undecided_case_with_a_reason(house, cast, office, make_candidacy):
    candidacy = make_candidacy(house.screen, name="Vaira Paegle")
    actions.close_stage(house.screen, by=cast.office_2.user, reason=WHY)
    overview = office.get(at(house)).content.decode()
    assert "1 case left undecided" in overview
    assert "It can open once 1 case that the stage before left undecided is resolved." in overview
    assert at(house, "stages/2/open/") not in overview
    assert "Vaira Paegle" in office.get(at(house, "undecided/")).content.decode()
    empty = office.post(f"/office/cases/{candidacy.key}/resolve/", {"outcome": "forward", "reason": ""})
    assert empty.status_code == 422
    no_code = {"outcome": "not_this_time", "reason": WHY, "reason_code": ""}
    assert office.post(f"/office/cases/{candidacy.key}/resolve/", no_code).status_code == 422
    yes = {**no_code, "reason_code": "no-evidence"}
    assert office.post(f"/office/cases/{candidacy.key}/resolve/", yes).status_code == 302
    assert Decision.objects.get().outcome == "not_this_time"
    assert at(house, "stages/2/open/") in office.get(at(house)).content.decode()
    assert office.post(f"/office/cases/{candidacy.key}/resolve/", yes).status_code == 409


def test_an_office_person_with_a_tie_sees_no_row_and_no_count(house, cast, office, make_candidacy):
    make_candidacy(house.screen, name="Somebody")
    tied = make_candidacy(house.screen, name="My sister")
    Conflict.objects.create(nomination=tied.nomination, person=cast.office_1, kind="family")
    overview = office.get(at(house)).content.decode()
    assert "My sister" not in overview
    assert "<dd>1</dd>" in overview
    actions.close_stage(house.screen, by=cast.office_2.user, reason=WHY)
    overview = office.get(at(house)).content.decode()
    assert "1 case left undecided" in overview
    assert "once 1 case that the stage before left" in overview
    assert "My sister" not in office.get(at(house, "undecided/")).content.decode()
    data = {"outcome": "forward", "reason": WHY}
    assert office.post(f"/office/cases/{tied.key}/resolve/", data).status_code == 404
    assert office.get(f"/review/{tied.key}/").status_code == 404
    assert office.get(f"/board/{tied.key}/").status_code == 404


def test_the_auditor_reads_the_numbers_and_changes_nothing(house, cast, sign_in, make_candidacy):
    make_candidacy(house.screen, name="Somebody")
    client = sign_in(cast.auditor)
    page = client.get(at(house)).content.decode()
    assert "<dd>1</dd>" in page
    assert "Somebody" not in page
    assert "Close Regional review" not in page
    for path in ("stages/1/close/", "stages/1/move/", "release/prepare/"):
        assert client.post(at(house, path), {"reason": WHY}).status_code == 403
    assert client.get(at(house, "release/")).status_code == 403


def test_nobody_else_enters_the_office(house, cast, sign_in):
    for person in (
        cast.reviewer_1,
        cast.technology_lead,
        cast.council_member,
        cast.regional_lead,
        cast.outsider,
    ):
        client = sign_in(person)
        for path in ("/office/", at(house), at(house, "undecided/"), at(house, "release/")):
            assert client.get(path).status_code == 403
    assert sign_in(None).get("/office/").status_code == 302


def test_a_stage_that_does_not_exist_is_missing(house, office):
    assert office.post(at(house, "stages/9/open/"), {"reason": WHY}).status_code == 404
    assert office.get("/office/cycles/nothing/").status_code == 404


def test_the_overview_takes_as_many_statements_for_three_cases_as_for_one(
    house, cast, office, make_candidacy, django_assert_num_queries
):
    make_candidacy(house.score, cast.reviewer_1)
    with django_assert_num_queries(21):
        office.get(at(house))
    make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    make_candidacy(house.score, cast.reviewer_3)
    with django_assert_num_queries(21):
        office.get(at(house))


def test_the_office_reminds_those_who_are_behind_and_are_selected_already(
    house, cast, office, make_candidacy
):
    stage = make_candidacy(house.score, cast.reviewer_1).stage
    make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    Assignment.objects.filter(reviewer=cast.reviewer_1).update(
        assigned_at=stage.closes_at - dt.timedelta(days=40)
    )
    page = office.get(at(house)).content.decode()
    box = f'name="reviewer" value="{cast.reviewer_1.key}" aria-label="Select {cast.reviewer_1.name}" checked'
    assert box in page
    assert f'value="{cast.reviewer_2.key}" aria-label="Select {cast.reviewer_2.name}">' in page
    assert "1 behind" in page
    assert "On pace" in page
    sent = office.post(at(house, "stages/2/remind/?page=1"), {"reviewer": [cast.reviewer_1.key]}, follow=True)
    assert sent.redirect_chain[-1][0] == at(house, "?page=1#reviewers")
    assert "1 reviewer gets a reminder" in sent.content.decode()
    assert box not in sent.content.decode()
    again = office.post(at(house, "stages/2/remind/"), {"reviewer": [cast.reviewer_1.key]})
    assert again.status_code == 422
    assert office.post(at(house, "stages/2/remind/"), {}).status_code == 422
    assert OutboxMail.objects.filter(kind="selection.reminder").count() == 1
    office.post(at(house, "stages/2/remind/"), {"reviewer": [cast.reviewer_2.key]})
    assert "Everybody on this page has finished or was reminded" in office.get(at(house)).content.decode()


def test_regions_have_a_line_each_from_the_fifth_nomination_on(house, cast, office, make_case):
    cases = [make_case() for _one in range(4)]
    assert "Fewer than five nominations so far" in office.get(at(house)).content.decode()
    cases.append(make_case())
    page = office.get(at(house)).content.decode()
    assert f"{cases[0].region.name}, nominations a week: " in page
    Conflict.objects.create(nomination=cases[0], person=cast.office_1, kind="family")
    assert "Fewer than five nominations so far" in office.get(at(house)).content.decode()
