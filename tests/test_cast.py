"""The cast itself: if it does not stand, nothing else can be tested."""

from accounts.models import Role
from tests.cast import Cast, House


def test_everyone_in_the_cast_has_an_account_and_a_confirmed_address(cast: Cast) -> None:
    for person in vars(cast).values():
        assert person.user.is_active
        assert person.addresses.get(primary=True).confirmed_at is not None


def test_grants_are_scoped(cast: Cast, house: House) -> None:
    lead = cast.regional_lead.user
    assert lead.holds(Role.REGIONAL_LEAD, region=house.baltics)
    assert not lead.holds(Role.REGIONAL_LEAD, region=house.iberia)
    assert not cast.outsider.user.is_staff
    assert cast.auditor.user.is_staff
