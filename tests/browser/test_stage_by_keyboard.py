"""A whole stage with the keyboard alone: marks, reasons, putting off, stepping back; and being signed out meanwhile."""

from urllib.parse import unquote

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from nominations.models import Conflict
from selection import states
from selection.models import Assignment, Review, Stage
from tests.selection.conftest import make_candidacy, make_case, run_stage, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "Forty schools use the checklist, and two of them had asked for exactly this for years."


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.scanned
def test_a_reviewer_does_a_whole_stage_without_the_mouse(
    house,
    cast,
    page,
    sign_in_browser,
    is_whole,
    make_candidacy,  # noqa: F811
):
    first, tied, later, last = (
        make_candidacy(house.score, cast.reviewer_1, name=name)
        for name in ("A One", "B Two", "C Three", "D Four")
    )
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")

    is_whole(page)

    # J and K walk through the queue, "?" shows the keys.
    with page.expect_navigation():
        press(page, "j")
    assert page.url.endswith(f"/review/{tied.key}/")
    with page.expect_navigation():
        press(page, "k")
    assert page.url.endswith(f"/review/{first.key}/")
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#keys")).to_be_hidden()

    # A five needs its reason: W opens it, Escape leaves it and goes on with the next criterion.
    press(page, "5")
    expect(page.locator("[name=reason_impact]")).to_be_visible()
    press(page, "w")
    expect(page.locator("[name=reason_impact]")).to_be_focused()
    page.keyboard.type(WHY)
    press(page, "Escape", "4", "3", "3", "2", "c")
    page.keyboard.type("Read twice. 1 2 3 j k s r ?")  # inside a field keys are letters
    with page.expect_navigation():
        press(page, "Control+Enter")

    # A tie: R, one key for its kind, Enter.
    assert page.url.endswith(f"/review/{tied.key}/")
    press(page, "r")
    expect(page.locator("#recuse")).to_be_visible()
    press(page, "3")
    with page.expect_navigation():
        press(page, "Enter")

    # The next one is put off, the last one is done first, then the one that was put off.
    assert page.url.endswith(f"/review/{later.key}/")
    with page.expect_navigation():
        press(page, "l")
    assert page.url.endswith(f"/review/{last.key}/")
    press(page, "3", "n", "3", "3", "3")
    with page.expect_navigation():
        press(page, "s")
    assert page.url.endswith(f"/review/{later.key}/")
    press(page, "2", "2", "2", "2", "1")
    with page.expect_navigation():
        press(page, "s")
    expect(page.get_by_text("Other reviews").or_(page.get_by_text("Open again to change it"))).to_be_visible()

    reviews = Review.objects.filter(state=states.REVIEW_SUBMITTED).order_by("assignment")
    assert [(one.assignment.candidacy_id, str(one.total), one.confidence) for one in reviews] == [
        (first.pk, "4.0000", 2),
        (later.pk, "2.0000", 1),
        (last.pk, "3.0000", 3),
    ]
    assert reviews[0].comment == "Read twice. 1 2 3 j k s r ?"
    assert Conflict.objects.get(person=cast.reviewer_1).kind == Conflict.Kind.WORK
    assert Assignment.objects.get(candidacy=tied).state == states.RECUSED


def sign_out(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_what_was_typed_while_signed_out_is_kept_for_its_writer_alone_and_saved_after_signing_in_again(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    press(page, "4", "c")
    page.keyboard.type("Half a thought")
    expect(page.get_by_text("Saved as draft at")).to_be_visible()
    sign_out(page)
    page.keyboard.type(", and the other half")
    expect(page.get_by_text("You are signed out. What you typed is kept")).to_be_visible()
    assert Review.objects.get().draft["comment"] == "Half a thought"  # a draft outlives the session
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url("**/accounts/login/**")
    assert f"next=/review/{candidacy.key}/" in unquote(page.url)

    sign_in_browser(page, cast.reviewer_2)  # somebody else at the same browser
    page.goto(f"/review/{candidacy.key}/")
    expect(page.locator("[name=comment]")).to_have_value("")
    sign_in_browser(page, cast.reviewer_1)
    page.goto(f"/review/{candidacy.key}/")
    expect(page.locator("[name=comment]")).to_have_value("Half a thought, and the other half")
    expect(page.get_by_text("Saved as draft at")).to_be_visible()
    assert Review.objects.get().draft["comment"] == "Half a thought, and the other half"
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('kept:'))") == []


def test_a_review_handed_in_while_signed_out_is_there_after_signing_in(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    sign_out(page)
    press(page, "4", "4", "3", "3", "2")
    with page.expect_navigation():
        press(page, "s")
    assert f"next=/review/{candidacy.key}/" in unquote(page.url)
    sign_in_browser(page, cast.reviewer_1)
    page.goto(f"/review/{candidacy.key}/")
    expect(
        page.get_by_text("4 of 4 criteria scored").or_(page.get_by_text("Saved as draft at"))
    ).to_be_visible()
    with page.expect_navigation():
        press(page, "s")
    assert str(Review.objects.get().total) == "3.6500"


def test_a_stage_that_closes_while_a_draft_is_open_says_so_and_keeps_it(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    press(page, "4", "c")
    page.keyboard.type("Almost there")
    expect(page.get_by_text("Saved as draft at")).to_be_visible()
    Stage.objects.filter(pk=house.score.pk).update(state=states.STAGE_CLOSED)
    page.keyboard.type(", and more")
    expect(page.get_by_text("What you had saved is kept, and nothing more is taken.")).to_be_visible()
    assert Review.objects.get().draft["comment"] == "Almost there"


def test_a_second_window_is_shown_both_versions_and_asked(
    house,
    cast,
    page,
    watch,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    other = page.context.new_page()
    watch(other)
    for window in (page, other):
        window.goto("/review/")
    page.locator("[name=comment]").fill("From the office")
    expect(page.get_by_text("Saved as draft at")).to_be_visible()
    other.locator("[name=comment]").fill("From the train")
    expect(other.get_by_text("You saved this review in another window")).to_be_visible()
    other.get_by_role("button", name="See both versions").click()
    expect(other.get_by_role("cell", name="From the office")).to_be_visible()
    expect(other.get_by_role("cell", name="From the train")).to_be_visible()
    with other.expect_navigation():
        other.get_by_role("button", name="Save my version").click()
    assert Review.objects.get().draft["comment"] == "From the train"
    other.close()


def test_a_text_that_is_typed_without_a_pause_is_saved_within_ten_seconds(
    house,
    cast,
    new_page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    make_candidacy(house.score, cast.reviewer_1)
    page = new_page()
    page.clock.install()
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    press(page, "c")
    for _second in range(11):
        page.keyboard.type("a")
        page.clock.run_for(900)
    expect(page.get_by_text("Saved as draft at")).to_be_visible()
    assert Review.objects.get().draft["comment"].startswith("aaaa")
