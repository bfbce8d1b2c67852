"""Spans of days in words, and by whose clock a moment has its day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from charter.zone import keep_zone
from common import clock
from common.dates import day_of, reader_today, span, zone_of_reader


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


LATE = dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.UTC)


def test_a_day_is_the_readers_unless_somebody_elses_clock_is_asked() -> None:
    with timezone.override("Europe/Riga"):
        assert day_of(LATE) == dt.date(2026, 12, 1)
        assert day_of(LATE, ZoneInfo("America/New_York")) == dt.date(2026, 11, 30)


def test_today_is_a_day_of_the_programs_clock_whoever_reads() -> None:
    keep_zone("Asia/Tokyo")
    with clock.at(LATE), timezone.override("America/New_York"):
        assert clock.today() == dt.date(2026, 12, 1)
        assert reader_today() == dt.date(2026, 11, 30)


@pytest.mark.parametrize("name", ["", "Nowhere/Town", "America", "../etc/passwd"])
def test_who_has_no_zone_that_the_machine_knows_reads_by_the_programs_clock(name: str) -> None:
    keep_zone("Asia/Tokyo")
    assert zone_of_reader(name).key == "Asia/Tokyo"
    assert zone_of_reader("Europe/Riga").key == "Europe/Riga"
