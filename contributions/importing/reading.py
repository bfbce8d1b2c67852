"""A file, whatever its kind, as rows: those that can be read, and those that are refused with a reason."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.fields import one_line
from common.records import ROWS_AT_MOST, Document, Fields, read_bytes
from common.sheets import plain_cell
from contributions.importing.rows import Known, Refused, Row, column_named, read_row, unread_columns

_NEEDED = ("type", "title", "starts")
_LISTS = ("contributions", "activities", "items", "value")  # where a JSON file keeps its records
_SHOWN = 120


@dataclass
class RefusedRow:
    """A record that cannot be read: its line, what it calls itself, and why."""

    line: int
    title: str
    type_name: str
    day: str
    why: str


@dataclass
class Read:
    """Everything that a file says."""

    rows: list[Row] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_file(name: str, raw: bytes, known: Known) -> Read:
    """Read a whole file. Raises ``RuleBroken`` where it cannot be read at all."""
    document = read_bytes(name, raw, workbooks=True, any_encoding=True)
    records = _records(document)
    if not records:
        raise RuleBroken(_("The file holds no records."))
    if len(records) > ROWS_AT_MOST:
        raise RuleBroken(
            _("The file has %(number)d rows; at most %(most)d can be read at once. Divide it.")
            % {"number": len(records), "most": ROWS_AT_MOST}
        )
    read = Read(remarks=[*document.remarks, *_about_columns(document, known)])
    guarded = name.lower().endswith(".csv")
    for record in records:
        try:
            read.rows.append(read_row(record, known, plain=plain_cell if guarded else str))
        except Refused as refused:
            read.refused.append(_refusal(record, refused))
    return read


def _records(document: Document) -> list[Fields]:
    root = document.root
    if isinstance(root, Fields):
        lists = {name.casefold(): name for name, value in root.items() if isinstance(value, list)}
        for name in _LISTS:
            if name in lists:
                return document.records(lists[name])
    return document.records()


def _about_columns(document: Document, known: Known) -> list[str]:
    """What a table lacks is said once, not row by row; so is what is not read."""
    if not document.columns:
        return []
    found = {column_named(name) for name in document.columns}
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        words = {"type": _("type"), "title": _("title"), "starts": _("date")}
        raise RuleBroken(
            _("Line 1: there is no column for: %(missing)s. There are: %(columns)s.")
            % {
                "missing": ", ".join(words[name] for name in missing),
                "columns": ", ".join(filter(None, document.columns))[:300],
            }
        )
    unread = unread_columns(document.columns, known)
    if not unread:
        return []
    return [
        _("Not read, since nothing here is called so: %(columns)s.") % {"columns": ", ".join(unread)[:300]}
    ]


def _refusal(record: Fields, refused: Refused) -> RefusedRow:
    said = {column_named(name): _words(value) for name, value in record.items() if value is not None}
    return RefusedRow(
        record.line, said.get("title", ""), said.get("type", ""), said.get("starts", ""), refused.sentence
    )


def _words(value: Any) -> str:
    if isinstance(value, Fields):
        return _words(next((part for part in value.values() if isinstance(part, str)), ""))
    return one_line(str(value))[:_SHOWN] if not isinstance(value, list) else ""
