"""Days and spans of days as each language writes them."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.formats import date_format

from common import dates

DAY = dt.date(2005, 4, 4)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "4 April 2005"), ("de", "4. April 2005"), ("es", "4 de abril de 2005")]
)
def test_a_day(language: str, words: str) -> None:
    with translation.override(language):
        assert date_format(DAY, "DATE_FORMAT") == words


@pytest.mark.parametrize(
    ("last", "english"),
    [
        (DAY, "4 April 2005"),
        (dt.date(2005, 4, 7), "4–7 April 2005"),
        (dt.date(2005, 5, 7), "4 April – 7 May 2005"),
        (dt.date(2006, 1, 2), "4 April 2005 – 2 January 2006"),
    ],
)
def test_a_span_of_days(last: dt.date, english: str) -> None:
    assert dates.span(DAY, last) == english
    with translation.override("es"):
        assert dates.span(DAY, last).endswith(date_format(last, "DATE_FORMAT"))
