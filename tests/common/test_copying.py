"""Rows by the ten thousand."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from awards.models import Award
from common.copying import indexes_aside
from people.models import Person
from tests.factories import AwardFactory


def indexes() -> set[str]:
    tables = [Award._meta.db_table, Person._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)", [tables])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_indexes_are_away_within_the_block_and_there_behind_it() -> None:
    before = indexes()
    with indexes_aside(Award, Person):
        assert before - indexes() >= {"people_search_trigram", "awards_of_year", "award_terms_never_overlap"}
    assert indexes() == before


@pytest.mark.django_db
def test_terms_that_overlap_are_found_when_the_indexes_are_built() -> None:
    award = AwardFactory()
    days = {"starts": award.starts, "ends": award.starts + dt.timedelta(days=9)}
    with (
        pytest.raises(IntegrityError, match="award_terms_never_overlap"),
        transaction.atomic(),
        indexes_aside(Award),
    ):
        AwardFactory(person=award.person, area=award.area, **days)
