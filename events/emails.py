"""Letters about summits. Each kind has a template of its name under ``mail/events/``."""

import datetime as dt
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from charter.queries import program
from common import clock, registry
from common.dates import clock_of, moment_in_words, span, zone_named
from common.letters import in_language, site_address, write_letter
from common.mail_groups import SUMMITS
from common.outbox import Letter, NothingToSay
from events import states
from events.models import Registration, Summit
from events.queries import cancelled_because, place_in_line, when_and_where
from people.models import Person

Facts = dict[str, Any]
STATES = {  # what a letter says must still be so when it is written
    "confirmed": {states.REGISTERED},
    "waitlisted": {states.WAITING, states.REGISTERED},
    "place_freed": {states.REGISTERED},
    "reminder": {states.REGISTERED},
    "moved": set(states.HELD),
    "no_place": {states.WAITING},
    "line_goes_on": {states.WAITING},
    "cancelled": set(states.MOVES),
    "award_ended": set(states.MOVES),
    "called_off": {states.CANCELLED},
}
NAMES = {
    "confirmed": _lazy("A place at a summit"),
    "waitlisted": _lazy("On the waitlist of a summit"),
    "place_freed": _lazy("A place came free at a summit"),
    "reminder": _lazy("Reminder of a summit"),
    "moved": _lazy("A summit has moved"),
    "no_place": _lazy("No place at a summit"),
    "line_goes_on": _lazy("The waitlist of a summit goes on"),
    "cancelled": _lazy("A place at a summit is given up"),
    "award_ended": _lazy("A place at a summit ended with the award"),
    "called_off": _lazy("A summit is called off"),
}


def register() -> None:
    """Tell the worker how each kind is written, and what pages call it."""
    for name in STATES:
        registry.mails[f"events.{name}"] = partial(_write, name)
        registry.mail_groups[f"events.{name}"] = SUMMITS
        registry.mail_names[f"events.{name}"] = NAMES[name]
        registry.mail_examples[f"events.{name}"] = partial(_example, name)


def _write(name: str, keys: Facts, language: str) -> Letter:
    registration = Registration.objects.select_related("summit", "person").get(key=keys["registration"])
    if registration.state not in STATES[name]:
        raise NothingToSay
    if name == "moved" and not _changed(keys, registration.summit):
        raise NothingToSay
    if name in ("no_place", "line_goes_on"):
        goes_on = clock.now() < registration.summit.line_ends
        if goes_on != (name == "line_goes_on"):  # moved since
            raise NothingToSay
        if name == "line_goes_on" and _changed(
            keys.get("moved", {}), registration.summit
        ):  # that mail says it
            raise NothingToSay
    place = place_in_line(registration) if registration.state == states.WAITING else 0
    reason = _reason(name, registration)
    return _letter(name, registration, place, reason, language, was=keys)


def _changed(was: Facts, summit: Summit) -> set[str]:
    """What of ``was`` is not so any more."""
    return {name for name, value in when_and_where(summit).items() if was.get(name, value) != value}


def _reason(name: str, registration: Registration) -> str:
    """What the office wrote, where it wrote something."""
    if name == "called_off":
        return registration.summit.called_off_because
    return cancelled_because(registration) if name == "cancelled" else ""


def _example(name: str, language: str) -> Letter:
    """The letter about a summit that is invented."""
    day = clock.today() + dt.timedelta(days=90)
    summit = Summit(
        slug="example", name="Global MVP Summit", place="Redmond, Washington", zone="America/Los_Angeles", starts=day,
        ends=day + dt.timedelta(days=3), begins_at=dt.time(9), guest_evening=day,
    )  # fmt: skip
    person = Person(name="Ágnes Kővári", key="EXAMPLE")
    state = states.WAITING if name in ("waitlisted", "no_place", "line_goes_on") else states.REGISTERED
    registration = Registration(summit=summit, person=person, state=state)
    reason = "The hall was closed after a storm." if name == "called_off" else ""
    week_before = day - dt.timedelta(days=7)
    was = {"starts": week_before.isoformat(), "ends": week_before.isoformat(), "begins_at": "10:00:00"}
    return _letter(name, registration, 12, reason, language, was=was)


def _letter(
    name: str, registration: Registration, place: int, reason: str, language: str, *, was: Facts
) -> Letter:
    """``was``: ``when_and_where`` of before, or some of it, where it changed."""
    summit = registration.summit
    changed, before = _changed(was, summit), {**when_and_where(summit), **was}
    first, last = (dt.date.fromisoformat(before[name]) for name in ("starts", "ends"))
    with in_language(language):
        facts = {
            "called": registration.person.called,
            "summit": summit.name,
            "place": summit.place,
            "days": span(summit.starts, summit.ends),
            "days_before": span(first, max(first, last)),
            "place_before": before["place"],
            "hours": _hours(when_and_where(summit)),
            "hours_before": _hours(before),
            "moved": bool(changed & {"starts", "ends", "place"}),
            "other_hours": bool(changed & {"begins_at", "finishes_at", "zone"}),
            "begins": moment_in_words(summit.begins, summit.zone) if summit.begins_at else "",
            "line_ends": moment_in_words(summit.line_ends, summit.zone),
            "address": site_address(reverse("events:summit", args=[summit.slug])),
            "number": place,
            "waits": registration.state == states.WAITING,
            "reason": reason,
            "office": program().office_email,
        }
    return write_letter(f"events/{name}", facts, language=language)


def _hours(said: Facts) -> str:
    """``from 09:00 on the first day, until 17:00 on the last day, Helsinki time``."""
    words = []
    if said["begins_at"]:
        hour = time_format(dt.time.fromisoformat(said["begins_at"]))
        words.append(_("from %(hour)s on the first day") % {"hour": hour})
    if said["finishes_at"]:
        hour = time_format(dt.time.fromisoformat(said["finishes_at"]))
        words.append(_("until %(hour)s on the last day") % {"hour": hour})
    return ", ".join([*words, clock_of(zone_named(said["zone"]))])
