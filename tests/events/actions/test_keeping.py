"""What happens by itself: reminders, the end of the line, and the end of what is kept on people."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import pytest

from common import clock, registry
from common.errors import RuleBroken
from common.models import OutboxMail
from common.outbox import NothingToSay
from events import actions
from events.models import Registration, Summit
from people.actions import erase_person, merge_persons
from people.models import Person
from tests.cast import Cast
from tests.events.conftest import Register, make_summit

Holders = Callable[[int], list[Person]]


def in_days(days: int) -> dt.datetime:
    return clock.now() + dt.timedelta(days=days)


def test_everybody_with_a_place_is_reminded_once(
    summit: Summit, holders: Holders, register: Register
) -> None:
    rows = [register(person) for person in holders(3)]
    assert actions.remind_registered() == 0
    with clock.at(in_days(17)):
        assert actions.remind_registered() == 2
        assert actions.remind_registered() == 0
    told = OutboxMail.objects.filter(kind="events.reminder").values_list("person_key", flat=True)
    assert sorted(told) == sorted(row.person.key for row in rows[:2])


@pytest.mark.parametrize(("days", "again"), [(40, 1), (3, 0), (-1, 0)])
def test_who_was_reminded_before_a_summit_moved_far_is_reminded_of_its_new_days(
    summit: Summit, cast: Cast, register: Register, days: int, again: int
) -> None:
    register(cast.holder)
    with clock.at(in_days(20)):
        actions.remind_registered()
        day = summit.starts + dt.timedelta(days=days)
        values = {"starts": day, "ends": day, "capacity": summit.capacity}
        actions.change_summit(summit, by=cast.office_1.user, values=values, shown=1)
        assert actions.remind_registered() == 0
    with clock.at(in_days(26 + max(days, 0))):
        assert actions.remind_registered() == again
    assert OutboxMail.objects.filter(kind="events.reminder").count() == 1 + again


def test_who_is_still_in_line_at_its_end_is_told_and_gets_no_late_place(
    summit: Summit, holders: Holders, register: Register
) -> None:
    Summit.objects.update(waitlist_ends_at=in_days(20))
    first, _second, third = [register(person) for person in holders(3)]
    with clock.at(in_days(21)):
        assert actions.tell_left_waiting() == 1
        assert actions.tell_left_waiting() == 0
        actions.cancel_registration(first, by=first.person.user)
    third.refresh_from_db()
    assert third.state == "waiting"
    assert OutboxMail.objects.get(kind="events.no_place").person_key == third.person.key


@pytest.mark.parametrize(
    ("zone", "hour", "ends", "last"),
    [
        ("America/Los_Angeles", dt.time(9), dt.timedelta(hours=16), 1),  # 09:00 there
        (
            "America/Los_Angeles",
            dt.time(18),
            dt.timedelta(hours=25),
            0,
        ),  # the program's day after its only one
        ("Pacific/Auckland", None, dt.timedelta(hours=-12), 1),  # the evening before
    ],
)
def test_who_is_still_in_line_when_the_summit_begins_is_told_by_the_clock_of_the_place(
    summit: Summit,
    holders: Holders,
    register: Register,
    zone: str,
    hour: dt.time,
    ends: dt.timedelta,
    last: int,
) -> None:
    day = dt.date(clock.today().year + 1, 7, 1)
    third = [register(person) for person in holders(3)][2]
    Summit.objects.update(zone=zone, starts=day, ends=day + dt.timedelta(days=last), begins_at=hour)
    line_ends = dt.datetime.combine(day, dt.time.min, dt.UTC) + ends
    with clock.at(line_ends - dt.timedelta(minutes=1)):
        assert actions.tell_left_waiting() == 0
    with clock.at(line_ends):
        assert actions.tell_left_waiting() == 1
        assert said_to(third) == ["no_place"]


@pytest.mark.parametrize("moved", [False, True])
def test_who_was_told_that_there_is_no_place_hears_once_that_the_line_goes_on(
    summit: Summit, cast: Cast, holders: Holders, register: Register, moved: bool
) -> None:
    Summit.objects.update(waitlist_ends_at=in_days(20))
    third, fourth = [register(person) for person in holders(4)][2:]
    with clock.at(in_days(21)):
        actions.tell_left_waiting()
        later = {"capacity": 3, **({"place": "Turku"} if moved else {})}
        for shown in (1, 2):
            values = later | {"waitlist_ends_at": in_days(1 + shown)}
            actions.change_summit(summit, by=cast.office_1.user, values=values, shown=shown)
        assert actions.tell_left_waiting() == 0
        assert said_to(third) == (["moved"] if moved else [])  # the third place is theirs
        assert said_to(fourth) == (["moved"] if moved else ["line_goes_on"])
    with clock.at(in_days(25)):
        assert actions.tell_left_waiting() == 1
        assert said_to(fourth) == (["moved", "no_place"] if moved else ["no_place"])


def test_who_was_told_that_there_is_no_place_hears_of_the_line_where_the_move_is_taken_back(
    summit: Summit, cast: Cast, holders: Holders, register: Register
) -> None:
    Summit.objects.update(waitlist_ends_at=in_days(20))
    third = [register(person) for person in holders(3)][2]
    with clock.at(in_days(21)):
        actions.tell_left_waiting()
        steps = [("Turku", 20), ("Tampere", 22), ("Oulu", 22)]  # before any of the mails is sent
        for shown, (place, until) in enumerate(steps, start=1):
            values = {"capacity": 2, "place": place, "waitlist_ends_at": in_days(until - 21)}
            actions.change_summit(summit, by=cast.office_1.user, values=values, shown=shown)
        assert said_to(third) == ["line_goes_on"]


@pytest.mark.parametrize("heard", [False, True])
def test_a_line_that_is_put_back_to_its_old_end_is_told_again_to_whom_it_was_said_to_go_on(
    summit: Summit, cast: Cast, holders: Holders, register: Register, heard: bool
) -> None:
    old, later, ends = in_days(20), in_days(22), OutboxMail.objects.filter(kind="events.no_place")
    Summit.objects.update(waitlist_ends_at=old)
    third = [register(person) for person in holders(3)][2]
    with clock.at(in_days(21)):
        actions.tell_left_waiting()
        for shown, until in enumerate([later, old, later, old], start=1):
            values = {"capacity": 2, "waitlist_ends_at": until}
            actions.change_summit(summit, by=cast.office_1.user, values=values, shown=shown)
            assert said_to(third) == (["line_goes_on"] if until == later else ["no_place"])
            if heard:
                OutboxMail.objects.filter(kind="events.line_goes_on").update(state="sent")
            actions.tell_left_waiting()
    assert ends.count() == (3 if heard else 1)
    goes_on = OutboxMail.objects.filter(kind="events.line_goes_on")
    assert goes_on.count() == (2 if heard else 1)


def said_to(row: Registration) -> list[str]:
    """Kinds of the letters about the line and its place that somebody would get now, were all sent now."""
    found = set()
    for mail in OutboxMail.objects.filter(person_key=row.person.key):
        name = mail.kind.removeprefix("events.")
        with suppress(NothingToSay):
            registry.mails[mail.kind](mail.keys, "en")
            found.add(name)
    return sorted(found & {"moved", "no_place", "line_goes_on"})


def test_nobody_cancels_once_it_has_begun(summit: Summit, cast: Cast, register: Register) -> None:
    row = register(cast.holder)
    with clock.at(in_days(31)), pytest.raises(RuleBroken, match="has begun"):
        actions.cancel_registration(row, by=cast.holder.user)


def test_what_people_said_is_erased_when_the_days_are_over(
    summit: Summit, cast: Cast, register: Register
) -> None:
    register(cast.holder, diet="No nuts", guest_name="Ann", needs="A ramp", shirt="m")
    with clock.at(in_days(61)):
        assert actions.erase_details() == 0
    with clock.at(in_days(63)):
        assert actions.erase_details() == 1
        assert actions.erase_details() == 0
    row = Registration.objects.get()
    assert (row.diet, row.guest_name, row.needs, row.shirt) == ("", "", "", "")
    assert row.state == "registered"


def test_erasing_somebody_frees_their_place(
    summit: Summit, cast: Cast, holders: Holders, register: Register
) -> None:
    own = register(cast.holder, diet="No nuts")
    rows = [register(person) for person in holders(2)]
    erase_person(cast.holder, by=cast.office_1.user)
    own.refresh_from_db()
    assert (own.state, own.diet) == ("cancelled", "")
    assert Registration.objects.get(pk=rows[1].pk).state == "registered"


def test_of_two_registrations_of_one_human_the_better_stays_and_the_other_place_goes_on(
    summit: Summit, cast: Cast, holders: Holders, register: Register
) -> None:
    twin, *others = holders(3)
    rows = [register(cast.holder), register(twin), *map(register, others)]
    elsewhere = make_summit("turku")
    register(twin, of=elsewhere)
    twin.registrations.update(award=None)
    twin.awards.all().delete()  # two awards of one area and term cannot both stay
    merge_persons(cast.holder, twin, by=cast.office_1.user)
    kept = summit.registrations.get(person=cast.holder)
    assert kept.number == rows[0].number
    assert not Registration.objects.filter(person=twin).exists()
    assert cast.holder.registrations.filter(summit=elsewhere).exists()
    assert Registration.objects.get(pk=rows[2].pk).state == "registered"
    assert Registration.objects.get(pk=rows[3].pk).state == "waiting"
