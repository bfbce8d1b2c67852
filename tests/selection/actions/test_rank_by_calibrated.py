"""A stage that ranks by the calibrated score closes by it, and computed again from the marks it says the same."""

import random

import pytest

from charter.models import CyclePlaces
from common import clock
from selection import actions, states
from selection.models import Assignment, Candidacy, CaseNumbers, Criterion, Review, Score
from selection.queries.replay import facts_of
from selection.replay import differences
from tests import factories
from tests.selection.conftest import WHY


@pytest.fixture
def marked(house, run_stage):
    """45 cases in servers, 12 reviewers of different strictness, three marks a case."""
    run_stage(house.score)
    chance = random.Random(7)
    people = [factories.PersonFactory() for _ in range(12)]
    criteria, now = list(Criterion.objects.filter(rubric=house.rubric)), clock.now()
    for number in range(45):
        case = factories.NominationFactory(
            cycle=house.cycle, area=house.networking, region=house.baltics, state="in_review"
        )
        candidacy = Candidacy.objects.create(nomination=case, stage=house.score, entered_at=now)
        for place in chance.sample(range(12), 3):
            task = Assignment.objects.create(
                candidacy=candidacy, reviewer=people[place], state=states.DONE, assigned_at=now
            )
            review = Review.objects.create(
                assignment=task, state="submitted", saved_at=now, submitted_at=now, confidence=2
            )
            level = 2 + number % 3 + (place < 4)
            Score.objects.bulk_create(
                Score(review=review, criterion=one, mark=min(5, max(1, level + chance.choice((-1, 0, 0, 1)))))
                for one in criteria
            )
    return house.score


def test_ranks_follow_the_calibrated_score_and_the_replay_agrees(house, cast, marked):
    marked.rule = {"rank_by": "calibrated", "reserve": 3}
    marked.save()
    CyclePlaces.objects.filter(category=house.servers).update(places=10)
    actions.close_stage(marked, by=cast.office_1.user, reason=WHY)
    actions.compute_numbers(marked, house.servers)
    scores = dict(CaseNumbers.objects.filter(group__is_whole=True).values_list("candidacy", "score"))
    rows = Candidacy.objects.filter(stage=marked)
    for one in rows:
        assert one.rank == 1 + sum(1 for score in scores.values() if score > scores[one.pk])
    assert any(one.rank != 1 + rows.filter(mean__gt=one.mean).count() for one in rows)
    facts = facts_of(house.cycle)
    ranked = {"rank", "by the rule", "proposed", "state"}
    assert [one for one in differences(facts) if one.what in ranked] == []
