"""The file of an export: one ZIP with everything as JSON, each table as CSV, and a page that says what it is."""

import io
import json
import zipfile
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import translation

from common import clock, registry
from common.held import Row
from common.sheets import write_csv
from people.models import Person


def everything_on(person: Person) -> dict[str, list[Row]]:
    """Table → its rows on this person; a table without any is there too, so that its absence says something."""
    return {
        table: [row for read in readers for row in read(person)]
        for table, readers in sorted(registry.held_on.items())
    }


def pack(person: Person) -> bytes:
    tables = everything_on(person)
    held = json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    with translation.override(person.mail_language or settings.LANGUAGE_CODE):
        about = render_to_string("people/export.txt", {"person": person, "now": clock.now()})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", about)
        archive.writestr("everything.json", held)
        for table, rows in tables.items():
            if rows:
                archive.writestr(
                    f"tables/{table}.csv", _as_csv(json.loads(json.dumps(rows, cls=DjangoJSONEncoder)))
                )
    return file.getvalue()


def _as_csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return write_csv(columns, ([_cell(row.get(name)) for name in columns] for row in rows))


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
