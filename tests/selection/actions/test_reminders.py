"""The office reminds reviewers: each once a day, by day, and of nothing that it may not know."""

import datetime as dt
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from common import clock, registry
from common.bounces import Report, note_bounce
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, OutboxMail
from common.outbox import NothingToSay
from mvp_program.queries import history_shown_to, mails_shown_to
from nominations.models import Conflict
from people.models import MailChoice, Person
from selection import actions
from selection.actions.plans import tell_reviewers
from selection.queries.behind import reviewers_behind
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, run

begun = import_module("selection.migrations.0023_no_reminders_in_begun_stages")


@kept_fixture
def stage(house, cast):
    """Two reviewers with a case each, the first with one more."""
    run(house.score)
    enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2)
    enter(house, cast, house.score, cast.reviewer_1)
    return house.score


def remind(stage, cast, *people):
    return actions.remind_reviewers(stage, [one.key for one in people], by=cast.office_1.user)


def test_a_reminder_is_one_mail_and_one_line_of_history(stage, cast):
    done = remind(stage, cast, cast.reviewer_1, cast.outsider)
    assert (done.number, done.lately, done.unreachable) == (1, 0, 0)
    mail = OutboxMail.objects.get(kind="selection.reminder")
    assert mail.person_key == cast.reviewer_1.key
    letter = registry.mails[mail.kind](mail.keys, "en")
    assert "2 cases still wait" in letter.subject
    row = HistoryRow.objects.get(kind="reminder")
    assert (row.key, row.verb, row.codes) == (cast.reviewer_1.key, "remind", {"stage": stage.key})
    assert registry.visible_keys["reminder"](cast.reviewer_2.user, [row.key]) == set()


def test_nobody_is_reminded_twice_within_a_day(stage, cast):
    remind(stage, cast, cast.reviewer_1)
    with pytest.raises(RuleBroken, match="within the last day"):
        remind(stage, cast, cast.reviewer_1)
    both = remind(stage, cast, cast.reviewer_1, cast.reviewer_2)
    assert (both.number, both.lately) == (1, 1)
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert remind(stage, cast, cast.reviewer_1).number == 1


@pytest.mark.parametrize(("hour", "at"), [(2, 7), (12, 12), (22, 7)])
def test_a_reminder_goes_out_by_day_where_its_reader_is(stage, cast, hour, at):
    person = cast.reviewer_1
    person.zone = "Africa/Lagos"
    person.save()
    MailChoice.objects.create(person=person, group="reviewing", when="at_once", chosen_at=clock.now())
    here = dt.datetime.combine(clock.today(), dt.time(hour), tzinfo=ZoneInfo("Africa/Lagos"))
    with clock.at(here + dt.timedelta(days=1)):
        remind(stage, cast, person)
    told = OutboxMail.objects.get().try_at.astimezone(here.tzinfo)
    assert told.hour == at
    assert told >= here


def test_who_has_nothing_left_to_do_is_not_reminded(stage, cast):
    with pytest.raises(RuleBroken, match="anything left"):
        remind(stage, cast, cast.reviewer_3)
    with pytest.raises(RuleBroken, match="Select"):
        remind(stage, cast)


def test_tasks_on_cases_with_a_tie_of_the_office_are_nothing_to_remind_of(stage, cast):
    for task in cast.reviewer_2.assignments.all():
        Conflict.objects.create(nomination=task.candidacy.nomination, person=cast.office_1, kind="family")
    with pytest.raises(RuleBroken, match="anything left"):
        remind(stage, cast, cast.reviewer_2)


def test_a_reminder_of_a_hidden_task_is_on_no_page_of_who_may_not_know_of_it(
    stage, cast, make_candidacy, submit
):
    shared, hidden = (task.candidacy for task in cast.reviewer_1.assignments.order_by("pk"))
    submit(shared, cast.reviewer_1, 4, 4, 4, 4)
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_2, kind="family")
    remind(stage, cast, cast.reviewer_1, cast.reviewer_2)
    assert seen_by(cast.office_1, stage) == ({cast.reviewer_1.key, cast.reviewer_2.key},) * 4
    assert seen_by(cast.office_2, stage) == ({cast.reviewer_2.key},) * 4


def test_a_task_given_after_a_hidden_reminder_does_not_show_it(stage, house, cast):
    Conflict.objects.bulk_create(
        Conflict(nomination=task.candidacy.nomination, person=cast.office_2, kind="family")
        for task in cast.reviewer_1.assignments.all()
    )
    remind(stage, cast, cast.reviewer_1)
    enter(house, cast, stage, cast.reviewer_1)
    assert seen_by(cast.office_1, stage)[0] == {cast.reviewer_1.key}
    assert seen_by(cast.office_2, stage) == (set(),) * 4
    mine = actions.remind_reviewers(stage, [cast.reviewer_1.key], by=cast.office_2.user)
    assert (mine.number, mine.lately) == (1, 0)


def test_a_reminder_that_a_known_task_explains_is_shown_beside_a_hidden_one(stage, cast):
    task = cast.reviewer_1.assignments.order_by("pk").last()
    Conflict.objects.create(nomination=task.candidacy.nomination, person=cast.office_2, kind="family")
    remind(stage, cast, cast.reviewer_1)
    page, rows, mails, _keys = seen_by(cast.office_2, stage)
    assert page == rows == mails == {cast.reviewer_1.key}


def test_mail_about_new_tasks_is_shown_by_the_tasks_one_may_know_of(stage, cast):
    first, second = cast.reviewer_1.assignments.order_by("pk")
    Conflict.objects.create(nomination=second.candidacy.nomination, person=cast.office_2, kind="family")
    for hours in (0, 1):
        with clock.at(first.assigned_at + dt.timedelta(hours=hours)):
            tell_reviewers(stage, [cast.reviewer_1], cause=f"{hours}")
    second.assigned_at += dt.timedelta(hours=1)
    second.save()
    assert mails_shown_to(cast.office_1.user).count() == 2
    assert mails_shown_to(cast.office_2.user).get().cause.startswith("tasks 0")


def seen_by(reader, stage):
    """Whose reminders stand on the page of the stage, in the history, among the mail, and by their keys."""
    everybody = {one.key for one in Person.objects.all()}
    page = reviewers_behind(reader.user, stage, page="1")[1]
    known = registry.visible_keys["reminder"](reader.user, everybody)
    return (
        {one.person.key for one in page if one.reminded_at},
        {row.key for row in history_shown_to(reader.user).filter(kind="reminder")},
        {mail.person_key for mail in mails_shown_to(reader.user).filter(kind="selection.reminder")},
        known & set(HistoryRow.objects.filter(kind="reminder").values_list("key", flat=True)),
    )


def test_the_schedule_of_a_stage_reminds_each_once_on_each_of_its_days(stage, cast):
    assert [sent(stage, days) for days in (8, 7, 6.9, 2, 1.9)] == [0, 2, 0, 2, 0]
    row = HistoryRow.objects.filter(kind="reminder").order_by("pk").last()
    assert row.codes == {"stage": stage.key, "days": 2, "moment": stage.reminders()[1][1].isoformat()}
    assert OutboxMail.objects.filter(kind="selection.reminder", person_key=row.key).count() == 2


def test_the_schedule_passes_over_whom_the_office_reminded_new_tasks_and_ties(stage, cast):
    with clock.at(stage.closes_at - dt.timedelta(days=7.5)):
        remind(stage, cast, cast.reviewer_1)
    task = cast.reviewer_2.assignments.get()
    task.assigned_at = stage.closes_at - dt.timedelta(days=6.5)
    task.save()
    assert sent(stage, 6) == 0
    Conflict.objects.create(nomination=task.candidacy.nomination, person=cast.reviewer_2, kind="family")
    assert sent(stage, 2) == 1


def test_a_reminder_of_the_schedule_is_as_hidden_as_one_by_hand(stage, cast, submit):
    shared, hidden = (task.candidacy for task in cast.reviewer_1.assignments.order_by("pk"))
    submit(shared, cast.reviewer_1, 4, 4, 4, 4)
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_2, kind="family")
    assert sent(stage, 7) == 2
    assert seen_by(cast.office_1, stage) == ({cast.reviewer_1.key, cast.reviewer_2.key},) * 4
    assert seen_by(cast.office_2, stage) == ({cast.reviewer_2.key},) * 4


def test_a_known_task_given_after_the_moment_of_the_schedule_explains_nothing(stage, cast):
    shared, hidden = cast.reviewer_1.assignments.order_by("pk")
    Conflict.objects.create(nomination=hidden.candidacy.nomination, person=cast.office_2, kind="family")
    shared.assigned_at = stage.closes_at - dt.timedelta(days=6.5)
    shared.save()
    assert sent(stage, 6) == 2
    assert seen_by(cast.office_1, stage) == ({cast.reviewer_1.key, cast.reviewer_2.key},) * 4
    assert seen_by(cast.office_2, stage) == ({cast.reviewer_2.key},) * 4


def test_stages_that_have_begun_when_the_schedule_comes_have_none(stage, house):
    with connection.cursor() as cursor:
        cursor.execute(begun.CLEAR)
    days = dict(house.cycle.stages.values_list("state", "reminder_days"))
    assert days == {"open": [], "planned": [7, 2]}


def sent(stage, days):
    """How many reminders the worker sends so many days before the end."""
    with clock.at(stage.closes_at - dt.timedelta(days=days)):
        return actions.send_due_reminders()


def test_mail_that_never_went_out_is_no_reminder(stage, cast):
    for state in ("withheld", "failed"):
        remind(stage, cast, cast.reviewer_1)
        OutboxMail.objects.update(state=state)
    assert reviewers_behind(cast.office_1.user, stage, page="1")[1][0].reminded_at is None
    assert remind(stage, cast, cast.reviewer_1).number == 1


def test_who_has_only_an_address_that_bounces_is_out_of_reach(stage, cast):
    email = cast.reviewer_1.addresses.get().email
    note_bounce(Report(event="1", email=email, kind="hard"))
    assert remind(stage, cast, cast.reviewer_1, cast.reviewer_2).unreachable == 1
    with pytest.raises(RuleBroken, match="takes mail"):
        remind(stage, cast, cast.reviewer_1)


def test_an_extension_puts_nobody_behind(stage, cast):
    """Half of the new time is over, at the day on which all would have been due before."""
    start, end = stage.opens_at, stage.closes_at
    cast.reviewer_1.assignments.update(assigned_at=start, due_at=end)
    actions.move_stage(stage, closes_at=end + (end - start), by=cast.office_1.user, reason=WHY)
    with clock.at(end):
        behind = {
            one.person: one.expected for one in reviewers_behind(cast.office_1.user, stage, page="1")[1]
        }
    assert behind[cast.reviewer_1] == 1
    actions.close_stage(stage, by=cast.office_1.user, reason=WHY)
    actions.reopen_stage(stage, closes_at=end, by=cast.office_1.user, reason=WHY)
    assert set(cast.reviewer_1.assignments.values_list("due_at", flat=True)) == {end}


def test_a_closed_stage_and_one_past_its_end_take_no_reminders(stage, cast):
    with clock.at(stage.ends_at + dt.timedelta(minutes=1)), pytest.raises(RuleBroken, match="later closing"):
        remind(stage, cast, cast.reviewer_1)
    actions.close_stage(stage, by=cast.office_1.user, reason=WHY)
    with pytest.raises(Outdated, match="not open"):
        remind(stage, cast, cast.reviewer_1)


def test_who_finished_before_it_went_out_hears_nothing(stage, cast):
    remind(stage, cast, cast.reviewer_2)
    cast.reviewer_2.assignments.update(state="done")
    with pytest.raises(NothingToSay):
        registry.mails["selection.reminder"](OutboxMail.objects.get().keys, "en")
