"""From the sign-in page through the mail to one's own pages, as a visitor of a demo does it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from common.models import DemoMarker, OutboxMail, SiteFact
from tests.browser.conftest import Look, looks
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _demo(settings: Any, cast: Cast) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = "mvp_program.demo_urls"
    DemoMarker.objects.create()
    member = {
        "title": "Award holder",
        "does": "Holds the award.",
        "name": cast.holder.name,
        "person": cast.holder.key,
    }
    SiteFact.objects.create(name="cast", value=[member])


@looks(Look("light", 390), deep=[Look("dark")])
def test_a_code_from_the_mail_signs_in(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.goto("/accounts/login/")
    assert axe(page) == []
    page.get_by_label("Email").first.fill("agnes@community.example")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="read the mail here").click()
    page.get_by_role("link", name="Code to sign in").click()
    page.frame_locator("iframe").get_by_role("link", name="Or open the page").click()
    expect(page.get_by_label("Code")).to_have_value(OutboxMail.objects.get().keys["code"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Your account, Ágnes Kővári")).to_be_visible()


@looks(deep=[Look("dark"), Look("light", 390)])
def test_the_pages_of_a_demo_can_be_used_by_everybody_and_fit(
    page: Page, is_whole: Callable[[Page], None]
) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Name").fill("Nomvula Dlamini")
    page.get_by_label("Email").fill("nomvula@community.example")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    for address in ("/accounts/signup/", "/demo/", "/outbox/", f"/outbox/{OutboxMail.objects.get().key}/"):
        page.goto(address)
        is_whole(page)


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=["no script"])
def test_everything_works_without_scripts(page: Page) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name="Sign in as Ágnes Kővári").click()
    expect(page.get_by_role("link", name="Your account, Ágnes Kővári")).to_be_visible()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile("/accounts/logout/"))
    page.goto("/outbox/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
