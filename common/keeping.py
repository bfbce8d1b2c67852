"""Pages that are the same for every stranger: drawn once for a version of what they show, and 304 where it is known.

Whoever has a session or a message waiting gets a page of their own. A version has to change with everything that the page
shows; the language, the address and the program's own files are added here.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import get_language

BYTES_AT_MOST = 16_000_000  # a process
_OUR_FILES = (".py", ".html", ".mo", ".css", ".js", ".svg")

_lock = threading.Lock()  # a process answers with several threads
_pages: OrderedDict[str, bytes] = OrderedDict()
_bytes = 0


def page_for_strangers(
    request: HttpRequest, version: object, draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """What ``draw`` gives, kept as long as ``version`` stays. Only pages with status 200 are kept."""
    if not is_stranger(request):
        return draw()
    tag = _tag(request, version)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _headed(HttpResponseNotModified(), tag)
    content = _kept(tag)
    if content is None:
        response = draw()
        if response.status_code != 200:
            return response
        content = response.content
        _keep(tag, content)
    return _headed(HttpResponse(content), tag)


def is_stranger(request: HttpRequest) -> bool:
    """Neither signed in nor with a message to read; asks nothing of the database."""
    known = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
    return not any(name in request.COOKIES for name in known)


def forget_pages() -> None:
    global _bytes
    with _lock:
        _pages.clear()
        _bytes = 0


def _tag(request: HttpRequest, version: object) -> str:
    known = f"{_files()}\0{version}\0{get_language()}\0{request.get_host()}\0{request.get_full_path()}"
    return f'W/"{hashlib.blake2b(known.encode(), digest_size=15).hexdigest()}"'


def _headed(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, no_cache=True)  # kept by browsers, asked about each time
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
