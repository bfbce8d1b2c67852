"""Names that may be one human's: suggested for a person to look at, whatever the script and the order."""

from collections.abc import Callable
from typing import Any

import pytest

from people.actions import create_person
from people.duplicates import people_like
from people.likeness import ALIKE, likeness
from people.models import Person


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ágnes Kővári", "Agnes Kovari", True),
        ("Kővári Ágnes", "Ágnes Kővári", True),
        ("Мария Петрова", "Mariya Petrova", True),
        ("Anna Maria van Dijk", "Anna van Dijk", True),  # one set of words lies within the other
        ("Jon Smith", "John Smith", True),
        ("Jon", "Jon Smith", False),  # one word alone says little
        ("Ilmārs Vītolbergs", "Teodora Vasilescu", False),
        ("", "Jon Smith", False),
    ],
)
def test_how_alike_names_are(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= ALIKE) is alike
    assert likeness(one, other) == likeness(other, one)


@pytest.fixture
def people(db: None) -> list[Person]:
    names = ["Ágnes Kővári", "Agnes Kovary", "Agnes Nagy", "Teodora Vasilescu"]
    return [create_person(name=name, by=None) for name in names]


def test_the_likest_come_first_and_others_not(people: list[Person]) -> None:
    found = people_like("Agnes KOVARI", among=Person.objects.all())
    assert [likely.person.name for likely in found] == ["Ágnes Kővári", "Agnes Kovary"]
    assert found[0].score == 100


@pytest.mark.parametrize("name", ["", "…", "%", "x" * 1000, "' OR 1=1"])
def test_odd_names_find_nobody(name: str, people: list[Person]) -> None:
    assert people_like(name, among=Person.objects.all()) == []


def test_it_costs_the_same_for_many(
    people: list[Person], django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(3):
        with django_assert_num_queries(4):  # a savepoint, the threshold, the search, its end
            people_like("Ágnes Kővári", among=Person.objects.all())
        create_person(name="Agnes Kővári", by=None)
