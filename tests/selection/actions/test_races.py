"""Two at once, on real connections of their own: one wins, the other reads what happened."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import Role
from awards.models import Award
from charter.models import Cycle
from common import clock
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, OutboxMail
from nominations.actions import withdraw_nomination
from nominations.models import Nomination
from people.models import Employer
from selection import actions, states
from selection.actions.protocol import publish_protocol
from selection.models import (
    Assignment,
    Candidacy,
    Decision,
    DecisionBatch,
    Draw,
    Override,
    ProtocolVersion,
    Review,
    ReviewerCapacity,
    Rubric,
    Stage,
)
from selection.queries.board import Group
from selection.queries.protocol import rules_of
from selection.queries.rubrics import criteria_of, digest_of_rubric
from tests import factories
from tests.cast import make_rubric
from tests.selection.conftest import WHY, answers

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; what each returned, or the rule that stopped it, in order."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = work()
        except RuleBroken as broken:
            results[place] = broken
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refused(results: list[Any]) -> list[RuleBroken]:
    return [one for one in results if isinstance(one, RuleBroken)]


def test_a_case_that_enters_beside_a_change_of_its_category_has_the_new_one(house, make_case):
    case = make_case()
    enters = threading.Thread(
        target=together,
        args=[lambda: Candidacy.objects.create(nomination=case, stage=house.score, entered_at=clock.now())],
    )
    with transaction.atomic():
        Nomination.objects.filter(pk=case.pk).update(category=house.office_tools)
        enters.start()
        enters.join(0.3)  # long enough to enter, if nothing held it up
    enters.join()
    assert Candidacy.objects.get().category == house.office_tools


def editing(stage, by, name):
    """The rubric of a stage under another name, as a form that was drawn just now sends it."""
    rubric = stage.rubric
    values = {
        "name": name,
        "not_applicable_at_most": rubric.not_applicable_at_most,
        "reason_length": rubric.reason_length,
    }
    given = {"criteria": criteria_of(rubric), "seen": digest_of_rubric(rubric)}
    return lambda: actions.change_rubric(stage, values=values, by=by, reason=WHY, **given)


def test_two_stages_with_one_rubric_are_edited_at_once_and_each_has_its_own(house, cast):
    other = factories.StageFactory(rubric=house.rubric)
    results = together(
        editing(house.score, cast.office_1.user, "Mine"), editing(other, cast.office_2.user, "Yours")
    )
    assert not refused(results)
    names = {Stage.objects.get(pk=one.pk).rubric.name for one in (house.score, other)}
    assert (names, Rubric.objects.count()) == ({"Mine", "Yours"}, 2)


def test_a_rubric_that_two_published_stages_take_up_while_it_is_edited_stays_as_each_has_published_it(
    house, cast
):
    """Whoever comes first: each takes the edited one, or the editor has a copy; no protocol says what is not so."""
    shared = make_rubric("shared")
    editor = factories.StageFactory(rubric=shared)
    takers = [house.score, factories.StageFactory(rubric=house.rubric, rule=house.score.rule)]
    for one in takers:
        publish_protocol(one.cycle, by=cast.office_1.user)
    results = together(
        editing(editor, cast.office_1.user, "Edited"),
        *(
            lambda one=one: actions.change_stage(
                one, values={"rubric": shared}, by=cast.office_2.user, reason=WHY
            )
            for one in takers
        ),
    )
    assert not refused(results)
    for one in takers:
        fresh = Stage.objects.select_related("cycle", "rubric").get(pk=one.pk)
        assert fresh.rubric_id == shared.pk
        version = ProtocolVersion.objects.filter(cycle=fresh.cycle).latest("number")
        assert version.rules == rules_of(fresh.cycle)
    assert Stage.objects.get(pk=editor.pk).rubric.name == "Edited"


def test_whoever_takes_a_rubric_up_waits_for_its_editor(house, cast):
    """The editor has seen that nobody else uses it, and has not finished."""
    shared = make_rubric("shared")
    editor = factories.StageFactory(rubric=shared)
    taker = house.score
    publish_protocol(taker.cycle, by=cast.office_1.user)
    inside, done = threading.Event(), []

    def edit():
        with transaction.atomic():
            editing(editor, cast.office_1.user, "Edited")()
            inside.set()
            time.sleep(0.5)
            done.append("edited")

    def take():
        inside.wait()
        actions.change_stage(taker, values={"rubric": shared}, by=cast.office_2.user, reason=WHY)
        done.append("taken")

    together(edit, take)
    assert done == ["edited", "taken"]
    version = ProtocolVersion.objects.filter(cycle=taker.cycle).latest("number")
    assert version.rules == rules_of(Cycle.objects.get(pk=taker.cycle_id))
    assert "Edited" in str(version.rules)


def test_one_reviewer_in_two_windows_hands_in_once(house, cast, make_candidacy):
    candidacy, user = make_candidacy(house.score, cast.reviewer_1), cast.reviewer_1.user
    results = together(
        lambda: actions.submit_review(candidacy, by=user, answers=answers(4, 4, 4, 4), version=0),
        lambda: actions.submit_review(candidacy, by=user, answers=answers(2, 2, 2, 2), version=0),
    )
    assert [type(one) for one in refused(results)] == [Outdated]
    review = Review.objects.get()
    assert Candidacy.objects.get().mean == review.total
    assert review.versions.count() == 1


def test_a_double_click_hands_in_once_and_tells_both_so(house, cast, make_candidacy):
    candidacy, user = make_candidacy(house.score, cast.reviewer_1), cast.reviewer_1.user

    def click():
        return actions.submit_review(candidacy, by=user, answers=answers(4, 4, 4, 4), version=0).pk

    first, second = together(click, click)
    assert first == second
    assert HistoryRow.objects.filter(verb="submit").count() == 1


def test_two_windows_that_begin_a_draft_at_once_do_not_overwrite_each_other(house, cast, make_candidacy):
    candidacy, user = make_candidacy(house.score, cast.reviewer_1), cast.reviewer_1.user
    results = together(
        lambda: actions.save_review(candidacy, by=user, answers=answers(4, 4, 4, 4), version=0),
        lambda: actions.save_review(candidacy, by=user, answers=answers(2, 2, 2, 2), version=0),
    )
    (later,) = refused(results)
    assert isinstance(later, actions.ReviewOutdated)
    assert later.saved.draft == Review.objects.get().draft


def test_two_reviewers_at_once_both_count(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1, cast.reviewer_2)
    results = together(
        lambda: actions.submit_review(
            candidacy, by=cast.reviewer_1.user, answers=answers(4, 4, 4, 4), version=0
        ),
        lambda: actions.submit_review(
            candidacy, by=cast.reviewer_2.user, answers=answers(2, 2, 2, 2), version=0
        ),
    )
    assert refused(results) == []
    assert Candidacy.objects.get().mean == 3


def test_a_stage_opens_once(house, cast, make_case):
    make_case()
    results = together(
        lambda: actions.open_stage(house.screen, by=cast.office_1.user, reason=WHY),
        lambda: actions.open_stage(house.screen, by=cast.office_2.user, reason=WHY),
    )
    assert len(refused(results)) == 1
    assert (Candidacy.objects.count(), Assignment.objects.count()) == (1, 1)


def test_a_review_is_in_before_the_close_or_not_at_all(house, cast, make_candidacy):
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submitted, _closed = together(
        lambda: actions.submit_review(
            candidacy, by=cast.reviewer_1.user, answers=answers(4, 4, 4, 4), version=0
        ),
        lambda: actions.close_stage(house.score, by=cast.office_1.user, reason=WHY),
    )
    candidacy.refresh_from_db()
    if isinstance(submitted, Outdated):
        assert (candidacy.mean, candidacy.proposed) == (None, "")
    else:
        assert (candidacy.mean, candidacy.proposed) == (4, "award")


def test_two_members_take_the_last_place_once(house, cast, make_candidacy):
    other = factories.make_person("Ana Ferreira", "ana@contoso.example")
    factories.grant(other, Role.COUNCIL_MEMBER, category=house.servers)
    make_candidacy(house.council, proposed="award")
    reserves = [make_candidacy(house.council, proposed="reserve") for _number in range(2)]
    because = {"outcome": "award", "reason_code": "evidence-weighs-more", "reason": WHY}
    results = together(
        lambda: actions.override_proposal(reserves[0], by=cast.council_member.user, **because),
        lambda: actions.override_proposal(reserves[1], by=other.user, **because),
    )
    assert len(refused(results)) == 1
    assert Override.objects.count() == 1


def test_two_of_one_employer_are_not_assigned_at_once(house, cast, make_candidacy):
    for reviewer in (cast.reviewer_1, cast.reviewer_2):
        Employer.objects.create(person=reviewer, name="Danube Printing", key="danube printing")
    candidacy = make_candidacy(house.score)
    results = together(
        lambda: actions.assign_reviewer(candidacy, reviewer=cast.reviewer_1, by=cast.office_1.user),
        lambda: actions.assign_reviewer(candidacy, reviewer=cast.reviewer_2, by=cast.office_2.user),
    )
    assert len(refused(results)) == 1
    assert Assignment.objects.count() == 1


def test_two_who_hand_over_at_once_fill_the_last_place_of_a_reviewer_once(house, cast, make_candidacy):
    """The first has counted and given, and has not finished."""
    cases = [make_candidacy(house.score, cast.reviewer_2) for _number in range(2)]
    ReviewerCapacity.objects.create(stage=house.score, person=cast.reviewer_1, cases=1, set_at=clock.now())
    inside = threading.Event()

    def give(case, by):
        given = {"reviewer": cast.reviewer_2, "to": cast.reviewer_1, "by": by.user, "reason": WHY}
        return actions.reassign_cases([case], **given).number

    def first():
        with transaction.atomic():
            number = give(cases[0], cast.office_1)
            inside.set()
            time.sleep(0.3)
        return number

    def second():
        inside.wait()
        return give(cases[1], cast.office_2)

    given, refusal = together(first, second)
    assert (given, str(refusal)) == (
        1,
        f"{cast.reviewer_1.name} takes no more cases in this stage. Choose somebody else.",
    )
    assert cast.reviewer_1.assignments.filter(state=states.ASSIGNED).count() == 1


def test_two_runs_of_the_schedule_at_once_remind_each_once(house, cast, make_candidacy):
    make_candidacy(house.score, cast.reviewer_1)
    now, before = clock.now(), clock.now() - dt.timedelta(days=20)
    Assignment.objects.update(assigned_at=before)
    Stage.objects.filter(pk=house.score.pk).update(opens_at=before, closes_at=now + dt.timedelta(days=6))
    assert sorted(together(actions.send_due_reminders, actions.send_due_reminders)) == [0, 1]
    assert OutboxMail.objects.filter(kind="selection.reminder").count() == 1
    assert HistoryRow.objects.filter(kind="reminder").count() == 1


@pytest.fixture
def release(house, cast, make_candidacy):
    candidacy = make_candidacy(house.council, state=states.DECIDED, proposed="award")
    for stage in (house.screen, house.score, house.council):
        stage.state = states.STAGE_CLOSED
        stage.save()
    Decision.objects.create(candidacy=candidacy, outcome="award", decided_at=clock.now())
    return actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)


def test_two_confirm_at_once_and_one_is_recorded(cast, release):
    third = factories.make_person("Emeka Obi", "emeka@contoso.example")
    factories.grant(third, Role.PROGRAM_OFFICE)
    results = together(
        lambda: actions.confirm_release(release, by=cast.office_2.user),
        lambda: actions.confirm_release(release, by=third.user),
    )
    assert len(refused(results)) == 1
    assert HistoryRow.objects.filter(kind="release", verb="confirm").count() == 1


def test_a_release_run_twice_at_once_goes_out_once(house, cast, release):
    actions.confirm_release(release, by=cast.office_2.user)
    results = together(lambda: actions.carry_out_release(release), lambda: actions.carry_out_release(release))
    assert sorted(results) == [0, 1]
    assert Award.objects.filter(cycle=house.cycle).count() == 1
    assert OutboxMail.objects.filter(kind="selection.awarded").count() == 1
    assert HistoryRow.objects.filter(kind="release", verb="release").count() == 1


def test_a_case_withdrawn_while_it_is_released_is_one_or_the_other(house, cast, release):

    case = Decision.objects.get().candidacy.nomination
    actions.confirm_release(release, by=cast.office_2.user)
    withdrawn, released = together(
        lambda: withdraw_nomination(case, by=case.nominee.user), lambda: actions.carry_out_release(release)
    )
    case.refresh_from_db()
    awards = Award.objects.filter(cycle=house.cycle).count()
    if isinstance(withdrawn, RuleBroken):
        assert (case.state, awards, released) == ("awarded", 1, 1)
    else:
        assert (case.state, awards, released) == ("withdrawn", 0, 0)


def test_two_chairs_decide_on_one_case_and_one_is_told_of_the_other(house, cast, make_candidacy, submit):
    other = factories.make_person("Ana Ferreira", "ana@contoso.example")
    factories.grant(other, Role.TECHNOLOGY_LEAD, category=house.servers)
    candidacy = make_candidacy(house.score, cast.reviewer_1)
    submit(candidacy, cast.reviewer_1, 3, 3, 3, 3)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    group = Group(house.score, [], house.servers, [], 2, 2)
    results = together(
        *(
            lambda outcome=outcome, person=person: actions.decide_in_bulk(
                group, by=person.user, outcome=outcome, cases={candidacy.key: "award"}, reason=WHY
            )
            for outcome, person in (("reserve", cast.technology_lead), ("not_this_time", other))
        )
    )
    assert [type(one) for one in refused(results)] == [Outdated]
    batch = DecisionBatch.objects.get()
    assert Candidacy.objects.get().proposed == batch.outcome


def test_two_chairs_draw_once(house, cast, make_candidacy, submit):
    group = Group(house.score, [], house.servers, [], 2, 2)
    house.score.draw_seed = "winter-solstice"
    house.score.save()
    for name in ("Aija", "Bruno", "Cathrin"):
        submit(make_candidacy(house.score, cast.reviewer_1, name=name), cast.reviewer_1, 3, 3, 3, 3)
    actions.close_stage(house.score, by=cast.office_1.user, reason=WHY)
    results = together(
        lambda: actions.draw_tie(group, by=cast.technology_lead.user),
        lambda: actions.draw_tie(group, by=cast.office_1.user),
    )
    assert [type(one) for one in refused(results)] == [Outdated]
    assert Draw.objects.get().lines.count() == 3


def test_a_second_look_is_opened_once(house, cast, make_candidacy):
    case = make_candidacy(house.score, case_state="second_look", state=states.FORWARD).nomination
    until = clock.now() + dt.timedelta(days=3)

    def opened():
        return actions.open_second_look(case, closes_at=until, by=cast.office_1.user).pk

    assert [type(one) for one in refused(together(opened, opened))] == [Outdated]
    assert Candidacy.objects.filter(nomination=case, closes_at__isnull=False).count() == 1
