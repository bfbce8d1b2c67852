"""A second look: people who have not seen the case read it, and nobody's earlier words reach them before theirs are in."""

import datetime as dt

import pytest

from accounts.models import Role
from common import clock
from common.errors import RuleBroken
from common.models import HistoryRow, OutboxMail
from nominations.models import Conflict, Nomination
from selection import actions, replay
from selection.models import Assignment, Candidacy, Decision, Release, ReviewerCapacity
from selection.queries.replay import facts_of
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in, release, typed


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.office_1)


@pytest.fixture
def fresh(cast):
    """A reviewer who has never had the case."""
    person = factories.make_person("Sigurlaug Hafstein", "sigurlaug@community.example", country="IS")
    factories.grant(person, Role.REVIEWER)
    return person


@kept_fixture
def asked(house, cast):
    """A released no with one review of 2.0, whose nominee asked for a second look; the released winner had 4.0."""
    house.screen.delete()  # this cycle screens nobody
    house.score.rule = {"reserve": 0}
    house.score.save()
    for name, mark in (("Winner", 4), ("Asks Again", 2)):
        hand_in(enter(house, cast, house.score, cast.reviewer_1, name=name), cast.reviewer_1, *[mark] * 4)
    house.cycle.places.update(places=1)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    release(house, cast)
    case = Nomination.objects.get(nominee_name="Asks Again")
    case.state = "second_look"
    case.save()
    return Decision.objects.get(candidacy__nomination=case).candidacy


def open_look(office, asked, days=10):
    until = clock.now() + dt.timedelta(days=days)
    data = {"date": until.date().isoformat(), "time": f"{until:%H:%M}"}
    return office.post(f"/office/cases/{asked.key}/look-again/", data)


def reading_of(asked):
    return Candidacy.objects.get(nomination=asked.nomination_id, closes_at__isnull=False)


def decide(client, asked, outcome="award"):
    return client.post(f"/office/cases/{asked.key}/decide-again/", {"outcome": outcome, "reason": WHY})


def test_readers_are_found_by_the_rules_of_every_assignment(house, cast, office, asked, fresh, run_jobs):
    """Never who had the case, or has a tie, or takes no cases; whoever steps back is replaced."""
    tied = factories.make_person("Tied Reviewer", "tied@community.example")
    declines = factories.make_person("Takes None", "none@community.example")
    for person in (tied, declines):
        factories.grant(person, Role.REVIEWER)
    Conflict.objects.create(nomination=asked.nomination, person=tied, kind="family", strength="suggested")
    ReviewerCapacity.objects.create(stage=house.score, person=declines, cases=0, set_at=clock.now())
    house.score.reviews_needed = 2
    house.score.save()
    open_look(office, asked)
    run_jobs()
    reading = reading_of(asked)
    readers = {task.reviewer for task in reading.assignments.all()}
    assert readers <= {fresh, cast.reviewer_2, cast.reviewer_3}
    assert {task.due_at for task in reading.assignments.all()} == {reading.closes_at}
    assert len(readers) == 2
    assert actions.find_readers(reading.key) == 0
    told = OutboxMail.objects.filter(kind="selection.tasks").values_list("person_key", flat=True)
    assert set(told) == {one.key for one in readers}


def test_who_steps_back_from_a_second_look_is_replaced(house, cast, office, asked, fresh, run_jobs):
    house.score.reviews_needed = 1
    house.score.save()
    open_look(office, asked)
    run_jobs()
    reading = reading_of(asked)
    first = reading.assignments.get().reviewer
    actions.decline_assignment(reading, by=first.user)
    run_jobs()
    assert reading.assignments.get(state="assigned").reviewer not in {first, cast.reviewer_1}


def test_it_is_read_by_fresh_eyes_and_decided_from_its_own_numbers(
    house, cast, office, sign_in, asked, fresh
):
    assert open_look(office, asked).status_code == 302
    reading = reading_of(asked)
    assert (reading.round, reading.stage, reading.state) == (2, house.score, "open")
    refused = office.post(f"/board/{reading.key}/assign/", {"reviewer": cast.reviewer_1.key})
    assert refused.status_code == 422
    assert office.post(f"/board/{reading.key}/assign/", {"reviewer": fresh.key}).status_code == 302
    client = sign_in(fresh)
    assert client.get("/review/", follow=True).status_code == 200
    assert client.post(f"/review/{reading.key}/submit/", typed(4, 4, 4, 4)).status_code == 302
    page = office.get(f"/office/cycles/{house.cycle.slug}/after/").content.decode()
    for figure in (
        "Mean of the second look</dt><dd>4.00",
        "Mean of the first reading</dt><dd>2.00",
        "time</dt><dd>3.00",
    ):
        assert figure in page
    assert decide(office, asked).status_code == 302
    release(house, cast)
    asked.nomination.refresh_from_db()
    assert asked.nomination.state == "awarded"
    assert Release.objects.order_by("pk").last().kind == "later"
    assert list(replay.differences(facts_of(house.cycle))) == []


def test_a_tampered_second_reading_does_not_pass_the_replay(house, cast, office, asked, fresh, submit):
    open_look(office, asked)
    reading = reading_of(asked)
    actions.assign_reviewer(reading, reviewer=fresh, by=cast.office_1.user)
    submit(reading, fresh, 4, 4, 4, 4)
    decide(office, asked)
    Candidacy.objects.filter(pk=reading.pk).update(mean="4.9000")
    [found] = replay.differences(facts_of(house.cycle))
    assert (found.key, found.what) == (reading.key, "mean")


def test_the_action_too_refuses_who_had_the_case_before(cast, office, asked):
    open_look(office, asked)
    with pytest.raises(RuleBroken, match="fresh eyes"):
        actions.assign_reviewer(reading_of(asked), reviewer=cast.reviewer_1, by=cast.office_1.user)


def test_earlier_words_and_marks_stay_hidden_until_ones_own_are_in(
    house, cast, office, sign_in, asked, fresh, submit
):
    """Also from somebody whose role shows them the case of that time."""
    factories.grant(fresh, Role.TECHNOLOGY_LEAD, category=house.servers)
    open_look(office, asked)
    reading = reading_of(asked)
    actions.assign_reviewer(reading, reviewer=fresh, by=cast.office_1.user)
    first = Candidacy.objects.get(nomination=asked.nomination_id, stage=house.score, round=1)
    client = sign_in(fresh)
    pages = [f"/review/{first.key}/", f"/board/{first.key}/", "/board/", f"/review/{reading.key}/"]
    for address in pages:
        text = client.get(address).content.decode()
        assert "Sound work." not in text, address
        assert "2.00" not in text, address
    submit(reading, fresh, 4, 4, 4, 4)
    assert "Sound work." in client.get(f"/board/{first.key}/").content.decode()


def test_the_line_of_that_time_tells_a_reader_of_the_office_nothing_of_the_case(
    house, cast, office, sign_in, asked, fresh, submit
):
    """It lies midway between the last one in and the first one out, which is the case."""
    factories.grant(fresh, Role.PROGRAM_OFFICE)
    open_look(office, asked)
    actions.assign_reviewer(reading_of(asked), reviewer=fresh, by=cast.office_1.user)
    page = f"/office/cycles/{house.cycle.slug}/after/"
    assert "The line of that time" not in sign_in(fresh).get(page).content.decode()
    submit(reading_of(asked), fresh, 4, 4, 4, 4)
    assert "The line of that time</dt><dd>3.00" in sign_in(fresh).get(page).content.decode()


def test_a_second_no_needs_a_reading_and_an_open_task_is_waited_for(
    house, cast, office, asked, fresh, submit
):
    assert decide(office, asked, "not_this_time").status_code == 422
    open_look(office, asked)
    assert decide(office, asked, "not_this_time").status_code == 422
    reading = reading_of(asked)
    actions.assign_reviewer(reading, reviewer=fresh, by=cast.office_1.user)
    assert "still being read" in decide(office, asked).content.decode()
    submit(reading, fresh, 2, 2, 2, 2)
    assert decide(office, asked, "not_this_time").status_code == 302
    assert decide(office, asked).status_code == 409


def test_after_its_end_nothing_more_is_taken_and_the_draft_is_kept(cast, office, sign_in, asked, fresh):
    open_look(office, asked, days=2)
    reading = reading_of(asked)
    actions.assign_reviewer(reading, reviewer=fresh, by=cast.office_1.user)
    client = sign_in(fresh)
    assert client.post(f"/review/{reading.key}/save/", typed(3, 3, 3, 3)).status_code == 302
    with clock.at(clock.now() + dt.timedelta(days=3)):
        late = client.post(f"/review/{reading.key}/submit/", typed(3, 3, 3, 3, version=1))
        assert late.status_code == 409
        assert "The second look at this case ended" in late.content.decode()
        assert decide(office, asked).status_code == 302
    task = Assignment.objects.get(candidacy=reading)
    assert (task.state, task.review.draft["confidence"]) == ("released", 2)


def test_it_is_opened_once_and_only_where_it_was_asked_for(office, asked):
    assert open_look(office, asked, days=-1).status_code == 422
    assert open_look(office, asked).status_code == 302
    assert open_look(office, asked).status_code == 409
    winner = Decision.objects.get(outcome="award").candidacy
    assert open_look(office, winner).status_code == 409
    assert HistoryRow.objects.filter(verb="look_again").count() == 1


def test_it_stands_outside_the_order_of_its_stage(house, cast, office, sign_in, asked, fresh, submit):
    open_look(office, asked)
    reading = reading_of(asked)
    actions.assign_reviewer(reading, reviewer=fresh, by=cast.office_1.user)
    submit(reading, fresh, 4, 4, 4, 4)
    board = office.get(f"/board/?stage={house.score.key}").content.decode()
    assert reading.key not in board
    undecided = office.get(f"/office/cycles/{house.cycle.slug}/undecided/").content.decode()
    assert reading.key not in undecided
    assert list(
        Candidacy.objects.filter(stage=house.score, round=1).order_by("rank").values_list("rank", flat=True)
    ) == [1, 2]
