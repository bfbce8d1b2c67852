"""On a phone's width and with the keyboard alone: nominate; refuse, and be found nowhere afterwards."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from common import clock, delivery
from nominations import states, tasks
from nominations.models import Hold, Nomination
from tests.browser.conftest import Look, looks, tab_to
from tests.cast import Cast, House
from tests.factories import NominationFactory, PersonFactory
from tests.nominations.conftest import STATEMENT
from tests.nominations.views.test_journey import link_in_mail
from tests.selection.leaks.stored import hits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME, ADDRESS = "Zuzanna Quirrelwood", "zuzanna@quirrelwood.example"


def fill(page: Page, **fields: str) -> None:
    for label, text in fields.items():
        tab_to(page, label.replace("_", " "))
        page.keyboard.insert_text(text)


def choose(page: Page, label: str, typed: str) -> None:
    """A list: its first letters choose."""
    tab_to(page, label)
    page.keyboard.type(typed)


def press(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def nominate_by_keyboard(page: Page, *, seen: Callable[[], None] = lambda: None) -> int:
    """All four steps; returns how many characters were typed."""
    page.goto("/nominate/")
    seen()
    fill(page, Your_name="Nadia Haidari", Your_email="nadia@stranger.example")
    choose(page, "Country", "Roma")
    tab_to(page, "They helped me")
    page.keyboard.press("Space")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", name="Who are you nominating?")).to_be_visible()
    seen()
    fill(page, Full_name=NAME, Email=ADDRESS)
    choose(page, "Technology", "Windows Server")
    choose(page, "Country", "Latv")
    for answer in ("No", "Yes, as far as I know"):
        tab_to(page, "No" if answer == "No" else "Yes, as far")
        page.keyboard.press("Space")
    expect(page.locator("#eligible")).to_contain_text("Eligible so far.")
    fill(page, Your_statement=STATEMENT, Link_1="https://lists.example/0117")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", name="Who else has seen it?")).to_be_visible()
    seen()
    press(page, "Save and continue")
    expect(page.get_by_role("heading", name="Statement and links")).to_be_visible()
    seen()
    tab_to(page, "What I wrote is true,")
    page.keyboard.press("Space")
    press(page, "Send the nomination")
    expect(page.get_by_role("main")).to_contain_text("look into your mail")
    seen()
    return sum(
        map(
            len,
            (
                "Nadia Haidari",
                "nadia@stranger.example",
                NAME,
                ADDRESS,
                STATEMENT,
                "https://lists.example/0117",
            ),
        )
    )


@looks(Look("light", 390), deep=[Look("dark", 390)])
def test_on_a_phone_with_the_keyboard_alone_somebody_nominates_and_the_nominee_refuses_and_is_found_nowhere(
    page: Page, is_whole: Callable[[Page], None], house: House, cast: Cast
) -> None:
    typed = nominate_by_keyboard(page, seen=lambda: is_whole(page))
    assert typed / 200 < 3, "minutes of typing at 200 characters a minute"
    page.goto(link_in_mail("nominations.confirm"))
    assert Nomination.objects.get().state == states.DRAFT
    press(page, "Confirm and send")
    assert Nomination.objects.get().state == states.INVITED

    page.context.clear_cookies()  # the nominee's telephone
    page.goto(link_in_mail("nominations.invitation"))
    is_whole(page)
    words = ("Quirrelwood", ADDRESS)
    delivery.send_waiting()
    assert len(hits(*words)) == 2
    press(page, "Refuse and erase")
    expect(page.get_by_role("main")).to_contain_text("Thank you for your answer")
    is_whole(page)
    delivery.send_waiting()
    with clock.at(clock.now() + dt.timedelta(days=31)):
        tasks.erase()
    assert hits(*words) == {}


@looks(deep=[Look("dark"), Look("light"), Look("dark", 390)])
def test_the_office_looks_through_a_flood(
    page: Page,
    is_whole: Callable[[Page], None],
    sign_in_browser: Callable[..., None],
    house: House,
    cast: Cast,
) -> None:
    for number in range(3):
        sent = {"name": "Nadia", "email": "nadia@else.example", "statement": STATEMENT}
        case = NominationFactory(
            cycle=house.cycle, area=None, category=None, area_name="", state="draft", nominee=None,
            nominee_name=f"Nominee With A Long Name {number}", nominee_email=f"nominee{number}@else.example",
            draft_by=PersonFactory(), draft={"sent": sent},
        )  # fmt: skip
        Hold.objects.create(nomination=case, reasons=["rate", "alike"], made_at=clock.now())

    sign_in_browser(page, cast.office_1)
    page.goto("/office/triage/")
    is_whole(page)
    page.get_by_label("All 3 of this list").check()
    page.get_by_role("button", name="Do not take them").click()
    expect(page.get_by_role("heading", name="Not take 3 nominations?")).to_be_visible()
    is_whole(page)
    page.get_by_role("button", name="Do not take them").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing waits")
    is_whole(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).to_contain_text("Nominee With A Long Name 2")
