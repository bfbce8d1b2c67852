"""What time is it? The only place that asks; tests set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_now", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or timezone.now()


def today() -> dt.date:
    """The present day in UTC."""
    return now().astimezone(dt.UTC).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let ``now()`` say ``moment`` inside the block (tests, seeds, imports of past events)."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
