"""``/numbers/``: who holds the award, where, for what and for how long, and what came of each cycle."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_countries import countries

from awards.figures import YearInFigures, figures_in, first_timers_each_year, holders_each_year
from awards.lines import country_names
from awards.loading import Loaded, loaded, roster_version
from charter.models import Program
from charter.queries import program
from common import charts
from common.http import attachment
from common.sheets import write_csv
from selection.queries.transparency import Report, released_cycles, report_of
from selection.small_groups import Group

BARS, REPORTS = 11, 12  # of a list; cycles on the page
TABLES = ("years", "countries", "regions", "technologies", "tenure", "cycles")
Cells = list[list[Any]]


@dataclass(frozen=True)
class Table:
    """One chart's figures: ``columns`` as table.html takes them, ``rows`` from the first to the last."""

    name: str
    caption: str
    columns: list[dict[str, Any]]
    rows: Cells

    @property
    def csv(self) -> str:
        return reverse("numbers_csv", args=[self.name])

    @property
    def shown(self) -> Cells:
        return [[_in_words(cell) for cell in row] for row in self.rows]


def _in_words(cell: Any) -> str:
    if cell is None:
        return "–"
    return number_format(cell, use_l10n=True, force_grouping=True) if isinstance(cell, int) else str(cell)


@require_safe
@login_not_required
def numbers(request: HttpRequest) -> HttpResponse:
    now, read = program(), loaded(roster_version())
    figures, reports = figures_in(read, now.current_year), _reports()
    tables = _tables(read, figures, now, reports)
    by_year = holders_each_year(read, first=now.first_year)
    context = {
        "program": now,
        "figures": figures,
        "as_of": read.at,
        "by_year": by_year,
        "first_holders": by_year[0][1] if by_year else 0,
        "numerics": {countries.numeric(code, padded=True) or "": n for code, n in figures.countries.items()},
        "country_rows": _country_rows(figures),
        "map_words": _map_words(figures),
        "regions": _top(tables["regions"].rows),
        "technologies": _top(tables["technologies"].rows),
        "tenure": tenure_bars(figures),
        "first_share": charts.share(figures.first_timers, figures.holders),
        "reports": reports,
        "tables": tables,
    }
    return render(request, "numbers/numbers.html", context)


@require_safe
@login_not_required
def numbers_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The figures of one chart."""
    if name not in TABLES:
        raise Http404
    now, read = program(), loaded(roster_version())
    table = _tables(read, figures_in(read, now.current_year), now, _reports())[name]
    content = write_csv([column["label"] for column in table.columns], table.rows)
    return attachment(content, f"{name}.csv", "text/csv; charset=utf-8")


@require_safe
@login_not_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of one cycle; 404 until its letters are out."""
    found = [(cycle, at) for cycle, at in released_cycles() if cycle.slug == slug]
    if not found:
        raise Http404
    result = report_of(*found[0])
    context = {"report": result, "tables": _report_tables(result), "program": program()}
    return render(request, "numbers/report.html", context)


@require_safe
@login_not_required
def report_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a report below each other."""
    found = [(cycle, at) for cycle, at in released_cycles() if cycle.slug == slug]
    if not found:
        raise Http404
    tables = _report_tables(report_of(*found[0]))
    rows = [[table.caption, *row] for table in tables for row in table.rows]
    header = (_("Table"), _("Group"), _("Cases"), _("Awarded"))
    return attachment(write_csv(header, rows), f"report-{slug}.csv", "text/csv; charset=utf-8")


def _reports() -> list[Report]:
    return [report_of(cycle, at) for cycle, at in released_cycles()[:REPORTS]]


def _columns(first: str, *others: str) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": label, "numeric": True} for label in others)]


def _tables(
    read: Loaded, figures: YearInFigures, now: Program, reports: Iterable[Report]
) -> dict[str, Table]:
    holders = _("Holders")
    regions = {region.pk: region.name for region in read.words.regions.values()}
    new = dict(first_timers_each_year(read, first=now.first_year))
    by_year: Cells = [
        [str(year), number, new.get(year, 0)]
        for year, number in holders_each_year(read, first=now.first_year)
    ]
    by_region: Cells = [[regions.get(pk, _("Not known")), n] for pk, n in figures.regions.items()]
    found = (
        Table("years", _("Holders by year"), _columns(_("Year"), holders, _("First-timers")), by_year),
        Table("countries", _("Holders by country"), _columns(_("Country"), holders), _country_rows(figures)),
        Table("regions", _("Holders by region"), _columns(_("Region"), holders), by_region),
        Table(
            "technologies",
            _("Holders by technology"),
            _columns(_("Technology"), holders),
            [[name, n] for name, n in figures.areas.items()],
        ),
        Table(
            "tenure",
            _("Holders by number of award years"),
            _columns(_("Award years"), holders),
            [[str(years), n] for years, n in figures.tenure.items()],
        ),
        Table(
            "cycles",
            _("What came of each cycle"),
            _columns(
                _("Cycle"),
                _("Nominations"),
                _("Decided"),
                _("Awarded"),
                _("Awarded, %"),
                _("Days to the letters"),
            ),
            [
                [
                    one.cycle.name,
                    one.nominations,
                    one.decided,
                    one.awarded,
                    _percent(one.acceptance),
                    one.days,
                ]
                for one in reports
            ],
        ),
    )
    return {table.name: table for table in found}


def _percent(share: float | None) -> int | None:
    return None if share is None else math.floor(share + 0.5)


def _country_rows(figures: YearInFigures) -> Cells:
    names = country_names(get_language() or "en")
    return [[names.get(code, _("Not known")), n] for code, n in figures.countries.items()]


def _map_words(figures: YearInFigures) -> str:
    number = sum(1 for code in figures.countries if code)
    words = ngettext(
        "World map of award holders in one country, in five steps. The same figures are in the list beside it.",
        "World map of award holders in %(number)s countries, in five steps. The same figures are in the list beside it.",
        number,
    )
    return words % {"number": number}


def _top(rows: Cells) -> dict[str, Any]:
    """The first of a list as bars; in words how many others there are and how many people they have."""
    drawn = rows if len(rows) <= BARS + 1 else rows[:BARS]
    rest = rows[len(drawn) :]
    words = _("%(number)s others") % {"number": len(rest)} if rest else ""
    return {
        "rows": [(name, n) for name, n in drawn],
        "of": max((n for _name, n in drawn), default=0),
        "rest": words,
        "rest_people": sum(n for _name, n in rest),
    }


def tenure_bars(figures: YearInFigures) -> dict[str, Any]:
    """Bars with their number above and the years below, drawn in percent of the width and pixels of the height."""
    years = list(range(1, max(figures.tenure, default=0) + 1))
    counts = [figures.tenure.get(year, 0) for year in years]
    words = ", ".join(f"{year}: {number_format(n)}" for year, n in zip(years, counts, strict=True))
    return {"bars": _drawn(years, counts), "label": f"{_('Holders by number of award years')}: {words}"}


def _drawn(years: Sequence[int], counts: Sequence[int]) -> list[dict[str, Any]]:
    step, top = 100 / max(len(years), 1), max([*counts, 1])
    return [
        {
            "x": f"{place * step + 0.048 * step:.2f}",
            "width": f"{0.904 * step:.2f}",
            "middle": f"{(place + 0.5) * step:.2f}",
            "y": f"{164 - 142 * count / top:.1f}",
            "height": f"{142 * count / top:.1f}",
            "above": f"{158 - 142 * count / top:.1f}",
            "kind": "first" if year == 1 else "gold" if year % 5 == 0 else "",
            "year": year,
            "count": count,
            "labelled": len(years) <= 12 or year == 1 or year % 5 == 0,
        }
        for place, (year, count) in enumerate(zip(years, counts, strict=True))
    ]


def _report_tables(found: Report) -> list[Table]:
    cases, awarded = _("Cases"), _("Awarded")
    outcomes: Cells = [[group.name, group.cases] for group in found.outcomes]
    by_group = (
        ("regions", _("By region"), _("Region"), found.regions),
        ("categories", _("By category"), _("Category"), found.categories),
        ("nominators", _("By who brought the case"), _("Brought by"), found.nominators),
    )
    return [
        Table("outcomes", _("What became of the decided cases"), _columns(_("Outcome"), cases), outcomes),
        *(
            Table(name, caption, _columns(first, cases, awarded), _cells(rows))
            for name, caption, first, rows in by_group
        ),
    ]


def _cells(groups: Iterable[Group]) -> Cells:
    return [[group.name, group.cases, group.awarded] for group in groups]
