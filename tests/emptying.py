"""How the tables are emptied behind a test that commits: only those that it filled.

Django truncates every table, then lets post_migrate fill content types and permissions and grant all rights again:
for PostgreSQL that is a thousand new files. Django also leaves the queue's tables as they are, being no models that
it manages, and no test may run another's jobs.
"""

import functools

from django.db import connection, transaction
from django.test import TransactionTestCase

WRITTEN_BY_TRIGGERS = "awards_rosterchange"
MADE_BY_MIGRATING = {"django_migrations", "django_content_type", "auth_permission"}


def empty_what_was_filled(_case: TransactionTestCase) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(_tables())}")  # as TRUNCATE does: what still writes ends first
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _tables())
        )
        filled = [table for (table,) in cursor.fetchall()]
        if guarded := [table for table in filled if table in _guarded()]:
            cursor.execute(f"TRUNCATE {', '.join(guarded)} CASCADE")
        for table in [*filled, WRITTEN_BY_TRIGGERS]:  # last: emptying others adds to it
            cursor.execute(f"DELETE FROM {table}")  # in any order: foreign keys are checked at the end


@functools.cache
def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - MADE_BY_MIGRATING)


@functools.cache
def _guarded() -> set[str]:
    """Those with a trigger before DELETE: history refuses it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 10 = 10"
        )
        return {table for (table,) in cursor.fetchall()}
