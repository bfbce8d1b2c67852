"""A bad seed file gets a sentence with file, line and what is wrong."""

from pathlib import Path

import pytest

from mvp_program.seeding.reading import SeedError, read, read_entry, read_list


def complaint(tmp_path: Path, text: str) -> str:
    (tmp_path / "rows.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as error:
        read_rows(tmp_path)
    return str(error.value)


def read_rows(tmp_path: Path) -> None:
    for row in read_list("rows", folder=tmp_path):
        row.only("name", "size", "since", "open").text("name")
        row.number("size", default=0)
        row.flag("open")
        row.day_or_none("since")


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    assert complaint(tmp_path, "- name: [one\n- name: two\n").startswith(
        "seeds/rows.yaml, line 2: this is no valid"
    )


def test_a_misspelt_key_is_refused_by_name(tmp_path: Path) -> None:
    said = complaint(tmp_path, "- name: one\n- nmae: two\n")
    assert said == "seeds/rows.yaml, line 2: “nmae” is not known here. Known are: name, size, since, open."


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path, "- name: one\n  name: two\n").endswith(
        "line 2: “name” stands twice, first in line 1."
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("size: three", "“size” has to be a whole number."),
        ("size: true", "“size” has to be a whole number."),
        ("since: 1996", "“since” has to be a day such as 1996-01-31."),
        ("open: on", "“open” has to be true or false."),
        ("name: ''", "“name” has to be a text."),
    ],
)
def test_a_wrong_value_says_what_was_expected(tmp_path: Path, line: str, what: str) -> None:
    start = "" if line.startswith("name") else "name: one\n  "
    assert complaint(tmp_path, f"- {start}{line}\n") == f"seeds/rows.yaml, line 1: {what}"


def test_a_file_that_is_no_utf8_says_so(tmp_path: Path) -> None:
    (tmp_path / "rows.yaml").write_bytes(b"- name: M\xfcller\n")
    with pytest.raises(SeedError, match=r"rows.yaml is not UTF-8 text \(byte 9\)"):
        read("rows", folder=tmp_path)


def test_a_file_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"seeds/rows.yaml is missing"):
        read("rows", folder=tmp_path)


def test_no_is_norway(tmp_path: Path) -> None:
    (tmp_path / "rows.yaml").write_text("NO: {open: true}\n", encoding="utf-8")
    row = read_entry("rows", folder=tmp_path)
    assert row.entry("NO").flag("open")
