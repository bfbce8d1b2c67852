"""A case in which somebody of the office has a hard conflict does not exist for them, anywhere in the admin."""

import pytest
from django.contrib import admin

from common.models import HistoryRow, HistoryText, OutboxMail
from nominations.models import AccessLink, Conflict, DossierItem, Hold, Nomination, Sending, Support
from selection.models import (
    Assignment,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    DrawLine,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    ReleasedComment,
    Review,
    ReviewerOffset,
    ReviewVersion,
    Score,
    ToldDate,
)
from tests.admin.conftest import SignIn, address
from tests.cases import Case, make_case
from tests.cast import Cast, House
from tests.drawing import draw_nothing

OF_A_CASE = [
    Nomination, Support, AccessLink, DossierItem, Conflict, Candidacy, Assignment, Review, Score, ReviewVersion,
    Override, Decision, OutboxMail, HistoryText, GroupNumbers, CaseNumbers, ReviewerOffset, ReleasedComment,
    Feedback, PlannedTask, DecisionBatch, BatchLine, Draw, DrawLine,
    DiscussionPost, Hold, Sending, ToldDate,
]  # fmt: skip


@pytest.fixture
def tied(cast: Cast, case: Case) -> Case:
    """The second of the office is family of the nominee."""
    Conflict.objects.create(nomination=case.nomination, person=cast.office_2, kind=Conflict.Kind.FAMILY)
    DiscussionPost.objects.create(
        candidacy=case.candidacy,
        author=cast.technology_lead,
        text="Let us look.",
        made_at=case.review.saved_at,
    )
    Hold.objects.create(nomination=case.nomination, reasons=["rate"], made_at=case.review.saved_at)
    Sending.objects.create(nomination=case.nomination, digest="0" * 64, at=case.review.saved_at)
    ToldDate.objects.create(
        cycle=case.nomination.cycle,
        candidacy=case.candidacy,
        at=case.review.saved_at,
        noted_at=case.review.saved_at,
    )
    return case


def test_lists_and_forms_have_nothing_of_it(
    cast: Cast, tied: Case, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, unseen = sign_in(cast.office_1), sign_in(cast.office_2)
    draw_nothing(monkeypatch)
    for model in OF_A_CASE:
        row = model._default_manager.all()[0]
        assert seen.get(address(model, "changelist")).context_data["cl"].result_count >= 1, model
        assert unseen.get(address(model, "changelist")).context_data["cl"].result_count == 0, model
        assert seen.get(address(row, "change")).status_code == 200, model
        assert unseen.get(address(row, "change")).status_code == 302, model  # as for one that never was


def test_a_hidden_row_and_one_that_never_was_answer_alike(cast: Cast, tied: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.office_2)
    for page, *more in (("change",), ("delete",), ("history",), ("do", "withdraw")):
        hidden = client.get(address(Nomination, page, tied.nomination.pk, *more))
        missing = client.get(address(Nomination, page, 999_999, *more))
        assert hidden.status_code == missing.status_code in (302, 403, 404)
        assert hidden.headers.get("Location") == missing.headers.get("Location")


def test_search_does_not_find_it(cast: Cast, tied: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.office_2)
    for words in ("Ilmārs", tied.nomination.key, tied.nomination.nominee_email):
        found = client.get(address(Nomination, "changelist"), {"q": words}).context["cl"]
        assert found.result_count == 0
    assert (
        client.get(address(HistoryRow, "changelist"), {"q": tied.nomination.key}).context["cl"].result_count
        == 0
    )


def test_a_filter_in_the_address_does_not_find_it(cast: Cast, tied: Case, sign_in: SignIn) -> None:
    page = address(Nomination, "changelist")
    found = sign_in(cast.office_2).get(page, {"nominee_name__startswith": "Ilm"})
    assert "cl" not in found.context or found.context["cl"].result_count == 0


def test_history_and_mail_of_other_cases_stay(cast: Cast, house: House, tied: Case, sign_in: SignIn) -> None:
    other = make_case(house, cast, number=7)
    client = sign_in(cast.office_2)
    keys = {row.key for row in client.get(address(HistoryRow, "changelist")).context["cl"].result_list}
    assert {other.nomination.key, other.candidacy.key} <= keys
    assert not {tied.nomination.key, tied.candidacy.key} & keys
    assert client.get(address(OutboxMail, "changelist")).context["cl"].result_count == 1


def test_another_case_cannot_be_joined_with_it(cast: Cast, house: House, tied: Case, sign_in: SignIn) -> None:
    other = make_case(house, cast, number=7)
    page = address(other.nomination, "do", other.nomination.pk, "merge")
    said = {"reason": "One human."}
    hidden = sign_in(cast.office_2).post(page, {**said, "other": tied.nomination.key}, follow=True)
    missing = sign_in(cast.office_2).post(page, {**said, "other": "NOBODY22"}, follow=True)
    for response in (hidden, missing):
        assert [str(message) for message in response.context["messages"]] == [
            "There is no case with this key."
        ]


def test_who_still_has_to_review_reads_nothing_of_the_others(cast: Cast, case: Case, sign_in: SignIn) -> None:
    Assignment.objects.create(
        candidacy=case.candidacy, reviewer=cast.office_2, assigned_at=case.review.saved_at
    )
    client = sign_in(cast.office_2)
    for model in (
        Review,
        Score,
        ReviewVersion,
        GroupNumbers,
        CaseNumbers,
        ReviewerOffset,
        DecisionBatch,
        Draw,
    ):
        assert client.get(address(model, "changelist")).context["cl"].result_count == 0
    assert "4.25" not in client.get(address(Candidacy, "changelist")).content.decode()
    assert "4.25" not in client.get(address(case.candidacy, "change")).content.decode()
    assert "4.25" in sign_in(cast.office_1).get(address(Candidacy, "changelist")).content.decode()


def test_every_table_of_a_case_is_asked_about_here() -> None:
    """A new table that hangs on a case has to be named above."""
    hanging = {
        model
        for model in admin.site._registry
        for field in model._meta.get_fields()
        if field.is_relation and field.many_to_one and field.related_model in (Nomination, Candidacy, Review)
    }
    assert hanging <= set(OF_A_CASE)
