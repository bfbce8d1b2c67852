"""The stored numbers of a decision group: what they are computed from, for whom, and that they come out the same."""

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Role
from nominations.models import Conflict
from selection import actions, calibration, states, tasks
from selection.models import CaseNumbers, GroupNumbers, ReviewerOffset
from selection.queries.numbers import digest_of, seen_of_group
from tests import factories
from tests.kept import kept_fixture
from tests.selection.conftest import many_cases

FIGURES = [
    field.attname for field in GroupNumbers._meta.concrete_fields if field.name not in ("id", "computed_at")
]


def figures():
    """Everything that is stored of a group, but for row numbers and the moment."""
    return (
        list(GroupNumbers.objects.order_by("seen").values_list(*FIGURES)),
        list(CaseNumbers.objects.order_by("group__seen", "candidacy").values_list(
            "candidacy", "score", "se", "low", "high", "chances_from", "chances")),
        list(ReviewerOffset.objects.order_by("group__seen", "reviewer").values_list("reviewer", "offset", "se")),
    )  # fmt: skip


def compute(house):
    return actions.compute_numbers(house.score, house.servers)


def test_a_small_group_says_why_the_model_is_not_shown(house, cast, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    compute(house)
    group = GroupNumbers.objects.get()
    assert (group.cases, group.reviews, group.reviewers, group.is_whole) == (1, 2, 2, True)
    assert group.against_model == ["few_reviewers", "few_cases", "few_reviews"]
    assert (group.against_agreement, group.alpha) == (["few_cases"], None)
    assert group.pooled_sd == pytest.approx(2**0.5)
    row = group.rows.get()
    assert (row.score, row.se) == (3, pytest.approx(1.0))
    assert (row.low + row.high) / 2 == pytest.approx(3)
    assert not ReviewerOffset.objects.exists()


def test_a_group_without_a_review_has_no_numbers_yet(house, make_candidacy):
    make_candidacy(house.score)
    compute(house)
    group = GroupNumbers.objects.get()
    assert (group.cases, group.against_agreement) == (0, ["few_cases"])
    assert not group.rows.exists()


def test_only_counting_reviews_go_in(house, cast, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.reviewer_2, kind="family")
    compute(house)
    assert (GroupNumbers.objects.get().reviews, CaseNumbers.objects.get().score) == (1, 4)


@kept_fixture
def large(house, cast):
    """Fifty cases of fourteen reviewers, with their numbers."""
    candidacies = many_cases(house, 50, reviewers=14)
    compute(house)
    return candidacies


def test_a_large_group_has_scores_chances_agreement_and_offsets(large):
    group = GroupNumbers.objects.get()
    assert (group.cases, group.reviews, group.reviewers) == (50, 150, 14)
    assert (group.against_model, group.against_agreement) == ([], [])
    assert group.alpha_low < group.alpha < group.alpha_high
    assert [one["name"] for one in group.criteria] == ["Impact", "Quality", "Reach", "Conduct"]
    assert len(group.variances) == 3
    assert group.offsets.count() == 14
    assert {row.candidacy_id for row in group.rows.all()} == {one.pk for one in large}
    for row in group.rows.all():
        assert row.low < row.score < row.high
        assert row.chances[-1] == calibration.DRAWS
        assert row.chances == sorted(row.chances)


def test_chances_add_up_to_the_places(large):
    for places in (1, 12, 49):
        sum_of = sum(
            0 if places < row.chances_from
            else row.chances[min(places - row.chances_from, len(row.chances) - 1)]
            for row in CaseNumbers.objects.all()
        )  # fmt: skip
        assert sum_of == places * calibration.DRAWS


def test_computing_twice_gives_the_same_numbers(house, large):
    first = figures()
    compute(house)
    assert figures() == first


def test_who_may_not_see_a_case_gets_numbers_without_it(house, cast, make_candidacy, submit):
    """Else the chances of the others, which add up to the places, would say what the hidden one's are."""
    tied, plain = (make_candidacy(house.score, cast.reviewer_1, name=name) for name in ("Tied", "Plain"))
    submit(tied, cast.reviewer_1, 4, 4, 4, 4)
    submit(plain, cast.reviewer_1, 2, 2, 2, 2)
    Conflict.objects.create(nomination=tied.nomination, person=cast.technology_lead, kind="partner")
    assert compute(house) == 2
    seen = seen_of_group(cast.technology_lead.user, house.score, house.servers)
    assert seen == {plain.pk}
    group = GroupNumbers.objects.get(seen=digest_of(seen))
    assert (group.is_whole, group.cases, group.rows.get().candidacy) == (False, 1, plain)


def test_a_chair_who_has_yet_to_review_gets_numbers_without_that_case(house, cast, make_candidacy, submit):
    factories.grant(cast.technology_lead, Role.REVIEWER)
    own = make_candidacy(house.score, cast.reviewer_1, cast.technology_lead, name="Own task")
    plain = make_candidacy(house.score, cast.reviewer_1, name="No task")
    for candidacy in (own, plain):
        submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    assert seen_of_group(cast.technology_lead.user, house.score, house.servers) == {plain.pk}
    assert compute(house) == 2
    submit(own, cast.technology_lead, 3, 3, 3, 3)
    assert compute(house) == 1
    assert GroupNumbers.objects.count() == 1


def test_a_case_that_left_is_in_no_numbers(house, cast, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    candidacy.state = states.LEFT
    candidacy.save()
    compute(house)
    assert GroupNumbers.objects.get().cases == 0


def test_a_review_asks_for_the_numbers_once_for_many(house, cast, make_candidacy, submit):
    for name in ("First", "Second"):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, 4, 4, 4, 4)
    waiting = ProcrastinateJob.objects.filter(task_name="selection.compute_numbers", status="todo")
    tasks.compute_numbers(**waiting.get().args)
    assert GroupNumbers.objects.get().cases == 2


def test_all_marks_equal_is_no_error(house, cast):
    many_cases(house, 45, reviewers=13, marks=lambda random: np.full(4, 3))
    compute(house)
    group = GroupNumbers.objects.get()
    assert group.against_model == ["no_case_variance"]
    assert group.against_agreement == ["no_variation"]
