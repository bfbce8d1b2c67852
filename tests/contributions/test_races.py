"""Two at once, over real connections: the second finds what the first wrote."""

import datetime as dt

import pytest

from contributions import actions
from contributions.models import Contribution, ContributionImport
from people.models import Person
from tests.factories import ContributionTypeFactory, PersonFactory
from tests.nominations.actions.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FILE = b"type,title,date\narticle,Two gateways,2004-10-21\narticle,Mixed subnets,2004-05-02\n"


@pytest.fixture
def person() -> Person:
    ContributionTypeFactory()
    return PersonFactory()


def test_a_file_confirmed_twice_at_once_is_taken_over_once(person: Person) -> None:
    made = actions.check_import(person, name="log.csv", content=FILE, by=None)
    at_once(*[lambda: actions.import_contributions(made, by=None)] * 2)
    assert Contribution.objects.count() == 2


def test_an_import_undone_twice_at_once_is_undone_once(person: Person) -> None:
    made = actions.check_import(person, name="log.csv", content=FILE, by=None)
    actions.import_contributions(made, by=None)
    said = at_once(*[lambda: actions.undo_import(made, by=None)] * 2)
    assert sorted(said) == [(0, 0), (2, 0)]
    assert ContributionImport.objects.get().state == "undone"


def test_an_entry_added_by_hand_while_its_file_is_taken_over_is_there_once(person: Person) -> None:
    made = actions.check_import(person, name="log.csv", content=FILE, by=None)
    facts = {"type": ContributionTypeFactory(), "title": "Two gateways", "starts": dt.date(2004, 10, 21)}
    at_once(
        lambda: actions.import_contributions(made, by=None),
        lambda: actions.log_contribution(person, by=None, **facts),
    )
    assert Contribution.objects.filter(title="Two gateways").count() == 1


def test_the_same_form_sent_twice_at_once_is_one_entry(person: Person) -> None:
    facts = {"type": ContributionTypeFactory(), "title": "Two gateways", "starts": dt.date(2004, 10, 21)}
    at_once(*[lambda: actions.log_contribution(person, by=None, **facts)] * 2)
    assert Contribution.objects.count() == 1
