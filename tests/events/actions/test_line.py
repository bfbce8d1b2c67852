"""Places go by the order in which people joined, also when a hundred come at once on connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from common.models import OutboxMail
from events import actions
from events.models import Registration, Summit
from people.models import Person
from tests.events.conftest import make_summit

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """All begin together, each on a connection of its own; results, or what went wrong, in their order.

    The server takes 100 connections, some of them of other tests and their browsers: whoever finds none left waits for
    one, as before a pool.
    """
    gate, results, room = threading.Barrier(len(acts)), [None] * len(acts), threading.Semaphore(60)

    def run(place: int) -> None:
        close_old_connections()
        try:
            gate.wait(60)
            with room:
                try:
                    results[place] = acts[place]()
                finally:
                    connection.close()
        except Exception as broken:
            results[place] = broken  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def joining(summit: Summit, people: list[Person]) -> list[Callable[[], Any]]:
    return [
        lambda person=person: actions.register_for_summit(summit, person, by=person.user, details={})  # type: ignore[misc]
        for person in people
    ]


def test_a_hundred_at_once_for_the_last_ten_places(
    summit: Summit, holders: Callable[[int], list[Person]]
) -> None:
    people = holders(100)
    Summit.objects.update(capacity=10)
    results = at_once(joining(summit, people))
    assert [type(one) for one in results] == [Registration] * 100
    rows = list(summit.registrations.order_by("number"))
    assert [row.number for row in rows] == list(range(1, 101))  # nobody lost, nobody twice
    assert [row.state for row in rows] == ["registered"] * 10 + ["waiting"] * 90
    kinds = OutboxMail.objects.filter(kind__startswith="events.").values_list("kind", flat=True)
    assert sorted(kinds) == ["events.confirmed"] * 10 + ["events.waitlisted"] * 90


def test_places_given_up_at_once_go_to_the_head_of_the_line_each_once(
    summit: Summit, holders: Callable[[int], list[Person]]
) -> None:
    Summit.objects.update(capacity=10)
    rows = [act() for act in joining(summit, holders(30))]
    leaving = [lambda row=row: actions.cancel_registration(row, by=row.person.user) for row in rows[:8]]  # type: ignore[misc]
    more = [lambda row=row: actions.cancel_registration(row, by=row.person.user) for row in rows[12:14]]  # type: ignore[misc]
    assert not [one for one in at_once(leaving + more) if isinstance(one, Exception)]
    held = summit.registrations.filter(state="registered").order_by("number").values_list("number", flat=True)
    assert list(held) == [9, 10, 11, 12, *range(15, 21)]
    assert OutboxMail.objects.filter(kind="events.place_freed").count() == 8 + _freed_then_left(rows[12:14])


def _freed_then_left(rows: list[Registration]) -> int:
    """Those who got a place in the moment before they left the line: their places went on too."""
    return sum(1 for row in Registration.objects.filter(pk__in=[row.pk for row in rows]) if row.placed_at)


def test_a_double_click_is_one_registration(summit: Summit, holders: Callable[[int], list[Person]]) -> None:
    (person,) = holders(1)
    results = at_once(joining(summit, [person] * 4))
    assert summit.registrations.count() == 1
    assert [str(one) for one in results if isinstance(one, Exception)] == ["You have a place already."] * 3


def test_joining_and_leaving_at_once_never_gives_out_more_places_than_there_are(
    holders: Callable[[int], list[Person]], house: Any
) -> None:
    summit, people = make_summit("tampere", capacity=5), holders(24)
    rows = [act() for act in joining(summit, people[:10])]
    leaving = [lambda row=row: actions.cancel_registration(row, by=row.person.user) for row in rows[:5]]  # type: ignore[misc]
    results = at_once([*joining(summit, people[10:]), *leaving])
    assert not [one for one in results if isinstance(one, Exception)]
    held = summit.registrations.filter(state="registered").order_by("number").values_list("number", flat=True)
    assert list(held) == [6, 7, 8, 9, 10]
    assert summit.registrations.filter(state="waiting").count() == 14


def test_leaving_joining_and_more_places_at_the_same_moment_keep_the_order(
    house: Any, cast: Any, holders: Callable[[int], list[Person]]
) -> None:
    summit, people = make_summit("turku", capacity=10), holders(40)
    rows = [act() for act in joining(summit, people[:20])]
    leaves = lambda: actions.cancel_registration(rows[0], by=rows[0].person.user)  # noqa: E731
    grows = lambda: actions.change_summit(summit, by=cast.office_1.user, values={"capacity": 25}, shown=1)  # noqa: E731
    results = at_once([*joining(summit, people[20:]), leaves, grows])
    assert not [one for one in results if isinstance(one, Exception)]
    found = list(summit.registrations.order_by("number"))
    assert [row.number for row in found] == list(range(1, 41))  # nobody lost
    assert [row.state for row in found] == ["cancelled"] + ["registered"] * 25 + ["waiting"] * 14
    told = OutboxMail.objects.filter(kind__in=("events.confirmed", "events.place_freed"))
    keys = [mail.keys["registration"] for mail in told]
    assert sorted(keys) == sorted(row.key for row in found[:26])  # each place was said once
    joined = OutboxMail.objects.filter(kind__in=("events.confirmed", "events.waitlisted"))
    assert len({mail.keys["registration"] for mail in joined}) == joined.count() == 40
