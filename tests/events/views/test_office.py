"""The office sets summits up and reads who comes; hosts read and note who came; nobody else does."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Role
from common import clock, delivery, registry
from common.dates import span
from common.models import HistoryRow, OutboxMail
from common.outbox import NothingToSay
from events import actions
from events.models import Registration, Summit
from people.models import Person
from tests import factories
from tests.cast import Cast, House
from tests.events.conftest import Register

LIST = "/office/summits/oulu/"


def filled(**changed: Any) -> dict[str, Any]:
    """The form of a summit, filled in."""
    return {
        "name": "Turku Summit", "slug": "turku", "place": "Turku", "country": "FI", "zone": "Europe/Helsinki",
        "starts": "2099-04-04", "ends": "2099-04-07", "begins_at": "09:00", "capacity": "3",
        "registration_opens_at": "2099-01-10T09:00", "registration_closes_at": "2099-02-18T23:59",
        "days_details_kept": "30", "cost": "There is no fee.", "asks_diet": "on", "shown": "1",
    } | changed  # fmt: skip


def test_a_summit_is_set_up_with_moments_by_the_clock_of_its_place(cast: Cast, house: House, sign_in) -> None:
    answer = sign_in(cast.office_1).post("/office/summits/new/", filled(regions=[house.baltics.pk]))
    assert answer.status_code == 302
    summit = Summit.objects.get(slug="turku")
    assert summit.registration_opens_at == dt.datetime(2099, 1, 10, 7, tzinfo=dt.UTC)
    assert list(summit.regions.all()) == [house.baltics]
    assert (summit.asks_diet, summit.asks_shirt, summit.begins_at) == (True, False, dt.time(9))
    assert "There is no fee." in sign_in(None).get("/summits/turku/").text
    assert HistoryRow.objects.get(kind="summit").verb == "set_up_summit"
    assert 'value="2099-01-10T09:00"' in sign_in(cast.office_1).get("/office/summits/turku/edit/").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends": "2099-04-01"}, "This comes before"),
        ({"registration_closes_at": "2099-01-01T09:00"}, "This comes before"),
        ({"guest_evening": "2099-05-01"}, "This is no day of the summit."),
        ({"zone": "Mars/Base"}, "error-summary"),
        ({"starts": "0001-01-01"}, "Choose a day of this century."),
        ({"capacity": "-1"}, "error-summary"),
        ({"capacity": "99999999999"}, "error-summary"),
        ({"slug": "new"}, "Choose another address."),
        ({"slug": "oulu"}, "already exists"),
    ],
)
def test_what_makes_no_summit_is_refused_in_words(
    summit: Summit, cast: Cast, sign_in, changed: dict[str, str], words: str
) -> None:
    answer = sign_in(cast.office_1).post("/office/summits/new/", filled(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert Summit.objects.count() == 1


def test_more_places_go_to_the_waitlist_at_once_and_taken_ones_stay(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    rows = [register(person) for person in holders(4)]
    client, page = sign_in(cast.office_1), "/office/summits/oulu/edit/"
    days = {"starts": summit.starts.isoformat(), "ends": summit.ends.isoformat(), "registration_opens_at": ""}
    client.post(page, filled(**days, registration_closes_at="", capacity="3", shown="1"))
    assert [Registration.objects.get(pk=row.pk).state for row in rows] == ["registered"] * 3 + ["waiting"]
    assert OutboxMail.objects.get(kind="events.place_freed").person_key == rows[2].person.key
    refused = client.post(page, filled(**days, registration_closes_at="", capacity="2", shown="2"))
    assert refused.status_code == 422
    assert "3 places are taken" in refused.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_says_who_comes_and_costs_the_same_at_one_and_three(
    summit: Summit, cast: Cast, sign_in, holders, register: Register, count: int, django_assert_num_queries
) -> None:
    Summit.objects.update(capacity=9)
    for person in holders(count):
        register(person, diet="No nuts")
    client = sign_in(cast.office_1)
    client.get(LIST)
    with django_assert_num_queries(7):
        text = client.get(LIST).text
    assert text.count("No nuts") == count


def test_who_lost_their_award_is_marked(summit: Summit, cast: Cast, sign_in, register: Register) -> None:
    register(cast.holder)
    assert "No award in force" not in sign_in(cast.office_1).get(LIST).text
    cast.holder.awards.filter(ends__gte=clock.today()).update(state="revoked")
    assert "No award in force" in sign_in(cast.office_1).get(LIST).text


def test_the_table_to_keep_has_every_state_and_runs_no_formula(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    register(cast.holder, diet="=HYPERLINK(1)", guest_name="Ann")
    for person in holders(2):
        register(person)
    answer = sign_in(cast.office_1).get(f"{LIST}registrations.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert rows[1][1:3] == [cast.holder.name, "registered"]
    assert "'=HYPERLINK(1)" in rows[1]
    assert rows[3][2] == "on the waitlist"


def test_the_office_cancels_with_a_reason_that_the_person_reads(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    row, client = register(cast.holder), sign_in(cast.office_1)
    page = f"/office/registrations/{row.key}/cancel/"
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "The award was revoked."})
    row.refresh_from_db()
    assert row.state == "cancelled"
    delivery.send_waiting()
    mail = OutboxMail.objects.get(kind="events.cancelled")
    assert "The award was revoked." in registry.mails["events.cancelled"](mail.keys, "en").text
    assert client.post(page, {"reason": "Again."}).status_code == 409


def test_a_host_reads_the_list_and_notes_who_came_but_sets_nothing_up(
    summit: Summit, cast: Cast, sign_in, holders: Callable[[int], list[Person]], register: Register
) -> None:
    factories.grant(cast.outsider, Role.EVENT_HOST)
    rows = [register(person) for person in holders(2)]
    Summit.objects.update(
        starts=clock.today() - dt.timedelta(days=2), ends=clock.today() - dt.timedelta(days=1)
    )
    client = sign_in(cast.outsider)
    assert rows[0].person.name in client.get(LIST).text
    client.post(f"{LIST}attendance/", {"shown": [row.key for row in rows], "came": [rows[0].key]})
    assert [Registration.objects.get(pk=row.pk).attended for row in rows] == [True, False]
    assert client.get("/office/summits/new/").status_code == 403
    assert client.get(f"{LIST}edit/").status_code == 403
    assert client.post(f"/office/registrations/{rows[0].key}/cancel/", {"reason": "No."}).status_code == 403


def test_a_key_of_somebody_elses_summit_is_not_noted(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    row = register(cast.holder)
    Summit.objects.update(starts=clock.today() - dt.timedelta(days=2))
    client = sign_in(cast.office_1)
    client.post(f"{LIST}attendance/", {"shown": ["UNKNOWN"], "came": [row.key]})
    row.refresh_from_db()
    assert row.attended is None
    assert client.get("/office/registrations/UNKNOWN/cancel/").status_code == 404


def test_no_summit_and_nobody_registered_are_said_kindly(cast: Cast, sign_in) -> None:
    assert "No summit yet" in sign_in(cast.office_1).get("/office/summits/").text


def test_an_empty_list_of_people_says_so(summit: Summit, cast: Cast, sign_in) -> None:
    for state in ("", "waiting", "cancelled", "nonsense"):
        assert "Nobody here" in sign_in(cast.office_1).get(f"{LIST}?state={state}&page=-1").text


def test_who_has_a_place_or_waits_hears_once_that_days_or_place_moved(
    summit: Summit, cast: Cast, holders, register: Register
) -> None:
    for person in holders(3):
        register(person)
    was, later = (
        summit.starts,
        {"starts": summit.starts + dt.timedelta(days=7), "ends": summit.ends + dt.timedelta(days=7)},
    )
    by = cast.office_1.user
    changed = actions.change_summit(summit, by=by, values={**later, "capacity": summit.capacity}, shown=1)
    actions.change_summit(changed, by=by, values={"capacity": 2, "name": "Oulu"}, shown=changed.revision)
    mails = OutboxMail.objects.filter(kind="events.moved").order_by("pk")
    assert len(mails) == 3
    text = registry.mails["events.moved"](mails[0].keys, "en").text
    assert str(was.day) in text.partition("It is now")[0]
    assert span(later["starts"], later["ends"]) in text.partition("It is now")[2]
    assert "You stay in the line, as number 1." in moved_letters()[2]


def moved_letters(language: str = "en") -> list[str]:
    """What the letters about a change say; empty where one has nothing to say any more."""
    found = []
    for mail in OutboxMail.objects.filter(kind="events.moved").order_by("pk"):
        try:
            letter = registry.mails["events.moved"](mail.keys, language)
            found.append(f"{letter.subject} {letter.text}")
        except NothingToSay:
            found.append("")
    return [" ".join(text.split()) for text in found]


def test_a_mail_about_other_hours_says_the_old_and_the_new_ones(
    summit: Summit, cast: Cast, register: Register
) -> None:
    register(cast.holder)
    values = {"begins_at": dt.time(9), "zone": "Europe/Stockholm", "capacity": summit.capacity}
    actions.change_summit(summit, by=cast.office_1.user, values=values, shown=1)
    assert "New hours: Oulu Summit" in moved_letters()[0]
    words = "Hours planned before: Helsinki time. Hours now: from 09:00 on the first day, Stockholm time."
    assert words in moved_letters()[0]
    assert "ab 09:00 Uhr am ersten Tag" in moved_letters("de")[0]


def test_a_change_that_was_taken_back_before_the_mail_went_is_not_told(
    summit: Summit, cast: Cast, register: Register
) -> None:
    register(cast.holder)
    changed = actions.change_summit(
        summit, by=cast.office_1.user, values={"place": "Turku", "capacity": 2}, shown=1
    )
    assert "in Turku" in moved_letters()[0]
    actions.change_summit(changed, by=cast.office_1.user, values={"place": "Oulu", "capacity": 2}, shown=2)
    assert moved_letters() == [""]


def test_two_changes_before_the_mail_went_are_one_mail_from_the_first_before_to_the_last_after(
    summit: Summit, cast: Cast, holders, register: Register
) -> None:
    by, (early, late) = cast.office_1.user, holders(2)
    register(early)
    changed = actions.change_summit(summit, by=by, values={"place": "Turku", "capacity": 2}, shown=1)
    register(late)
    later = {"place": "Kemi", "begins_at": dt.time(9), "capacity": 2}
    changed = actions.change_summit(changed, by=by, values=later, shown=2)
    first, second = moved_letters()
    assert " in Oulu. It is now " in first
    assert " in Kemi. Hours planned before: Helsinki time. Hours now: from 09:00" in first
    assert " in Turku. It is now " in second
    OutboxMail.objects.update(state=OutboxMail.State.SENT)
    actions.change_summit(changed, by=by, values={"place": "Rauma", "capacity": 2}, shown=3)
    assert [" in Kemi. It is now " in text for text in moved_letters()] == [False, False, True, True]
