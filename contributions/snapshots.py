"""A contribution as plain values, and back: what undoing needs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from contributions.models import Contribution

_LEFT_OUT = {"id", "person_id"}
COLUMNS = [f.attname for f in Contribution._meta.concrete_fields if f.attname not in _LEFT_OUT]


def snapshot(row: Contribution, more_areas: Iterable[int]) -> dict[str, Any]:
    """``{"title": "Two gateways", "starts": "2004-10-21", …, "more_areas": [3, 8]}``, as JSON can hold it."""
    return {name: plain(getattr(row, name)) for name in COLUMNS} | {"more_areas": sorted(more_areas)}


def words_of(row: Contribution) -> dict[str, Any]:
    """What somebody wrote of an entry, without what was found out about its link."""
    areas = row.more_areas.values_list("pk", flat=True)
    return {name: value for name, value in snapshot(row, areas).items() if not name.startswith("link_")}


def plain(value: Any) -> Any:
    """A day or a moment as text, to the microsecond; anything else as it is."""
    return value.isoformat() if isinstance(value, dt.date) else value


def values_of(content: dict[str, Any]) -> dict[str, Any]:
    """The columns of a snapshot with their types again, without ``more_areas``."""
    fields = {field.attname: field for field in Contribution._meta.concrete_fields}
    return {name: fields[name].to_python(content[name]) for name in COLUMNS if name in content}
