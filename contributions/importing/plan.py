"""What would happen to each row of a file, decided before anything is written.

* A row is recognised by id, type, first day and title together. The id of an entry is that of the file it came from,
  or its own key.
* An empty field of the file empties nothing.
* What is like an entry without being recognised is suggested as the same; a person decides.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from common.fields import one_line
from common.keys import new_key
from contributions.importing.rows import Row
from contributions.models import Contribution
from contributions.snapshots import plain, snapshot

NEW, SAME, CHANGED, REFUSED = "new", "same", "changed", "refused"
KINDS = (NEW, SAME, CHANGED, REFUSED)
KEEP, TAKE, BOTH = "same", "file", "other"  # what may be decided on a suggestion
_DAYS_NEAR = 3
_LIKE = 0.8
_COMPARED = 20  # entries near a row
_SUGGESTED = 50  # of a file
_OF_ONE_PLACE = 3  # a link that more entries have leads to a place, not to one work
_ENDS = re.compile(r"^https?://(www\.)?|/*(#.*)?$", re.IGNORECASE)


@dataclass
class Fate:
    """What happens to one row. ``key``: of the entry, the new one's too; ``before``: its columns that change."""

    row: Row
    kind: str
    key: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    twin: str = ""
    advice: str = ""

    @property
    def decided(self) -> tuple[object, ...]:
        """What must be as it was shown when it is carried out; the key of a new entry is of no matter."""
        key = "" if self.kind == NEW else self.key
        return (self.row.line, self.kind, key, self.before, self.twin)


class Log:
    """A person's log in memory, for looking things up ten thousand times."""

    def __init__(self, entries: Iterable[Contribution], more_areas: dict[int, list[int]]) -> None:
        self.entries = list(entries)
        self.by_key = {entry.key: entry for entry in self.entries}
        self.more_areas = more_areas
        self._known: dict[tuple[int, dt.date, str], list[Contribution]] = defaultdict(list)
        self._on: dict[tuple[int, dt.date], list[Contribution]] = defaultdict(list)
        self._with_link: dict[str, list[Contribution]] = defaultdict(list)
        for entry in self.entries:
            self._known[entry.type_id, entry.starts, one_line(entry.title)].append(entry)
            self._on[entry.type_id, entry.starts].append(entry)
            if entry.url:
                self._with_link[link_key(entry.url)].append(entry)

    def recognise(self, row: Row) -> Contribution | None:
        entries = self._known.get((row.type_id, row.starts, row.title), [])
        return next((entry for entry in entries if row.ref in (entry.source_ref, entry.key)), None)

    def near(self, row: Row) -> list[Contribution]:
        """Entries that could be the same: of one type around the day, or with the same link."""
        days = (
            row.starts + dt.timedelta(days=shift)
            for shift in sorted(range(-_DAYS_NEAR, _DAYS_NEAR + 1), key=abs)
        )
        found = [entry for day in days for entry in self._on.get((row.type_id, day), [])[:_COMPARED]]
        linked = self._with_link.get(link_key(row.facts.get("url", "")), [])
        if len(linked) <= _OF_ONE_PLACE:
            found += [entry for entry in linked if entry.type_id == row.type_id]
        return found[:_COMPARED]

    def content(self, entry: Contribution) -> dict[str, Any]:
        return snapshot(entry, self.more_areas.get(entry.pk, []))


def link_key(url: str) -> str:
    """As ``models.LinkKey`` compares links."""
    return _ENDS.sub("", url).lower()


def make_plan(rows: Sequence[Row], log: Log) -> list[Fate]:
    """Each row's fate, in the order of the file. Writes nothing."""
    fates: list[Fate] = []
    first_said: dict[tuple[object, ...], int] = {}
    taken: set[str] = set()
    for row in rows:
        line = first_said.setdefault(row.identity, row.line)
        fate = _settle(row, log) if line == row.line else _said_before(row, line)
        if fate.kind in (SAME, CHANGED):
            if fate.key in taken:  # one names the entry's own key, another its id
                fate = _said_before(row, next(f.row.line for f in fates if f.key == fate.key))
            taken.add(fate.key)
        fates.append(fate)
    _suggest(fates, log, taken)
    return fates


def _said_before(row: Row, line: int) -> Fate:
    return Fate(row, REFUSED, why=_("Row %(line)d of this file says the same.") % {"line": line})


def _settle(row: Row, log: Log) -> Fate:
    entry = log.recognise(row)
    if entry is None:
        if row.refused_if_new:
            return Fate(row, REFUSED, why=row.refused_if_new)
        return Fate(row, NEW, key=new_key(10))
    before = differences(row.facts, log.content(entry))
    return Fate(row, CHANGED if before else SAME, key=entry.key, before=before)


def differences(facts: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Columns of an entry that the facts would change, with what stands there now."""
    return {name: content[name] for name, value in facts.items() if _plain(content[name]) != _plain(value)}


def _plain(value: Any) -> Any:
    """Line ends are no difference."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _suggest(fates: Sequence[Fate], log: Log, taken: set[str]) -> None:
    """Name the entry that a new row may be; each entry once, only of those that no row is."""
    links = Counter(link_key(fate.row.facts.get("url", "")) for fate in fates)
    number = 0
    for fate in fates:
        if fate.kind != NEW or number >= _SUGGESTED:
            continue
        own_link = link_key(fate.row.facts.get("url", ""))
        is_place = links[own_link] > _OF_ONE_PLACE
        twin = _twin_of(fate.row, "" if is_place else own_link, log, taken)
        if twin is not None:
            taken.add(twin.key)
            number += 1
            fate.twin = twin.key
            same_day = twin.starts == fate.row.starts and _likeness(fate.row.title, twin.title) >= _LIKE
            fate.advice = KEEP if same_day else BOTH


def _twin_of(row: Row, own_link: str, log: Log, taken: set[str]) -> Contribution | None:
    best, best_likeness = None, 0.0
    for entry in log.near(row):
        if entry.key in taken:
            continue
        both_named = row.ref and entry.source_ref and row.ref != entry.source_ref
        likeness = _likeness(row.title, entry.title)
        linked = own_link and entry.url and link_key(entry.url) == own_link
        if (likeness >= _LIKE or linked) and not (both_named and not linked) and likeness >= best_likeness:
            best, best_likeness = entry, likeness
    return best


def _likeness(one: str, other: str) -> float:
    """0 to 1. Titles that differ in a number alone are parts of a series, not the same."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    match = SequenceMatcher(None, one.casefold(), other.casefold())
    return match.ratio() if match.real_quick_ratio() >= _LIKE else 0.0


def all_facts(row: Row) -> dict[str, Any]:
    """What taking the file for an entry that was not recognised writes: its identity too."""
    return {"title": row.title, "starts": plain(row.starts), "type_id": row.type_id, **row.facts} | (
        {"source_ref": row.ref} if row.ref else {}
    )
