"""How a cycle decides, and its set-up, as a browser shows them: for everybody, on a telephone, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from selection import actions
from selection.models import Stage
from tests.browser.conftest import Look, looks
from tests.cast import Cast, House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@looks(deep=[Look(), Look("dark", 390)])
def test_protocol_and_setup_can_be_used_by_everybody_and_fit(
    house: House, cast: Cast, page: Page, sign_in_browser: Callable, is_whole: Callable[[Page], None]
) -> None:
    actions.open_stage(house.screen, by=cast.office_1.user, reason="For the look of it.")
    sign_in_browser(page, cast.office_1)
    setup = "/office/cycles/next/setup/"
    for address in (
        "/protocol/next/", "/office/cycles/", "/office/cycles/new/", setup, f"{setup}stages/2/", f"{setup}dates/",
    ):  # fmt: skip
        page.goto(address)
        is_whole(page)


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=["no script"])
def test_the_office_plans_a_cycle_without_scripts_and_opens_it(
    house: House, cast: Cast, page: Page, sign_in_browser: Callable
) -> None:
    sign_in_browser(page, cast.office_1)
    page.goto("/office/cycles/new/")
    page.get_by_label("Name").fill("Harvest 2040")
    page.get_by_label("Word in its address").fill("harvest")
    page.get_by_role("button", name="Plan the cycle").click()
    expect(page.get_by_role("heading", name="Set up Harvest 2040")).to_be_visible()
    page.get_by_role("link", name="Change Technology review").click()
    page.get_by_label("Reserve").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The next 7 are proposed for the reserve")).to_be_visible()
    page.get_by_text("Open the first stage…").click()
    page.get_by_label("Reason, if it opens before its date").fill("A dry run.")
    page.get_by_role("button", name="Open Regional review").click()
    assert Stage.objects.get(cycle__slug="harvest", number=1).state == "open"
    page.goto("/protocol/harvest/")
    expect(page.get_by_text("The next 7 are proposed for the reserve")).to_be_visible()
