"""The rows of the board in words and small plots. Made in Python, once a row: a page has many, and templates are slow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from common.charts import Plots, scale_for
from selection import states
from selection.models import Decision, GroupNumbers
from selection.queries.balance import Balance, Share
from selection.queries.board import UNDECIDED, Board, BoardRow, Group, outcome_of
from selection.queries.deciding import BAND, RULE, TIE, Plan
from selection.queries.order import Placed
from selection.standing import CLOSE, DISAGREE, SIDES

_ROW = (
    '<tr role="row" class="{classes}"><td role="cell" class="board-table__pick">{pick}</td>'
    '<td role="cell" class="rank">{rank}</td><th scope="row" role="rowheader"><a class="board-name" href="{address}">'
    '<bdi>{name}</bdi>{latin}</a><span class="board-meta">{meta}</span></th>'
    '<td role="cell" class="board-table__plot">{plot}</td>'
    '<td role="cell" class="n board-table__mean"><b>{mean}</b></td>'
    '<td role="cell" class="n muted board-table__cal"{labelled}>{calibrated}{interval}</td>'
    '<td role="cell" class="n board-table__p nowrap" data-label="{chances}">{chance}</td>'
    '<td role="cell" class="n nowrap board-table__n" data-label="{counts}">{reviews}</td>'
    '<td role="cell" class="board-table__flag">{flags}</td></tr>'
)
_CUT = '<tr role="row" class="cut-row" id="line"><td role="cell" colspan="9">{}</td></tr>'
_PILL = '<span class="pill{}">{}</span>'
_PICK = '<input type="checkbox" name="case" value="{}" aria-label="{}"{}>'
_META = '<span class="board-meta nowrap">{}</span>'


@dataclass(frozen=True)
class Table:
    """The rows of a page, as they stand in the table, on one scale."""

    rows: SafeString
    scale: tuple[float, float]


def table_of(board: Board, *, picks: bool, picked: str = "") -> Table:
    """Every row of a page of the board; with boxes to pick them where ``picks``, those on one side ``picked``."""
    order = board.order
    scale = scale_for([] if order.lowest is None else [order.lowest])
    line = order.line
    plots = Plots(scale=scale, cut=float(line) if line is not None else None)
    words = _Words(board, picks=picks, picked=picked)
    rows = "\n".join(_shown(row, board, plots, words) for row in board.rows)
    return Table(mark_safe(rows), scale)


class _Words:
    """Texts that many rows share, translated once a page."""

    def __init__(self, board: Board, *, picks: bool, picked: str) -> None:
        self.picks, self.picked = picks, picked
        self.pick = _("Select %(name)s")
        self.address = reverse("selection:board_case", args=["22222222"]).replace("22222222", "%s")
        self.labelled = f' data-label="{escape(_("calibrated"))}"'
        self.chances, self.counts = escape(_("P(in)")), escape(_("reviews"))
        self.point = get_format("DECIMAL_SEPARATOR")
        self.new = _("New")
        self.after_yours = escape(_("after yours"))
        self.missing = _pill(" pill--info", _("Your review is missing"))
        self.flags = {
            DISAGREE: _pill(" pill--warn", _("Disagree")),
            CLOSE: _pill(" pill--gold", _("Too close")),
            SIDES: _pill(" pill--info", _("Sides differ")),
        }
        self.discuss = _pill(" pill--info", _("For discussion"))
        self.outcomes = {code: _pill("", words) for code, words in outcome_choices()}
        self.cut = _CUT.format(escape(words_of_cut(board.group.count, board.order.line)))
        if board.order.shows_model:
            self.label = _("Calibrated %(score)s, 90 percent interval %(low)s to %(high)s, mean %(mean)s")
        else:
            self.label = _("Mean %(mean)s, 90 percent interval %(low)s to %(high)s")
        self.label_mean = _("Mean %(mean)s")

    def two(self, number: Any) -> str:
        return "" if number is None else f"{number:.2f}".replace(".", self.point)

    @cache  # noqa: B019 - lives as long as one page
    def years(self, count: int) -> str:
        if not count:
            return self.new
        return ngettext("%(count)d award year", "%(count)d award years", count) % {"count": count}


def _pill(kind: str, words: str) -> str:
    return _PILL.format(kind, escape(words))


def words_of_cut(count: int, line: Any) -> str:
    """What stands on the line."""
    words = ngettext("Line after %(count)d place", "Line after %(count)d places", count) % {"count": count}
    if line is None:
        return words
    more = _("at %(line)s. Tinted rows are too close to call: decide them by reading, not by rank.")
    return f"{words}, {more % {'line': two(line)}}"


def two(number: Any) -> str:
    """With two decimals, as people write numbers here; nothing for none."""
    return "" if number is None else f"{number:.2f}".replace(".", get_format("DECIMAL_SEPARATOR"))


def _shown(row: BoardRow, board: Board, plots: Plots, words: _Words) -> str:
    """The line, where this row is the first below it, and the row. Whatever was typed by people is escaped here."""
    light, about, figures, place = row.light, row.about, row.figures, row.place
    given = {
        "address": words.address % light.key,
        "name": escape(light.name),
        "latin": f' <span class="native">({escape(light.latin_name)})</span>' if light.latin_name else "",
        "meta": escape(f"{light.region_name or '–'} · {words.years(about.years)}"),
        "chances": words.chances,
        "counts": words.counts,
        "labelled": "",
    }
    if light.hidden:
        empty = dict.fromkeys(("pick", "plot", "calibrated", "interval", "chance"), "")
        given |= empty | {"classes": "is-below", "rank": "–", "mean": "–"}
        return _ROW.format(**given, reviews=words.after_yours, flags=words.missing)
    calibrated = figures is not None and board.order.shows_model
    # Its ends may lie beyond the marks, as in minutes and exports; the plot alone ends at its edge.
    interval = (
        ""
        if figures is None or figures.low is None
        else f"{words.two(figures.low)}–{words.two(figures.high)}"
    )
    given["labelled"] = words.labelled if calibrated else ""
    return (words.cut if row.is_cut else "") + _ROW.format(
        **given,
        classes=_classes(place, board.group.count),
        pick=_pick(row, words),
        rank="–" if place.rank is None else place.rank,
        plot=_plot(row, plots, words, shows_model=board.order.shows_model),
        mean=words.two(light.mean) or "–",
        calibrated=words.two(figures.score) if figures is not None and calibrated else "",
        interval=_META.format(interval) if interval else "",
        chance=escape(percent(figures.chance)) if figures is not None else "",
        reviews=f"{light.reviews} / {about.tasks}",
        flags=_flags(row, board.group, words),
    )


def _flags(row: BoardRow, group: Group, words: _Words) -> str:
    outcome = words.outcomes.get(outcome_of(group.stage, row.light), "")
    said = words.discuss if row.about.said == states.DISCUSS else ""
    return outcome + said + "".join(words.flags[one] for one in row.place.flags)


def _pick(row: BoardRow, words: _Words) -> str:
    if not words.picks:
        return ""
    side = "in" if row.place.is_in else "" if row.place.is_tied or row.place.rank is None else "out"
    label = escape(words.pick % {"name": row.light.name})
    return _PICK.format(row.light.key, label, " checked" if side and side == words.picked else "")


def _classes(place: Placed, count: int) -> str:
    out = place.rank is None or place.rank > count
    return " ".join(filter(None, ("is-border" if CLOSE in place.flags else "", "is-below" if out else "")))


def _plot(row: BoardRow, plots: Plots, words: _Words, *, shows_model: bool) -> SafeString | str:
    mean, figures = row.light.mean, row.figures
    if mean is None:
        return ""
    said = {"mean": words.two(mean)}
    if figures is None or figures.low is None:
        return plots.svg(label=words.label_mean % said, score=None, low=None, high=None, mean=float(mean))
    said |= {
        "score": words.two(figures.score),
        "low": words.two(figures.low),
        "high": words.two(figures.high),
    }
    score = float(figures.score) if shows_model else None
    return plots.svg(
        label=words.label % said, score=score, low=figures.low, high=figures.high, mean=float(mean)
    )


def percent(share: float | None) -> str:
    """A chance in whole percent; never 0 or 100 for what is neither."""
    if share is None:
        return ""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{round(100 * share)} %"


def words_of_reason(code: str) -> str:
    """Why agreement or calibrated scores are not shown."""
    return {
        "few_reviewers": _("fewer than 12 reviewers"),
        "few_cases": _("too few cases with reviews"),
        "few_reviews": _("a case with fewer than 3 reviews"),
        "disconnected": _("cases and reviewers that fall into unconnected parts"),
        "no_case_variance": _("no difference between cases that could be told from chance"),
        "no_outsider": _("a case without a reviewer from outside of its category"),
        "no_variation": _("all marks are equal"),
    }.get(code, code)


def reasons_in_words(codes: Sequence[str]) -> str:
    """All of them, in one line."""
    return "; ".join(words_of_reason(code) for code in codes)


@dataclass(frozen=True)
class Panel:
    """One way of looking at the balance: its name, and a row of the table for each region, area …"""

    caption: str
    rows: SafeString


_SHARE = '<tr><th scope="row">{}</th><td class="n nowrap">{}</td><td class="n">{}</td></tr>'
_OPTION = '<option value="{}"{}>{}</option>'


def panels_of(balance: Balance) -> list[Panel]:
    """Name, places taken, share of the nominations, in four ways."""
    holders = {True: _("Returning"), False: _("New")}
    return [
        _panel(_("Region"), balance.regions, balance, str),
        _panel(_("Holders"), balance.holders, balance, lambda is_returning: holders[is_returning]),
        _panel(_("Area"), balance.areas, balance, str),
        _panel(_("First language"), balance.languages, balance, _language),
    ]


def _panel(caption: str, shares: Sequence[Share], balance: Balance, words: Callable[[Any], str]) -> Panel:
    of = _("%(taken)s of %(all)s")
    rows = [
        _SHARE.format(
            escape(words(one.name) or "–"),
            escape(of % {"taken": one.taken, "all": balance.taken}),
            escape(percent(one.nominated / balance.nominated) if balance.nominated else "–"),
        )
        for one in shares
    ]
    return Panel(caption, mark_safe("".join(rows)))


def filters_of(board: Board) -> dict[str, SafeString]:
    """The options of each list that the board can be narrowed by."""
    asked = board.asked
    return {
        **groups_of(board.group),
        "regions": _options(board.regions, asked.region),
        "areas": _options(board.areas, asked.area),
        "flags": _options(flag_choices(), asked.flag),
        "outcomes": _options(outcome_choices(), asked.outcome),
    }


def groups_of(group: Group) -> dict[str, SafeString]:
    """The options of the lists of stages and categories."""
    return {
        "stages": _options(
            ((one.key, f"{one.cycle.name}, {one.internal_name}") for one in group.stages), group.stage.key
        ),
        "categories": _options(((one.slug, one.name) for one in group.categories), group.category.slug),
    }


def _options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    return mark_safe(
        "".join(
            _OPTION.format(escape(value), " selected" if value == chosen else "", escape(words))
            for value, words in choices
        )
    )


def _language(code: str) -> str:
    known = LANG_INFO.get(code, {})
    return str(get_language_info(code)["name_translated"]) if "name" in known else code


def lines_of(plan: Plan) -> list[dict[str, Any]]:
    """The lines of a decision in bulk in words."""
    outcomes = dict(outcome_choices()) | {"": "–"}
    asks = {
        BAND: _("too close to call"),
        TIE: _("tied across the line"),
        RULE: _("the rule said otherwise"),
    }
    return [
        {
            "rank": line.place.rank or "–",
            "name": line.light.name,
            "latin": line.light.latin_name,
            "mean": two(line.light.mean) or "–",
            "chance": percent(line.place.seen.chance),
            "now": outcomes[line.light.proposed],
            "why": ", ".join(asks[one] for one in line.asks),
        }
        for line in plan.lines
    ]


def funnel_of(board: Board) -> list[dict[str, Any]]:
    """How many are left after each step."""
    balance, group = board.balance, board.group
    return [
        {"name": _("Nominated"), "number": balance.nominated},
        {"name": _("Eligible and complete"), "number": balance.complete},
        {"name": group.stage.internal_name, "number": board.order.entered},
        {"name": _("With all reviews"), "number": board.order.reviewed},
        {"name": _("Places"), "number": group.count},
    ]


def agreement_of(numbers: GroupNumbers | None) -> dict[str, Any]:
    """α and ICC(1) in words, or why they are not shown."""
    if numbers is None:
        return {}
    if numbers.against_agreement or numbers.alpha is None:
        return {"shown": False, "why": reasons_in_words(numbers.against_agreement)}
    return {
        "shown": True,
        "alpha": two(numbers.alpha),
        "low": two(numbers.alpha_low),
        "high": two(numbers.alpha_high),
        "icc": two(numbers.icc) or "–",
        "criteria": [
            {
                "name": one["name"],
                "alpha": two(one["alpha"]) or "–",
                "value": f"{max(one['alpha'] or 0, 0):.2f}",
                "interval": f"{two(one['low'])} – {two(one['high'])}" if one["low"] is not None else "",
            }
            for one in numbers.criteria
        ],
    }


def flag_choices() -> list[tuple[str, str]]:
    """What the list can be narrowed to."""
    return [
        (DISAGREE, _("Reviewers disagree")),
        (CLOSE, _("Too close to call")),
        (states.DISCUSS, _("For discussion")),
        (SIDES, _("Mean and calibrated on different sides")),
    ]


def outcome_choices() -> list[tuple[str, str]]:
    """Every proposal, and none."""
    return [*((code, str(label)) for code, label in Decision.Outcome.choices), (UNDECIDED, _("undecided"))]
