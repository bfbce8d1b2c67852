"""Dates that slip: seen on the page at once, mailed once a slip to everybody whom it concerns, and to nobody else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from charter.models import Cycle
from common import clock, delivery
from common.models import OutboxMail
from nominations.models import Nomination, Support
from people.models import Address
from selection import actions
from selection.models import Candidacy, Stage, ToldDate
from tests import factories
from tests.cast import Cast, House
from tests.nominations.conftest import accepted, complete, in_review, invited, submit  # noqa: F401

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def look(run_jobs: Callable[[], int], after: dt.timedelta = dt.timedelta()) -> int:
    with clock.at(clock.now() + after):
        slips = actions.watch_dates()
        run_jobs()
    return slips


def told() -> list[tuple[str, str]]:
    mails = OutboxMail.objects.filter(kind__startswith="selection.delayed").order_by("kind", "to")
    return [(mail.kind.rpartition(".")[2], mail.to) for mail in mails]


def move(stage: Stage, by: dt.timedelta = WEEK) -> None:
    Stage.objects.filter(pk=stage.pk).update(closes_at=stage.closes_at + by)


@pytest.fixture
def looked(in_review: Nomination, house: House, run_jobs: Callable[[], int]) -> Nomination:  # noqa: F811
    """A case in review, in a cycle whose dates were told before."""
    Stage.objects.filter(pk=house.score.pk).update(state="open")
    assert look(run_jobs) == 0
    return in_review


BOTH = [("delayed", "ilmars@community.example"), ("delayed_for_supporter", "teodora@community.example")]


def test_the_first_look_tells_nothing(looked: Nomination, house: House) -> None:
    assert told() == []
    assert ToldDate.objects.filter(cycle=house.cycle).count() == 5  # dossiers, three stages, the letters


def test_a_moved_end_is_told_once_to_each(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    move(house.score)
    assert look(run_jobs) == 1
    assert look(run_jobs) == 0
    assert told() == BOTH
    letter = delivery.write(OutboxMail.objects.get(kind="selection.delayed"))
    assert "Technology review was to end on" in letter.text
    assert "is now expected to end by" in letter.text
    assert looked.key in letter.text


def test_dates_that_move_together_are_one_mail(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    move(house.score)
    move(house.council)
    Cycle.objects.update(release_planned_at=house.cycle.release_planned_at + WEEK)
    assert look(run_jobs) == 3
    assert told() == BOTH
    letter = delivery.write(OutboxMail.objects.get(kind="selection.delayed_for_supporter"))
    assert letter.text.count("expected to") == 3


def test_a_second_slip_is_a_second_mail(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    for weeks in (1, 2):
        move(house.score, weeks * WEEK)
        look(run_jobs)
    assert told() == sorted(BOTH * 2)


def test_what_is_moved_and_moved_back_between_two_looks_is_no_news(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    move(house.score)
    Stage.objects.filter(pk=house.score.pk).update(closes_at=house.score.closes_at)
    assert look(run_jobs) == 0


def test_an_earlier_end_is_no_slip_but_a_later_one_after_it_is(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    move(house.score, -dt.timedelta(days=3))
    assert look(run_jobs) == 0
    Stage.objects.filter(pk=house.score.pk).update(closes_at=house.score.closes_at)
    assert look(run_jobs) == 1


def test_a_day_that_passes_with_the_stage_open_is_told_the_same_day(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    until = house.score.closes_at - clock.now()
    assert look(run_jobs, until + dt.timedelta(minutes=5)) == 0  # silent grace
    assert look(run_jobs, until + dt.timedelta(minutes=25)) == 1
    assert look(run_jobs, until + dt.timedelta(days=2)) == 0
    assert told() == BOTH
    letter = delivery.write(OutboxMail.objects.get(kind="selection.delayed"))
    assert "A new date is not set yet" in letter.text


def test_a_stage_that_closed_is_not_late(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    Stage.objects.filter(pk=house.score.pk).update(state="closed")
    assert look(run_jobs, house.score.closes_at - clock.now() + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize("state", ["invited", "withdrawn", "declined", "expired", "awarded", "not_awarded"])
def test_cases_that_are_over_or_unanswered_hear_nothing(
    looked: Nomination, house: House, run_jobs: Callable[[], int], state: str
) -> None:
    Nomination.objects.filter(pk=looked.pk).update(state=state)
    move(house.score)
    look(run_jobs)
    assert told() == []


def test_a_case_with_a_pending_no_hears_the_same(
    looked: Nomination, house: House, cast: Cast, run_jobs: Callable[[], int]
) -> None:
    from selection.models import Decision

    ended = Candidacy.objects.create(
        nomination=looked, stage=house.screen, entered_at=clock.now(), state="decided"
    )
    Decision.objects.create(candidacy=ended, outcome="not_this_time", decided_at=clock.now())
    move(house.score)
    look(run_jobs)
    assert told() == BOTH


def test_who_took_their_support_back_or_wrote_nothing_hears_nothing(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    Support.objects.update(declined_at=clock.now())
    Support.objects.create(
        nomination=looked, kind="endorser", name="E", email="e@x.example", asked_at=clock.now()
    )
    move(house.score)
    look(run_jobs)
    assert told() == BOTH[:1]


def test_the_job_run_twice_tells_nobody_twice(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    move(house.score)
    look(run_jobs)
    ToldDate.objects.update(told_at=None)  # as if the worker had died before its last line
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        actions.watch_dates()
        run_jobs()
    assert told() == BOTH


def test_one_case_and_three_take_the_same_statements(
    looked: Nomination, house: House, django_assert_num_queries: Callable[..., Any]
) -> None:
    move(house.score)
    for extra in (0, 2):
        for _number in range(extra):
            case = factories.NominationFactory(cycle=house.cycle, area=house.networking, state="in_review")
            Address.objects.create(person=case.nominee, email=case.nominee_email, primary=True)
        actions.note_dates(house.cycle)
        batch = ToldDate.objects.latest("pk").batch
        with django_assert_num_queries(13):
            assert actions.tell_delay(batch) == 2 + extra
        move(Stage.objects.get(pk=house.score.pk))


def test_a_moved_close_of_dossiers_is_told_to_those_who_write_one(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    open_case = factories.NominationFactory(cycle=house.cycle, area=house.directory, state="accepted")
    Address.objects.create(person=open_case.nominee, email="open@elsewhere.example", primary=True)
    for days in (7, -7):  # an earlier one is news too
        house.cycle.dossiers_close_at += dt.timedelta(days=days)
        house.cycle.save()
        assert look(run_jobs) == 1
    assert told() == [("delayed", "open@elsewhere.example")] * 2
    letter = delivery.write(OutboxMail.objects.filter(kind="selection.delayed").earliest("pk"))
    assert "Dossiers were to be complete by" in letter.text
    assert "takes longer" not in letter.text


def test_a_case_carried_over_hears_of_the_cycle_that_it_is_in_now(
    looked: Nomination, house: House, run_jobs: Callable[[], int]
) -> None:
    following = factories.CycleFactory(slug="after", name="After")
    stage = factories.StageFactory(cycle=following, state="open")
    Candidacy.objects.create(nomination=looked, stage=stage, entered_at=clock.now())
    assert look(run_jobs) == 0
    move(stage)
    assert look(run_jobs) == 1
    assert told() == BOTH


@pytest.fixture
def second_look(looked: Nomination, house: House, run_jobs: Callable[[], int]) -> Candidacy:
    Nomination.objects.filter(pk=looked.pk).update(state="second_look", second_look_at=clock.now())
    ends = clock.now() + WEEK
    one = Candidacy.objects.create(
        nomination=looked, stage=house.score, round=2, entered_at=clock.now(), closes_at=ends
    )
    assert look(run_jobs) == 0
    return one


@pytest.mark.parametrize(("may_learn", "number"), [(True, 2), (False, 1), (None, 1)])
def test_a_second_look_that_takes_longer_is_told_to_those_who_may_know_of_it(
    second_look: Candidacy, run_jobs: Callable[[], int], may_learn: bool | None, number: int
) -> None:
    Nomination.objects.update(nominator_may_learn_outcome=may_learn)
    assert look(run_jobs, dt.timedelta(days=8)) >= 1
    look(run_jobs, dt.timedelta(days=9))
    about = [
        mail for mail in OutboxMail.objects.all() if "second look was to end" in delivery.write(mail).text
    ]
    assert len(about) == number


def test_a_second_look_that_is_decided_says_no_more_before_its_letter(
    second_look: Candidacy, run_jobs: Callable[[], int]
) -> None:
    Candidacy.objects.filter(pk=second_look.pk).update(state="decided")
    look(run_jobs, dt.timedelta(days=8))
    assert ToldDate.objects.filter(candidacy=second_look, overdue=True).count() == 1
