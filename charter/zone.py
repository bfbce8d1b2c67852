"""The program's own clock: what times are said by where their reader has set none.

Kept in the process for ``SECONDS``, so a page asks nothing for it.
"""

from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError

from charter.queries import program
from common.dates import zone_named

SECONDS = 60
_kept: tuple[float, ZoneInfo] | None = None


def program_zone() -> ZoneInfo:
    """The zone of the program (``common.registry.site_zones``); the site's where the machine does not know it.

    Where the database does not answer: the one that was true last, so that the page that says so has a clock.
    """
    kept = _kept  # once: another thread may forget it
    if kept is not None and monotonic() - kept[0] <= SECONDS:
        return kept[1]
    try:
        return keep_zone(program().zone)
    except DatabaseError:
        return kept[1] if kept is not None else ZoneInfo(settings.TIME_ZONE)


def keep_zone(name: str) -> ZoneInfo:
    """From now on it is this one; other processes follow within ``SECONDS``."""
    global _kept
    zone = zone_named(name)
    _kept = monotonic(), zone
    return zone


def forget_zone() -> None:
    """Ask for it anew at the next time that is said."""
    global _kept
    _kept = None
