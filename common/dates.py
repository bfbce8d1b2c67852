"""Days and spans of days in words."""

import datetime as dt

from django.utils.formats import date_format


def span(first: dt.date, last: dt.date, *, month: str = "F") -> str:
    """Two days as people write them: ``4–7 April 2005``, ``1 August – 30 September 2004``.

    ``month`` is the format of the month: F for its name, M for the short one.
    """
    end = date_format(last, f"j {month} Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = date_format(first, f"j {month}" if first.year == last.year else f"j {month} Y")
    return f"{start} – {end}"
