"""When two rows turn out to be one human, their cases become one person's."""

from collections.abc import Callable

import pytest

from common.errors import RuleBroken
from common.models import HistoryRow
from nominations import actions, conflicts, states
from nominations.models import Conflict, Nomination, Support
from people.actions import add_address, confirm_address, create_person, merge_persons, undo_merge
from people.models import Person
from tests.cast import Cast
from tests.nominations.conftest import put_in_state

Submit = Callable[..., Nomination]


@pytest.fixture
def second(db: None) -> Person:
    """Another row of somebody who is known."""
    return create_person(name="A second row", by=None)


@pytest.fixture
def suggested(accepted: Nomination, cast: Cast) -> Conflict:
    """A tie of the first reviewer that the system only suggests."""
    return Conflict.objects.create(
        nomination=accepted, person=cast.reviewer_1, kind="mutual", strength="suggested"
    )


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


@pytest.mark.as_app
def test_what_was_declared_as_one_row_bars_the_human_until_the_rows_are_parted(
    accepted: Nomination, cast: Cast, second: Person
) -> None:
    for kind in ("partner", "mutual"):
        actions.declare_conflict(accepted, second, kind=kind, by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    assert set(Conflict.objects.filter(person=cast.reviewer_1).values_list("kind", flat=True)) == {
        "partner", "mutual",
    }  # fmt: skip
    undo_merge(cast.reviewer_1.merges.get(), by=None, reason="Two cousins.")
    assert Conflict.objects.filter(person=second, nomination=accepted, source="declared").count() == 2
    assert not Conflict.objects.filter(person=cast.reviewer_1).exists()


@pytest.mark.as_app
def test_a_declared_tie_outweighs_the_one_that_was_dismissed_for_the_other_row(
    accepted: Nomination, cast: Cast, second: Person, suggested: Conflict
) -> None:
    actions.dismiss_conflict(suggested, by=None)
    actions.declare_conflict(accepted, second, kind="mutual", by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    suggested.refresh_from_db()
    assert (suggested.strength, suggested.source, suggested.dismissed_at) == ("hard", "declared", None)


@pytest.mark.as_app
def test_a_tie_that_the_other_row_had_raised_is_what_it_was_once_the_rows_are_parted(
    accepted: Nomination, cast: Cast, second: Person, suggested: Conflict
) -> None:
    actions.dismiss_conflict(suggested, by=None)
    suggested.refresh_from_db()
    dismissed_at = suggested.dismissed_at
    actions.declare_conflict(accepted, second, kind="mutual", by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    undo_merge(cast.reviewer_1.merges.get(), by=None, reason="Two cousins.")
    suggested.refresh_from_db()
    assert (suggested.strength, suggested.source, suggested.dismissed_at) == (
        "suggested",
        "system",
        dismissed_at,
    )
    assert Conflict.objects.get(person=second, nomination=accepted, kind="mutual").strength == "hard"


def test_a_raised_tie_that_was_judged_since_stays_when_the_rows_are_parted(
    accepted: Nomination, cast: Cast, second: Person, suggested: Conflict
) -> None:
    actions.declare_conflict(accepted, second, kind="mutual", by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    Conflict.objects.filter(pk=suggested.pk).update(source="chair")
    undo_merge(cast.reviewer_1.merges.get(), by=None, reason="Two cousins.")
    suggested.refresh_from_db()
    assert (suggested.strength, suggested.source) == ("hard", "chair")


@pytest.mark.as_app
def test_a_tie_that_two_rows_declared_bars_until_the_last_of_them_is_parted(
    accepted: Nomination, cast: Cast, suggested: Conflict
) -> None:
    for name in ("A second row", "A third row"):
        other = create_person(name=name, by=None)
        actions.declare_conflict(accepted, other, kind="mutual", by=None)
        merge_persons(cast.reviewer_1, other, by=cast.office_1.user)
    second, third = cast.reviewer_1.merges.order_by("pk")
    undo_merge(second, by=None, reason="Two cousins.")
    suggested.refresh_from_db()
    assert suggested.strength == "hard"
    undo_merge(third, by=None, reason="Two cousins.")
    suggested.refresh_from_db()
    assert (suggested.strength, suggested.source) == ("suggested", "system")


@pytest.mark.as_app
def test_a_raised_tie_that_the_person_declared_since_stays_when_the_rows_are_parted(
    accepted: Nomination, cast: Cast, second: Person, suggested: Conflict
) -> None:
    actions.declare_conflict(accepted, second, kind="mutual", by=None)
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    actions.declare_conflict(accepted, cast.reviewer_1, kind="mutual", by=None)
    undo_merge(cast.reviewer_1.merges.get(), by=None, reason="Two cousins.")
    assert Conflict.objects.get(person=cast.reviewer_1, kind="mutual").strength == "hard"


def test_ties_that_are_alike_leave_no_trace_when_rows_are_joined(
    accepted: Nomination, cast: Cast, second: Person
) -> None:
    for person in (cast.reviewer_1, second):
        Conflict.objects.create(nomination=accepted, person=person, kind="employer")
    merge_persons(cast.reviewer_1, second, by=cast.office_1.user)
    assert not HistoryRow.objects.filter(verb="raise_conflict").exists()
