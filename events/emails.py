"""Letters about summits. Each kind has a template of its name under ``mail/events/``."""

import datetime as dt
from functools import partial
from typing import Any

from django.urls import reverse

from charter.queries import program
from common import clock, registry
from common.dates import moment_in_words, span
from common.letters import in_language, site_address, write_letter
from common.mail_groups import SUMMITS
from common.outbox import Letter, NothingToSay
from events import states
from events.models import Registration, Summit
from events.queries import cancelled_because, place_in_line
from people.models import Person

Facts = dict[str, Any]
STATES = {  # what a letter says must still be so when it is written
    "confirmed": {states.REGISTERED},
    "waitlisted": {states.WAITING, states.REGISTERED},
    "place_freed": {states.REGISTERED},
    "reminder": {states.REGISTERED},
    "moved": set(states.HELD),
    "no_place": {states.WAITING},
    "cancelled": set(states.MOVES),
    "award_ended": set(states.MOVES),
    "called_off": {states.CANCELLED},
}


def register() -> None:
    """Tell the worker how each kind is written."""
    for name in STATES:
        registry.mails[f"events.{name}"] = partial(_write, name)
        registry.mail_groups[f"events.{name}"] = SUMMITS
        registry.mail_examples[f"events.{name}"] = partial(_example, name)


def _write(name: str, keys: Facts, language: str) -> Letter:
    registration = Registration.objects.select_related("summit", "person").get(key=keys["registration"])
    if registration.state not in STATES[name]:
        raise NothingToSay
    place = place_in_line(registration) if registration.state == states.WAITING else 0
    reason = _reason(name, registration)
    return _letter(name, registration, place, reason, language, was=keys)


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
    state = states.WAITING if name in ("waitlisted", "no_place") else states.REGISTERED
    registration = Registration(summit=summit, person=person, state=state)
    reason = "The hall was closed after a storm." if name == "called_off" else ""
    week_before = day - dt.timedelta(days=7)
    was = {"starts": week_before.isoformat(), "ends": week_before.isoformat(), "place": summit.place}
    return _letter(name, registration, 12, reason, language, was=was)


def _letter(
    name: str, registration: Registration, place: int, reason: str, language: str, *, was: Facts
) -> Letter:
    """``was``: the days (ISO) and the place of before, where they moved."""
    summit = registration.summit
    first, last = (
        dt.date.fromisoformat(was.get(name) or summit.starts.isoformat()) for name in ("starts", "ends")
    )
    with in_language(language):
        facts = {
            "called": registration.person.called,
            "summit": summit.name,
            "place": summit.place,
            "days": span(summit.starts, summit.ends),
            "days_before": span(first, max(first, last)),
            "place_before": was.get("place") or summit.place,
            "begins": moment_in_words(summit.begins, summit.zone) if summit.begins_at else "",
            "line_ends": moment_in_words(summit.line_ends, summit.zone),
            "address": site_address(reverse("events:summit", args=[summit.slug])),
            "number": place,
            "waits": registration.state == states.WAITING,
            "reason": reason,
            "office": program().office_email,
        }
    return write_letter(f"events/{name}", facts, language=language)
