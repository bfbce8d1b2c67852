"""Rows that many tests begin with: made by the ORM now and then, put back by one statement for the tests between.

``Kept(build)`` gives what ``build`` gives, with the same rows in the tables and the same changes to what it was
given. A row has the key that it had the first time: a test undoes its rows, and a sequence gives no key twice.
"""

import datetime as dt
import functools
import inspect
import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

import pytest
from django.db import DatabaseError, connection
from psycopg import sql

from common import clock

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[str, dict[str, str]]  # table → primary key → the row, each as PostgreSQL writes it
FRESH = dt.timedelta(seconds=60)  # older rows are made anew: tests ask for "ten days ago" and mean it
FED_BY_TRIGGERS = (
    "common_historywaiting",
    "procrastinate_events",
    "awards_rosterchange",
)  # the last by emptying too


@dataclass
class _Made:
    """``state``: what it gave, and the arguments where it changed them."""

    at: dt.datetime
    state: bytes
    statement: str


class Kept(Generic[P, T]):
    """``build`` reads the database and its arguments alone; these, and what it gives, can be pickled."""

    def __init__(self, build: Callable[P, T]) -> None:
        self.build = build
        self.made: dict[tuple[bytes, int], _Made] = {}  # by arguments and writes before it
        self.last = (b"", 0)  # which of them
        functools.update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        now, asked = clock.now(), pickle.dumps((args, kwargs))
        self.made = {key: one for key, one in self.made.items() if abs(now - one.at) < FRESH}
        made = self.made.get(self.last)
        if not (made and self.last[0] == asked and _put_back(made, self.last[1])):
            of = self.last = asked, _writes.count(kept=False)
            made = self.made.get(of)
            if made:
                with connection.cursor() as cursor:
                    cursor.execute(made.statement)
            else:
                before = _all_rows()
                given = self.build(*args, **kwargs)
                state = _state(given, args, changed=pickle.dumps((args, kwargs)) != asked)
                made = self.made[of] = _Made(now, state, _statement(before, _all_rows()))
            _writes.count(kept=True)
        again: T = _set_state(made.state, args)
        return again


def _put_back(made: _Made, of_others: int) -> bool:
    """Count, put back and count in one message. False behind other writes than then, and all is as it was."""
    if not connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SAVEPOINT putting; {_COUNT}; {made.statement}; {_COUNT}")
        except DatabaseError:
            fits = False
        else:
            before, after = _counts(cursor)
            fits = _writes.note(*before, kept=False) == of_others
            _writes.note(*after, kept=True)
        if not fits:
            cursor.execute("ROLLBACK TO putting; RELEASE putting")
        return fits


def kept_fixture(build: Callable[..., Any]) -> Any:
    """A fixture that gives what ``build`` makes of the fixtures that it names; these, too, can be pickled."""
    kept, names = Kept(build), list(inspect.signature(build).parameters)

    @pytest.fixture(name=build.__name__)
    def give(request: pytest.FixtureRequest) -> Any:
        return kept(*(request.getfixturevalue(name) for name in names))

    return give


class _Pickler(pickle.Pickler):
    """An argument within the result, or within another argument, is that argument."""

    def __init__(self, file: io.BytesIO, args: tuple[Any, ...]) -> None:
        super().__init__(file)
        self.place_of = {id(arg): place for place, arg in enumerate(args)}

    def persistent_id(self, found: Any) -> int | None:
        return self.place_of.get(id(found))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, args: tuple[Any, ...]) -> None:
        super().__init__(file)
        self.args = args

    def persistent_load(self, place: int) -> Any:
        return self.args[place]


def _state(given: Any, args: tuple[Any, ...], *, changed: bool) -> bytes:
    file = io.BytesIO()
    _Pickler(file, args if changed else ()).dump((given, [vars(arg) for arg in args] if changed else []))
    return file.getvalue()


def _set_state(state: bytes, args: tuple[Any, ...]) -> Any:
    given, changed = _Unpickler(io.BytesIO(state), args).load()
    for arg, inside in zip(args, changed, strict=False):
        vars(arg).clear()
        vars(arg).update(inside)
    return given


@dataclass
class _Writes:
    """How many statements wrote in this transaction, but those of the kept: behind them another may be built."""

    transaction: str = ""
    counted: int = 0
    of_others: int = 0

    def count(self, *, kept: bool) -> int:
        if not connection.in_atomic_block:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_COUNT)
            ((transaction, written),) = _counts(cursor)
        return self.note(transaction, written, kept=kept)

    def note(self, transaction: str, written: int, *, kept: bool) -> int:
        if transaction != self.transaction:
            self.transaction, self.counted, self.of_others = transaction, 0, 0
        if not kept:
            self.of_others += written - self.counted
        self.counted = written + 1
        return self.of_others


_COUNT = (
    "SAVEPOINT counting; INSERT INTO django_migrations (app, name, applied) VALUES ('', '', now()) "
    "RETURNING pg_current_xact_id()::text, cmin::text::int; ROLLBACK TO counting; RELEASE counting"
)


def _counts(cursor: Any) -> list[tuple[str, int]]:
    """What each ``_COUNT`` of a message said: the transaction, and the statements that wrote in it."""
    found: list[tuple[str, int]] = []
    while True:
        if cursor.description:
            found += cursor.fetchall()
        if not cursor.nextset():
            return found


_writes = _Writes()


@functools.cache
def _tables() -> dict[str, tuple[str, list[str]]]:
    """Table → its primary key, and its columns but those that PostgreSQL works out."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, key.attname, array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                JOIN pg_attribute key ON key.attrelid = c.oid AND key.attnum = i.indkey[0]
                JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                AND a.attnum > 0 AND a.attgenerated = '' AND NOT a.attisdropped
            GROUP BY 1, 2 ORDER BY 1
        """)
        found = {table: (key, columns) for table, key, columns in cursor.fetchall()}
    fed = {table: found.pop(table) for table in FED_BY_TRIGGERS}
    return {**found, **fed}


def _all_rows() -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', {key}::text, t::text FROM {table} t"
                for table, (key, _columns) in _tables().items()
            )
        )
        rows: Rows = {}
        for table, key, row in cursor.fetchall():
            rows.setdefault(table, {})[key] = row
    return rows


def _statement(before: Rows, after: Rows) -> str:
    """At most three a table. Foreign keys are checked when the transaction ends, so any order will do."""
    parts: list[sql.Composable] = [sql.SQL("SELECT")]
    for table, (key, columns) in _tables().items():
        was, became = before.get(table, {}), after.get(table, {})
        if table in FED_BY_TRIGGERS:  # by the statements before, not as it was
            parts.append(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            was = {}
        names = {"table": sql.Identifier(table), "key": sql.Identifier(key)}
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        if gone := [sql.Literal(row) for pk, row in was.items() if pk not in became]:
            these = "DELETE FROM {table} t USING unnest(ARRAY[{rows}]::{table}[]) r WHERE t.{key} = r.{key}"
            parts.append(sql.SQL(these).format(rows=sql.SQL(", ").join(gone), **names))
        if changed := [sql.Literal(row) for pk, row in became.items() if was.get(pk, row) != row]:
            these = (
                "UPDATE {table} t SET ({columns}) = (SELECT {columns} FROM (SELECT r.*) same) "
                "FROM unnest(ARRAY[{rows}]::{table}[]) r WHERE t.{key} = r.{key}"
            )
            parts.append(sql.SQL(these).format(columns=listed, rows=sql.SQL(", ").join(changed), **names))
        if new := [sql.Literal(row) for pk, row in became.items() if pk not in was]:
            these = "INSERT INTO {table} ({columns}) SELECT {columns} FROM unnest(ARRAY[{rows}]::{table}[])"
            parts.append(sql.SQL(these).format(columns=listed, rows=sql.SQL(", ").join(new), **names))
    return sql.SQL(";\n").join(parts).as_string(connection.connection)
