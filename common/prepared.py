"""Statements of our own that the database plans once a connection rather than at each request.

For the few that every page and act of a reviewer runs: planning a door costs the database several times its execution.
Everything else goes through Django's own cursors, which send values inside the text of a statement, planned each time.

Name the columns of such a statement, and give a parameter alone a type (``%s::bigint``): with ``*`` a kept plan ends
in an error when a migration adds a column.
"""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet
from django.db.models.query import get_related_populators


class Kept:
    """A queryset as a statement that is built once a process: ``Kept(lambda: Case.objects.filter(pk=Kept.ANY))``.

    ``fetch(value)`` puts a value in the place of ``ANY``. Where there are several, ``Kept(rows, Kept.ANY, Kept.ANY_DAY)``
    names them in the order in which ``fetch`` takes their values. Nothing else that changes, such as a moment, may be in it.
    """

    ANY, ANY_WORD, ANY_DAY, ANY_OTHER_DAY = -1, "any word", dt.date(1, 1, 1), dt.date(1, 1, 2)

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]], *places: Any) -> None:
        self._rows, self._places = rows, places or (self.ANY,)

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        return self._rows().query.sql_with_params()

    def fetch(self, *values: Any) -> list[Any]:
        """The rows for these values, as plain columns."""
        statement, given = self._statement
        known = dict(zip(self._places, values, strict=True))
        return fetch(statement, [known.get(one, one) if isinstance(one, _PLACES) else one for one in given])


_PLACES = (int, str, dt.date)


class KeptModels(Kept):
    """The same for models, with what ``select_related`` joins and ``annotate`` adds."""

    @cached_property
    def _compiler(self) -> Any:
        return self._rows().query.get_compiler("default")

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        found: tuple[str, tuple[Any, ...]] = self._compiler.as_sql()
        return found

    @cached_property
    def _parts(self) -> tuple[Any, ...]:
        """As in ``django.db.models.query.ModelIterable``."""
        self._statement  # noqa: B018 - fills what stands below
        compiler = self._compiler
        info, select = compiler.klass_info, compiler.select
        own = info["select_fields"]
        names = [one[0].target.attname for one in select[own[0] : own[-1] + 1]]
        return (
            info["model"],
            slice(own[0], own[-1] + 1),
            names,
            list((compiler.annotation_col_map or {}).items()),
            get_related_populators(info, select, "default"),  # type: ignore[call-arg]  # stubs of a later Django
            compiler.get_converters([one[0] for one in select]),
        )

    def fetch(self, *values: Any) -> list[Any]:
        """The models for these values."""
        return self._models(super().fetch(*values))

    def _models(self, rows: Any) -> list[Any]:
        model, own, names, added, related, converters = self._parts
        if converters:
            rows = self._compiler.apply_converters(rows, converters)
        found = []
        for row in rows:
            one = model.from_db("default", names, row[own])
            for populator in related:
                populator.populate(row, one)
            for name, place in added:
                setattr(one, name, row[place])
            found.append(one)
        return found


class ModelsAndVersion(KeptModels):
    """The same in one statement with the row of another, ``version``, whose one value is the first of ``places``."""

    def __init__(self, version: str, rows: Callable[[], QuerySet[Any, Any]], *places: Any) -> None:
        super().__init__(rows, *places)
        self._version = version

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        statement, given = super()._statement
        # One row beside the others: however they are joined, the others keep their order.
        both = f"SELECT v.*, m.* FROM ({self._version}) v CROSS JOIN ({statement}) m"  # noqa: S608
        return both, (self._places[0], *given)

    def fetch(self, *values: Any) -> tuple[tuple[Any, ...] | None, list[Any]]:  # type: ignore[override]
        """The version and the models; None and none where there is no model."""
        rows = Kept.fetch(self, *values)
        own = len(self._compiler.select)
        version = rows[0][:-own] if rows else None
        return version, self._models([row[-own:] for row in rows])


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
