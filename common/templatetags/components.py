"""The design's components that need a computation or hold content of the page.

Everything simpler is ``{% include "components/NAME.html" with … only %}``; each template says its parameters
in its first line, and ``/style-guide/`` shows them all.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, HiddenInput
from django.template.base import render_value_in_context
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import avatar as avatars
from common import charts, languages, ordinals, paging, worldmap
from common import ribbon as ribbons
from common import weave as weaves
from common.languages import named

register = template.Library()

_FLIPPED_IN_RTL = {"chevron-left", "chevron-right"}


register.filter("named", named)


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


@register.simple_tag
def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """One symbol of ``static/icons.svg`` in the colour of the text. Without ``label`` it is decoration."""
    classes = "icon" + (f" icon--{size}" if size else "") + (" icon--dir" if name in _FLIPPED_IN_RTL else "")
    address = f"{static('icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address)


@register.simple_tag
def avatar(name: object = "", *, key: object = "", size: str = "") -> SafeString:
    """Initials on a ground chosen by ``key``, the person's public key. ``size``: sm, xl."""
    ground = avatars.ground(str(key or name))
    classes = f"avatar avatar--{ground}" + (f" avatar--{size}" if size else "")
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', classes, avatars.initials(str(name)) or "·"
    )


@register.simple_tag
def bdi(text: object) -> SafeString:
    """A name in its own direction, so that a right-to-left name never moves the words around it."""
    return format_html("<bdi>{}</bdi>", text)


@register.simple_tag
def ribbon(years: Iterable[int], *, current: int, program_start: int | None = None) -> SafeString:
    """The last 12 years, ending with ``current``. Drawn once for the same years: lists have one in every row."""
    return _ribbon(tuple(years), current, program_start, get_language())


@lru_cache(maxsize=8192)
def _ribbon(
    years: tuple[int, ...], current: int, program_start: int | None, _language: str | None
) -> SafeString:
    strip = ribbons.strip(years, current=current, program_start=program_start)
    drawn = {"shapes": strip.shapes.items(), "label": _award_years(strip)}
    return render_to_string("components/ribbon.html", drawn)


def _award_years(strip: ribbons.Strip) -> str:
    """The ribbon in words. In Python: lists draw it for every row, and templates translate slowly."""
    earlier = {"before": strip.before, "start": strip.start}
    if not strip.years:
        if strip.before:
            return _("Award years: %(before)d before %(start)d") % earlier
        return _("No award years yet")
    words = _("Award years: %(years)s") % {"years": ", ".join(map(str, strip.years))}
    return words + (_(", and %(before)d before %(start)d") % earlier if strip.before else "")


@register.inclusion_tag("components/ribbon_years.html")
def ribbon_years(years: Iterable[int], *, start: int, current: int) -> dict[str, Any]:
    """Every program year of a profile, from ``start`` (the program's first year) to ``current``."""
    stripes = ribbons.every_year(years, start=start, current=current)
    return {
        "stripes": stripes,
        "length": ribbons.length_of(len(stripes)),
        "first_year": stripes[0].year,
        "last_year": stripes[-1].year,
    }


@register.simple_tag
def facet_options(name: str, options: Sequence[dict[str, Any]], *, kind: str = "checkbox") -> SafeString:
    """The boxes of one question: ``{value, label, count, checked}``; no count is None. In Python: there are hundreds."""
    box, language = f'<label><input type="{escape(kind)}" name="{escape(name)}" value="', get_language()
    return SafeString("".join([box + _facet_option(option, language) for option in options]))


def _facet_option(option: dict[str, Any], language: str | None) -> str:
    """Every part is escaped; what was escaped once is remembered."""
    count, checked = option.get("count"), " checked" if option.get("checked") else ""
    figure = "" if count is None else _facet_count(count, language)
    return f'{_escaped(option["value"])}"{checked}> <span>{_escaped(option["label"])}</span> {figure}</label>'


@lru_cache(maxsize=4096)
def _escaped(text: Any) -> str:
    return escape(text)


@lru_cache(maxsize=4096)
def _facet_count(count: int, _language: str | None) -> SafeString:
    words = ngettext("person", "people", count)
    return format_html(
        '<span class="count">{}<span class="visually-hidden"> {}</span></span>', intcomma(count), words
    )


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


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; they keep the rest of the address's query."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = paging.window(page.number, page.paginator.num_pages)
    return {
        "page": page,
        "links": [{"number": n, "address": address(n) if n else ""} for n in numbers],
        "previous": address(page.number - 1) if page.has_previous() else "",
        "next": address(page.number + 1) if page.has_next() else "",
    }


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """A form field's own control, with the design's class and the ids of its counter."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | HiddenInput):
        return field.as_widget(attrs=attrs)
    attrs["class"] = f"{widget.attrs.get('class', '')} input {attrs.get('class', '')}".strip()
    if widget.attrs.get("maxlength") and widget.attrs.get("rows"):
        described = [field.aria_describedby or "", f"{field.auto_id}_counter"]
        attrs["aria-describedby"] = " ".join(filter(None, described))
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


@register.simple_tag(takes_context=True)
def table_rows(
    context: Context, rows: Iterable[Sequence[Any]], columns: Sequence[dict[str, Any]]
) -> SafeString:
    """The body of a table; the first cell names the row. In Python: tables have hundreds of cells."""
    opening = ['<td class="n">' if column.get("numeric") else "<td>" for column in columns]
    drawn = []
    for row in rows:
        first, *others = (render_value_in_context(cell, context) for cell in row)
        tags = (*opening[1:], *repeat("<td>", len(others)))
        cells = [f"{tag}{cell}</td>" for tag, cell in zip(tags, others, strict=False)]
        drawn.append(f'<tr><th scope="row">{first}</th>{"".join(cells)}</tr>')
    return SafeString("".join(drawn))


@register.inclusion_tag("components/chart.html")
def bars(
    values: Sequence[float], *, label: str, first: str = "", last: str = "", **given: Any
) -> dict[str, Any]:
    """A small bar chart. ``kinds``: soft, gold, first or empty a bar; ``top``: value of a full bar."""
    return {"drawing": charts.bars(values, **given), "label": label, "first": first, "last": last}


@register.inclusion_tag("components/chart.html")
def line(values: Sequence[float], *, label: str, **given: Any) -> dict[str, Any]:
    """A small line. ``before``: last time's values; ``places``: how many steps the whole width has."""
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


def _block(name: str) -> None:
    """Register ``{% name … %}content{% endname %}``, drawn by components/name.html with ``content``."""

    def tag(content: str, **given: Any) -> SafeString:
        return render_to_string(f"components/{name}.html", {**given, "content": content})

    register.simple_block_tag(tag, name=name)


for _name in (
    "callout", "card", "certificate", "credential", "dialog", "facet", "facets", "letter", "log_row", "mail",
    "proposal", "quick_add", "repeat", "screen_row", "specimen", "two_people", "verdict",
):  # fmt: skip
    _block(_name)
