"""CSV and workbooks: a first row that names the columns, and a record a row."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.records.fields import Document, Fields

_CELL = 100_000


def read_csv(text: str) -> Document:
    """The first line names the columns; separated by comma, semicolon or tab, whichever it has most of."""
    head = text.lstrip("\n\r").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    rows: list[Fields] = []
    for line, cells in _numbered(reader):
        if not columns:
            columns = _columns(cells, line)
        else:
            rows.append(_row(cells, columns, line))
    return Document(rows, columns)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with the line it begins on."""
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise RuleBroken(
                _("Line %(line)d: this is not valid CSV: %(problem)s.") % {"line": begins, "problem": error}
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _columns(cells: list[str], line: int) -> list[str]:
    columns = [cell.strip() for cell in cells]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RuleBroken(
            _("Line %(line)d: the column “%(name)s” stands there twice.") % {"line": line, "name": twice[0]}
        )
    return columns


def _row(cells: list[str], columns: list[str], line: int) -> Fields:
    row = Fields(line)
    if len(cells) != len(columns):
        row.problem = _("This row has %(cells)d cells, the first line names %(columns)d columns.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
    for name, cell in zip(columns, cells, strict=False):
        if name:
            row.add(name, cell.strip() or None)
    return row


def read_workbook(raw: bytes) -> Document:
    """The first sheet; its first row names the columns."""
    from common.workbooks import read_rows  # openpyxl is loaded by those who need it

    rows = read_rows(raw)
    if not rows:
        raise RuleBroken(_("The first sheet of the workbook is empty."))
    columns = _columns(rows[0][1], rows[0][0])
    return Document([_sheet_row(cells, columns, line) for line, cells in rows[1:]], columns)


def _sheet_row(cells: list[str], columns: list[str], line: int) -> Fields:
    """Cells that are empty at the end of a row are not written in a workbook."""
    return _row(cells + [""] * (len(columns) - len(cells)), columns, line)
