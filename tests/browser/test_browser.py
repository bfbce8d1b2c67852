"""The fixtures themselves: a check that finds nothing must be able to find something."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.scanned
def test_axe_names_a_picture_without_words(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='/favicon.ico'></main></html>")
    assert [finding.split(":")[0] for finding in axe(page)] == ["image-alt"]


@pytest.mark.parametrize("look", [Look("light"), Look("dark", 390)], ids=str)
def test_a_page_is_looked_at_in_both_schemes_and_on_a_telephone(page: Page, look: Look) -> None:
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (look.scheme == "dark")
    assert page.evaluate("innerWidth") == look.width
