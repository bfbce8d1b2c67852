"""A file becomes entries of a log: checked, taken over, undone."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, history
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from contributions import states
from contributions.actions.log import DAYS_TO_UNDO
from contributions.importing.plan import BOTH, KEEP, KINDS, NEW, REFUSED, TAKE, Fate, make_plan
from contributions.importing.reading import Read, read_file
from contributions.importing.rows import Known
from contributions.importing.writing import carry_out, fate_of, log_of_person, store, stored_rows, take_back
from contributions.models import ContributionImport
from people.models import Person

DAYS_TO_CONFIRM = 2


def check_import(person: Person, *, name: str, content: bytes, by: Actor | None) -> ContributionImport:
    """Read a file and keep what would happen to each row; the log stays as it is.

    Raises ``RuleBroken`` where the file as a whole cannot be read. What the same person checked before and did not
    take over is dropped.
    """
    read = read_file(name, content, Known())
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        ContributionImport.objects.filter(person=person, state=states.CHECKED).delete()
        made = ContributionImport.objects.create(
            person=person, file_name=name[-200:], remarks=read.remarks, made_at=clock.now()
        )
        _store(made, make_plan(read.rows, log_of_person(person)), read)
    return made


@transaction.atomic
def import_contributions(
    made: ContributionImport, *, choices: Mapping[int, str] | None = None, by: Actor | None
) -> ContributionImport:
    """checked → imported: write everything at once. ``choices``: line → same, file or other, for suggestions.

    Where the log has changed since the check, so that something else would happen than was shown, the rows are
    settled anew and ``Outdated`` asks to look again.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=made.person_id)
    made = ContributionImport.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.state == states.IMPORTED:
        return made
    _require(made, states.IMPORTED)
    shown = [fate_of(row) for row in stored_rows(made)]
    log = log_of_person(person)
    fates = _with_shown_keys(make_plan([fate.row for fate in shown], log), shown)
    if [fate.decided for fate in fates] != [fate.decided for fate in shown]:
        raise Outdated(
            _("Your log has changed since this file was checked. Nothing was imported; check the file again.")
        )
    good = {line: choice for line, choice in (choices or {}).items() if choice in (KEEP, TAKE, BOTH)}
    counts = carry_out(made, fates, log, choices=good, by=by)
    counts[REFUSED] += made.rows.filter(type=None).count()
    made.state, made.counts, made.imported_at = states.IMPORTED, counts, clock.now()
    made.save(update_fields=["state", "counts", "imported_at"])
    history.record(
        "import",
        made.key,
        "import_contributions",
        by=by,
        old=states.CHECKED,
        new=states.IMPORTED,
        codes=counts,
    )
    return made


@transaction.atomic
def undo_import(made: ContributionImport, *, by: Actor | None) -> tuple[int, int]:
    """imported → undone: how many entries were taken back, and how many stay because they were edited since."""
    Person.objects.select_for_update(of=("self",)).get(pk=made.person_id)
    made = ContributionImport.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.state == states.UNDONE:
        return 0, 0
    _require(made, states.UNDONE)
    undone, kept = take_back(made, by=by)
    made.state = states.UNDONE
    made.save(update_fields=["state"])
    codes = {"undone": undone, "kept": kept}
    history.record(
        "import", made.key, "undo_import", by=by, old=states.IMPORTED, new=states.UNDONE, codes=codes
    )
    return undone, kept


@transaction.atomic
def discard_import(made: ContributionImport, *, by: Actor | None) -> None:
    """Forget a file that was only checked."""
    made = ContributionImport.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.state != states.CHECKED:
        raise RuleBroken(_("This file was imported already. You can undo that."))
    made.delete()


def undo_ends(made: ContributionImport) -> dt.datetime:
    """Until when an import can be undone; of one that is not made yet, if it were made now."""
    return (made.imported_at or clock.now()) + dt.timedelta(days=DAYS_TO_UNDO)


def forget_imports() -> int:
    """Once a day: files that nobody took over, and imports that can no longer be undone."""
    now = clock.now()
    old = ContributionImport.objects.filter(
        state=states.CHECKED, made_at__lt=now - dt.timedelta(days=DAYS_TO_CONFIRM)
    ) | ContributionImport.objects.filter(imported_at__lt=now - dt.timedelta(days=DAYS_TO_UNDO))
    return old.delete()[0]


def _store(made: ContributionImport, fates: list[Fate], read: Read) -> None:
    store(made, fates, read.refused)
    counts = Counter(fate.kind for fate in fates)
    counts[REFUSED] += len(read.refused)
    made.counts = {kind: counts[kind] for kind in KINDS}
    made.save(update_fields=["counts"])


def _with_shown_keys(fates: list[Fate], shown: list[Fate]) -> list[Fate]:
    """A new entry gets the key that was set aside for it when the file was checked."""
    for fate, before in zip(fates, shown, strict=True):
        if fate.kind == NEW and before.kind == NEW:
            fate.key = before.key
    return fates


def _require(made: ContributionImport, state: str) -> None:
    if state not in states.MOVES[made.state]:
        raise RuleBroken(_("This import was undone. Hand the file in once more."))
