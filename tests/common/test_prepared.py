"""Statements of our own: planned once, counted like others, and the same rows as the queryset's."""

import pytest
from django.db import connection

from accounts.models import User
from common import prepared
from common.prepared import Kept
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
