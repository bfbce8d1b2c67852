"""Mail, renewals and delays in a browser: everybody can use the pages, and they fit."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from common import mail_groups
from nominations import actions
from nominations.links import token_of
from nominations.models import AccessLink, Nomination
from people.actions import create_person
from people.models import Person
from selection.actions import note_dates
from selection.models import Stage
from tests.browser.conftest import Look, looks, too_wide
from tests.cast import Cast, House
from tests.factories import ContributionFactory
from tests.filling import fill_tables

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [Look("light"), Look("light", 390), Look("dark"), Look("dark", 390)]
Axe = Callable[[Page], list[str]]
SignIn = Callable[[Page, Person], None]


def check(page: Page, axe: Axe, address: str, look: Look) -> None:
    page.goto(address)
    assert axe(page) == [], address
    assert too_wide(page) == {}, address
    if folder := os.environ.get("MVP_PICTURES"):
        name = address.strip("/").replace("/", "_")[:40]
        page.screenshot(path=Path(folder) / f"{name}-{look.scheme}-{look.width}.png", full_page=True)


@looks(deep=LOOKS)
def test_the_pages_of_the_office_can_be_used_by_everybody(
    page: Page, axe: Axe, house: House, cast: Cast, sign_in_browser: SignIn, look: Look
) -> None:
    fill_tables(house, cast, number=1)
    for place in range(2):
        create_person(name="Jānis Ozoliņš", email=f"janis{place}@school.example", by=None)
    sign_in_browser(page, cast.office_1)
    for address in (
        "/office/mail/",
        "/office/duplicates/",
        "/office/mail/kinds/nominations.invitation/",
        f"/office/cycles/{house.cycle.slug}/renewals/",
    ):
        check(page, axe, address, look)


@looks(deep=LOOKS)
def test_the_pages_of_readers_can_be_used_by_everybody(
    page: Page, axe: Axe, house: House, cast: Cast, sign_in_browser: SignIn, look: Look
) -> None:
    ContributionFactory(person=cast.holder, title="How to read a trace")
    actions.open_renewals(house.cycle, by=None)
    check(page, axe, mail_groups.stop_path(cast.holder.key, "news"), look)
    check(page, axe, f"/invitation/{token_of(AccessLink.objects.get())}/", look)
    note_dates(house.cycle)
    stage = Stage.objects.get(pk=house.score.pk)
    Stage.objects.filter(pk=stage.pk).update(closes_at=stage.closes_at + dt.timedelta(days=7))
    Nomination.objects.update(state="in_review")
    sign_in_browser(page, cast.holder)
    check(page, axe, "/me/mail/", look)
    check(page, axe, f"/nominations/{Nomination.objects.get().key}/", look)
    expect(page.get_by_text("Delayed")).to_have_count(2)  # the stage itself, and the one that waits for it


@pytest.mark.scanned
def test_a_holder_retires_with_the_keyboard_alone(
    page: Page, is_whole: Callable[[Page], None], house: House, cast: Cast
) -> None:
    actions.open_renewals(house.cycle, by=None)
    page.goto(f"/invitation/{token_of(AccessLink.objects.get())}/")
    is_whole(page)
    page.get_by_role("button", name="Retire with thanks").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for these years")).to_be_visible()


@pytest.mark.deep
def test_one_click_stops_and_another_starts_again(page: Page, cast: Cast) -> None:
    page.goto(mail_groups.stop_path(cast.holder.key, "support"))
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("heading", name="Stopped: People whom you nominated or endorsed")).to_be_visible()
    page.get_by_role("button", name="Start it again").click()
    expect(page.get_by_role("button", name="Stop it")).to_be_visible()
