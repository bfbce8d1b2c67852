"""What only a browser shows: contrast, width, and the small scripts that improve working pages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Look, looks, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add(page: Page, html: str) -> None:
    """Put a form into a small page, whose frame brings the scripts."""
    page.goto("/verify/")
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('afterbegin', html)", html)


@pytest.mark.scanned
@looks(Look("light", 390), deep=[Look("dark"), Look("light"), Look("dark", 390)])
def test_every_component_can_be_used_by_everybody_and_fits_in_both_directions(
    page: Page, is_whole: Callable[[Page], None]
) -> None:
    page.goto("/style-guide/")
    is_whole(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert too_wide(page) == {}
    word, account = page.locator(".wordmark"), page.locator(".site-header__actions")
    assert word.bounding_box()["x"] > account.bounding_box()["x"]


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=["no script"])
def test_dialogs_and_filters_work_without_scripts(page: Page) -> None:
    page.goto("/style-guide/")
    page.get_by_role("button", name="Award…").click()
    expect(page.get_by_role("dialog", name="Award 3 people?")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog", name="Award 3 people?")).to_be_hidden()
    expect(page.get_by_role("button", name="Put away")).to_have_count(0)


@looks(Look("dark"))
def test_scripts_count_tell_the_readers_own_time_and_put_away_and_paper_is_white(page: Page) -> None:
    page.goto("/style-guide/")
    page.get_by_label("Statement").first.fill("Ą𝔸\nb")
    expect(page.get_by_text("5 of 1,500 characters")).to_be_visible()  # as the server counts

    moment = page.locator("time[data-local]").first
    expect(moment).to_have_attribute("title", re.compile("UTC"))  # the server's words are kept

    page.evaluate("document.getElementById('request-failed').hidden = false")
    page.locator(".toast-area").get_by_role("button", name="Put away").click()
    expect(page.locator("#request-failed")).to_be_hidden()

    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_a_form_is_sent_once_until_one_comes_back_to_it(page: Page) -> None:
    add(page, "<form data-once><button name=go value=1>Send it</button></form>")
    page.evaluate(
        "seen = []; window.addEventListener('submit', e => { seen.push(e.defaultPrevented); e.preventDefault() })"
    )
    for _ in range(3):
        page.get_by_role("button", name="Send it").click(force=True)
    assert page.evaluate("seen") == [False, True, True]
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.get_by_role("button", name="Send it").click()
    assert page.evaluate("seen.at(-1)") is False


def autosave(page: Page, answers: list[int]) -> list[str]:
    """A form that saves itself before a server that answers with these statuses; what it was sent."""
    sent: list[str] = []

    def save(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=answers.pop(0), json={"fields": {"version": "8"}})

    page.clock.install()
    page.route("**/save/", save)
    add(
        page,
        "<form id=draft data-autosave=/save/><input name=version value=7 hidden><label>Text <input name=text></label>"
        "<p role=status data-autosave-status data-saving=Saving data-saved='Kept at {time}' data-failed=Failed></p></form>",
    )
    return sent


def test_a_draft_is_saved_two_seconds_after_the_last_key_and_one_that_was_not_says_so_and_goes_with_the_next(
    new_page: Callable[[], Page],
) -> None:
    page = new_page()
    sent = autosave(page, [200, 409, 200])
    page.get_by_label("Text").fill("first")
    page.clock.run_for(1500)
    page.get_by_label("Text").fill("second")
    page.clock.run_for(1500)
    assert sent == []
    page.clock.run_for(600)
    expect(page.get_by_text("Kept at")).to_be_visible()
    expect(page.locator("[name=version]")).to_have_value("8")
    assert len(sent) == 1
    assert "second" in sent[0]

    page.get_by_label("Text").fill("third")
    page.clock.run_for(2100)
    expect(page.get_by_text("Failed")).to_be_visible()
    page.get_by_label("Text").fill("third and fourth")
    page.clock.run_for(2100)
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert len(sent) == 3
