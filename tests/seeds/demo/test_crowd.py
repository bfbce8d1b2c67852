"""Those of a very large roster whom nothing else knows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from contributions.bulk import ContributionRow
from mvp_program.generating import crowd as crowds
from mvp_program.generating.chance import many_keys
from mvp_program.generating.crowd import Crowd
from mvp_program.generating.people import Someone
from mvp_program.generating.sizes import CrowdSize, read_size
from mvp_program.generating.world import look_around
from mvp_program.seeding.days import Calendar, first_day
from people.models import Person
from people.queries import Slugs

FIGURES = CrowdSize(persons=300, in_force=40, awards=620, contributions=55)


@dataclass
class Invented:
    people: list[Someone]
    activities: list[ContributionRow]
    blocks: int
    this_year: int


def invent() -> Invented:
    day = first_day()
    assert day is not None
    world = look_around(Calendar(day))
    crowd = Crowd(world, replace(read_size("S"), crowd=FIGURES))
    found = Invented([], [], 0, world.calendar.year(0))
    for people in crowd.blocks():
        found.people += people
        found.activities += crowd.activity_rows(people)
        found.blocks += 1
    return found


@pytest.fixture(scope="module")
def twice(_demo_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Invented]]:
    before, crowds.BLOCK = crowds.BLOCK, 100
    with django_db_blocker.unblock(), transaction.atomic():
        yield [invent(), invent()]
        transaction.set_rollback(True)
    crowds.BLOCK = before


@pytest.fixture
def invented(twice: list[Invented], db: None) -> Invented:
    return twice[0]


def test_there_are_as_many_as_the_size_says(invented: Invented) -> None:
    assert len(invented.people) == FIGURES.persons
    assert sum(len(one.years) for one in invented.people) == FIGURES.awards
    assert sum(one.years[-1:] == [invented.this_year] for one in invented.people) == FIGURES.in_force
    assert len(invented.activities) == FIGURES.contributions


def test_they_come_in_blocks(invented: Invented) -> None:
    assert invented.blocks == 3


def test_nobody_holds_two_awards_of_one_year(invented: Invented) -> None:
    assert all(len(one.years) == len(set(one.years)) for one in invented.people)


def test_each_has_an_address_and_a_key_that_nobody_else_has(invented: Invented) -> None:
    slugs, keys = {one.slug for one in invented.people}, {one.key for one in invented.people}
    assert len(slugs) == len(keys) == FIGURES.persons
    assert not Person.objects.filter(slug__in=slugs).exists()
    assert not Person.objects.filter(key__in=keys).exists()


def test_the_same_are_invented_every_time(twice: list[Invented], db: None) -> None:
    first, second = ([(one.slug, one.key, one.city, one.years) for one in run.people] for run in twice)
    assert first == second


def test_what_is_given_out_once_is_taken(invented: Invented) -> None:
    slugs = Slugs()
    taken = Person.objects.order_by("pk").values_list("slug", flat=True)[0]
    name = taken.replace("-", " ")
    assert slugs.take([(name, ""), (name, "")]) == [f"{taken}-2", f"{taken}-3"]


def test_keys_by_the_million_are_all_different_and_none_is_taken() -> None:
    once = list(many_keys(random.Random(1), 8, 30_000))
    again = set(many_keys(random.Random(1), 8, 30_000, taken=once[:10_000]))
    assert len(set(once)) == len(again) == 30_000
    assert not again & set(once[:10_000])
    assert again & set(once[10_000:])


def test_a_size_without_a_crowd_is_all_core() -> None:
    assert read_size("M").core == read_size("M")
    assert read_size("XL").core.persons == read_size("L").persons
