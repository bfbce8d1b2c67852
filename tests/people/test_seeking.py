"""Likes are sought while others join and erase rows: nothing is written on somebody who is gone."""

from collections.abc import Callable

import pytest
from django.db.models import Q

from common import clock
from people.actions import create_person, erase_person, merge_persons, seek_duplicates, seeking
from people.models import LikePair, Person, SoughtName
from people.queries import like_pairs
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins() -> list[Person]:
    return [create_person(name="Jānis Ozoliņš", by=None) for _ in range(2)]


def nothing_is_noted_of(person: Person) -> bool:
    pairs = LikePair.objects.filter(Q(first=person) | Q(second=person))
    return not pairs.exists() and not SoughtName.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    "goes", [erase_person, lambda row, by: merge_persons(create_person(name="I", by=None), row, by=by)]
)
def test_nothing_is_noted_of_who_went_after_the_names_were_read(
    goes: Callable[..., None], twins: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "names_to_seek", lambda _number: twins[:1])
    goes(twins[0], by=None)
    seek_duplicates()
    assert nothing_is_noted_of(twins[0])


def test_nor_of_a_like_who_was_erased_after_the_index_was_asked(
    twins: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*args, **kwargs):  # type: ignore[no-untyped-def]
        found = people_like(*args, **kwargs)
        erase_person(twins[1], by=None)
        return found

    people_like = seeking.people_like
    monkeypatch.setattr(seeking, "people_like", slowly)
    monkeypatch.setattr(seeking, "names_to_seek", lambda _number: twins[:1])
    seek_duplicates()
    assert SoughtName.objects.filter(person=twins[0]).exists()
    assert nothing_is_noted_of(twins[1])


def test_a_row_that_was_joined_is_in_no_pair(twins: list[Person], cast: Cast) -> None:
    merge_persons(*twins, by=None)
    third = create_person(name="Jānis Ozoliņš", by=None)
    LikePair.objects.create(first=twins[1], second=third, score=100, found_at=clock.now())
    assert not like_pairs(cast.office_1.user).exists()
