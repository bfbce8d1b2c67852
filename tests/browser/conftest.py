"""A real browser before a real server: ``page`` is a tab that knows nobody, ``new_page()`` one with cookies of its own.

``@looks(Look("light"), deep=[Look("dark", 390)])`` chooses colour scheme and width. ``make test`` has a browser for what
somebody does: with a keyboard, with a script, without one, on a telephone. That a page shuts nobody out and fits is asked
of each page, in its looks, in ``make test-deep``: there ``axe`` and ``is_whole`` look at all that they are given; in
``make test`` only in tests marked ``scanned``, which are a page of the public's, a form of the nominee's, a reviewer's
page and the page of all components.
Playwright keeps an event loop in the test's thread, so Django must be told that the ORM is safe there; the
setting ends with the last test of this folder.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Response,
    ViewportSize,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from common import keeping
from people.models import Person
from tests.browser import chromium
from tests.spread import all_of_them

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TELEPHONE = 390
SETTLED = """
() => {
  for (const form of document.forms) { clearTimeout(form.autosaveTimer); delete form.dataset.changed; }
  return ![...document.forms].some(form => form.autosaveRunning);
}
"""
STOPS = """
const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex]")].filter(one =>
  one.tabIndex >= 0 && one.type !== "hidden" && !one.matches(":disabled") && one.checkVisibility({visibilityProperty: true}));
"""
# What Tab will come to that is called so.
NEXT_CALLED = f"""
words => {{
  {STOPS}
  const called = one => (one.getAttribute("aria-label") || (one.labels?.[0] || one).textContent || one.value || "")
    .replace(/\\s+/g, " ").trim();
  return stops.slice(stops.indexOf(document.activeElement) + 1)
    .find(one => called(one) === words || called(one).startsWith(`${{words}} `)) || null;
}}
"""
STEP_BEFORE = f"target => {{ {STOPS} stops[stops.indexOf(target) - 1]?.focus(); }}"
_under_axe: set[Page] = set()


@dataclass(frozen=True)
class Look:
    """What the page is looked at with."""

    scheme: Literal["light", "dark"] = "light"
    width: int = 1440
    height: int = 900
    javascript: bool = True


def looks(*quick: Look, deep: Sequence[Look] = ()) -> pytest.MarkDecorator:
    """The test in each of these looks; in the others of ``deep`` only in make test-deep."""
    marked = [pytest.param(look, marks=pytest.mark.deep) for look in deep if look not in quick]
    return pytest.mark.parametrize("look", [*quick, *marked], ids=str)


def too_wide(page: Page) -> dict[int, int]:
    """Width of the window, its own and a telephone's → by how many pixels the page is wider, where it is."""
    window, found = page.viewport_size or {"width": TELEPHONE, "height": 900}, {}
    for width in sorted({window["width"], TELEPHONE}, reverse=True):
        if width != window["width"]:
            page.set_viewport_size({"width": width, "height": window["height"]})
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            found[width] = over
    if window["width"] > TELEPHONE:
        page.set_viewport_size(window)
    return found


def tab_to(page: Page, where: Locator | str) -> None:
    """Press Tab until the place, or the next one of these words, has the focus: as somebody without a mouse does, who
    sees that it has.

    In make test-deep from where the focus is; in make test from the place before that one, as each key takes as long as
    a statement of the page.
    """
    target = page.evaluate_handle(NEXT_CALLED, where).as_element() if isinstance(where, str) else where
    assert target, f"nothing is called “{where}”"
    if not all_of_them():
        target.evaluate(STEP_BEFORE)
    for _press in range(250 if all_of_them() else 2):
        page.keyboard.press("Tab")
        if target.evaluate("place => place === document.activeElement"):
            assert target.evaluate("place => place.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never comes to {where}")


@pytest.fixture
def look() -> Look:
    return Look()


@pytest.fixture(scope="package", autouse=True)
def _orm_beside_playwright() -> Iterator[None]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _own_tags(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tab keeps public pages by their tags: another test's rows can have the same version."""
    monkeypatch.setattr(keeping, "_files", lambda: request.node.nodeid)


@pytest.fixture(scope="package")
def browser(_orm_beside_playwright: None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_or_install(), args=chromium.flags()
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> dict[bool, Page]:
    """The tab, with scripts or without, that one test leaves to the next: a new one takes as much CPU as five pages."""
    return {}


@pytest.fixture
def watch() -> Iterator[Callable[[Page], None]]:
    """Return a function that listens to a tab for as long as the test runs; nothing may go wrong in any of them."""
    pages: list[Page] = []
    troubles: list[str] = []

    def note_answer(response: Response) -> None:
        if response.status >= 500:
            troubles.append(f"{response.status} {response.url}")

    def note_message(message: ConsoleMessage) -> None:
        own_doing = message.page in _under_axe and "inline style" in message.text  # axe tries a style
        if message.type == "error" and "Failed to load resource" not in message.text and not own_doing:
            troubles.append(message.text)

    def note_error(error: Error) -> None:
        troubles.append(str(error))

    listeners = {"response": note_answer, "console": note_message, "pageerror": note_error}

    def listen(page: Page) -> None:
        pages.append(page)
        for event, listener in listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]

    yield listen
    for page in pages:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    assert troubles == []


def _open(browser: Browser, address: str, look: Look) -> Page:
    context = browser.new_context(
        base_url=address,
        color_scheme=look.scheme,
        viewport={"width": look.width, "height": look.height},
        java_script_enabled=look.javascript,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    return context.new_page()


def _let_drafts_be(page: Page) -> None:
    """A page that closes saves its drafts: after the test, when nothing may ask the database any more."""
    for _attempt in range(50):
        if page.evaluate(SETTLED):
            return
        page.wait_for_timeout(100)


def _make_as_new(page: Page, look: Look) -> None:
    """Leave the page for one without a form or a row in it, of the same site, and with it of the same process."""
    if look.javascript:
        _let_drafts_be(page)
    page.unroute_all()
    page.goto(f"{settings.STATIC_URL}icons.LICENSE.txt")
    if look.javascript:
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()


def _dress(page: Page, look: Look) -> None:
    page.emulate_media(media="null", color_scheme=look.scheme)
    size: ViewportSize = {"width": look.width, "height": look.height}
    if page.viewport_size != size:
        page.set_viewport_size(size)


@pytest.fixture
def page(
    browser: Browser,
    tabs: dict[bool, Page],
    live_server: LiveServer,
    look: Look,
    watch: Callable[[Page], None],
) -> Iterator[Page]:
    page = tabs.pop(look.javascript, None) or _open(browser, live_server.url, look)
    _dress(page, look)
    watch(page)
    yield page
    _make_as_new(page, look)
    tabs[look.javascript] = page


@pytest.fixture
def new_page(
    browser: Browser, live_server: LiveServer, look: Look, watch: Callable[[Page], None]
) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a tab of its own, with its own cookies and its own clock."""
    contexts: list[BrowserContext] = []

    def open_page() -> Page:
        page = _open(browser, live_server.url, look)
        contexts.append(page.context)
        watch(page)
        return page

    yield open_page
    for context in contexts:
        for opened in context.pages if look.javascript else []:
            _let_drafts_be(opened)
        context.close()


@pytest.fixture
def sign_in_browser(live_server: LiveServer) -> Callable[[Page, Person], None]:
    """Return a function that lets a tab be somebody of the cast, without the pages that sign in."""

    def sign_in(page: Page, person: Person) -> None:
        client = Client()
        client.force_login(person.user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


def is_scanned(request: pytest.FixtureRequest) -> bool:
    return all_of_them() or request.node.get_closest_marker("scanned") is not None


@pytest.fixture
def axe(request: pytest.FixtureRequest) -> Callable[[Page], list[str]]:
    """Return a function that names what a page makes hard for people with disabilities: empty when nothing, and in
    ``make test`` where the test is not marked ``scanned``."""
    options = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "preload": False,
    }  # reads style sheets and films again
    asked = is_scanned(request)

    def violations(page: Page) -> list[str]:
        if not asked:
            return []
        page.wait_for_load_state()  # a click ends when the next page begins
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        _under_axe.add(page)
        found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
        _under_axe.remove(page)
        return [
            f"{violation['id']}: {violation['help']} at {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return violations


@pytest.fixture
def is_whole(request: pytest.FixtureRequest, axe: Callable[[Page], list[str]]) -> Callable[[Page], None]:
    """Return a function that looks at a page as ``axe`` does: it shuts nobody out and never scrolls sideways."""
    asked = is_scanned(request)

    def look_at(page: Page) -> None:
        if asked:
            assert axe(page) == [], page.url
            assert too_wide(page) == {}, page.url

    return look_at
