"""The discussion of a case: once all reviews are in, under letters, for those whose own is in."""

import pytest

from accounts.models import Role
from nominations.models import Conflict
from selection import actions
from selection.bulk import give_letters
from selection.models import Assignment, Candidacy, DiscussionPost, Review, ReviewVersion
from selection.queries.discussion import letter_at
from tests import factories
from tests.selection.conftest import typed


@pytest.fixture
def candidacy(house, cast, make_candidacy):
    return make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)


@pytest.fixture
def discussed(cast, candidacy, submit):
    """All three reviews are in."""
    for reviewer, mark in ((cast.reviewer_1, 4), (cast.reviewer_2, 3), (cast.reviewer_3, 2)):
        submit(candidacy, reviewer, mark, mark, mark, mark)
    return candidacy


def page_of(client, candidacy):
    return client.get(f"/review/{candidacy.key}/").content.decode()


def say(client, candidacy, text="Look at the third link."):
    return client.post(f"/review/{candidacy.key}/discuss/", {"text": text})


def letters(candidacy):
    return {task.reviewer: task.letter for task in candidacy.assignments.select_related("reviewer")}


def test_it_opens_with_the_last_review_and_gives_each_a_letter(cast, sign_in, candidacy, submit):
    client = sign_in(cast.reviewer_1)
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        submit(candidacy, reviewer, 4, 4, 4, 4)
    assert set(letters(candidacy).values()) == {""}
    assert "Discussion" not in page_of(client, candidacy)
    assert say(client, candidacy).status_code == 422
    submit(candidacy, cast.reviewer_3, 2, 2, 2, 2)
    assert sorted(letters(candidacy).values()) == ["A", "B", "C"]
    assert "Discussion" in page_of(client, candidacy)


def test_letters_stay_and_later_reviewers_get_the_next_one(cast, discussed, submit):
    before = letters(discussed)
    late = factories.make_person("Late Reviewer", "late@community.example")
    factories.grant(late, Role.REVIEWER)
    Assignment.objects.create(candidacy=discussed, reviewer=late, assigned_at=discussed.entered_at)
    actions.reopen_review(discussed, by=cast.reviewer_1.user)
    submit(discussed, late, 3, 3, 3, 3)
    assert letters(discussed) == {**before, late: "D"}


def test_stepping_back_of_the_last_one_opens_it_too(cast, candidacy, submit):
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        submit(candidacy, reviewer, 4, 4, 4, 4)
    actions.decline_assignment(candidacy, by=cast.reviewer_3.user)
    assert sorted(letters(candidacy).values()) == ["", "A", "B"]


def test_the_order_of_letters_is_not_that_of_tasks_or_reviews(house, cast, make_candidacy, submit):
    firsts = set()
    for number in range(12):
        one = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, name=f"Case {number}")
        submit(one, cast.reviewer_1, 3, 3, 3, 3)
        submit(one, cast.reviewer_2, 3, 3, 3, 3)
        firsts.add(letters(one)[cast.reviewer_1])
    assert firsts == {"A", "B"}


def test_posts_are_read_under_letters_and_the_chair_is_the_chair(cast, sign_in, discussed):
    letter = letters(discussed)[cast.reviewer_1]
    assert say(sign_in(cast.reviewer_1), discussed).status_code == 302
    assert say(sign_in(cast.technology_lead), discussed, "What about the talks?").status_code == 302
    page = page_of(sign_in(cast.reviewer_2), discussed)
    assert page.index(f"Reviewer {letter}") < page.index("Look at the third link.") < page.index("Chair")
    assert "What about the talks?" in page
    for name in (cast.reviewer_1.name, cast.reviewer_3.name, cast.technology_lead.name):
        assert name not in page
    assert f"{cast.reviewer_1.name} (Reviewer {letter})" in page_of(sign_in(cast.technology_lead), discussed)


def test_whose_own_review_is_missing_learns_nothing_of_it_not_even_that_there_is_one(
    cast, sign_in, discussed
):
    say(sign_in(cast.reviewer_2), discussed, "QUARTZOSE")
    actions.reopen_review(discussed, by=cast.reviewer_1.user)
    client = sign_in(cast.reviewer_1)
    for path in (f"/review/{discussed.key}/", "/review/", "/me/"):
        page = client.get(path, follow=True).content.decode()
        assert not [word for word in ("QUARTZOSE", "Discussion", "Reviewer A", "Reviewer B") if word in page]
    assert say(client, discussed).status_code == 403
    DiscussionPost.objects.all().delete()
    Assignment.objects.update(letter="")
    assert say(client, discussed).status_code == 403  # the same where there is none


@pytest.mark.parametrize(
    "role", ["council_member", "regional_lead", "outsider", "nominee", "nominator", "auditor"]
)
def test_others_neither_read_nor_post(cast, sign_in, discussed, role):
    say(sign_in(cast.reviewer_1), discussed, "QUARTZOSE")
    client = sign_in(getattr(cast, role))
    assert "QUARTZOSE" not in page_of(client, discussed)
    assert say(client, discussed).status_code == 404


def test_the_office_reads_and_does_not_post(cast, sign_in, discussed):
    say(sign_in(cast.reviewer_1), discussed, "QUARTZOSE")
    client = sign_in(cast.office_1)
    assert "QUARTZOSE" in page_of(client, discussed)
    assert "Say something" not in page_of(client, discussed)
    assert say(client, discussed).status_code == 403


def test_a_chair_who_reviews_the_case_takes_part_under_a_letter_alone(
    house, cast, sign_in, make_candidacy, submit
):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    one = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead)
    submit(one, cast.reviewer_1, 4, 4, 4, 4)
    assert say(sign_in(cast.technology_lead), one).status_code == 403
    submit(one, cast.technology_lead, 3, 3, 3, 3)
    say(sign_in(cast.technology_lead), one)
    assert DiscussionPost.objects.get().assignment.reviewer == cast.technology_lead
    assert "Chair" not in page_of(sign_in(cast.reviewer_1), one)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_post_has_words_and_not_too_many(cast, sign_in, discussed, text):
    assert say(sign_in(cast.reviewer_1), discussed, text).status_code == 422
    assert not DiscussionPost.objects.exists()


def test_ones_own_words_can_be_taken_back_and_nobody_elses(cast, sign_in, discussed):
    say(sign_in(cast.reviewer_1), discussed, "QUARTZOSE")
    post = DiscussionPost.objects.get()
    path = f"/review/{discussed.key}/discuss/{post.pk}/"
    assert sign_in(cast.reviewer_2).post(path).status_code == 409
    assert sign_in(cast.reviewer_1).post(path).status_code == 302
    post.refresh_from_db()
    assert post.text == ""
    assert "Taken back." in page_of(sign_in(cast.reviewer_2), discussed)


def test_a_changed_mark_needs_a_reason_and_both_versions_are_shown(cast, sign_in, discussed):
    client = sign_in(cast.reviewer_1)
    client.post(f"/review/{discussed.key}/reopen/")
    assert "Why your marks have changed" in page_of(client, discussed)
    version = Review.objects.get(assignment__reviewer=cast.reviewer_1).version
    without = client.post(f"/review/{discussed.key}/submit/", typed(4, 3, 4, 4, version=version))
    assert without.status_code == 422
    assert "say why your marks have changed" in without.content.decode()
    version = Review.objects.get(assignment__reviewer=cast.reviewer_1).version
    data = {**typed(4, 3, 4, 4, version=version), "change_reason": "The third link is a copy."}
    for _click in range(2):
        assert client.post(f"/review/{discussed.key}/submit/", data).status_code == 302
    assert ReviewVersion.objects.exclude(reason="").get().reason == "The third link is a copy."
    page = page_of(sign_in(cast.reviewer_2), discussed)
    assert "quality 4 → 3" in page
    assert "The third link is a copy." in page


def test_the_same_marks_handed_in_again_need_no_reason(cast, sign_in, discussed):
    client = sign_in(cast.reviewer_1)
    client.post(f"/review/{discussed.key}/reopen/")
    version = Review.objects.get(assignment__reviewer=cast.reviewer_1).version
    data = typed(4, 4, 4, 4, version=version, comment="Clearer words.")
    assert client.post(f"/review/{discussed.key}/submit/", data).status_code == 302


def test_the_reason_is_kept_with_the_draft(cast, sign_in, discussed):
    client = sign_in(cast.reviewer_1)
    client.post(f"/review/{discussed.key}/reopen/")
    version = Review.objects.get(assignment__reviewer=cast.reviewer_1).version
    data = {**typed(4, 3, 4, 4, version=version), "change_reason": "The third link"}
    client.post(f"/review/{discussed.key}/save/", data, headers={"Accept": "application/json"})
    assert "The third link</textarea>" in page_of(client, discussed)


def test_a_tie_that_is_found_takes_ones_words_along(cast, sign_in, discussed):
    say(sign_in(cast.reviewer_1), discussed, "QUARTZOSE")
    actions.recuse(discussed, by=cast.reviewer_1.user, tie="close")
    assert not DiscussionPost.objects.exists()
    assert say(sign_in(cast.reviewer_1), discussed).status_code == 404


def test_a_closed_stage_takes_no_more_posts(house, cast, sign_in, discussed, run_stage):
    run_stage(house.score, "closed")
    assert "Say something" not in page_of(sign_in(cast.reviewer_1), discussed)
    assert say(sign_in(cast.reviewer_1), discussed).status_code == 409


def test_a_case_with_an_end_of_its_own_is_discussed_until_that(house, cast, sign_in, discussed, run_stage):
    run_stage(house.score, "closed")
    Candidacy.objects.filter(pk=discussed.pk).update(closes_at=house.score.closes_at)
    assert "Say something" in page_of(sign_in(cast.reviewer_1), discussed)
    assert say(sign_in(cast.reviewer_1), discussed).status_code == 302


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (52, "BA")])
def test_letters_go_on_after_z(place, letter):
    assert letter_at(place) == letter


def test_letters_for_many_cases_are_those_that_the_last_review_gives(
    house, discussed, candidacy, make_candidacy, cast
):
    make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2, name="Still open")
    given = letters(discussed)
    Assignment.objects.update(letter="")
    assert give_letters(house.score) == 3
    assert letters(discussed) == given


def test_history_of_posts_holds_no_words(cast, sign_in, discussed):
    from common.models import HistoryRow, HistoryText

    say(sign_in(cast.reviewer_1), discussed, "QUARTZOSE")
    assert HistoryRow.objects.filter(verb="post").count() == 1
    assert not HistoryText.objects.filter(text__contains="QUARTZOSE").exists()


def test_ties_bar_from_the_discussion(cast, sign_in, discussed):
    Conflict.objects.create(nomination=discussed.nomination, person=cast.technology_lead, kind="family")
    assert say(sign_in(cast.technology_lead), discussed).status_code == 404
