"""Two rows that were joined are two humans after all: the office gives back what moved."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AgreementSignature, Role, RoleGrant
from common import clock
from common.errors import Outdated, RuleBroken
from common.models import HistoryRow
from people import actions
from people.models import Address, Deletion, Merge, Person
from selection.models import Decision
from tests import factories
from tests.cases import make_case
from tests.cast import Cast, House

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
WHY = "They wrote to us: two cousins."


@pytest.fixture
def kept() -> Person:
    return actions.create_person(name="Ilmārs Vītols", email="a@example.test", by=None)


@pytest.fixture
def absorbed() -> Person:
    return actions.create_person(name="Ilmars Vitols", email="b@example.test", by=None)


def part(kept: Person, **words: str) -> Person:
    return actions.undo_merge(kept.merges.get(), by=None, reason=words.get("reason", WHY))


@pytest.mark.as_app
def test_what_moved_goes_back_and_what_came_since_stays(kept: Person, absorbed: Person) -> None:
    actions.change_employer(absorbed, "Danube Printing Works", by=None)
    award, log = factories.AwardFactory(person=absorbed), factories.ContributionFactory(person=absorbed)
    actions.merge_persons(kept, absorbed, by=None)
    since = factories.ContributionFactory(person=kept)
    assert part(kept) == absorbed
    for row, owner in ((award, absorbed), (log, absorbed), (since, kept)):
        row.refresh_from_db()
        assert row.person == owner
    assert absorbed.employers.get().name == "Danube Printing Works"
    assert absorbed.addresses.get(primary=True).email == "b@example.test"
    assert kept.addresses.get().email == "a@example.test"
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None
    event = HistoryRow.objects.get(verb="undo_merge", kind="person")
    assert (event.key, event.codes, event.text.text) == (absorbed.key, {"from": kept.key}, WHY)


def test_an_address_that_both_had_is_both_theirs_and_confirmed_for_whose_it_was(absorbed: Person) -> None:
    Address.objects.filter(person=absorbed).update(confirmed_at=clock.now())
    kept = actions.create_person(name="I. Vītols", email="b@example.test", by=None)
    actions.merge_persons(kept, absorbed, by=None)
    part(kept)
    assert kept.addresses.get().confirmed_at is None
    assert absorbed.addresses.get().confirmed_at is not None


def test_the_account_goes_back(kept: Person, absorbed: Person) -> None:
    user = actions.confirm_address(absorbed, "b@example.test").user
    actions.merge_persons(kept, absorbed, by=None)
    part(kept)
    for person, own in ((kept, None), (absorbed, user)):
        person.refresh_from_db()
        assert person.user == own


def test_of_two_accounts_each_has_its_own_roles_and_address_again(cast: Cast, house: House) -> None:
    kept, absorbed = cast.outsider, cast.reviewer_1
    user = absorbed.user
    assert user is not None
    AgreementSignature.objects.create(user=user, agreement=house.conduct, signed_at=clock.now())
    actions.merge_persons(kept, absorbed, by=cast.office_1.user)
    part(kept)
    user.refresh_from_db()
    assert (user.is_active, user.email) == (True, "ines@community.example")
    assert user.person == absorbed
    assert RoleGrant.objects.get(user=user).role == Role.REVIEWER
    assert AgreementSignature.objects.get().user == user
    assert not kept.user.holds(Role.REVIEWER)  # type: ignore[union-attr]


def test_an_account_that_was_blocked_is_blocked_again(cast: Cast) -> None:
    user = cast.reviewer_1.user
    assert user is not None
    user.is_active = False
    user.save()
    actions.merge_persons(cast.outsider, cast.reviewer_1, by=None)
    part(cast.outsider)
    user.refresh_from_db()
    assert (user.person, user.is_active) == (cast.reviewer_1, False)


def test_cases_that_were_joined_part_again(kept: Person, absorbed: Person, house: House) -> None:
    first, second = (
        factories.NominationFactory(
            cycle=house.cycle,
            area=house.networking,
            nominee=person,
            state=state,
            nominee_email=f"{state}@example.test",
        )
        for person, state in ((kept, "invited"), (absorbed, "accepted"))
    )
    actions.merge_persons(kept, absorbed, by=None)
    first.refresh_from_db()
    assert first.merged_into == second
    part(kept)
    for case, owner, state in ((first, kept, "invited"), (second, absorbed, "accepted")):
        case.refresh_from_db()
        assert (case.nominee, case.state, case.merged_into) == (owner, state, None)


def test_an_account_that_confirmed_another_address_since_stands_in_the_way(
    kept: Person, absorbed: Person
) -> None:
    actions.confirm_address(absorbed, "b@example.test")
    kept = actions.merge_persons(kept, absorbed, by=None)
    kept.refresh_from_db()
    actions.confirm_address(kept, "a@example.test")
    with pytest.raises(RuleBroken, match="confirmed another address since"):
        part(kept)
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept


def test_a_later_joining_is_undone_first(kept: Person, absorbed: Person) -> None:
    actions.merge_persons(kept, absorbed, by=None)
    third = actions.create_person(name="Ilmārs V.", by=None)
    actions.merge_persons(third, kept, by=None)
    with pytest.raises(RuleBroken, match="Undo that first"):
        part(kept)
    part(third)
    assert part(kept) == absorbed


def test_an_award_that_came_of_a_case_of_the_other_stands_in_the_way(cast: Cast, house: House) -> None:
    case = make_case(house, cast, number=1)
    kept, absorbed = cast.outsider, case.nomination.nominee
    actions.merge_persons(kept, absorbed, by=None)
    Decision.objects.update(award=factories.AwardFactory(person=kept, area=house.directory))
    with pytest.raises(RuleBroken, match="came of a case of the other row"):
        part(kept)


def test_it_is_undone_once_with_a_reason_and_within_ninety_days(kept: Person, absorbed: Person) -> None:
    actions.merge_persons(kept, absorbed, by=None)
    with pytest.raises(RuleBroken, match="Say how you know"):
        part(kept, reason=" ")
    Merge.objects.update(at=clock.now() - dt.timedelta(days=91))
    with pytest.raises(RuleBroken, match="too long ago"):
        part(kept)
    Merge.objects.update(at=clock.now())
    part(kept)
    with pytest.raises(Outdated, match="undone before"):
        part(kept)


def test_after_ninety_days_no_key_of_what_moved_is_kept(kept: Person, absorbed: Person) -> None:
    actions.merge_persons(kept, absorbed, by=None)
    assert actions.forget_merges() == 0
    Merge.objects.update(at=clock.now() - dt.timedelta(days=91))
    assert actions.forget_merges() == 1
    merge = Merge.objects.get()
    assert (merge.moved, merge.lost, merge.accounts, merge.twins) == ({}, {}, {}, [])


def test_what_ends_for_good_is_counted(kept: Person, absorbed: Person) -> None:
    absorbed.exports.create(asked_at=clock.now())
    actions.merge_persons(kept, absorbed, by=None)
    assert kept.merges.get().lost == {"people.dataexport.person": 1}


def test_erasing_somebody_erases_the_rows_that_were_joined_with_theirs(
    kept: Person, absorbed: Person
) -> None:
    slug = absorbed.slug
    actions.merge_persons(kept, absorbed, by=None)
    actions.erase_person(kept, by=None)
    absorbed.refresh_from_db()
    assert (absorbed.name, absorbed.search_text, Merge.objects.count()) == ("", "", 0)
    assert not Person.objects.filter(slug=slug).exists()
    assert Deletion.objects.count() == 2


def test_who_is_forgotten_is_forgotten_in_joined_rows_too(kept: Person, absorbed: Person) -> None:
    actions.merge_persons(kept, absorbed, by=None)
    assert actions.forget_person(kept, by=None)
    absorbed.refresh_from_db()
    assert (absorbed.name, absorbed.sort_key, Merge.objects.count()) == ("", "", 0)


def test_the_office_undoes_it_and_nobody_else(
    kept: Person, absorbed: Person, cast: Cast, sign_in: SignIn
) -> None:
    actions.merge_persons(kept, absorbed, by=None)
    page = f"/admin/people/merge/{kept.merges.get().pk}/do/undo/"
    assert page in sign_in(cast.office_1).get("/office/duplicates/").content.decode()
    assert page not in sign_in(cast.auditor).get("/office/duplicates/").content.decode()
    for person in (cast.auditor, cast.nominator):
        assert sign_in(person).post(page, {"reason": WHY}).status_code in (403, 404)
    sign_in(cast.office_1).post(page, {"reason": WHY})
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None
