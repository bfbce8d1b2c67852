"""What belongs to somebody, in whatever room: the rows that point to a person or to their account.

Read off the models, so that a table that comes later takes part by itself.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import ForeignKey, Model

from accounts.models import User
from people.models import LikePair, Merge, Person, SoughtName

Owned = dict[str, list[str]]  # "app.model.field" -> keys of rows, as text

_NO_BELONGINGS = (Person, Merge, LikePair, SoughtName)  # rows that say who is who


def belongings_of(owner: Person | User) -> Owned:
    """The rows that point to somebody, by model and field, in one statement."""
    parts, values = [], []
    for label, field in _pointers(type(owner)):
        table, key, column = field.model._meta.db_table, field.model._meta.pk.column, field.column
        parts.append(f'SELECT \'{label}\', "{key}"::text FROM "{table}" WHERE "{column}" = %s')  # noqa: S608  names of columns
        values.append(owner.pk)
    found: Owned = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for label, key in cursor.fetchall():
            found.setdefault(label, []).append(key)
    return found


def give(owned: Owned, *, to: Person | User, of: Person | User) -> None:
    """Let these rows point to ``to``, as far as they still belong to ``of``; a row that is gone stays gone."""
    fields = dict(_pointers(type(of)))
    for label, keys in owned.items():
        if label in fields:
            field = fields[label]
            rows = field.model._default_manager.filter(pk__in=keys, **{field.name: of.pk})
            rows.update(**{field.name: to.pk})


def both(some: Owned, others: Owned) -> Owned:
    """Rows that stand in both."""
    return _picked(some, others, inside=True)


def only_first(some: Owned, others: Owned) -> Owned:
    """Rows of ``some`` that do not stand in ``others``."""
    return _picked(some, others, inside=False)


def _picked(some: Owned, others: Owned, *, inside: bool) -> Owned:
    picked = {}
    for label, keys in some.items():
        known = set(others.get(label, ()))
        if left := [key for key in keys if (key in known) is inside]:
            picked[label] = left
    return picked


def _pointers(owner: type[Model]) -> Iterator[tuple[str, "ForeignKey[Model, Model]"]]:
    for relation in owner._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey) and field.model not in _NO_BELONGINGS:
            yield f"{field.model._meta.label_lower}.{field.name}", field
