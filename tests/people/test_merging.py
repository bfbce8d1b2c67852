"""Two rows are one human: what hangs on one moves to the other, or nothing happens."""

import datetime as dt
import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connections

from accounts.models import AgreementSignature, Role, RoleGrant
from common import registry
from common.errors import RuleBroken
from common.models import HistoryRow
from people import actions
from people.models import Address, Person
from people.queries import person_by_address
from tests import factories
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db


def known_as(name: str, *emails: str) -> Person:
    person = actions.create_person(name=name, email=emails[0] if emails else None, by=None)
    for email in emails[1:]:
        Address.objects.create(person=person, email=email)
    return person


def test_addresses_employers_links_and_old_slugs_move() -> None:
    kept, absorbed = (
        known_as("Ilmārs", "a@example.test"),
        known_as("Ilmars", "a@example.test", "b@example.test"),
    )
    actions.change_employer(absorbed, "Danube Printing Works", by=None)
    absorbed.links.create(kind="website", url="https://ilmars.example/")
    absorbed.old_slugs.create(slug="ilmars-old")
    actions.merge_persons(kept, absorbed, by=None)
    assert set(kept.addresses.values_list("email", "primary")) == {
        ("a@example.test", True),
        ("b@example.test", False),
    }
    assert kept.employers.get().name == "Danube Printing Works"
    assert kept.links.get().url == "https://ilmars.example/"
    assert kept.old_slugs.get().slug == "ilmars-old"
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept
    event = HistoryRow.objects.get(verb="merge_persons")
    assert (event.key, event.codes) == (absorbed.key, {"into": kept.key})


def test_the_account_moves_to_who_had_none() -> None:
    kept, absorbed = known_as("Ilmārs"), known_as("Ilmars", "a@example.test")
    user = actions.confirm_address(absorbed, "a@example.test").user
    kept = actions.merge_persons(kept, absorbed, by=None)
    kept.refresh_from_db()
    assert kept.user == user
    assert person_by_address("a@example.test", confirmed_only=True) == kept


def test_of_two_accounts_one_takes_over_roles_signatures_and_addresses(cast: Cast, house: House) -> None:
    kept, absorbed = cast.outsider, cast.reviewer_1
    AgreementSignature.objects.create(
        user=absorbed.user, agreement=house.conduct, signed_at=dt.datetime.now(dt.UTC)
    )
    actions.merge_persons(kept, absorbed, by=cast.office_1.user)
    assert RoleGrant.objects.get(user=kept.user).role == Role.REVIEWER
    assert AgreementSignature.objects.get().user == kept.user
    absorbed.user.refresh_from_db()  # type: ignore[union-attr]
    assert not absorbed.user.is_active  # type: ignore[union-attr]
    mirrored = EmailAddress.objects.filter(user=kept.user).values_list("email", "verified", "primary")
    assert set(mirrored) == {
        ("lautaro@community.example", True, True),
        ("ines@community.example", True, False),
    }


def test_a_room_that_cannot_follow_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kept: Person, absorbed: Person, by: Any) -> None:
        raise RuleBroken("Both have a case.")

    monkeypatch.setattr(registry, "on_merge", [refuse])
    kept, absorbed = known_as("Ilmārs", "a@example.test"), known_as("Ilmars", "b@example.test")
    with pytest.raises(RuleBroken):
        actions.merge_persons(kept, absorbed, by=None)
    assert absorbed.addresses.count() == 1
    assert not Person.objects.exclude(merged_into=None).exists()


def test_nobody_is_merged_twice_or_into_themselves() -> None:
    kept, absorbed = known_as("Ilmārs"), known_as("Ilmars")
    actions.merge_persons(kept, absorbed, by=None)
    for pair in ((kept, absorbed), (absorbed, kept), (kept, kept)):
        with pytest.raises(RuleBroken):
            actions.merge_persons(*pair, by=None)


def test_confirming_the_address_of_somebody_else_without_an_account_of_ones_own_is_being_them() -> None:
    owner = known_as("Ilmārs Vītolbergs", "a@example.test")
    actions.confirm_address(owner, "a@example.test")
    nominee = known_as("I. Vitolbergs", "a@example.test")
    assert actions.confirm_address(nominee, "a@example.test") == owner
    nominee.refresh_from_db()
    assert nominee.merged_into == owner


def test_confirming_gathers_those_who_were_known_by_the_address_alone() -> None:
    nominee, other = known_as("I. Vitolbergs", "a@example.test"), known_as("Else", "else@example.test")
    Address.objects.create(person=other, email="a@example.test")
    actions.confirm_address(other, "else@example.test")
    person = actions.confirm_address(known_as("Ilmārs Vītolbergs"), "a@example.test")
    nominee.refresh_from_db()
    other.refresh_from_db()
    assert nominee.merged_into == person
    assert other.merged_into is None  # has a confirmed address of their own: a person decides


def test_a_merge_that_cannot_be_made_does_not_stop_a_confirmation(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kept: Person, absorbed: Person, by: Any) -> None:
        raise RuleBroken("Both have a case.")

    monkeypatch.setattr(registry, "on_merge", [refuse])
    nominee, person = known_as("I. Vitolbergs", "a@example.test"), known_as("Ilmārs Vītolbergs")
    assert actions.confirm_address(person, "a@example.test") == person
    nominee.refresh_from_db()
    assert nominee.merged_into is None


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_one_address_at_once_end_as_one_person() -> None:
    people = [known_as(f"Ilmārs {number}") for number in range(2)]
    start = threading.Barrier(2)
    owners: list[int] = []

    def confirm(person: Person) -> None:
        try:
            start.wait(30)
            owners.append(actions.confirm_address(person, "a@example.test").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(owners)) == 1
    assert Address.objects.exclude(confirmed_at=None).get().person_id == owners[0]


@pytest.mark.django_db(transaction=True)
def test_two_nominations_of_one_address_at_once_make_one_person() -> None:
    start = threading.Barrier(2)
    found: list[int] = []

    def nominate() -> None:
        try:
            start.wait(30)
            found.append(actions.find_or_create_person(name="Ilmārs", email="a@example.test", by=None).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=nominate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert Person.objects.count() == 1


def test_sign_in_follows_every_change_of_addresses(cast: Cast) -> None:
    holder = cast.holder
    actions.confirm_address(holder, "work@kovari.example")
    work = Address.objects.get(email="work@kovari.example")
    actions.choose_address(work, by=holder.user)  # type: ignore[arg-type]
    holder.user.refresh_from_db()  # type: ignore[union-attr]
    assert holder.user.email == "work@kovari.example"  # type: ignore[union-attr]
    actions.remove_address(work, by=holder.user)  # type: ignore[arg-type]
    holder.user.refresh_from_db()  # type: ignore[union-attr]
    assert holder.user.email == "agnes@community.example"  # type: ignore[union-attr]
    assert list(EmailAddress.objects.values_list("email", "primary")) == [("agnes@community.example", True)]


def test_the_last_confirmed_address_stays_and_an_unconfirmed_one_is_never_first(cast: Cast) -> None:
    only = Address.objects.get(person=cast.holder)
    with pytest.raises(RuleBroken, match="only confirmed address"):
        actions.remove_address(only, by=cast.holder.user)  # type: ignore[arg-type]
    new = actions.add_address(cast.holder, "Work@Kovari.example", by=cast.holder.user)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="Confirm this address first"):
        actions.choose_address(new, by=cast.holder.user)  # type: ignore[arg-type]


def test_a_new_employer_ends_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Person] = []
    monkeypatch.setattr(registry, "on_ties_changed", [told.append])
    person = factories.PersonFactory()
    actions.change_employer(person, "Danube  Printing-Works", by=None, starts=dt.date(2020, 1, 1))
    actions.change_employer(person, "danube printing works", by=None)  # the same
    actions.change_employer(person, "Contoso", by=None, starts=dt.date(2024, 5, 1))
    actions.change_employer(person, "", by=None, starts=dt.date(2025, 1, 1))
    rows = person.employers.order_by("starts").values_list("name", "starts", "ends")
    assert list(rows) == [
        ("Danube Printing-Works", dt.date(2020, 1, 1), dt.date(2024, 4, 30)),
        ("Contoso", dt.date(2024, 5, 1), dt.date(2024, 12, 31)),
    ]
    assert told == [person] * 3


def test_awards_and_contributions_of_both_are_one_persons(cast: Cast) -> None:
    twin = factories.PersonFactory()
    award = factories.AwardFactory(person=twin, first_year=1995)
    contribution = factories.ContributionFactory(person=twin)
    actions.merge_persons(cast.holder, twin, by=None)
    award.refresh_from_db()
    contribution.refresh_from_db()
    assert award.person == contribution.person == cast.holder


def test_two_terms_of_one_area_on_the_same_days_stop_a_merge(cast: Cast, house: House) -> None:
    twin = factories.PersonFactory()
    factories.AwardFactory(person=twin, area=house.networking, first_year=2001)
    with pytest.raises(RuleBroken, match="same days"):
        actions.merge_persons(cast.holder, twin, by=None)
    twin.refresh_from_db()
    assert twin.merged_into is None
