"""``/numbers/``: who held the award in a year, where, for what and for how long, and what came of each cycle."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
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
from common.clock import site_zone
from common.http import attachment
from common.keeping import page_for_strangers, part_for_all
from common.languages import named
from common.sheets import write_csv
from mvp_program.queries import reports_version
from selection.permissions import can_run_cycle
from selection.queries.transparency import TITLES, WORDS, Figures, Report, published_report, published_reports
from selection.small_groups import Group

BARS, REPORTS = 11, 12  # of a list; cycles on the page
LABELLED, SLOTS = 12, 6  # bars that all carry their words; at least as many places
TABLES = ("years", "countries", "regions", "technologies", "tenure", "cycles")
Cells = list[list[Any]]


@dataclass(frozen=True)
class Table:
    """One chart's figures: ``columns`` as table.html takes them, ``rows`` from the first to the last."""

    name: str
    caption: str
    columns: list[dict[str, Any]]
    rows: Cells

    year: int | None = None  # asked for, where it is not the current one

    @property
    def csv(self) -> str:
        address = reverse("numbers_csv", args=[self.name])
        return f"{address}?year={self.year}" if self.year else address

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
    """``?year=``: any award year; what is none is passed over."""
    return page_for_strangers(request, _version, lambda known: _numbers(request, known or _version()))


def _version() -> tuple[Any, ...]:
    """Of the roster, of what is kept of it, and of the reports."""
    version = roster_version()
    return version, loaded(version).version, reports_version()


def _numbers(request: HttpRequest, version: tuple[Any, ...]) -> HttpResponse:
    now = program()
    year = year_asked(request, now)
    main = part_for_all("numbers", (version, year), lambda: _main(now, year))
    return render(request, "numbers/numbers.html", {"program": now, "main": main})


def _main(now: Program, year: int) -> str:
    """The same for everybody, by the program's clock."""
    read = loaded(roster_version())
    figures, reports = figures_in(read, year), published_reports()[:REPORTS]
    tables = _tables(read, figures, now, reports)
    by_year = holders_each_year(read, first=now.first_year)
    context = {
        "program": now,
        "figures": figures,
        "years": range(now.current_year, now.first_year - 1, -1),
        "as_of": read.at,
        "by_year": by_year,
        "first_holders": by_year[0][1] if by_year else 0,
        "numerics": {countries.numeric(code, padded=True) or "": n for code, n in figures.countries.items()},
        "country_rows": [
            (
                name,
                n,
                f"{reverse('awards:roster')}?{urlencode({'country': code, 'year': year})}" if code else "",
            )
            for code, (name, n) in zip(figures.countries, _country_rows(figures), strict=True)
        ],
        "map_words": _map_words(figures),
        "regions": _top(tables["regions"].rows),
        "technologies": _top(tables["technologies"].rows),
        "tenure": tenure_bars(figures),
        "newcomers": newcomer_bars(tables["years"].rows),
        "first_share": charts.share(figures.first_timers, figures.holders),
        "reports": reports,
        "cycle_charts": cycle_charts(reports),
        "tables": tables,
    }
    with timezone.override(site_zone()):
        return render_to_string("numbers/main.html", context)


def year_asked(request: HttpRequest, now: Program) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    return year if now.first_year <= year <= now.current_year else now.current_year


@require_safe
@login_not_required
def numbers_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The figures of one chart, for the year that the page shows."""
    if name not in TABLES:
        raise Http404
    now, read = program(), loaded(roster_version())
    year = year_asked(request, now)
    table = _tables(read, figures_in(read, year), now, published_reports())[name]
    content = write_csv([column["label"] for column in table.columns], table.rows)
    file = f"{name}-{year}.csv" if table.year else f"{name}.csv"
    return attachment(content, file, "text/csv; charset=utf-8")


@require_safe
@login_not_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of one cycle, as it was published; 404 until its letters are out."""
    found = published_report(slug)
    if found is None:
        raise Http404
    context = {
        "report": found,
        "figures": found.figures,
        "tables": _report_tables(found.figures),
        "may_correct": request.user.is_authenticated and can_run_cycle(request.user),
    }
    return render(request, "numbers/report.html", context)


@require_safe
@login_not_required
def report_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a report below each other."""
    found = published_report(slug)
    if found is None:
        raise Http404
    tables = _report_tables(found.figures)
    rows = [[table.caption, *row] for table in tables for row in table.rows]
    header = (_("Table"), _("Group"), _("Cases"), _("Awarded"))
    return attachment(write_csv(header, rows), f"report-{slug}.csv", "text/csv; charset=utf-8")


def _columns(first: str, *others: str) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": label, "numeric": True} for label in others)]


def _tables(
    read: Loaded, figures: YearInFigures, now: Program, reports: Iterable[Report]
) -> dict[str, Table]:
    holders = _("Holders")
    regions = {region.pk: named(region.name) for region in read.words.regions.values()}
    new = dict(first_timers_each_year(read, first=now.first_year))
    asked = figures.year if figures.year != now.current_year else None
    by_year: Cells = [
        [str(year), number, new.get(year, 0), _percent(100 * new.get(year, 0) / number if number else None)]
        for year, number in holders_each_year(read, first=now.first_year)
    ]
    by_region: Cells = [[regions.get(pk, _("Not known")), n] for pk, n in figures.regions.items()]
    found = (
        Table(
            "years",
            _("Holders by year"),
            _columns(_("Year"), holders, _("First-timers"), _("First-timers, %")),
            by_year,
        ),
        Table(
            "countries",
            _("Holders by country"),
            _columns(_("Country"), holders),
            _country_rows(figures),
            asked,
        ),
        Table("regions", _("Holders by region"), _columns(_("Region"), holders), by_region, asked),
        Table(
            "technologies",
            _("Holders by technology"),
            _columns(_("Technology"), holders),
            [[named(name), n] for name, n in figures.areas.items()],
            asked,
        ),
        Table(
            "tenure",
            _("Holders by number of award years"),
            _columns(_("Award years"), holders),
            [[str(years), n] for years, n in figures.tenure.items()],
            asked,
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
                    one.cycle.label,
                    one.figures.nominations,
                    one.figures.decided,
                    one.figures.awarded,
                    _percent(one.figures.acceptance),
                    one.figures.days,
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
    years = list(range(1, max(figures.tenure, default=0) + 1))
    counts = [figures.tenure.get(year, 0) for year in years]
    kinds = ["first" if year == 1 else "gold" if year % 5 == 0 else "" for year in years]
    marked = [len(years) <= LABELLED or year == 1 or year % 5 == 0 for year in years]
    words = [number_format(n, use_l10n=True, force_grouping=True) for n in counts]
    return drawn(_("Holders by number of award years"), list(map(str, years)), counts, words, kinds, marked)


def newcomer_bars(rows: Cells) -> dict[str, Any]:
    """Share of first-timers in each award year; where there are many, every fifth is labelled, and the last."""
    years, shares = [row[0] for row in rows], [row[3] for row in rows]
    marked = [len(rows) <= LABELLED or (len(rows) - 1 - place) % 5 == 0 for place in range(len(rows))]
    return drawn(_("First-timers, %"), years, shares, list(map(_in_words, shares)), marked=marked)


def cycle_charts(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Acceptance and days to the letters, cycle by cycle, the first one first; nothing where none is out."""
    past = list(reversed(reports))
    years = [str(one.cycle.award_year) for one in past]
    lines = (
        (_("Awarded, % of the decided cases"), [_percent(one.figures.acceptance) for one in past]),
        (_("Days from a complete dossier to the letters"), [one.figures.days for one in past]),
    )
    return [drawn(title, years, values, list(map(_in_words, values))) for title, values in lines if past]


def drawn(
    title: str,
    names: Sequence[str],
    values: Sequence[int | None],
    words: Sequence[str],
    kinds: Sequence[str] = (),
    marked: Sequence[bool] = (),
) -> dict[str, Any]:
    """Bars with their words above and names below, in percent of the width and pixels of the height. Those that are not
    ``marked`` carry no words. ``label`` says all of them."""
    counts = [value or 0 for value in values]
    step, top = 100 / max(len(names), SLOTS), max([*counts, 1])
    bars = [
        {
            "x": f"{place * step + 0.048 * step:.2f}",
            "width": f"{0.904 * step:.2f}",
            "middle": f"{(place + 0.5) * step:.2f}",
            "y": f"{164 - 142 * count / top:.1f}",
            "height": f"{142 * count / top:.1f}",
            "above": f"{158 - 142 * count / top:.1f}",
            "kind": kinds[place] if kinds else "",
            "name": names[place],
            "words": words[place],
            "labelled": marked[place] if marked else True,
        }
        for place, count in enumerate(counts)
    ]
    said = ", ".join(f"{name}: {word}" for name, word in zip(names, words, strict=True))
    return {"title": title, "bars": bars, "label": f"{title}: {said}"}


def _report_tables(found: Figures) -> list[Table]:
    cases, awarded = _("Cases"), _("Awarded")
    outcomes: Cells = [[words_of(group), group.cases] for group in found.outcomes]
    by_group = (
        ("regions", _("Region"), found.regions),
        ("categories", _("Category"), found.categories),
        ("nominators", _("Brought by"), found.nominators),
    )
    return [
        Table("outcomes", str(TITLES["outcomes"]), _columns(_("Outcome"), cases), outcomes),
        *(
            Table(name, str(TITLES[name]), _columns(first, cases, awarded), _cells(rows))
            for name, first, rows in by_group
        ),
    ]


def words_of(group: Group) -> str:
    return str(WORDS[group.name]) if group.name in WORDS else named(group.name)


def _cells(groups: Iterable[Group]) -> Cells:
    return [[words_of(group), group.cases, group.awarded] for group in groups]
