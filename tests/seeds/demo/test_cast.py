"""The cast of a demo: invented people for every role."""

from accounts.models import Role, RoleGrant
from awards.models import Award
from common.models import DemoMarker, SiteFact
from people.models import Address, Person


def member(key: str) -> Person:
    [found] = [one for one in SiteFact.objects.get(name="cast").value if one["key"] == key]
    return Person.objects.get(key=found["person"])


def test_every_role_of_the_program_is_played(demo: None) -> None:
    played = set(RoleGrant.objects.in_force().values_list("role", flat=True))
    assert played == set(Role.values) - {Role.EVENT_HOST}


def test_each_member_can_sign_in_and_says_what_to_try(demo: None) -> None:
    shown = SiteFact.objects.get(name="cast").value
    assert len(shown) == 14
    for one in shown:
        assert Address.objects.get(email=one["email"], primary=True).confirmed_at
        assert Person.objects.get(key=one["person"]).user.email == one["email"]
        assert one["does"].endswith(".")


def test_the_nominee_is_fresh(demo: None) -> None:
    assert not member("nominee").nominations.exists()
    assert member("nominee").contributions.count() == 6


def test_the_holder_has_a_gap(demo: None) -> None:
    years = list(member("holder").awards.order_by("first_year").values_list("first_year", flat=True))
    assert years[-1] - years[0] + 1 == len(years) + 2


def test_awards_carry_the_names_and_region_of_their_day(demo: None) -> None:
    award = Award.objects.filter(person=member("reviewer_2")).latest("first_year")
    assert (award.area_name, award.region.slug) == ("Windows Server – Directory Services", "japan")


def test_a_demo_marks_its_database(demo: None) -> None:
    assert DemoMarker.objects.count() == 1
