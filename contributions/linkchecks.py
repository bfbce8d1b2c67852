"""Does a link answer? One polite question: HEAD, and GET where that is refused."""

from urllib.parse import urlsplit

from common.fetching import Guard, Unreachable, fetch

_SECONDS = 10.0
_SAYS_NOTHING = {401, 403, 405, 407, 408, 425, 429, 451, 999}  # a page for people that turns programs away
_GONE = {404, 410}
_NAMES_OF_NOBODY = (
    ".example",
    ".test",
    ".invalid",
    ".localhost",
    "example.com",
    "example.org",
    "example.net",
)

ANSWERS, GONE, FAILS, UNKNOWN, OFFLINE = "answers", "gone", "fails", "unknown", "offline"


def look(url: str, *, guard: Guard | None = None) -> str:
    """What a link does.

    ``answers``; ``gone``: it says so itself; ``fails``: now, which may pass; ``unknown``: nothing can be said;
    ``offline``: its name is not known, or the net is away.
    """
    host = host_of(url)
    if not host or any(
        host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}") for name in _NAMES_OF_NOBODY
    ):
        return UNKNOWN
    said = _ask(url, "HEAD", guard)
    return said if said == ANSWERS else _ask(url, "GET", guard)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _ask(url: str, method: str, guard: Guard | None) -> str:
    try:
        status = fetch(url, method=method, seconds=_SECONDS, guard=guard).status
    except Unreachable as unreachable:
        return {"name": OFFLINE, "address": UNKNOWN}.get(unreachable.code, FAILS)
    if status in _SAYS_NOTHING:
        return UNKNOWN
    if status in _GONE:
        return GONE
    return ANSWERS if status < 400 else FAILS
