"""A pasted link: its page proposes what was not typed, and never stands in the way of the form."""

from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from common import fetching
from contributions import proposing
from contributions.models import Contribution
from people.models import Person
from tests.cast import Cast, House
from tests.common.test_fetching import LOCAL, Misbehaving, serving
from tests.factories import ContributionFactory

SignIn = Callable[[Person | None], Client]


class Pages(Misbehaving):
    def say_talk(self) -> None:
        html = "<title>Két átjáró</title><meta name=date content=2004-10-21><meta name=description content='Words.'>"
        self._send(html.encode(), Content_Type="text/html; charset=utf-8")

    def say_picture(self) -> None:
        self._send(b"GIF89a", Content_Type="image/gif")

    def say_gone(self) -> None:
        self._send(status=410)


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with serving(Pages) as server:
        yield server


@pytest.fixture
def site(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(fetching, "OPEN_WEB", LOCAL)
    cache.clear()
    return f"http://good.example:{server.server_port}"


@pytest.fixture
def client(cast: Cast, house: House, sign_in: SignIn) -> Client:
    return sign_in(cast.holder)


def read(client: Client, url: str, *, to: str = "/me/contributions/", **typed: Any) -> str:
    facts = {
        "go": "read",
        "type": "article",
        "title": "",
        "starts": "",
        "url": url,
        "visibility": "everyone",
    } | typed
    answer = client.post(to, facts, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_the_page_says_is_proposed_and_nothing_saved(client: Client, site: str) -> None:
    part = read(client, f"{site}/talk")
    assert "Found on the page." in part
    for value in ('value="Két átjáró"', 'value="2004-10-21"', "Words."):
        assert value in part
    assert "<html" not in part
    assert not Contribution.objects.exists()


def test_what_was_typed_stays(client: Client, site: str) -> None:
    part = read(client, f"{site}/talk", title="My own words", starts="2005-01-01", reach="12")
    for value in ('value="My own words"', 'value="2005-01-01"', 'value="12"'):
        assert value in part


def test_without_a_script_the_whole_page_comes_back(client: Client, site: str) -> None:
    answer = client.post("/me/contributions/", {"go": "read", "type": "article", "url": f"{site}/talk"})
    assert 'value="Két átjáró"' in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_an_entry_that_exists_reads_its_page_too(client: Client, site: str, cast: Cast) -> None:
    row = ContributionFactory(person=cast.holder)
    assert "Words." in read(client, f"{site}/talk", to=f"/me/contributions/{row.key}/", title="Kept")
    row.refresh_from_db()
    assert row.description == ""


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/picture", "This link leads to no page of text."),
        ("/gone", "answers with an error (410)"),
        ("/garbage", "did not answer as a web page does"),
        ("/to?http://127.0.0.2/", "cannot be opened from here"),
        ("/bomb", "says nothing that is not here already"),
    ],
)
def test_a_page_that_cannot_be_read_is_said(path: str, sentence: str, client: Client, site: str) -> None:
    part = read(client, site + path)
    assert sentence in part
    assert f'value="{site}{path}"' in part


@pytest.mark.parametrize("url", ["", "http://localhost/", "file:///etc/passwd", "x" * 3000])
def test_no_other_address_is_opened(url: str, client: Client, house: House) -> None:
    assert "Found on the page." not in read(client, url)


def test_a_line_with_a_link_alone_asks_for_its_page(client: Client, site: str) -> None:
    page = client.post("/me/contributions/quick/", {"line": f"{site}/talk"}).content.decode()
    assert 'hx-trigger="load, click"' in page
    assert f'value="{site}/talk"' in page


def test_nobody_has_pages_read_without_end(
    client: Client, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "READS_AN_HOUR", 2)
    parts = [read(client, f"{site}/talk") for _ in range(3)]
    assert ["Found on the page." in part for part in parts] == [True, True, False]
    assert "in an hour you can have more" in parts[2]
