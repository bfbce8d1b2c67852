"""The ballot of a voter: one key for each vote, and nothing of the others' votes before one's own."""

import pytest
from django.urls import reverse

from nominations.models import Conflict
from selection import actions, states
from selection.models import Assignment, Review, Stage
from tests.selection.conftest import WHY


@pytest.fixture
def vote(house):
    stage = house.score
    stage.kind, stage.rule, stage.rubric = Stage.Kind.VOTE, {"advance": "ballot"}, None
    stage.internal_name = "Ballot of reviewers"
    stage.save()
    return stage


@pytest.fixture
def voter(cast, sign_in):
    return sign_in(cast.reviewer_1)


def address(stage):
    return reverse("selection:stage", args=[stage.cycle.slug, stage.number])


def test_a_voter_finds_the_ballot_from_the_start_of_review(vote, voter, make_candidacy):
    make_candidacy(vote, name="Vaira Paegle")
    page = voter.get("/review/", follow=True)
    assert page.redirect_chain[-1][0] == address(vote)
    content = page.content.decode()
    assert ("Vaira Paegle" in content, "Ballot of reviewers" in content) == (True, True)
    assert "2 votes of −1 reject a case" in content


def test_a_vote_counts_at_once_and_the_next_case_opens(cast, vote, voter, make_candidacy):
    first, second = make_candidacy(vote), make_candidacy(vote, name="Next")
    answer = voter.post(f"/review/{first.key}/vote/", {"verdict": "plus"})
    assert f"at={second.key}" in answer.url
    review = Review.objects.get()
    assert (review.verdict, review.assignment.reviewer, review.assignment.state) == (
        "plus", cast.reviewer_1, states.DONE,
    )  # fmt: skip


def test_a_minus_needs_a_written_reason_where_the_rule_says_so(vote, voter, make_candidacy):
    candidacy = make_candidacy(vote)
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "minus", "comment": " "})
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert "A −1 needs a reason" in answer.content.decode()
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "minus", "comment": "Nothing is public."})
    assert Review.objects.get().comment == "Nothing is public."
    vote.rule = {"advance": "ballot", "minus_needs_reason": False}
    vote.save()
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "minus"})
    assert (answer.status_code, Review.objects.get().comment) == (302, "")


@pytest.mark.parametrize("verdict", ["", "pass", "+1", "PLUS", "x" * 10_000])
def test_an_unknown_vote_is_a_sentence(vote, voter, make_candidacy, verdict):
    candidacy = make_candidacy(vote)
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": verdict, "comment": "Typed in vain"})
    content = answer.content.decode()
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert ("Choose +1, 0 or −1" in content, "Typed in vain" in content) == (True, True)


def test_a_vote_is_no_verdict_of_a_screen_and_the_other_way_round(
    house, cast, vote, voter, sign_in, make_candidacy
):
    ballot, screen = make_candidacy(vote), make_candidacy(house.screen, name="Screened")
    assert voter.post(f"/review/{ballot.key}/screen/", {"verdict": "pass"}).status_code == 403
    lead = sign_in(cast.regional_lead)
    assert lead.post(f"/review/{screen.key}/vote/", {"verdict": "plus"}).status_code == 403


def test_a_vote_can_be_changed_and_undone_until_the_stage_closes(cast, vote, voter, make_candidacy):
    candidacy = make_candidacy(vote)
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "neutral"})
    assert (Review.objects.get().verdict, Review.objects.get().versions.count()) == ("neutral", 2)
    voter.post(f"/review/{candidacy.key}/vote/undo/")
    assert Assignment.objects.get().state == states.ASSIGNED
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert answer.status_code == 409
    page = voter.get(address(vote)).content.decode()
    assert ("This stage is closed" in page, "To do" in page) == (True, False)


def test_a_vote_from_an_older_window_is_asked_about(vote, voter, make_candidacy):
    candidacy = make_candidacy(vote)
    assert 'name="seen" value="none"' in voter.get(address(vote)).content.decode()
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus", "seen": "none"})
    again = {"verdict": "minus", "comment": "Nothing is public.", "seen": "none"}
    answer = voter.post(f"/review/{candidacy.key}/vote/", again)
    assert (answer.status_code, Review.objects.get().verdict) == (409, "plus")
    assert "You said “+1” in another window" in answer.content.decode()
    assert 'name="seen" value="plus"' in answer.content.decode()


def test_nothing_that_others_voted_shows_before_the_own_vote(cast, vote, voter, make_candidacy):
    candidacy = make_candidacy(vote, cast.reviewer_1, cast.reviewer_2)
    actions.give_verdict(candidacy, by=cast.reviewer_2.user, verdict="minus", comment="Canary-7719")
    for page in (address(vote), f"/review/{candidacy.key}/"):
        content = voter.get(page).content.decode()
        assert ("Canary-7719" in content, "<dt>−1</dt>" in content) == (False, False)
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert "<dt>−1</dt><dd>1</dd>" in voter.get(address(vote)).content.decode()
    assert "Canary-7719" in voter.get(f"/review/{candidacy.key}/").content.decode()


def test_an_open_ballot_shows_votes_from_the_start(cast, vote, voter, make_candidacy):
    vote.hide_others_until_own = False
    vote.save()
    candidacy = make_candidacy(vote, cast.reviewer_1, cast.reviewer_2)
    actions.give_verdict(candidacy, by=cast.reviewer_2.user, verdict="plus")
    assert "<dt>+1</dt><dd>1</dd>" in voter.get(address(vote)).content.decode()


def test_a_chair_who_votes_too_sees_nothing_before_their_own_vote(house, cast, vote, sign_in, make_candidacy):
    from tests import factories

    factories.grant(cast.technology_lead, "reviewer")
    candidacy = make_candidacy(vote, cast.reviewer_2)
    actions.give_verdict(candidacy, by=cast.reviewer_2.user, verdict="minus", comment="Canary-7719")
    chair = sign_in(cast.technology_lead)
    assert "Canary-7719" not in chair.get(f"/review/{candidacy.key}/").content.decode()
    chair.post(f"/review/{candidacy.key}/vote/", {"verdict": "neutral"})
    assert "Canary-7719" in chair.get(f"/review/{candidacy.key}/").content.decode()


def test_a_stage_that_hides_the_nominee_lists_keys_alone(vote, voter, make_candidacy):
    vote.hide_nominee = True
    vote.save()
    candidacy = make_candidacy(vote, name="Vaira Paegle")
    content = voter.get(address(vote)).content.decode()
    assert f"Candidate {candidacy.key}" in content
    assert not [word for word in ("Vaira", "Latvia", "She mends the networks") if word in content]


def test_nobody_votes_on_a_copy_that_nobody_has_checked(vote, voter, make_candidacy):
    vote.hide_nominee = True
    vote.save()
    candidacy = make_candidacy(vote)
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert (answer.status_code, "is being checked" in answer.content.decode()) == (422, True)
    vote.check_redactions = False
    vote.save()
    assert voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"}).status_code == 302


def test_a_case_with_a_tie_is_in_no_row_and_no_count(cast, vote, voter, make_candidacy):
    make_candidacy(vote)
    tied = make_candidacy(vote, name="My cousin")
    Conflict.objects.create(nomination=tied.nomination, person=cast.reviewer_1, kind=Conflict.Kind.FAMILY)
    content = voter.get(address(vote)).content.decode()
    assert ("My cousin" in content, "1 case<" in content) == (False, True)
    assert voter.post(f"/review/{tied.key}/vote/", {"verdict": "plus"}).status_code == 404


def test_nobody_without_the_role_finds_a_ballot(cast, vote, sign_in, make_candidacy):
    candidacy = make_candidacy(vote)
    for person in (cast.outsider, cast.regional_lead, cast.council_member, cast.auditor):
        client = sign_in(person)
        assert client.get(address(vote)).status_code == 404
        assert client.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"}).status_code == 404


def test_the_list_takes_as_many_statements_for_three_cases_as_for_one(
    vote, voter, make_candidacy, django_assert_num_queries
):
    make_candidacy(vote)
    with django_assert_num_queries(9):
        voter.get(address(vote))
    make_candidacy(vote, name="Second")
    make_candidacy(vote, name="Third")
    with django_assert_num_queries(9):
        voter.get(address(vote))
