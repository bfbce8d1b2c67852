"""Seeding leaves alone what may be real."""

import pytest

from charter.models import Program
from common.models import DemoMarker
from mvp_program.generating.filling import NothingToFill, fill
from mvp_program.seeding.moving import move_to_today
from mvp_program.seeding.reading import SeedError
from people.actions import create_person
from tests.seeds.conftest import load


def test_a_database_with_people_and_no_marker_is_left_alone(db: None) -> None:
    create_person(name="Somebody Real", by=None)
    with pytest.raises(SeedError, match="holds people and no demo marker"):
        load(demo=True)
    assert not DemoMarker.objects.exists()


def test_the_program_alone_makes_no_demo(db: None) -> None:
    load()
    assert Program.objects.exists()
    assert not DemoMarker.objects.exists()


def test_only_a_demo_is_filled(db: None) -> None:
    load()
    with pytest.raises(NothingToFill, match="seed --demo"):
        fill("S", say=lambda what, count: None)


def test_only_a_demo_is_moved_in_time(db: None) -> None:
    load()
    with pytest.raises(SeedError, match="Only a demo can be moved"):
        move_to_today()
