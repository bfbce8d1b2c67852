"""A real browser before a real server: ``page`` is a fresh tab that knows nobody.

``@pytest.mark.parametrize("look", [Look("dark"), Look("light", 390)])`` chooses colour scheme and width.
Playwright keeps an event loop in the test's thread, so Django must be told that the ORM is safe there; the
setting ends with the last test of this folder.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from people.models import Person
from tests.browser import chromium

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What can differ in a scheme or a width; the rest is the same markup, which is looked at whole in the light.
RULES_OF_LOOKS = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}
_under_axe: set[Page] = set()


@dataclass(frozen=True)
class Look:
    """What the page is looked at with."""

    scheme: Literal["light", "dark"] = "light"
    width: int = 1440
    height: int = 900
    javascript: bool = True


@pytest.fixture
def look() -> Look:
    return Look()


@pytest.fixture(scope="package", autouse=True)
def _orm_beside_playwright() -> Iterator[None]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def browser(_orm_beside_playwright: None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_or_install(), args=chromium.flags()
        )
        yield browser
        browser.close()


def _let_drafts_be(page: Page) -> None:
    """A page that closes saves its drafts: after the test, when nothing may ask the database any more."""
    stop = "() => { for (const f of document.forms) { clearTimeout(f.autosaveTimer); delete f.dataset.changed; } }"
    page.evaluate(stop)
    for _attempt in range(50):
        if not page.evaluate("[...document.forms].some(form => form.autosaveRunning)"):
            return
        page.wait_for_timeout(100)


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer, look: Look) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a tab of its own, with its own cookies; nothing may go wrong in any of them."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def note_answer(response: Response) -> None:
        if response.status >= 500:
            troubles.append(f"{response.status} {response.url}")

    def note_message(message: ConsoleMessage) -> None:
        own_doing = message.page in _under_axe and "inline style" in message.text  # axe tries a style
        if message.type == "error" and "Failed to load resource" not in message.text and not own_doing:
            troubles.append(message.text)

    def open_page() -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=look.scheme,
            viewport={"width": look.width, "height": look.height},
            java_script_enabled=look.javascript,
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("response", note_answer)
        page.on("console", note_message)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        for opened in context.pages if look.javascript else []:
            _let_drafts_be(opened)
        context.close()
    assert troubles == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()


@pytest.fixture
def sign_in_browser(live_server: LiveServer) -> Callable[[Page, Person], None]:
    """Return a function that lets a tab be somebody of the cast, without the pages that sign in."""

    def sign_in(page: Page, person: Person) -> None:
        client = Client()
        client.force_login(person.user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def axe(look: Look) -> Callable[[Page], list[str]]:
    """Return a function that names what a page makes hard for people with disabilities: empty when nothing."""
    rules = RULES_OF_LOOKS if look.scheme == "dark" else RULES

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE)
        _under_axe.add(page)
        found: dict[str, Any] = page.evaluate(
            "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})", rules
        )
        _under_axe.remove(page)
        return [
            f"{violation['id']}: {violation['help']} at {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return violations
