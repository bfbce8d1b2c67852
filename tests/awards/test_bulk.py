"""COPY writes what the models hold."""

import datetime as dt

from awards.bulk import copy_awards
from awards.models import Award
from common.bulk import copy_rows, reserve_ids
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
    assert copied.country.code == "LV"


def test_no_rows_are_no_statement(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert copy_rows([]) == 0


def test_reserved_keys_are_written_and_never_given_out_again(db: None) -> None:
    ids = reserve_ids(Person, 2)
    copy_rows(
        Person(pk=pk, slug=f"p{pk}", name="P", languages=["en", "lv"], visibility={"city": "office"})
        for pk in ids
    )
    assert list(Person.objects.order_by("pk").values_list("pk", flat=True)) == ids
    assert Person.objects.get(pk=ids[0]).visibility == {"city": "office"}
    assert Person.objects.create(slug="next", name="N").pk > max(ids)
