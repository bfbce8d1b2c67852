"""Awards by the thousand, for generated and imported rosters; beside ``actions`` the only writer of ``state``."""

from collections.abc import Iterable

from awards.models import Award
from common.bulk import copy_rows


def copy_awards(awards: Iterable[Award]) -> int:
    """Write unsaved awards in one COPY and return how many.

    Overlapping terms raise ``IntegrityError`` from the database. History is the caller's: one event for the
    whole load (an import) or one for each award (``common.history.record_many``).
    """
    return copy_rows(awards)
