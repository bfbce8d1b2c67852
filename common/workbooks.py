"""Spreadsheets (.xlsx) as records. Nothing in them is run: a formula arrives as the text that it is.

A workbook is a zip of XML. Before anything is unpacked, the sizes that the zip names are looked at; unpacking never
goes past them. Entities are refused by defusedxml, which openpyxl uses where it is installed.
"""

import datetime as dt
import io
import zipfile
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import DEFUSEDXML, load_workbook

from common.errors import RuleBroken
from common.records import ROWS_AT_MOST

COLUMNS_AT_MOST = 100
_UNPACKED_AT_MOST = 150 * 1024 * 1024
_RATIO_AT_MOST = 200
_RATIO_FROM = 1024 * 1024  # small parts of one letter pack better than any bomb
_BLANK_ROWS = 1000  # this many in a row, and the sheet has ended
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

if not DEFUSEDXML:
    raise ImportError("openpyxl reads workbooks safely only beside defusedxml; see requirements.txt.")


def read_rows(raw: bytes) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet that are not blank, each with its number; cells as text, ends of rows cut."""
    if raw.startswith(_OLD_EXCEL):
        raise RuleBroken(
            _("This workbook is of an old kind or has a password. Save it as .xlsx without one.")
        )
    try:
        _look_at_sizes(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise RuleBroken(_("This workbook has no sheet with cells."))
        sheet.reset_dimensions()  # what a file says of its size need not be so
        return _rows(sheet)
    except RuleBroken:
        raise
    except Exception as error:  # openpyxl raises whatever the XML of a damaged file makes it stumble over
        raise RuleBroken(
            _("This is not a workbook that can be read. Open it and save it as .xlsx again.")
        ) from error


def _look_at_sizes(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packs_too_well = any(
        part.file_size > _RATIO_FROM and part.file_size > _RATIO_AT_MOST * max(part.compress_size, 1)
        for part in parts
    )
    if unpacked > _UNPACKED_AT_MOST or packs_too_well or len(parts) > 2000:
        raise RuleBroken(
            _(
                "Unpacked, this workbook would have %(size)d MB. It is not opened; save the sheet as CSV instead."
            )
            % {"size": unpacked // (1024 * 1024)}
        )


def _rows(sheet: Any) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_AT_MOST, values_only=True), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            blank += 1
            if blank >= _BLANK_ROWS:
                break
            continue
        blank = 0
        rows.append((number, texts))
        if len(rows) > ROWS_AT_MOST + 1:
            raise RuleBroken(_("The sheet has more than %(most)d rows; divide it.") % {"most": ROWS_AT_MOST})
    return rows


def _text(cell: Any) -> str:
    """A cell as people would type it: whole numbers without a point, days as 2004-10-21."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(getattr(cell, "text", cell)).strip()
