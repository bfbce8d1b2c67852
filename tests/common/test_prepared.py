"""Statements of our own: planned once, counted like others, and the same rows as the queryset's."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from awards.models import Award
from common import prepared
from common.prepared import Kept, KeptModels, ModelsAndVersion
from people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db
STATEMENT = "SELECT email FROM accounts_user WHERE id = %s"


def test_a_connection_keeps_the_plan_of_what_it_runs_often():
    user = factories.UserFactory()
    for _time in range(5):
        assert prepared.fetch(STATEMENT, [user.pk]) == [(user.email,)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert ("SELECT email FROM accounts_user WHERE id = $1",) in cursor.fetchall()


def test_each_run_is_counted_with_its_text(django_assert_num_queries):
    with django_assert_num_queries(5) as captured:
        for number in range(5):
            prepared.fetch(STATEMENT, [number])
    assert {query["sql"] for query in captured} == {"SELECT email FROM accounts_user WHERE id = $1"}


def test_a_kept_queryset_is_built_once_and_asked_for_any_value():
    built, users = [], [factories.UserFactory() for _ in range(3)]

    def rows():
        built.append(1)
        return User.objects.filter(pk=Kept.ANY).values_list("email")

    kept = Kept(rows)
    assert [kept.fetch(user.pk) for user in users] == [[(user.email,)] for user in users]
    assert kept.fetch(0) == []
    assert len(built) == 1


def test_kept_models_are_those_of_the_queryset_with_all_that_it_joins():
    award = factories.AwardFactory(country="PT")
    rows = Award.objects.select_related("person", "credential").annotate(spelt=Upper("person__slug"))
    kept = KeptModels(
        lambda: rows.filter(key=Kept.ANY_WORD, starts__lte=Kept.ANY_DAY), Kept.ANY_WORD, Kept.ANY_DAY
    )
    (found,) = kept.fetch(award.key, award.starts)
    with CaptureQueriesContext(connection) as asked:
        assert (found, found.person, found.spelt) == (award, award.person, award.person.slug.upper())
        assert (found.country.code, found.person.visibility) == ("PT", {})
        assert not hasattr(found, "credential")
    assert not asked.captured_queries
    assert kept.fetch(award.key, award.starts - dt.timedelta(days=1)) == []
    assert kept.fetch("another", award.starts) == []


def test_a_column_that_a_kept_model_left_out_is_read_when_it_is_asked_for():
    person = factories.PersonFactory(biography="Long")
    kept = KeptModels(lambda: Person.objects.filter(pk=Kept.ANY).defer("biography"))
    (found,) = kept.fetch(person.pk)
    assert found.get_deferred_fields() == {"biography"}
    assert found.biography == "Long"


def test_models_come_with_their_version_in_their_order_or_without_it_where_there_are_none():
    person = factories.PersonFactory()
    awards = [
        factories.AwardFactory(person=person, first_year=year, last_year=year) for year in (2003, 2001, 2002)
    ]
    kept = ModelsAndVersion(
        "SELECT p.slug, p.id FROM people_person p WHERE p.id = %s",
        lambda: Award.objects.filter(person=Kept.ANY).select_related("person").order_by("first_year"),
    )
    version, found = kept.fetch(person.pk)
    assert version == (person.slug, person.pk)
    assert found == sorted(awards, key=lambda award: award.first_year)
    assert found[0].person == person
    assert kept.fetch(0) == (None, [])
