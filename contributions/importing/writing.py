"""Carries out a plan, and takes it back, in a fixed number of statements whatever its size."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from common import history
from common.actor import Actor
from common.history import Event
from contributions.bulk import copy_entries, copy_import_rows, update_entries
from contributions.importing.plan import (
    CHANGED,
    KEEP,
    NEW,
    REFUSED,
    SAME,
    TAKE,
    Fate,
    Log,
    all_facts,
    differences,
)
from contributions.importing.reading import RefusedRow
from contributions.importing.rows import Row
from contributions.models import Contribution, ContributionImport, ContributionType, ImportRow
from contributions.queries import more_areas_of
from contributions.snapshots import COLUMNS, plain
from people.models import Person

_STORED = (
    "of_id", "line", "fate", "ref", "title", "type_name", "type_id", "day", "facts", "before", "notes", "needs", "why",
    "key", "twin", "advice", "choice",
)  # fmt: skip
_OF_THE_CHECK = {
    "link_checked_at",
    "link_answers",
    "link_failures",
    "link_failing_since",
    "created_at",
}  # written by others than its owner


def log_of_person(person: Person) -> Log:
    """A whole log in two statements."""
    return Log(Contribution.objects.filter(person=person), more_areas_of(person))


def store(made: ContributionImport, fates: Sequence[Fate], refused: Iterable[RefusedRow]) -> None:
    """Keep what would happen to each row, so that it can be shown, carried out and undone."""
    names = dict(ContributionType.objects.values_list("pk", "name"))
    rows = [_stored(made, fate, names) for fate in fates]
    rows += [_stored_refusal(made, row) for row in refused]
    rows.sort(key=lambda row: row["line"])
    copy_import_rows(rows, _STORED)


def _stored(made: ContributionImport, fate: Fate, names: Mapping[int, str]) -> dict[str, Any]:
    row = fate.row
    return {
        "of_id": made.pk, "line": row.line, "fate": fate.kind, "ref": row.ref, "title": row.title,
        "type_name": names[row.type_id], "type_id": row.type_id, "day": row.starts.isoformat(), "facts": row.facts,
        "before": fate.before, "notes": row.notes, "needs": row.refused_if_new, "why": fate.why, "key": fate.key,
        "twin": fate.twin, "advice": fate.advice, "choice": "",
    }  # fmt: skip


def _stored_refusal(made: ContributionImport, row: RefusedRow) -> dict[str, Any]:
    return {
        "of_id": made.pk, "line": row.line, "fate": REFUSED, "ref": "", "title": row.title, "type_name": row.type_name,
        "type_id": None, "day": row.day, "facts": {}, "before": {}, "notes": [], "needs": "", "why": row.why[:500],
        "key": "", "twin": "", "advice": "", "choice": "",
    }  # fmt: skip


def stored_rows(made: ContributionImport) -> list[ImportRow]:
    """What was read from the file, in its order, without what could not be read."""
    return list(made.rows.exclude(type=None).order_by("line", "id"))


def row_of(stored: ImportRow) -> Row:
    """A stored row as it was read."""
    day = Contribution._meta.get_field("starts").to_python(stored.day)
    return Row(
        stored.line,
        stored.ref,
        stored.type_id or 0,
        stored.title,
        day,
        stored.facts,
        stored.notes,
        stored.needs,
    )


def fate_of(stored: ImportRow) -> Fate:
    return Fate(
        row_of(stored), stored.fate, stored.key, stored.before, stored.why, stored.twin, stored.advice
    )


def carry_out(
    made: ContributionImport, fates: Sequence[Fate], log: Log, *, choices: Mapping[int, str], by: Actor | None
) -> dict[str, int]:
    """Write what the fates say; ``choices``: line → what was decided on a suggestion. Returns the counts."""
    new: list[dict[str, Any]] = []
    changes: dict[int, dict[str, Any]] = {}
    decided: list[ImportRow] = []
    counts = dict.fromkeys((NEW, SAME, CHANGED, REFUSED), 0)
    for fate in fates:
        choice = choices.get(fate.row.line, fate.advice) if fate.twin else ""
        kind = fate.kind
        if choice in (KEEP, TAKE):
            kind = _follow(fate, choice, log, changes)
            decided.append(
                ImportRow(line=fate.row.line, fate=kind, key=fate.twin, before=fate.before, choice=choice)
            )
        elif kind == NEW:
            new.append(entry_of(fate.row, fate.key, source=made.file_name))
        elif kind == CHANGED:
            changes[log.by_key[fate.key].pk] = {name: fate.row.facts[name] for name in fate.before}
        counts[kind] += 1
    if new:
        copy_entries(made.person_id, new)
    if changes:
        update_entries(changes)
    for row in decided:
        made.rows.filter(line=row.line).update(
            fate=row.fate, key=row.key, before=row.before, choice=row.choice
        )
    changed = {entry.key for entry in log.entries if entry.pk in changes}
    codes = {"import": made.key}
    history.copy_events(
        [Event("contribution", entry["key"], "import", by, codes=codes) for entry in new]
        + [Event("contribution", key, "import_changes", by, codes=codes) for key in sorted(changed)]
    )
    return counts


def _follow(fate: Fate, choice: str, log: Log, changes: dict[int, dict[str, Any]]) -> str:
    """The row is an entry of the log: keep that, or let the file's words and numbers stand."""
    entry = log.by_key[fate.twin]
    if choice == KEEP:
        return SAME
    facts = all_facts(fate.row)
    fate.before = differences(facts, log.content(entry))
    if not fate.before:
        return SAME
    changes[entry.pk] = {name: facts[name] for name in fate.before}
    return CHANGED


def entry_of(row: Row, key: str, *, source: str) -> dict[str, Any]:
    """The columns of a new entry, as JSON holds them."""
    return {
        "key": key, "title": row.title, "starts": plain(row.starts), "type_id": row.type_id, "source_ref": row.ref,
        "source": source[:40], **row.facts,
    }  # fmt: skip


def take_back(made: ContributionImport, *, by: Actor | None) -> tuple[int, int]:
    """Delete what the import added and restore what it changed; how many were undone, and how many stay.

    An entry that was edited since stays as it is.
    """
    rows = {row.key: row for row in made.rows.filter(fate__in=(NEW, CHANGED)).exclude(key="")}
    entries = Contribution.objects.filter(person=made.person_id, key__in=list(rows))
    more = more_areas_of(made.person)
    log = Log(entries, more)
    gone: list[Contribution] = []
    back: dict[int, dict[str, Any]] = {}
    for entry in log.entries:
        stored = rows[entry.key]
        content = log.content(entry)
        if stored.fate == NEW and _is_as_imported(stored, content, made):
            gone.append(entry)
        elif stored.fate == CHANGED and not differences(_written(stored), content):
            back[entry.pk] = stored.before
    Contribution.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    if back:
        update_entries(back)
    codes = {"import": made.key}
    keys = {entry.pk: entry.key for entry in log.entries}
    history.copy_events(
        [Event("contribution", entry.key, "undo_import", by, codes=codes) for entry in gone]
        + [Event("contribution", keys[pk], "undo_import", by, codes=codes) for pk in sorted(back)]
    )
    undone = len(gone) + len(back)
    return undone, len(log.entries) - undone


def _written(stored: ImportRow) -> dict[str, Any]:
    facts = all_facts(row_of(stored))
    return {name: facts[name] for name in stored.before}


def _is_as_imported(stored: ImportRow, content: dict[str, Any], made: ContributionImport) -> bool:
    fields = {field.attname: field for field in Contribution._meta.concrete_fields}
    made_of = entry_of(row_of(stored), stored.key, source=made.file_name)
    expected = {
        name: made_of.get(name, plain(fields[name].get_default()))
        for name in COLUMNS
        if name not in _OF_THE_CHECK
    } | {"more_areas": made_of.get("more_areas", [])}
    return not differences(expected, content)
