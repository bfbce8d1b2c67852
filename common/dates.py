"""Days and spans of days in words, as the reader's language writes them.

Where Django has no name for a format it is a text to translate, as ``_("j M")``: a translation of it is a format too.
"""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock

_WHOLE = {"F": "DATE_FORMAT", "M": "SHORT_DATE_FORMAT"}


def short_day(day: dt.date) -> str:
    """``4 Apr``."""
    return date_format(day, _("j M"))


def span(first: dt.date, last: dt.date, *, month: str = "F") -> str:
    """Two days as people write them: ``4–7 April 2005``, ``1 August – 30 September 2004``.

    ``month`` is the format of the month: F for its name, M for the short one.
    """
    end = date_format(last, _WHOLE[month])
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, _('j'))}–{end}"
    start = date_format(first, _WHOLE[month]) if first.year != last.year else _without_year(first, month)
    return f"{start} – {end}"


def _without_year(day: dt.date, month: str) -> str:
    return short_day(day) if month == "M" else date_format(day, "MONTH_DAY_FORMAT")


def time_left(until: dt.datetime) -> list[tuple[int, str]]:
    """The time until a moment in its two largest units; nothing once it has passed."""
    seconds = int((until - clock.now()).total_seconds())
    if seconds <= 0:
        return []
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    parts = [
        (days, ngettext("day", "days", days)),
        (hours, ngettext("hour", "hours", hours)),
        (minutes, ngettext("minute", "minutes", minutes)),
    ]
    first = next((place for place, (number, _unit) in enumerate(parts) if number), 2)
    return parts[first : first + (1 if days > 14 else 2)]


def day_of(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.date:
    """The day of a moment by the reader's clock (the zone that is active), or by the one of ``zone``.

    What is printed or decided by days goes by the program's (``clock.site_zone``), whoever reads.
    """
    return moment.astimezone(zone or timezone.get_current_timezone()).date()


def reader_today() -> dt.date:
    """The present day by the reader's clock."""
    return day_of(clock.now())


def zone_named(name: str) -> ZoneInfo:
    """The site's where the machine does not know it."""
    return _zone(name) or ZoneInfo(settings.TIME_ZONE)


def zone_of_reader(name: str) -> ZoneInfo:
    """Somebody's own; the program's for who has set none, or one that the machine does not know any more."""
    return _zone(name) or clock.site_zone()


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError: no name too
        return None


def moment_in_words(moment: dt.datetime | None, house: str = "UTC") -> str:
    """A moment by the reader's clock (the zone that is active) and by the program's, ``house``.

    ``1 December 2026, 01:59 Riga time (30 November, 23:59 UTC)``; one clock alone where both say the same.
    """
    if moment is None:
        return "–"
    reader, program = timezone.get_current_timezone(), zone_named(house or "UTC")
    here, there = moment.astimezone(reader), moment.astimezone(program)
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return f"{date_format(there, 'DATETIME_FORMAT')} {clock_of(program)}"
    beside = date_format(there, "TIME_FORMAT" if here.date() == there.date() else _("j F, H:i"))
    return f"{date_format(here, 'DATETIME_FORMAT')} {clock_of(reader)} ({beside} {clock_of(program)})"


def clock_of(zone: dt.tzinfo) -> str:
    """``Riga time``, or ``UTC``."""
    name = str(getattr(zone, "key", None) or zone)
    if "/" not in name:
        return name
    return _("%(city)s time") % {"city": name.rpartition("/")[2].replace("_", " ")}
