"""The pages that say what went wrong: in the frame, in plain words, without a dead end."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from mvp_program.middleware import MethodMiddleware


def test_a_missing_page_offers_the_roster_and_keeps_its_secret(client: Client) -> None:
    page = client.get("/no-such-page/").content.decode()
    assert "not yours to see" in page
    assert 'role="search" action="/roster/"' in page
    assert '<main id="main"' in page


def test_a_form_without_its_token_says_that_nothing_was_changed() -> None:
    response = Client(enforce_csrf_checks=True).post("/style-guide/")
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


def test_the_page_for_our_own_mistakes_needs_neither_request_nor_database() -> None:
    page = render_to_string("errors/500.html", {"request_id": "7F3K-Q2M8-0D41"})
    assert "7F3K-Q2M8-0D41" in page
    assert "css/tokens.css" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Your change was not made"),
        ({"back": "/nominations/K7Q2M4/"}, 'href="/nominations/K7Q2M4/"'),
        ({"rows": [("Views", "4,100", "4,350")], "address": "/x/"}, "Save my version"),
    ],
)
def test_a_change_by_two_people_shows_a_way_on(given: dict[str, object], words: str) -> None:
    assert words in render_to_string("errors/409.html", given, RequestFactory().get("/"))


@pytest.mark.django_db
def test_an_address_that_takes_only_a_post_says_so_on_a_page(client: Client) -> None:
    answer = client.get("/language/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "There is no page at this address" in answer.content.decode()
    assert '<main id="main"' in answer.content.decode()
    german = client.get("/language/", headers={"Accept-Language": "de"}).content.decode()
    assert "Unter dieser Adresse gibt es keine Seite" in german


def test_an_answer_that_says_more_keeps_its_own_words() -> None:
    said = HttpResponseNotAllowed(["GET"], b"Method not allowed")
    assert MethodMiddleware(lambda _request: said)(RequestFactory().post("/api/")) is said


def test_the_page_of_an_error_says_in_which_language_it_speaks() -> None:
    with translation.override("de"):
        page = render_to_string("errors/500.html", {"request_id": "7F3K-Q2M8-0D41"})
    assert '<html lang="de"' in page
    assert "We made a mistake" not in page


def test_while_the_site_is_worked_on_every_address_says_so_without_the_database(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE = str(file)
    file.write_text("Back at <b>14:00</b> UTC.")
    answer = client.post("/roster/", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert '<html lang="de"' in answer.text
    assert "Back at &lt;b&gt;14:00&lt;/b&gt; UTC." in answer.text
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get("/healthz-and-more").status_code == 503
    assert client.get("/api/v1/people").json()["detail"].startswith("The site is being worked on")
    assert client.get("/healthz").status_code == 200
    file.unlink()
    assert client.get("/no-such-page/").status_code == 404


def test_the_page_for_a_server_in_front_needs_no_other_file() -> None:
    out = StringIO()
    call_command("maintenance_page", say="Until noon.", stdout=out)
    page = out.getvalue()
    assert not re.search(r"<link|<script|@import|url\(", page)
    assert [part.lower() for part in re.findall(r'<section class="error-case" lang="(..)"', page)] == [
        "en",
        "de",
        "es",
    ]
    assert page.count("Until noon.") == 3
    assert all(style in page for style in ("light-dark(", ".big-code {", ".site-header__bar"))
