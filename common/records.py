"""Records of a file that somebody hands in: YAML, JSON, CSV or a workbook, each with the line it stands on.

Every value arrives as text (``None`` where nothing stands): who reads a record decides what is a number. So
``NO`` stays a country and ``02005`` a mistake that can be shown. What is wrong with the file as a whole raises
``RuleBroken`` with a sentence; what is wrong with one record lies in its ``problem``.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from common.errors import RuleBroken

MEGABYTES_AT_MOST = 25
ROWS_AT_MOST = 20_000  # of what people hand in on pages
_DEPTH = 12
_CELL = 100_000
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_YAML_EVENTS = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML_NOTHING = {"", "~", "null", "Null", "NULL"}


class Fields(dict[str, Any]):
    """Named values, perhaps nested, with their lines where the format tells them."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.problem = ""

    def add(self, name: str, value: Any, line: int = 0) -> None:
        """Add a value; a name that comes twice is the record's problem."""
        if name in self and not self.problem:
            self.problem = _("“%(name)s” stands here twice.") % {"name": name}
        self[name] = value
        self.lines[name] = line or self.line

    def find(self, path: str) -> Any:
        """The value at ``country.nomination``; ``None`` where a step is missing."""
        return self._walk(path)[0]

    def line_of(self, path: str) -> int:
        """The line of the value at ``path``, or of the nearest thing around it."""
        return self._walk(path)[1]

    def _walk(self, path: str) -> tuple[Any, int]:
        if path in self:
            return self[path], self.lines.get(path, self.line)
        here: Any = self
        line = self.line
        for step in path.split("."):
            if not isinstance(here, Fields) or step not in here:
                return None, line
            line = here.lines.get(step, line)
            here = here[step]
        return here, line


@dataclass
class Document:
    """A file that was read. ``columns`` are those of a table, ``root`` is what stands at the top.

    ``remarks`` say what whoever handed it in should look at.
    """

    root: Any
    columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def records(self, at: str = "") -> list[Fields]:
        """The list at the dotted path ``at``; a table has its rows at the top."""
        here = self.root
        for step in at.split(".") if at and not self.columns else []:
            here = here.get(step) if isinstance(here, Fields) else None
        if not isinstance(here, list):
            raise RuleBroken(_no_list(self.root, at))
        return [item if isinstance(item, Fields) else _stray(item) for item in here]


class Text(str):
    """A plain text in a list, with its line."""

    line: int

    @classmethod
    def at(cls, line: int, value: str) -> "Text":
        text = cls(value)
        text.line = line
        return text


def read(path: Path) -> Document:
    """Read a file by the ending of its name. Its size is looked at before a single byte is."""
    _reader_of(path.name, workbooks=False)
    return read_bytes(path.name, bytes_of(path))


def bytes_of(path: Path) -> bytes:
    """What stands in a file that is not too large."""
    try:
        if not path.is_file():
            raise RuleBroken(_("There is no file %(path)s.") % {"path": path})
        refuse_large(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise RuleBroken(_("The file cannot be read: %(why)s.") % {"why": error.strerror}) from error


def refuse_large(size: int) -> None:
    """``size`` in bytes."""
    if size > MEGABYTES_AT_MOST * 1024 * 1024:
        raise RuleBroken(
            _("The file has %(size)d MB; at most %(most)d MB can be read at once. Divide it.")
            % {"size": size // (1024 * 1024), "most": MEGABYTES_AT_MOST}
        )


def read_bytes(name: str, raw: bytes, *, workbooks: bool = False, any_encoding: bool = False) -> Document:
    """Read what was handed in under ``name``. ``workbooks``: .xlsx too; ``any_encoding``: not only UTF-8."""
    reader = _reader_of(name, workbooks=workbooks)
    if not raw.strip():
        raise RuleBroken(_("The file is empty."))
    if reader is None:
        return _read_workbook(raw)
    if raw.startswith(b"PK\x03\x04"):
        raise RuleBroken(_("This is not a text but a zip or a workbook, whatever its name says."))
    text, remarks = _decoded(raw) if any_encoding else (_utf8(raw), [])
    if found := _NO_TEXT.search(text):
        raise RuleBroken(
            _("Line %(line)d: the character U+%(code)04X has no place in a text.")
            % {"line": text.count("\n", 0, found.start()) + 1, "code": ord(found[0])}
        )
    if not text.strip():
        raise RuleBroken(_("The file is empty."))
    document = reader(text)
    if document.root is None:
        raise RuleBroken(_("The file is empty."))
    document.remarks += remarks
    return document


def _reader_of(name: str, *, workbooks: bool) -> "Callable[[str], Document] | None":
    readers: dict[str, Callable[[str], Document] | None] = {
        ".yml": _read_yaml,
        ".yaml": _read_yaml,
        ".json": _read_json,
        ".csv": _read_csv,
    }
    if workbooks:
        readers[".xlsx"] = None
    suffix = Path(name).suffix.lower()
    if suffix not in readers:
        raise RuleBroken(
            _("The name of the file has to end in .csv, .xlsx, .json, .yml or .yaml.")
            if workbooks
            else _("The name of the file has to end in .yml, .yaml, .json or .csv.")
        )
    return readers[suffix]


def _utf8(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RuleBroken(_("Line 1: the file is UTF-16. Save it as UTF-8 and try again."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleBroken(
            _("Line %(line)d: the file is not UTF-8 (byte 0x%(byte)02X). Save it as UTF-8 and try again.")
            % {"line": raw.count(b"\n", 0, error.start) + 1, "byte": raw[error.start]}
        ) from error


def _decoded(raw: bytes) -> tuple[str, list[str]]:
    """Text in the encoding that its marks and bytes show, with a remark where that is a guess."""
    for mark, name in (
        ("\ufeff".encode("utf-32"), "utf-32"),
        ("\ufeff".encode("utf-16"), "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), []
    even, odd = raw[0:400:2].count(0), raw[1:400:2].count(0)
    if max(even, odd) > len(raw[:400]) / 5:
        return raw.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace"), []
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        remark = _(
            "The file is not UTF-8. It was read as Windows-1252; look whether letters with accents are right."
        )
        return raw.decode("cp1252", errors="replace"), [remark]


def _no_list(root: Any, at: str) -> str:
    if at:
        return _("The file has no list of records at “%(at)s”.") % {"at": at}
    names = ", ".join(list(root)[:5]) if isinstance(root, Fields) else _("a single text")
    return _("The file should be a list of records; at its top stands: %(names)s.") % {"names": names}


def _stray(item: Any) -> Fields:
    record = Fields(item.line if isinstance(item, Text) else 1)
    record.problem = _("A record has to be a set of named values.")
    return record


# YAML


def _read_yaml(text: str) -> Document:
    """One document of plain values. Aliases are refused: nine lines of them can ask for gigabytes."""
    try:
        return Document(_YamlTree().build(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RuleBroken(
            _("Line %(line)d: this is not valid YAML: %(problem)s.")
            % {"line": mark.line + 1 if mark else 1, "problem": error.problem or error.context}
        ) from error
    except yaml.YAMLError as error:
        raise RuleBroken(_("This is not valid YAML: %(problem)s.") % {"problem": error}) from error


class _YamlTree:
    """Builds nested values from the parser's events, without recursion and without resolving types."""

    def __init__(self) -> None:
        self.open: list[Fields | list[Any]] = []
        self.names: list[tuple[str, int] | None] = []
        self.root: Any = None
        self.documents = 0

    def build(self, text: str) -> Any:
        for event in yaml.parse(text, Loader=_YAML_EVENTS):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent):
                self._count_document(line)
            elif isinstance(event, yaml.AliasEvent):
                raise RuleBroken(
                    _("Line %(line)d: the alias *%(name)s. Aliases are not read; write the value out.")
                    % {"line": line, "name": event.anchor}
                )
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.MappingStartEvent):
                self._begin(Fields(line), line)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._begin([], line)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.open.pop()
                self.names.pop()
        return self.root

    def _count_document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise RuleBroken(
                _("Line %(line)d: a second document begins here. One file holds one.") % {"line": line}
            )

    def _begin(self, container: "Fields | list[Any]", line: int) -> None:
        if len(self.open) >= _DEPTH:
            raise RuleBroken(_("Line %(line)d: too deeply nested.") % {"line": line})
        self._put(container, line)
        self.open.append(container)
        self.names.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        here = self.open[-1] if self.open else None
        if isinstance(here, Fields) and self.names[-1] is None:
            self.names[-1] = (event.value, line)
            return
        nothing = event.implicit[0] and event.value in _YAML_NOTHING
        if isinstance(here, list):
            here.append(Text.at(line, "" if nothing else event.value))
        else:
            self._put(None if nothing else event.value, line)

    def _put(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        here = self.open[-1]
        if isinstance(here, list):
            here.append(value)
        elif (name := self.names[-1]) is None:
            raise RuleBroken(_("Line %(line)d: a name has to be a plain text.") % {"line": line})
        else:
            here.add(name[0], value, name[1])
            self.names[-1] = None


# JSON


def _read_json(text: str) -> Document:
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
        return Document(_JsonTree(text).value())
    except json.JSONDecodeError as error:
        raise RuleBroken(
            _("Line %(line)d: this is not valid JSON: %(problem)s.")
            % {"line": error.lineno, "problem": error.msg}
        ) from error
    except RecursionError as error:
        raise RuleBroken(_("This JSON is too deeply nested.")) from error


def _no_number(name: str) -> None:
    raise RuleBroken(_("This is not valid JSON: %(name)s is no number.") % {"name": name})


class _JsonTree:
    """Walks a text that is known to be valid JSON, for the lines that ``json`` does not tell."""

    _gap = re.compile(r"[ \t\r\n]*")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.line = 1
        self.depth = 0
        self.scalar = json.JSONDecoder(parse_int=str, parse_float=str)

    def value(self) -> Any:
        sign = self._peek()
        if sign not in "{[":
            return self._scalar()
        self.depth += 1
        if self.depth > _DEPTH:
            raise RuleBroken(_("Line %(line)d: too deeply nested.") % {"line": self.line})
        self._go(self.place + 1)
        container = self._fields() if sign == "{" else self._list()
        self._go(self.place + 1)
        self.depth -= 1
        return container

    def _fields(self) -> Fields:
        fields = Fields(self.line)
        while self._peek() != "}":
            line, name = self.line, str(self._scalar())
            self._skip(":")
            fields.add(name, self.value(), line)
            self._skip(",")
        return fields

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while self._peek() != "]":
            line, item = self.line, self.value()
            items.append(Text.at(line, item or "") if item is None or isinstance(item, str) else item)
            self._skip(",")
        return items

    def _scalar(self) -> str | None:
        found, end = self.scalar.raw_decode(self.text, self.place)
        self._go(end)
        return {True: "true", False: "false", None: None}[found] if not isinstance(found, str) else found

    def _peek(self) -> str:
        """The next sign that is no white space."""
        self._go(self._gap.match(self.text, self.place).end())  # type: ignore[union-attr]
        return self.text[self.place]

    def _skip(self, sign: str) -> None:
        if self._peek() == sign:
            self._go(self.place + 1)

    def _go(self, place: int) -> None:
        self.line += self.text.count("\n", self.place, place)
        self.place = place


# CSV


def _read_csv(text: str) -> Document:
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


# Workbooks


def _read_workbook(raw: bytes) -> Document:
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
