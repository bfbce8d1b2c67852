"""Spans of days in templates: ``{{ summit.starts|span:summit.ends }}``. Moments in mail, by the reader's clock and the
program's: ``{{ stage.closes_at|moment:program.zone }}``."""

import datetime as dt

from django import template

from common import clock, dates

register = template.Library()


@register.filter
def span(first: dt.date, last: dt.date) -> str:
    return dates.span(first, last)


@register.filter
def program_day(value: dt.datetime) -> dt.date:
    """The day of a moment by the program's clock, as papers print it."""
    return dates.day_of(value, clock.site_zone())


@register.filter
def city(zone: str) -> str:
    """``America/Los_Angeles`` → Los Angeles, as in the name of its clock."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def moment(value: dt.datetime | None, house: str = "UTC") -> str:
    return dates.moment_in_words(value, house)
