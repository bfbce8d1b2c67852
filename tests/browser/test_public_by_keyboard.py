"""The roster by keyboard alone: filters, chips, year, order, map and pages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, looks, tab_to
from tests.cast import Cast, House
from tests.factories import AwardFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(cast: Cast, house: House) -> Cast:
    AwardFactory.create_batch(3, area=house.spreadsheets, country="ES")
    return cast


def walk_to(page: Page, words: str) -> None:
    """Tab to what is called so, and see that the focus can be seen."""
    tab_to(page, words)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'"), words


@pytest.mark.scanned
@looks(Look("light"), deep=[Look("dark", javascript=False)])
def test_a_filter_is_chosen_and_taken_away_and_the_year_is_switched(
    page: Page, world: Cast, house: House, look: Look, is_whole: Callable[[Page], None]
) -> None:
    page.goto("/roster/")
    walk_to(page, "Spreadsheets")
    page.keyboard.press("Space")
    if not look.javascript:
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("area=spreadsheets"))
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()
    if look.javascript:
        is_whole(page)
    walk_to(page, "Spreadsheets, remove filter")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("area="))
    expect(page.get_by_role("heading", name="4 people")).to_be_visible()
    walk_to(page, "Year")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("/roster/$"))  # a choice alone sends nothing
    walk_to(page, "Go")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"year={house.program.current_year}"))


def test_the_map_has_a_list_that_leads_to_people(page: Page, world: Cast) -> None:
    page.goto("/roster/")
    walk_to(page, "Map")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=re.compile("map", re.IGNORECASE))).to_be_visible()
    walk_to(page, "Spain")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("country=ES"))
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()


@pytest.mark.parametrize("look", [Look("light", 390)], ids=str)
def test_on_a_telephone_the_filters_unfold(page: Page, world: Cast, house: House) -> None:
    AwardFactory.create_batch(21, area=house.directory)  # more than a page
    page.goto("/roster/")
    walk_to(page, "Filters")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Spreadsheets")).to_be_visible()
    walk_to(page, "Page 2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("page=2"))


def test_another_year_of_the_numbers_is_shown(page: Page, world: Cast, house: House) -> None:
    page.goto("/numbers/")
    walk_to(page, "Award year")
    page.keyboard.press("ArrowDown")
    walk_to(page, "Show")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"year={house.program.current_year - 1}"))
