"""The site from right to left, in a language a third longer than English: mirrored, and nothing scrolls sideways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from people.models import Person
from tests import pseudo
from tests.browser.conftest import Look, looks, too_wide
from tests.cast import Cast
from tests.factories import ContributionFactory
from tests.world import World, world  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [Look("light", 390), Look("dark")]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[None]:
    with pseudo.spoken(tmp_path):
        yield


def speak(page: Page, url: str, code: str = pseudo.CODE) -> None:
    page.context.add_cookies([{"name": "language", "value": code, "url": url}])


def what_is_wrong(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    wrong = [] if answer is not None and answer.status < 400 else ["not there"]
    if page.evaluate("document.documentElement.dir") != "rtl":
        wrong.append("not from right to left")
    wrong += [f"{over} px too wide for {width}" for width, over in too_wide(page).items()]
    return [f"{address}: {one}" for one in wrong]


@pytest.fixture
def public(cast: Cast) -> list[str]:
    ContributionFactory.create_batch(3, person=cast.holder)
    award = cast.holder.awards.order_by("-first_year")[0]
    return [
        "/", "/roster/", f"/people/{cast.holder.slug}/", f"/awards/{award.key}/", "/verify/?id=nothing",
        "/nominate/", "/accounts/login/", "/accounts/signup/", "/summits/",
    ]  # fmt: skip


@pytest.mark.usefixtures("spoken")
@looks(deep=LOOKS)
def test_public_pages_fit_are_mirrored_and_shut_nobody_out(
    page: Page, axe: Axe, public: list[str], live_server
) -> None:
    speak(page, live_server.url)
    for address in public:
        assert what_is_wrong(page, address) == []
        assert axe(page) == [], address
    word, account = page.locator(".wordmark"), page.locator(".site-header__actions")
    assert word.bounding_box()["x"] > account.bounding_box()["x"]


@pytest.mark.usefixtures("spoken")
@looks(deep=LOOKS)
def test_the_pages_of_a_nominee_fit_too(
    page: Page,
    axe: Axe,
    world: World,  # noqa: F811
    sign_in_browser: Callable[[Page, Person], None],
    live_server,
) -> None:
    sign_in_browser(page, world.cast.nominee)
    speak(page, live_server.url)
    for address in (
        "/me/", "/me/account/", "/me/erase/", "/me/contributions/", "/me/contributions/imports/",
        f"/nominations/{world.case.nomination.key}/", f"/people/{world.cast.nominee.slug}/edit/",
    ):  # fmt: skip
        assert what_is_wrong(page, address) == []
        assert axe(page) == [], address


@looks(deep=[Look("light", 390)])
@pytest.mark.parametrize("language", ["de", "es"])
def test_german_and_spanish_fit_on_a_phone(
    page: Page, axe: Axe, cast: Cast, live_server, sign_in_browser, language: str
) -> None:
    sign_in_browser(page, cast.holder)
    speak(page, live_server.url, language)
    for address in ("/", "/roster/", f"/people/{cast.holder.slug}/", "/nominate/", "/me/", "/me/account/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.lang") == language
        assert too_wide(page) == {}, address
        assert axe(page) == [], address


def test_the_language_is_chosen_at_the_foot_of_the_page_with_the_keyboard(page: Page, cast: Cast) -> None:
    page.goto("/verify/")
    page.get_by_role("button", name="Deutsch").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Auszeichnung prüfen")
    expect(page).to_have_url("/verify/")
