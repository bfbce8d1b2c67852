"""What is held on somebody, room by room, as plain values: for the export of one's own data.

Each room has a ``held.py`` with ``HELD``: table → function from a person to rows. A row says what its reader may
know: never who reviewed, never what is not released, nothing that opens a door.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model

from common import registry

Row = dict[str, Any]
Reader = Callable[[Any], Iterable[Row]]


def add(held: Mapping[str, Reader]) -> None:
    """Called by each room when the apps start; two rooms may hold rows of one table."""
    for table, read in held.items():
        registry.held_on.setdefault(table, []).append(read)


def facts(row: Model, *names: str) -> Row:
    """Those fields of a row, by name; ``stage__public_name`` follows a key."""
    return {name: _value(row, name) for name in names}


def rows(found: Iterable[Model], *names: str) -> Iterator[Row]:
    return (facts(row, *names) for row in found)


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part, None)
    return str(row) if isinstance(row, Model) or hasattr(row, "code") else row
