"""Moves a demo in time, so that its cycle in review is in review today again.

Days and moments move by the days since the first seeding; award years, terms and the names of cycles by whole
years, if the year has changed. What belongs to the calendar (since when an area or a region exists) stays.
"""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from awards.models import Award
from charter.models import Cycle, Program
from common import clock, history
from common.models import DemoMarker, HistoryBlock, HistoryRow, HistoryWaiting, SiteFact
from mvp_program.seeding.days import FACT, first_day
from mvp_program.seeding.reading import SeedError
from selection.models import ProtocolVersion
from selection.protocol import digest_of

ROOMS = (
    "charter",
    "accounts",
    "people",
    "contributions",
    "awards",
    "nominations",
    "selection",
    "events",
    "common",
)
STAYS = {
    "charter.RegionCountry", "charter.Category", "charter.Area", "charter.AreaName", "charter.AreaSuccession",
    "awards.Award", "common.DemoMarker", "common.HistoryRow", "common.HistoryBlock", "common.HistoryWaiting",
    "common.HistoryText",
}  # fmt: skip
STAYING_FIELDS = {"charter.Cycle": {"term_starts", "term_ends"}}
FAR = 1000  # years: terms move there and back, so that none meets the next one on its way


@dataclass(frozen=True)
class Move:
    """How far a demo was moved."""

    days: int
    years: int


def move_to_today() -> Move:
    """Move every date of a demo; ``days`` is 0 if it is there already. Needs the role that owns the tables."""
    day = first_day()
    if day is None or not DemoMarker.objects.exists():
        raise SeedError(_("Only a demo can be moved in time: run `manage.py seed --demo` first."))
    today = clock.today()
    move = Move((today - day).days, today.year - day.year)
    if move.days == 0:
        return move
    with transaction.atomic():
        for model in apps.get_models():
            if model._meta.app_label in ROOMS and model._meta.label not in STAYS:
                _move_days(model, move.days)
        _move_awards(move)
        if move.years:
            _move_years(move.years)
        digests = _move_protocols(move)
        _move_history(move.days, digests)
        SiteFact.objects.filter(name=FACT).update(value=today.isoformat())
        history.record(
            "site", "seeds", "move_to_today", by=None, codes={"days": move.days, "years": move.years}
        )
    history.seal()
    return move


def _move_days(model: type[models.Model], days: int) -> None:
    """All days and moments of a table in one statement, so that no check sees half of it."""
    stays = STAYING_FIELDS.get(model._meta.label, set())
    columns = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField) and field.name not in stays
    ]
    if columns:
        sets = ", ".join(_later(str(field.column), field, "days") for field in columns)
        _execute(f'UPDATE "{model._meta.db_table}" SET {sets}', days=days)  # noqa: S608  names of our own tables


def _later(column: str, field: models.Field, unit: str) -> str:  # type: ignore[type-arg]
    kind = "timestamptz" if isinstance(field, models.DateTimeField) else "date"
    return f'"{column}" = ("{column}" + make_interval({unit} => %({unit})s))::{kind}'


def _move_awards(move: Move) -> None:
    """Terms by years; an award of a cycle was granted on the day of its release, which moves by days."""
    table = Award._meta.db_table
    for years in (FAR + move.years, -FAR) if move.years else ():
        _execute(
            f'UPDATE "{table}" SET starts = starts + make_interval(years => %(years)s),'  # noqa: S608
            " ends = ends + make_interval(years => %(years)s)",
            years=years,
        )
    Award.objects.update(first_year=F("first_year") + move.years, last_year=F("last_year") + move.years)
    for column in ("granted_at", "state_since"):
        _execute(
            f'UPDATE "{table}" SET {column} = {column} + CASE WHEN cycle_id IS NULL'  # noqa: S608
            " THEN make_interval(years => %(years)s) ELSE make_interval(days => %(days)s) END",
            years=move.years,
            days=move.days,
        )


def _move_years(years: int) -> None:
    """The program's years, and the cycles named after theirs: the last one first, as their names are unique."""
    Program.objects.update(first_year=F("first_year") + years, current_year=F("current_year") + years)
    for cycle in Cycle.objects.order_by("-award_year" if years > 0 else "award_year"):
        year = cycle.award_year + years
        cycle.slug, cycle.name = str(year), f"{year} cycle"
        cycle.award_year = year
        cycle.term_starts = cycle.term_starts.replace(year=cycle.term_starts.year + years)
        if cycle.term_ends is not None:
            cycle.term_ends = cycle.term_ends.replace(year=cycle.term_ends.year + years)
        cycle.save(update_fields=["slug", "name", "award_year", "term_starts", "term_ends"])


def _move_protocols(move: Move) -> list[tuple[str, str]]:
    """The dates and years in the published rules; old and new digest of each version."""
    digests = []
    for version in ProtocolVersion.objects.select_related("cycle"):
        before, cycle = version.digest, version.rules["cycle"]
        for part in (cycle, *version.rules["stages"].values()):
            for name in [name for name in part if name.endswith("_at")]:
                moment = dt.datetime.fromisoformat(part[name]) + dt.timedelta(days=move.days)
                part[name] = moment.isoformat()
        if move.years:
            cycle["name"], cycle["award_year"] = version.cycle.name, version.cycle.award_year
            cycle["term_starts"] = version.cycle.term_starts.isoformat()
            cycle["term_ends"] = version.cycle.term_ends.isoformat() if version.cycle.term_ends else None
        version.digest = digest_of(version.rules)
        version.save(update_fields=["rules", "digest"])
        digests.append((before, version.digest))
    return digests


def _move_history(days: int, digests: list[tuple[str, str]]) -> None:
    """A demo's history is written anew and sealed afresh: nothing in it was ever real."""
    rows, blocks = HistoryRow._meta.db_table, HistoryBlock._meta.db_table
    waiting = HistoryWaiting._meta.db_table
    _execute(f'ALTER TABLE "{rows}" DISABLE TRIGGER USER')
    _execute(f'UPDATE "{rows}" SET at = at + make_interval(days => %(days)s)', days=days)  # noqa: S608
    for before, after in digests:
        _execute(
            f"UPDATE \"{rows}\" SET codes = jsonb_set(codes, '{{digest}}', to_jsonb(%(after)s::text))"  # noqa: S608
            " WHERE kind = 'protocol' AND codes ->> 'digest' = %(before)s",
            before=before,
            after=after,
        )
    _execute(f'ALTER TABLE "{rows}" ENABLE TRIGGER USER')
    _execute(f'TRUNCATE "{blocks}"')
    _execute(f'INSERT INTO "{waiting}" (row_id) SELECT id FROM "{rows}" ON CONFLICT DO NOTHING')  # noqa: S608


def _execute(statement: str, **values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
