"""How contributions are shown: their numbers in words, a list by month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.languages import named
from contributions.models import Contribution, ContributionFacts, ContributionType, ImportRow
from contributions.queries import last_months


@dataclass(frozen=True)
class Drawn:
    """Entries month by month: what a chart and its table say."""

    first: dt.date
    names: list[str]
    values: list[int]
    label: str
    from_month: str
    to_month: str
    short: list[str]

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def columns(self) -> list[dict[str, object]]:
        return [{"label": _("Month")}, {"label": _("Entries"), "numeric": True}]

    @property
    def rows(self) -> list[tuple[str, int]]:
        return list(zip(self.names, self.values, strict=True))


def months_drawn(counts: Mapping[dt.date, int]) -> Drawn:
    """The last 12 months; ``counts``: first day of the month → entries."""
    return _drawn(last_months(), counts)


def year_drawn(counts: Mapping[dt.date, int], year: int) -> Drawn:
    """The twelve months of a calendar year."""
    return _drawn([dt.date(year, month, 1) for month in range(1, 13)], counts)


def _drawn(months: list[dt.date], counts: Mapping[dt.date, int]) -> Drawn:
    names = [date_format(month, "YEAR_MONTH_FORMAT") for month in months]
    values = [counts.get(month, 0) for month in months]
    said = {"first": names[0], "last": names[-1], "values": ", ".join(map(str, values))}
    label = _("Entries per month, %(first)s to %(last)s: %(values)s") % said
    return Drawn(
        months[0],
        names,
        values,
        label,
        date_format(months[0], _("M Y")),
        date_format(months[-1], _("M Y")),
        [date_format(month, "M") for month in months],
    )


def metrics(facts: ContributionFacts) -> list[str]:
    """``["Articles: 1", "Views: 4,100"]``: those that its type asks for and that were given."""
    pairs = (
        (facts.type.quantity_label, facts.quantity),
        (facts.type.second_quantity_label, facts.second_quantity),
        (facts.type.reach_label, facts.reach),
    )
    return [
        f"{named(label)[:1].upper()}{named(label)[1:]}: {intcomma(number)}"
        for label, number in pairs
        if label and number is not None
    ]


def misses_reach(facts: ContributionFacts) -> bool:
    """Does its type ask for a reach that was not given?"""
    return bool(facts.type.reach_label) and facts.reach is None


def by_month(rows: Iterable[Contribution]) -> list[tuple[dt.date, list[Contribution]]]:
    """Rows in the order given, under the first day of their month."""
    return [(month, list(group)) for month, group in groupby(rows, lambda row: row.starts.replace(day=1))]


def by_month_counted(
    rows: Iterable[Contribution], counts: Mapping[dt.date, int]
) -> list[tuple[dt.date, list[Contribution], int]]:
    """As ``by_month``, with the number of entries that the month has, be they on this page or not."""
    return [(month, group, counts.get(month, len(group))) for month, group in by_month(rows)]


FATES = {
    "new": (gettext_lazy("New"), gettext_lazy("added to your log"), "good"),
    "same": (gettext_lazy("Already there"), gettext_lazy("left as they are"), ""),
    "changed": (
        gettext_lazy("Changed"),
        gettext_lazy("your words and numbers replaced by the file’s"),
        "warn",
    ),
    "refused": (gettext_lazy("Refused"), gettext_lazy("left out, reason beside each"), "bad"),
}
_COLUMNS = {
    "title": gettext_lazy("Title"),
    "starts": gettext_lazy("Date"),
    "ends": gettext_lazy("Until"),
    "url": gettext_lazy("Link"),
    "area_id": gettext_lazy("Technology"),
    "area_text": gettext_lazy("Technology as written"),
    "more_areas": gettext_lazy("More technologies"),
    "description": gettext_lazy("Description"),
    "private_note": gettext_lazy("Note for reviewers"),
    "hours": gettext_lazy("Hours"),
    "role": gettext_lazy("Role"),
    "audience": gettext_lazy("Audience"),
    "visibility": gettext_lazy("Who sees it"),
    "high_impact": gettext_lazy("High impact"),
    "source_ref": gettext_lazy("Id"),
    "type_id": gettext_lazy("Type"),
}
_NAMED_ALONE = {"area_id", "more_areas", "description", "private_note", "type_id"}  # their values say little
_NUMBERS = {"quantity": "quantity_label", "second_quantity": "second_quantity_label", "reach": "reach_label"}


def fate_in_words(row: ImportRow) -> str:
    """The reason beside a row of an import: why it is refused, what changes, what it says."""
    if row.why:
        return " ".join([row.why, *row.notes])
    if row.choice == "same":
        return _("Decided above: your log is kept.")
    if row.fate == "changed":
        return "; ".join([*changes_in_words(row), *row.notes])
    if row.fate == "new":
        said = [*_numbers_said(row), *row.notes]
        if row.type is not None and row.type.reach_label and row.facts.get("reach") is None:
            said.append(_("No reach given. You can add it later."))
        return " · ".join(said)
    return " ".join(row.notes)


def day_said(row: ImportRow) -> str:
    """The day of a row as people write it; what is no day stands as the file has it."""
    try:
        return date_format(dt.date.fromisoformat(row.day), "SHORT_DATE_FORMAT")
    except ValueError:
        return row.day


def changes_in_words(row: ImportRow) -> list[str]:
    """``["Views empty → 1,870", "Description"]``: what stood there and what the file says."""
    after = {"title": row.title, "starts": row.day, "source_ref": row.ref, **row.facts}
    return [_change(column, row.type, before, after.get(column)) for column, before in row.before.items()]


def _change(column: str, type_: ContributionType | None, before: object, after: object) -> str:
    name = column_in_words(column, type_)
    if column in _NAMED_ALONE:
        return name
    return f"{name} {_short(before)} → {_short(after)}"


def column_in_words(column: str, type_: ContributionType | None) -> str:
    """A column as people call it: of the three numbers as their type does."""
    if column in _NUMBERS:
        label = named(getattr(type_, _NUMBERS[column], "")) or column.replace("_", " ")
        return label[:1].upper() + label[1:]
    return str(_COLUMNS.get(column, column))


def _short(value: object) -> str:
    if value in (None, ""):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return intcomma(value) if isinstance(value, int) else str(value)[:80]


def _numbers_said(row: ImportRow) -> list[str]:
    return [
        f"{column_in_words(column, row.type)}: {intcomma(row.facts[column])}"
        for column in _NUMBERS
        if row.facts.get(column) is not None
    ]


def side_by_side(row: ImportRow, entry: Contribution) -> list[tuple[str, str, str]]:
    """An entry of the log and a row of a file: (name, here, there)."""
    pairs: list[tuple[str, str, str]] = [
        (_("Title"), entry.title, row.title),
        (_("Date"), date_format(entry.starts, "SHORT_DATE_FORMAT"), day_said(row)),
        (_("Type"), str(entry.type), str(row.type) if row.type else row.type_name),
        (_("Link"), entry.url or _("none"), row.facts.get("url") or _("none")),
    ]
    for column in _NUMBERS:
        here, there = getattr(entry, column), row.facts.get(column)
        if here is not None or there is not None:
            pairs.append((column_in_words(column, entry.type), _short(here), _short(there)))
    return pairs
