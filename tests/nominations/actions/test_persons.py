"""When two rows turn out to be one human, their cases become one person's."""

from collections.abc import Callable

import pytest

from common.errors import RuleBroken
from nominations import actions, conflicts, states
from nominations.models import Conflict, Nomination, Support
from people.actions import add_address, confirm_address, merge_persons
from tests.cast import Cast
from tests.nominations.conftest import put_in_state

Submit = Callable[..., Nomination]


def test_cases_follow_the_person_who_is_kept(submit: Submit, cast: Cast) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    merge_persons(cast.outsider, case.nominee, by=cast.office_1.user)
    case.refresh_from_db()
    assert case.nominee == cast.outsider
    assert Conflict.objects.filter(nomination=case, kind="self").get().person == cast.outsider


def test_two_cases_for_one_area_are_joined(submit: Submit, cast: Cast, accepted: Nomination) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    merge_persons(cast.nominee, case.nominee, by=cast.office_1.user)
    case.refresh_from_db()
    assert (case.state, case.merged_into, case.nominee) == (states.MERGED, accepted, cast.nominee)


def test_two_cases_of_which_one_is_over_are_left_to_a_person(
    submit: Submit, cast: Cast, invited: Nomination
) -> None:
    put_in_state(invited, states.INELIGIBLE)
    case = submit(nominee_email="dana@elsewhere.example")
    with pytest.raises(RuleBroken, match="Decide first"):
        merge_persons(cast.nominee, case.nominee, by=cast.office_1.user)


def test_confirming_an_address_brings_the_cases_known_by_it(submit: Submit, cast: Cast) -> None:
    case = submit(nominee_email="dana@elsewhere.example")
    add_address(cast.outsider, "dana@elsewhere.example", by=cast.outsider.user)
    confirm_address(cast.outsider, "dana@elsewhere.example", by=cast.outsider.user)
    case.refresh_from_db()
    assert case.nominee == cast.outsider


def test_confirming_an_address_ties_the_endorser_to_the_case(
    endorsement: Support, accepted: Nomination, cast: Cast
) -> None:
    actions.write_endorsement(endorsement, statement="He helped our school with its network.")
    assert not Conflict.objects.filter(kind="endorser").exists()
    confirm_address(cast.reviewer_1, "ieva@school.example", by=cast.reviewer_1.user)
    endorsement.refresh_from_db()
    assert endorsement.person == cast.reviewer_1
    assert Conflict.objects.get(kind="endorser").nomination == accepted


def test_ties_of_a_case_are_found_in_a_fixed_number_of_queries(
    submit: Submit, cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    cases = [submit(nominee_email=f"n{number}@elsewhere.example") for number in range(3)]
    Conflict.objects.all().delete()
    with django_assert_num_queries(14):
        conflicts.recompute([cases[0].pk])
    with django_assert_num_queries(14):
        conflicts.recompute([case.pk for case in cases])
