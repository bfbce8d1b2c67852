"""Times by the reader's own clock."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from charter import zone
from charter.models import Program
from charter.zone import forget_zone
from common import clock
from nominations.queries import evidence_window
from people.actions import merge_persons
from people.models import Merge, Person
from tests import factories
from tests.cast import Cast, House
from tests.kept import kept_fixture

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
PROGRAM = "/admin/charter/program/1/change/"
MOMENT = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)


def page_in(zone: str, cast: Cast, sign_in: SignIn, address: str = "/office/duplicates/") -> str:
    Person.objects.filter(pk=cast.office_1.pk).update(zone=zone)
    return sign_in(Person.objects.get(pk=cast.office_1.pk)).get(address).content.decode()


@kept_fixture
def merged(cast: Cast) -> None:
    with clock.at(MOMENT):
        merge_persons(cast.holder, factories.PersonFactory(), by=None)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Tokyo", "2 July 2026, 07:30"),
        ("America/Los_Angeles", "1 July 2026, 15:30"),
        ("", "1 July 2026, 22:30"),  # the program's
        ("Atlantis/Centre", "1 July 2026, 22:30"),  # one that the machine does not know
    ],
)
def test_a_page_says_times_by_the_clock_that_its_reader_set(
    zone: str, words: str, merged: None, cast: Cast, sign_in: SignIn
) -> None:
    with clock.at(MOMENT + dt.timedelta(days=1)):
        assert words in page_in(zone, cast, sign_in)


@pytest.mark.parametrize(("zone", "status"), [("Asia/Tokyo", 302), ("", 422)])
def test_today_is_no_day_in_the_future_where_it_has_begun(
    zone: str, status: int, cast: Cast, sign_in: SignIn
) -> None:
    factories.ContributionTypeFactory(code="article")
    Person.objects.filter(pk=cast.holder.pk).update(zone=zone)
    typed = {"type": "article", "title": "Two gateways", "starts": "2026-07-02", "visibility": "everyone"}
    with clock.at(MOMENT):
        client = sign_in(Person.objects.get(pk=cast.holder.pk))
        assert client.post("/me/contributions/", typed).status_code == status


def test_the_months_of_a_dossier_end_with_a_day_of_the_programs_clock(house: House) -> None:
    house.cycle.dossiers_close_at = MOMENT
    zone.keep_zone("Asia/Tokyo")
    with timezone.override("America/Los_Angeles"):
        assert evidence_window(house.cycle) == (dt.date(2025, 7, 3), dt.date(2026, 7, 2))


def test_what_is_said_of_an_award_is_dated_as_its_papers_are(
    house: House, cast: Cast, sign_in: SignIn
) -> None:
    award = factories.AwardFactory(person=cast.outsider, area=house.networking, granted_at=MOMENT)
    zone.keep_zone("Asia/Tokyo")
    Person.objects.filter(pk=cast.office_1.pk).update(zone="America/Los_Angeles")
    page = sign_in(Person.objects.get(pk=cast.office_1.pk)).get(f"/awards/{award.key}/").text
    assert "<dd>2 July 2026</dd>" in page


def test_the_next_reader_of_the_same_process_has_their_own_clock(
    merged: None, cast: Cast, sign_in: SignIn
) -> None:
    with clock.at(MOMENT + dt.timedelta(days=1)):
        page_in("Asia/Tokyo", cast, sign_in)
        assert "1 July 2026, 22:30" in sign_in(cast.auditor).get("/office/duplicates/").content.decode()


def test_records_are_read_and_typed_in_utc(merged: None, cast: Cast, sign_in: SignIn) -> None:
    page = page_in("Asia/Tokyo", cast, sign_in, f"/admin/people/merge/{Merge.objects.get().pk}/change/")
    assert "22:30" in page


def test_who_has_set_no_clock_reads_times_by_the_programs_and_its_name(
    merged: None, cast: Cast, sign_in: SignIn
) -> None:
    Program.objects.update(zone="Asia/Tokyo")
    forget_zone()
    with clock.at(MOMENT + dt.timedelta(days=1)):
        assert "Figures as of 07:30 JST" in sign_in(None).get("/roster/").text
        assert "2 July 2026, 07:30 JST" in page_in("", cast, sign_in)


@pytest.mark.parametrize("page", ["/", "/numbers/"])
def test_a_clock_that_the_machine_does_not_know_breaks_no_page(page: str, cast: Cast, client: Client) -> None:
    Program.objects.update(zone="Atlantis/Centre")
    forget_zone()
    assert client.get(page).status_code == 200


def test_while_the_database_is_silent_the_clock_is_the_last_one_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> Program:
        raise OperationalError

    zone.keep_zone("Asia/Tokyo")
    monkeypatch.setattr(zone, "program", fail)
    monkeypatch.setattr(zone, "SECONDS", -1)
    assert zone.program_zone().key == "Asia/Tokyo"
    forget_zone()
    assert zone.program_zone().key == settings.TIME_ZONE


def change_program(client: Client, **changed: str) -> Any:
    given = client.get(PROGRAM).context["adminform"].form.initial
    given = {name: "" if value is None else value for name, value in given.items()}
    given |= {name: ",".join(given[name]) for name in ("organiser_domains", "public_mail_domains")}
    return client.post(PROGRAM, given | changed)


def test_another_clock_is_said_once_it_is_saved(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert change_program(sign_in(cast.office_1), zone="Asia/Tokyo").status_code == 302
        assert zone.program_zone().key == "UTC"
    assert zone.program_zone().key == "Asia/Tokyo"


@pytest.mark.parametrize("wrong", ["Atlantis/Centre", "../../etc/passwd"])
def test_a_clock_that_the_machine_does_not_know_is_not_taken(wrong: str, cast: Cast, sign_in: SignIn) -> None:
    page = change_program(sign_in(cast.office_1), zone=wrong).content.decode()
    assert "This is no time zone; try Europe/Berlin." in page
