"""The pages around a decision, before the stage closes and after: easy for everybody, and never sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from nominations.models import Conflict
from people.models import Person
from selection import actions
from selection.models import Candidacy, TrainingCase
from tests.browser.conftest import Look, looks
from tests.cast import Cast, House
from tests.selection.conftest import CRITERIA, WHY, many_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PANEL = {"mark": 3, "lowest": 2, "highest": 4, "why": "The panel found it sound."}


@pytest.fixture
def visit(
    page: Page, is_whole: Callable[[Page], None], sign_in_browser: Callable[[Page, Person], None]
) -> Callable[..., None]:
    """Return a function that lets somebody look at pages, one after the other."""

    def look_at(person: Person, *addresses: str) -> None:
        sign_in_browser(page, person)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            is_whole(page)

    return look_at


@looks(deep=[Look("dark"), Look("light", 390)])
def test_the_pages_around_a_running_stage(
    house: House, cast: Cast, visit: Callable[..., None], page: Page, axe: Callable[[Page], list[str]]
) -> None:
    tied, untouched = many_cases(house, 12)[:2]
    Candidacy.objects.filter(pk=untouched.pk).update(reviews_in=0)
    Conflict.objects.create(
        nomination=tied.nomination, person=cast.reviewer_1, kind="domain", strength="suggested"
    )
    actions.assign_reviewer(untouched, reviewer=cast.reviewer_2, by=cast.technology_lead.user)
    visit(cast.technology_lead, "/board/plans/", "/board/ties/", f"/board/{tied.key}/")
    cycle = f"/office/cycles/{house.cycle.slug}"
    visit(cast.office_1, f"{cycle}/", f"{cycle}/stages/2/top-up/", f"{cycle}/undecided/", f"{cycle}/after/")
    visit(cast.reviewer_2, "/review/year/", "/review/capacity/", "/review/")
    for key in ("r", "?"):
        page.keyboard.press(key)
        page.locator("[popover]:popover-open").wait_for()
        assert axe(page) == []
        page.keyboard.press("Escape")


@looks(deep=[Look("light", 390), Look("dark")])
def test_the_pages_of_a_council_and_of_the_letters(
    house: House, cast: Cast, visit: Callable[..., None]
) -> None:
    many_cases(house, 42)
    actions.compute_numbers(house.score, house.servers)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    visit(cast.council_member, "/review/")
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)
    cycle = f"/office/cycles/{house.cycle.slug}"
    visit(cast.office_1, f"{cycle}/feedback/", f"{cycle}/release/", f"{cycle}/release/mails/")


@looks(Look("light", 390, javascript=False))
def test_a_rubric_is_changed_on_a_phone_without_scripts(
    house: House, cast: Cast, page: Page, sign_in_browser: Callable[[Page, Person], None]
) -> None:
    sign_in_browser(page, cast.office_1)
    page.goto(f"/office/cycles/{house.cycle.slug}/setup/")
    page.get_by_role("link", name="Rubric of Technology review").click()
    page.get_by_label("Weight, percent").nth(0).fill("40")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The weights add up to 105 percent")).to_have_count(2)
    page.get_by_label("Weight, percent").nth(1).fill("25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Weight, percent").nth(1)).to_have_value("25")
    expect(page.get_by_text("The weights add up to")).to_have_count(0)
    assert house.rubric.criteria.get(code="impact").weight == 40


@looks(deep=[Look("light", 390), Look("dark")])
def test_the_pages_of_a_rubric(house: House, cast: Cast, visit: Callable[..., None]) -> None:
    rubric = f"/office/cycles/{house.cycle.slug}/setup/stages/2/rubric/"
    TrainingCase.objects.create(
        rubric=house.rubric, slug="first", position=0, title="One article that many have read", about="Word",
        statement="Answers every evening.", marks=dict.fromkeys(CRITERIA, PANEL),
        items=[{"title": "A page of answers", "kind": "Article", "when": "March", "reach": "40 readers"}],
    )  # fmt: skip
    visit(cast.office_1, rubric, f"{rubric}training/", f"{rubric}training/first/")
