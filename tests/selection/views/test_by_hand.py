"""Cases handed out by a chair, one by one, on the board."""

import pytest

from accounts.models import Role
from common import delivery
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations.models import Conflict
from people.models import Employer
from selection import actions, states
from selection.models import Assignment
from tests import factories


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


def assign(client, candidacy, reviewer):
    return client.post(f"/board/{candidacy.key}/assign/", {"reviewer": reviewer.key})


def test_a_chair_assigns_by_hand_and_takes_back(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score)
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 302
    task = Assignment.objects.get()
    assert (task.reviewer, task.state, task.due_at) == (
        cast.reviewer_1,
        states.ASSIGNED,
        house.score.closes_at,
    )
    assert chair.post(f"/board/{candidacy.key}/take-back/{cast.reviewer_1.key}/").status_code == 302
    task.refresh_from_db()
    assert task.state == states.RELEASED_FROM
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 302


def test_who_is_given_cases_by_hand_is_told_once_a_day(house, cast, chair, make_candidacy):
    for name in ("first", "second"):
        assign(chair, make_candidacy(house.score, name=name), cast.reviewer_1)
    mail = OutboxMail.objects.get(kind="selection.tasks")
    assert mail.to == cast.reviewer_1.addresses.get().email
    assert "2 cases wait for your review" in delivery.write(mail).text


def test_somebody_with_a_tie_is_not_offered_and_not_taken(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score)
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.reviewer_1, kind="family")
    assert cast.reviewer_1.key not in chair.get(f"/board/{candidacy.key}/").content.decode()
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 422
    with pytest.raises(RuleBroken, match="has a tie"):
        actions.assign_reviewer(candidacy, reviewer=cast.reviewer_1, by=cast.technology_lead.user)


def test_two_of_one_employer_never_share_a_case(house, cast, chair, make_candidacy):
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        Employer.objects.create(person=reviewer, name="Danube Printing", key="danube printing")
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    answer = assign(chair, candidacy, cast.reviewer_2)
    assert answer.status_code == 422
    assert "works for the same employer" in answer.content.decode()


def test_a_reviewer_takes_as_many_cases_as_the_stage_says(house, cast, chair, make_candidacy):
    house.score.rule = {"reserve": 2, "capacity": 1}
    house.score.save()
    make_candidacy(house.score, cast.reviewer_1)
    answer = assign(chair, make_candidacy(house.score), cast.reviewer_1)
    assert answer.status_code == 422
    assert "takes no more cases in this stage" in answer.content.decode()


def test_a_review_that_is_in_is_not_taken_back(house, cast, chair, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1, 3, 3, 3, 3)
    assert chair.post(f"/board/{candidacy.key}/take-back/{cast.reviewer_1.key}/").status_code == 409
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 422


def test_a_chair_who_reviews_cannot_find_out_by_taking_back_who_has_handed_in(
    house, cast, chair, make_candidacy, submit
):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    candidacy = make_candidacy(house.score, cast.technology_lead, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    answers = [
        chair.post(f"/board/{candidacy.key}/take-back/{one.key}/")
        for one in (cast.reviewer_1, cast.reviewer_2)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Hand in your own review first" in answer.content.decode() for answer in answers)
    for one in (cast.reviewer_1, cast.reviewer_2):
        with pytest.raises(RuleBroken, match="has this case already"):
            actions.assign_reviewer(candidacy, reviewer=one, by=cast.technology_lead.user)


def test_a_chair_does_not_take_a_case_whose_reviews_they_could_read(
    house, cast, chair, make_candidacy, submit
):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    read = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead)
    submit(read, cast.reviewer_1, 4, 4, 4, 4)
    actions.abstain(read, by=cast.technology_lead.user)  # which shows the marks
    answer = assign(chair, read, cast.technology_lead)
    assert answer.status_code == 422
    assert "you could read them" in answer.content.decode()
    assert (
        assign(chair, make_candidacy(house.score, cast.reviewer_1), cast.technology_lead).status_code == 302
    )


def test_whoever_stepped_back_is_not_offered_again(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.recuse(candidacy, by=cast.reviewer_1.user, tie="work")
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 422


def test_a_person_without_the_role_is_not_offered(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score)
    assert assign(chair, candidacy, cast.outsider).status_code == 422
    assert assign(chair, candidacy, cast.regional_lead).status_code == 422
