"""Opening and closing stages, from complete cases to pending decisions."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from common import clock
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow
from nominations.actions import merge_nominations, undo_merge
from nominations.models import Conflict, Nomination
from selection import actions, states
from selection.models import Assignment, Candidacy, Decision, Release
from tests import factories
from tests.selection.conftest import WHY, many_cases


def test_opening_the_first_stage_brings_complete_cases_in_and_gives_them_to_the_lead(house, cast, make_case):
    case = make_case()
    make_case("Not ready", state=Nomination.State.ACCEPTED)
    assert actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY) == 1
    case.refresh_from_db()
    task = Assignment.objects.get()
    assert case.state == Nomination.State.IN_REVIEW
    assert (task.candidacy.nomination, task.reviewer) == (case, cast.regional_lead)


def test_a_stage_opens_before_its_date_only_with_a_reason(house, cast):
    with pytest.raises(RuleBroken, match="say why"):
        actions.open_stage(house.screen, by=cast.office_1.user)
    with clock.at(house.screen.opens_at + dt.timedelta(hours=1)):
        actions.open_stage(house.screen, by=cast.office_1.user)
    house.screen.refresh_from_db()
    assert house.screen.state == states.STAGE_OPEN


def test_a_stage_opens_once(house, cast):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    with pytest.raises(Outdated):
        actions.open_stage(house.screen, by=cast.office_2.user, reason=WHY)


def test_a_stage_waits_for_the_one_before(house, cast):
    with pytest.raises(RuleBroken, match="Regional review has to close first"):
        actions.open_stage(house.score, by=cast.office_1.user, reason=WHY)


def test_a_lead_with_a_tie_gets_no_task(house, cast, make_case):
    case = make_case()
    Conflict.objects.create(nomination=case, person=cast.regional_lead, kind=Conflict.Kind.FAMILY)
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    assert not Assignment.objects.exists()


def test_cases_completed_later_are_let_in_while_the_first_stage_runs(house, cast, make_case):
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    make_case()
    assert actions.admit_cases(house.screen, by=cast.office_1.user) == 1
    assert actions.admit_cases(house.screen, by=cast.office_1.user) == 0


def test_closing_a_screen_sends_on_stops_and_leaves_undecided(house, cast, make_candidacy):
    cases = {verdict: make_candidacy(house.screen, name=verdict) for verdict in ("pass", "fail", "unsure")}
    for verdict, candidacy in cases.items():
        code = "no-evidence" if verdict == "fail" else ""
        actions.give_verdict(candidacy, by=cast.regional_lead.user, verdict=verdict, reason_code=code)
    closing = actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    assert (closing.forward, closing.stopped, closing.undecided) == (1, 1, 1)
    decision = Decision.objects.get()
    assert (decision.candidacy, decision.outcome, decision.reason_code, decision.release) == (
        cases["fail"], states.NOT_THIS_TIME, "no-evidence", None,
    )  # fmt: skip


def test_a_failed_screen_changes_nothing_on_the_case_before_the_release(house, cast, make_candidacy):
    candidacy = make_candidacy(house.screen)
    before = Nomination.objects.filter(pk=candidacy.nomination_id).values().get()
    actions.give_verdict(candidacy, by=cast.regional_lead.user, verdict="fail", reason_code="no-evidence")
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    assert Nomination.objects.filter(pk=candidacy.nomination_id).values().get() == before
    assert not HistoryRow.objects.filter(kind="nomination").exists()


def test_a_cycle_may_tell_failed_screens_at_once_and_still_needs_a_second_person(house, cast, make_candidacy):
    house.cycle.tell_failed_screen_at_once = True
    house.cycle.save()
    candidacy = make_candidacy(house.screen)
    actions.give_verdict(candidacy, by=cast.regional_lead.user, verdict="fail", reason_code="no-evidence")
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    release = Release.objects.get()
    assert (release.kind, release.state, release.decisions.count()) == ("later", states.PLANNED, 1)
    actions.confirm_release(release, by=cast.office_2.user)
    assert actions.carry_out_release(release) == 1
    candidacy.nomination.refresh_from_db()
    assert candidacy.nomination.state == Nomination.State.NOT_AWARDED


def test_the_office_resolves_what_a_screen_left_open(house, cast, make_candidacy):
    first, second = make_candidacy(house.screen), make_candidacy(house.screen, name="Other")
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    with pytest.raises(RuleBroken, match="Write why"):
        actions.resolve_candidacy(first, by=cast.office_1.user, outcome=states.FORWARD, reason=" ")
    actions.resolve_candidacy(first, by=cast.office_1.user, outcome=states.FORWARD, reason=WHY)
    with pytest.raises(RuleBroken, match="left cases undecided"):
        actions.open_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.resolve_candidacy(
        second, by=cast.office_1.user, outcome=states.INELIGIBLE, reason=WHY, reason_code="employee"
    )
    assert Decision.objects.get().outcome == states.INELIGIBLE
    assert actions.open_stage(house.score, by=cast.office_1.user, reason=WHY) == 1


def test_closing_the_scores_ranks_within_the_category_and_proposes(house, cast, make_candidacy, submit):
    marks = {"a": (5, 5, 4, 4), "b": (4, 4, 4, 4), "c": (3, 3, 3, 3), "d": (2, 2, 2, 2), "e": (2, 2, 2, 2)}
    cases = {name: make_candidacy(house.score, cast.reviewer_1, name=name) for name in marks}
    other = make_candidacy(house.score, cast.reviewer_1, name="other", area=house.spreadsheets)
    for name, given in marks.items():
        submit(cases[name], cast.reviewer_1, *given)
    submit(other, cast.reviewer_1, 2, 2, 2, 2)
    closing = actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    rows = {one.nomination.nominee_name: one for one in Candidacy.objects.select_related("nomination")}
    assert closing.forward == 6
    assert {name: (row.rank, row.proposed) for name, row in rows.items()} == {
        "a": (1, "award"), "b": (2, "award"), "c": (3, "reserve"), "d": (4, "reserve"),
        "e": (4, "reserve"), "other": (1, "award"),
    }  # fmt: skip
    assert not Decision.objects.exists()


def test_a_tie_across_the_last_place_waits_for_a_written_reason(house, cast, make_candidacy, submit):
    cases = [make_candidacy(house.score, cast.reviewer_1, name=name) for name in "abc"]
    submit(cases[0], cast.reviewer_1, 4, 4, 4, 4)
    for one in cases[1:]:
        submit(one, cast.reviewer_1, 3, 3, 3, 3)
    closing = actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    assert (closing.forward, closing.undecided) == (1, 2)
    actions.resolve_candidacy(cases[1], by=cast.office_1.user, outcome=states.AWARD, reason=WHY)
    with pytest.raises(RuleBroken, match="All 2 places of Servers are taken"):
        actions.resolve_candidacy(cases[2], by=cast.office_1.user, outcome=states.AWARD, reason=WHY)
    actions.resolve_candidacy(cases[2], by=cast.office_1.user, outcome=states.RESERVE, reason=WHY)
    assert actions.open_stage(house.council, by=cast.office_1.user, reason=WHY) == 3


def test_marks_of_somebody_who_turned_out_to_have_a_tie_do_not_count(house, cast, make_candidacy, submit):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    submit(candidacy, cast.reviewer_1, 4, 4, 4, 4)
    submit(candidacy, cast.reviewer_2, 2, 2, 2, 2)
    Conflict.objects.create(nomination=candidacy.nomination, person=cast.reviewer_2, kind="employer")
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    candidacy.refresh_from_db()
    assert candidacy.mean == 4


def test_a_closed_stage_can_be_opened_again_until_something_was_built_on_it(
    house, cast, make_candidacy, submit
):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    later = clock.now() + dt.timedelta(days=2)
    actions.reopen_stage(house.score, closes_at=later, by=cast.office_1.user, reason=WHY)
    candidacy.refresh_from_db()
    assert (candidacy.state, candidacy.proposed, candidacy.rank) == (states.OPEN, "", None)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.open_stage(house.council, by=cast.office_1.user, reason=WHY)
    with pytest.raises(RuleBroken, match="next stage has begun"):
        actions.reopen_stage(house.score, closes_at=later, by=cast.office_1.user, reason=WHY)


def test_a_withdrawn_case_leaves_the_stage_and_its_tasks(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    actions.follow_case(candidacy.nomination, Nomination.State.IN_REVIEW, Nomination.State.WITHDRAWN)
    candidacy.refresh_from_db()
    assert candidacy.state == states.LEFT
    assert candidacy.assignments.get().state == states.RELEASED_FROM


def test_a_second_closing_is_refused(house, cast, run_stage):
    run_stage(house.screen)
    actions.close_stage(house.screen, by=cast.office_1.user, reason=WHY)
    with pytest.raises(Outdated):
        actions.close_stage(house.screen, by=cast.office_2.user, reason=WHY)


def test_a_screen_as_the_only_stage_is_refused(house, cast):
    house.score.delete()
    house.council.delete()
    with pytest.raises(RuleBroken, match="cannot be the last stage"):
        actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)


def test_a_lead_of_everywhere_gets_every_case(house, cast, make_case):
    factories.grant(cast.outsider, Role.REGIONAL_LEAD)
    make_case(region=house.iberia)
    actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY)
    assert Assignment.objects.get().reviewer == cast.outsider


def test_closing_takes_no_more_statements_for_thirty_cases_than_for_three(house, cast, monkeypatch):
    """Each statement is as long as its arrays; none has a branch for each case, nor a cursor, which is planned for its
    first rows and then looks through all reviews for each mark."""
    monkeypatch.setattr(connection, "chunked_cursor", None)
    many_cases(house, 3)
    with CaptureQueriesContext(connection) as few:
        actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    actions.reopen_stage(
        house.score, closes_at=clock.now() + dt.timedelta(days=1), by=cast.office_1.user, reason=WHY
    )
    many_cases(house, 27, seed=8)
    with CaptureQueriesContext(connection) as many:
        actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    assert len(many) <= len(few)
    assert not any("CASE WHEN" in one["sql"] for one in many.captured_queries)


def test_a_merge_undone_gives_back_the_tasks_that_it_took_and_no_others(house, cast, make_candidacy):
    kept = make_candidacy(house.score, name="Kept")
    joined = make_candidacy(house.score, name="Joined")
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        actions.assign_reviewer(joined, reviewer=reviewer, by=cast.office_1.user)
    actions.take_back_assignment(joined, reviewer=cast.reviewer_2, by=cast.technology_lead.user)
    merge_nominations(kept.nomination, joined.nomination, by=cast.office_1.user, reason=WHY)
    joined.refresh_from_db()
    assert (joined.state, joined.assignments.filter(state="assigned").count()) == (states.LEFT, 0)
    undo_merge(Nomination.objects.get(pk=joined.nomination_id), by=cast.office_1.user, reason=WHY)
    joined.refresh_from_db()
    assert joined.state == states.OPEN
    assert joined.assignments.get(state="assigned").reviewer == cast.reviewer_1
