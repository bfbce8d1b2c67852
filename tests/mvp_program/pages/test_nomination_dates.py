"""The dates on the status page of a case: what runs now, and what is late or was moved, said with both days."""

import datetime as dt
from collections.abc import Callable

from django.test import Client

from common import clock
from nominations import actions, states
from nominations.models import Nomination
from nominations.words import day_in_words
from people.models import Person
from selection import actions as selection_actions
from selection.models import Candidacy, Stage
from tests.cast import Cast, House
from tests.factories import CycleFactory, StageFactory
from tests.mvp_program.pages.test_nomination import decide, page_of, release, run
from tests.nominations.conftest import (  # noqa: F401
    accepted,
    complete,
    endorsement,
    in_review,
    invited,
    submit,
)

SignIn = Callable[[Person | None], Client]


def test_a_running_stage_is_now_and_an_overdue_one_is_delayed(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    run(house.screen)
    assert "You are in review: Regional review" in page_of(sign_in(cast.nominee), in_review)
    run(house.screen, closes_at=clock.now() - dt.timedelta(hours=1))
    page = page_of(sign_in(cast.nominee), in_review)
    assert "Delayed" in page
    assert "takes longer" in page


def test_a_moved_end_is_called_delayed_at_once_before_any_mail(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    run(house.score)
    selection_actions.note_dates(house.cycle)
    clients = [sign_in(cast.nominee), sign_in(cast.nominator)]
    assert "Delayed" not in page_of(clients[0], in_review)
    for stage in (house.score, house.council):
        stage.refresh_from_db()
        Stage.objects.filter(pk=stage.pk).update(closes_at=stage.closes_at + dt.timedelta(days=7))
    for page in (page_of(client, in_review) for client in clients):
        assert page.count("Delayed") == 2
        assert page.count("now expected by") == 2


def test_a_stage_that_waits_for_the_one_before_does_not_keep_its_beginning(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    run(house.score)
    client, later = sign_in(cast.nominee), house.council.opens_at + dt.timedelta(days=3)
    assert "once the stage before has ended" not in page_of(client, in_review)
    Stage.objects.filter(pk=house.score.pk).update(closes_at=later)
    page = page_of(client, in_review)
    was = day_in_words(house.council.opens_at)
    assert f"It was to begin on {was} and begins once the stage before has ended." in page


def test_moved_letters_are_called_delayed_with_both_days(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    selection_actions.note_dates(house.cycle)
    house.cycle.release_planned_at += dt.timedelta(days=7)
    house.cycle.save()
    page = page_of(sign_in(cast.nominee), in_review)
    assert "They were to go out on" in page
    assert "now expected on" in page


def test_late_letters_are_called_delayed(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    house.cycle.release_planned_at = clock.now() - dt.timedelta(days=2)
    house.cycle.save()
    assert "The program office needs longer" in page_of(sign_in(cast.nominee), in_review)


def test_a_case_in_its_next_cycle_shows_the_dates_of_that_one(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    release(house, decide(in_review, house.council, "carry_over"), states.IN_REVIEW)
    following = CycleFactory(name="The year after", opens_at=clock.now())
    stage = StageFactory(cycle=following, public_name="Screen of the year after", state="open")
    Candidacy.objects.create(nomination=in_review, stage=stage, entered_at=clock.now())
    page = page_of(sign_in(cast.nominee), in_review)
    assert "looked at again in The year after" in page
    assert "You are in review: Screen of the year after" in page
    assert "Letters go out" in page


def test_a_second_look_has_an_end_of_its_own(
    in_review: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    release(house, decide(in_review, house.council, "not_this_time"), states.NOT_AWARDED)
    actions.request_second_look(in_review, by=cast.nominee.user, reason="A link was dead.")
    ends = clock.now() + dt.timedelta(days=7)
    Candidacy.objects.create(
        nomination=in_review, stage=house.score, round=2, entered_at=clock.now(), closes_at=ends
    )
    client = sign_in(cast.nominee)
    assert "Delayed" not in page_of(client, in_review)
    with clock.at(ends + dt.timedelta(days=1)):
        assert "It takes longer; you hear as soon as there is an answer" in page_of(client, in_review)


def test_a_moved_close_of_dossiers_says_so(
    accepted: Nomination,  # noqa: F811
    house: House,
    cast: Cast,
    sign_in: SignIn,
) -> None:
    selection_actions.note_dates(house.cycle)
    assert "Moved" not in page_of(sign_in(cast.nominee), accepted)
    house.cycle.dossiers_close_at += dt.timedelta(days=7)
    house.cycle.save()
    assert "It was to be complete by" in page_of(sign_in(cast.nominee), accepted)
