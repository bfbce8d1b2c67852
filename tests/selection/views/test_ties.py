"""Suggested ties: a chair says whether they are any."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from common import clock
from common.models import HistoryRow
from nominations import conflicts
from nominations.models import Conflict, Nomination, Support
from people.models import Employer
from people.names import employer_key
from selection import states
from selection.models import Assignment
from selection.queries import candidacies_visible_to
from tests import factories

TIES = "/board/ties/"


@pytest.fixture
def sign(house, cast, make_candidacy):
    """A sign of a tie between a case in servers and a reviewer who has it."""
    candidacy = make_candidacy(house.score, cast.reviewer_1, name="Vaira Paegle")
    return Conflict.objects.create(
        nomination=candidacy.nomination, person=cast.reviewer_1, kind="domain", strength="suggested"
    )


def address(sign, verb):
    key = sign.nomination.candidacies.get().key
    return reverse(f"selection:tie_{verb}", args=[key, sign.person.key, sign.kind])


def text_of(client):
    return re.sub(r"\s+", " ", client.get(TIES).content.decode())


def test_the_chair_confirms_and_the_case_is_gone_for_the_reviewer(cast, sign, sign_in, run_jobs):
    client = sign_in(cast.technology_lead)
    assert "has the case" in text_of(client)
    response = client.post(address(sign, "confirm"), follow=True)
    assert "does not see the case any more" in response.content.decode()
    run_jobs()
    assert Assignment.objects.get(reviewer=cast.reviewer_1).state == states.RECUSED
    key = sign.nomination.candidacies.get().key
    assert sign_in(cast.reviewer_1).get(reverse("selection:case", args=[key])).status_code == 404
    assert "Vaira Paegle" not in text_of(client)


def test_the_chair_dismisses_and_the_task_runs_on(cast, sign, sign_in):
    client = sign_in(cast.technology_lead)
    client.post(address(sign, "dismiss"))
    sign.refresh_from_db()
    assert sign.dismissed_at is not None
    assert Assignment.objects.get().state == states.ASSIGNED
    assert "No tie waits for your word" in text_of(client)
    assert client.post(address(sign, "confirm")).status_code == 404


def test_the_chair_of_another_category_neither_sees_nor_judges(house, sign, sign_in):
    other = factories.make_person("Other Chair", "chair@contoso.example")
    factories.grant(other, Role.TECHNOLOGY_LEAD, category=house.office_tools)
    client = sign_in(other)
    assert "Vaira Paegle" not in text_of(client)
    assert client.post(address(sign, "confirm")).status_code == 404


@pytest.fixture
def colleague(house, cast, make_candidacy):
    """A reviewer who worked for the nominee's employer; the case is in review."""
    candidacy = make_candidacy(house.score, name="Vaira Paegle")
    for person in (candidacy.nomination.nominee, cast.reviewer_1):
        Employer.objects.create(person=person, name="Rīgas Tīkli", key=employer_key("Rīgas Tīkli"))
    conflicts.recompute([candidacy.nomination_id])
    return Conflict.objects.get(person=cast.reviewer_1, kind="employer")


def test_an_employer_that_is_taken_off_does_not_lift_the_tie(cast, colleague, sign_in):
    cast.reviewer_1.employers.all().delete()
    conflicts.recompute_for(cast.reviewer_1)
    colleague.refresh_from_db()
    assert colleague.ended_at is not None
    key = colleague.nomination.candidacies.get().key
    assert sign_in(cast.reviewer_1).get(f"/board/{key}/").status_code == 404
    page = text_of(sign_in(cast.technology_lead))
    assert ("Ties whose cause is gone" in page, cast.reviewer_1.name in page) == (True, True)


def test_an_endorser_who_declines_stays_barred(cast, sign, sign_in):
    case = sign.nomination
    given = Support.objects.create(
        nomination=case, kind="endorser", person=cast.reviewer_2, name="Reviewer", statement="I saw it.",
        asked_at=clock.now(), given_at=clock.now(),
    )  # fmt: skip
    conflicts.recompute([case.pk])
    given.delete()
    conflicts.recompute([case.pk])
    assert Conflict.objects.get(person=cast.reviewer_2).ended_at is not None
    assert not candidacies_visible_to(cast.reviewer_2.user).exists()


def test_before_a_case_is_complete_a_tie_goes_with_its_cause(cast, colleague):
    Nomination.objects.update(state="accepted")
    cast.reviewer_1.employers.all().delete()
    conflicts.recompute_for(cast.reviewer_1)
    assert not Conflict.objects.filter(pk=colleague.pk).exists()


def test_the_chair_lifts_it_with_a_reason_and_the_cause_brings_it_back(cast, colleague, sign_in):
    client = sign_in(cast.technology_lead)
    assert client.post(address(colleague, "lift"), {"reason": "A mistake."}).status_code == 404  # it stands
    cast.reviewer_1.employers.all().delete()
    conflicts.recompute_for(cast.reviewer_1)
    assert client.post(address(colleague, "lift"), {"reason": " "}).status_code == 422
    assert (
        client.post(address(colleague, "lift"), {"reason": "Another firm of that name."}).status_code == 302
    )
    assert not Conflict.objects.filter(person=cast.reviewer_1).exists()
    act = HistoryRow.objects.get(kind="conflict", verb="lift_conflict")
    assert (act.key, act.text.text) == (colleague.nomination.key, "Another firm of that name.")
    Employer.objects.create(person=cast.reviewer_1, name="Rīgas Tīkli", key=employer_key("Rīgas Tīkli"))
    conflicts.recompute_for(cast.reviewer_1)
    assert Conflict.objects.get(person=cast.reviewer_1).ended_at is None


def test_nobody_lifts_a_tie_of_their_own(house, cast, colleague, sign_in):
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD, category=house.servers)
    Conflict.objects.update(ended_at=clock.now())
    client = sign_in(cast.reviewer_1)
    assert client.post(address(colleague, "lift"), {"reason": "None of yours."}).status_code == 404


def test_the_page_says_while_the_worker_still_looks(house, cast, sign_in):
    assert "Looking for ties" not in text_of(sign_in(cast.technology_lead))
    house.screen.ties_asked_at = clock.now()
    house.screen.save()
    assert "Looking for ties" in text_of(sign_in(cast.technology_lead))
    assert "No tie waits" not in text_of(sign_in(cast.technology_lead))
    overview = sign_in(cast.office_1).get(f"/office/cycles/{house.cycle.slug}/").content.decode()
    assert "Looking for ties" in overview


def test_nobody_judges_a_sign_about_themselves(house, cast, sign, sign_in):
    factories.grant(cast.reviewer_1, Role.TECHNOLOGY_LEAD, category=house.servers)
    client = sign_in(cast.reviewer_1)
    assert "No tie waits for your word" in text_of(client)
    assert client.post(address(sign, "dismiss")).status_code == 404


def test_a_chair_who_reviews_the_case_without_its_name_reads_its_key(house, cast, sign, sign_in):
    house.score.hide_nominee = True
    house.score.save()
    key = sign.nomination.candidacies.get().key
    assert "Vaira Paegle" in text_of(sign_in(cast.technology_lead))
    Assignment.objects.create(
        candidacy=sign.nomination.candidacies.get(), reviewer=cast.technology_lead, assigned_at=clock.now()
    )
    page = text_of(sign_in(cast.technology_lead))
    assert f"Candidate {key}" in page
    assert "Vaira Paegle" not in page


def test_somebody_with_a_tie_sees_no_sign_of_others(cast, sign, sign_in):
    Conflict.objects.create(nomination=sign.nomination, person=cast.office_2, kind="family")
    client = sign_in(cast.office_2)
    assert "Vaira Paegle" not in text_of(client)
    assert client.post(address(sign, "confirm")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_one_sign_and_three_cost_the_same_statements(
    house, cast, make_candidacy, sign_in, django_assert_num_queries, count
):
    for number in range(count):
        case = make_candidacy(house.score, name=f"Nominee Number{number}").nomination
        Conflict.objects.create(nomination=case, person=cast.reviewer_1, kind="work", strength="suggested")
    client = sign_in(cast.technology_lead)
    with django_assert_num_queries(QUERIES):
        client.get(TIES)


QUERIES = 7
