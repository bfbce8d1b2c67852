"""Days as files write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.importing.days import NoDay, read_day


@pytest.mark.parametrize(
    "text",
    [
        "2004-10-21", "2004-10-21T23:59:00.123456-07:00", "2004-10-21 10:00", "20041021", "21.10.2004",
        "21. 10. 2004", "21/10/2004", "10/21/2004", "21 Oct 2004", "21-Oct-2004", "October 21, 2004",
        "/Date(1098309600000+0200)/",
    ],
)  # fmt: skip
def test_one_day_in_many_ways(text: str):
    assert read_day(text) == dt.date(2004, 10, 21)


@given(st.dates())
def test_what_we_write_is_read(day: dt.date):
    assert read_day(day.isoformat()) == day


@given(st.text(max_size=80) | st.from_regex(r"\d{1,4}[-./ ]\d{1,4}[-./ ]\d{1,4}"))
def test_anything_else_is_refused_with_a_sentence(text: str):
    said = ""
    try:
        read_day(text)
    except NoDay as error:
        said = str(error)
    assert said == "" or said.endswith(".")
