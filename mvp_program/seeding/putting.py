"""Creating or updating rows so that loading the same file twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


@dataclass
class Tally:
    """What a load did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.new or self.changed or self.removed)


def put(model: type[M], tally: Tally, values: dict[str, Any], **lookup: Any) -> M:
    """The row found by ``lookup`` with ``values``, made or changed where it has to be."""
    manager = model._default_manager
    row = manager.filter(**lookup).first()
    if row is None:
        tally.new += 1
        return manager.create(**lookup, **values)
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    if differing:
        for name in differing:
            setattr(row, name, values[name])
        row.save(update_fields=differing)
        tally.changed += 1
    else:
        tally.same += 1
    return row


def put_many(model: type[M], tally: Tally, key: str, rows: Iterable[dict[str, Any]]) -> dict[Any, M]:
    """``put`` for a whole file whose rows are told apart by ``key``, in a few statements; returns them by it.

    Of rows with one key the last counts.
    """
    wanted = {row[key]: row for row in rows}
    there = {getattr(row, key): row for row in model._default_manager.filter(**{f"{key}__in": list(wanted)})}
    missing = [model(**row) for value, row in wanted.items() if value not in there]
    changed, names = [], set()
    for value, row in there.items():
        differing = [name for name, new in wanted[value].items() if getattr(row, name) != new]
        for name in differing:
            setattr(row, name, wanted[value][name])
        if differing:
            changed.append(row)
            names.update(differing)
    if changed:
        model._default_manager.bulk_update(changed, sorted(names))
    made = model._default_manager.bulk_create(missing)
    tally.new, tally.changed = tally.new + len(missing), tally.changed + len(changed)
    tally.same += len(there) - len(changed)
    return there | {getattr(row, key): row for row in made}


def put_owned(model: type[M], tally: Tally, owner: str, wanted: dict[int, list[dict[str, Any]]]) -> None:
    """Make the rows of each owner exactly those ``wanted`` by its primary key.

    The others go first, so that day ranges never collide.
    """
    missing = {pk: list(rows) for pk, rows in wanted.items()}
    gone = []
    for row in model._default_manager.filter(**{f"{owner}__in": list(wanted)}):
        mine = missing[getattr(row, f"{owner}_id")]
        like = next((w for w in mine if all(getattr(row, name) == w[name] for name in w)), None)
        if like is None:
            gone.append(row.pk)
        else:
            mine.remove(like)
            tally.same += 1
    model._default_manager.filter(pk__in=gone).delete()
    made = [model(**{f"{owner}_id": pk}, **values) for pk, rows in missing.items() for values in rows]
    model._default_manager.bulk_create(made)
    tally.removed += len(gone)
    tally.new += len(made)
