"""Components that pages have by the dozen, drawn as strings: templates cost many times as much. What people typed is
escaped here. Templates reach them by the tags of the same names.
"""

import html
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import avatar as avatars
from common import charts, paging
from common import ribbon as ribbons
from common.ordinals import nth

_FLIPPED_IN_RTL = {"chevron-left", "chevron-right"}


def escape(text: Any) -> str:
    """What ``conditional_escape`` gives; plain strings, hundreds on a page, go without its questions for other kinds."""
    return html.escape(text) if type(text) is str else conditional_escape(text)


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


_pill = pill  # where a parameter has its name


def person(
    name: Any = "", *, key: Any = "", latin: str = "", href: str = "", line: str = "", line2: str = "",
    size: str = "", level: Any = "", withheld: object = False,
) -> SafeString:  # fmt: skip
    """Avatar, name and up to two lines, as components/person.html says."""
    tag = f"h{escape(level)}" if level else "p"
    sign = icon("user-round-x", size="blind") if withheld else avatar(latin or name, key=key, size=size)
    shown = f"<bdi>{escape(name)}</bdi>"
    if href:
        shown = f'<a href="{escape(href)}">{shown}</a>'
    if latin:
        shown += f' <span class="native">({escape(latin)})</span>'
    lines = "".join([f'<p class="person__meta">{escape(one)}</p>' for one in (line, line2) if one])
    return SafeString(
        f'<div class="person">{sign}<div class="person__body"><{tag} class="person__name">{shown}</{tag}>{lines}</div></div>'
    )


def facts(pairs: Iterable[tuple[Any, Any]]) -> SafeString:
    """Terms and values, one a line."""
    lines = [f"<div><dt>{escape(term)}</dt><dd>{escape(value)}</dd></div>" for term, value in pairs]
    return SafeString(f'<dl class="facts">{"".join(lines)}</dl>')


def entries(things: Iterable[dict[str, Any]]) -> SafeString:
    """A list of things with a line or two each, as components/entries.html says."""
    return SafeString(f'<ul class="entries">{"".join([_entry(thing) for thing in things])}</ul>')


def _entry(thing: dict[str, Any]) -> str:
    title, href = escape(thing["title"]), thing.get("href")
    shown = f'<a href="{escape(href)}">{title}</a>' if href else title
    state = pill(thing["pill"], kind=thing.get("pill_kind", "")) if thing.get("pill") else ""
    lines = "".join([f'<p class="entries__meta">{escape(line)}</p>' for line in thing.get("lines", ())])
    return f'<li><p class="entries__title">{shown} {state}</p>{lines}</li>'


def link_button(label: str, href: str, *, kind: str = "", icon_name: str = "") -> str:
    """A link over the whole width that looks like a button, as components/button.html."""
    classes = f"button button--{escape(kind)} button--block" if kind else "button button--block"
    before = f"{icon(icon_name)} " if icon_name else ""
    return f'<a class="{classes}" href="{escape(href)}">{before}{escape(label)}</a>'


_VERDICTS = {"warn": "clock", "bad": "ban", "none": "search-x"}


def verdict(
    content: str, *, id: str, title: str, text: str = "", kind: str = "", level: int = 2
) -> SafeString:
    """What a check found, in words, with the record below. ``kind``: warn (ended), bad (revoked), none (unknown), else valid."""
    classes = f"verdict verdict--{escape(kind)}" if kind else "verdict"
    sign, name = icon(_VERDICTS.get(kind, "badge-check")), escape(id)
    words = f"<p>{escape(text)}</p>" if text else ""
    return SafeString(
        f'<article class="verdict-card" aria-labelledby="{name}">\n  <div class="{classes}"><h{level} class="verdict__title" '
        f'id="{name}">{sign} {escape(title)}</h{level}>{words}</div>\n  <div class="verdict-card__body">{content}</div>\n'
        "</article>\n"
    )


_BAND = (
    '<div class="credential__band"><svg viewBox="0 0 131 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="a" width="131" height="10"/><rect class="b" x="36" width="14" height="10"/>'
    '<rect class="c" x="56" width="20" height="10"/><rect class="b" x="82" width="14" height="10"/></svg></div>'
)


def credential(
    content: str, *, id: str, title: str, number: str, pill: str = "", pill_kind: str = ""
) -> SafeString:
    """The credential panel of a profile. ``id``: of the title; ``pill``: its state."""
    state, name = _pill(pill, kind=pill_kind) if pill else "", escape(id)
    return SafeString(
        f'<section class="credential" aria-labelledby="{name}">{_BAND}<div class="credential__body">'
        f'<div class="cluster cluster--between"><h2 class="card__title" id="{name}">{escape(title)}</h2>{state}</div>'
        f'<p class="credential__id">{escape(number)}</p>{content}</div></section>\n'
    )


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


def chips(chips: Iterable[dict[str, str]], *, clear_href: str = "") -> SafeString:
    """The active filters of a list, ``{label, href}``: following one takes it away. ``clear_href``: address without any."""
    behind = f'<span class="visually-hidden">{_(", remove filter")}</span> {icon("x")}</a></li>'
    drawn = "".join(
        [
            f'<li><a class="chip" href="{escape(chip["href"])}"><bdi>{escape(chip["label"])}</bdi>{behind}'
            for chip in chips
        ]
    )
    if not drawn:
        return SafeString("")
    clear = (
        f'<li><a class="small" href="{escape(clear_href)}">{_("Clear all")}</a></li>' if clear_href else ""
    )
    return SafeString(f'<ul class="chip-row" aria-label="{_("Active filters")}">{drawn}{clear}</ul>')


def hidden_fields(kept: Iterable[tuple[str, str]]) -> SafeString:
    """What a form carries along of the address: name and value of each."""
    return SafeString(
        "".join(
            [f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept]
        )
    )


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
