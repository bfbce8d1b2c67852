"""Small answers that views share."""

import base64
import hashlib
import re
from functools import cache

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control


def address_of(name: str, key: str) -> str:
    """``reverse(name, args=[key])`` for lists: each address is looked up once a process. ``key``: a key or a slug."""
    return _address_with(name).replace(_ANY_KEY, key)


_ANY_KEY = "ANYKEYANYKEY"


@cache
def _address_with(name: str) -> str:
    return reverse(name, args=[_ANY_KEY])


def go(request: HttpRequest, to: str) -> HttpResponse:
    """Send the browser to ``to``: a redirect, or HX-Location for an htmx request."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Location": to})
    return redirect(to)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was posted, be it empty, and nothing when a page is only read."""
    return request.POST if request.method == "POST" else None


def attachment(content: str | bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep. ``name``: plain ASCII."""
    return HttpResponse(content, headers=file_headers(name, kind))


def file_headers(name: str, kind: str) -> dict[str, str]:
    return {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}


def letter_page(html: str) -> HttpResponse:
    """The HTML part of a mail alone, for a frame: nothing is loaded, no script runs, its own style does.

    A click in it may lead the whole page on.
    """
    html = html.replace("<head>", '<head><base target="_top">', 1)
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    policy = (
        f"default-src 'none'; style-src {allowed}; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation allow-popups"
    )
    return HttpResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})


def open_to_all(
    request: HttpRequest, content: bytes, *, media_type: str, seconds: int, name: str = ""
) -> HttpResponseBase:
    """A public document for machines on any site: kept for some seconds, 304 where nothing changed, in no index."""
    response = HttpResponse(content, content_type=media_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    if name:
        response["Content-Disposition"] = f'inline; filename="{name}"'
    patch_cache_control(response, public=True, max_age=seconds)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
