"""The API at /api/v1/: each room's ``api.py``, and the page that shows it. Reads are open, writes need a token."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from awards.api import router as awards
from charter.api import router as charter
from common import markdown
from common.errors import RuleBroken
from contributions.api import router as contributions
from events.api import router as events
from mvp_program import api_page

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
    """The documentation in a page of ours. The viewers that the package brings know no dark, and no screen reader likes them."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        context = {
            "about": _about(),
            "parts": api_page.parts_of(schema),
            "shapes": api_page.shapes_of(schema),
            "site": settings.SITE_URL,
            "columns": [{"label": one} for one in (_("Name"), _("Type"), _("What it is"))],
            "answer_columns": [{"label": one} for one in (_("Status"), _("Type"))],
        }
        return render(request, "api/docs.html", context)


@cache
def _about() -> str:
    return markdown.render(DESCRIPTION)


api = NinjaAPI(
    docs=Docs(),
    title="MVP Program",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
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
