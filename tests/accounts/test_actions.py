"""Roles from day to day, agreements signed once."""

import datetime as dt

import pytest

from accounts import actions, permissions, queries
from accounts.models import AgreementSignature, Role, RoleGrant, User
from charter.models import Agreement
from charter.queries import agreements_for_acceptance
from common import clock
from common.actor import pseudonym
from common.errors import RuleBroken
from common.models import HistoryRow
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _on_the_first_of_march():  # type: ignore[no-untyped-def]
    with clock.at(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)):
        yield


def holds(user: User, role: str, day: dt.date = TODAY) -> bool:
    with clock.at(dt.datetime.combine(day, dt.time(12), dt.UTC)):
        return User.objects.get(pk=user.pk).holds(role)


@pytest.fixture
def user() -> User:
    return actions.open_account("Nomvula@Community.example")


def test_an_account_is_opened_without_a_password(user: User) -> None:
    assert (user.email, user.has_usable_password()) == ("nomvula@community.example", False)


def test_a_role_counts_from_its_first_to_its_last_day(user: User) -> None:
    actions.grant_role(user, Role.REVIEWER, by=None, starts=TODAY, ends=TODAY + dt.timedelta(days=1))
    days = [TODAY + dt.timedelta(days=number) for number in (-1, 0, 1, 2)]
    assert [holds(user, Role.REVIEWER, day) for day in days] == [False, True, True, False]


def test_the_same_role_twice_is_one_grant(user: User, house: House) -> None:
    for _ in range(2):
        actions.grant_role(user, Role.REGIONAL_LEAD, by=None, region=house.baltics)
    assert RoleGrant.objects.count() == 1
    assert HistoryRow.objects.filter(verb="grant_role").count() == 1


def test_history_says_who_gave_which_role(user: User, cast: Cast, house: House) -> None:
    actions.grant_role(
        user, Role.TECHNOLOGY_LEAD, by=cast.office_1.user, category=house.servers, reason="Chair"
    )
    row = HistoryRow.objects.get(verb="grant_role")
    assert (row.key, row.actor) == (pseudonym(user), pseudonym(cast.office_1.user))
    assert (row.codes["role"], row.codes["category"]) == ("technology_lead", "servers")
    assert row.text.text == "Chair"


def test_a_role_has_the_scope_that_fits_it(user: User, house: House) -> None:
    with pytest.raises(RuleBroken, match="not for one region"):
        actions.grant_role(user, Role.REVIEWER, by=None, region=house.baltics)
    with pytest.raises(RuleBroken, match="not for one category"):
        actions.grant_role(user, Role.AUDITOR, by=None, category=house.servers)
    with pytest.raises(RuleBroken, match="cannot end before"):
        actions.grant_role(user, Role.AUDITOR, by=None, ends=TODAY - dt.timedelta(days=1))


def test_a_role_that_is_ended_does_not_count_from_that_day(user: User) -> None:
    grant = actions.grant_role(user, Role.REVIEWER, by=None, starts=TODAY - dt.timedelta(days=9))
    actions.end_role(grant, by=None)
    assert not holds(user, Role.REVIEWER)
    assert holds(user, Role.REVIEWER, TODAY - dt.timedelta(days=1))
    actions.end_role(grant, by=None)
    assert HistoryRow.objects.filter(verb="end_role").count() == 1


def test_a_role_ended_on_its_first_day_never_was(user: User) -> None:
    actions.end_role(actions.grant_role(user, Role.REVIEWER, by=None), by=None)
    assert not RoleGrant.objects.exists()


def test_who_holds_a_role_for_a_region(cast: Cast, house: House, user: User) -> None:
    assert list(queries.users_holding(Role.REGIONAL_LEAD, region=house.baltics)) == [cast.regional_lead.user]
    assert list(queries.users_holding(Role.REGIONAL_LEAD, region=house.iberia)) == []
    actions.grant_role(user, Role.REGIONAL_LEAD, by=None)  # of every region
    assert list(queries.users_holding(Role.REGIONAL_LEAD, region=house.iberia)) == [user]


def test_what_was_signed_keeps_its_day(user: User, house: House) -> None:
    actions.sign_agreements(user, [house.conduct])
    with clock.at(dt.datetime(2027, 1, 1, tzinfo=dt.UTC)):
        actions.sign_agreements(user, [house.conduct])
    assert AgreementSignature.objects.get().signed_at.date() == TODAY
    assert HistoryRow.objects.get(verb="sign_agreement").codes == {
        "agreement": "code-of-conduct",
        "version": "2",
    }


def test_a_new_version_is_to_be_signed_again(user: User, house: House) -> None:
    actions.sign_agreements(user, [house.conduct])
    assert queries.agreements_to_sign(user, agreements_for_acceptance()) == []
    new = Agreement.objects.create(
        kind="code-of-conduct",
        version="3",
        title="Code",
        body="…",
        valid_from=TODAY,
        needed_for_acceptance=True,
    )
    assert queries.agreements_to_sign(user, agreements_for_acceptance()) == [new]


def test_office_and_auditor_see_all_roles_others_their_own(cast: Cast) -> None:
    everything = RoleGrant.objects.count()
    seen = {
        name: queries.grants_visible_to(getattr(cast, name).user).count()
        for name in ("office_1", "auditor", "reviewer_1", "outsider")
    }
    assert seen == {"office_1": everything, "auditor": everything, "reviewer_1": 1, "outsider": 0}


def test_the_office_gives_and_ends_roles_but_not_its_own(cast: Cast) -> None:
    office, auditor = cast.office_1.user, cast.auditor.user
    own, other = (RoleGrant.objects.get(user=person.user) for person in (cast.office_1, cast.office_2))
    assert permissions.can_grant_role(office)  # type: ignore[arg-type]
    assert not permissions.can_grant_role(auditor)  # type: ignore[arg-type]
    assert permissions.can_end_role(office, other)  # type: ignore[arg-type]
    assert not permissions.can_end_role(office, own)  # type: ignore[arg-type]
