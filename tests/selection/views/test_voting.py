"""The ballot of a voter: one key for each vote, and nothing of the others' votes before one's own."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.actions import grant_role as give
from accounts.actions import merge_accounts
from accounts.models import Role, User
from common import clock
from common.models import HistoryRow
from nominations.models import Conflict
from people.models import Person
from selection import actions, states
from selection.models import Assignment, Candidacy, Review, Stage
from selection.queries import own_is_missing, without_own_missing
from selection.queries.electorate import came_late
from tests import factories
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
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "neutral", "change_reason": "I misread it."})
    assert (Review.objects.get().verdict, Review.objects.get().versions.count()) == ("neutral", 2)
    voter.post(f"/review/{candidacy.key}/vote/undo/")
    assert Assignment.objects.get().state == states.ASSIGNED
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    answer = voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert answer.status_code == 409
    page = voter.get(address(vote)).content.decode()
    assert ("This stage is closed" in page, "To do" in page) == (True, False)


def test_another_vote_than_before_needs_a_reason_and_shows_both(cast, vote, voter, sign_in, make_candidacy):
    candidacy = make_candidacy(vote, cast.reviewer_2)
    assert "change_reason" not in voter.get(address(vote)).content.decode()
    voter.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert "change_reason" in voter.get(address(vote)).content.decode()
    again = {"verdict": "minus", "comment": "Two links are dead.", "change_reason": " "}
    refused = voter.post(f"/review/{candidacy.key}/vote/", again)
    assert (refused.status_code, Review.objects.get().verdict) == (422, "plus")
    assert "write why it changes" in refused.content.decode()
    voter.post(f"/review/{candidacy.key}/vote/undo/")  # no way around it
    assert voter.post(f"/review/{candidacy.key}/vote/", again).status_code == 422
    again["change_reason"] = "I had read another dossier."
    assert voter.post(f"/review/{candidacy.key}/vote/", again).status_code == 302
    assert voter.post(f"/review/{candidacy.key}/vote/", {**again, "comment": "Three."}).status_code == 302
    other = sign_in(cast.reviewer_2)
    other.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    page = other.get(f"/review/{candidacy.key}/").content.decode()
    assert "vote +1 → −1" in page
    assert "I had read another dossier." in page


def test_who_got_the_role_after_the_vote_had_opened_has_no_vote_unless_named(
    house, cast, vote, sign_in, make_candidacy
):
    candidacy, other = make_candidacy(vote, cast.reviewer_1), make_candidacy(vote, name="Another")
    vote.opens_at = clock.now() - dt.timedelta(hours=1)
    vote.save()
    give(cast.outsider.user, Role.REVIEWER, by=None, starts=clock.today() - dt.timedelta(days=30))
    late = sign_in(cast.outsider)
    assert "Who votes was fixed when the vote opened" in late.get(address(vote)).content.decode()
    refused = late.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"})
    assert (refused.status_code, Review.objects.count()) == (422, 0)
    sign_in(cast.office_1).post(f"/board/{candidacy.key}/assign/", {"reviewer": cast.outsider.key})
    assert late.post(f"/review/{candidacy.key}/vote/", {"verdict": "plus"}).status_code == 302
    assert late.post(f"/review/{other.key}/vote/", {"verdict": "plus"}).status_code == 422
    assigned = HistoryRow.objects.get(kind="assignment", verb="assign", codes__reviewer=cast.outsider.key)
    assert assigned.key == candidacy.key


@pytest.mark.parametrize("accounts", [1, 2])
def test_a_role_that_comes_late_stays_late_when_accounts_are_joined(cast, vote, accounts):
    Stage.objects.filter(pk=vote.pk).update(opens_at=clock.now() - dt.timedelta(hours=1))
    vote.refresh_from_db()
    rows = [factories.make_person(f"R{n}", f"r{n}@community.example").user for n in range(accounts)]
    give(rows[0], Role.REVIEWER, by=None, starts=clock.today() - dt.timedelta(days=30))
    for kept, absorbed in zip([*rows[1:], cast.outsider.user], rows, strict=True):
        merge_accounts(kept, absorbed)
    assert came_late(cast.outsider.user, vote)


def test_a_second_role_like_the_first_takes_no_vote_away(cast, vote):
    first_day = factories.grant(cast.outsider, Role.REVIEWER).starts
    vote.opens_at = clock.now() - dt.timedelta(hours=1)
    give(cast.outsider.user, Role.REVIEWER, by=None, starts=first_day, ends=clock.today())
    assert not came_late(cast.outsider.user, vote)


def test_a_case_that_comes_in_late_is_put_to_those_who_voted_from_the_start(cast, vote, make_candidacy):
    candidacy = make_candidacy(vote)
    give(cast.outsider.user, Role.REVIEWER, by=None)
    actions.assignments.assign_role_holders(vote, [candidacy], by=None)
    asked = set(candidacy.assignments.values_list("reviewer", flat=True))
    assert (cast.reviewer_1.pk in asked, cast.outsider.pk in asked) == (True, False)


def test_who_votes_by_a_role_alone_counts_as_missing_on_lists_too(house, cast, vote, make_candidacy):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    candidacy = make_candidacy(vote, cast.reviewer_1)
    rows = without_own_missing(Candidacy.objects.all(), cast.technology_lead)
    assert rows.get().own_missing
    actions.give_verdict(candidacy, by=cast.technology_lead.user, verdict="plus")
    assert not without_own_missing(Candidacy.objects.all(), cast.technology_lead).get().own_missing


def is_missing(person, candidacy):
    """As the page of the case and the lists have it; both must agree."""
    user, fresh = User.objects.get(pk=person.user.pk), Candidacy.objects.get(pk=candidacy.pk)
    rows = without_own_missing(Candidacy.objects.filter(pk=fresh.pk), Person.objects.get(user=user))
    assert own_is_missing(user, fresh) == rows.get().own_missing
    return rows.get().own_missing


def test_a_vote_is_owed_by_a_role_as_long_as_it_can_come(cast, vote, make_candidacy, run_stage):
    """The office and the chair see the marks once their vote cannot come any more; a reviewer never does by a role."""
    candidacy = make_candidacy(vote, cast.reviewer_1)
    for person in (cast.technology_lead, cast.office_1):
        factories.grant(person, Role.REVIEWER)
    people = (cast.technology_lead, cast.office_1, cast.reviewer_1, cast.reviewer_2)
    for state, owed in ((states.STAGE_CLOSED, False), (states.STAGE_OPEN, True)):
        run_stage(vote, state)
        assert [is_missing(one, candidacy) for one in people] == [owed, owed, True, True]


def test_who_came_too_late_for_a_vote_owes_none(cast, vote, make_candidacy):
    candidacy = make_candidacy(vote, cast.reviewer_1)
    Stage.objects.filter(pk=vote.pk).update(opens_at=clock.now() - dt.timedelta(hours=1))
    for person in (cast.technology_lead, cast.outsider):
        give(person.user, Role.REVIEWER, by=None)
    assert [is_missing(one, candidacy) for one in (cast.technology_lead, cast.outsider)] == [False, True]


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
    with django_assert_num_queries(11):
        voter.get(address(vote))
    make_candidacy(vote, name="Second")
    make_candidacy(vote, name="Third")
    with django_assert_num_queries(11):
        voter.get(address(vote))
