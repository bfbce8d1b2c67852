"""Training, copies without names, discussion and meeting: easy for everybody, never sideways, and by keyboard."""

import pytest
from playwright.sync_api import expect

from selection import actions, states
from selection.models import RedactedDossier, TrainingAnswer, TrainingCase
from tests.browser.conftest import Look, looks
from tests.selection.conftest import CRITERIA, make_candidacy, make_case, run_stage, submit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PANEL = {"mark": 3, "lowest": 2, "highest": 4, "why": "The panel found it sound."}


@pytest.fixture
def training(house):
    house.score.training_cases = 1
    house.score.save()
    return TrainingCase.objects.create(
        rubric=house.rubric, slug="first", position=0, title="One article that many have read", about="Word",
        statement="Answers every evening.", marks=dict.fromkeys(CRITERIA, PANEL),
        items=[{"title": "A page of answers", "kind": "Article", "when": "March", "reach": "40 readers"}],
    )  # fmt: skip


def test_training_is_done_by_keyboard_and_leads_to_the_first_case(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
    training,
):
    first = make_candidacy(house.score, cast.reviewer_1)
    sign_in_browser(page, cast.reviewer_1)
    page.goto("/review/")
    for key in "5313":
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page.get_by_text("The panel found it sound.").first).to_be_visible()
    assert TrainingAnswer.objects.get().marks == {"impact": 5, "quality": 3, "reach": 1, "conduct": 3}
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith(f"/review/{first.key}/")


def test_copies_are_approved_with_one_key_each(
    house,
    cast,
    page,
    sign_in_browser,
    make_candidacy,  # noqa: F811
):
    house.score.hide_nominee = True
    house.score.save()
    for name in ("Aija Onefold", "Bruno Twofold"):
        make_candidacy(house.score, cast.reviewer_1, name=name)
    actions.propose_copies(house.score)
    sign_in_browser(page, cast.technology_lead)
    page.goto("/board/copies/")
    page.get_by_role("link", name="Begin with the oldest").click()
    page.wait_for_url("**/board/copies/*/")  # loaded, so that the keys are heard
    for _copy in range(2):
        with page.expect_navigation():
            page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert RedactedDossier.objects.filter(state=states.COPY_CHECKED).count() == 2


@looks(deep=[Look("light"), Look("dark", 390)])
def test_the_pages_are_easy_for_everybody_and_never_scroll_sideways(
    house,
    cast,
    page,
    sign_in_browser,
    is_whole,
    make_candidacy,  # noqa: F811
    submit,  # noqa: F811
    training,
):
    discussed = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        given = dict.fromkeys(CRITERIA, 4)
        TrainingAnswer.objects.create(
            person=reviewer, case=training, marks=given, answered_at=discussed.entered_at
        )
        submit(discussed, reviewer, 3, 3, 3, 3)
    actions.post_to_discussion(discussed, by=cast.reviewer_1.user, text="Look at the third link.")
    make_candidacy(house.score, cast.reviewer_3)
    house.council.hide_nominee = True
    house.council.save()
    copied = make_candidacy(house.council, name="Aija Hidden")
    actions.propose_copies(house.council)
    stage = f"{house.cycle.slug}/2"
    visits = {
        cast.reviewer_3: ["/review/"],
        cast.reviewer_1: [f"/review/{stage}/training/first/", f"/review/{discussed.key}/"],
        cast.technology_lead: [
            "/board/copies/", f"/board/copies/{copied.key}/", f"/board/{stage}/{house.servers.slug}/meeting/",
            f"/review/{discussed.key}/",
        ],
    }  # fmt: skip
    for person, addresses in visits.items():
        sign_in_browser(page, person)
        for address in addresses:
            page.goto(address)
            is_whole(page)
