"""The line before a summit: one way in, at its end, and one way to a place, from its head.

Whoever changes it holds the row of the summit, so that of a hundred who come at once each gets a number and the places
go by number. Rows are locked in one order everywhere: the person, the award, the summit, the registration.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from common import clock, history, outbox
from common.actor import Actor
from common.errors import Outdated
from events import states
from events.models import DETAILS, Registration, Summit
from events.queries import line_of, next_in_line
from people.queries import mail_address_of


def locked(summit: Summit) -> Summit:
    """The summit as it is now, locked until the transaction ends."""
    return Summit.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=summit.pk)


def next_number(summit: Summit) -> int:
    """The end of the line of a locked summit."""
    return int(summit.registrations.aggregate(last=Max("number"))["last"] or 0) + 1


def fill_places(summit: Summit, *, by: Actor | None) -> list[Registration]:
    """Give the free places of a locked summit to the head of the line; returns who got one."""
    if clock.now() > summit.line_ends or summit.called_off_at is not None:
        return []
    given = next_in_line(summit, line_of(summit).left)
    for registration in given:
        move(
            registration, states.REGISTERED, verb="give_place", by=by, placed_at=clock.now(), reminded_at=None
        )
    return given


def move(
    registration: Registration, new: str, *, verb: str, by: Actor | None, text: str = "", **fields: object
) -> None:
    """Move a registration of a locked summit along ``MOVES``; ``fields`` are saved with it."""
    old = registration.state
    if new not in states.MOVES[old]:
        raise Outdated(_what_it_is(registration))
    registration.state = new
    for name, value in fields.items():
        setattr(registration, name, value)
    registration.save(update_fields=["state", *fields])
    history.record("registration", registration.key, verb, by=by, old=old, new=new, text=text)


def move_many(
    registrations: list[Registration], new: str, *, verb: str, by: Actor | None, fields: tuple[str, ...]
) -> None:
    """Move many of a locked summit alike, in a fixed number of statements; ``fields`` were set by the caller."""
    events = []
    for row in registrations:
        if new not in states.MOVES[row.state]:
            raise Outdated(_what_it_is(row))
        events.append(history.Event("registration", row.key, verb, by=by, old=row.state, new=new))
        row.state = new
    Registration.objects.bulk_update(registrations, ["state", *fields], batch_size=500)
    history.record_many(events)


def _none(_registration: Registration) -> str:
    return ""


def tell(
    kind: str,
    registrations: list[Registration],
    *,
    cause: Callable[[Registration], str] = _none,
    own: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> None:
    """Mail each of them once for each time that they joined, and for each ``cause``. ``own``: what the letter about one of
    them needs too, by the registration's key."""
    outbox.post_many(
        outbox.Post(
            kind,
            address,
            f"{kind}:{row.key}:{row.number}{cause(row)}",
            keys={"registration": row.key, "number": row.number, **own.get(row.key, {})},
            language=row.person.mail_language,
            person_key=row.person.key,
        )
        for row in registrations
        if not row.person.deceased and (address := mail_address_of(row.person))
    )


def blank_details() -> dict[str, str]:
    return dict.fromkeys(DETAILS, "")


def _what_it_is(registration: Registration) -> str:
    words = {
        states.WAITING: _("You are on the waitlist already."),
        states.REGISTERED: _("You have a place already."),
        states.CANCELLED: _("This was cancelled in the meantime."),
    }
    return words[registration.state]
