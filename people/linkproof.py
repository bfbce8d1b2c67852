"""Does a page that somebody links to lead back to their profile? Links with rel="me", as IndieWeb's RelMeAuth has them."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from common.fetching import Guard, Unreachable, fetch

_SECONDS = 5.0


def leads_back(url: str, to: str, *, guard: Guard | None = None) -> bool | None:
    """Whether the page at ``url`` has a link with rel="me" to the profile at ``to``; None where it can't be read."""
    try:
        answer = fetch(url, seconds=_SECONDS, guard=guard)
    except Unreachable:
        return None
    if answer.status >= 500 or answer.status in (408, 429):
        return None
    if answer.status >= 400:
        return False
    reader = _Links(answer.url)
    reader.feed(answer.body.decode("utf-8", "replace"))
    return _plain(to) in {_plain(link) for link in reader.mine}


class _Links(HTMLParser):
    """Collects the targets of ``<a>`` and ``<link>`` with rel="me"."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.mine = base, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in ("a", "link") and "me" in named.get("rel", "").lower().split():
            try:
                self.mine.append(urljoin(self.base, named.get("href", "").strip()))
            except ValueError:  # no address at all
                return


def _plain(url: str) -> tuple[str, str]:
    """Host and path: http or https, with or without a slash at the end, is the same page."""
    try:
        parts = urlsplit(url)
        return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"))
    except ValueError:
        return ("", "")
