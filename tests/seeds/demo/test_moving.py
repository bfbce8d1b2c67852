"""``manage.py seed --move-to-today``: a demo plays on another day."""

import datetime as dt
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from awards.models import Award
from charter.models import Cycle, Program
from common import clock
from common.models import HistoryRow
from common.verification import verify
from events.models import Summit
from mvp_program.seeding.days import first_day
from mvp_program.seeding.moving import move_to_today
from nominations.models import Nomination
from people.models import Person
from selection.models import ProtocolVersion, Release, Stage
from selection.protocol import digest_of
from selection.queries.protocol import rules_of
from tests.seeds.conftest import load


@pytest.fixture(scope="module")
def _moved(_demo_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, object]]:
    """The demo 400 days later; yields what it said before."""
    with django_db_blocker.unblock(), transaction.atomic():
        later = clock.now() + dt.timedelta(days=400)
        before = {
            "closes": Stage.objects.get(state="open").closes_at,
            "invited": Nomination.objects.order_by("pk").first().invited_at,
            "history": HistoryRow.objects.order_by("pk").first().at,
            "year": Program.objects.get().current_year,
            "years": sorted(
                Person.objects.get(name="Ágnes Kővári").awards.values_list("first_year", flat=True)
            ),
            "later": later,
        }
        with clock.at(later):
            move_to_today()
        yield before
        transaction.set_rollback(True)


@pytest.fixture
def moved(_moved: dict[str, object], db: None) -> dict[str, object]:
    return _moved


DAYS = dt.timedelta(days=400)


def test_what_happened_and_what_is_planned_move_by_days(moved: dict) -> None:
    assert Stage.objects.get(state="open").closes_at == moved["closes"] + DAYS
    assert Nomination.objects.order_by("pk").first().invited_at == moved["invited"] + DAYS
    assert HistoryRow.objects.order_by("pk").first().at == moved["history"] + DAYS
    assert Summit.objects.filter(starts__gt=moved["later"].date()).count() == 3


def test_award_years_move_by_years(moved: dict) -> None:
    years = moved["later"].year - moved["year"]
    assert Program.objects.get().current_year == moved["later"].year
    agnes = Person.objects.get(name="Ágnes Kővári")
    assert sorted(agnes.awards.values_list("first_year", flat=True)) == [
        year + years for year in moved["years"]
    ]
    assert agnes.awards.filter(starts__lte=moved["later"], ends__gte=moved["later"]).count() == 1
    assert set(Cycle.objects.values_list("slug", "name")) >= {
        (str(moved["later"].year), f"{moved['later'].year} cycle")
    }


def test_awards_of_a_cycle_were_still_granted_at_its_release(moved: dict) -> None:
    for award in Award.objects.exclude(cycle=None).select_related("decision__release"):
        assert award.granted_at == award.decision.release.released_at
    assert Release.objects.order_by("released_at").last().released_at < moved["later"]


def test_history_is_whole_behind_the_move(moved: dict) -> None:
    assert verify().problems == []
    assert HistoryRow.objects.filter(verb="move_to_today").count() == 1


def test_moving_again_on_that_day_does_nothing(moved: dict) -> None:
    out = StringIO()
    with clock.at(moved["later"]):
        call_command("seed", "--move-to-today", stdout=out)
        assert first_day() == clock.today()
        assert load(demo=True).nothing
    assert "Nothing to move" in out.getvalue()


def test_published_rules_move_along_and_keep_their_fingerprints(moved: dict) -> None:
    for cycle in Cycle.objects.filter(protocol__number=1):
        last = ProtocolVersion.objects.filter(cycle=cycle).order_by("number").last()
        assert (last.rules, last.digest) == (rules_of(cycle), digest_of(last.rules))
        assert HistoryRow.objects.filter(kind="protocol", codes__digest=last.digest).count() == 1
