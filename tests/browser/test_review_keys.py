"""Screening and scoring with the keyboard alone; and without JavaScript."""

import pytest
from playwright.sync_api import expect

from selection.models import Review
from selection.queries.screening import fail_reasons
from tests.browser.conftest import Look, looks
from tests.selection.conftest import make_candidacy, make_case, run_stage, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_screens_three_cases_with_one_key_each(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    for name in ("Aija Pass", "Bruno Fail", "Cathrin Unsure"):
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
    verdicts = Review.objects.order_by("assignment__candidacy").values_list("verdict", flat=True)
    assert list(verdicts) == ["pass", "fail", "unsure"]
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.locator("meter")).to_have_attribute("value", "2")


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


def test_a_reviewer_scores_with_digits_and_goes_on(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    first = make_candidacy(house.score, cast.reviewer_1)
    second = make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    for key in ("4", "4", "3", "3"):
        page.keyboard.press(key)
    page.get_by_label("Medium").check()
    page.keyboard.press("c")
    page.keyboard.type("5 of them were sound, R too.")  # inside a field keys are letters
    expect(page.get_by_text("Saved as draft at")).to_be_visible(timeout=10_000)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page).to_have_url(f"{page.url.split('/review')[0]}/review/{second.key}/")
    review = Review.objects.get(assignment__candidacy=first)
    assert (str(review.total), review.comment) == ("3.6500", "5 of them were sound, R too.")


def test_a_five_opens_its_reason_and_the_sheet_of_keys_opens_and_closes(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    page.keyboard.press("5")
    expect(page.locator("[name=reason_impact]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#recuse")).to_be_visible()


def test_the_keys_walk_through_the_queue(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    make_candidacy(house.score, cast.reviewer_1)
    second = make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith(f"/review/{second.key}/")
    with page.expect_navigation():
        page.keyboard.press("k")


def test_a_fail_takes_two_keys(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    make_candidacy(house.screen, name="Bruno Fail")
    sign_in_browser(page, cast.regional_lead)
    page.goto("/review/")
    page.keyboard.press("f")
    with page.expect_navigation():
        page.keyboard.press("1")
    review = Review.objects.get()
    assert (review.verdict, review.reason_code) == ("fail", fail_reasons()[0].code)


@pytest.mark.parametrize("look", [Look(javascript=False)], ids=str)
def test_a_review_works_without_javascript(house, cast, page, sign_in_browser, make_candidacy):  # noqa: F811
    make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    for criterion in ("impact", "quality", "reach", "conduct"):
        page.locator(f"[name=mark_{criterion}][value='3']").check(force=True)
    page.get_by_label("High").check()
    page.get_by_role("button", name="Save and next").click()
    assert str(Review.objects.get().total) == "3.0000"


@looks(Look("dark", 390), deep=[Look()])
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
