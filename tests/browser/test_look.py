"""What only a browser shows: contrast, width, and the small scripts that improve working pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Look, looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add(page: Page, html: str) -> None:
    """Put a form into the style guide's page, whose frame brings the scripts."""
    page.goto("/style-guide/")
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('afterbegin', html)", html)


@pytest.mark.contrast
@looks(Look("light", 390), Look("dark"))
def test_every_component_can_be_used_by_everybody_and_fits(
    page: Page, is_whole: Callable[[Page], None]
) -> None:
    page.goto("/style-guide/")
    is_whole(page)


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=["no script"])
def test_dialogs_and_filters_work_without_scripts(page: Page) -> None:
    page.goto("/style-guide/")
    page.get_by_role("button", name="Award…").click()
    expect(page.get_by_role("dialog", name="Award 3 people?")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog", name="Award 3 people?")).to_be_hidden()
    expect(page.get_by_role("button", name="Put away")).to_have_count(0)


def test_a_counter_counts_as_the_server_does(page: Page) -> None:
    page.goto("/style-guide/")
    page.get_by_label("Statement").first.fill("Ą𝔸\nb")
    expect(page.get_by_text("5 of 1,500 characters")).to_be_visible()


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


def test_a_draft_is_saved_two_seconds_after_the_last_key(new_page: Callable[[], Page]) -> None:
    page = new_page()
    sent = autosave(page, [200])
    page.get_by_label("Text").fill("first")
    page.clock.run_for(1500)
    page.get_by_label("Text").fill("second")
    page.clock.run_for(1500)
    assert sent == []
    page.clock.run_for(600)
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert len(sent) == 1
    assert "second" in sent[0]
    assert page.locator("[name=version]").input_value() == "8"


def test_a_draft_that_was_not_saved_says_so_and_goes_with_the_next_change(
    new_page: Callable[[], Page],
) -> None:
    page = new_page()
    sent = autosave(page, [409, 200])
    page.get_by_label("Text").fill("first")
    page.clock.run_for(2100)
    expect(page.get_by_text("Failed")).to_be_visible()
    page.get_by_label("Text").fill("first and second")
    page.clock.run_for(2100)
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert len(sent) == 2


def test_a_toast_can_be_put_away(page: Page) -> None:
    page.goto("/style-guide/")
    page.evaluate("document.getElementById('request-failed').hidden = false")
    page.locator(".toast-area").get_by_role("button", name="Put away").click()
    expect(page.locator("#request-failed")).to_be_hidden()


def test_a_moment_is_shown_in_the_readers_own_zone_and_keeps_the_servers_words(page: Page) -> None:
    page.goto("/style-guide/")
    moment = page.locator("time[data-local]").first
    assert "UTC" in (moment.get_attribute("title") or "")


@pytest.mark.parametrize("look", [Look("dark")], ids=["dark"])
def test_paper_is_white_whatever_the_screen_is(page: Page) -> None:
    page.goto("/style-guide/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


@pytest.mark.parametrize("look", [Look("light", 390)], ids=["telephone"])
def test_from_right_to_left_nothing_widens_the_page(page: Page) -> None:
    page.goto("/style-guide/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
