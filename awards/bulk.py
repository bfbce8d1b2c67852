"""Awards by the thousand, for generated and imported rosters; beside ``actions`` the only writer of ``state``."""

from collections.abc import Iterable

from django.db import connection

from awards.models import Award
from common.copying import copy_in


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
