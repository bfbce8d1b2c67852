"""The board of a category: ranked by the stored mean, assigned by hand."""

import pytest

from accounts.models import Role
from common.errors import RuleBroken
from nominations.models import Conflict
from people.models import Employer
from selection import actions, states
from selection.models import Assignment
from tests import factories
from tests.selection.conftest import WHY, answers


@pytest.fixture
def chair(cast, sign_in):
    return sign_in(cast.technology_lead)


def assign(client, candidacy, reviewer):
    return client.post(f"/board/{candidacy.key}/assign/", {"reviewer": reviewer.key})


def test_cases_stand_in_the_order_of_the_stored_mean(house, cast, chair, make_candidacy, submit):
    low = make_candidacy(house.score, cast.reviewer_1, name="Low")
    high = make_candidacy(house.score, cast.reviewer_1, name="High")
    make_candidacy(house.score, name="Elsewhere", area=house.spreadsheets)
    submit(low, cast.reviewer_1, 2, 2, 2, 2)
    submit(high, cast.reviewer_1, 4, 4, 4, 4)
    page = chair.get("/board/").content.decode()
    assert page.index("High") < page.index("Low")
    assert "Elsewhere" not in page
    assert "1 / 1" in page


def test_the_proposal_shows_when_the_stage_is_closed(house, cast, chair, make_candidacy, submit):
    for number in range(3):
        submit(
            make_candidacy(house.score, cast.reviewer_1, name=f"Case {number}"),
            cast.reviewer_1,
            *[4 - number] * 4,
        )
    assert '<span class="pill">award' not in chair.get("/board/").content.decode()
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    page = chair.get("/board/").content.decode()
    assert page.count('<span class="pill">award') == 2
    assert "Line after 2 places" in page


def test_a_chair_who_reviews_sees_no_mean_before_their_own_is_in(house, cast, chair, make_candidacy, submit):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    plain = make_candidacy(house.score, cast.reviewer_1, name="No task")
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(plain, cast.reviewer_1, 2, 2, 2, 2)
    page = chair.get("/board/").content.decode()
    assert "4.00" not in page
    assert page.index("No task") < page.index("Own task")
    assert "after yours" in page
    case = chair.get(f"/board/{candidacy.key}/").content.decode()
    assert "4.00" not in case
    actions.submit_review(candidacy, by=cast.technology_lead.user, answers=answers(3, 3, 3, 3), version=0)
    assert "3.50" in chair.get("/board/").content.decode()


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
    assert "all that one reviewer takes" in answer.content.decode()


def test_a_review_that_is_in_is_not_taken_back(house, cast, chair, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1, 3, 3, 3, 3)
    assert chair.post(f"/board/{candidacy.key}/take-back/{cast.reviewer_1.key}/").status_code == 409
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 422


def test_whoever_stepped_back_is_not_offered_again(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.recuse(candidacy, by=cast.reviewer_1.user, tie="work")
    assert assign(chair, candidacy, cast.reviewer_1).status_code == 422


def test_a_person_without_the_role_is_not_offered(house, cast, chair, make_candidacy):
    candidacy = make_candidacy(house.score)
    assert assign(chair, candidacy, cast.outsider).status_code == 422
    assert assign(chair, candidacy, cast.regional_lead).status_code == 422


def test_a_chair_with_a_tie_sees_neither_row_nor_place_nor_count(house, cast, chair, make_candidacy, submit):
    first = make_candidacy(house.score, cast.reviewer_1, name="My partner")
    second = make_candidacy(house.score, cast.reviewer_1, name="A stranger")
    submit(first, cast.reviewer_1, 4, 4, 4, 4)
    submit(second, cast.reviewer_1, 3, 3, 3, 3)
    Conflict.objects.create(nomination=first.nomination, person=cast.technology_lead, kind="partner")
    page = chair.get("/board/").content.decode()
    assert "My partner" not in page
    assert '<td class="n">1</td>' in page
    assert "<dd>1</dd>" in page
    assert chair.get(f"/board/{first.key}/").status_code == 404
    assert assign(chair, first, cast.reviewer_2).status_code == 404


def test_the_board_is_for_chairs_and_office(cast, house, sign_in, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    assert sign_in(cast.office_1).get("/board/").status_code == 200
    for person in (cast.reviewer_1, cast.council_member, cast.auditor, cast.outsider, cast.regional_lead):
        assert sign_in(person).get("/board/").status_code == 403
    assert sign_in(cast.reviewer_1).get(f"/board/{candidacy.key}/").status_code == 403
    assert sign_in(cast.outsider).get(f"/board/{candidacy.key}/").status_code == 404


def test_a_chair_of_another_category_finds_nothing(house, cast, sign_in, make_candidacy):
    factories.grant(cast.outsider, Role.TECHNOLOGY_LEAD, category=house.office_tools)
    candidacy = make_candidacy(house.score)
    client = sign_in(cast.outsider)
    assert "No case is here yet" in client.get("/board/").content.decode()
    assert client.get(f"/board/{candidacy.key}/").status_code == 404


def test_strange_addresses_are_no_errors(chair, house, make_candidacy):
    make_candidacy(house.score)
    for query in ("?stage=x", "?category=%00x", "?page=-1", "?page=999999999999", "?stage=next/99"):
        assert chair.get(f"/board/{query}").status_code in (200, 400)


def test_the_board_takes_as_many_statements_for_three_cases_as_for_one(
    house, cast, chair, make_candidacy, django_assert_num_queries
):
    make_candidacy(house.score, cast.reviewer_1)
    with django_assert_num_queries(11):
        chair.get("/board/")
    make_candidacy(house.score, cast.reviewer_1)
    make_candidacy(house.score, cast.reviewer_1)
    with django_assert_num_queries(11):
        chair.get("/board/")
