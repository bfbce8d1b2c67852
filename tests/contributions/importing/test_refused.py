"""Rows and files that are refused, each with a clear sentence, and nothing is written."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError

from common.records import reading
from contributions.models import Contribution
from tests.contributions.importing.conftest import Import, table, workbook


def row(**changes: Any) -> str:
    record = {"type": "Article", "title": "A", "date": "2004-10-21", "link": "", "reach": ""} | changes
    return table(list(record.values()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"type": ""}, "There is no type."),
        ({"type": "Blog pots"}, "“Blog pots” is not a type. The nearest is “Blog post”."),
        ({"type": "Juggling"}, "“Juggling” is not a type."),
        ({"type": "Blog post"}, "“Blog post” needs a link."),
        ({"title": " "}, "There is no title."),
        ({"title": "x" * 251}, "A title has at most 250 characters; this one has 251."),
        ({"date": ""}, "There is no date."),
        ({"date": "31 Feb 2004"}, "This date does not exist. February 2004 ended on the 29."),
        ({"date": "03/04/2004"}, "“03/04/2004” can be read in two ways. Write 2004-04-03 or 2004-03-04."),
        ({"date": "2001"}, "A year is not enough; write a day, such as 2001-06-30."),
        ({"date": "3999-01-01"}, "3999-01-01 lies in the future."),
        ({"date": "1869-01-01"}, "The year 1869 is too long ago."),
        ({"date": "soon"}, "“soon” is no date."),
        ({"link": "javascript:alert(1)"}, "is not a web address."),
        ({"reach": "many"}, "“many” is no whole number (views)."),
        ({"reach": "-4"}, "“-4” is no whole number (views)."),
        ({"reach": "=1+1"}, "“=1+1” is no whole number (views)."),
        ({"reach": "9" * 30}, "is too large (views)."),
    ],
    ids=str,
)
def test_a_row_is_refused_with_a_reason(changes: dict[str, Any], sentence: str, load: Import) -> None:
    said = load(row(**changes))
    assert sentence in said
    assert said.splitlines()[-1] == "new 0, same 0, changed 0, refused 1"
    assert not Contribution.objects.exists()


def zipped(**parts: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return raw.getvalue()


def with_entities() -> bytes:
    """A good workbook whose sheet begins with entities that would grow."""
    raw, bad = io.BytesIO(workbook(["Article", "A", "2004-10-21", "", ""])), io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + content
            new.writestr(name, content)
    return bad.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("log.txt", lambda: b"x", "has to end in .csv, .xlsx, .json, .yml or .yaml"),
        ("log.csv", lambda: b"", "The file is empty."),
        ("log.csv", lambda: b"\n \n", "The file is empty."),
        ("log.csv", lambda: b"type,title,date\n", "The file holds no records."),
        ("log.csv", lambda: b"title,when\nA,B\n", "there is no column for: type, date"),
        (
            "log.csv",
            lambda: b"type,title,date\nArticle,a\x00b,2004-10-21\n",
            "Line 2: the character U\\+0000",
        ),
        ("log.csv", lambda: zipped(a=b"b"), "not a text but a zip"),
        ("log.json", lambda: b"{", "not valid JSON"),
        ("log.json", lambda: b'{"a": 1}', "should be a list of records"),
        ("log.json", lambda: b"[" * 5000, "not valid JSON|too deeply"),
        ("log.yaml", lambda: b"- &a [x]\n- *a\n", "Aliases are not read"),
        ("log.yaml", lambda: b"!!python/object/apply:os.system id", "should be a list"),
        ("log.xlsx", lambda: b"type,title", "not a workbook"),
        ("log.xlsx", lambda: b"\xd0\xcf\x11\xe0old", "of an old kind or has a password"),
        ("log.xlsx", lambda: zipped(a=b"b"), "not a workbook"),
        ("log.xlsx", lambda: zipped(bomb=b"0" * 30_000_000), "Unpacked, this workbook would have 28 MB"),
        ("log.xlsx", lambda: with_entities(), "not a workbook that can be read"),
        ("log.xlsx", lambda: workbook(), "The file holds no records"),
    ],
    ids=lambda value: "file" if callable(value) else value,
)
def test_a_file_is_refused_with_a_reason(
    name: str, make: Callable[[], bytes], sentence: str, load: Import
) -> None:
    with pytest.raises(CommandError, match=sentence):
        load(make(), name)


def test_a_large_file_is_not_even_opened(load: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MEGABYTES_AT_MOST", 0)
    with pytest.raises(CommandError, match="The file has 0 MB; at most 0 MB"):
        load("x" * 100)


def test_more_rows_than_can_be_read_are_refused_as_a_whole(load: Import) -> None:
    many = table(*(["Article", f"A {n}", "2004-10-21", "", ""] for n in range(20_001)))
    with pytest.raises(CommandError, match="20001 rows; at most 20000"):
        load(many)


def test_a_formula_is_kept_as_the_text_that_it_is(load: Import) -> None:
    load(workbook(["Article", '=HYPERLINK("https://x.example")', "2004-10-21", "", ""]), "log.xlsx")
    assert Contribution.objects.get().title == '=HYPERLINK("https://x.example")'
