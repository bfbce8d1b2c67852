"""The office looks at rows that may be one human."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from people.actions import create_person, merge_persons
from people.models import Person
from tests.cast import Cast

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
PAGE = "/office/duplicates/"


@pytest.fixture
def known() -> Person:
    return create_person(name="Jānis Ozoliņš", email="janis@school.example", by=None)


def test_one_name_in_two_spellings_stands_there_and_others_do_not(
    known: Person, cast: Cast, sign_in: SignIn
) -> None:
    create_person(name="JANIS OZOLINS", email="other@home.example", by=None)
    create_person(name="Jana Ozola", email="jana@home.example", by=None)
    page = sign_in(cast.office_1).get(PAGE).content.decode()
    assert "janis@school.example" in page
    assert "other@home.example" in page
    assert "jana@home.example" not in page


def test_what_was_joined_is_gone_and_an_empty_list_says_so(
    known: Person, cast: Cast, sign_in: SignIn
) -> None:
    twin = create_person(name=known.name, email="other@home.example", by=None)
    merge_persons(known, twin, by=cast.office_1.user)
    assert "No name stands twice" in sign_in(cast.office_1).get(PAGE).content.decode()


def test_the_auditor_reads_and_does_not_join(known: Person, cast: Cast, sign_in: SignIn) -> None:
    create_person(name=known.name, by=None)
    for person, may in ((cast.office_1, True), (cast.auditor, False)):
        page = sign_in(person).get(PAGE).content.decode()
        assert known.key in page
        assert ("/do/merge/" in page) is may
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
    client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(PAGE)
