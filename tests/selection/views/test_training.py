"""Training cases come before the first real review, and are compared with the panel after each."""

import pytest

from common.models import HistoryRow
from selection.models import Review, TrainingAnswer, TrainingCase
from selection.queries.training import training_left
from tests.selection.conftest import CRITERIA, typed

PANEL = {"mark": 3, "lowest": 2, "highest": 4, "why": "The panel found it sound."}


@pytest.fixture
def training(house):
    """Two training cases before the scored stage."""
    house.score.training_cases = 2
    house.score.save()
    return [
        TrainingCase.objects.create(
            rubric=house.rubric, slug=slug, position=place, title=f"Invented: {slug}", about="Word",
            statement="Answers every evening.", marks=dict.fromkeys(CRITERIA, PANEL),
            items=[{"title": "A page of answers", "kind": "Article", "when": "March", "reach": "40"}],
        )
        for place, slug in enumerate(("first", "second"))
    ]  # fmt: skip


@pytest.fixture
def desk(cast, sign_in):
    return sign_in(cast.reviewer_1)


@pytest.fixture
def candidacy(house, cast, make_candidacy, training):
    return make_candidacy(house.score, cast.reviewer_1)


def address(house, slug):
    return f"/review/{house.cycle.slug}/2/training/{slug}/"


def marks(*given):
    return {f"mark_{code}": mark for code, mark in zip(CRITERIA, given, strict=True)}


def test_whoever_has_never_reviewed_is_led_to_the_training_first(house, desk, candidacy):
    for start in ("/review/", f"/review/{candidacy.key}/"):
        assert desk.get(start, follow=True).redirect_chain[-1][0] == address(house, "first")


def test_the_panels_marks_are_shown_after_ones_own_and_not_before(house, desk, candidacy):
    before = desk.get(address(house, "first")).content.decode()
    assert "A page of answers" in before
    assert "The panel found it sound." not in before
    after = desk.post(address(house, "first"), marks(5, 3, 1, 4), follow=True).content.decode()
    assert after.count("The panel found it sound.") == 4
    assert "Higher than the panel" in after
    assert "Lower than the panel" in after
    assert after.count("Within the panel’s spread") == 2
    assert "Changed a field" in after  # the anchor of one's own 5
    assert f'href="{address(house, "second")}"' in after


def test_after_the_last_one_the_real_cases_open(house, cast, desk, candidacy):
    for slug in ("first", "second"):
        assert desk.post(address(house, slug), marks(3, 3, 3, 3)).status_code == 302
    assert training_left(cast.reviewer_1, house.score) is None
    assert desk.get("/review/").headers["Content-Location"] == f"/review/{candidacy.key}/"
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3)).status_code == 302
    assert Review.objects.get().state == "submitted"


@pytest.mark.parametrize("path", ["save/", "submit/"])
def test_no_review_is_taken_before_the_training(desk, candidacy, path):
    answer = desk.post(f"/review/{candidacy.key}/{path}", typed(3, 3, 3, 3))
    assert answer.status_code == 422
    assert "Mark the training cases first." in answer.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "given", [(0, 3, 3, 3), (6, 3, 3, 3), ("x", 3, 3, 3), ("", 3, 3, 3), ("na", 3, 3, 3)]
)
def test_every_criterion_needs_a_mark_from_one_to_five(house, desk, candidacy, given):
    assert desk.post(address(house, "first"), marks(*given)).status_code == 422
    assert not TrainingAnswer.objects.exists()


def test_a_training_case_is_marked_once(house, desk, candidacy):
    desk.post(address(house, "first"), marks(3, 3, 3, 3))
    answer = desk.post(address(house, "first"), marks(5, 5, 5, 5))
    assert answer.status_code == 409
    assert "You have marked this training case already." in answer.content.decode()
    assert TrainingAnswer.objects.get().marks["impact"] == 3
    assert HistoryRow.objects.filter(kind="training").count() == 1


def test_whoever_has_reviewed_with_the_rubric_before_needs_no_training(
    house, cast, desk, make_candidacy, submit, request
):
    done, waiting = make_candidacy(house.score, cast.reviewer_1), make_candidacy(house.score, cast.reviewer_1)
    submit(done, cast.reviewer_1, 3, 3, 3, 3)
    request.getfixturevalue("training")
    assert desk.get(f"/review/{waiting.key}/").status_code == 200
    assert desk.post(f"/review/{waiting.key}/submit/", typed(3, 3, 3, 3)).status_code == 302


def test_training_is_for_those_who_have_work_in_the_stage(house, cast, sign_in, candidacy):
    for person in (cast.reviewer_2, cast.technology_lead, cast.outsider, cast.regional_lead):
        client = sign_in(person)
        assert client.get(address(house, "first")).status_code == 404
        assert client.get(f"/review/{house.cycle.slug}/2/training/").status_code == 404


def test_the_start_of_the_training_is_the_first_case_that_waits(house, desk, candidacy):
    start = f"/review/{house.cycle.slug}/2/training/"
    assert desk.get(start).url == address(house, "first")
    desk.post(address(house, "first"), marks(3, 3, 3, 3))
    assert desk.get(start).url == address(house, "second")
    assert desk.get(address(house, "third")).status_code == 404
