"""Summits in a browser: registering, waiting and giving up, and the pages of the office; in both schemes, narrow and wide, with
the keyboard alone and without scripts."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from charter.models import Agreement
from common import clock
from events.actions import register_for_summit
from events.models import Summit
from tests import factories
from tests.browser.conftest import Look, looks, tab_to
from tests.cast import Cast, House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGENDA = (
    "| Day | Morning | Afternoon | Evening |\n| --- | --- | --- | --- |\n| Mon | Arrivals | Rooms | Welcome |"
)


@pytest.fixture
def summit(cast: Cast, house: House) -> Summit:
    """One place, terms to sign, everything asked."""
    day, now = clock.today() + dt.timedelta(days=40), clock.now()
    terms = Agreement.objects.create(
        kind="non-disclosure", version="1", title="Non-disclosure", body="Keep it.", valid_from=dt.date(2004, 1, 1)
    )  # fmt: skip
    return Summit.objects.create(
        slug="oulu", name="Oulu Summit", place="Oulu", country="FI", zone="Europe/Helsinki", starts=day, capacity=1,
        ends=day + dt.timedelta(days=2), registration_opens_at=now - dt.timedelta(days=5), guest_evening=day,
        begins_at=dt.time(9), agreement=terms, summary="Three days.", agenda=AGENDA,
        agenda_html="<table class='table'><tr><th scope='col'>Day</th></tr><tr><td>Mon</td></tr></table>",
    )  # fmt: skip


@pytest.fixture
def full(summit: Summit, house: House) -> Summit:
    other = factories.make_person("Ove Other", "ove@community.example")
    factories.AwardFactory(person=other, area=house.networking, region=house.baltics)
    register_for_summit(summit, other, by=other.user, details={}, signs=True)
    return summit


@looks(Look("light", 390), deep=[Look("dark")])
def test_a_place_is_taken_and_given_up_without_a_mouse(
    page: Page, is_whole: Callable[[Page], None], sign_in_browser, summit: Summit, cast: Cast
) -> None:
    sign_in_browser(page, cast.holder)
    page.goto("/summits/oulu/")
    is_whole(page)
    tab_to(page, page.get_by_role("button", name="Register"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everybody who comes accepts these terms first.").first).to_be_in_viewport()
    is_whole(page)
    tab_to(page, page.get_by_label("I accept: Non-disclosure"))
    page.keyboard.press("Space")
    page.get_by_label("Food (optional)").fill("No nuts")
    tab_to(page, page.get_by_role("button", name="Register"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Registered")).to_be_visible()
    is_whole(page)
    page.get_by_role("link", name="Change food, guest and sizes").click()
    expect(page.get_by_label("Shirt size")).to_be_visible()
    is_whole(page)
    page.get_by_label("Shirt size").select_option("l")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No nuts")).to_be_visible()
    tab_to(page, page.locator("summary", has_text="Give up my place…"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Give up my place"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You can join the line again, at its end.")).to_be_visible()


@looks(Look("light", 390, javascript=False), deep=[Look("dark"), Look("light", 390)])
def test_who_comes_too_late_waits_and_leaves_again(
    page: Page, is_whole: Callable[[Page], None], sign_in_browser, full: Summit, cast: Cast, look: Look
) -> None:
    sign_in_browser(page, cast.holder)
    page.goto("/summits/oulu/")
    page.get_by_label("I accept: Non-disclosure").check()
    page.get_by_role("button", name="Join the waitlist").click()
    expect(page.get_by_role("heading", name="On the waitlist")).to_be_visible()
    expect(page.get_by_text("Number 1", exact=True)).to_be_visible()
    if look.javascript:
        is_whole(page)
    page.get_by_text("Leave the waitlist…").click()
    page.get_by_role("button", name="Leave the waitlist").click()
    expect(page.get_by_role("button", name="Join the waitlist")).to_be_visible()


@looks(deep=[Look("dark"), Look("light", 390)])
def test_the_pages_of_the_office_can_be_used_by_everybody(
    page: Page, is_whole: Callable[[Page], None], sign_in_browser, full: Summit, cast: Cast
) -> None:
    sign_in_browser(page, cast.office_1)
    row = full.registrations.get()
    for address in (
        "/office/summits/", "/office/summits/new/", "/office/summits/oulu/", "/office/summits/oulu/edit/",
        "/office/summits/oulu/?state=waiting", f"/office/registrations/{row.key}/cancel/", "/office/summits/oulu/call-off/",
    ):  # fmt: skip
        page.goto(address)
        is_whole(page)
    page.get_by_label("Reason").fill("The hall burnt down.")
    page.get_by_label("I have read to how many people this goes").check()
    page.get_by_role("button", name="Call the summit off").click()
    expect(page.get_by_text("The hall burnt down.")).to_be_visible()
    is_whole(page)
    page.goto("/summits/oulu/")
    expect(page.get_by_role("heading", name="This summit does not take place")).to_be_visible()
    is_whole(page)


@looks(deep=[Look("light", 390), Look("dark")])
def test_the_second_of_two_editors_reads_both_versions(
    page: Page, is_whole: Callable[[Page], None], sign_in_browser, summit: Summit, cast: Cast
) -> None:
    sign_in_browser(page, cast.office_1)
    page.goto("/office/summits/oulu/edit/")
    Summit.objects.update(place="Pori", revision=2)
    page.get_by_label("Place", exact=True).fill("Vaasa")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Both versions")).to_be_visible()
    is_whole(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Vaasa").first).to_be_visible()


def test_the_office_sets_up_and_calls_off_without_a_mouse(
    page: Page, sign_in_browser, summit: Summit, cast: Cast
) -> None:
    sign_in_browser(page, cast.office_1)
    page.goto("/office/summits/oulu/")
    tab_to(page, page.get_by_role("link", name="Call off…"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Reason"))
    page.keyboard.type("Storm.")
    tab_to(page, page.get_by_label("I have read to how many people this goes"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Call the summit off"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Called off.")).to_be_visible()
