"""COPY writes what the models hold."""

import datetime as dt

import pytest

from awards.bulk import copy_awards
from awards.models import Award
from people.models import Person
from tests.cast import Cast, House


def award(person: Person, house: House, year: int) -> Award:
    return Award(
        person=person,
        area=house.networking,
        category=house.servers,
        area_name=house.networking.name,
        category_name=house.servers.name,
        country="LV",
        starts=dt.date(year, 1, 1),
        first_year=year,
        citation="Tabs\t, lines\n and \\ signs",
    )


def test_copied_awards_read_back_as_written(cast: Cast, house: House) -> None:
    assert copy_awards([award(cast.nominee, house, 2020), award(cast.outsider, house, 2021)]) == 2
    copied = Award.objects.get(person=cast.nominee)
    assert (copied.citation, copied.ends, copied.state) == ("Tabs\t, lines\n and \\ signs", None, "granted")
    assert copied.country == "LV"


def test_a_row_that_asks_the_database_fails_instead_of_waiting_for_ever(cast: Cast, house: House) -> None:
    rows = (award(Person.objects.get(pk=cast.nominee.pk), house, year) for year in (2020, 2021))
    with pytest.raises(RuntimeError, match="being copied"):
        copy_awards(rows)
