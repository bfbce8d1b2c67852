"""What a page says of itself."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fetching import Answer
from contributions.linkreading import Proposal, read_page, text_of

TODAY = dt.date(2026, 11, 26)


def test_the_head_of_a_page_is_read():
    html = """<title>Two gateways – Blog</title><meta property="og:title" content="Two&amp;gateways">
    <meta name=description content="Which one lies?"><meta property="article:published_time" content="2004-10-21T10:00Z">"""
    assert read_page(html, today=TODAY) == Proposal("Two&gateways", dt.date(2004, 10, 21), "Which one lies?")


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2004-10-21"}]}</script>',
        '<script type="application/ld+json">{"datePublished": "2004-10-21T00:00:00+02:00"}</script>',
        '<time datetime="2004-10-21">last autumn</time>',
        '<meta name="date" content="soon"><meta name="pubdate" content="21 October 2004">',
    ],
)
def test_the_day_is_found_where_pages_keep_it(html: str):
    assert read_page(html, today=TODAY).starts == dt.date(2004, 10, 21)


@pytest.mark.parametrize("day", ["2999-01-01", "0001-01-01", "nonsense"])
def test_a_day_that_cannot_be_is_passed_over(day: str):
    assert read_page(f'<meta name="date" content="{day}">', today=TODAY).starts is None


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=latin-1", "é".encode("latin-1"), "é"),
        ("text/html", b'<meta charset="windows-1250">\xf5', '<meta charset="windows-1250">ő'),
        ("text/html; charset=no-such-thing", "é".encode(), "é"),
        ("text/html; charset=hex", "é".encode(), "é"),
        ("text/html; charset=utf-8", b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_any_charset_is_read_somehow(content_type: str, body: bytes, text: str):
    assert text_of(Answer("", 200, {"content-type": content_type}, body)) == text


@given(st.text() | st.text(st.sampled_from("<>/!-[]&;=\"' abctimel"), max_size=200))
def test_no_page_is_too_broken(html: str):
    found = read_page(html, today=TODAY)
    assert len(found.title) <= 250
