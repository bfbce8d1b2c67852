"""Registering, changing what one said, giving up a place, and who came."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import sign_agreements
from accounts.models import User
from common import clock, history
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from events import states
from events.actions.line import blank_details, fill_places, locked, move, next_number, tell
from events.models import Registration, Summit
from events.queries import agreement_to_sign, locked_award_that_invites, place_in_line
from people.models import Person, Visibility


@transaction.atomic
def register_for_summit(
    summit: Summit, person: Person, *, by: User, details: Mapping[str, str], signs: bool = False
) -> Registration:
    """Join the line of a summit; who stands at its head while there are places has one at once.

    ``signs``: they accept the agreement that the summit asks for. Returns the registration, with a place or waiting.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    award = locked_award_that_invites(by, summit)
    if award is None:
        raise RuleBroken(_("This summit is for holders of an award in force that it invites."))
    agreement = agreement_to_sign(by, summit)
    if agreement is not None:
        if not signs:
            raise RuleBroken(_("Accept the terms first: %(title)s.") % {"title": agreement.title})
        sign_agreements(by, [agreement])
    summit = locked(summit)
    if summit.registration != "open":
        raise RuleBroken(_closed(summit))
    registration = _join(summit, person, by=by, award=award, **details)
    placed = registration.pk in {given.pk for given in fill_places(summit, by=by)}
    registration.refresh_from_db()
    if not placed:
        registration.joined_as = place_in_line(registration)
        registration.save(update_fields=["joined_as"])
    tell("events.confirmed" if placed else "events.waitlisted", [registration])
    return registration


def _join(summit: Summit, person: Person, *, by: User, **fields: Any) -> Registration:
    """The end of the line of a locked summit, for the first time or once more."""
    fields |= {"number": next_number(summit), "joined_at": clock.now(), "details_erased_at": None}
    known = summit.registrations.filter(person=person).select_related("person").first()
    if known is not None:
        again: dict[str, Any] = {
            "placed_at": None,
            "cancelled_at": None,
            "reminded_at": None,
            "joined_as": None,
        }
        move(known, states.WAITING, verb="register", by=by, **fields, **again)
        return known
    made = Registration.objects.create(summit=summit, person=person, **fields)
    history.record(
        "registration", made.key, "register", by=by, new=states.WAITING, codes={"summit": summit.slug}
    )
    return made


@transaction.atomic
def edit_registration(registration: Registration, *, by: Actor, details: Mapping[str, str]) -> Registration:
    """Change guest, food, shirt size and needs, as long as they are of use."""
    row = _locked(registration)
    if row.state not in states.HELD or row.details_erased_at is not None or row.summit.is_over:
        raise Outdated(_("This can no longer be changed."))
    changed = [name for name, value in details.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, details[name])
    if changed:
        row.save(update_fields=changed)
        history.record("registration", row.key, "edit_registration", by=by, codes={"fields": sorted(changed)})
    return row


@transaction.atomic
def cancel_registration(registration: Registration, *, by: Actor | None, reason: str = "") -> Registration:
    """Give up a place or leave the line. What was said goes, and a freed place goes on in the same transaction.

    The office gives a ``reason``, which the person reads in the mail.
    """
    summit = locked(registration.summit)
    row = _locked(registration)
    if row.state == states.CANCELLED:
        raise Outdated(_("This was cancelled in the meantime."))
    if clock.now() >= summit.begins:
        raise RuleBroken(_("The summit has begun."))
    give_up(row, summit, by=by, reason=reason)
    return row


def give_up(
    row: Registration, summit: Summit, *, by: Actor | None, kind: str = "events.cancelled", reason: str = ""
) -> None:
    """Cancel a registration of a locked summit, mail its owner, and pass the place on."""
    fields: dict[str, Any] = blank_details() | {"cancelled_at": clock.now()}
    move(row, states.CANCELLED, verb="cancel_registration", by=by, text=reason, **fields)
    tell(kind, [row])
    tell("events.place_freed", fill_places(summit, by=None))


@transaction.atomic
def mark_attendance(summit: Summit, *, came: Iterable[str], shown: Iterable[str], by: Actor | None) -> int:
    """Note who of the registered whose keys were ``shown`` came: those in ``came``. Returns how many changed."""
    summit, came = locked(summit), set(came)
    if summit.called_off_at is not None:
        raise Outdated(_("The summit was called off."))
    if clock.now() < summit.begins:
        raise RuleBroken(_("The summit has not begun yet."))
    rows = list(summit.registrations.filter(state=states.REGISTERED, key__in=list(shown)))
    changed = [row for row in rows if row.attended != (row.key in came)]
    for row in changed:
        row.attended = row.key in came
    Registration.objects.bulk_update(changed, ["attended"], batch_size=500)
    history.record_many(
        history.Event("registration", row.key, "mark_attendance", by=by, codes={"came": row.attended})
        for row in changed
    )
    return len(changed)


@transaction.atomic
def show_attendance(registration: Registration, *, by: Actor | None, seen_by: str) -> Registration:
    """Who may read on one's profile that one was there."""
    row = _locked(registration)
    row.attendance_seen_by = Visibility(seen_by)
    row.save(update_fields=["attendance_seen_by"])
    history.record(
        "registration", row.key, "show_attendance", by=by, codes={"seen_by": row.attendance_seen_by}
    )
    return row


def _locked(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("summit", "person")
    return rows.get(pk=registration.pk)


def _closed(summit: Summit) -> str:
    if summit.called_off_at is not None:
        return _("The summit was called off.")
    if summit.registration == "planned":
        return _("Registration is not open yet.")
    return _("Registration is closed.")
