"""Spans of days in words."""

import datetime as dt

import pytest

from common.dates import span


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2005, 4, 4), (2005, 4, 7), "4–7 April 2005"),
        ((2004, 8, 1), (2004, 9, 30), "1 August – 30 September 2004"),
        ((2004, 12, 30), (2005, 1, 2), "30 December 2004 – 2 January 2005"),
        ((2005, 4, 4), (2005, 4, 4), "4 April 2005"),
    ],
)
def test_a_span_says_what_its_days_do_not_share(first: tuple, last: tuple, words: str) -> None:
    assert span(dt.date(*first), dt.date(*last)) == words
