"""Sets a certificate or a letter: tagged PDF by the rules of PDF/UA-1, with the fonts of ``fonts.py`` and no other."""

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from awards.papers import fonts

HERE = Path(__file__).resolve().parent
STANDARDS: Any = ["ua-1"]  # typst names them one by one
CERTIFICATE, LETTER = "certificate", "letter"


def set_paper(template: str, words: Mapping[str, Any], *, address: str) -> bytes:
    """The PDF of ``certificate.typ`` or ``letter.typ``. ``words`` are data and never read as markup; ``address`` is what its code
    opens. Raises ``typst.TypstError`` where the result would not be accessible, which a sign without a font is not."""
    facts = {
        **{name: _printable(said) for name, said in words.items()},
        "address": address,
        "code": code(address),
    }
    inputs = {"facts": json.dumps(facts, ensure_ascii=False)}
    content = _compiler(template).compile(format="pdf", pdf_standards=STANDARDS, sys_inputs=inputs)
    assert isinstance(content, bytes)  # noqa: S101 - a list would be pages as pictures
    return content


def code(address: str) -> str:
    """The QR code of an address as SVG, for paper: without a ground of its own."""
    return _drawn(address, border=0)


def code_on_screen(address: str) -> str:
    """The same for a page in any scheme: on white, with its margin, as large as its place."""
    return _drawn(address, border=2, light="#fff", omitsize=True)


def _drawn(address: str, **options: Any) -> str:
    file = io.BytesIO()
    segno.make(address, error="m").save(file, kind="svg", xmldecl=False, dark="#14202b", **options)
    return file.getvalue().decode()


def _printable(said: Any) -> Any:
    if isinstance(said, list):
        return [_printable(one) for one in said]
    return fonts.printable(said) if isinstance(said, str) else said


@cache
def _compiler(template: str) -> typst.Compiler:
    """Reads the fonts once a process."""
    return typst.Compiler(
        HERE / f"{template}.typ", root=HERE, font_paths=fonts.folders(), ignore_system_fonts=True
    )
