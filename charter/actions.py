"""What moves the program itself."""

from django.db import transaction

from charter.models import Program
from common import history
from common.actor import Actor


@transaction.atomic
def begin_award_year(year: int, *, by: Actor | None) -> bool:
    """Let an award year be the one in force; False where it, or a later one, already is."""
    program = Program.objects.select_for_update().first()
    if program is None or program.current_year >= year:
        return False
    old, program.current_year = program.current_year, year
    program.save(update_fields=["current_year"])
    history.record("site", "program", "begin_award_year", by=by, old=str(old), new=str(year))
    return True
