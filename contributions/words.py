"""How contributions are shown: their numbers in words, a list by month."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.contrib.humanize.templatetags.humanize import intcomma

from contributions.models import Contribution, ContributionFacts


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
