"""If you agree, do nothing; an override says why; places are never exceeded."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from nominations.models import Conflict
from selection import actions, states
from selection.models import Candidacy, CaseNumbers, Decision, Override
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, many_cases, run

BECAUSE = {"reason_code": "evidence-weighs-more", "reason": "The marks were about another tool."}


@pytest.fixture
def council(cast, sign_in):
    return sign_in(cast.council_member)


@pytest.fixture
def propose(house, make_candidacy):
    def propose(proposed, **fields):
        return make_candidacy(house.council, proposed=proposed, mean="3.5000", rank=1, **fields)

    return propose


def override(client, candidacy, **data):
    return client.post(f"/review/{candidacy.key}/override/", {**BECAUSE, **data})


def close(house, cast):
    actions.close_stage(house.council, by=cast.office_1.user, reason=WHY)


def test_the_council_sees_its_category_grouped_by_proposal(house, council, propose):
    propose("award", name="In servers")
    propose("award", name="In sheets", area=house.spreadsheets)
    page = council.get("/review/", follow=True).content.decode()
    assert "Proposed: award" in page
    assert ("In servers" in page, "In sheets" in page) == (True, False)


def test_agreeing_needs_no_act(house, cast, propose):
    candidacy = propose("award")
    close(house, cast)
    decision = Decision.objects.get()
    assert (decision.candidacy, decision.proposed, decision.outcome, decision.reason) == (
        candidacy, "award", "award", "",
    )  # fmt: skip


def test_an_override_needs_a_code_and_a_written_reason(council, propose):
    candidacy = propose("award")
    for data in (
        {"reason": ""},
        {"reason": "  "},
        {"reason_code": ""},
        {"reason_code": "x"},
        {"outcome": "x"},
    ):
        answer = override(council, candidacy, **{"outcome": "reserve", **data})
        page = answer.content.decode()
        links = re.findall(r'<li><a href="#(\w+)"', page)
        assert (answer.status_code, bool(links)) == (422, True)
        assert all(f'id="{link}"' in page and f'id="{link}_error"' in page for link in links)
    assert not Override.objects.exists()


def test_an_override_becomes_the_decision_with_its_reason(house, cast, council, propose):
    candidacy = propose("award")
    assert override(council, candidacy, outcome="not_this_time").status_code == 302
    close(house, cast)
    decision = Decision.objects.get()
    assert (decision.proposed, decision.outcome, decision.decided_by) == (
        "award", "not_this_time", cast.council_member,
    )  # fmt: skip
    assert (decision.reason_code, decision.reason) == (BECAUSE["reason_code"], BECAUSE["reason"])


def test_an_override_taken_back_leaves_the_proposal(house, cast, council, propose):
    candidacy = propose("award")
    override(council, candidacy, outcome="reserve")
    assert council.post(f"/review/{candidacy.key}/override/withdraw/").status_code == 302
    assert council.post(f"/review/{candidacy.key}/override/withdraw/").status_code == 409
    close(house, cast)
    assert Decision.objects.get().outcome == "award"


def test_a_second_override_of_one_member_replaces_the_first(council, propose):
    candidacy = propose("award")
    override(council, candidacy, outcome="reserve")
    override(council, candidacy, outcome="not_this_time")
    assert [one.outcome for one in candidacy.overrides.filter(withdrawn_at=None)] == ["not_this_time"]


def test_members_who_disagree_leave_the_case_to_the_office(house, cast, council, propose, sign_in):
    candidacy = propose("award")
    other = factories.make_person("Ana Ferreira", "ana@contoso.example")
    factories.grant(other, Role.COUNCIL_MEMBER, category=house.servers)
    override(council, candidacy, outcome="reserve")
    assert override(sign_in(other), candidacy, outcome="award").status_code == 302
    close(house, cast)
    candidacy.refresh_from_db()
    assert (candidacy.state, Decision.objects.count()) == (states.OPEN, 0)
    actions.resolve_candidacy(candidacy, by=cast.office_1.user, outcome="award", reason=WHY)
    assert Decision.objects.get().outcome == "award"


def test_the_proposal_itself_is_no_override(council, propose):
    answer = override(council, propose("award"), outcome="award")
    assert answer.status_code == 422
    assert "To agree, do nothing" in answer.content.decode()


def test_awards_never_exceed_the_places(council, propose):
    first, _second, reserve = propose("award"), propose("award"), propose("reserve")
    answer = override(council, reserve, outcome="award")
    assert answer.status_code == 422
    assert "All 2 places of Servers are taken" in answer.content.decode()
    override(council, first, outcome="reserve")
    assert override(council, reserve, outcome="award").status_code == 302
    refused = council.post(f"/review/{first.key}/override/withdraw/")
    assert refused.status_code == 422


def test_a_member_with_a_tie_overrides_nothing_in_the_category(cast, council, propose):
    """The answers are the same, whether the hidden case has a place or not."""
    _first, hidden, reserve = propose("award"), propose("award"), propose("reserve")
    Conflict.objects.create(nomination=hidden.nomination, person=cast.council_member, kind="family")
    answers = []
    for proposed in ("award", "not_this_time"):
        Candidacy.objects.filter(pk=hidden.pk).update(proposed=proposed)
        answers.append(override(council, reserve, outcome="award").status_code)
    assert answers == [404, 404]
    assert not reserve.overrides.exists()


def test_what_was_typed_stays_when_an_override_is_refused(council, propose):
    propose("award"), propose("award")
    answer = override(council, propose("reserve"), outcome="award", reason="Words that must not be lost.")
    assert "Words that must not be lost." in answer.content.decode()


def test_a_member_with_a_tie_sees_no_row_and_no_count(house, cast, council, propose):
    other = propose("award", name="Somebody", area=house.spreadsheets)
    factories.grant(cast.council_member, Role.COUNCIL_MEMBER, category=house.office_tools)
    propose("award", name="In the same category")
    tied = propose("award", name="My brother")
    Conflict.objects.create(nomination=tied.nomination, person=cast.council_member, kind="family")
    page = council.get(reverse("selection:stage", args=[house.cycle.slug, 3])).content.decode()
    assert ("My brother" in page, "In the same category" in page) == (False, False)
    assert ("You have a tie in Servers" in page, other.nomination.nominee_name in page) == (True, True)
    assert "All proposals (1)" in page
    assert override(council, tied, outcome="reserve").status_code == 404
    assert council.get(f"/review/{tied.key}/").status_code == 404


def test_nobody_else_may_override(cast, sign_in, propose):
    candidacy = propose("award")
    assert override(sign_in(cast.technology_lead), candidacy, outcome="reserve").status_code == 403
    assert override(sign_in(cast.office_1), candidacy, outcome="reserve").status_code == 403
    assert override(sign_in(cast.reviewer_1), candidacy, outcome="reserve").status_code == 404


def test_a_closed_council_takes_nothing_more(house, cast, council, propose):
    candidacy = propose("award")
    close(house, cast)
    assert override(council, candidacy, outcome="reserve").status_code == 409


def test_the_page_takes_as_many_statements_for_three_cases_as_for_one(
    house, council, propose, django_assert_num_queries
):
    address = reverse("selection:stage", args=[house.cycle.slug, 3])
    propose("award")
    with django_assert_num_queries(16):
        council.get(address)
    propose("award"), propose("reserve")
    with django_assert_num_queries(16):
        council.get(address)


@kept_fixture
def scored(house, cast):
    """Fifty cases with numbers, one of which stands before the council."""
    cases = many_cases(house, 50)
    actions.compute_numbers(house.score, house.servers)
    Candidacy.objects.create(
        nomination=cases[1].nomination,
        stage=house.council,
        proposed="award",
        mean=cases[1].mean,
        entered_at=cases[1].entered_at,
    )
    run(house.council)
    return cases


def test_a_proposal_shows_what_the_marks_say(house, cast, council, scored):
    page = council.get("/review/", follow=True).content.decode()
    numbers = CaseNumbers.objects.get(group__is_whole=True, candidacy=scored[1])
    assert f"90 percent interval {numbers.low:.2f} to {numbers.high:.2f}" in page
    assert 'class="dot"' in page
    assert 'class="cut"' in page


def test_nothing_that_another_case_is_in_is_shown_to_whoever_has_a_tie_to_it(cast, council, scored):
    Conflict.objects.create(nomination=scored[40].nomination, person=cast.council_member, kind="family")
    page = council.get("/review/", follow=True).content.decode()
    assert "You have a tie in Servers" in page
    assert "Proposed: award" not in page
    assert "90 percent interval" not in page
