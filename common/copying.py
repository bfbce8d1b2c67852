"""Writing rows by the ten thousand: PostgreSQL's COPY, for what is invented or imported in one go.

Only ``<app>/bulk.py`` calls this; everything that happens one at a time is written by actions.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql
from psycopg.types.json import Jsonb


def next_ids(model: type[Model], count: int) -> list[int]:
    """``count`` fresh primary keys, taken from the table's own sequence so that later inserts never meet them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def indexes_aside(*models: type[Model]) -> Iterator[None]:
    """Take away what ``Meta`` says of indexes and of rows that exclude each other, and build it anew behind the block.

    A million rows are written several times as fast so. Call it in a transaction, as the owner of the tables: they are
    locked until its end, and a failure brings the indexes back. Foreign keys are looked at within the block at the
    end of each statement rather than of the transaction.
    """
    excluding = [
        (model, one)
        for model in models
        for one in model._meta.constraints
        if isinstance(one, ExclusionConstraint)
    ]
    indexes = [(model, one) for model in models for one in model._meta.indexes]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows that wait to be looked at hold the table
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    with connection.schema_editor() as editor:
        for model, constraint in excluding:
            editor.remove_constraint(model, constraint)
        for model, index in indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.add_index(model, index)
        for model, constraint in excluding:
            editor.add_constraint(model, constraint)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def copy_in(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY ``rows`` into the model's table; ``columns`` are attribute names such as ``person_id``.

    Columns that are not named get their field's plain default; what the database fills itself is left to it.
    Lists and dicts of JSON columns may be given as they are. Making a row must not ask the database: the
    connection is busy until the last row, and a question would wait for ever; it raises instead.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    constants = [
        (name, field.get_default())
        for name, field in fields.items()
        if name not in columns and not field.primary_key and field.db_default is NOT_PROVIDED
    ]
    names = [*columns, *(name for name, _default in constants)]
    json_places = [place for place, name in enumerate(names) if isinstance(fields[name], JSONField)]
    tail = [default for _name, default in constants]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(fields[name].column)) for name in names]),
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy, connection.execute_wrapper(_busy):
        for row in rows:
            values = [*row, *tail]
            for place in json_places:
                if values[place] is not None:
                    values[place] = Jsonb(values[place])
            copy.write_row(values)
            count += 1
    return count


def _busy(*_question: Any) -> Any:
    raise RuntimeError(
        "The database was asked while rows are being copied into it; read what they need before."
    )
