"""The reviewer's desk: drafts, marks handed in, stepping back, and what is hidden."""

import json

import pytest

from common import clock
from common.models import HistoryRow
from nominations.models import Conflict, DossierItem
from selection import actions, states
from selection.models import Assignment, Candidacy, Review, Score
from tests import factories
from tests.selection.conftest import WHY, answers, typed


@pytest.fixture
def desk(cast, sign_in):
    return sign_in(cast.reviewer_1)


@pytest.fixture
def candidacy(house, cast, make_candidacy):
    return make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)


def save(client, candidacy, data):
    return client.post(f"/review/{candidacy.key}/save/", data, headers={"Accept": "application/json"})


def test_the_start_of_review_leads_to_the_first_open_case(house, desk, candidacy):
    page = desk.get("/review/")
    assert page.headers["Content-Location"] == f"/review/{candidacy.key}/"
    assert f'action="/review/{candidacy.key}/submit/"' in page.content.decode()
    assert "A region" in page.content.decode()  # an anchor sentence of the rubric


def test_marks_are_handed_in_and_shown_back(desk, candidacy):
    answer = desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3), follow=True)
    review = Review.objects.get()
    assert (review.state, str(review.total), review.version) == ("submitted", "3.6500", 1)
    assert "weighted 3.6500" in answer.content.decode()
    assert Candidacy.objects.get().mean == review.total


def test_one_criterion_may_not_apply_and_two_may_not(desk, candidacy):
    answer = desk.post(f"/review/{candidacy.key}/submit/", typed(4, None, None, 3))
    assert answer.status_code == 422
    assert "At most 1 criterion may be" in answer.content.decode()
    desk.post(f"/review/{candidacy.key}/submit/", typed(4, None, 3, 3, version=1))
    assert str(Review.objects.get(state="submitted").total) == "3.5000"


@pytest.mark.parametrize("mark", ["0", "6", "-1", "3.5", "x", "10" * 5000])
def test_a_mark_out_of_range_is_a_sentence_and_loses_nothing(desk, candidacy, mark):
    data = {**typed(4, 4, 3, 3, comment="Read twice."), "mark_impact": mark}
    answer = desk.post(f"/review/{candidacy.key}/submit/", data)
    assert answer.status_code == 422
    assert "A mark is a whole number from 1 to 5." in answer.content.decode()
    assert "Read twice." in answer.content.decode()
    assert not Score.objects.exists()


def test_a_five_without_a_reason_is_said_beside_it_and_the_draft_is_kept(desk, candidacy):
    answer = desk.post(f"/review/{candidacy.key}/submit/", {**typed(5, 4, 3, 3), "reason_impact": "Great."})
    assert answer.status_code == 422
    assert "needs a reason of at least 80 characters" in answer.content.decode()
    assert Review.objects.get().draft["marks"]["impact"] == {
        "mark": 5, "not_applicable": False, "reason": "Great.",
    }  # fmt: skip
    assert 'name="version" value="1"' in answer.content.decode()
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(5, 4, 3, 3, version=1)).status_code == 302


def test_drafts_save_themselves_and_are_there_again(desk, candidacy):
    answer = save(desk, candidacy, {"version": 0, "mark_reach": "2", "comment": "Half a thought"})
    assert json.loads(answer.content) == {"fields": {"version": 1}}
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Half a thought" in page
    assert not Score.objects.exists()


def test_two_browsers_see_both_versions_and_nothing_is_lost(desk, candidacy):
    save(desk, candidacy, {"version": 0, "comment": "From the office"})
    late = save(desk, candidacy, {"version": 0, "comment": "From the train"})
    assert late.status_code == 409
    page = desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3, comment="From the train"))
    assert page.status_code == 409
    assert "From the office" in page.content.decode()
    assert "From the train" in page.content.decode()
    assert Review.objects.get().draft["comment"] == "From the office"
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3, version=1)).status_code == 302


def test_the_page_is_told_that_another_window_saved_and_offers_both_versions(desk, candidacy):
    save(desk, candidacy, {"version": 0, "comment": "From the office"})
    late = save(desk, candidacy, {"version": 0, "comment": "From the train"})
    assert late.status_code == 409
    assert late.json()["compare"] is True
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "data-autosave-compare" in page


def test_a_draft_of_a_stage_that_closed_is_answered_in_words(house, cast, desk, candidacy):
    save(desk, candidacy, {"version": 0, "comment": "Almost there"})
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    late = save(desk, candidacy, {"version": 1, "comment": "Almost there, and more"})
    assert late.status_code == 409
    assert late.json()["compare"] is False
    assert "What you had saved is kept" in late.json()["sentence"]
    assert Review.objects.get().draft["comment"] == "Almost there"


def test_a_case_that_was_put_off_waits_at_the_end_of_the_queue(house, cast, desk, make_candidacy):
    first, second, third = (make_candidacy(house.score, cast.reviewer_1) for _number in range(3))
    answer = desk.post(f"/review/{first.key}/skip/")
    assert answer.url == f"/review/{second.key}/"
    page = desk.get(answer.url).content.decode()
    assert page.index(third.key) < page.rindex(first.key)
    assert "Put off" in page
    assert desk.get("/review/").headers["Content-Location"] == answer.url
    assert desk.post(f"/review/{third.key}/submit/", typed(3, 3, 3, 3)).url == f"/review/{first.key}/"


def test_only_an_open_task_is_put_off_and_only_while_the_stage_runs(house, desk, candidacy, run_stage):
    desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3))
    assert desk.post(f"/review/{candidacy.key}/skip/").status_code == 409
    run_stage(house.score, states.STAGE_CLOSED)
    assert desk.post(f"/review/{candidacy.key}/skip/").status_code == 409
    assert Assignment.objects.filter(skipped_at__isnull=False).count() == 0


def test_the_queue_shows_forty_lines_around_the_case(house, cast, desk, make_candidacy):
    keys = [make_candidacy(house.score, cast.reviewer_1).key for _number in range(43)]
    page = desk.get(f"/review/{keys[12]}/").content.decode()
    shown = [key for key in keys if f'href="/review/{key}/"' in page]
    assert shown == keys[2:42]
    assert "2 cases before" in page
    assert "1 case after" in page
    assert f'data-next="/review/{keys[13]}/"' in page
    assert f'data-previous="/review/{keys[11]}/"' in page


def test_the_pace_is_said_in_words(house, cast, desk, make_candidacy):
    keys = [make_candidacy(house.score, cast.reviewer_1).key for _number in range(12)]
    assert "Two a day finishes on time." in desk.get(f"/review/{keys[0]}/").content.decode()


def test_a_review_from_before_the_top_up_is_final(house, cast, desk, candidacy, submit):
    desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3))
    house.score.topped_up_at = clock.now()
    house.score.save()
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Those handed in before are final." in page
    assert "Open again" not in page
    answer = desk.post(f"/review/{candidacy.key}/reopen/")
    assert answer.status_code == 422
    assert "Those handed in before are final since then." in answer.content.decode()
    assert Review.objects.get().state == states.REVIEW_SUBMITTED
    submit(candidacy, cast.reviewer_2, 3, 3, 3, 3)
    actions.reopen_review(candidacy, by=cast.reviewer_2.user)  # handed in after it


def test_a_double_click_submits_once(desk, candidacy):
    for _click in range(2):
        assert desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3)).status_code == 302
    assert Review.objects.get().versions.count() == 1
    assert HistoryRow.objects.filter(kind="review", verb="submit").count() == 1


def test_other_marks_after_handing_in_are_refused_until_it_is_opened_again(desk, candidacy):
    desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3))
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(2, 2, 2, 2, version=1)).status_code == 409
    desk.post(f"/review/{candidacy.key}/reopen/")
    review = Review.objects.get()
    assert (review.state, review.total, Candidacy.objects.get().mean) == ("draft", None, None)
    again = typed(2, 2, 2, 2, version=review.version) | {"change_reason": "I had mixed up two cases."}
    desk.post(f"/review/{candidacy.key}/submit/", again)
    assert [one.content["marks"]["reach"]["mark"] for one in review.versions.order_by("version")] == [3, 2]


def test_nobody_hands_in_to_read_the_others_and_follows_them_without_a_word(cast, desk, candidacy, submit):
    submit(candidacy, cast.reviewer_2, 4, 4, 4, 4)
    desk.post(f"/review/{candidacy.key}/submit/", typed(2, 2, 2, 2))
    desk.post(f"/review/{candidacy.key}/reopen/")
    assert "Why your marks have changed" in desk.get(f"/review/{candidacy.key}/").content.decode()
    answer = desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 4, 4, version=2))
    assert answer.status_code == 422
    assert "say why your marks have changed" in answer.content.decode()
    data = typed(4, 4, 4, 4, version=3) | {"change_reason": "The second link convinced me."}
    assert desk.post(f"/review/{candidacy.key}/submit/", data).status_code == 302


def test_a_late_review_is_refused_with_the_date_and_its_draft_is_kept(house, cast, desk, candidacy):
    save(desk, candidacy, {"version": 0, "comment": "Almost there"})
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    answer = desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3, version=1))
    assert answer.status_code == 409
    assert "What you had saved is kept" in answer.content.decode()
    assert Review.objects.get().draft["comment"] == "Almost there"


def test_the_marks_of_others_are_hidden_until_ones_own_are_in(cast, desk, candidacy, submit):
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    before = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Other reviews" not in before
    assert "2.00" not in before
    desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3))
    after = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Reviewer A" in after
    assert "2.00" in after
    assert cast.reviewer_2.name not in after


def test_reopening_hides_them_again(cast, desk, candidacy, submit):
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3))
    desk.post(f"/review/{candidacy.key}/reopen/")
    assert "Other reviews" not in desk.get(f"/review/{candidacy.key}/").content.decode()


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"go": "recuse", "tie": "close"}, states.RECUSED),
        ({"go": "abstain"}, states.ABSTAINED),
        ({"go": "decline"}, states.ASSIGNMENT_DECLINED),
    ],
)
def test_stepping_back_is_three_acts_and_only_a_tie_is_a_conflict(cast, desk, candidacy, data, state):
    save(desk, candidacy, {"version": 0, "comment": "A thought"})
    assert desk.post(f"/review/{candidacy.key}/recuse/", data).status_code == 302
    assert Assignment.objects.get(reviewer=cast.reviewer_1).state == state
    assert Conflict.objects.exists() is (state == states.RECUSED)
    assert not Review.objects.exists()
    assert desk.get(f"/review/{candidacy.key}/").status_code == 404
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3)).status_code == 404


def test_stepping_back_after_handing_in_takes_the_marks_away(cast, desk, candidacy, submit):
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    desk.post(f"/review/{candidacy.key}/recuse/", {"go": "recuse", "tie": "work"})
    assert str(Candidacy.objects.get().mean) == "2.0000"


def test_a_tie_has_to_be_named(desk, candidacy):
    answer = desk.post(f"/review/{candidacy.key}/recuse/", {"go": "recuse"})
    assert answer.status_code == 422
    assert "Say what the tie is." in answer.content.decode()


def test_a_case_that_is_not_ones_own_is_missing(house, cast, desk, make_candidacy):
    other = make_candidacy(house.score, cast.reviewer_2)
    for path in ("", "save/", "submit/", "reopen/", "recuse/"):
        call = desk.post if path else desk.get
        assert call(f"/review/{other.key}/{path}").status_code == 404


def test_a_tie_found_later_takes_the_case_away(cast, desk, candidacy):
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.reviewer_1, kind="employer")
    assert desk.get(f"/review/{candidacy.key}/").status_code == 404
    assert desk.post(f"/review/{candidacy.key}/submit/", typed(4, 4, 3, 3)).status_code == 404
    assert "Nothing waits for you" in desk.get("/review/", follow=True).content.decode()


def test_a_stage_that_hides_the_nominee_shows_neither_name_nor_place(house, cast, desk, make_candidacy):
    house.score.hide_nominee, house.score.check_redactions = True, False
    house.score.save()
    candidacy = make_candidacy(house.score, cast.reviewer_1, name="Vaira Paegle")
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "Vaira Paegle" not in page
    assert "Latvia" not in page
    assert f"Candidate {candidacy.key}" in page


def test_neither_nominators_nor_endorsers_are_named_or_counted(cast, desk, candidacy):
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert cast.nominator.name not in page
    assert "nominators" not in page
    assert "1 endorsement" not in page


def test_texts_are_escaped(house, desk, candidacy):
    DossierItem.objects.create(
        nomination=candidacy.nomination, type=house.article, title="<script>alert(1)</script>",
        starts="2026-01-01", url="javascript:alert(1)",
    )  # fmt: skip
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_long_texts_and_null_bytes_are_refused_in_words(desk, candidacy):
    answer = desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3, comment="x" * 10_000))
    assert answer.status_code == 422
    assert "at most 4000 characters" in answer.content.decode()
    assert save(desk, candidacy, {"version": 0, "comment": "a\x00b"}).status_code in (400, 422)
    assert save(desk, candidacy, {"version": "x"}).status_code == 422


def test_the_queue_shows_what_is_left_and_the_next_case_follows(house, cast, desk, make_candidacy):
    first, second = make_candidacy(house.score, cast.reviewer_1), make_candidacy(house.score, cast.reviewer_1)
    answer = desk.post(f"/review/{first.key}/submit/", typed(3, 3, 3, 3))
    assert answer.url == f"/review/{second.key}/"
    page = desk.get(answer.url).content.decode()
    assert "1 of 2" in page
    assert first.key in desk.get(f"/review/{second.key}/", {"show": "done"}).content.decode()


def test_the_desk_takes_as_many_statements_for_three_cases_as_for_one(
    house, cast, desk, make_candidacy, django_assert_num_queries
):
    one = make_candidacy(house.score, cast.reviewer_1)
    factories.ContributionFactory(person=one.nomination.nominee)
    with django_assert_num_queries(9):
        desk.get(f"/review/{one.key}/")
    make_candidacy(house.score, cast.reviewer_1)
    make_candidacy(house.score, cast.reviewer_1)
    with django_assert_num_queries(9):
        desk.get(f"/review/{one.key}/")


def test_saving_the_same_draft_again_changes_no_version(cast, candidacy):
    first = actions.save_review(candidacy, by=cast.reviewer_1.user, answers=answers(4, 4, 4, 4), version=0)
    again = actions.save_review(candidacy, by=cast.reviewer_1.user, answers=answers(4, 4, 4, 4), version=0)
    assert (first.version, again.version) == (1, 1)


def test_an_empty_queue_says_that_all_is_done(desk, candidacy, submit):
    assert b"All done." not in desk.get(f"/review/{candidacy.key}/").content
    save(desk, candidacy, typed(3, 3, 3, 3))
    desk.post(f"/review/{candidacy.key}/submit/", typed(3, 3, 3, 3, version=1))
    assert b"All done." in desk.get(f"/review/{candidacy.key}/?show=todo").content


def test_a_closed_stage_takes_no_more_drafts_and_says_so(house, desk, candidacy, run_stage):
    run_stage(house.score, states.STAGE_CLOSED)
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert "This stage is closed" in page
    assert "Save and next" not in page


def test_a_hidden_nominee_is_not_named_in_the_texts_either(house, cast, desk, make_candidacy):
    house.score.hide_nominee, house.score.check_redactions = True, False
    house.score.save()
    candidacy = make_candidacy(house.score, cast.reviewer_1, name="Vaira Paegle")
    candidacy.nomination.supports.update(
        statement="VAIRA helps all of Latvia; ask Paegle’s pupils.",
        links=[{"url": "https://vaira.example/work", "kind": "article"}],
    )
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    name, place = '<span class="redact">[name]</span>', '<span class="redact">[place]</span>'
    assert f"{name} helps all of {place}; ask {name}’s pupils." in page
    assert "Link 1, not shown" in page
    assert "vaira.example" not in page


def test_the_links_of_a_nomination_are_addresses_to_open(desk, candidacy):
    link = {"url": "https://lists.example/1", "kind": "article"}
    candidacy.nomination.supports.update(links=[link])
    page = desk.get(f"/review/{candidacy.key}/").content.decode()
    assert '<a href="https://lists.example/1" rel="noopener nofollow ugc">' in page
    assert "&#x27;url&#x27;" not in page
