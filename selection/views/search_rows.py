"""The lines of the search. Made in Python, once a line: a page has fifty, and templates are slow."""

from collections.abc import Iterable
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from selection import states
from selection.queries.search import Line
from selection.views.board_rows import two

_ROW = (
    '<tr role="row"><th scope="row" role="rowheader"><a class="board-name" href="{address}">{name}</a>'
    '<span class="board-meta">{about}</span></th><td role="cell">{area}</td>'
    '<td role="cell" class="nowrap">{stage}<span class="board-meta">{cycle}</span></td>'
    '<td role="cell" class="n nowrap" data-label="{reviews_label}">{reviews}</td>'
    '<td role="cell" class="n" data-label="{spread_label}">{spread}</td>'
    '<td role="cell" class="nowrap">{state}</td><td role="cell" class="nowrap">{own}</td></tr>'
)


def rows_of(lines: Iterable[Line]) -> SafeString:
    """Every line as a row of the table. Whatever was typed by people is escaped here."""
    address = reverse("selection:case", args=["22222222"]).replace("22222222", "%s")
    candidate = escape(_("Candidate"))
    own = {
        states.ASSIGNED: f'<span class="pill pill--warn">{escape(_("To do"))}</span>',
        states.DONE: f'<span class="pill pill--good">{escape(_("Done"))}</span>',
    }
    waiting = f'<span class="small muted">{escape(_("after yours"))}</span>'
    nothing = '<span class="muted">–</span>'
    labels = {"reviews_label": escape(_("Reviews")), "spread_label": escape(_("Spread"))}
    return SafeString(
        "\n".join(
            _ROW.format(
                address=address % one.key,
                name=_name(one) or f"{candidate} {one.key}",
                about=_about(one),
                area=escape(one.area),
                stage=escape(one.stage),
                cycle=escape(one.cycle),
                reviews=_reviews(one, waiting),
                spread=two(one.spread) or "–",
                state=escape(str(one.state)),
                own=own.get(one.own_state, nothing),
                **labels,
            )
            for one in lines
        )
    )


def _name(one: Line) -> str:
    latin = f' <span class="native">({escape(one.latin_name)})</span>' if one.latin_name else ""
    return f"<bdi>{escape(one.name)}</bdi>{latin}" if one.name else ""


def _about(one: Line) -> str:
    """The key where the name does not say it already, and the region."""
    return " · ".join(part for part in (one.key if one.name else "", escape(one.region)) if part) or "–"


def _reviews(one: Line, waiting: str) -> str:
    if one.reviews is not None:
        return str(one.reviews)
    return waiting if one.own_state == states.ASSIGNED else "–"
