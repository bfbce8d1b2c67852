"""Rows of several tables in one statement of our own, as models.

For what every request reads: there the ORM's building of a statement costs many times its execution.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

Convert = Callable[[Any, Any, Any], Any]


class Joined:
    """``Joined(stage=Stage, cycle=Cycle).columns`` belongs behind SELECT, with these names as aliases of the tables;
    ``split(row)`` makes a model of each part, None where an outer join found nothing. ``width``: how many columns."""

    def __init__(self, **models: type[Model]) -> None:
        self.columns = ", ".join(
            f'"{alias}"."{field.column}"'
            for alias, model in models.items()
            for field in model._meta.concrete_fields
        )
        self.width = sum(len(model._meta.concrete_fields) for model in models.values())
        self._parts: list[tuple[type[Model], list[str], int, list[tuple[int, list[Convert]]]]] = []
        for model in models.values():
            fields = model._meta.concrete_fields
            kept = [(place, field.get_db_converters(connection)) for place, field in enumerate(fields)]
            converters = [(place, found) for place, found in kept if found]
            key = next(place for place, field in enumerate(fields) if field.primary_key)
            self._parts.append((model, [field.attname for field in fields], key, converters))

    def split(self, row: Sequence[Any]) -> list[Any]:
        """The models of a row, in the order in which they were named."""
        found, start = [], 0
        for model, names, key, converters in self._parts:
            values = list(row[start : start + len(names)])
            start += len(names)
            for place, converts in converters:
                for convert in converts:
                    values[place] = convert(values[place], None, connection)
            found.append(None if values[key] is None else model.from_db("default", names, values))
        return found
