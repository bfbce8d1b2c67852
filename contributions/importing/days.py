"""Days as files write them. Pure."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from contributions.quick import MONTHS

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:\s\d{1,2}:\d{2}.*)?$")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s\d{1,2}:\d{2}.*)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})$")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})$")
_TICKS = re.compile(r"\\?/Date\((-?\d{1,14})([+-]\d{4})?\)\\?/$")
_LONGEST = 31


class NoDay(ValueError):
    """What was written is no day; its text says why, for whoever wrote it."""


def read_day(text: str) -> dt.date:
    """The day that is written, as its writer saw it: an offset from UTC changes nothing."""
    text = text.strip()
    if len(text) > 60:
        raise NoDay(_("This is no date. Write it as 2004-10-21."))
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _day(*map(int, found.groups()[:3]))
    if found := _DOTS.match(text):
        day, month, year = map(int, found.groups()[:3])
        return _day(year, month, day)
    if found := _SLASHES.match(text):
        return _slashed(text, *map(int, found.groups()[:3]))
    if found := _DAY_FIRST.match(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.match(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    if found := _TICKS.match(text):
        return _ticked(int(found[1]), found[2] or "+0000")
    if re.fullmatch(r"\d{4}", text):
        raise NoDay(_("A year is not enough; write a day, such as %(year)s-06-30.") % {"year": text})
    raise NoDay(_("“%(text)s” is no date. Write it as 2004-10-21.") % {"text": text})


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        pass
    if 1 <= month <= 12 and 1 <= day <= _LONGEST and 1 <= year <= 9998:
        last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
        name = _MONTH_NAMES[month - 1]
        raise NoDay(
            _("This date does not exist. %(month)s %(year)d ended on the %(last)d.")
            % {"month": _(name), "year": year, "last": last}
        )
    raise NoDay(_("This date does not exist."))


_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _month(name: str) -> int:
    short = name[:3].lower()
    if short not in MONTHS:
        raise NoDay(_("“%(name)s” is no month that is known here. Write 2004-10-21.") % {"name": name})
    return MONTHS.index(short) + 1


def _slashed(text: str, first: int, second: int, year: int) -> dt.date:
    """Some write the month first: only what can be read in one way is read."""
    if first > 12 or first == second:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    raise NoDay(
        _("“%(text)s” can be read in two ways. Write %(one)s or %(other)s.")
        % {
            "text": text,
            "one": f"{year}-{second:02}-{first:02}",
            "other": f"{year}-{first:02}-{second:02}",
        }
    )


def _ticked(milliseconds: int, offset: str) -> dt.date:
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    shift = dt.timedelta(minutes=minutes if offset[0] == "+" else -minutes)
    try:
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=milliseconds) + shift
    except OverflowError:
        raise NoDay(_("This date does not exist.")) from None
    return moment.date()
