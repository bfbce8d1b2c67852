"""A summit as a calendar file (RFC 5545): days at the place, or its hours by the clock of the place."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django_countries.fields import Country
from icalendar import Calendar, Event

from charter.queries import program
from common import clock
from common.letters import site_address
from events.models import Summit


def calendar_of(summit: Summit) -> bytes:
    """One event with a fixed UID and a growing sequence, so that taking it over again moves it, or strikes it out, rather
    than making a second one.

    With hours it has the zone of the place (and its ``VTIMEZONE``), and calendars show it by their reader's clock;
    without hours it is whole days, which no zone moves. The end of whole days is the day after.
    """
    event = Event()
    event.add("uid", f"summit-{summit.slug}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", clock.now())
    event.add("sequence", summit.revision - 1)
    event.add("status", "CANCELLED" if summit.called_off_at else "CONFIRMED")
    event.add("summary", summit.name)
    event.add(
        "location", ", ".join(dict.fromkeys(filter(None, (summit.place, Country(summit.country).name))))
    )
    event.add("url", site_address(reverse("events:summit", args=[summit.slug])))
    if description := summit.called_off_because or summit.summary:
        event.add("description", description)
    if summit.begins_at and summit.finishes_at:
        event.add("dtstart", summit.begins)
        event.add("dtend", summit.finishes)
    else:
        event.add("dtstart", summit.starts)
        event.add("dtend", summit.ends + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", f"-//{program().name}//summits//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
