"""The office looks at rows that may be one human."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from people.actions import (
    change_employer,
    create_person,
    erase_person,
    merge_persons,
    rename_person,
    seek_duplicates,
    undo_merge,
)
from people.models import LikePair, Person
from tests.cast import Cast

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
PAGE = "/office/duplicates/"


@pytest.fixture
def known() -> Person:
    return create_person(name="Jānis Ozoliņš", email="janis@school.example", by=None)


def page_of(client: Client) -> str:
    seek_duplicates()
    return client.get(PAGE).content.decode()


@pytest.mark.parametrize("name", ["JANIS OZOLINS", "Ozoliņš Jānis", "Янис Озолиньш", "Janis Ozolin"])
def test_a_like_name_in_any_spelling_stands_there_and_others_do_not(
    name: str, known: Person, cast: Cast, sign_in: SignIn
) -> None:
    create_person(name=name, email="other@home.example", by=None)
    create_person(name="Jana Kalniņa", email="jana@home.example", by=None)
    page = page_of(sign_in(cast.office_1))
    assert "janis@school.example" in page
    assert "other@home.example" in page
    assert "jana@home.example" not in page


def test_one_employer_comes_before_one_country_before_a_likelier_name(
    known: Person, cast: Cast, sign_in: SignIn
) -> None:
    Person.objects.filter(pk=known.pk).update(country="LV")
    change_employer(known, "Riga Lamp Works", by=None)
    exact = create_person(name=known.name, by=None)
    neighbour = create_person(name="Janis Ozolin", country="LV", by=None)
    colleague = create_person(name="Janis Ozolinsh", by=None)
    change_employer(colleague, "riga lamp works", by=None)
    seek_duplicates()
    pairs = sign_in(cast.office_1).get(PAGE).context["page"].object_list
    of_known = [pair for pair in pairs if known in pair.both]
    assert [next(one for one in pair.both if one != known) for pair in of_known] == [
        colleague,
        neighbour,
        exact,
    ]


def test_what_was_joined_or_erased_is_gone_and_an_empty_list_says_so(
    known: Person, cast: Cast, sign_in: SignIn
) -> None:
    twin, third = (create_person(name=known.name, by=None) for _ in range(2))
    seek_duplicates()
    assert LikePair.objects.count() == 3
    merge_persons(known, twin, by=cast.office_1.user)
    erase_person(third, by=None)
    assert "No two names are alike" in page_of(sign_in(cast.office_1))


def test_two_people_are_not_suggested_again(known: Person, cast: Cast, sign_in: SignIn) -> None:
    twin = create_person(name=known.name, by=None)
    seek_duplicates()
    office = sign_in(cast.office_1)
    office.post(f"{PAGE}{LikePair.objects.get().pk}/dismiss/")
    assert twin.key not in page_of(office)
    rename_person(twin, name="Janis Ozolins", by=None)
    assert twin.key not in page_of(office)


@pytest.mark.as_app
def test_who_was_joined_by_mistake_is_not_suggested_again(known: Person, cast: Cast, sign_in: SignIn) -> None:
    twin = create_person(name=known.name, by=None)
    merge_persons(known, twin, by=None)
    undo_merge(known.merges.get(), by=None, reason="They wrote to us.")
    assert twin.key not in page_of(sign_in(cast.office_1))


@pytest.mark.as_app
def test_a_name_that_changed_is_compared_anew_and_others_are_not(known: Person) -> None:
    twin = create_person(name=known.name, by=None)
    assert seek_duplicates() >= 2
    assert seek_duplicates() == 0
    rename_person(twin, name="Rasa Bērziņa", by=None)
    assert seek_duplicates() == 1
    assert not LikePair.objects.exists()


def test_the_auditor_reads_and_does_not_decide(known: Person, cast: Cast, sign_in: SignIn) -> None:
    create_person(name=known.name, by=None)
    for person, may in ((cast.office_1, True), (cast.auditor, False)):
        page = page_of(sign_in(person))
        assert known.key in page
        assert ("/do/merge/" in page) is may
        assert ("/dismiss/" in page) is may
    assert sign_in(cast.nominator).get(PAGE).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_as_many_statements_for_three_rows_as_for_one(
    number: int,
    known: Person,
    cast: Cast,
    sign_in: SignIn,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for place in range(number):
        create_person(name=known.name, email=f"n{place}@home.example", by=None)
    client = sign_in(cast.office_1)
    page_of(client)
    with django_assert_num_queries(9):
        client.get(PAGE)
