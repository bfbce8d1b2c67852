"""A vote from its opening to what it leads to: tasks, the rule, the council after it, rounds in the next cycle."""

import pytest

from charter.models import CyclePlaces
from common import clock
from common.errors import RuleBroken
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.models import Assignment, Candidacy, Decision, Stage
from tests import factories
from tests.cast import make_stages
from tests.selection.conftest import WHY

MAJORITY = {"advance": "majority", "quorum": 2, "rounds": 4}


@pytest.fixture
def vote(house):
    """The house's only stage is a vote of all reviewers."""
    Stage.objects.filter(pk__in=(house.screen.pk, house.council.pk)).delete()
    stage = house.score
    stage.kind, stage.number, stage.rule, stage.rubric = Stage.Kind.VOTE, 1, {"advance": "ballot"}, None
    stage.save()
    return stage


@pytest.fixture
def say(cast):
    """``say(candidacy, "plus", "minus")``: the first reviewers vote so, in order."""

    def vote_on(candidacy, *verdicts):
        voters = (cast.reviewer_1, cast.reviewer_2, cast.reviewer_3)
        for voter, verdict in zip(voters, verdicts, strict=False):
            actions.give_verdict(
                candidacy, by=voter.user, verdict=verdict, comment="Too little of it is public."
            )

    return vote_on


def test_opening_asks_everybody_with_the_role_but_those_with_a_tie(house, cast, vote, make_case):
    case = make_case()
    Conflict.objects.create(nomination=case, person=cast.reviewer_2, kind=Conflict.Kind.FAMILY)
    assert actions.open_stage(vote, by=cast.office_1.user, reason=WHY) == 1
    voters = Assignment.objects.values_list("reviewer", flat=True)
    assert set(voters) == {cast.reviewer_1.pk, cast.reviewer_3.pk}


def test_three_plus_accept_two_minus_reject_and_the_rest_waits_for_the_office(
    house, cast, vote, make_candidacy, say
):
    accepted, rejected, open_one = (make_candidacy(vote, name=name) for name in ("Aija", "Bruno", "Cita"))
    say(accepted, "plus", "plus", "plus")
    say(rejected, "minus", "minus", "plus")
    say(open_one, "plus", "plus", "neutral")
    closing = actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    assert (closing.decided, closing.undecided) == (2, 1)
    outcomes = dict(Decision.objects.values_list("candidacy", "outcome"))
    assert outcomes == {accepted.pk: states.AWARD, rejected.pk: states.NOT_THIS_TIME}
    actions.resolve_candidacy(open_one, by=cast.office_1.user, outcome=states.AWARD, reason=WHY)
    assert Decision.objects.get(candidacy=open_one).outcome == states.AWARD


def test_a_council_after_a_vote_is_shown_what_was_rejected_too(house, cast, vote, make_candidacy, say):
    council = factories.StageFactory(
        cycle=house.cycle, number=2, kind="council", reviewer_role="council_member", opens_at=clock.now()
    )
    rejected = make_candidacy(vote)
    say(rejected, "minus", "minus")
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    rejected.refresh_from_db()
    assert (rejected.state, rejected.proposed) == (states.FORWARD, states.NOT_THIS_TIME)
    actions.open_stage(council, by=cast.office_1.user, reason=WHY)
    assert Candidacy.objects.get(stage=council).proposed == states.NOT_THIS_TIME


def test_what_a_vote_rejects_before_another_kind_of_stage_stops_there(house, cast, vote, make_candidacy, say):
    factories.StageFactory(cycle=house.cycle, number=2, kind="score", opens_at=clock.now())
    rejected, accepted = make_candidacy(vote), make_candidacy(vote, name="Aija")
    say(rejected, "minus", "minus")
    say(accepted, "plus", "plus", "plus")
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    assert set(Candidacy.objects.values_list("pk", "state")) == {
        (rejected.pk, states.STOPPED), (accepted.pk, states.FORWARD),
    }  # fmt: skip


def test_rounds_need_a_cycle_that_carries_cases_over(house, cast, vote, make_case):
    make_case()
    vote.rule = MAJORITY
    vote.save()
    with pytest.raises(RuleBroken, match="has to allow carrying cases over"):
        actions.open_stage(vote, by=cast.office_1.user, reason=WHY)
    house.cycle.carry_over_allowed = True
    house.cycle.save()
    assert actions.open_stage(vote, by=cast.office_1.user, reason=WHY) == 1


def test_a_rule_that_cannot_be_read_stops_the_opening(house, cast, vote, make_case):
    vote.rule = {"advance": "ballot", "acept": 3}
    vote.save()
    with pytest.raises(RuleBroken, match="cannot be read"):
        actions.open_stage(vote, by=cast.office_1.user, reason=WHY)


def release(cycle, cast):
    planned = actions.prepare_release(cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(planned, by=cast.office_2.user)
    return actions.carry_out_release(planned)


def test_a_case_without_success_comes_back_in_the_next_cycles_vote_with_the_next_round(
    house, cast, vote, make_candidacy, say
):
    house.cycle.carry_over_allowed = True
    house.cycle.save()
    vote.rule = MAJORITY
    vote.save()
    first = make_candidacy(vote)
    say(first, "plus", "minus")
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)
    assert release(house.cycle, cast) == 1
    assert (Nomination.objects.get().state, Candidacy.objects.get().state) == ("in_review", states.CARRIED)

    following = factories.CycleFactory(
        slug="after", opens_at=house.cycle.opens_at + (house.cycle.closes_at - house.cycle.opens_at) / 2
    )
    CyclePlaces.objects.create(cycle=following, category=house.servers, places=1)
    screen, score, _council = make_stages(following, house.rubric)
    score.kind, score.rule, score.rubric = Stage.Kind.VOTE, {**MAJORITY, "rounds": 2}, None
    score.save()
    following.carry_over_allowed = True
    following.save()
    assert actions.open_stage(screen, by=cast.office_1.user, reason=WHY) == 0
    actions.close_stage(screen, by=cast.office_1.user, reason=WHY)
    assert actions.open_stage(score, by=cast.office_1.user, reason=WHY) == 1
    second = Candidacy.objects.get(stage=score)
    assert (second.nomination, second.round, second.state) == (first.nomination, 2, states.OPEN)
    say(second, "plus", "minus")
    score.refresh_from_db()
    actions.close_stage(score, by=cast.office_1.user, reason=WHY)
    second.refresh_from_db()
    assert second.by_rule == states.NOT_THIS_TIME


def test_the_office_carries_over_only_while_rounds_are_left(house, cast, vote, make_candidacy):
    vote.rule = MAJORITY
    vote.save()
    early, late = make_candidacy(vote, round=1), make_candidacy(vote, name="Late", round=4)
    actions.close_stage(vote, by=cast.office_1.user, reason=WHY)  # nobody voted
    assert states.CARRY_OVER in actions.outcomes_to_resolve(vote, early)
    with pytest.raises(RuleBroken, match="Choose one of the outcomes"):
        actions.resolve_candidacy(late, by=cast.office_1.user, outcome=states.CARRY_OVER, reason=WHY)
