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


def put_all(model: type[M], tally: Tally, wanted: Iterable[dict[str, Any]], **owner: Any) -> None:
    """Make the rows of ``owner`` exactly ``wanted``: the others go first, so that day ranges never collide."""
    missing = list(wanted)
    gone = []
    for row in model._default_manager.filter(**owner):
        like = next((w for w in missing if all(getattr(row, name) == w[name] for name in w)), None)
        if like is None:
            gone.append(row.pk)
        else:
            missing.remove(like)
            tally.same += 1
    model._default_manager.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(model(**owner, **values) for values in missing)
    tally.removed += len(gone)
    tally.new += len(missing)
