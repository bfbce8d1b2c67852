"""What saves time among the fixtures changes nothing that a test finds."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from common import clock, history, jobs
from people.models import Person
from tests.cast import make_cast, make_house
from tests.emptying import empty_what_was_filled
from tests.kept import FRESH, Kept
from tests.world import make_world

# A transaction undone within another leaves its changes counted.
IN_ITS_OWN_TRANSACTIONS = pytest.mark.django_db(transaction=True)
NOW = clock.now()  # on a slow machine rows grow old between two rounds


def everything() -> dict[str, list[str]]:
    """Table → its rows as PostgreSQL writes them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


@IN_ITS_OWN_TRANSACTIONS
def test_rows_are_put_back_as_they_were_made() -> None:
    house, cast = Kept(make_house.build), Kept(make_cast.build)
    found = []
    for _time in range(2):
        with transaction.atomic(), clock.at(NOW):
            program = house()
            people = cast(program)
            found.append((everything(), program, people, people.office_1.user))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert any("Hana Procházková" in row for row in found[0][0]["people_person"])


@IN_ITS_OWN_TRANSACTIONS
def test_rows_that_were_changed_are_put_back_and_so_is_what_stands_for_them() -> None:
    world = Kept(make_world.build)
    found, days = [], []
    for _time in range(2):
        with transaction.atomic(), clock.at(NOW):
            house = make_house()
            cast = make_cast(house)
            made = world(house, cast)
            assert made.house is house
            assert made.people["nominee"] is cast.nominee
            assert made.case.candidacy.stage.pk == house.score.pk
            assert house.score.state == "open"
            days.append(house.score.opens_at)
            found.append((everything(), made.case.nomination, house, cast, made.tokens))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert days[0] == days[1]
    [kept] = world.made.values()
    assert "UPDATE" in kept.statement


@IN_ITS_OWN_TRANSACTIONS
def test_rows_are_made_anew_behind_other_rows_than_before() -> None:
    world, made = Kept(make_world.build), []
    for number in range(3):
        with transaction.atomic(), clock.at(NOW):
            house = make_house()
            cast = make_cast(house)
            if number == 2:
                Person.objects.update(city="Cēsis")
            made.append(world(house, cast).case.nomination.pk)
            transaction.set_rollback(True)
    assert made[0] == made[1] != made[2]


@IN_ITS_OWN_TRANSACTIONS
def test_rows_are_made_anew_once_they_are_old_or_for_another_house() -> None:
    house, cast = Kept(make_house.build), Kept(make_cast.build)
    cycles = []
    for days in (0, 0, 1, 2):
        with transaction.atomic(), clock.at(dt.datetime(2030, 5, 1 + days, tzinfo=dt.UTC)):
            program = house()
            assert cast(program).holder.awards.filter(area=program.networking).count() == 4
            cycles.append(program.cycle)
            transaction.set_rollback(True)
    assert len({cycle.pk for cycle in cycles}) == 3
    assert cycles[-1].opens_at - cycles[0].opens_at > FRESH


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_behind_a_test_that_commits(cast: object) -> None:
    kinds = ContentType.objects.count()
    history.record("cycle", "next", "open", by=None)
    history.seal()
    jobs.defer("common.send_outbox")
    empty_what_was_filled(TransactionTestCase())
    assert {table for table, rows in everything().items() if rows} == {
        "auth_permission",
        "django_content_type",
        "django_migrations",
    }
    assert ContentType.objects.count() == kinds
