"""Renewals: for everybody whose term ends, once, set-based."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from common import bounces, clock, delivery
from common.errors import RuleBroken
from common.models import OutboxMail
from nominations import actions, states, stops
from nominations.models import AccessLink, Conflict, InvitationStop, Nomination
from nominations.renewals import renewals_of
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
    with django_assert_num_queries(32):
        actions.open_renewals(house.cycle, by=None)
    for number in range(3):
        holder(house, email=f"h{number}@elsewhere.example")
    with django_assert_num_queries(32):
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


def retired(cast: Cast, house: House) -> Nomination:
    actions.open_renewals(house.cycle, by=cast.office_1.user)
    return actions.retire(Nomination.objects.get(), by=cast.holder.user)


def test_a_holder_retires_with_thanks_and_can_come_back(cast: Cast, house: House) -> None:
    case = retired(cast, house)
    assert case.state == states.DECLINED
    assert not InvitationStop.objects.exists()
    mail = OutboxMail.objects.get(kind="nominations.retired")
    letter = delivery.write(mail)
    assert (mail.to, letter.subject) == ("agnes@community.example", "Thank you for these years")
    assert "stays in force until" in letter.text
    assert cast.holder.awards.get(ends__gte=clock.today()).state == "granted"  # it runs to its end


def test_retiring_twice_is_once(cast: Cast, house: House) -> None:
    actions.retire(retired(cast, house), by=cast.holder.user)
    assert OutboxMail.objects.filter(kind="nominations.retired").count() == 1


def test_only_a_renewal_ends_with_retiring(invited: Nomination, cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        actions.retire(invited, by=cast.nominee.user)


def test_a_link_never_outlives_the_close_of_dossiers(cast: Cast, house: House) -> None:
    with clock.at(house.cycle.dossiers_close_at - dt.timedelta(days=2)):
        AwardFactory(person=cast.outsider, area=house.networking, last_year=clock.now().year)
        actions.open_renewals(house.cycle, by=None)
    last = AccessLink.objects.latest("ends_at").ends_at
    assert last == house.cycle.dossiers_close_at + dt.timedelta(minutes=house.cycle.grace_minutes)


def test_each_who_is_left_out_has_a_reason(cast: Cast, house: House) -> None:
    for email, change in (
        ("dead@x.example", {"deceased": True}),
        ("left@x.example", {"left_for_organiser_on": clock.today()}),
    ):
        person = holder(house, email=email)
        type(person).objects.filter(pk=person.pk).update(**change)
    barred = holder(house, email="barred@x.example")
    AwardFactory(person=barred, area=house.directory, state="revoked", good_standing=False, first_year=2004)
    holder(house, email="bounces@x.example")
    bounces.note_bounce(bounces.Report("hard", email="bounces@x.example"))
    holder(house, email="no@x.example")
    stops.stop_invitations("no@x.example", until=None)
    reasons = {one.email: one.reason for one in renewals_of(house.cycle)}
    assert reasons == {
        "dead@x.example": "deceased",
        "left@x.example": "employee",
        "barred@x.example": "barred",
        "bounces@x.example": "bouncing",
        "no@x.example": "stopped",
        "agnes@community.example": "",
    }
    assert actions.open_renewals(house.cycle, by=None).opened == 1
