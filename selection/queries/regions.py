"""Nominations of a cycle by region, week by week, beside those of the cycle before it.

A nomination counts in the week in which it was sent, whenever its invitation went out. Renewals are not counted: all of
them come on the day on which the cycle opens. Counts leave out the cases in which the reader has a hard conflict; regions
under five are put together.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, IntegerField, Q
from django.db.models.functions import Cast, Coalesce, Extract, Floor
from django.utils.translation import gettext as _

from charter.models import Cycle
from common import clock
from nominations import states as cases
from nominations.queries import nominations_in_office_of
from selection.small_groups import LEAST, Group, safe_groups

WEEK = dt.timedelta(days=7)


@dataclass
class Multiple:
    """One region, or several under five. ``weeks``: nominations in each week of this cycle so far; ``before``: in all
    weeks of the last one, ``then`` at this point of its time. ``tasks``: reviews asked for in the running stage."""

    name: str
    joined: int = 1
    total: int = 0
    weeks: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    then: int = 0
    tasks: int = 0
    done: int = 0

    @property
    def change(self) -> int | None:
        """Percent on the last cycle at this point of its time; none where that one was too small to compare with."""
        return round(100 * (self.total - self.then) / self.then) if self.then >= LEAST else None

    @property
    def fewer(self) -> int | None:
        """The same fall without its sign."""
        return abs(self.change) if self.change is not None else None


@dataclass(frozen=True)
class Multiples:
    """All regions on one scale: ``top`` nominations in a week, ``places`` weeks."""

    regions: list[Multiple]
    before: Cycle | None
    top: int
    places: int


def multiples_of(
    user: Any, cycle: Cycle, before: Cycle | None, reviews: Mapping[str | None, tuple[int, int]]
) -> Multiples:
    """One statement, however large the cycles are. ``reviews``: how far those of the running stage are, by the name of
    the region (tasks, of which done)."""
    elapsed = clock.now() - cycle.opens_at
    weeks = {cycle.pk: _number_of_weeks(min(elapsed, cycle.closes_at - cycle.opens_at))}
    if before is not None:
        weeks[before.pk] = _number_of_weeks(before.closes_at - before.opens_at)
    rows: Any = (
        nominations_in_office_of(user)
        .filter(cycle__in=weeks, is_renewal=False)
        .exclude(state=cases.MERGED)
        .annotate(since=Coalesce("saved_at", "created_at") - F("cycle__opens_at"))
        .annotate(week=Cast(Floor(Extract("since", "epoch") / WEEK.total_seconds()), IntegerField()))
        .order_by()
        .values_list("cycle", "region__name", "week")
        .annotate(all=Count("pk"), then=Count("pk", filter=Q(since__lte=elapsed)))
    )
    found: dict[str, Multiple] = {}
    for cycle_id, region, week, number, then in rows:
        name = region or _("No region")
        one = found.setdefault(
            name,
            Multiple(
                name, weeks=[0] * weeks[cycle.pk], before=[0] * weeks[before.pk] if before is not None else []
            ),
        )
        counts = one.weeks if cycle_id == cycle.pk else one.before
        counts[min(max(week, 0), len(counts) - 1)] += number
        if cycle_id == cycle.pk:
            one.total += number
        else:
            one.then += then
    for region, (number, done) in reviews.items():
        name = region or _("No region")
        if name in found:  # cases carried over may come from a region without any of this cycle
            found[name].tasks, found[name].done = number, done
    shown = _without_small(found)
    top = max((number for one in shown for number in (*one.weeks, *one.before)), default=0)
    whole = _number_of_weeks(cycle.closes_at - cycle.opens_at)
    return Multiples(shown, before, top, max(whole, *weeks.values()))


def _number_of_weeks(span: dt.timedelta) -> int:
    """Weeks begun, at least one."""
    return max(1, -(-span // WEEK))


def _without_small(found: dict[str, Multiple]) -> list[Multiple]:
    """The largest first; those under five as one. A line of last time is drawn where it had five."""
    others = _("Other regions")
    groups = safe_groups((Group(one.name, one.total) for one in found.values()), others=others)
    named = {group.name for group in groups}
    small = [one for one in found.values() if one.total and one.name not in named]
    shown = [_joined(group, small) if group.joined > 1 else found[group.name] for group in groups]
    for one in shown:
        if sum(one.before) < LEAST:
            one.before = []
    return shown


def _joined(group: Group, parts: Iterable[Multiple]) -> Multiple:
    parts = list(parts)
    return Multiple(
        group.name,
        joined=group.joined,
        total=group.cases,
        weeks=_sums(one.weeks for one in parts),
        before=_sums(one.before for one in parts),
        then=sum(one.then for one in parts),
        tasks=sum(one.tasks for one in parts),
        done=sum(one.done for one in parts),
    )


def _sums(rows: Iterable[list[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*rows, strict=True)]
