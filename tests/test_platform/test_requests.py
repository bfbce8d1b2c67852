"""What every request passes: its number, its policy, its page when something goes wrong."""

import json
import logging
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from mvp_program import logs
from mvp_program.pages import errors, health
from mvp_program.urls import handler400, handler403, handler404, handler500  # noqa: F401 - read from this urlconf

NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def fails(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def forbids(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("The dossier closed on 31 October.")


fails.login_required = forbids.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("fails", fails),
    path("forbids", forbids),
    path("healthz", health.healthz),
    path("language/", forbids, name="language"),  # at the foot of every page
]
own_addresses = override_settings(ROOT_URLCONF=__name__)


def test_each_answer_has_its_own_number(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert NUMBER.fullmatch(first)
    assert first != second


def test_nothing_from_elsewhere_and_nothing_inline(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/healthz?q=a%00b", "/heal%00thz"])
def test_a_null_byte_in_the_address_is_a_bad_request(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_missing_page_says_so(client: Client) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404


@own_addresses
def test_a_refusal_gives_its_reason(client: Client) -> None:
    response = client.get("/forbids")
    assert response.status_code == 403
    assert "The dossier closed on 31 October." in response.content.decode()


@own_addresses
def test_a_failure_shows_the_number_that_the_answer_carries() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/fails")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()


def test_a_failure_of_the_error_page_itself_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(loader, "render_to_string", fail)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"We made a mistake" in response.content


def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/healthz")
    assert response.status_code == 403
    assert "grown too old" in response.content.decode()


def test_a_log_line_is_one_object_with_the_requests_number() -> None:
    token = logs.request_id.set("7F3K-Q2M8-0D41")
    record = logging.makeLogRecord(
        {"name": "mvp", "msg": "two\nlines %s", "args": ("é",), "levelname": "ERROR"}
    )
    line = logs.JsonFormatter().format(record)
    logs.request_id.reset(token)
    assert "\n" not in line
    assert json.loads(line)["request_id"] == "7F3K-Q2M8-0D41"
