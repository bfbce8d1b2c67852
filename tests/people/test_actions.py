"""Making persons and confirming addresses."""

import pytest

from common.errors import RuleBroken
from common.models import HistoryRow
from people import actions
from people.models import Address
from people.queries import person_by_address

pytestmark = pytest.mark.django_db


def test_a_new_person_has_a_slug_a_sort_key_and_an_unconfirmed_address() -> None:
    person = actions.create_person(name="Đặng Thu Hà", email=" ThuHa@Example.TEST ", by=None)
    assert (person.slug, person.sort_key) == ("dang-thu-ha", "ha dang thu")
    address = Address.objects.get(person=person)
    assert (address.email, address.primary, address.confirmed_at) == ("thuha@example.test", True, None)
    assert HistoryRow.objects.get(key=person.key).verb == "create_person"


def test_namesakes_get_numbered_slugs() -> None:
    slugs = [actions.create_person(name="Inês Abrantes", by=None).slug for _ in range(3)]
    assert slugs == ["ines-abrantes", "ines-abrantes-2", "ines-abrantes-3"]


def test_a_name_of_signs_alone_still_gets_a_slug() -> None:
    assert actions.create_person(name="«?»", by=None).slug == "person"


def test_one_address_is_one_person_also_before_it_is_confirmed() -> None:
    first = actions.find_or_create_person(name="Ilmārs", email="ilmars@example.test", by=None)
    again = actions.find_or_create_person(name="Ilmars V.", email="Ilmars@example.test", by=None)
    assert first == again


def test_confirming_opens_the_account() -> None:
    person = actions.create_person(name="Ilmārs", email="ilmars@example.test", by=None)
    same = actions.confirm_address(person, "ilmars@example.test")
    assert same == person
    assert same.user is not None
    assert same.user.email == "ilmars@example.test"
    assert not same.user.has_usable_password()
    assert person_by_address("ILMARS@example.test", confirmed_only=True) == person


def test_confirming_twice_changes_nothing() -> None:
    person = actions.create_person(name="Ilmārs", email="ilmars@example.test", by=None)
    first = actions.confirm_address(person, "ilmars@example.test")
    again = actions.confirm_address(person, "ilmars@example.test")
    assert first.user == again.user
    assert HistoryRow.objects.filter(key=person.key, verb="confirm_address").count() == 1


def test_a_second_address_does_not_take_the_place_of_the_first() -> None:
    person = actions.create_person(name="Ilmārs", email="ilmars@example.test", by=None)
    actions.confirm_address(person, "ilmars@example.test")
    actions.confirm_address(person, "work@example.test")
    assert Address.objects.get(person=person, primary=True).email == "ilmars@example.test"


def test_an_address_of_somebody_with_an_account_is_not_given_away() -> None:
    owner = actions.create_person(name="Ilmārs", email="ilmars@example.test", by=None)
    actions.confirm_address(owner, "ilmars@example.test")
    other = actions.create_person(name="Else", email="else@example.test", by=None)
    actions.confirm_address(other, "else@example.test")
    with pytest.raises(RuleBroken):
        actions.confirm_address(other, "ilmars@example.test")
