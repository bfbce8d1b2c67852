"""The admin under the site's content policy: its own scripts run, nothing is refused, a button asks and acts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from people.models import Person
from tests.admin.conftest import address
from tests.browser.conftest import Look, looks
from tests.cases import make_case
from tests.cast import Cast, House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[Page, Person], None]


@looks(Look("dark", 390), deep=[Look()])
def test_an_award_is_put_on_hold(
    page: Page, house: House, cast: Cast, sign_in_browser: SignIn, axe: Callable[[Page], list[str]]
) -> None:
    award = make_case(house, cast).award
    sign_in_browser(page, cast.office_1)
    page.goto(address(type(award), "changelist") + f"?q={award.key}")
    page.get_by_role("link", name=award.person.name).first.click()
    page.get_by_role("link", name="Put on hold").click()
    expect(page.get_by_label("Note for the history")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Note for the history").fill("A question came up.")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.get_by_text("Done: put on hold.")).to_be_visible()
    award.refresh_from_db()
    assert award.state == "on_hold"


def test_a_date_is_chosen_with_the_calendar_and_signing_out_is_the_sites_own(
    page: Page, house: House, cast: Cast, sign_in_browser: SignIn
) -> None:
    sign_in_browser(page, cast.office_1)
    page.goto(address(house.networking, "change"))
    page.locator(".form-row.field-ends").get_by_role("link", name="Today").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    house.networking.refresh_from_db()
    assert house.networking.ends is not None
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile("/admin/"))
    page.goto("/admin/")
    expect(page).to_have_url("/accounts/login/?next=/admin/")
