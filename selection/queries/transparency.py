"""What came of the cycles whose letters are out, in numbers that say nothing about anybody. Counts everybody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Max, OuterRef
from django.db.models.aggregates import Aggregate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charter.models import Cycle
from nominations import states as cases
from nominations.models import Nomination, Support
from selection import states
from selection.models import Release
from selection.small_groups import LEAST, Group, safe_groups

KEPT_SECONDS = 600
_AWARDED = (cases.AWARDED, cases.AWARD_DECLINED)
_NOT = (cases.NOT_AWARDED, cases.ON_RESERVE, cases.SECOND_LOOK)


@dataclass(frozen=True)
class Report:
    """One released cycle. ``decided``: cases that got an outcome; ``nominations`` counts those that ended before, too,
    and is not shown where these are fewer than five. Shares are percents, ``days`` a median.

    None where it would tell about fewer than five. Tables hold ``selection.small_groups.Group``.
    """

    cycle: Cycle
    released_at: dt.datetime
    nominations: int | None
    decided: int | None
    awarded: int | None
    acceptance: float | None
    days: int | None
    outcomes: list[Group]
    regions: list[Group]
    categories: list[Group]
    nominators: list[Group]


class Median(Aggregate):
    """PostgreSQL's ``percentile_cont(0.5) WITHIN GROUP (ORDER BY …)``."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()
    allow_distinct = False


def released_cycles() -> list[tuple[Cycle, dt.datetime]]:
    """Cycles whose main letters are out, with that moment; the newest first."""
    out = Release.objects.filter(kind=Release.Kind.MAIN, state=states.RELEASED, released_at__isnull=False)
    releases = out.select_related("cycle").order_by("-released_at", "-pk")
    return [(release.cycle, release.released_at) for release in releases if release.released_at]


def report_of(cycle: Cycle, released_at: dt.datetime) -> Report:
    """Counted anew when another release of the cycle went out, and every ten minutes."""
    newest = Release.objects.filter(cycle=cycle).aggregate(at=Max("released_at"))["at"]
    key = f"transparency.{cycle.pk}.{newest:%Y%m%d%H%M%S}.{get_language()}"
    kept: Report | None = cache.get(key)
    if kept is None:
        kept = _count(cycle, released_at)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _count(cycle: Cycle, released_at: dt.datetime) -> Report:
    rows = _rows(cycle)
    every = sum(row["number"] for row in rows)
    decided = [row for row in rows if row["state"] in (*_AWARDED, *_NOT, cases.INELIGIBLE)]
    whole = _sums(decided, lambda row: "")
    safe = bool(whole) and whole[0].is_safe(LEAST)
    return Report(
        cycle=cycle,
        released_at=released_at,
        nominations=every if safe and (every == whole[0].cases or every - whole[0].cases >= LEAST) else None,
        decided=whole[0].cases if safe else None,
        awarded=whole[0].awarded if safe else None,
        acceptance=100 * whole[0].awarded / whole[0].cases if safe else None,
        days=_days(cycle, released_at),
        outcomes=_outcomes(decided),
        regions=_table(decided, lambda row: row["region__name"] or _("Region not known")),
        categories=_table(decided, lambda row: row["category__name"] or _("Category not known")),
        nominators=_table(decided, _nominator),
    )


def _rows(cycle: Cycle) -> list[dict[str, Any]]:
    """Counts by everything that a table is about, in one statement. Drafts and joined cases are none of their own."""
    themselves = Support.objects.filter(
        nomination=OuterRef("pk"), kind=Support.Kind.NOMINATOR, person=OuterRef("nominee")
    )
    found = Nomination.objects.filter(cycle=cycle).exclude(state__in=[cases.DRAFT, cases.MERGED])
    found = found.annotate(by_themselves=Exists(themselves)).order_by()
    by = ("state", "region__name", "category__name", "is_renewal", "by_themselves")
    return list(found.values(*by).annotate(number=Count("pk")))


def _nominator(row: dict[str, Any]) -> str:
    if row["is_renewal"]:
        return _("Held the award and confirmed")
    return _("Nominated themselves") if row["by_themselves"] else _("Nominated by somebody else")


def _sums(rows: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> list[Group]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        both = sums[str(name(row))]
        both[0] += row["number"]
        both[1] += row["number"] if row["state"] in _AWARDED else 0
    return [Group(name, *both) for name, both in sums.items()]


def _table(rows: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> list[Group]:
    return safe_groups(_sums(rows, name), others=_("Others"))


def _outcomes(rows: Iterable[dict[str, Any]]) -> list[Group]:
    """What became of the decided cases, so that the rows add up to a number that is shown anyway.

    Awards are public, so their number may be small.
    """

    def outcome(row: dict[str, Any]) -> str:
        if row["state"] in _AWARDED:
            return _("Awarded")
        if row["state"] in _NOT:
            return _("Not awarded")
        return _("Not eligible")

    found = _sums(rows, outcome)
    awarded = [one for one in found if one.awarded]
    return awarded + safe_groups([one for one in found if not one.awarded], others=_("Another outcome"))


def _days(cycle: Cycle, released_at: dt.datetime) -> int | None:
    """The median from a complete dossier to the letters, in days."""
    decided = Nomination.objects.filter(
        cycle=cycle, completed_at__lte=released_at, state__in=[*_AWARDED, *_NOT, cases.INELIGIBLE]
    )
    waited = ExpressionWrapper(released_at - F("completed_at"), output_field=DurationField())
    found = decided.aggregate(number=Count("pk"), median=Median(waited))
    return found["median"].days if found["number"] >= LEAST else None
