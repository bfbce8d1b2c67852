"""Renewals: for everybody whose term ends, once, set-based."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common import clock
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations import actions, states
from nominations.models import Conflict, Nomination
from people.models import Address
from tests.cast import Cast, House
from tests.factories import AwardFactory, PersonFactory


@pytest.fixture(autouse=True)
def _before_the_year_ends(house: House) -> None:
    """The cycle's term begins after the awards of this year end."""
    assert house.cycle.term_ends > dt.date(clock.now().year, 12, 31)


def holder(house: House, *, email: str = "", **award: Any) -> Any:
    person = PersonFactory()
    if email:
        Address.objects.create(person=person, email=email, primary=True)
    AwardFactory(person=person, area=house.networking, **award)
    return person


def test_holders_in_force_are_invited_without_a_nominator(cast: Cast, house: House) -> None:
    result = actions.open_renewals(house.cycle, by=cast.office_1.user)
    case = Nomination.objects.get()
    assert (result.opened, case.nominee, case.state, case.is_renewal) == (
        1,
        cast.holder,
        states.INVITED,
        True,
    )
    assert (case.area_name, case.category) == (house.networking.name, house.servers)
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to) == ("nominations.renewal", "agnes@community.example")
    assert Conflict.objects.get().person == cast.holder


def test_opening_them_again_invites_nobody_twice(cast: Cast, house: House) -> None:
    actions.open_renewals(house.cycle, by=cast.office_1.user)
    actions.decline_nomination(Nomination.objects.get(), by=cast.holder.user, for_good=False)
    assert actions.open_renewals(house.cycle, by=cast.office_1.user).opened == 0


def test_who_is_left_out(cast: Cast, house: House) -> None:
    house.spreadsheets.ends = clock.today() - dt.timedelta(days=1)
    house.spreadsheets.save()
    holder(house)  # no address known
    holder(house, email="open@elsewhere.example", last_year=None)  # for good
    holder(house, email="old@elsewhere.example", first_year=2005)
    holder(house, email="gone@elsewhere.example", state="revoked")
    dead = holder(house, email="dead@elsewhere.example")
    dead.deceased = True
    dead.save()
    closed = PersonFactory()
    Address.objects.create(person=closed, email="closed@elsewhere.example", primary=True)
    AwardFactory(person=closed, area=house.spreadsheets)
    result = actions.open_renewals(house.cycle, by=cast.office_1.user)
    assert (result.opened, result.without_address, result.area_closed) == (1, 1, 1)


def test_it_costs_the_same_for_one_and_for_three(
    cast: Cast, house: House, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(27):
        actions.open_renewals(house.cycle, by=None)
    for number in range(3):
        holder(house, email=f"h{number}@elsewhere.example")
    with django_assert_num_queries(27):
        actions.open_renewals(house.cycle, by=None)
    assert Nomination.objects.count() == 4


def test_renewals_are_opened_while_the_cycle_is_open(cast: Cast, house: House) -> None:
    with clock.at(house.cycle.dossiers_close_at + dt.timedelta(days=1)), pytest.raises(RuleBroken):
        actions.open_renewals(house.cycle, by=cast.office_1.user)


def test_a_renewal_is_accepted_like_any_case(cast: Cast, house: House) -> None:
    actions.open_renewals(house.cycle, by=cast.office_1.user)
    case, _user = actions.accept_nomination(
        Nomination.objects.get(),
        by=cast.holder.user,
        agreements=[house.conduct],
        attested=True,
        nominator_may_learn=False,
    )
    assert case.state == states.ACCEPTED
