"""Two people, one moment, nothing twice."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from awards.models import Award
from common import clock, registry
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow, OutboxMail
from nominations.models import Nomination, Support
from selection import actions, states
from selection.models import Decision, Release
from tests import factories
from tests.selection.conftest import WHY
from tests.spread import all_of_them


@pytest.fixture
def decide(house, make_candidacy):
    """``decide("award", name="…")``: a decided case, all stages closed."""

    def decide(outcome, **fields):
        candidacy = make_candidacy(house.council, state=states.DECIDED, proposed=outcome, **fields)
        for stage in (house.screen, house.score, house.council):
            stage.state = states.STAGE_CLOSED
            stage.save()
        return Decision.objects.create(
            candidacy=candidacy, proposed=outcome, outcome=outcome, decided_at=clock.now()
        )

    return decide


@pytest.fixture
def release_now(house, cast):
    """Prepare, confirm and carry out."""

    def release_now():
        release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
        actions.confirm_release(release, by=cast.office_2.user)
        actions.carry_out_release(release)
        release.refresh_from_db()
        return release

    return release_now


def test_a_release_settles_every_outcome_and_grants_the_awards(house, decide, release_now):
    outcomes = ("award", "reserve", "not_this_time", "ineligible")
    decisions = {outcome: decide(outcome, name=outcome) for outcome in outcomes}
    release = release_now()
    cases = {name: Nomination.objects.get(nominee_name=name).state for name in outcomes}
    assert release.released_at is not None
    assert cases == {
        "award": "awarded", "reserve": "on_reserve", "not_this_time": "not_awarded", "ineligible": "ineligible",
    }  # fmt: skip
    award = Award.objects.get(cycle=house.cycle)
    decisions["award"].refresh_from_db()
    assert decisions["award"].award == award
    assert (award.area_name, award.starts, award.ends, award.first_year, award.last_year) == (
        house.networking.name, house.cycle.term_starts, house.cycle.term_ends,
        house.cycle.award_year, house.cycle.award_year,
    )  # fmt: skip


def test_the_second_person_is_another_one(house, cast, decide):
    decide("award")
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    with pytest.raises(RuleBroken, match="Somebody else"):
        actions.confirm_release(release, by=cast.office_1.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(confirmed_by=cast.office_1)


def test_nothing_goes_out_before_its_time_or_unconfirmed(house, cast, decide):
    decide("award")
    later = clock.now() + dt.timedelta(hours=3)
    release = actions.prepare_release(house.cycle, scheduled_at=later, by=cast.office_1.user)
    assert actions.carry_out_release(release) == 0
    actions.confirm_release(release, by=cast.office_2.user)
    assert actions.carry_out_release(release) == 0
    assert not OutboxMail.objects.exists()
    with clock.at(later):
        assert actions.carry_out_release(release) == 1


def test_the_worker_carries_it_out_at_its_time(house, cast, decide, run_jobs):
    decide("award")
    later = clock.now() + dt.timedelta(hours=3)
    release = actions.prepare_release(house.cycle, scheduled_at=later, by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    run_jobs()
    release.refresh_from_db()
    assert release.released_at is None
    with clock.at(later):
        actions.carry_out_release(release)
        run_jobs()
    release.refresh_from_db()
    assert release.released_at == later


def test_a_second_run_does_nothing(house, decide, release_now):
    decide("award")
    release = release_now()
    counts = (Award.objects.count(), OutboxMail.objects.count(), HistoryRow.objects.count())
    assert actions.carry_out_release(release) == 0
    assert (Award.objects.count(), OutboxMail.objects.count(), HistoryRow.objects.count()) == counts


def test_everybody_with_an_outcome_gets_one_letter(cast, decide, release_now):
    decision = decide("award")
    endorser = factories.make_person("Mirela Stan", "mirela@community.example")
    for person, given in ((endorser, clock.now()), (cast.outsider, None)):
        Support.objects.create(
            nomination=decision.candidacy.nomination, kind="endorser", person=person, name=person.name,
            given_at=given,
        )  # fmt: skip
    release_now()
    kinds = dict(OutboxMail.objects.values_list("to", "kind"))
    assert kinds == {
        decision.candidacy.nomination.nominee.addresses.get().email: "selection.awarded",
        "teodora@community.example": "selection.supporter",
        "mirela@community.example": "selection.supporter",
    }


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("award", "You hold the MVP award"),
        ("reserve", "stands on the reserve"),
        ("not_this_time", "You do not receive the MVP award"),
        ("ineligible", "could not be considered"),
    ],
)
def test_the_letter_says_the_outcome_in_words(decide, release_now, outcome, words):
    decision = decide(outcome)
    release_now()
    mail = OutboxMail.objects.exclude(kind="selection.supporter").get()
    letter = registry.mails[mail.kind](mail.keys, "en")
    assert words in letter.text
    assert f"/nominations/{decision.candidacy.nomination.key}/" in letter.text
    assert decision.candidacy.nomination.nominee.name in letter.text


def test_a_no_says_why_and_when_to_try_again(house, decide, release_now):
    decision = decide("not_this_time")
    Decision.objects.filter(pk=decision.pk).update(reason_code="no-evidence")
    factories.CycleFactory(name="After", opens_at=clock.now() + dt.timedelta(days=200))
    release_now()
    mail = OutboxMail.objects.get(kind="selection.not_awarded")
    text = registry.mails[mail.kind](mail.keys, "en").text
    assert "No evidence that can be checked." in text
    assert "second look until" in text
    assert "Nominations of the next cycle are open from" in text


@pytest.mark.parametrize(("allowed", "said"), [(True, True), (False, False), (None, False)])
def test_a_nominator_reads_the_outcome_only_if_the_nominee_agreed(decide, release_now, allowed, said):
    decision = decide("award")
    Nomination.objects.filter(pk=decision.candidacy.nomination_id).update(nominator_may_learn_outcome=allowed)
    release_now()
    mail = OutboxMail.objects.get(kind="selection.supporter")
    text = registry.mails[mail.kind](mail.keys, "en").text
    assert ("holds the MVP award" in text) is said


def test_a_release_waits_until_every_case_has_an_outcome(house, cast, decide, make_candidacy):
    decide("award")
    make_candidacy(house.council, name="Open")
    with pytest.raises(RuleBroken, match="Some cases have no outcome yet"):
        actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)


def test_a_release_waits_for_the_last_stage(house, cast, decide, run_stage):
    decide("award")
    run_stage(house.council)
    with pytest.raises(RuleBroken, match="Product-team council has to close first"):
        actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)


def test_a_case_withdrawn_meanwhile_is_not_released(cast, house, decide):
    decision = decide("award")
    decide("reserve", name="Other")
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    Nomination.objects.filter(pk=decision.candidacy.nomination_id).update(state="withdrawn")
    assert actions.carry_out_release(release) == 1
    decision.refresh_from_db()
    assert decision.release is None
    assert not Award.objects.filter(cycle=house.cycle).exists()


def test_a_renewal_starts_the_day_after_the_term_that_still_runs(house, cast, decide, release_now):
    until = house.cycle.term_starts + dt.timedelta(days=30)
    Award.objects.filter(person=cast.holder, first_year=house.program.current_year).update(ends=until)
    decide("award", nominee=cast.holder)
    release_now()
    award = Award.objects.get(person=cast.holder, cycle=house.cycle)
    assert (award.starts, award.ends) == (until + dt.timedelta(days=1), house.cycle.term_ends)


def test_an_award_without_end_needs_no_other(house, cast, decide, release_now):
    Award.objects.filter(person=cast.holder, first_year=house.program.current_year).update(ends=None)
    decision = decide("award", nominee=cast.holder)
    release_now()
    decision.refresh_from_db()
    assert decision.award is None
    assert not Award.objects.filter(cycle=house.cycle).exists()


def test_another_time_needs_both_confirmations_again(house, cast, decide):
    decide("award")
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.confirm_release(release, by=cast.office_2.user)
    later = clock.now() + dt.timedelta(days=1)
    release = actions.reschedule_release(release, scheduled_at=later, by=cast.office_2.user)
    assert (release.state, release.confirmed_by, release.prepared_by) == (
        states.PLANNED, None, cast.office_2,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Somebody else"):
        actions.confirm_release(release, by=cast.office_2.user)


def test_a_held_release_gives_its_decisions_back(house, cast, decide):
    decide("award")
    release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
    actions.cancel_release(release, by=cast.office_2.user, reason=WHY)
    assert not Decision.objects.filter(release__isnull=False).exists()
    with pytest.raises(Outdated):
        actions.confirm_release(release, by=cast.office_2.user)
    assert actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)


def test_the_reserve_is_numbered_within_its_category_and_served_in_order(house, cast, decide, release_now):
    first = decide("reserve", name="first", rank=3)
    second = decide("reserve", name="second", rank=4)
    release_now()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.reserve_order, second.reserve_order) == (1, 2)
    with pytest.raises(RuleBroken, match="Another case comes first"):
        actions.decide_reserve(second, by=cast.office_1.user, outcome="award", reason=WHY)
    again = actions.decide_reserve(first, by=cast.office_1.user, outcome="award", reason=WHY)
    release = release_now()
    again.refresh_from_db()
    assert (release.kind, again.award is not None) == ("later", True)
    assert Nomination.objects.get(nominee_name="first").state == "awarded"


def test_a_second_look_is_decided_once_and_waits_for_a_later_release(house, cast, decide, release_now):
    decision = decide("not_this_time")
    release_now()
    case = decision.candidacy.nomination
    with pytest.raises(Outdated):
        actions.decide_second_look(case, by=cast.office_1.user, outcome="award", reason=WHY)
    Nomination.objects.filter(pk=case.pk).update(state="second_look")
    actions.decide_second_look(case, by=cast.office_1.user, outcome="award", reason=WHY)
    with pytest.raises(Outdated):
        actions.decide_second_look(case, by=cast.office_2.user, outcome="award", reason=WHY)
    release_now()
    case.refresh_from_db()
    assert case.state == "awarded"


def test_many_cases_take_as_many_statements_as_two(house, cast, decide):
    many = 200 if all_of_them() else 40
    house.cycle.places.update(places=500)

    def statements(count):
        for number in range(count):
            decide("award" if number % 2 else "not_this_time", name=f"Case {number}")
        release = actions.prepare_release(house.cycle, scheduled_at=clock.now(), by=cast.office_1.user)
        actions.confirm_release(release, by=cast.office_2.user)
        with CaptureQueriesContext(connection) as captured:
            assert actions.carry_out_release(release) == count
        return len(captured)

    assert (
        statements(2) == 52
    )  # the main one also publishes its report and asks for mails about one's own year
    assert statements(2) == statements(many) == 39


def test_the_award_year_begins_with_the_term_of_a_released_cycle_and_not_before(house, decide, release_now):
    decide("award")
    actions.begin_award_year()
    release_now()
    assert not actions.begin_award_year(), "the term has not begun"
    first_day = dt.datetime.combine(house.cycle.term_starts, dt.time(1), tzinfo=dt.UTC)
    with clock.at(first_day):
        assert actions.begin_award_year()
        assert not actions.begin_award_year(), "once"
    house.program.refresh_from_db()
    assert house.program.current_year == house.cycle.award_year
    assert HistoryRow.objects.get(kind="site", verb="begin_award_year").new_state == str(
        house.cycle.award_year
    )
