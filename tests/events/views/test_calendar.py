"""The calendar file of a summit, read by a library's own parser."""

import datetime as dt

from django.test import Client
from icalendar import Calendar

from events.models import Summit


def event_of(client: Client):  # type: ignore[no-untyped-def]
    answer = client.get("/summits/oulu/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return calendar, calendar.walk("VEVENT")[0]


def test_days_without_hours_are_whole_days_at_the_place(summit: Summit, client: Client) -> None:
    calendar, event = event_of(client)
    assert event.decoded("dtstart") == summit.starts
    assert event.decoded("dtend") == summit.ends + dt.timedelta(days=1)
    assert str(event["location"]) == "Oulu, Finland"
    assert calendar.walk("VTIMEZONE") == []


def test_hours_come_with_the_zone_of_the_place(summit: Summit, client: Client) -> None:
    Summit.objects.update(
        starts=dt.date(2027, 4, 5),
        ends=dt.date(2027, 4, 8),
        begins_at=dt.time(9),
        finishes_at=dt.time(16, 30),
    )
    calendar, event = event_of(client)
    assert event.decoded("dtstart").astimezone(dt.UTC) == dt.datetime(2027, 4, 5, 6, tzinfo=dt.UTC)
    assert event.decoded("dtend").astimezone(dt.UTC) == dt.datetime(2027, 4, 8, 13, 30, tzinfo=dt.UTC)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Helsinki"]


def test_a_name_with_signs_of_the_format_does_not_break_it(summit: Summit, client: Client) -> None:
    Summit.objects.update(name="A; B, C\\ D", summary="One\nEND:VEVENT\nTwo")
    calendar, event = event_of(client)
    assert str(event["summary"]) == "A; B, C\\ D"
    assert len(calendar.walk("VEVENT")) == 1


def test_taken_over_again_it_is_the_same_event(summit: Summit, client: Client) -> None:
    assert event_of(client)[1]["uid"] == event_of(client)[1]["uid"]
