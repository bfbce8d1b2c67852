"""Files as they come: their size, their encoding, their format."""

import re
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.records.fields import Document
from common.records.jsontree import read_json
from common.records.tables import read_csv, read_workbook
from common.records.yamltree import read_yaml

MEGABYTES_AT_MOST = 25

ROWS_AT_MOST = 20_000  # of what people hand in on pages

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


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
        return read_workbook(raw)
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
        ".yml": read_yaml,
        ".yaml": read_yaml,
        ".json": read_json,
        ".csv": read_csv,
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
