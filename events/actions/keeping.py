"""What happens by itself: reminders, the end of the line, and the end of what is kept on people."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from awards.models import Award
from common import clock, history, outbox
from common.actor import Actor
from events import states
from events.actions.line import blank_details, fill_places, locked, move, tell
from events.actions.registrations import give_up
from events.models import Registration, Summit
from events.queries import (
    ended_with_places,
    held_ahead,
    inviting,
    left_waiting,
    times_told_that_line_goes_on,
    to_remind,
    told_no_place,
    with_details_to_erase,
)
from people.models import Person, Visibility

REMINDED_BEFORE = dt.timedelta(days=14)
AT_ONCE = 500
Cause = Callable[[Registration], str]
_RANK = {states.REGISTERED: 2, states.WAITING: 1, states.CANCELLED: 0}


def remind_registered() -> int:
    """One mail to everybody with a place, two weeks before; another one where the summit moved after it
    (``forget_reminders``). Safe to run twice; returns how many were reminded."""
    return _tell_once("events.reminder", to_remind(clock.today() + REMINDED_BEFORE), causes=_their_day)


def tell_left_waiting() -> int:
    """One mail to everybody who is still in line when it ends; another one to whom it was said that it goes on
    (``go_on_with_line``), once it ends again. Safe to run twice."""
    return _tell_once("events.no_place", left_waiting(), causes=_their_line)


def forget_reminders(summit: Summit) -> None:
    """A locked summit moved to later days: whoever was reminded of the old ones is reminded again, once these are near."""
    if summit.starts > clock.today() + REMINDED_BEFORE:
        summit.registrations.filter(state=states.REGISTERED).update(reminded_at=None)


def go_on_with_line(summit: Summit, *, moved: Mapping[str, Mapping[str, str]]) -> None:
    """The line of a locked summit ends later than it did: who was told that there is no place hears that they still wait.
    ``moved``: by the registration's key, what the mail about new days or hours begins from; it says so too, unless they
    are taken back before it is sent."""
    rows, kind = list(told_no_place(summit)), "events.line_goes_on"
    summit.registrations.filter(pk__in=[row.pk for row in rows]).update(reminded_at=None)
    waiting = outbox.still_waiting(kind, about="registration", keys=[row.key for row in rows])
    told = {(keys["registration"], keys["number"]) for keys in waiting}
    untold = [row for row in rows if (row.key, row.number) not in told]
    own = {key: {"moved": was} for key, was in moved.items()}
    tell(kind, untold, cause=lambda row: f":{summit.revision}", own=own)


def _their_line(rows: Sequence[Registration]) -> Cause:
    """The end of the line, and how often somebody heard that it goes on: then an end may come twice."""
    heard = times_told_that_line_goes_on(rows)

    def cause(row: Registration) -> str:
        times = heard[row.key, row.number]
        return f":{row.summit.line_ends.isoformat()}" + (f":{times}" if times else "")

    return cause


def _their_day(_rows: Sequence[Registration]) -> Cause:
    return lambda row: f":{row.summit.starts.isoformat()}"


def _tell_once(
    kind: str, rows: QuerySet[Registration], *, causes: Callable[[Sequence[Registration]], Cause]
) -> int:
    total = 0
    while found := list(rows.order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            tell(kind, found, cause=causes(found))
            Registration.objects.filter(pk__in=[row.pk for row in found]).update(reminded_at=clock.now())
        total += len(found)
    return total


def erase_details() -> int:
    """Blank what people said of food, guests, sizes and needs once the days of their summit are over."""
    due = [
        row.pk
        for row in with_details_to_erase()
        if row.summit.ends + dt.timedelta(days=row.summit.days_details_kept) < clock.today()
    ]
    return Registration.objects.filter(pk__in=due).update(**blank_details(), details_erased_at=clock.now())


@transaction.atomic
def erase_person_from_summits(person: Person, *, by: Actor | None) -> None:
    """Their places go on, what they said goes; that somebody came stays, and nobody reads who."""
    for summit in _locked_summits(person):
        row = summit.registrations.select_related("person").get(person=person)
        if row.state in states.HELD and clock.now() < summit.begins:
            move(row, states.CANCELLED, verb="cancel_registration", by=by, cancelled_at=clock.now())
            tell("events.place_freed", fill_places(summit, by=None))
    rows = person.registrations.all()
    history.forget_texts("registration", rows.values_list("key", flat=True))
    rows.update(**blank_details(), details_erased_at=clock.now(), attendance_seen_by=Visibility.OFFICE)


@transaction.atomic
def follow_merged_persons(kept: Person, absorbed: Person, *, by: Actor | None) -> None:
    """One human was registered under two rows: of two for one summit the better stays, and a place that this frees
    goes on."""
    for summit in _locked_summits(absorbed):
        rows = {row.person_id: row for row in summit.registrations.filter(person__in=[kept, absorbed])}
        own, theirs = rows.get(kept.pk), rows[absorbed.pk]
        if own is not None:
            better, other = sorted((own, theirs), key=lambda row: (-_RANK[row.state], row.number))
            better.attended = better.attended or other.attended
            better.save(update_fields=["attended"])
            history.forget_texts("registration", [other.key])
            other.delete()
            history.record(
                "registration", other.key, "merge_registrations", by=by, codes={"into": better.key}
            )
            theirs = better
        Registration.objects.filter(pk=theirs.pk).update(person=kept)
        tell("events.place_freed", fill_places(summit, by=None))


@transaction.atomic
def leave_where_no_award_invites(
    award: Award, *, by: Actor | None, given_up: Collection[str] = states.HELD
) -> None:
    """An award was revoked, declined or ended (``registry.on_award_ended``): a place that no other award of its holder
    opens goes on to the next in line; ``given_up``: only registrations in these states. The caller holds the award, so
    nobody registers by it meanwhile."""
    own = Award.objects.filter(person=award.person_id)
    for row in held_ahead(award.person).order_by("summit_id"):
        summit = locked(row.summit)
        held = summit.registrations.select_related("person").get(pk=row.pk)
        if held.state in given_up and clock.now() < summit.begins and not inviting(own, summit).exists():
            give_up(held, summit, by=None, kind="events.award_ended")


def leave_where_terms_ended() -> int:
    """A term runs out on its last day without anybody's act: from the next day on its holder gives up what no other
    award of theirs opens. Safe to run twice; returns how many awards were looked at."""
    total = 0
    # The line first, so that no place goes to somebody who has to leave too.
    for held in ({states.WAITING}, states.HELD):
        for pk in list(ended_with_places(held).values_list("pk", flat=True)):
            with transaction.atomic():
                award = ended_with_places(held).select_for_update(of=("self",)).filter(pk=pk).first()
                if award is not None:
                    leave_where_no_award_invites(award, by=None, given_up=held)
                    total += 1
    return total


def _locked_summits(person: Person) -> list[Summit]:
    """Of somebody's registrations, in the order of their keys, so that two never wait for each other."""
    pks = sorted(person.registrations.values_list("summit_id", flat=True))
    return [locked(Summit(pk=pk)) for pk in pks]
