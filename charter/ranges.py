"""Ranges of days in the database."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class DateRange(models.Func):
    """PostgreSQL's ``daterange(from, to, '[]')``: both days belong to it; no end is open."""

    function = "daterange"
    output_field = DateRangeField()


def both_days(start: str, end: str) -> DateRange:
    """A date range of two columns, both inclusive."""
    return DateRange(start, end, models.Value("[]"))
