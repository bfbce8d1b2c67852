"""Turns the days of the seed files, counted from the day of the first seeding, into dates."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from common import clock
from common.models import SiteFact
from mvp_program.seeding.reading import Entry

FACT = "seeded_on"


@dataclass(frozen=True)
class Calendar:
    """Dates counted from ``first``, the day of the first seeding."""

    first: dt.date

    def day(self, offset: int) -> dt.date:
        return self.first + dt.timedelta(days=offset)

    def year(self, offset: int) -> int:
        return self.first.year + offset

    def moment(self, entry: Entry, *, from_day: int = 0, zone: str = "UTC") -> dt.datetime:
        """``{day: -20, at: "09:00"}`` in a zone, as a moment."""
        entry.only("day", "at")
        time = dt.time.fromisoformat(entry.time("at"))
        day = self.day(from_day + entry.number("day"))
        return dt.datetime.combine(day, time, ZoneInfo(zone)).astimezone(dt.UTC)

    def at(self, offset: int, hour: int = 9, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(self.day(offset), dt.time(hour, minute), dt.UTC)


def first_day() -> dt.date | None:
    """The day of the first seeding, if there was one."""
    fact = SiteFact.objects.filter(name=FACT).first()
    return dt.date.fromisoformat(fact.value) if fact else None


def keep_first_day() -> Calendar:
    """The calendar of this database; today becomes its first day if it has none."""
    day = first_day()
    if day is None:
        day = clock.today()
        SiteFact.objects.create(name=FACT, value=day.isoformat())
    return Calendar(day)
