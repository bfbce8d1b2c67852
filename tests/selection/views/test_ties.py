"""Suggested ties: a chair says whether they are any."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from common import clock
from nominations.models import Conflict
from selection import states
from selection.models import Assignment
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


QUERIES = 6
