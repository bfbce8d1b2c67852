"""The decision board as chairs see it: on a telephone and a wide screen, in both schemes, for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from charter.models import CyclePlaces
from people.models import Person
from selection import actions
from tests.browser.conftest import Look, looks
from tests.cast import Cast, House
from tests.selection.conftest import WHY, many_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(house: House, *, cases: int, places: int) -> None:
    """Cases with their numbers, and fewer places."""
    CyclePlaces.objects.filter(cycle=house.cycle, category=house.servers).update(places=places)
    many_cases(house, cases, reviewers=cases // 3)
    actions.compute_numbers(house.score, house.servers)


@looks(deep=[Look(), Look("light", 390), Look("dark", 390), Look("dark")])
def test_the_board_can_be_used_by_everybody_and_fits(
    page: Page,
    house: House,
    cast: Cast,
    is_whole: Callable[[Page], None],
    sign_in_browser: Callable[[Page, Person], None],
) -> None:
    fill(house, cases=42, places=12)
    sign_in_browser(page, cast.technology_lead)
    for page_of in ("reviewers/", "minutes/"):
        page.goto(f"/board/next/2/servers/{page_of}")
        is_whole(page)
    for address in ("/board/", "/board/?places=3&flag=close"):
        page.goto(address)
        is_whole(page)


@looks(Look("dark"), deep=[Look("light", 390, javascript=False)])
def test_a_chair_decides_looks_at_it_and_takes_it_back(
    page: Page,
    house: House,
    cast: Cast,
    axe: Callable[[Page], list[str]],
    sign_in_browser: Callable[[Page, Person], None],
    look: Look,
) -> None:
    fill(house, cases=12, places=3)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    sign_in_browser(page, cast.technology_lead)
    page.goto("/board/")
    for row in (7, 9):
        page.locator("input[name=case]").nth(row).check()
    page.get_by_role("button", name="Not this time…").click()
    expect(page.get_by_label("Why")).to_be_visible()
    if look.javascript:
        assert axe(page) == []
    page.get_by_label("Why").fill("The evidence of the others reaches further.")
    page.get_by_role("button", name="Not this time: 2 candidates").click()
    expect(page.get_by_text("Last decision: 2 candidates, not this time")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Last decision")).to_have_count(0)
