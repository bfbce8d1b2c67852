"""A place goes on by itself when no award of its holder opens the summit any more."""

import datetime as dt

import pytest

from awards.actions import end_award, resign_award, revoke_award
from awards.models import Award
from charter.models import ReasonCode
from common import clock
from common.models import OutboxMail
from events.models import Registration, Summit
from events.tasks import leave
from people.actions import erase_person
from tests import factories
from tests.cast import Cast, House
from tests.events.conftest import Register


@pytest.fixture
def line(summit: Summit, holders, register: Register) -> list[Registration]:
    """One place, one who has it, two who wait."""
    Summit.objects.update(capacity=1)
    return [register(person) for person in holders(3)]


def states_of(line: list[Registration]) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in line]


def take_back(award, how: str) -> None:
    if how == "revoke":
        code = ReasonCode.objects.create(use="revoked", code="conduct-x", label="Conduct")
        revoke_award(award, by=None, reason_code=code.code)
    elif how == "resign":
        resign_award(award, by=None)
    else:
        end_award(award, by=None, reason="employed", on=clock.today() - dt.timedelta(days=1))


@pytest.mark.parametrize("how", ["revoke", "resign", "end"])
def test_the_next_in_line_gets_the_place_and_each_is_told_once(line: list[Registration], how: str) -> None:
    take_back(line[0].person.awards.get(), how)
    assert states_of(line) == ["cancelled", "registered", "waiting"]
    told = OutboxMail.objects.filter(kind__in=("events.award_ended", "events.place_freed"))
    assert sorted(told.values_list("kind", "person_key")) == [
        ("events.award_ended", line[0].person.key), ("events.place_freed", line[1].person.key)
    ]  # fmt: skip


def test_who_holds_another_award_that_invites_keeps_the_place(line: list[Registration], house: House) -> None:
    first = line[0].person.awards.get()
    factories.AwardFactory(person=line[0].person, area=house.spreadsheets, region=house.baltics)
    take_back(first, "revoke")
    assert states_of(line) == ["registered", "waiting", "waiting"]


def test_who_is_erased_frees_their_place_and_is_not_written_to(line: list[Registration], cast: Cast) -> None:
    erase_person(line[0].person, by=cast.office_1.user)
    assert states_of(line) == ["cancelled", "registered", "waiting"]
    assert OutboxMail.objects.filter(kind="events.place_freed").count() == 1
    assert not OutboxMail.objects.filter(kind="events.cancelled").exists()


@pytest.fixture
def open_ended(line: list[Registration]) -> None:
    """So that no other term ends with the year."""
    Award.objects.update(ends=None, last_year=None)


def told_by_mail() -> list[tuple[str, str]]:
    told = OutboxMail.objects.filter(kind__in=("events.award_ended", "events.place_freed"))
    return sorted(told.values_list("kind", "person_key"))


@pytest.mark.usefixtures("open_ended")
def test_a_place_goes_on_once_the_last_day_of_a_term_is_over(line: list[Registration]) -> None:
    end_award(line[0].person.awards.get(), by=None, reason="employed")
    leave()
    assert states_of(line) == ["registered", "waiting", "waiting"]
    with clock.at(clock.now() + dt.timedelta(days=1)):
        for _time in range(2):
            leave()
            assert states_of(line) == ["cancelled", "registered", "waiting"]
            assert told_by_mail() == [
                ("events.award_ended", line[0].person.key), ("events.place_freed", line[1].person.key)
            ]  # fmt: skip


@pytest.mark.usefixtures("open_ended")
def test_no_place_goes_to_somebody_whose_term_ended_the_same_day(line: list[Registration]) -> None:
    for row in line[:2]:
        end_award(row.person.awards.get(), by=None, reason="employed")
    with clock.at(clock.now() + dt.timedelta(days=1)):
        leave()
    assert states_of(line) == ["cancelled", "cancelled", "registered"]
    assert ("events.place_freed", line[1].person.key) not in told_by_mail()


@pytest.mark.usefixtures("open_ended")
def test_whose_next_term_has_begun_keeps_the_place(line: list[Registration], house: House) -> None:
    end_award(line[0].person.awards.get(), by=None, reason="employed")
    tomorrow = clock.today() + dt.timedelta(days=1)
    factories.AwardFactory(
        person=line[0].person, area=house.networking, region=house.baltics, starts=tomorrow, last_year=None
    )
    with clock.at(clock.now() + dt.timedelta(days=1)):
        leave()
    assert states_of(line) == ["registered", "waiting", "waiting"]
