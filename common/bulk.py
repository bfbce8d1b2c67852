"""Rows by the thousand, written with PostgreSQL's COPY. Only each app's ``bulk.py`` calls this."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Take ``count`` primary keys from the table's sequence, for rows that others point at."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(table), column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(rows: Iterable[Model]) -> int:
    """Write unsaved instances of one model and return how many.

    Constraints and triggers apply; ``save()`` and signals do not run. The first row tells the columns: those
    that the database fills by itself are left out, and the primary key too unless it is set (``reserve_ids``).
    """
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return 0
    columns = [
        field
        for field in first._meta.concrete_fields
        if not isinstance(getattr(first, field.attname), DatabaseDefault)
        and (not field.primary_key or first.pk is not None)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in columns)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(first._meta.db_table)} ({names}) FROM STDIN") as copy,
    ):
        for values in _values(chain([first], remaining), columns):
            copy.write_row(values)
            count += 1
    return count


def _values(rows: Iterable[Model], columns: list[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in columns]
