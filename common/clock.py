"""What time is it? The only place that asks; tests set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from common import registry

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_now", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or timezone.now()


def minute() -> dt.datetime:
    """The minute that it is, for what is kept no longer."""
    return now().replace(second=0, microsecond=0)


def today() -> dt.date:
    """The present day by the program's clock: awards, roles and tokens begin and end with its days."""
    return now().astimezone(site_zone()).date()


def site_zone() -> ZoneInfo:
    """The program's clock (``registry.site_zones``), for who has not set their own."""
    for ask in registry.site_zones:
        return ask()
    return ZoneInfo(settings.TIME_ZONE)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let ``now()`` say ``moment`` inside the block (tests, seeds, imports of past events)."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
