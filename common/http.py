"""Small answers that views share."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect


def go(request: HttpRequest, to: str) -> HttpResponse:
    """Send the browser to ``to``: a redirect, or HX-Location for an htmx request."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Location": to})
    return redirect(to)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was posted, be it empty, and nothing when a page is only read."""
    return request.POST if request.method == "POST" else None
