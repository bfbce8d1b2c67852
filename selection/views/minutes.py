"""What leaves the board: a table for spreadsheets, and the minutes on paper."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.sheets import write_csv
from selection import states
from selection.permissions import can_decide
from selection.queries.board import outcome_of
from selection.queries.deciding import reserve_of
from selection.queries.minutes import Minutes, minutes_of
from selection.queries.ranking import About, Ranking, abouts_of, ranking_of
from selection.standing import Place
from selection.views.board import board_address, get_group
from selection.views.board_rows import flag_choices, outcome_choices


@never_cache
@require_safe
def board_csv(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """All cases of a group as the board shows them to this user; what is hidden there is empty here."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    ranking = ranking_of(request.user, group.stage, group.category, group.places)
    flags = dict(flag_choices())
    reserve = {row.key: number for number, row in enumerate(reserve_of(ranking), 1)}
    about = abouts_of(ranking.rows.values())
    rows = ([*_row(ranking, place, about, flags), reserve.get(place.seen.key)] for place in ranking.places)
    name = f"board-{cycle}-{number}-{category}.csv"
    return HttpResponse(
        write_csv([str(one) for one in _columns()], rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_safe
def board_minutes(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """Who decided what, when and why; made to be printed."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    minutes = minutes_of(request.user, group)
    context = {"minutes": minutes, "group": group, "facts": _facts(minutes), "back": board_address(group)}
    return render(request, "selection/minutes.html", context)


def _columns() -> list[Any]:
    return [
        _("Rank"), _("Key"), _("Candidate"), _("Region"), _("Area"), _("Award years"), _("Mean"), _("Lowest"),
        _("Highest"), _("Reviews"), _("Calibrated"), _("90 % from"), _("90 % to"), _("P(in)"), _("Flags"),
        _("By the rule"), _("Proposal"), _("Place on the reserve"),
    ]  # fmt: skip


def _row(ranking: Ranking, place: Place, about: dict[int, About], flags: dict[str, str]) -> list[object]:
    light = ranking.rows[place.seen.key]
    figures = ranking.figures_of(light)
    return [
        place.rank,
        light.key,
        light.name,
        light.region_name,
        light.area_name,
        about[light.pk].years,
        light.mean,
        light.lowest,
        light.highest,
        light.reviews,
        figures.score if figures is not None and ranking.shows_model else None,
        _rounded(figures.low if figures is not None else None),
        _rounded(figures.high if figures is not None else None),
        figures.chance if figures is not None else None,
        ", ".join(flags[one] for one in place.flags),
        light.by_rule,
        outcome_of(ranking.stage, light),
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _facts(minutes: Minutes) -> list[tuple[str, str]]:
    """The first lines: what there was to decide, and what came of it. Of ties there is only a number."""
    ranking, group = minutes.ranking, minutes.group
    line = ranking.standing.line
    numbers = ranking.numbers
    return [
        (_("Candidates"), intcomma(len(ranking.rows))),
        (_("Places"), intcomma(group.places)),
        (_("Line"), "–" if line is None else f"{line:.4f}"),
        (_("Reviews"), intcomma(numbers.reviews) if numbers else "–"),
        (_("By the rule"), _outcomes(minutes.by_rule)),
        (_("As proposed now"), _outcomes(minutes.proposed)),
        (_("Reviewers who stepped back"), intcomma(minutes.recused)),
        (_("Ties that kept somebody from a case"), intcomma(minutes.ties)),
    ]


def _outcomes(counts: dict[str, int]) -> str:
    """In the order in which the outcomes are offered everywhere, what has none after them, and what is none of these last."""
    words = dict(outcome_choices()) | {states.FORWARD: _("forward"), "": _("undecided")}
    order = [*(one for one in words if one in counts), *(one for one in counts if one not in words)]
    return ", ".join(f"{intcomma(counts[one])} {words.get(one, one)}" for one in order) or "–"
