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


@pytest.fixture
def board(house: House, cast: Cast) -> House:
    """Forty-two cases with their numbers, twelve places."""
    CyclePlaces.objects.filter(cycle=house.cycle, category=house.servers).update(places=12)
    many_cases(house, 42, reviewers=14)
    actions.compute_numbers(house.score, house.servers)
    return house


@looks(Look(), deep=[Look("light", 390), Look("dark", 390), Look("dark")])
def test_the_board_can_be_used_by_everybody_and_fits(
    page: Page,
    board: House,
    cast: Cast,
    is_whole: Callable[[Page], None],
    sign_in_browser: Callable[[Page, Person], None],
) -> None:
    sign_in_browser(page, cast.technology_lead)
    for page_of in ("reviewers/", "minutes/"):
        page.goto(f"/board/next/2/servers/{page_of}")
        is_whole(page)
    for address in ("/board/", "/board/?places=3&flag=close"):
        page.goto(address)
        is_whole(page)


@looks(Look("dark"), Look("light", 390, javascript=False))
def test_a_chair_decides_looks_at_it_and_takes_it_back(
    page: Page,
    board: House,
    cast: Cast,
    axe: Callable[[Page], list[str]],
    sign_in_browser: Callable[[Page, Person], None],
) -> None:
    actions.close_stage(board.score, by=cast.office_1.user, reason=WHY)
    sign_in_browser(page, cast.technology_lead)
    page.goto("/board/")
    for row in (9, 12):
        page.locator("input[name=case]").nth(row).check()
    page.get_by_role("button", name="Not this time…").click()
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        assert axe(page) == []
    page.get_by_label("Why").fill("The evidence of the others reaches further.")
    page.get_by_role("button", name="Not this time: 2 candidates").click()
    expect(page.get_by_text("Last decision: 2 candidates, not this time")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Last decision")).to_have_count(0)
