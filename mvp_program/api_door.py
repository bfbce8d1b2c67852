"""What every request to the API passes: how often, from which sites, and whether anything has changed."""

import hashlib
import math
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

from common import keeping
from common.ratelimit import RateLimit

PREFIX = "/api/"
READS = ("GET", "HEAD", "OPTIONS")
limit = RateLimit(math.ceil(settings.API_REQUESTS_A_MINUTE / settings.WEB_WORKERS))


class ApiMiddleware:
    """Outside the session: the API knows no cookie, and a question that is one too many costs nothing. What is kept goes
    out as pages for strangers do (``common.keeping``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return _opened(HttpResponse(status=204))
        if wait := limit.seconds_to_wait(get_adapter(request).get_client_ip(request)):
            words = {"detail": f"Too many questions in a minute. Ask again in {wait} seconds."}
            return _opened(JsonResponse(words, status=429, headers={"Retry-After": str(wait)}))
        if request.method not in READS:
            return self.get_response(request)
        response = keeping.at_the_door(request)
        if response is None:
            response = _opened(_tagged(request, self.get_response(request)))
            keeping.remember(request, response)
        return response


def _opened(response: HttpResponse) -> HttpResponse:
    """Reads from any site. Writes send no such word, so a page of another site cannot make them."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = ", ".join(READS)
    response["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer in JSON depends on its address and token alone: no language, no session. Where a view said how its version
    is asked for (``request.versions``), the door knows the answer from now on."""
    unchanged = response.status_code == 304 and "ETag" in response
    if not unchanged and not _is_json(response):
        return response
    response["Vary"] = "Authorization"
    response["Cache-Control"] = (
        "private, no-cache" if "Authorization" in request.headers else "public, max-age=30"
    )
    response["X-Robots-Tag"] = "noindex"
    if "ETag" not in response:
        response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if versions := getattr(request, "versions", None):
        keeping.keep_answer(response, *versions)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _is_json(response: HttpResponse) -> bool:
    return response.status_code == 200 and response["Content-Type"].startswith("application/json")
