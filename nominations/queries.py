"""Which cases there are, and for whom."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from nominations.models import Conflict
from people.models import Person

M = TypeVar("M", bound=Model)


def without_conflicts(rows: QuerySet[M], person: Person | None, *, case: str = "pk") -> QuerySet[M]:
    """``rows`` less those that belong to a case in which ``person`` has a hard conflict.

    ``case`` is the path from a row to its case: ``pk`` for nominations, ``nomination`` for candidacies.
    """
    if person is None:
        return rows
    ties = Conflict.objects.filter(nomination=OuterRef(case), person=person, strength=Conflict.Strength.HARD)
    return rows.filter(~Exists(ties))
