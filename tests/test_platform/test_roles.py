"""The two database roles: the application's may read and write rows, and only add to history."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from common import jobs

pytestmark = pytest.mark.django_db


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_tests_run_as_the_owner_of_the_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'common_historyrow'"
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.as_app
def test_the_application_is_no_superuser_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.as_app
@pytest.mark.parametrize("table", ["common_historyrow", "common_historyblock"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {} CASCADE"])
def test_the_application_cannot_change_history(statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(statement.format(table))


@pytest.mark.as_app
def test_the_application_writes_rows_of_every_other_table() -> None:
    execute("DELETE FROM common_sitefact; INSERT INTO common_sitefact VALUES ('a', '1')")
    execute("UPDATE common_sitefact SET value = '2'")


@pytest.mark.as_app
@pytest.mark.parametrize(
    "statement", ["TRUNCATE common_sitefact", "DROP TABLE common_sitefact", "CREATE TABLE mine (a int)"]
)
def test_the_application_cannot_touch_tables_as_such(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(statement)


@pytest.mark.as_app
def test_the_application_queues_jobs() -> None:
    jobs.defer("nominations.lapse")
    execute("UPDATE procrastinate_jobs SET status = 'doing'; DELETE FROM procrastinate_jobs")
