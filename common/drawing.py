"""Components that pages have by the dozen, drawn as strings: templates cost many times as much. What people typed is
escaped here. Templates reach them by the tags of the same names.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import avatar as avatars
from common import charts, paging
from common import ribbon as ribbons
from common.ordinals import nth

_FLIPPED_IN_RTL = {"chevron-left", "chevron-right"}


def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """One symbol of ``static/icons.svg`` in the colour of the text. Without ``label`` it is decoration."""
    return _icon(name, size, f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"')


@lru_cache(maxsize=1024)
def _icon(name: str, size: str, said: str) -> SafeString:
    classes = "icon" + (f" icon--{size}" if size else "") + (" icon--dir" if name in _FLIPPED_IN_RTL else "")
    address = escape(f"{static('icons.svg')}#i-{name}")
    return SafeString(f'<svg class="{escape(classes)}" {said}><use href="{address}"></use></svg>')


def avatar(name: object = "", *, key: object = "", size: str = "") -> SafeString:
    """Initials on a ground chosen by ``key``, the person's public key. ``size``: sm, xl."""
    classes = f"avatar avatar--{avatars.ground(str(key or name))}" + (
        f" avatar--{escape(size)}" if size else ""
    )
    letters = escape(avatars.initials(str(name)) or "·")
    return SafeString(f'<span class="{classes}" aria-hidden="true">{letters}</span>')


def pill(label: Any, *, kind: str = "", icon_name: str = "") -> str:
    """A status in one or two words, as components/pill.html."""
    classes = f"pill pill--{escape(kind)}" if kind else "pill"
    before = f"{icon(icon_name)} " if icon_name else ""
    return f'\n<span class="{classes}">{before}{escape(label)}</span>\n'


# The ribbon.


def ribbon(years: Iterable[int], *, current: int, program_start: int | None = None) -> SafeString:
    """The last 12 years, ending with ``current``. Drawn once for the same years: lists have one in every row."""
    return _ribbon(tuple(years), current, program_start, get_language())


@lru_cache(maxsize=8192)
def _ribbon(
    years: tuple[int, ...], current: int, program_start: int | None, _language: str | None
) -> SafeString:
    strip = ribbons.strip(years, current=current, program_start=program_start)
    shapes = "".join(f'<path class="ribbon__{kind}" d="{path}"/>' for kind, path in strip.shapes.items())
    return SafeString(
        '\n<svg class="ribbon" viewBox="0 0 131 16" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(_award_years(strip))}">{shapes}</svg>\n'
    )


def _award_years(strip: ribbons.Strip) -> str:
    """The ribbon in words."""
    earlier = {"before": strip.before, "start": strip.start}
    if not strip.years:
        if strip.before:
            return _("Award years: %(before)d before %(start)d") % earlier
        return _("No award years yet")
    words = _("Award years: %(years)s") % {"years": ", ".join(map(str, strip.years))}
    return words + (_(", and %(before)d before %(start)d") % earlier if strip.before else "")


def ribbon_years(years: Iterable[int], *, start: int, current: int) -> SafeString:
    """Every program year of a profile, from ``start`` (the program's first year) to ``current``, labelled."""
    return _ribbon_years(tuple(years), start, current, get_language())


@lru_cache(maxsize=1024)
def _ribbon_years(years: tuple[int, ...], start: int, current: int, _language: str | None) -> SafeString:
    stripes = ribbons.every_year(years, start=start, current=current)
    length = ribbons.length_of(len(stripes))
    classes = f"ribbon-years ribbon-years--{length}" if length else "ribbon-years"
    label = _("Award years, %(first)s to %(last)s") % {"first": stripes[0].year, "last": stripes[-1].year}
    items = "".join(_year(stripe) for stripe in stripes)
    return SafeString(f'\n<ol class="{classes}" aria-label="{label}">{items}</ol>\n')


def _year(stripe: ribbons.Year) -> str:
    classes = "is-held " if stripe.number else ""
    if stripe.kind in ("first", "fifth"):
        classes += f"is-{stripe.kind} "
    classes += "is-mark" if stripe.is_mark else ""
    if stripe.kind == "first":
        words = _("(held, first award)")
    elif stripe.kind == "fifth":
        words = _("(held, %(number)s award)") % {"number": nth(stripe.number)}
    else:
        words = _("(held)") if stripe.number else _("(not held)")
    opening = f'<li class="{classes}">' if classes else "<li>"
    year = f'<span class="century">{stripe.century}</span>{stripe.short}'
    return f'{opening}<span class="ribbon-years__y">{year}<span class="visually-hidden"> {words}</span></span></li>'


def bars(values: Sequence[float], *, label: str, first: str = "", last: str = "", **given: Any) -> SafeString:
    """A small bar chart. ``kinds``: soft, gold, first or empty a bar; ``top``: value of a full bar."""
    chart = charts.bars(values, **given)
    drawn = "".join([_bar(one, f"bar bar--{one.kind}" if one.kind else "bar") for one in chart.bars])
    foot = chart.height - 3
    before = f'<text x="0" y="{foot}">{escape(first)}</text>' if first else ""
    behind = f'<text x="100%" y="{foot}" text-anchor="end">{escape(last)}</text>' if last else ""
    return SafeString(
        f'\n<svg class="chart" width="100%" height="{chart.height}" role="img" aria-label="{escape(label)}">{drawn}'
        f'<line class="axis" x1="0" x2="100%" y1="{chart.base}" y2="{chart.base}"/>{before}{behind}</svg>\n'
    )


def _bar(bar: charts.Bar, classes: str) -> str:
    return f'<rect class="{classes}" x="{bar.x}%" y="{bar.y}" width="{bar.width}%" height="{bar.height}"/>'


# Questions of a list.


def facets(content: str, *, active: int = 0, button: str = "") -> SafeString:
    """The filters of a list, folded on small screens, around ``facet``s. ``active``: how many are set."""
    set_now = pill(active, kind="info") if active else ""
    return SafeString(
        f'\n<details class="facets">\n  <summary>{icon("sliders-horizontal")} {_("Filters")} {set_now} '
        f'{icon("chevron-down")}</summary>\n  {content}\n  <div class="button-row"><button class="button '
        f'button--block" type="submit">{escape(button) if button else _("Apply filters")}</button></div>\n</details>\n'
    )


def facet(
    content: str,
    *,
    title: str,
    name: str,
    options: Sequence[dict[str, Any]],
    open: bool = False,
    kind: str = "checkbox",
    more: str = "",
    more_href: str = "",
) -> SafeString:
    """One question: its ``options``, ``content`` behind them, and a link to more below."""
    words, opened = escape(title), " open" if open else ""
    below = f'<p><a href="{escape(more_href)}">{escape(more)}</a></p>' if more else ""
    return SafeString(
        f'\n<details class="facet"{opened}>\n  <summary>{words} {icon("chevron-down")}</summary>\n  '
        f'<fieldset class="facet-list"><legend class="visually-hidden">{words}</legend>'
        f"{facet_options(name, options, kind=kind)}{content}</fieldset>\n  {below}\n</details>\n"
    )


def facet_options(name: str, options: Sequence[dict[str, Any]], *, kind: str = "checkbox") -> SafeString:
    """The boxes of one question: ``{value, label, count, checked}``; no count is None."""
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
def _facet_count(count: int, _language: str | None) -> str:
    words = escape(ngettext("person", "people", count))
    shown = escape(intcomma(count))
    return f'<span class="count">{shown}<span class="visually-hidden"> {words}</span></span>'


# Pages of a list.


def pagination(page: Page[Any], query: QueryDict, *, parameter: str = "page") -> SafeString:
    """Links to the other pages of a list; they keep the rest of the address's ``query``."""
    pages, number = page.paginator.num_pages, page.number
    if pages < 2:
        return SafeString("\n\n")
    query = query.copy()
    query[parameter] = "\0"  # never part of an address
    before, _mark, after = query.urlencode().partition("%00")
    address = lambda to: escape(f"?{before}{to}{after}")  # noqa: E731
    links = "".join(_page_link(one, number, address(one)) for one in paging.window(number, pages))
    back = address(number - 1) if page.has_previous() else ""
    ahead = address(number + 1) if page.has_next() else ""
    shown = {
        "first": intcomma(page.start_index()),
        "last": intcomma(page.end_index()),
        "total": intcomma(page.paginator.count),
    }
    return SafeString(
        f'\n<nav aria-label="{_("Pages of results")}" class="cluster cluster--between">\n  <ul class="pagination">\n    '
        f"<li>{_turn(back, 'prev', 'chevron-left', _('Previous page'), _('No previous page'))}</li>\n    {links}\n    "
        f"<li>{_turn(ahead, 'next', 'chevron-right', _('Next page'), _('No next page'))}</li>\n  </ul>\n  "
        f'<p class="small muted num">{_("%(first)s–%(last)s of %(total)s") % shown}</p>\n</nav>\n'
    )


def _page_link(number: int, current: int, address: str) -> str:
    if number == paging.GAP:
        return '<li><span aria-hidden="true">…</span></li>'
    here = ' aria-current="page"' if number == current else ""
    label = _("Page %(number)s") % {"number": number}
    return f'<li><a href="{address}"{here} aria-label="{label}">{intcomma(number)}</a></li>'


def _turn(address: str, rel: str, sign: str, words: str, otherwise: str) -> str:
    if address:
        return f'<a href="{address}" rel="{rel}">{icon(sign)}<span class="visually-hidden">{words}</span></a>'
    return f'<span class="faint">{icon(sign)}<span class="visually-hidden">{otherwise}</span></span>'
