"""Screening and scoring with the keyboard alone; and without JavaScript."""

import pytest
from playwright.sync_api import expect

from selection.models import Review
from selection.queries.screening import fail_reasons
from tests.browser.conftest import Look, looks
from tests.selection.conftest import make_candidacy, make_case, run_stage, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_screens_four_cases_with_one_key_each_and_two_for_a_fail(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    for name in ("Aija Pass", "Bruno Fail", "Cathrin Unsure", "Dace Fail"):
        make_candidacy(house.screen, name=name)
    sign_in_browser(page, cast.regional_lead)
    page.goto("/review/")
    with page.expect_navigation():
        page.keyboard.press("p")
    page.keyboard.press("f")
    expect(page.locator("details[open] select[name=reason_code]")).to_be_focused()
    page.keyboard.press("p")  # inside a field keys are letters
    page.locator("details[open] select[name=reason_code]").select_option("no-evidence")
    page.locator("details[open] summary").focus()
    with page.expect_navigation():
        page.keyboard.press("f")
    with page.expect_navigation():
        page.keyboard.press("u")
    page.keyboard.press("f")
    with page.expect_navigation():
        page.keyboard.press("1")
    verdicts = Review.objects.order_by("assignment__candidacy").values_list("verdict", "reason_code")
    first_reason = fail_reasons()[0].code
    assert list(verdicts) == [("pass", ""), ("fail", "no-evidence"), ("unsure", ""), ("fail", first_reason)]
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.locator("meter")).to_have_attribute("value", "3")


def test_a_voter_votes_with_one_key_each_and_a_minus_asks_why_first(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    vote = house.score
    vote.kind, vote.rule, vote.rubric = "vote", {"advance": "ballot"}, None
    vote.save()
    for name in ("Aija Plus", "Bruno Minus", "Cathrin Neutral"):
        make_candidacy(vote, name=name)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    with page.expect_navigation():
        page.keyboard.press("+")
    page.keyboard.press("-")
    expect(page.locator("details[open] [name=comment]")).to_be_focused()
    page.keyboard.type("0 of it is public + new")  # inside a field keys are letters
    page.locator("details[open] summary").focus()
    with page.expect_navigation():
        page.keyboard.press("-")
    with page.expect_navigation():
        page.keyboard.press("0")
    said = Review.objects.order_by("assignment__candidacy").values_list("verdict", "comment")
    assert list(said) == [("plus", ""), ("minus", "0 of it is public + new"), ("neutral", "")]


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=str)
def test_a_review_works_without_javascript(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    for criterion in ("impact", "quality", "reach", "conduct"):
        page.locator(f"[name=mark_{criterion}][value='3']").check(force=True)
    page.get_by_label("High").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save and next").click()
    assert str(Review.objects.get().total) == "3.0000"


@looks(deep=[Look("dark", 390), Look()])
def test_the_pages_are_easy_for_everybody_and_never_scroll_sideways(
    house,
    cast,
    page,
    sign_in_browser,
    is_whole,
    make_candidacy,  # noqa: F811
):
    screened, scored = make_candidacy(house.screen), make_candidacy(house.score, cast.reviewer_1)
    make_candidacy(house.council, proposed="award", mean="3.5000")
    visits = {
        cast.regional_lead: ["/review/", f"/review/{screened.key}/", "/review/search/?q=score:4"],
        cast.reviewer_1: ["/review/"],
        cast.council_member: ["/review/"],
        cast.technology_lead: [
            "/board/",
            f"/board/{scored.key}/",
            "/review/search/?q=networking+status:open",
        ],
        cast.office_1: ["/office/", f"/office/cycles/{house.cycle.slug}/release/"],
    }
    for person, addresses in visits.items():
        sign_in_browser(page, person)
        for address in addresses:
            page.goto(address)
            is_whole(page)
