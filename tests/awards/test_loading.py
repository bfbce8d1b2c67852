"""The roster as it is read from the database."""

import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from awards import loading
from awards.loading import read, roster_version
from people.models import Person
from tests.awards.views.test_roster import holder, shown
from tests.cast import Cast, House
from tests.factories import AwardFactory


def test_a_text_with_ends_of_lines_in_it_is_read_as_one(cast: Cast) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(city="Nea\u2028Smyrni\x85\x1c")
    before = read(roster_version())
    assert cast.holder.pk in before.columns.ids


@pytest.mark.django_db(transaction=True)
def test_several_who_come_first_wait_for_one_reading(house: House, monkeypatch: Any) -> None:
    AwardFactory(person=holder("Ann First"), area=house.networking)
    readings, found = [], []
    slowly = loading._read

    def counted(version: tuple[int, int]) -> loading.Loaded:
        readings.append(version)
        time.sleep(0.1)
        return slowly(version)

    def ask() -> None:
        found.append(loading.loaded(loading.roster_version()))
        connection.close()

    monkeypatch.setattr(loading, "_read", counted)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(readings) == 1
    assert len({id(one) for one in found}) == 1


@pytest.mark.parametrize(("seconds", "apart"), [(0.5, 20), (6, 20), (10, 30), (15, 30), (25, 20)])
def test_what_takes_long_is_read_more_seldom_and_never_a_minute_late(seconds: float, apart: float) -> None:
    assert loading._apart(seconds) == apart


@pytest.mark.django_db(transaction=True)
def test_a_process_reads_the_roster_before_anybody_asks(house: House) -> None:
    AwardFactory(person=holder("Ann First"), area=house.networking)
    loading._ahead()
    assert loading._kept is not None
    assert len(loading._kept.columns.ids) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_read_beside_the_requests_takes_their_place(house: House, client: Client) -> None:
    AwardFactory(person=holder("Ann First"), area=house.networking)
    assert shown(client) == ["Ann First"]
    AwardFactory(person=holder("Bea Second"), area=house.networking)
    version = loading.roster_version()
    loading._read_beside(version)
    assert loading._reading is not None
    loading._reading.join(30)
    assert loading._kept is not None
    assert loading._kept.version == version
    assert shown(client, sort="name") == ["Ann First", "Bea Second"]
