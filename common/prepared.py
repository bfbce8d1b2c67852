"""Statements of our own that the database plans once a connection rather than at each request.

For the few that every page and act of a reviewer runs: planning a door costs the database several times its execution.
Everything else goes through Django's own cursors, which send values inside the text of a statement, planned each time.

Name the columns of such a statement, and give a parameter alone a type (``%s::bigint``): with ``*`` a kept plan ends
in an error when a migration adds a column.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet


class Kept:
    """A queryset as a statement that is built once a process: ``Kept(lambda: Case.objects.filter(pk=Kept.ANY))``.

    ``fetch(value)`` puts a value in the place of ``ANY``. Nothing else that changes, such as a moment, may be in it.
    """

    ANY = -1

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]]) -> None:
        self._rows = rows

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        return self._rows().query.sql_with_params()

    def fetch(self, value: Any) -> list[tuple[Any, ...]]:
        """The rows for one value, as plain columns."""
        statement, values = self._statement
        return fetch(statement, [value if one == self.ANY else one for one in values])


class _Cursor(ServerBindingCursor):
    """Keeps a prepared statement's text for whoever counts and logs statements, as other cursors do."""

    def _send_query_prepared(self, name: bytes, query: Any, **given: Any) -> None:
        self._query = query
        super()._send_query_prepared(name, query, **given)  # type: ignore[misc]


def cursor() -> Any:
    """As ``connection.cursor()``, for ``with``; counted and logged like it."""
    connection.ensure_connection()
    found: Any = _Cursor(connection.connection)  # type: ignore[call-arg]
    return connection._prepare_cursor(found)  # type: ignore[attr-defined]


def fetch(statement: str, values: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with cursor() as one:
        one.execute(statement, values)
        found: list[tuple[Any, ...]] = one.fetchall()
        return found
