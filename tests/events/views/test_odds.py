"""How the waitlist went the time before, beside a summit that is full."""

import datetime as dt

import pytest
from django.test import Client

from common import clock
from events.models import Registration, Summit
from tests import factories
from tests.events.conftest import make_summit


def line_before(placed: int, in_vain: int) -> None:
    """The summit of the year before: some got a place at once, some after a day, some never."""
    before, joined = make_summit("before", days=-300), clock.now() - dt.timedelta(days=320)
    waits = [dt.timedelta(0)] * 2 + [dt.timedelta(days=1)] * placed + [None] * in_vain
    for number, wait in enumerate(waits, 1):
        Registration.objects.create(
            summit=before, person=factories.PersonFactory(), number=number, joined_at=joined,
            state="waiting" if wait is None else "registered", placed_at=None if wait is None else joined + wait,
        )  # fmt: skip


@pytest.mark.parametrize(("placed", "in_vain", "said"), [(4, 2, True), (2, 2, False)])
def test_a_full_summit_says_how_many_got_a_place_before(
    summit: Summit, client: Client, placed: int, in_vain: int, said: bool
) -> None:
    line_before(placed, in_vain)
    Summit.objects.filter(pk=summit.pk).update(capacity=0)
    text = client.get("/summits/oulu/").text
    assert (f"{placed} of {placed + in_vain} people on it got a place." in text) == said


def test_who_gave_up_while_they_waited_did_not_wait_in_vain(summit: Summit, client: Client) -> None:
    line_before(4, 2)
    Registration.objects.filter(number__gt=6).update(state="cancelled")
    Registration.objects.filter(number=6).update(state="cancelled")  # after a place was theirs
    line_goes_on = Registration.objects.create(
        summit=Summit.objects.get(slug="before"), person=factories.PersonFactory(), number=9,
        joined_at=clock.now() - dt.timedelta(days=320),
    )  # fmt: skip
    Summit.objects.filter(pk=summit.pk).update(capacity=0)
    assert line_goes_on.state == "waiting"
    assert "4 of 5 people on it got a place." in client.get("/summits/oulu/").text


def test_a_summit_with_places_left_says_nothing_of_it(summit: Summit, client: Client) -> None:
    line_before(4, 2)
    assert "got a place" not in client.get("/summits/oulu/").text
