"""Contributions by the thousand, generated and imported: rows as plain values, written in single statements."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from psycopg import sql

from common.copying import copy_in, next_ids
from contributions.models import Contribution, ImportRow


class ContributionRow(NamedTuple):
    id: int
    key: str
    person_id: int
    type_id: int
    area_id: int
    title: str
    url: str
    starts: dt.date
    description: str = ""
    quantity: int | None = None
    second_quantity: int | None = None
    reach: int | None = None
    hours: int | None = None
    visibility: str = "everyone"


def copy_contributions(rows: Iterable[ContributionRow]) -> int:
    return copy_in(Contribution, ContributionRow._fields, rows)


def copy_entries(person_id: int, entries: Sequence[Mapping[str, Any]]) -> None:
    """Entries as columns → values (see ``snapshots``), each with its ``key``; ``more_areas`` is a list of ids."""
    columns = sorted({name for entry in entries for name in entry} - {"more_areas"})
    fields = {field.attname: field for field in Contribution._meta.concrete_fields}
    default = {name: fields[name].get_default() for name in columns}
    ids = next_ids(Contribution, len(entries))
    rows = (
        [pk, person_id, *(fields[name].to_python(entry.get(name, default[name])) for name in columns)]
        for pk, entry in zip(ids, entries, strict=True)
    )
    copy_in(Contribution, ["id", "person_id", *columns], rows)
    _put_areas({pk: entry.get("more_areas", []) for pk, entry in zip(ids, entries, strict=True)})


def update_entries(changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Key of a row → the columns that change, as JSON holds them. One statement for each set of columns."""
    sets: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for pk, values in changes.items():
        columns = tuple(sorted(set(values) - {"more_areas"}))
        sets.setdefault(columns, []).append({"id": pk, **{name: values[name] for name in columns}})
    table = sql.Identifier(Contribution._meta.db_table)
    for columns, rows in sets.items():
        if not columns:
            continue
        assigned = sql.SQL(", ").join(
            [sql.SQL("{0} = said.{0}").format(sql.Identifier(name)) for name in columns]
        )
        statement = sql.SQL(
            "UPDATE {table} AS held SET {assigned} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS said"
            " WHERE held.id = said.id"
        ).format(table=table, assigned=assigned)
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(rows)])
    areas = {pk: values["more_areas"] for pk, values in changes.items() if "more_areas" in values}
    Contribution.more_areas.through.objects.filter(contribution__in=list(areas)).delete()
    _put_areas(areas)


def _put_areas(areas: Mapping[int, Sequence[int]]) -> None:
    through = Contribution.more_areas.through
    through.objects.bulk_create(
        [through(contribution_id=pk, area_id=area) for pk, held in areas.items() for area in held],
        batch_size=2000,
    )


def copy_import_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """Rows of a checked file."""
    return copy_in(ImportRow, columns, ([row[name] for name in columns] for row in rows))
