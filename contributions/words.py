"""How contributions are shown: their numbers in words, a list by month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contributions.models import Contribution, ContributionFacts
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
    names = [date_format(month, "F Y") for month in months]
    values = [counts.get(month, 0) for month in months]
    said = {"first": names[0], "last": names[-1], "values": ", ".join(map(str, values))}
    label = _("Entries per month, %(first)s to %(last)s: %(values)s") % said
    return Drawn(
        months[0], names, values, label, date_format(months[0], "M Y"), date_format(months[-1], "M Y")
    )


def metrics(facts: ContributionFacts) -> list[str]:
    """``["Articles: 1", "Views: 4,100"]``: those that its type asks for and that were given."""
    pairs = (
        (facts.type.quantity_label, facts.quantity),
        (facts.type.second_quantity_label, facts.second_quantity),
        (facts.type.reach_label, facts.reach),
    )
    return [
        f"{label[:1].upper()}{label[1:]}: {intcomma(number)}"
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
