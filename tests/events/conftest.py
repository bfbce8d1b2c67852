"""A summit whose registration is open, and holders who may come."""

import datetime as dt
from collections.abc import Callable

import pytest

from charter.models import Agreement
from common import clock
from events.actions import register_for_summit
from events.models import Registration, Summit
from people.models import Person
from tests import factories
from tests.cast import House

MakeSummit = Callable[..., Summit]
Register = Callable[..., Registration]


def make_summit(slug: str = "oulu", days: int = 30, **fields) -> Summit:
    """From ``days`` on for two days; registration is open."""
    day, now = clock.today() + dt.timedelta(days=days), clock.now()
    values = {
        "name": "Oulu Summit", "place": "Oulu", "country": "FI", "zone": "Europe/Helsinki", "capacity": 2,
        "starts": day, "ends": day + dt.timedelta(days=1), "registration_opens_at": now - dt.timedelta(days=5),
    }  # fmt: skip
    return Summit.objects.create(slug=slug, **{**values, **fields})


@pytest.fixture
def summit(house: House) -> Summit:
    return make_summit()


@pytest.fixture
def terms(house: House, summit: Summit) -> Agreement:
    """What the summit asks to be signed."""
    summit.agreement = Agreement.objects.create(
        kind="non-disclosure",
        version="1",
        title="Non-disclosure",
        body="Keep it.",
        valid_from=dt.date(2004, 1, 1),
    )
    summit.save()
    return summit.agreement


@pytest.fixture
def holders(house: House) -> Callable[[int], list[Person]]:
    def make(count: int) -> list[Person]:
        people = [factories.make_person(f"Holder {n}", f"holder-{n}@community.example") for n in range(count)]
        for person in people:
            factories.AwardFactory(person=person, area=house.networking, region=house.baltics)
        return people

    return make


@pytest.fixture
def register(summit: Summit) -> Register:
    def join(person: Person, *, of: Summit = summit, **details: str) -> Registration:
        return register_for_summit(of, person, by=person.user, details=details)

    return join
