"""Awards by the thousand, for generated and imported rosters; beside ``actions`` the only writer of ``state``."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from awards.models import Award
from common.copying import copy_in


class AwardRow(NamedTuple):
    """An award as plain values, for those who write them by the ten thousand."""

    key: str
    person_id: int
    area_id: int
    category_id: int
    area_name: str
    category_name: str
    country: str
    region_id: int | None
    starts: dt.date
    ends: dt.date | None
    first_year: int
    last_year: int | None
    granted_at: dt.datetime
    state: str = Award.State.GRANTED
    end_reason: str = ""
    reason_code: str = ""
    good_standing: bool = True
    citation: str = ""


def copy_award_rows(rows: Iterable[AwardRow]) -> int:
    """``copy_awards`` for plain values: ten times as fast."""
    return copy_in(Award, AwardRow._fields, rows)


def copy_awards(awards: Iterable[Award]) -> int:
    """Write unsaved awards in one COPY and return how many.

    Overlapping terms raise ``IntegrityError`` from the database. History is the caller's: one event for the
    whole load (an import) or one for each award (``common.history.record_many``).
    """
    fields = [field for field in Award._meta.concrete_fields if not field.primary_key]
    rows = (
        [field.get_db_prep_save(field.pre_save(award, True), connection) for field in fields]
        for award in awards
    )
    return copy_in(Award, [field.attname for field in fields], rows)
