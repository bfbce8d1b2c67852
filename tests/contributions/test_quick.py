"""One typed line: what is understood, and that nothing is lost."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.quick import Kind, Line, read_line

TODAY = dt.date(2026, 11, 26)
KINDS = [
    Kind("article", ("Article",), (("quantity", "articles"), ("reach", "views"))),
    Kind("talk", ("Speaking at a user group", "Talk"), (("quantity", "talks"), ("reach", "attendees"))),
    Kind("conference", ("Conference talk",), (("reach", "attendees"),)),
    Kind("book", ("Book",), (("reach", "copies"),)),
]


def read(text: str) -> Line:
    return read_line(text, kinds=KINDS, today=TODAY)


def test_a_whole_line_is_taken_apart():
    line = read("talk 8 Nov Name resolution, 64 attendees, 3 h https://ug.example/0811.")
    assert line == Line(
        title="Name resolution",
        url="https://ug.example/0811",
        code="talk",
        starts=dt.date(2026, 11, 8),
        numbers={"reach": 64, "hours": 3},
    )


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-03-04", dt.date(2026, 3, 4)),
        ("4.3.2026", dt.date(2026, 3, 4)),
        ("4.12.", dt.date(2025, 12, 4)),
        ("4 December", dt.date(2025, 12, 4)),
        ("Mar 4, 2026", dt.date(2026, 3, 4)),
        ("4th", None),
        ("29 Feb", dt.date(2024, 2, 29)),
        ("31 Feb", None),
        ("4/3/2026", None),
        ("yesterday", dt.date(2026, 11, 25)),
        ("today", TODAY),
        ("8. Nov.", dt.date(2026, 11, 8)),
        ("3. März 2025", dt.date(2025, 3, 3)),
        ("5. Dez.", dt.date(2025, 12, 5)),
        ("8 de enero de 2026", dt.date(2026, 1, 8)),
        ("2 ago", dt.date(2026, 8, 2)),
        ("gestern", dt.date(2026, 11, 25)),
        ("hoy", TODAY),
    ],
)
def test_days_as_people_write_them(said: str, day: dt.date | None):
    line = read(f"Two gateways, {said}")
    assert line.starts == day
    assert day is not None or said in line.title


@pytest.mark.parametrize(
    "text",
    [
        "Vortrag, 8. Nov., Namen vom Client aus, 64 Teilnehmende, 3 Stunden, https://ug.example/1",
        "charla, 8 de nov., Namen vom Client aus, 64 asistentes, 3 horas, https://ug.example/1",
    ],
)
def test_a_line_in_the_readers_language_is_taken_apart(text: str) -> None:
    said = (("reach", "attendees"), ("reach", "Teilnehmende"), ("reach", "asistentes"))
    line = read_line(text, kinds=[Kind("talk", ("Talk", "Vortrag", "Charla"), said)], today=TODAY)
    numbers = {"reach": 64, "hours": 3}
    assert line == Line(
        "Namen vom Client aus", "https://ug.example/1", "talk", False, dt.date(2026, 11, 8), numbers
    )


@pytest.mark.parametrize("said", ["31 Feb", "2026-02-30", "4/3/2026", "31.2."])
def test_what_looks_like_a_day_and_is_none_is_asked_for(said: str) -> None:
    assert read(f"article, {said}, Two gateways").no_day.rstrip(",") == said
    assert read(f"article, {said}, Two gateways, 4 Mar").no_day == ""


def test_margaritas_are_no_month():
    assert read("article: 3 margaritas").title == "3 margaritas"


@pytest.mark.parametrize(
    ("text", "code", "title"),
    [
        ("Article: Two gateways", "article", "Two gateways"),
        ("Two gateways, article", "article", "Two gateways"),
        ("conference talk - Two gateways", "conference", "Two gateways"),
        ("Two gateways", "", "Two gateways"),
    ],
)
def test_a_type_that_stands_apart_is_taken_out(text: str, code: str, title: str):
    line = read(text)
    assert (line.code, line.title, line.guessed) == (code, title, False)


def test_a_type_inside_the_title_is_a_guess_and_stays():
    line = read("Review of a book on routers")
    assert (line.code, line.title, line.guessed) == ("book", "Review of a book on routers", True)


def test_a_number_keeps_its_thousands():
    assert read("article, Two gateways, 4,100 views").numbers == {"reach": 4100}
    assert read("article, Two gateways, 1.25k views").numbers == {"reach": 1250}
    assert read("article, Two gateways, 12K views").numbers == {"reach": 12_000}
    assert read("article, Two gateways, -5 views").numbers == {}


@given(st.text(max_size=200))
def test_any_text_is_read_and_no_letter_of_a_title_invented(text: str):
    line = read(text)
    assert set(line.title.replace(",", "")) <= set(" ".join(text.split()))
    assert line.starts is None or line.starts.year <= 9999
