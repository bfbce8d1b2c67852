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
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import avatar as avatars
from common import paging
from common import ribbon as ribbons

_FLIPPED_IN_RTL = {"chevron-left", "chevron-right"}


@lru_cache(maxsize=1024)
def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """One symbol of ``static/icons.svg`` in the colour of the text. Without ``label`` it is decoration."""
    classes = "icon" + (f" icon--{size}" if size else "") + (" icon--dir" if name in _FLIPPED_IN_RTL else "")
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    address = escape(f"{static('icons.svg')}#i-{name}")
    return SafeString(f'<svg class="{escape(classes)}" {said}><use href="{address}"></use></svg>')


def avatar(name: object = "", *, key: object = "", size: str = "") -> SafeString:
    """Initials on a ground chosen by ``key``, the person's public key. ``size``: sm, xl."""
    classes = f"avatar avatar--{avatars.ground(str(key or name))}" + (
        f" avatar--{escape(size)}" if size else ""
    )
    letters = escape(avatars.initials(str(name)) or "·")
    return SafeString(f'<span class="{classes}" aria-hidden="true">{letters}</span>')


def pill(label: object, *, kind: str = "", icon_name: str = "") -> str:
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


def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> SafeString:
    """The options of a select: ``(value, label)``."""
    return SafeString(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in choices
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
