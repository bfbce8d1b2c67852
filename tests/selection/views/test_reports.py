"""The transparency report of a cycle: published with the letters, corrected with a reason that everybody reads."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from common import clock
from common.models import HistoryRow
from nominations.models import Nomination
from people.models import Person
from selection import actions
from selection.models import Release, TransparencyReport
from selection.queries.transparency import TOTALS
from tests import factories
from tests.cast import Cast, House
from tests.kept import kept_fixture

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person | None], Client]


@kept_fixture
def released(house: House, cast: Cast) -> Release:
    """6 awarded, 14 not; the letters are out and the report with them."""
    now = clock.now()
    for state in ["awarded"] * 6 + ["not_awarded"] * 14:
        factories.NominationFactory(
            cycle=house.cycle, area=house.networking, category=house.servers, region=house.baltics, state=state,
            nominee=factories.PersonFactory(), completed_at=now - dt.timedelta(days=30),
        )  # fmt: skip
    release = Release.objects.create(
        cycle=house.cycle, prepared_at=now, scheduled_at=now, state="released", released_at=now
    )
    actions.publish_report(release)
    return release


@pytest.fixture
def address(released: Release) -> str:
    return f"/office/cycles/{released.cycle.slug}/report/"


def recount(cases: int = 5) -> None:
    """So many cases turn out to have been ineligible."""
    found = Nomination.objects.filter(state="not_awarded")[:cases]
    Nomination.objects.filter(pk__in=found).update(state="ineligible")


def test_where_nothing_changed_there_is_nothing_to_correct(cast: Cast, sign_in: SignIn, address: str) -> None:
    page = sign_in(cast.office_1).get(address).content.decode()
    assert "Counted anew, the figures are those that are published" in page
    assert "Publish the correction" not in page
    answer = sign_in(cast.office_1).post(f"{address}correct/", {"reason": "To be sure.", "shown": 1})
    assert answer.status_code == 422
    assert TransparencyReport.objects.count() == 1


@pytest.mark.parametrize("name", ["nominations", "decided", "awarded", "days"])
def test_a_total_that_changed_alone_stands_in_the_comparison(
    cast: Cast, sign_in: SignIn, address: str, name: str
) -> None:
    report = TransparencyReport.objects.get()
    now = report.figures[name]
    TransparencyReport.objects.all().delete()
    report.figures[name] = 7777
    report.save(force_insert=True)
    page = " ".join(sign_in(cast.office_1).get(address).content.decode().split())
    assert str(TOTALS[name]) in page
    assert ("7777" in page.replace(",", ""), f">{now}<" in page) == (True, True)


def test_a_correction_is_a_new_version_and_everybody_reads_why(
    cast: Cast, sign_in: SignIn, client: Client, address: str, released: Release
) -> None:
    recount(5)
    assert "0 of 5 awarded" in sign_in(cast.office_1).get(address).content.decode()
    answer = sign_in(cast.office_1).post(
        f"{address}correct/", {"reason": "A column was misread.", "shown": 1}
    )
    assert answer.status_code == 302
    page = client.get(f"/numbers/{released.cycle.slug}/").content.decode()
    assert "A column was misread." in page
    assert "Not eligible" in page
    assert cast.office_1.name not in page
    first, second = TransparencyReport.objects.all()
    assert (first.reason, second.number, second.published_by) == ("", 2, cast.office_1)
    row = HistoryRow.objects.get(kind="report", verb="correct")
    assert (row.key, row.codes) == (released.cycle.slug, {"version": 2})


@pytest.mark.parametrize("cases", [1, 4])
def test_what_changed_for_fewer_than_five_is_not_published(
    cast: Cast, sign_in: SignIn, address: str, cases: int
) -> None:
    """Whoever kept the first version would learn by subtraction what became of them."""
    recount(cases)
    office = sign_in(cast.office_1)
    page = office.get(address).content.decode()
    assert "differs by fewer than five" in page
    assert "Publish the correction" not in page
    answer = office.post(f"{address}correct/", {"reason": "A column was misread.", "shown": 1})
    assert answer.status_code == 422
    assert TransparencyReport.objects.count() == 1


def test_a_later_version_tells_nothing_beside_the_first_one_either(
    cast: Cast, sign_in: SignIn, address: str, released: Release
) -> None:
    """Six cases move, then five of them move back, which leaves one beside the first version."""
    office = sign_in(cast.office_1)
    recount(6)
    office.post(f"{address}correct/", {"reason": "A column was misread.", "shown": 1})
    back = Nomination.objects.filter(state="ineligible")[:5]
    Nomination.objects.filter(pk__in=back).update(state="not_awarded")
    Nomination.objects.update(completed_at=clock.now() - dt.timedelta(days=60))
    office.post(f"{address}correct/", {"reason": "The days, too.", "shown": 2})
    first, second, third = (one.figures for one in TransparencyReport.objects.order_by("number"))
    assert (third["outcomes"], first["outcomes"] == second["outcomes"]) == (second["outcomes"], False)
    assert (second["days"], third["days"]) == (first["days"], 59)


def test_a_correction_says_why(cast: Cast, sign_in: SignIn, address: str) -> None:
    recount()
    answer = sign_in(cast.office_1).post(f"{address}correct/", {"reason": "  ", "shown": 1})
    assert answer.status_code == 422
    assert TransparencyReport.objects.count() == 1


def test_the_second_of_two_who_correct_is_told_of_the_first(
    cast: Cast, sign_in: SignIn, address: str
) -> None:
    recount()
    office = sign_in(cast.office_1)
    for status in (302, 409):
        answer = office.post(f"{address}correct/", {"reason": "A column was misread.", "shown": 1})
        assert answer.status_code == status
    assert TransparencyReport.objects.count() == 2


@pytest.mark.parametrize("who", ["auditor", "technology_lead", "holder"])
def test_only_the_office_corrects(cast: Cast, sign_in: SignIn, address: str, who: str) -> None:
    client = sign_in(getattr(cast, who))
    assert client.get(address).status_code == 403
    assert client.post(f"{address}correct/", {"reason": "x", "shown": 1}).status_code == 403


def test_there_is_no_report_before_the_letters(cast: Cast, sign_in: SignIn, house: House) -> None:
    assert sign_in(cast.office_1).get(f"/office/cycles/{house.cycle.slug}/report/").status_code == 404


def test_a_report_is_published_once(released: Release) -> None:
    assert actions.publish_report(released) is None
    assert actions.publish_missing_reports() == 0
    TransparencyReport.objects.all().delete()
    assert actions.publish_missing_reports() == 1


@pytest.mark.parametrize("cases", [1, 3])
def test_the_page_costs_the_same_whatever_has_changed(
    cast: Cast, sign_in: SignIn, address: str, cases: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    recount(cases)
    office = sign_in(cast.office_1)
    office.get(address)
    with django_assert_num_queries(6):
        office.get(address)
