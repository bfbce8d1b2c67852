"""One entry: marked, deleted, brought back."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from common import clock
from contributions import actions
from contributions.models import Contribution, DeletedContribution
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.holder)


def test_what_is_deleted_comes_back_as_it_was(client: Client, cast: Cast, house: House) -> None:
    row = ContributionFactory(person=cast.holder, title="Before", private_note="Ask Dana.", high_impact=True)
    row.more_areas.set([house.directory])
    before = Contribution.objects.values().get()
    assert client.get(f"/me/contributions/{row.key}/delete/").status_code == 405
    answer = client.post(f"/me/contributions/{row.key}/delete/", follow=True)
    assert f"/me/contributions/{row.key}/restore/" in answer.content.decode()
    assert not Contribution.objects.exists()
    assert client.post(f"/me/contributions/{row.key}/restore/").status_code == 302
    after = Contribution.objects.values().get()
    assert before | {"id": 0} == after | {"id": 0}
    assert list(Contribution.objects.get().more_areas.all()) == [house.directory]
    assert not DeletedContribution.objects.exists()


def test_after_two_weeks_it_is_gone(cast: Cast) -> None:
    deleted = actions.delete_contribution(ContributionFactory(person=cast.holder), by=None)
    assert actions.forget_deleted() == 0
    with clock.at(deleted.deleted_at + dt.timedelta(days=15)):
        assert actions.forget_deleted() == 1


def test_a_mark_is_put_on_and_taken_off(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.holder)
    for marked, expected in (("yes", True), ("yes", True), ("no", False)):
        assert client.post(f"/me/contributions/{row.key}/mark/", {"marked": marked}).status_code == 302
        row.refresh_from_db()
        assert row.high_impact is expected


def test_no_more_marks_than_a_dossier_takes(client: Client, cast: Cast, house: House) -> None:
    house.cycle.high_impact_at_most = 2
    house.cycle.save()
    rows = [ContributionFactory(person=cast.holder) for _ in range(3)]
    for row in rows:
        answer = client.post(f"/me/contributions/{row.key}/mark/", {"marked": "yes"}, follow=True)
    assert "Take a mark off first" in answer.content.decode()
    assert Contribution.objects.filter(high_impact=True).count() == 2


@pytest.mark.parametrize("verb", ["mark", "delete", "restore"])
def test_nobody_touches_somebody_elses_entry(verb: str, client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.outsider)
    if verb == "restore":
        actions.delete_contribution(row, by=None)
    answers = {client.post(f"/me/contributions/{key}/{verb}/").status_code for key in (row.key, "NOSUCH2222")}
    assert answers == {404}
