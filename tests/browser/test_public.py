"""The public pages, looked at by a browser: nothing scrolls sideways, nothing shuts anybody out, all works without scripts."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from awards.actions import sign_credential
from charter.actions import publish_content
from common import clock
from events.models import Summit
from tests.browser.conftest import Look, looks, tab_to, too_wide
from tests.cast import Cast, House
from tests.factories import AwardFactory, ContributionFactory, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(cast: Cast, house: House) -> Cast:
    """Some holders more, one with a long name, contributions, a summit ahead and one past."""
    long_name = "Maria-Magdalena Przybyszewska-Wołoszyńska-Konstantinopolitańczykowianka"
    for name in ("دينا الفاسي", "陈伟", long_name):
        AwardFactory(
            person=PersonFactory(name=name, headline="Answers, patiently " * 8),
            area=house.spreadsheets,
            region=house.iberia,
        )
    AwardFactory.create_batch(25, area=house.directory)
    ContributionFactory.create_batch(3, person=cast.holder)
    publish_content(
        "about", "en", title="About", body="# What it is\n\n| a | b |\n|---|---|\n| 1 | 2 |", by=None, shown=0
    )
    for slug, days in (("ahead", 40), ("before", -40)):
        day = clock.today() + dt.timedelta(days=days)
        Summit.objects.create(
            slug=slug,
            name=f"Summit {slug}",
            place="Oulu",
            zone="Europe/Helsinki",
            starts=day,
            ends=day,
            capacity=9,
        )
    return cast


@looks(deep=[Look("light"), Look("dark", 390)])
def test_public_pages_can_be_read_by_everybody(
    page: Page, is_whole: Callable[[Page], None], world: Cast
) -> None:
    holder = world.holder
    ended, current = holder.awards.order_by("first_year")[0], holder.awards.order_by("-first_year")[0]
    addresses = [
        "/", "/roster/", "/roster/?area=spreadsheets&year=2001&q=x", "/roster/?q=zzz",
        f"/people/{holder.slug}/", f"/awards/{current.key}/", f"/awards/{ended.key}/",
        "/verify/", "/verify/?id=nothing", "/summits/", "/summits/ahead/", "/summits/before/",
        "/roster/?view=map", "/roster/?view=map&area=spreadsheets", "/numbers/", "/numbers/?year=2001", "/about/",
    ]  # fmt: skip
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        is_whole(page)


@looks(Look("dark", javascript=False), deep=[Look("light", 390)])
def test_a_file_can_be_handed_in_by_everybody(page: Page, cast: Cast, tmp_path: Path) -> None:
    award = cast.holder.awards.order_by("-first_year")[0]
    record = tmp_path / "record.json"
    record.write_bytes(bytes(sign_credential(award).document))
    page.goto("/verify/")
    page.get_by_label("Or hand in what you were given").set_input_files(record)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This award is in force")).to_be_visible()
    expect(page.get_by_text("the file is exactly what we signed")).to_be_visible()


@looks(deep=[Look("dark"), Look("light", 390)])
def test_holders_find_their_papers_on_the_page_of_their_award(
    page: Page, axe: Callable[[Page], list[str]], sign_in_browser: Callable[..., None], world: Cast
) -> None:
    sign_in_browser(page, world.holder)
    page.goto(f"/awards/{world.holder.awards.order_by('-first_year')[0].key}/")
    expect(page.get_by_role("link", name="Certificate (PDF)")).to_be_visible()
    assert axe(page) == []
    assert too_wide(page) == {}


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=str)
def test_the_roster_filters_sorts_and_turns_pages_without_scripts(page: Page, world: Cast) -> None:
    page.goto("/roster/")
    page.get_by_role("link", name="Page 2", exact=True).click()
    expect(page).to_have_url(re.compile("page=2"))
    page.get_by_role("checkbox", name="Spreadsheets").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()
    page.get_by_label("Sort by").select_option("name")
    page.get_by_role("button", name="Go").click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(page.get_by_role("heading", name="3 people")).to_be_visible()
    page.get_by_role("link", name=re.compile("Spreadsheets.*remove filter")).click()
    expect(page.get_by_role("heading", name="29 people")).to_be_visible()


@looks(Look("light", 390), deep=[Look("dark"), Look("light", javascript=False)])
def test_a_profile_gets_a_headline_and_a_photo_is_looked_at_as_others_do_and_removed(
    page: Page, axe: Callable[[Page], list[str]], sign_in_browser: Callable[..., None], cast: Cast, tmp_path: Path,
    look: Look,
) -> None:  # fmt: skip
    def seen() -> None:
        if look.javascript:
            assert axe(page) == [], page.url
        assert too_wide(page) == {}, page.url

    photo = tmp_path / "photo.png"
    Image.new("RGB", (600, 400), "#336699").save(photo)
    sign_in_browser(page, cast.holder)
    page.goto(f"/people/{cast.holder.slug}/")
    page.get_by_role("link", name="Edit your profile").click()
    expect(page.get_by_label("Headline (optional)")).to_be_visible()
    seen()
    page.locator("input[name=photo]").set_input_files(photo)
    page.get_by_role("button", name="Upload the photo").click()
    expect(page.get_by_role("img", name="Your photo")).to_be_visible()
    page.get_by_label("Headline (optional)").fill("Patient answers")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Patient answers")).to_be_visible()
    for tab in ("As award holders see it", "As everyone sees it"):
        page.get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", name=cast.holder.name)).to_be_visible()
        seen()
    page.goto(f"/people/{cast.holder.slug}/edit/")
    page.get_by_role("button", name="Remove the photo").click()
    expect(page.get_by_role("img", name="Your photo")).to_have_count(0)


@looks(Look("dark"), deep=[Look("light", 390)])
def test_a_number_is_checked_without_a_mouse_and_the_result_printed_without_the_forms_and_with_its_moment(
    page: Page, axe: Callable[[Page], list[str]], cast: Cast
) -> None:
    award = cast.holder.awards.order_by("-first_year")[0]
    page.goto("/verify/")
    tab_to(page, page.get_by_label("Award number or address"))
    page.keyboard.type(award.number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This award is in force")).to_be_visible()
    expect(page.get_by_role("button", name="Print this result")).to_be_visible()
    page.wait_for_load_state()  # with the script that prints
    assert axe(page) == []
    assert page.evaluate(
        "(() => { let asked = 0; print = () => asked++; document.querySelector('[data-print]').click(); return asked })()"
    )
    page.emulate_media(media="print")
    expect(page.get_by_text("Check it again at")).to_be_visible()
    forms = ("Award number or address", "Or hand in what you were given")
    for hidden in (*map(page.get_by_label, forms), page.get_by_text("Print this result")):
        expect(hidden).to_be_hidden()
