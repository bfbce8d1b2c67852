"""What came of the cycles whose letters are out, in numbers that say nothing about anybody. Counts everybody.

Counted once, when a report is published (``actions.reports``); pages read what was stored then.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.aggregates import Aggregate
from django.utils.translation import gettext_lazy as _

from charter.models import Cycle
from nominations import states as cases
from nominations.models import Nomination, Support
from selection import states
from selection.models import Release, TransparencyReport
from selection.small_groups import LEAST, Group, may_follow, safe_groups

TITLES = {
    "outcomes": _("What became of the decided cases"),
    "regions": _("By region"),
    "categories": _("By category"),
    "nominators": _("By who brought the case"),
}
TOTALS = {
    "nominations": _("Nominations"),
    "decided": _("Complete and decided"),
    "awarded": _("Awarded"),
    "days": _("From a complete dossier to the letters"),
}
# What a report calls what has no name of its own. In it stands the key, with its colon; a page says the words.
WORDS = {
    ":awarded": _("Awarded"),
    ":not-awarded": _("Not awarded"),
    ":ineligible": _("Not eligible"),
    ":another-outcome": _("Another outcome"),
    ":no-region": _("Region not known"),
    ":no-category": _("Category not known"),
    ":renewal": _("Held the award and confirmed"),
    ":themselves": _("Nominated themselves"),
    ":somebody-else": _("Nominated by somebody else"),
    ":others": _("Others"),
}
_AWARDED = (cases.AWARDED, cases.AWARD_DECLINED)
_NOT = (cases.NOT_AWARDED, cases.ON_RESERVE, cases.SECOND_LOOK)
_DECIDED = (*_AWARDED, *_NOT, cases.INELIGIBLE)


@dataclass(frozen=True)
class Figures:
    """``decided``: cases that got an outcome; ``nominations`` counts those that ended before, too, and is not shown
    where these are fewer than five. ``days``: the median from a complete dossier to the letters.

    None where it would tell about fewer than five. Tables hold ``selection.small_groups.Group``.
    """

    nominations: int | None
    decided: int | None
    awarded: int | None
    days: int | None
    outcomes: list[Group] = field(default_factory=list)
    regions: list[Group] = field(default_factory=list)
    categories: list[Group] = field(default_factory=list)
    nominators: list[Group] = field(default_factory=list)

    @property
    def acceptance(self) -> float | None:
        """Percent of the decided cases."""
        return None if not self.decided or self.awarded is None else 100 * self.awarded / self.decided

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Report:
    """A published report with what is said of it. ``versions``: all of them, the first one first."""

    cycle: Cycle
    released_at: dt.datetime
    number: int
    published_at: dt.datetime
    figures: Figures
    versions: list[TransparencyReport]

    @property
    def corrections(self) -> list[TransparencyReport]:
        """When and why."""
        return self.versions[1:]


class Median(Aggregate):
    """PostgreSQL's ``percentile_cont(0.5) WITHIN GROUP (ORDER BY …)``."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()
    allow_distinct = False


def main_releases() -> QuerySet[Release]:
    """Those by which the letters of a cycle went out; the newest first."""
    out = Release.objects.filter(kind=Release.Kind.MAIN, state=states.RELEASED, released_at__isnull=False)
    return out.select_related("cycle").order_by("-released_at", "-pk")


def releases_without_report() -> QuerySet[Release]:
    """Letters that went out before there were reports."""
    return main_releases().filter(~Q(cycle__reports__number=1))


def published_reports() -> list[Report]:
    """The reports of all cycles, the newest first, in two statements."""
    return _reports(main_releases())


def published_report(slug: str) -> Report | None:
    found = _reports(main_releases().filter(cycle__slug=slug))
    return found[0] if found else None


def _reports(found: QuerySet[Release]) -> list[Report]:
    releases = list(found)
    versions: defaultdict[int, list[TransparencyReport]] = defaultdict(list)
    if releases:
        cycles = [release.cycle_id for release in releases]
        for version in TransparencyReport.objects.filter(cycle__in=cycles).order_by("number"):
            versions[version.cycle_id].append(version)
    return [
        _report(release.cycle, release.released_at, versions[release.cycle_id])
        for release in releases
        if release.released_at and versions[release.cycle_id]
    ]


def _report(cycle: Cycle, released_at: dt.datetime, versions: list[TransparencyReport]) -> Report:
    newest = versions[-1]
    return Report(
        cycle=cycle,
        released_at=released_at,
        number=newest.number,
        published_at=newest.published_at,
        figures=figures_from(newest.figures),
        versions=versions,
    )


def figures_from(stored: dict[str, Any]) -> Figures:
    """What ``Figures.as_json`` made."""
    return Figures(**{**stored, **{name: [Group(**one) for one in stored[name]] for name in TITLES}})


def following(versions: Iterable[TransparencyReport], counted: Figures) -> Figures:
    """What a correction may publish: what is counted now, where nothing about fewer than five can be had with any version
    before; else what was published last, with the median of today.

    All tables and sums or none: with some of one count and some of another, their sums would differ by a few.
    """
    published = [figures_from(version.figures) for version in versions]
    is_safe = all(
        may_follow(before, now)
        for one in published
        for before, now in zip(_tables(one), _tables(counted), strict=True)
    )
    return counted if is_safe else replace(published[-1], days=counted.days)


def _tables(figures: Figures) -> list[list[Group]]:
    return [_totals(figures), *(getattr(figures, table) for table in TITLES)]


def _totals(figures: Figures) -> list[Group]:
    """The cases that were decided, and those that ended before where they are shown."""
    if figures.decided is None or figures.awarded is None:
        return []
    decided = Group("decided", figures.decided, figures.awarded)
    if figures.nominations is None:
        return [decided]
    return [decided, Group("ended", figures.nominations - figures.decided, joined=2)]


def totals_changed(published: Figures, counted: Figures) -> list[tuple[str, int | None, int | None]]:
    """What a correction would change of what stands above the tables: total, as published, as it is counted now."""
    both = [(name, getattr(published, name), getattr(counted, name)) for name in TOTALS]
    return [(name, before, now) for name, before, now in both if before != now]


def changes_of(published: Figures, counted: Figures) -> list[tuple[str, str, Group | None, Group | None]]:
    """What a correction would change of the tables: table, group, as it is published, as it is counted now."""
    found = []
    for table in TITLES:
        before = {one.name: one for one in getattr(published, table)}
        now = {one.name: one for one in getattr(counted, table)}
        names = dict.fromkeys([*before, *now])
        found += [
            (table, name, before.get(name), now.get(name))
            for name in names
            if before.get(name) != now.get(name)
        ]
    return found


def figures_of(cycle: Cycle, released_at: dt.datetime) -> Figures:
    """Counted from the cases as they stand."""
    return figures_from_counts(_rows(cycle), _days(cycle, released_at))


def figures_from_counts(rows: list[dict[str, Any]], days: int | None) -> Figures:
    """Of the rows of ``_rows``, without a look at the database."""
    every = sum(row["number"] for row in rows)
    decided = [row for row in rows if row["state"] in _DECIDED]
    whole = _sums(decided, lambda row: "")
    safe = bool(whole) and whole[0].is_safe(LEAST)
    return Figures(
        nominations=every if safe and (every == whole[0].cases or every - whole[0].cases >= LEAST) else None,
        decided=whole[0].cases if safe else None,
        awarded=whole[0].awarded if safe else None,
        days=days,
        outcomes=_outcomes(decided),
        regions=_table(decided, lambda row: row["region__name"] or ":no-region"),
        categories=_table(decided, lambda row: row["category__name"] or ":no-category"),
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
        return ":renewal"
    return ":themselves" if row["by_themselves"] else ":somebody-else"


def _sums(rows: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> list[Group]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        both = sums[str(name(row))]
        both[0] += row["number"]
        both[1] += row["number"] if row["state"] in _AWARDED else 0
    return [Group(name, *both) for name, both in sums.items()]


def _table(rows: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], str]) -> list[Group]:
    return safe_groups(_sums(rows, name), others=":others")


def _outcomes(rows: Iterable[dict[str, Any]]) -> list[Group]:
    """What became of the decided cases, so that the rows add up to a number that is shown anyway.

    Awards are public, so their number may be small.
    """

    def outcome(row: dict[str, Any]) -> str:
        if row["state"] in _AWARDED:
            return ":awarded"
        return ":not-awarded" if row["state"] in _NOT else ":ineligible"

    found = _sums(rows, outcome)
    awarded = [one for one in found if one.awarded]
    return awarded + safe_groups([one for one in found if not one.awarded], others=":another-outcome")


def _days(cycle: Cycle, released_at: dt.datetime) -> int | None:
    """The median from a complete dossier to the letters, in days."""
    decided = Nomination.objects.filter(cycle=cycle, completed_at__lte=released_at, state__in=_DECIDED)
    waited = ExpressionWrapper(released_at - F("completed_at"), output_field=DurationField())
    found = decided.aggregate(number=Count("pk"), median=Median(waited))
    return found["median"].days if found["number"] >= LEAST else None
