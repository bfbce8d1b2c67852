"""What every request passes: a number, a language, an end where its address is none of ours or a rule says no."""

import datetime as dt
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from common import keeping
from common.dates import zone_of_reader
from common.errors import RuleBroken
from mvp_program import api_door, logs
from mvp_program.pages.maintenance import maintenance
from people.models import Person
from people.queries import person_of

Answer = Callable[[HttpRequest], HttpResponse]
QUERY_AT_MOST = 12_000  # characters; lines that are longer than gunicorn_conf.py allows never come here
FOR_MACHINES = ("/healthz", "/readyz")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: it is read out over the telephone


class RequestIdMiddleware:
    """Number the request, in three groups, as the page for error 500 shows it and the log has it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signs = "".join(LETTERS[byte % 32] for byte in secrets.token_bytes(12))
        token = logs.request_id.set(f"{signs[:4]}-{signs[4:8]}-{signs[8:]}")
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = logs.request_id.get()
        finally:
            logs.request_id.reset(token)
        return response


class MaintenanceMiddleware:
    """While the file ``MAINTENANCE_FILE`` is there, one page for every address but those of styles and of who asks whether the
    process lives. Outside everything that may ask the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not Path(settings.MAINTENANCE_FILE).exists() or self.passes(request.path):
            return self.get_response(request)
        return maintenance(request)

    def passes(self, path: str) -> bool:
        return path == "/healthz" or path.startswith(settings.STATIC_URL)


class KeptPagesMiddleware:
    """What a stranger asks for and is kept goes out before anybody looks who they are: see ``common.keeping``. The API
    counts its questions first, and has a door of its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(api_door.PREFIX):
            return self.get_response(request)
        response = keeping.at_the_door(request)
        if response is None:
            response = self.get_response(request)
            keeping.remember(request, response)
        return response


class PackedPagesMiddleware:
    """Strangers' pages go out packed, a tenth to a third of their size: see ``common.keeping``."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(api_door.PREFIX):  # what it answers may hang on a token
            keeping.pack(request, response)
        return response


class PolicyMiddleware:
    """The policy of ``CONTENT_SECURITY_POLICY`` with every answer that brings none of its own. It is the same for all, so it
    is written once; the library's middleware writes it anew each time."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response, self.policy = get_response, build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class AddressMiddleware:
    """PostgreSQL stores no null byte and no person types one, and no page of ours makes so long a query string: refuse both
    in an address, for every view."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query:
            raise BadRequest("a null byte in the address")
        if len(query) > QUERY_AT_MOST:
            raise BadRequest("too long a query string")
        return self.get_response(request)


class LanguageMiddleware:
    """The language of the page: as its reader set it, else the cookie of the footer, else as the browser asks.

    It stands in no address: one page, one address. Behind the sign-in, because a setting follows its person.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of(request: HttpRequest) -> str:
    person = reader_of(request)
    if person is not None and person.mail_language:
        with suppress(LookupError):
            return translation.get_supported_language_variant(person.mail_language)
    return translation.get_language_from_request(request)


class ZoneMiddleware:
    """Times by the reader's own clock, where they have said which it is; else by the program's.

    The records of the admin are always read and typed in UTC, as their forms say. What machines ask about our health
    says no times, and must not need the database to be answered.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return self.get_response(request)


def zone_of(request: HttpRequest) -> dt.tzinfo:
    if request.path.startswith("/admin/") or request.path in FOR_MACHINES:
        return dt.UTC
    person = reader_of(request)
    return zone_of_reader(person.zone if person is not None else "")


def reader_of(request: HttpRequest) -> Person | None:
    """Who is signed in; a browser without a session asks nothing of the database."""
    return person_of(request.user) if settings.SESSION_COOKIE_NAME in request.COOKIES else None


class SignInMiddleware(LoginRequiredMiddleware):
    """Who was signed out while a form was open comes back to the form's page: the address it is sent to takes no GET."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        came_from = urlsplit(request.headers.get("Referer", ""))
        if request.method != "POST" or came_from.netloc != request.get_host():
            return super().handle_no_permission(request, view_func)
        page = came_from.path + (f"?{came_from.query}" if came_from.query else "")
        return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


class MethodMiddleware:
    """An address that takes only what a button sends, opened as a page: Django answers with an empty one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "errors/405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


class RuleBrokenMiddleware:
    """Where an action says no and the view has no form to say it in: the sentence on a page of its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RuleBroken):
            return None
        came_from = request.headers.get("Referer", "")
        here = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
        context = {"what": exception.sentence, "back": came_from if here else ""}
        return render(request, f"errors/{exception.status}.html", context, status=exception.status)
