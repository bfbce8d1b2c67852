"""Links that lead back: read from real pages of a server on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from common.fetching import Guard
from people import actions
from people.linkproof import leads_back
from people.models import Person, PersonLink
from tests.cast import Cast

ME = "https://program.example/people/agnes-kovari/"
PAGES = {
    "/plain": (200, f'<a href="{ME}">me</a>'),
    "/a": (200, f'<p><a class="x" rel="nofollow ME" href="{ME}">me</a>'),
    "/link": (200, '<link rel=me href="http://www.program.example/people/agnes-kovari">'),
    "/other": (200, '<a rel="me" href="https://program.example/people/somebody-else/">me</a>'),
    "/broken": (200, '<a rel="me" href="http://[">x</a><<<a rel=me>'),
    "/gone": (404, f'<a rel="me" href="{ME}">me</a>'),
    "/down": (503, ""),
}
LOCAL = Guard(resolve=lambda host, port: ["127.0.0.1"], allows=lambda address: True, ports=None)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = PAGES[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *said: object) -> None:
        return None


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://site.example:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("/plain", False), ("/a", True), ("/link", True), ("/other", False), ("/broken", False), ("/gone", False),
        ("/down", None),
    ],
)  # fmt: skip
def test_only_a_link_with_rel_me_to_this_profile_counts(site: str, page: str, found: bool | None) -> None:
    assert leads_back(site + page, ME, guard=LOCAL) is found


def test_no_address_inside_is_opened() -> None:
    assert leads_back("http://127.0.0.1:1/", ME) is None


def test_the_worker_notes_what_it_found(site: str, cast: Cast, settings) -> None:
    settings.SITE_URL = "https://program.example"
    Person.objects.filter(pk=cast.holder.pk).update(slug="agnes-kovari")
    for place, page in enumerate(("/a", "/plain", "/down")):
        PersonLink.objects.create(person=cast.holder, kind="website", url=site + page, position=place)
    actions.verify_links(cast.holder.key, guard=LOCAL)
    links = list(cast.holder.links.all())
    assert [link.verified_at is not None for link in links] == [True, False, False]
    assert all(link.checked_at for link in links)
    PAGES["/a"], before = PAGES["/down"], PAGES["/a"]
    try:
        actions.verify_links(cast.holder.key, guard=LOCAL)
    finally:
        PAGES["/a"] = before
    assert cast.holder.links.first().verified_at is not None  # a bad day is no answer


def test_links_are_looked_at_again_after_a_month(site: str, cast: Cast) -> None:
    PersonLink.objects.create(person=cast.holder, kind="website", url=site + "/plain")
    actions.verify_due_links(guard=LOCAL)
    first = cast.holder.links.get().checked_at
    actions.verify_due_links(guard=LOCAL)
    assert cast.holder.links.get().checked_at == first
