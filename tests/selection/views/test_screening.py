"""The screening list: a lead's cases, one key each."""

import datetime as dt

import pytest
from django.urls import reverse

from common import clock
from nominations.models import Conflict, DossierItem
from selection import actions, states
from selection.models import Assignment, Review
from tests import factories
from tests.selection.conftest import WHY


def address(stage):
    return reverse("selection:stage", args=[stage.cycle.slug, stage.number])


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.regional_lead)


def test_a_lead_finds_the_list_from_the_start_of_review(house, lead, make_candidacy):
    make_candidacy(house.screen, name="Vaira Paegle")
    page = lead.get("/review/", follow=True)
    assert page.redirect_chain[-1][0] == address(house.screen)
    assert b"Vaira Paegle" in page.content


def test_a_pass_counts_at_once_and_the_next_case_opens(house, cast, lead, make_candidacy):
    first, second = make_candidacy(house.screen), make_candidacy(house.screen, name="Next")
    answer = lead.post(f"/review/{first.key}/screen/", {"verdict": "pass"})
    assert f"at={second.key}" in answer.url
    review = Review.objects.get()
    assert (review.verdict, review.assignment.reviewer, review.assignment.state) == (
        "pass", cast.regional_lead, states.DONE,
    )  # fmt: skip


def test_a_fail_needs_a_reason_code_that_exists(house, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    for code in ("", "invented"):
        answer = lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "fail", "reason_code": code})
        assert answer.status_code == 422
        assert "Choose the reason for a fail" in answer.content.decode()
    answer = lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "fail", "reason_code": "no-evidence"})
    assert (answer.status_code, Review.objects.get().reason_code) == (302, "no-evidence")


@pytest.mark.parametrize("verdict", ["", "plus", "<script>", "PASS", "x" * 10_000])
def test_an_unknown_verdict_is_a_sentence(house, lead, make_candidacy, verdict):
    candidacy = make_candidacy(house.screen)
    answer = lead.post(f"/review/{candidacy.key}/screen/", {"verdict": verdict})
    assert answer.status_code == 422
    assert "Choose pass, fail or unsure" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_verdict_can_be_changed_and_undone_until_the_stage_closes(house, cast, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "pass"})
    lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "unsure"})
    assert Review.objects.get().verdict == "unsure"
    assert Review.objects.get().versions.count() == 2
    lead.post(f"/review/{candidacy.key}/undo/")
    assert Assignment.objects.get().state == states.ASSIGNED
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    answer = lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "pass"})
    assert answer.status_code == 409
    assert "closed on" in answer.content.decode()


def test_of_two_windows_the_later_one_is_shown_what_the_earlier_one_said(house, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    for page in (address(house.screen), f"/review/{candidacy.key}/"):
        assert 'name="seen" value="none"' in lead.get(page).content.decode()
    said = {"verdict": "fail", "reason_code": "no-evidence", "seen": "none"}
    assert lead.post(f"/review/{candidacy.key}/screen/", said).status_code == 302
    late = {"verdict": "pass", "seen": "none"}
    answer = lead.post(f"/review/{candidacy.key}/screen/", late)
    content = answer.content.decode()
    assert (answer.status_code, Review.objects.get().verdict) == (409, "fail")
    assert ("You said “fail” in another window" in content, 'value="fail">' in content) == (True, True)
    assert lead.post(f"/review/{candidacy.key}/screen/", late | {"seen": "fail"}).status_code == 302
    lead.post(f"/review/{candidacy.key}/undo/")
    answer = lead.post(f"/review/{candidacy.key}/screen/", late | {"seen": "pass"})
    assert (answer.status_code, Review.objects.get().verdict) == (409, "")


def test_a_case_of_another_region_is_missing(house, lead, make_candidacy):
    here = make_candidacy(house.screen)
    there = make_candidacy(house.screen, name="Somebody in Porto", region=house.iberia)
    assert b"Somebody in Porto" not in lead.get(address(house.screen)).content
    missing = lead.post("/review/NOTAKEY2/screen/", {"verdict": "pass"})
    hidden = lead.post(f"/review/{there.key}/screen/", {"verdict": "pass"})
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert lead.get(f"/review/{here.key}/").status_code == 200


def test_a_verdict_that_was_counted_changes_with_a_reason_alone(house, cast, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    address = f"/review/{candidacy.key}/screen/"
    lead.post(address, {"verdict": "pass"})
    lead.post(address, {"verdict": "unsure"})  # nothing is counted yet
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    until = clock.now() + dt.timedelta(days=3)
    actions.reopen_stage(house.screen, closes_at=until, by=cast.office_1.user, reason=WHY)
    assert lead.post(address, {"verdict": "pass"}).status_code == 422
    assert (
        lead.post(address, {"verdict": "pass", "change_reason": "The talk is online now."}).status_code == 302
    )
    assert Review.objects.get().versions.latest("version").reason == "The talk is online now."


def test_a_case_with_a_tie_is_in_no_row_and_no_count(house, cast, lead, make_candidacy):
    make_candidacy(house.screen)
    tied = make_candidacy(house.screen, name="My cousin")
    Conflict.objects.create(nomination=tied.nomination, person=cast.regional_lead, kind=Conflict.Kind.FAMILY)
    content = lead.get(address(house.screen)).content.decode()
    assert "My cousin" not in content
    assert "1 case<" in content
    assert "0 of 1" in content


def test_a_lead_steps_back_and_the_case_is_gone(house, cast, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    lead.post(f"/review/{candidacy.key}/recuse/", {"go": "recuse", "tie": "work"})
    assert Conflict.objects.get(person=cast.regional_lead).kind == "work"
    assert lead.get(f"/review/{candidacy.key}/").status_code == 404


def test_the_choice_of_cases_narrows_the_list(house, lead, make_candidacy):
    done, open_one = (
        make_candidacy(house.screen, name="Aija Done"),
        make_candidacy(house.screen, name="Zane Open"),
    )
    lead.post(f"/review/{done.key}/screen/", {"verdict": "unsure"})
    listed = lead.get(address(house.screen), {"show": "todo"}).content.decode()
    assert ("Zane Open" in listed, "Aija Done" in listed) == (True, False)
    assert "Aija Done" in lead.get(address(house.screen), {"show": "unsure"}).content.decode()
    assert (
        lead.get(address(house.screen), {"show": "nonsense", "page": "x", "at": open_one.key}).status_code
        == 200
    )


def test_nobody_without_the_role_finds_a_list(house, cast, sign_in, make_candidacy):
    candidacy = make_candidacy(house.screen)
    for person in (cast.outsider, cast.reviewer_1, cast.technology_lead, cast.auditor):
        client = sign_in(person)
        assert client.get(address(house.screen)).status_code == 404
        assert client.get(f"/review/{candidacy.key}/").status_code == 404
        assert client.post(f"/review/{candidacy.key}/screen/", {"verdict": "pass"}).status_code == 404
    assert sign_in(None).get(address(house.screen)).status_code == 302


def test_the_list_takes_as_many_statements_for_three_cases_as_for_one(
    house, lead, make_candidacy, django_assert_num_queries
):
    make_candidacy(house.screen)
    with django_assert_num_queries(15):
        lead.get(address(house.screen))
    make_candidacy(house.screen, name="Second")
    make_candidacy(house.screen, name="Third")
    with django_assert_num_queries(15):
        lead.get(address(house.screen))


def test_a_closed_stage_says_so_and_offers_nothing_to_do(house, lead, make_candidacy, run_stage):
    make_candidacy(house.screen)
    assert "To do</span>" in lead.get(address(house.screen)).content.decode()
    page = lead.get(address(run_stage(house.screen, states.STAGE_CLOSED))).content.decode()
    assert "This stage is closed" in page
    assert "To do" not in page
    assert "<kbd>P</kbd>" not in page


def test_the_unsure_ones_come_back_at_the_end(house, lead, make_candidacy):
    first, second, third = (make_candidacy(house.screen, name=name) for name in ("One", "Two", "Three"))
    lead.post(f"/review/{first.key}/screen/", {"verdict": "unsure"})
    assert f"at={third.key}" in lead.post(f"/review/{second.key}/screen/", {"verdict": "pass"}).url
    assert f"at={first.key}" in lead.post(f"/review/{third.key}/screen/", {"verdict": "pass"}).url


def test_a_line_says_what_to_look_at(house, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    seen = factories.ContributionFactory(person=candidacy.nomination.nominee, link_answers=False)
    DossierItem.objects.create(
        nomination=candidacy.nomination, contribution=seen, type=house.article, title="Old",
        starts="1999-01-01", url="https://gone.example/",
    )  # fmt: skip
    page = lead.get(address(house.screen)).content.decode()
    assert "<b>1 link does not answer</b>" in page
    assert "<b>Nothing inside the window</b>" in page
    assert "<b>No link</b>" not in page


def test_a_reason_given_before_stands_in_its_list(house, lead, make_candidacy):
    candidacy = make_candidacy(house.screen)
    lead.post(f"/review/{candidacy.key}/screen/", {"verdict": "fail", "reason_code": "no-evidence"})
    for page in (lead.get(address(house.screen)), lead.get(f"/review/{candidacy.key}/")):
        assert (
            '<option value="no-evidence" selected>No evidence that can be checked</option>'
            in page.content.decode()
        )
