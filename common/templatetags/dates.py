"""Spans of days in templates: ``{{ summit.starts|span:summit.ends }}``."""

import datetime as dt

from django import template

from common import dates

register = template.Library()


@register.filter
def span(first: dt.date, last: dt.date) -> str:
    return dates.span(first, last)
