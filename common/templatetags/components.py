"""The design's components that need a computation or hold content of the page.

Everything simpler is ``{% include "components/NAME.html" with … only %}``; each template says its parameters
in its first line, and ``/style-guide/`` shows them all.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, HiddenInput
from django.template.base import render_value_in_context
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common import charts, drawing, languages, markdown, ordinals, worldmap
from common import weave as weaves
from common.languages import named

register = template.Library()

register.filter("named", named)


@register.filter
def agreement_text(body: str) -> SafeString:
    """The text of an agreement in the reader's language; where it is in no other than the one that counts it says so.
    Several stand on one page, so no heading has an anchor."""
    words = named(body)
    html = mark_safe(re.sub(r' id="[^"]*"', "", markdown.render(words)))
    if words != body or get_language() in (None, settings.LANGUAGE_CODE):
        return html
    note = _("This version was never translated. Here is its English text.")
    return format_html(
        '<p class="small muted">{}</p><div lang="{}" dir="ltr">{}</div>', note, settings.LANGUAGE_CODE, html
    )


@register.simple_tag
def still(name: str) -> SafeString:
    """A part of the frame without parameters, the same on every page: drawn once a process and language."""
    return _still(name, get_language())


@lru_cache(maxsize=64)
def _still(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)


@register.simple_tag
def navigation(name: str, entries: Iterable[dict[str, Any]]) -> SafeString:
    """A list of links of the frame, drawn once for the same entries. ``name``: the template, which gets ``entries``."""
    shown = tuple((entry["address"], str(entry["label"]), entry["current"]) for entry in entries)
    return _navigation(name, shown, get_language())


@lru_cache(maxsize=1024)
def _navigation(name: str, shown: tuple[tuple[str, str, str], ...], _language: str | None) -> SafeString:
    entries = [{"address": address, "label": label, "current": current} for address, label, current in shown]
    return render_to_string(name, {"entries": entries})


@register.simple_tag
def site_languages() -> list[dict[str, Any]]:
    """``{code, name, current}`` of each language of the site, for the foot of the page."""
    return [
        {"code": code, "name": name, "current": code == get_language()}
        for code, name in languages.site_languages()
    ]


for _drawn in (
    drawing.icon, drawing.avatar, drawing.ribbon, drawing.ribbon_years, drawing.bars, drawing.facet_options,
    drawing.chips, drawing.hidden_fields, drawing.person, drawing.facts, drawing.entries,
):  # fmt: skip
    register.simple_tag(_drawn)


@register.simple_tag
def bdi(text: object) -> SafeString:
    """A name in its own direction, so that a right-to-left name never moves the words around it."""
    return format_html("<bdi>{}</bdi>", text)


@register.inclusion_tag("components/world_map.html")
def world_map(numbers: Mapping[str, int], *, label: str) -> dict[str, Any]:
    """Countries by ISO number in five shades. The same figures stand in a list beside it."""
    steps = worldmap.steps_of(numbers.values())
    shade = {iso: worldmap.shade_of(number, steps) for iso, number in numbers.items()}
    second, third, fourth = (intcomma(step) for step in steps)
    before = [intcomma(step - 1) for step in steps]
    return {
        "label": label,
        "view_box": worldmap.VIEW_BOX,
        "shapes": [(iso, path, shade.get(iso, 0)) for iso, path in worldmap.shapes()],
        "circles": [(iso, x, y, shade[iso]) for iso, (x, y) in worldmap.CIRCLES.items() if shade.get(iso, 0)],
        "radius": worldmap.RADIUS,
        "steps": [
            _("none"),
            _span("1", before[0]),
            _span(second, before[1]),
            _span(third, before[2]),
            _("%(number)s or more") % {"number": fourth},
        ],
    }


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


@register.inclusion_tag("components/weave.html")
def weave(counts: Sequence[tuple[int, int]], *, next_year: int | None = None) -> dict[str, Any]:
    """The whole program: ``(year, holders)`` in order; ``next_year`` is the year in review."""
    stripes = weaves.weave(counts, room_for_next=next_year is not None)
    next_x, next_width = f"{100 - weaves.NEXT - 0.1:.2f}", f"{weaves.NEXT:.2f}"
    return {"stripes": stripes, "next_year": next_year, "next_x": next_x, "next_width": next_width}


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page") -> SafeString:
    """Links to the other pages of a list; they keep the rest of the address's query."""
    return drawing.pagination(page, context["request"].GET, parameter=parameter)


@register.simple_tag
def control(field: BoundField, *, described_by: str = "", **attrs: Any) -> SafeString:
    """A form field's own control, with the design's class and the ids of its counter; ``described_by``: of more words."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | HiddenInput):
        return field.as_widget(attrs=attrs)
    attrs["class"] = f"{widget.attrs.get('class', '')} input {attrs.get('class', '')}".strip()
    if widget.attrs.get("maxlength") and widget.attrs.get("rows"):
        described_by = f"{described_by} {field.auto_id}_counter"
    if described_by:
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {described_by}".strip()
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A single yes-or-no box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def typed_length(field: BoundField) -> int:
    """How many characters the control holds now."""
    return len(str(field.value() or ""))


@register.filter
def share(part: float | None, whole: float | None) -> str:
    """Percent for a bar's width."""
    return charts.share(part or 0, whole or 0)


@register.simple_tag
def table_head(columns: Iterable[dict[str, Any]]) -> SafeString:
    """The words above the columns of a table, some of them a link that sorts it."""
    return SafeString("".join([_column(column) for column in columns]))


def _column(column: dict[str, Any]) -> str:
    label, href = conditional_escape(column.get("label", "")), column.get("href")
    shown = f'<a href="{conditional_escape(href)}">{label}</a>' if href else label
    sort = f' aria-sort="{conditional_escape(column["sort"])}"' if column.get("sort") else ""
    return f'<th scope="col"{_NUMERIC if column.get("numeric") else ""}{sort}>{shown}</th>'


_NUMERIC = ' class="n"'


@register.simple_tag(takes_context=True)
def table_rows(
    context: Context, rows: Iterable[Sequence[Any]], columns: Sequence[dict[str, Any]]
) -> SafeString:
    """The body of a table; the first cell names the row. In Python: tables have hundreds of cells."""
    opening = ['<td class="n">' if column.get("numeric") else "<td>" for column in columns]
    drawn, language = [], get_language()
    for row in rows:
        first, *others = [
            _number(cell, language) if type(cell) is int else render_value_in_context(cell, context)
            for cell in row
        ]
        tags = (*opening[1:], *repeat("<td>", len(others)))
        cells = [f"{tag}{cell}</td>" for tag, cell in zip(tags, others, strict=False)]
        drawn.append(f'<tr><th scope="row">{first}</th>{"".join(cells)}</tr>')
    return SafeString("".join(drawn))


@lru_cache(maxsize=4096)
def _number(number: int, _language: str | None) -> str:
    return localize(number)


@register.inclusion_tag("components/chart.html")
def line(values: Sequence[float], *, label: str, **given: Any) -> dict[str, Any]:
    """A small line. ``before``: last time's values; ``places``: how many steps the whole width has;
    ``top``: the value at full height."""
    return {"drawing": charts.line(values, **given), "label": label}


@register.inclusion_tag("components/interval.html")
def interval(*, label: str, scale: tuple[float, float] = (1.0, 5.0), **given: Any) -> dict[str, Any]:
    """A score (dot) with its interval, mean (ring) and cut line; ``label`` says the same in words."""
    names = ("score", "low", "high", "mean", "cut")
    places = {name: None if given.get(name) in (None, "") else given[name] for name in names}
    return {"plot": charts.interval(**places, scale=scale), "label": label}


@register.inclusion_tag("components/interval_scale.html")
def interval_scale(*, scale: tuple[float, float] = (1.0, 5.0)) -> dict[str, Any]:
    """The words above a column of intervals."""
    return {"ticks": charts.ticks(scale)}


@register.inclusion_tag("components/tally.html")
def tally(parts: Sequence[dict[str, Any]], *, label: str) -> dict[str, Any]:
    """One bar of up to four counts, ``{number, words, note}``: new, same, changed, refused."""
    total = sum(part["number"] for part in parts)
    drawn, before = [], 0
    for tone, part in zip("abcd", parts, strict=False):
        place, width = charts.share(before, total), charts.share(part["number"], total)
        drawn.append({**part, "tone": tone, "x": place, "width": width})
        before += part["number"]
    return {"parts": drawn, "label": label}


register.filter("nth", ordinals.nth)


register.simple_block_tag(drawing.facet)
register.simple_block_tag(drawing.facets)
register.simple_block_tag(drawing.verdict)
register.simple_block_tag(drawing.credential)


def _block(name: str) -> None:
    """Register ``{% name … %}content{% endname %}``, drawn by components/name.html with ``content``."""

    def tag(content: str, **given: Any) -> SafeString:
        return render_to_string(f"components/{name}.html", {**given, "content": content})

    register.simple_block_tag(tag, name=name)


for _name in (
    "callout", "card", "certificate", "dialog", "letter", "log_row", "mail",
    "proposal", "quick_add", "repeat", "screen_row", "specimen", "two_people",
):  # fmt: skip
    _block(_name)
