"""Cases by the thousand, in any state, for seeds and generated cycles; beside the actions the only writer of ``state``."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from common.copying import copy_in
from nominations.models import Conflict, DossierItem, Nomination, Support


class CaseRow(NamedTuple):
    """A nomination after its draft; area name, category, country and region are those of its day."""

    id: int
    key: str
    cycle_id: int
    area_id: int
    area_name: str
    category_id: int
    state: str
    nominee_id: int
    nominee_name: str
    nominee_email: str
    country: str
    region_id: int | None
    is_renewal: bool
    created_at: dt.datetime
    invited_at: dt.datetime
    draft_by_id: int | None = None
    nominator_may_learn_outcome: bool | None = None
    attested_not_employee: bool = False
    attested_adult: bool = False
    accepted_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    erase_at: dt.datetime | None = None


class SupportRow(NamedTuple):
    key: str
    nomination_id: int
    kind: str
    person_id: int
    name: str
    email: str
    relation: str
    statement: str
    links: list[Any]
    given_at: dt.datetime
    asked_at: dt.datetime | None = None


class DossierItemRow(NamedTuple):
    nomination_id: int
    contribution_id: int
    position: int
    high_impact: bool
    frozen_at: dt.datetime
    type_id: int
    area_id: int
    title: str
    url: str
    starts: dt.date
    description: str = ""
    quantity: int | None = None
    second_quantity: int | None = None
    reach: int | None = None
    hours: int | None = None


class ConflictRow(NamedTuple):
    nomination_id: int
    person_id: int
    kind: str
    source: str = Conflict.Source.SYSTEM
    strength: str = Conflict.Strength.HARD


def copy_cases(rows: Iterable[CaseRow]) -> int:
    return copy_in(Nomination, CaseRow._fields, rows)


def copy_supports(rows: Iterable[SupportRow]) -> int:
    return copy_in(Support, SupportRow._fields, rows)


def copy_dossier_items(rows: Iterable[DossierItemRow]) -> int:
    return copy_in(DossierItem, DossierItemRow._fields, rows)


def copy_conflicts(rows: Iterable[ConflictRow]) -> int:
    return copy_in(Conflict, ConflictRow._fields, rows)
