"""What a web page says of itself: title, day, description. Nothing of it is run or trusted; it is proposed."""

import codecs
import datetime as dt
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

from common.fetching import Answer, Guard, fetch
from common.fields import one_line
from contributions.importing.days import NoDay, read_day

_PAGES = ("text/html", "application/xhtml+xml")
_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title")
_DAYS = (
    "article:published_time", "og:published_time", "citation_publication_date", "citation_date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "datepublished", "date", "pubdate", "publish_date", "parsely-pub-date",
)  # fmt: skip
_WORDS = ("og:description", "description", "twitter:description", "dc.description")
_LONGEST_TITLE, _LONGEST_WORDS = 250, 1000


@dataclass(frozen=True)
class Proposal:
    """What may be filled in; empty where the page says nothing."""

    title: str = ""
    starts: dt.date | None = None
    description: str = ""


class NoPage(Exception):
    """What answers is no page to read: a picture, an error; ``status`` as it was sent."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def read_link(url: str, *, today: dt.date, guard: Guard | None = None) -> Proposal:
    """Open a page and read its head. Raises ``Unreachable`` or ``NoPage``."""
    answer = fetch(url, guard=guard)
    kind = answer.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if answer.status >= 400 or kind not in _PAGES:
        raise NoPage(answer.status)
    return read_page(text_of(answer), today=today)


def text_of(answer: Answer) -> str:
    """The body in the encoding that its header or head names; a name that does not exist is passed over."""
    named = re.search(r"charset=[\"']?([\w.:-]{1,40})", answer.headers.get("content-type", ""), re.IGNORECASE)
    within = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w.:-]{1,40})", answer.body[:4096], re.IGNORECASE)
    mark = "utf-8-sig" if answer.body.startswith(codecs.BOM_UTF8) else ""
    for name in (mark, named and named[1], within and within[1].decode("ascii", "replace")):
        try:
            if name and codecs.lookup(name)._is_text_encoding:
                return answer.body.decode(name, errors="replace")
        except (LookupError, ValueError):
            continue
    return answer.body.decode("utf-8", errors="replace")


def read_page(html: str, *, today: dt.date) -> Proposal:
    """Title, day and description from the head; a day in the future or of long ago is passed over."""
    head = _Head()
    with suppress(AssertionError, ValueError):  # where the parser gives up, what was read before counts
        head.feed(html)
    said = head.said
    title = next((said[name] for name in _TITLES if said.get(name)), "") or head.title
    words = next((said[name] for name in _WORDS if said.get(name)), "")
    days = [said[name] for name in _DAYS if said.get(name)] + head.dates
    return Proposal(_cut(title, _LONGEST_TITLE), _first_day(days, today), _cut(words, _LONGEST_WORDS))


def _cut(text: str, most: int) -> str:
    text = one_line(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _first_day(texts: list[str], today: dt.date) -> dt.date | None:
    for text in texts[:20]:
        try:
            day = read_day(text)
        except NoDay:
            continue
        if dt.date(1990, 1, 1) <= day <= today:
            return day
    return None


class _Head(HTMLParser):
    """Collects the first ``<title>``, the named ``<meta>``, ``<time datetime>`` and dates of JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self.dates: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop", "")).lower()
            self.said.setdefault(name, given.get("content", "")[:2000])
        elif tag == "time" and given.get("datetime"):
            self.dates.append(given["datetime"][:60])
        elif tag == "title" and not self.title:
            self._inside = "title"
        elif tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._inside = "data"

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title = (self.title + data)[:2000]
        elif self._inside == "data":
            self.dates = _published(data) + self.dates


def _published(data: str) -> list[str]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return []
    things = content if isinstance(content, list) else [content, *_graph(content)]
    return [
        thing["datePublished"][:60]
        for thing in things[:20]
        if isinstance(thing, dict) and isinstance(thing.get("datePublished"), str)
    ]


def _graph(content: object) -> list[object]:
    graph = content.get("@graph") if isinstance(content, dict) else None
    return graph if isinstance(graph, list) else []
