"""Calling a summit off: its page, its mail, its calendar file and the letters about it say so, once and for good."""

import re

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.models import Role
from awards.models import Paper
from common import delivery, registry
from common.models import HistoryRow, OutboxMail
from events import actions
from events.models import Registration, Summit
from tests import factories
from tests.cast import Cast
from tests.events.conftest import Register

PAGE, CALL_OFF = "/summits/oulu/", "/office/summits/oulu/call-off/"
GIVEN = {"reason": "The hall burnt down.", "sure": "on"}


def call_off(sign_in, cast: Cast) -> None:
    assert sign_in(cast.office_1).post(CALL_OFF, GIVEN).status_code == 302


def test_everybody_with_a_place_or_in_line_is_told_once_in_their_language(
    summit: Summit, cast: Cast, sign_in, holders, register: Register
) -> None:
    people = holders(3)
    rows = [register(person, diet="No nuts") for person in people]
    type(people[0]).objects.filter(pk=people[0].pk).update(mail_language="de")
    assert "With a place: 2. In line: 1." in sign_in(cast.office_1).get(CALL_OFF).text
    call_off(sign_in, cast)
    mails = OutboxMail.objects.filter(kind="events.called_off").order_by("pk")
    assert [mail.person_key for mail in mails] == [person.key for person in people]
    assert [mail.language for mail in mails] == ["de", "en", "en"]
    assert "The hall burnt down." in registry.mails["events.called_off"](mails[0].keys, "de").text
    held = Registration.objects.filter(pk__in=[row.pk for row in rows])
    assert {(row.state, row.diet) for row in held} == {("cancelled", "")}
    assert not OutboxMail.objects.filter(kind="events.place_freed").exists()
    listed = sign_in(cast.office_1).get("/office/summits/oulu/").text
    assert all(person.name in listed for person in people)  # not an empty list of places


def test_the_page_the_list_and_the_calendar_say_so(
    summit: Summit, cast: Cast, sign_in, client: Client
) -> None:
    before = Calendar.from_ical(client.get(f"{PAGE}calendar.ics").content).walk("VEVENT")[0]
    call_off(sign_in, cast)
    text = client.get(PAGE).text
    assert "The hall burnt down." in text
    assert "This summit does not take place" in text
    assert "Called off" in client.get("/summits/").text
    event = Calendar.from_ical(client.get(f"{PAGE}calendar.ics").content).walk("VEVENT")[0]
    assert (before["STATUS"], event["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert [str(one["SEQUENCE"]) for one in (before, event)] == ["0", "1"]
    assert event["UID"] == before["UID"]


def test_nothing_is_registered_changed_or_called_off_any_more(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    call_off(sign_in, cast)
    assert sign_in(cast.holder).post(f"{PAGE}register/", {}).status_code == 422
    assert sign_in(cast.holder).get(f"{PAGE}letter.pdf").status_code == 403
    again = sign_in(cast.office_1).post(CALL_OFF, GIVEN)
    assert again.status_code == 409
    assert "The summit was called off." in again.text
    assert Registration.objects.count() == 0
    assert HistoryRow.objects.filter(verb="call_off_summit").count() == 1


@pytest.mark.parametrize("address", ["/summits/oulu/letter.pdf", "/awards/{}/letter.pdf"])
def test_letters_about_it_are_void_and_the_award_stands(
    summit: Summit, cast: Cast, sign_in, client: Client, address: str
) -> None:
    award = cast.holder.awards.order_by("-first_year").first()
    assert sign_in(cast.holder).get(address.format(award.key)).status_code == 200
    number = Paper.objects.get().shown
    assert "is void" not in client.get(f"/verify/?id={number}").text
    call_off(sign_in, cast)
    text = client.get(f"/verify/?id={number}").text
    assert f"Letter {number} is void" in text
    assert "This award is in force" in text
    assert "is void" not in client.get(f"/verify/?id={award.number}").text


@pytest.mark.parametrize("given", [{}, {"reason": " ", "sure": "on"}, {"reason": "Why."}])
def test_it_takes_a_reason_and_a_tick(summit: Summit, cast: Cast, sign_in, given: dict[str, str]) -> None:
    answer = sign_in(cast.office_1).post(CALL_OFF, given)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert Summit.objects.get().called_off_at is None


def test_a_mail_that_waited_is_not_sent_for_what_was_called_off(
    summit: Summit, cast: Cast, sign_in, register: Register
) -> None:
    register(cast.holder)
    call_off(sign_in, cast)
    delivery.send_waiting()
    states = dict(OutboxMail.objects.values_list("kind", "state"))
    assert states["events.called_off"] == "sent"
    assert states["events.confirmed"] != "sent"


def test_home_and_ones_own_page_name_the_next_one_that_takes_place(
    summit: Summit, cast: Cast, sign_in
) -> None:
    assert "Oulu Summit" in sign_in(cast.holder).get("/me/").text
    actions.call_off_summit(summit, by=cast.office_1.user, reason="Fire.")
    assert "Oulu Summit" not in sign_in(cast.holder).get("/me/").text
    assert not re.search("Oulu Summit", sign_in(cast.holder).get("/").text)


def test_a_reason_is_text_and_never_markup(summit: Summit, cast: Cast, sign_in, register: Register) -> None:
    register(cast.holder)
    given = {"reason": "<script>alert(1)</script>\r\nBcc: x@y.example {{ x }}", "sure": "on"}
    sign_in(cast.office_1).post(CALL_OFF, given)
    letter = registry.mails["events.called_off"](OutboxMail.objects.get(kind="events.called_off").keys, "en")
    assert "\n" not in letter.subject
    assert "<script>alert(1)</script>" in letter.text
    assert "<script>" not in letter.html
    for page in (PAGE, "/office/summits/oulu/", CALL_OFF):
        assert "<script>alert" not in sign_in(cast.office_1).get(page).text
    assert "<script>alert" not in sign_in(cast.office_1).get("/feeds/summits.atom").text


def test_hosts_and_holders_call_nothing_off(summit: Summit, cast: Cast, sign_in) -> None:
    factories.grant(cast.outsider, Role.EVENT_HOST)
    for person in (cast.outsider, cast.holder):
        assert sign_in(person).post(CALL_OFF, GIVEN).status_code == 403
    assert Summit.objects.get().called_off_at is None


def test_the_list_of_the_office_marks_it_and_offers_no_more_acts(summit: Summit, cast: Cast, sign_in) -> None:
    assert "Call off…" in sign_in(cast.office_1).get("/office/summits/oulu/").text
    call_off(sign_in, cast)
    assert "Called off" in sign_in(cast.office_1).get("/office/summits/").text
    text = sign_in(cast.office_1).get("/office/summits/oulu/").text
    assert "Call off…" not in text
    assert "/office/summits/oulu/edit/" not in text
    assert "The hall burnt down." in text
