"""Pages that are the same for every stranger: drawn once for a version of what they show, and 304 where it is known.

Whoever has a session or a message waiting gets a page of their own. A version has to change with everything that the page
shows; the language, what rows are called in it, the program's clock, the address and the program's own files are added
here.

What a view said with ``page_for_strangers`` is known at the door from then on (``at_the_door``, asked by the first
middleware): there the version is asked for again, at most once in ``KEPT_PAGES_TRUSTED_SECONDS``, and while it stays the
answer goes out before session, language and view are looked at.
"""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_from_request

from common.clock import site_zone
from common.languages import names_version

BYTES_AT_MOST = 16_000_000  # a process
PACKED_FROM, PACKED_HOW_WELL = 1_000, 5  # bytes; 1 to 9
ANSWERS_AT_MOST, ADDRESS_AT_MOST = 5_000, 500  # at the door; characters of an address
_OUR_FILES = (".py", ".html", ".mo", ".css", ".js", ".svg")

T = TypeVar("T")
M = TypeVar("M")


@dataclass(frozen=True)
class Question(Generic[T]):
    """How the version of a page is asked for, and what the answer was; the same for what ``_around`` says in its ``language``."""

    version: Callable[[], T]
    known: T
    tag: str
    language: str = settings.LANGUAGE_CODE
    around: tuple[str, ...] = ()
    asked_at: float = field(default_factory=time.monotonic)


@dataclass
class _Answer:
    """What goes out at the door, with the ``headers`` of every middleware; ``whole``: of a page, not of a 304."""

    question: Question[Any]
    headers: dict[str, str]
    whole: bool
    asked_at: float

    def is_true(self) -> bool:
        now = time.monotonic()
        if now - self.asked_at >= settings.KEPT_PAGES_TRUSTED_SECONDS:
            asked = self.question
            if _around(asked.language) != asked.around or asked.version() != asked.known:
                return False
            self.asked_at = now
        return True


_lock = threading.Lock()  # a process answers with several threads
_pages: OrderedDict[str, bytes] = OrderedDict()  # by tag; parts of pages by their digest
_answers: OrderedDict[tuple[str, ...], _Answer] = OrderedDict()  # by address
_bytes = 0


def page_for_strangers(
    request: HttpRequest,
    version: Callable[[], T],
    draw: Callable[[T | None], HttpResponse],
    *,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What ``draw`` gives, kept as long as ``version`` answers the same. Only pages with status 200 are kept.

    ``draw`` gets the version, if it was asked for: whoever is known gets a page of their own. ``headers``: of what is no
    page but a feed or a file; only the content of what is drawn is kept.
    """

    def read() -> tuple[T, T]:
        known = version()
        return known, known

    return page_read_for_strangers(request, version, read, draw, headers=headers)


def page_read_for_strangers(
    request: HttpRequest,
    version: Callable[[], T],
    read: Callable[[], tuple[T, M]],
    draw: Callable[[M | None], HttpResponse],
    *,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The same where one statement finds the version and what ``draw`` gets: ``read`` gives both."""
    if not is_stranger(request):
        return draw(None)
    asked_at = time.monotonic()  # drawing may take seconds, in which something changes
    language = get_language() or settings.LANGUAGE_CODE
    (known, found), around = read(), _around(language)
    question = Question(version, known, _tag(request, known), language, around, asked_at)
    if question.tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _headed(HttpResponseNotModified(), question)
    content = _kept(question.tag)
    if content is None:
        response = draw(found)
        if response.status_code != 200:
            return response
        content = response.content
        _keep(question.tag, content)
    return _headed(HttpResponse(content, headers=headers), question)


def part_for_all(name: str, version: object, draw: Callable[[], str]) -> SafeString:
    """A part of a page that everybody gets alike, known or not, kept as long as ``version`` stays."""
    tag = _digest(name, version)
    content = _kept(tag)
    if content is None:
        content = draw().encode()
        _keep(tag, content)
    return SafeString(content.decode())


def at_the_door(request: HttpRequest) -> HttpResponse | None:
    """The answer to what a stranger asks, if it is known and still true. Nothing else has seen the request yet."""
    address = _address(request)
    answer = None if address is None else _answers.get(address)
    if address is None or answer is None or not answer.is_true():
        return None
    tag = answer.question.tag
    response: HttpResponse
    if tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response = HttpResponseNotModified(headers=answer.headers)
    else:
        content = _kept(tag) if answer.whole else None
        if content is None:
            return None
        response = HttpResponse(content, headers={**answer.headers, "Content-Length": str(len(content))})
    response.question = answer.question  # type: ignore[attr-defined]
    return response


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the door know an answer that ``page_for_strangers`` gave, as it goes out."""
    question, whole = getattr(response, "question", None), response.status_code == 200
    address = _address(request)
    if question is None or address is None or response.cookies:
        return
    headers = {name: value for name, value in response.items() if name.lower() != "content-length"}
    with _lock:
        known = _answers.get(address)
        if known is not None and known.question.tag == question.tag and not whole:
            known.asked_at = question.asked_at
            return
        _answers[address] = _Answer(question, headers, whole, question.asked_at)
        _answers.move_to_end(address)
        if len(_answers) > ANSWERS_AT_MOST:
            _answers.popitem(last=False)


def pack(request: HttpRequest, response: HttpResponse) -> None:
    """Send a page for strangers as gzip to whoever takes it: packed once, kept beside the page.

    Never a page with somebody's session: packed together with what was typed into its address, a secret on it could be
    guessed from the length of the answer (BREACH).
    """
    question = getattr(response, "question", None)
    if question is None or not question.tag.startswith("W/"):  # a strong tag means these very bytes
        return
    patch_vary_headers(response, ("Accept-Encoding",))
    if response.status_code != 200 or len(response.content) < PACKED_FROM or not _takes_gzip(request):
        return
    key = f"gzip {question.tag}"
    packed = _kept(key)
    if packed is None:
        packed = gzip.compress(response.content, PACKED_HOW_WELL, mtime=0)
        _keep(key, packed)
    response.content = packed
    response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(packed))


def _takes_gzip(request: HttpRequest) -> bool:
    return bool(_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


def keep_answer(response: HttpResponse, version: Callable[[], T], known: T) -> None:
    """Let ``remember`` know of an answer that has a tag of its own, and keep its content; to nobody in particular."""
    tag = response["ETag"]
    around = _around(settings.LANGUAGE_CODE)
    response.question = Question(version, known, tag, around=around)  # type: ignore[attr-defined]
    if response.status_code == 200:
        _keep(tag, response.content)


def is_stranger(request: HttpRequest) -> bool:
    """Neither signed in nor with a message to read; asks nothing of the database."""
    known = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
    return not any(name in request.COOKIES for name in known)


def forget_pages() -> None:
    global _bytes
    with _lock:
        _pages.clear()
        _answers.clear()
        _bytes = 0


def _address(request: HttpRequest) -> tuple[str, ...] | None:
    """What an answer at the door hangs on; None where there can be none."""
    path, query = request.path, request.META.get("QUERY_STRING", "")
    long = len(path) + len(query) > ADDRESS_AT_MOST
    if request.method != "GET" or long or "HTTP_AUTHORIZATION" in request.META or not is_stranger(request):
        return None
    host = request.META.get("HTTP_HOST", "")
    return (request.scheme or "", host, path, query, get_language_from_request(request))


def _tag(request: HttpRequest, version: object) -> str:
    return f'W/"{_digest(version, request.get_host(), request.get_full_path())}"'


def _digest(*known: object) -> str:
    """Of these, in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    text = "\0".join(map(str, (_files(), language, _around(language), *known)))
    return hashlib.blake2b(text.encode(), digest_size=15).hexdigest()


def _around(language: str) -> tuple[str, ...]:
    """What a page shows besides what it was drawn from: the clock of its times, and the names of rows."""
    return (site_zone().key, *names_version(language))


def _headed(response: HttpResponse, question: Question[Any]) -> HttpResponse:
    response["ETag"] = question.tag
    patch_cache_control(response, no_cache=True)  # kept by browsers, asked about each time
    response.question = question  # type: ignore[attr-defined]
    return response


def _kept(tag: str) -> bytes | None:
    with _lock:
        content = _pages.get(tag)
        if content is not None:
            _pages.move_to_end(tag)
        return content


def _keep(tag: str, content: bytes) -> None:
    """The oldest go where there is no room. Two threads may have drawn the same page: it is counted once."""
    global _bytes
    with _lock:
        _bytes += len(content) - len(_pages.pop(tag, b""))
        _pages[tag] = content
        while _bytes > BYTES_AT_MOST:
            _oldest, dropped = _pages.popitem(last=False)
            _bytes -= len(dropped)


@cache
def _files() -> str:
    """Changes with the program: a page that was drawn by another version of it is another page."""
    seen = hashlib.blake2b(digest_size=8)
    for path in sorted(_our_files()):
        seen.update(f"{path}{path.stat().st_mtime_ns}".encode())
    return seen.hexdigest()


def _our_files() -> Iterator[Path]:
    for folder in Path(settings.BASE_DIR).iterdir():
        if (folder / "__init__.py").is_file() or folder.name == "locale":
            yield from (path for path in folder.rglob("*") if path.suffix in _OUR_FILES)
