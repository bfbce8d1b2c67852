"""Contributions by the thousand, for generated logs: rows as plain values, written with COPY."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from common.copying import copy_in
from contributions.models import Contribution


class ContributionRow(NamedTuple):
    id: int
    key: str
    person_id: int
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
    visibility: str = "everyone"


def copy_contributions(rows: Iterable[ContributionRow]) -> int:
    return copy_in(Contribution, ContributionRow._fields, rows)
