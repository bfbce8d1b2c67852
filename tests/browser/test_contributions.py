"""A dossier of twenty contributions by import, on a phone's width and with the keyboard; and the pages of the log."""

from collections.abc import Callable
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from common import clock, fetching
from contributions import actions
from contributions.models import Contribution
from nominations.models import DossierItem, Nomination
from people.models import Person
from tests.browser.conftest import Look, looks, tab_to
from tests.browser.test_nominations import looks_well  # noqa: F401
from tests.cast import Cast, House
from tests.common.test_fetching import LOCAL, server  # noqa: F401
from tests.factories import ContributionFactory, ContributionTypeFactory
from tests.nominations.conftest import accepted, invited, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Sees = Callable[[str], None]
SignIn = Callable[[Page, Person], None]


def file_of(number: int) -> dict[str, object]:
    rows = [
        f"Article,Checklist {n} for school networks,{clock.today().isoformat()},https://articles.example/{n},{n}"
        for n in range(number)
    ]
    content = "\n".join(["type,title,date,link,views", *rows])
    return {"name": "activities.csv", "mimeType": "text/csv", "buffer": content.encode()}


@pytest.mark.parametrize("look", [Look("light", 390)], ids=str)
def test_twenty_contributions_by_import_complete_a_dossier_by_keyboard(
    page: Page,
    sign_in_browser: SignIn,
    accepted: Nomination,  # noqa: F811
    cast: Cast,
) -> None:
    case = accepted.key
    sign_in_browser(page, cast.nominee)
    page.goto("/me/contributions/imports/")
    page.set_input_files("input[type=file]", file_of(20))
    page.locator("input[type=file]").focus()
    tab_to(page, page.locator("form:has([type=file]) button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check before you import")).to_be_visible()
    tab_to(page, page.locator("form#import button.button--primary"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    page.goto(f"/nominations/{case}/dossier/")
    for n in range(20):
        tab_to(page, page.locator("input[name=pick]").nth(n))
        page.keyboard.press("Space")
    tab_to(page, page.locator("form[action$='/pick/'] button").first)
    page.keyboard.press("Enter")
    expect(page.get_by_text("20 of 25")).to_be_visible()
    tab_to(page, page.locator("form[action$='/complete/'] button"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/nominations/{case}/")
    assert DossierItem.objects.filter(nomination__key=case).exclude(frozen_at=None).count() == 20


@looks(deep=[Look("dark", 390), Look()])
def test_the_log_and_its_imports_shut_nobody_out(
    page: Page,
    looks_well: Sees,  # noqa: F811
    sign_in_browser: SignIn,
    cast: Cast,
    house: House,
) -> None:
    twin = ContributionFactory(
        person=cast.holder, title="Checklist 1 for school networks!", starts=clock.today()
    )
    ContributionFactory(person=cast.holder, reach=None, link_answers=False, high_impact=True)
    actions.delete_contribution(ContributionFactory(person=cast.holder), by=None)
    sign_in_browser(page, cast.holder)
    for address in ("", "?type=article", "?copy=last", f"{twin.key}/", "imports/"):
        looks_well(f"/me/contributions/{address}")
    made = actions.check_import(cast.holder, name="log.csv", content=file_of(60)["buffer"], by=None)
    looks_well(f"/me/contributions/imports/{made.key}/")
    actions.import_contributions(made, by=None)
    looks_well(f"/me/contributions/imports/{made.key}/")
    looks_well("/me/contributions/imports/")


def test_a_line_and_enter_and_a_type_that_brings_its_fields(
    page: Page, sign_in_browser: SignIn, cast: Cast, house: House
) -> None:
    ContributionTypeFactory(code="talk", name="Talk", quantity_label="talks", reach_label="attendees")
    sign_in_browser(page, cast.holder)
    page.goto("/me/contributions/")
    page.locator("input[name=line]").focus()
    page.keyboard.type("talk, yesterday, Name resolution, 64 attendees")
    page.keyboard.press("Enter")
    expect(page.locator(".log-row__title")).to_have_text("Name resolution")
    page.goto("/me/contributions/?type=article")
    page.locator("input[name=title]").fill("Typed before")
    page.locator("select[name=type]").select_option("talk")
    expect(page.get_by_label("Attendees")).to_be_visible()
    expect(page.locator("input[name=title]")).to_have_value("Typed before")
    page.get_by_label("Attendees").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(".log-row__title").first).to_have_text("Typed before")
    assert Contribution.objects.get(title="Typed before").reach == 12


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=str)
def test_without_a_script_a_button_shows_the_fields_of_another_type(
    page: Page, sign_in_browser: SignIn, cast: Cast, house: House
) -> None:
    ContributionTypeFactory(code="talk", name="Talk", quantity_label="talks", reach_label="attendees")
    sign_in_browser(page, cast.holder)
    page.goto("/me/contributions/?type=article")
    page.locator("input[name=title]").fill("Typed before")
    page.locator("select[name=type]").select_option("talk")
    page.get_by_role("button", name="Show the fields of this type").click()
    page.get_by_label("Attendees").fill("12")
    page.get_by_label("Attendees").press("Enter")
    expect(page.locator(".log-row__title")).to_have_text("Typed before")
    assert Contribution.objects.get().reach == 12


def test_a_pasted_link_fills_the_form_by_itself(
    page: Page,
    sign_in_browser: SignIn,
    cast: Cast,
    house: House,
    server: ThreadingHTTPServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "OPEN_WEB", LOCAL)
    sign_in_browser(page, cast.holder)
    page.goto("/me/contributions/")
    page.locator("input[name=line]").fill(f"http://good.example:{server.server_port}/page")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Found on the page.")).to_be_visible()
    expect(page.locator("input[name=title]")).to_have_value("Two gateways")
    assert not Contribution.objects.exists()
