"""Markdown of the office as HTML that is safe to show. Slow: it is rendered when a text is published, never at a view.

CommonMark with tables, as markdown-it-py reads it; HTML in the text is text. What comes out passes nh3, which lets
through the few elements below. Headings begin at the second level: the first is the page's title.
"""

import re
from collections.abc import Sequence

import nh3
from anyascii import anyascii
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST = 4
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def render(text: str) -> str:
    """``# One`` becomes a heading of the second level with an anchor, ``s-one``."""
    tokens = _reader.parse(text)
    _place_headings(tokens)
    html = _reader.renderer.render(tokens, _reader.options, {})
    html = re.sub(r"(?s)<table>.*?</table>", _scrolling, nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener"
    ))  # fmt: skip
    return html.strip()


def _scrolling(table: re.Match[str]) -> str:
    """A wide table scrolls by itself, with the keyboard too."""
    plain = table[0].replace("<table>", '<table class="table">', 1).replace("<th>", '<th scope="col">')
    return f'<div class="table-scroll" tabindex="0">{plain}</div>'


def _place_headings(tokens: Sequence[Token]) -> None:
    anchors: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = f"h{min(int(token.tag[1]) + 1, _DEEPEST)}"
        if token.type == "heading_open":
            anchor = _free(f"s-{slugify(anyascii(tokens[place + 1].content))[:60]}", anchors)
            anchors.add(anchor)
            token.attrSet("id", anchor)


def _free(anchor: str, taken: set[str]) -> str:
    number, free = 2, anchor
    while free in taken:
        free, number = f"{anchor}-{number}", number + 1
    return free
