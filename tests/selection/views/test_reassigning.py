"""The chair and the office give open cases of one reviewer to another, by the rules of every assignment."""

import pytest
from django.urls import reverse

from accounts.models import Role
from common.models import HistoryRow, HistoryText, OutboxMail
from nominations.models import Conflict
from selection import actions, states
from selection.models import Assignment, ReviewerCapacity
from tests import factories
from tests.selection.conftest import WHY


@pytest.fixture
def stage(house, run_stage):
    return run_stage(house.score)


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


def at(stage, person):
    return reverse("selection:reviewer_cases", args=[stage.cycle.slug, stage.number, person.key])


def hand_over(client, stage, cast, *cases, reason=WHY, to=None):
    data = {"case": [one.key for one in cases], "to": (to or cast.reviewer_2).key, "reason": reason}
    return client.post(at(stage, cast.reviewer_1), data, follow=True)


def has(person):
    tasks = Assignment.objects.filter(reviewer=person, state=states.ASSIGNED)
    return set(tasks.values_list("candidacy__key", flat=True))


def test_cases_change_hands_with_a_reason_and_one_mail(stage, cast, chair, make_candidacy):
    first, second, third = (make_candidacy(stage, cast.reviewer_1) for _number in range(3))
    answer = hand_over(chair, stage, cast, first, second)
    assert "has 2 cases more now." in answer.content.decode()
    assert has(cast.reviewer_1) == {third.key}
    assert has(cast.reviewer_2) == {first.key, second.key}
    assert OutboxMail.objects.get(kind="selection.tasks").person_key == cast.reviewer_2.key
    rows = HistoryRow.objects.filter(kind="assignment", key=first.key).order_by("pk")
    assert [row.verb for row in rows] == ["take_back", "assign"]
    assert HistoryText.objects.get(row=rows[0]).text == WHY


def test_a_case_that_a_rule_keeps_stays_and_the_page_says_why(stage, cast, chair, make_candidacy):
    tied, free = (
        make_candidacy(stage, cast.reviewer_1, name=name) for name in ("Vaira Paegle", "Imants Ozols")
    )
    Conflict.objects.create(nomination=tied.nomination, person=cast.reviewer_2, kind="family")
    page = hand_over(chair, stage, cast, tied, free).content.decode()
    assert f"Vaira Paegle stays: {cast.reviewer_2.name} has a tie to this case." in page
    assert (has(cast.reviewer_1), has(cast.reviewer_2)) == ({tied.key}, {free.key})
    ReviewerCapacity.objects.create(stage=stage, person=cast.reviewer_3, cases=0, set_at=stage.opens_at)
    full = hand_over(chair, stage, cast, tied, to=cast.reviewer_3)
    assert full.status_code == 422
    assert has(cast.reviewer_1) == {tied.key}


def test_nothing_moves_without_a_case_a_person_and_a_reason(stage, cast, chair, make_candidacy):
    one = make_candidacy(stage, cast.reviewer_1)
    assert "Select the cases" in hand_over(chair, stage, cast).content.decode()
    assert hand_over(chair, stage, cast, one, reason=" ").status_code == 422
    assert hand_over(chair, stage, cast, one, to=cast.reviewer_1).status_code == 422
    assert hand_over(chair, stage, cast, one, to=cast.outsider).status_code == 422
    assert has(cast.reviewer_1) == {one.key}


def test_the_discussion_does_not_begin_while_a_case_changes_hands(stage, cast, chair, make_candidacy, submit):
    one = make_candidacy(stage, cast.reviewer_1, cast.reviewer_3, cast.council_member)
    for done in (cast.reviewer_3, cast.council_member):
        one.assignments.filter(reviewer=done).update(state=states.DONE)
    hand_over(chair, stage, cast, one)
    assert has(cast.reviewer_2) == {one.key}
    assert not one.assignments.exclude(letter="").exists()


def test_whoever_is_full_is_refused_without_a_number(stage, cast, chair, make_candidacy):
    """Hidden cases count too, and the list of names counts the known ones."""
    one = make_candidacy(stage, cast.reviewer_1)
    ReviewerCapacity.objects.create(stage=stage, person=cast.reviewer_2, cases=0, set_at=stage.opens_at)
    page = hand_over(chair, stage, cast, one).content.decode()
    assert f"{cast.reviewer_2.name} takes no more cases in this stage." in page


def test_a_task_of_the_first_round_stays_one_of_it(stage, cast, chair, make_candidacy):
    one = make_candidacy(stage, cast.reviewer_1)
    stage.topped_up_at = stage.opens_at
    stage.save()
    hand_over(chair, stage, cast, one)
    assert not one.assignments.get(reviewer=cast.reviewer_2).is_top_up


def test_after_the_last_open_case_comes_the_list(stage, cast, chair, make_candidacy, monkeypatch):
    """The other one is handed in between the page and the press."""
    first, second = (make_candidacy(stage, cast.reviewer_1) for _number in range(2))
    reassign = actions.reassign_cases

    def late(*args, **given):
        second.assignments.update(state=states.DONE)
        return reassign(*args, **given)

    monkeypatch.setattr(actions, "reassign_cases", late)
    answer = hand_over(chair, stage, cast, first, second)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (
        200,
        f"{reverse('selection:plans')}?stage={stage.key}",
    )


def test_a_vote_that_one_owes_by_role_hides_the_tasks_of_others(
    house, cast, run_stage, sign_in, make_candidacy
):
    screen = run_stage(house.screen)
    make_candidacy(screen, cast.regional_lead)
    page = at(screen, cast.regional_lead)
    assert sign_in(cast.office_1).get(page).status_code == 200
    factories.grant(cast.office_1, Role.REGIONAL_LEAD)
    assert sign_in(cast.office_1).get(page).status_code == 404
    make_candidacy(screen, cast.office_1)
    assert sign_in(cast.office_1).get(at(screen, cast.office_1)).status_code == 200


def test_hidden_cases_are_as_none(stage, cast, chair, sign_in, make_candidacy):
    hidden = make_candidacy(stage, cast.reviewer_1)
    assert chair.get(at(stage, cast.reviewer_1)).status_code == 200
    Assignment.objects.create(candidacy=hidden, reviewer=cast.technology_lead, assigned_at=stage.opens_at)
    assert chair.get(at(stage, cast.reviewer_1)).status_code == 404
    Conflict.objects.create(nomination=hidden.nomination, person=cast.office_2, kind="family")
    tied = sign_in(cast.office_2)
    assert tied.get(at(stage, cast.reviewer_1)).status_code == 404
    assert hand_over(tied, stage, cast, hidden).status_code == 404
    assert tied.get(at(stage, cast.reviewer_2)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_cases(
    number, stage, cast, chair, make_candidacy, django_assert_num_queries
):
    for _one in range(number):
        make_candidacy(stage, cast.reviewer_1)
    with django_assert_num_queries(8):
        page = chair.get(at(stage, cast.reviewer_1)).content.decode()
    assert page.count('name="case"') == number
