"""Signs of a tie: a shared mail domain, a shared link. Found among people who hold a role."""

import pytest

from accounts.models import Role
from common import clock, registry
from nominations import conflicts
from nominations.models import Conflict
from people.models import Address
from tests import factories


@pytest.fixture
def case(house, cast):
    nominee = factories.PersonFactory(name="Vaira Paegle")
    Address.objects.create(person=nominee, email="vaira@alder.example", confirmed_at=clock.now())
    return factories.NominationFactory(
        cycle=house.cycle, area=house.networking, nominee=nominee, state="complete", region=house.baltics
    )


@pytest.fixture
def reviewer(house):
    person = factories.make_person("Colleague", "colleague@birch.example")
    factories.grant(person, Role.REVIEWER)
    return person


def signs(case):
    rows = case.conflicts.filter(strength="suggested", dismissed_at=None)
    return set(rows.values_list("person", "kind"))


def also_at(person, email, *, confirmed=True):
    Address.objects.create(person=person, email=email, confirmed_at=clock.now() if confirmed else None)


def test_a_shared_mail_domain_is_a_sign(case, reviewer):
    also_at(reviewer, "c@alder.example")
    conflicts.recompute([case.pk])
    assert signs(case) == {(reviewer.pk, "domain")}


@pytest.mark.parametrize("domain", ["mail.example", "contoso.example"])
def test_the_domain_of_a_public_provider_or_of_the_organiser_is_none(case, reviewer, domain):
    also_at(reviewer, f"c@{domain}")
    also_at(case.nominee, f"v@{domain}")
    conflicts.recompute([case.pk])
    assert signs(case) == set()


def test_an_address_that_nobody_confirmed_is_none(case, reviewer):
    also_at(reviewer, "c@alder.example", confirmed=False)
    conflicts.recompute([case.pk])
    assert signs(case) == set()


def test_people_without_a_role_are_not_asked_about(case, cast):
    also_at(cast.outsider, "l@alder.example")
    conflicts.recompute([case.pk])
    assert signs(case) == set()


def test_a_new_address_of_a_reviewer_finds_the_cases_it_touches(case, reviewer):
    also_at(reviewer, "c@alder.example")
    registry.call(registry.on_ties_changed, reviewer)
    assert signs(case) == {(reviewer.pk, "domain")}


def test_a_sign_goes_with_what_it_was_drawn_from(case, reviewer):
    also_at(reviewer, "c@alder.example")
    conflicts.recompute([case.pk])
    reviewer.addresses.filter(email="c@alder.example").delete()
    registry.call(registry.on_ties_changed, reviewer)
    assert signs(case) == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.talks.example/2004/", "http://talks.example/2004", True),
        ("https://talks.example/2004#slides", "https://Talks.example/2004/", True),
        ("https://talks.example/view?id=1", "https://talks.example/view?id=2", False),
        ("https://talks.example/2004", "https://talks.example/2005", False),
        ("", "", False),
    ],
)
def test_the_same_link_in_both_logs_is_a_sign(case, reviewer, one, other, same):
    factories.ContributionFactory(person=case.nominee, url=one)
    factories.ContributionFactory(person=reviewer, url=other)
    conflicts.recompute([case.pk])
    assert signs(case) == ({(reviewer.pk, "work")} if same else set())


def test_a_link_that_many_have_is_a_place_and_no_sign(case, reviewer):
    for person in [case.nominee, reviewer, *(factories.PersonFactory() for _ in range(20))]:
        factories.ContributionFactory(person=person, url="https://conference.example/")
    conflicts.recompute([case.pk])
    assert signs(case) == set()


def test_what_a_chair_dismissed_is_not_suggested_again(case, reviewer):
    also_at(reviewer, "c@alder.example")
    conflicts.recompute([case.pk])
    case.conflicts.update(dismissed_at=clock.now())
    conflicts.recompute([case.pk])
    assert signs(case) == set()
    assert case.conflicts.filter(kind="domain").count() == 1


def test_what_a_chair_confirmed_stays_when_the_sign_is_gone(case, reviewer):
    Conflict.objects.create(nomination=case, person=reviewer, kind="domain", source="chair")
    conflicts.recompute([case.pk])
    assert case.conflicts.get(kind="domain").strength == "hard"


def test_one_case_and_three_cost_the_same_statements(house, case, reviewer, django_assert_num_queries):
    also_at(reviewer, "c@alder.example")
    factories.ContributionFactory(person=case.nominee, url="https://talks.example/1")
    cases = [case]
    for number in range(2):
        other = factories.PersonFactory()
        also_at(other, f"o{number}@alder.example")
        cases.append(
            factories.NominationFactory(
                cycle=house.cycle, area=house.networking, nominee=other, state="complete"
            )
        )
    conflicts.recompute([one.pk for one in cases])
    for some in ([case.pk], [one.pk for one in cases]):
        with django_assert_num_queries(13):
            conflicts.recompute(some)
