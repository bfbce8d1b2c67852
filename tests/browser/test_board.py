"""The decision board as chairs see it: on a telephone and a wide screen, in both schemes, for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from charter.models import CyclePlaces
from people.models import Person
from selection import actions
from tests.browser.conftest import Look
from tests.cast import Cast, House
from tests.selection.conftest import many_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [Look("light", 390), Look("dark", 390), Look("light"), Look("dark")]


@pytest.fixture
def board(house: House, cast: Cast) -> House:
    """Forty-two cases with their numbers, twelve places."""
    CyclePlaces.objects.filter(cycle=house.cycle, category=house.servers).update(places=12)
    many_cases(house, 42, reviewers=14)
    actions.compute_numbers(house.score, house.servers)
    return house


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_board_can_be_used_by_everybody_and_fits(
    page: Page,
    board: House,
    cast: Cast,
    axe: Callable[[Page], list[str]],
    sign_in_browser: Callable[[Page, Person], None],
) -> None:
    sign_in_browser(page, cast.technology_lead)
    for address in ("/board/", "/board/next/2/servers/reviewers/", "/board/?places=3&flag=close"):
        page.goto(address)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
