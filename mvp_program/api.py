"""The API at /api/v1/: each room's ``api.py``, and the page that shows it. Reads are open, writes need a token."""

import json
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from awards.api import router as awards
from charter.api import router as charter
from common.errors import RuleBroken
from contributions.api import router as contributions
from events.api import router as events

DESCRIPTION = """
Everything that the roster shows, for programs, and your own log of contributions.

* **Reads are open.** No key, from any site. Please ask for what has changed: answers carry an `ETag`; with
  `If-None-Match` an answer that is the same comes back as 304.
* **Pages** are followed by the address in `next`.
* **Too many questions** from one place are answered with 429 and `Retry-After`.
* **Your own log** needs a token of yours, made at [/me/account/](/me/account/#tokens) and sent as
  `Authorization: Bearer mvp_…`. With it you also see what profiles show to you.
* **Visibility** is that of the pages: a part that somebody hides is empty here. An erased profile answers 410.
"""


class Docs(DocsBase):
    """Swagger's page in ours, its script and style served from here; without a script, a list of the addresses."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        settings_ = {"url": self.get_openapi_url(api, kwargs), "layout": "BaseLayout", "deepLinking": True}
        context = {"swagger_settings": json.dumps(settings_), "paths": _paths(api.get_openapi_schema())}
        return render(request, "ninja/swagger.html", context)


def _paths(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    return [
        (
            path,
            [
                {"method": method.upper(), "summary": one["summary"], "words": one.get("description", "")}
                for method, one in operations.items()
            ],
        )
        for path, operations in schema["paths"].items()
    ]


api = NinjaAPI(
    docs=Docs(),
    title="MVP Program",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_decorator=csp_update({"img-src": ["'self'", "data:"]}),  # icons inside the stylesheet of the docs
)


@api.get("/", response=dict[str, str], url_name="index", include_in_schema=False)
def index(request: HttpRequest) -> Any:
    """Where to go on."""
    names = {"documentation": "openapi-view", "schema": "openapi-json", "people": "people", "areas": "areas"}
    return {word: settings.SITE_URL + reverse(f"api:{name}") for word, name in names.items()}


@api.exception_handler(RuleBroken)
def rule_broken(request: HttpRequest, broken: Any) -> HttpResponse:
    return api.create_response(request, {"detail": broken.sentence}, status=broken.status)


for router in (awards, charter, events, contributions):
    api.add_router("", router)


def patterns() -> tuple[list[Any], str, str]:
    """The addresses. Who may do what there is the API's own question, so the sign-in stays out of it."""
    urls, app, space = api.urls
    found: list[Any] = list(urls)
    for pattern in found:
        pattern.callback = login_not_required(pattern.callback)
    return found, app, space
