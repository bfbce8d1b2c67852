"""A replay stands on what was true when a stage closed: who leaves, or is tied, later changes nothing of it."""

import datetime as dt

import pytest

from charter.models import CyclePlaces
from common import clock
from nominations.actions import anonymise_cases, withdraw_nomination
from nominations.models import Conflict, Nomination
from selection import actions, replay, states
from selection.actions.protocol import publish_protocol
from selection.models import Candidacy, Criterion, Decision, Override, ProtocolVersion, Stage
from selection.queries.board import Group
from selection.queries.replay import facts_of
from tests.kept import kept_fixture
from tests.selection.conftest import WHY, enter, hand_in


def found_in(house):
    return [(one.what, one.stored, one.computed) for one in replay.differences(facts_of(house.cycle))]


@kept_fixture
def scored(house, cast):
    """Three cases with 4, 3 and 2 from two reviewers each, for two places."""
    made = []
    for name, mark in (("first", 4), ("second", 3), ("third", 2)):
        one = enter(house, cast, house.score, cast.reviewer_1, cast.reviewer_2, name=name)
        for reviewer in (cast.reviewer_1, cast.reviewer_2):
            hand_in(one, reviewer, mark, mark, mark, mark)
        made.append(one)
    return made


@pytest.fixture
def close(house, cast):
    return lambda stage=None: actions.close_stage(stage or house.score, by=cast.office_1.user, reason=WHY)


def test_a_stage_comes_out_as_it_closed(house, scored, close):
    close()
    assert found_in(house) == []
    Candidacy.objects.filter(pk=scored[1].pk).update(proposed="reserve")
    assert found_in(house) == [("proposed", "reserve", "award")]


def test_who_withdraws_after_the_close_keeps_a_place_in_the_order(house, cast, scored, close, make_candidacy):
    close()
    withdraw_nomination(scored[0].nomination, by=cast.nominator.user)
    assert found_in(house) == []


def test_who_withdraws_before_the_close_takes_no_part(house, cast, scored, close):
    withdraw_nomination(scored[0].nomination, by=cast.nominator.user)
    close()
    assert Candidacy.objects.get(pk=scored[1].pk).rank == 1
    assert found_in(house) == []


def test_a_tie_found_before_the_close_leaves_the_review_out_for_good(house, cast, scored, close):
    tie = Conflict.objects.create(nomination=scored[0].nomination, person=cast.reviewer_1, kind="family")
    Candidacy.objects.filter(pk=scored[0].pk).update(mean="1.0000")  # closing stores the figures afresh
    close()
    one = Candidacy.objects.get(pk=scored[0].pk)
    assert (one.reviews_in, str(one.mean)) == (1, "4.0000")
    tie.delete()
    assert found_in(house) == []


def test_a_tie_found_after_the_close_takes_no_review_away(house, cast, scored, close):
    close()
    Conflict.objects.create(nomination=scored[0].nomination, person=cast.reviewer_1, kind="employer")
    assert found_in(house) == []


def test_what_the_office_settles_stands_in_the_history(house, cast, scored, close, make_candidacy, submit):
    """Two cases with the same mean at the last place."""
    twin = make_candidacy(house.score, cast.reviewer_1, name="twin")
    submit(twin, cast.reviewer_1, 3, 3, 3, 3)
    close()
    for one, outcome in ((scored[1], "award"), (twin, "reserve")):
        actions.resolve_candidacy(one, by=cast.office_1.user, outcome=outcome, reason=WHY)
    assert found_in(house) == []
    Candidacy.objects.filter(pk=twin.pk).update(proposed="award")
    assert found_in(house) == [("proposed", "award", "reserve")]


def test_a_council_is_shown_what_the_marks_led_to_and_its_overrides_count(house, cast, scored, close):
    close()
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    last = Candidacy.objects.get(stage=house.council, nomination=scored[0].nomination)
    given = {"outcome": "not_this_time", "reason_code": "evidence-weighs-more", "reason": WHY}
    actions.override_proposal(last, by=cast.council_member.user, **given)
    close(house.council)
    assert found_in(house) == []
    Decision.objects.filter(candidacy=last).update(outcome="award")
    assert found_in(house) == [("decision", "award", "not_this_time")]


def test_an_override_put_in_afterwards_with_all_that_follows_from_it_is_named(house, cast, scored, close):
    """Rows that agree with each other, and not with what the history noted."""
    close()
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    close(house.council)
    last = Candidacy.objects.get(stage=house.council, nomination=scored[0].nomination)
    Override.objects.create(
        candidacy=last, member=cast.council_member, outcome="not_this_time", reason=WHY, made_at=clock.now()
    )
    Candidacy.objects.filter(pk=last.pk).update(by_rule="not_this_time")
    Decision.objects.filter(candidacy=last).update(outcome="not_this_time", reason=WHY)
    assert found_in(house) == [("outcome noted at the close", "award", "not_this_time")]


def test_a_stage_that_was_opened_again_counts_as_it_closed_last(house, cast, scored, close, submit):
    close()
    again = {"closes_at": house.score.ends_at, "by": cast.office_1.user, "reason": WHY}
    actions.reopen_stage(house.score, **again)
    actions.reopen_review(scored[2], by=cast.reviewer_1.user)
    withdraw_nomination(scored[0].nomination, by=cast.nominator.user)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    assert Candidacy.objects.get(pk=scored[2].pk).reviews_in == 1
    assert Candidacy.objects.get(pk=scored[0].pk).state == states.LEFT
    assert found_in(house) == []


def test_a_case_that_lost_its_way_between_two_stages_is_named(house, cast, scored, close):
    close()
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    Candidacy.objects.filter(stage=house.council, nomination=scored[0].nomination).delete()
    close(house.council)
    assert found_in(house) == [("candidacy", None, "forward")]


def group_of(house):
    return Group(house.score, [], house.servers, [], 2, 2)


def decide(house, cast, outcome, *candidacies, reason=WHY):
    shown = {one.key: Candidacy.objects.get(pk=one.pk).proposed for one in candidacies}
    by = cast.technology_lead.user
    return actions.decide_in_bulk(group_of(house), by=by, outcome=outcome, cases=shown, reason=reason)


def test_what_the_chair_decides_and_undoes_comes_out_too(house, cast, scored, close):
    close()
    decide(house, cast, "reserve", scored[1], scored[2])
    actions.move_on_reserve(scored[2], by=cast.technology_lead.user, up=True)
    assert found_in(house) == []
    actions.undo_batch(decide(house, cast, "award", scored[2]), by=cast.technology_lead.user)
    assert Candidacy.objects.get(pk=scored[2].pk).reserve_order == 1
    assert found_in(house) == []
    Candidacy.objects.filter(pk=scored[2].pk).update(proposed="award")
    assert found_in(house) == [("proposed", "award", "reserve")]


def test_whoever_is_found_not_eligible_goes_no_further(house, cast, scored, close):
    close()
    actions.decide_in_bulk(
        group_of(house), by=cast.office_1.user, outcome="ineligible", reason=WHY, reason_code="employee",
        cases={scored[1].key: "award"},
    )  # fmt: skip
    assert found_in(house) == []


def test_the_reserve_of_the_council_stands_as_the_chair_put_it(house, cast, scored, close):
    house.screen.delete()
    close()
    decide(house, cast, "reserve", scored[1], scored[2])
    actions.move_on_reserve(scored[2], by=cast.technology_lead.user, up=True)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    close(house.council)
    actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    places = Decision.objects.filter(outcome="reserve").order_by("reserve_order")
    assert [one.candidacy.nomination.nominee_name for one in places] == ["third", "second"]
    assert found_in(house) == []
    places.filter(reserve_order=1).update(reserve_order=9)
    assert {what for what, _stored, _computed in found_in(house)} == {"place on the reserve"}


def test_a_draw_is_drawn_again(house, cast, make_candidacy, submit, close):
    Stage.objects.filter(pk=house.score.pk).update(draw_seed="winter-solstice")
    for name, mark in (("first", 4), ("second", 3), ("third", 3)):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, *[mark] * 4)
    Stage.objects.filter(pk=house.score.pk).update(draw_seed="winter-solstice")
    close()
    draw = actions.draw_tie(group_of(house), by=cast.technology_lead.user)
    assert found_in(house) == []
    draw.lines.filter(position=2).update(position=3)
    assert found_in(house) == [("position drawn", 3, 2)]


def test_a_cycle_whose_cases_are_anonymised_comes_out_the_same(house, scored, close):
    close()
    before = Candidacy.objects.order_by("pk").values_list("mean", "rank", "proposed")
    kept = list(before)
    Nomination.objects.update(state="not_awarded", ended_at=clock.now() - dt.timedelta(days=800))
    assert anonymise_cases() == 3
    assert (list(before.all()), found_in(house)) == (kept, [])


@pytest.fixture
def waits(house, cast, scored, close):
    """The third case, on the reserve after the release; the two others hold the places."""
    house.screen.delete()
    house.council.delete()
    close()
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    actions.carry_out_release(release)
    return Nomination.objects.get(state="on_reserve")


def test_a_decision_that_was_taken_back_is_no_difference(house, cast, waits):
    by = cast.office_1.user
    last = waits.candidacies.get()
    actions.decide_again(last, by=by, outcome="not_this_time", reason=WHY)
    assert found_in(house) == []
    actions.take_back_decision(last, by=by, reason=WHY)
    assert found_in(house) == []
    actions.decide_again(last, by=by, outcome="not_this_time", reason=WHY)
    assert found_in(house) == []


def test_a_place_on_the_reserve_ends_with_the_names_of_its_case(house, waits):
    Nomination.objects.update(ended_at=clock.now() - dt.timedelta(days=800))
    assert anonymise_cases() == 1
    assert (Nomination.objects.get(pk=waits.pk).state, found_in(house)) == ("not_awarded", [])
    Nomination.objects.filter(pk=waits.pk).update(nominee_name="Somebody")
    assert [what for what, _stored, _computed in found_in(house)] == ["state of the case"]


@pytest.fixture
def published(house, cast):
    """The rules are frozen, as when the first stage opens."""
    publish_protocol(house.cycle, by=cast.office_1.user)


def test_a_rubric_that_the_next_cycle_changes_changes_nothing_of_this_one(
    house, cast, published, make_candidacy, submit, close
):
    for name, marks in (("first", (4, 2, 2, 2)), ("second", (2, 4, 2, 2)), ("third", (2, 2, 4, 2))):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, *marks)
    close()
    for code, weight in (("impact", 10), ("quality", 10), ("reach", 70), ("conduct", 10)):
        Criterion.objects.filter(rubric=house.rubric, code=code).update(weight=weight)
    assert found_in(house) == []
    ProtocolVersion.objects.all().delete()
    assert found_in(house) != []


def test_places_count_as_they_were_when_the_stage_closed(house, cast, published, scored, close):
    close()
    actions.set_places(
        house.cycle, places={house.servers.pk: 1}, by=cast.office_1.user, reason="Fewer than we thought."
    )
    assert found_in(house) == []


def test_rules_that_somebody_changed_past_the_pages_are_named(house, published, scored, close):
    close()
    CyclePlaces.objects.filter(category=house.servers).update(places=1)
    Stage.objects.filter(pk=house.score.pk).update(rule={**house.score.rule, "reserve": 0})
    assert found_in(house) == [("places of servers", 1, 2), ("rule, reserve", 0, 2)]


def test_a_version_that_was_rewritten_is_named(house, published, scored, close):
    close()
    version = ProtocolVersion.objects.get(number=1)
    version.rules["places"]["servers"]["places"] = 1
    version.save()
    assert found_in(house)[0][0] == "digest of version 1 of the protocol"
