"""Once a year: is your profile still right?"""

import datetime as dt

import pytest

from awards.queries import profiles_to_ask_about
from common import clock
from common.models import OutboxMail
from people.actions import ask_about_profiles
from people.models import Person
from tests.cast import Cast

LONG_AGO = dt.timedelta(days=400)


@pytest.fixture
def old(cast: Cast) -> Person:
    Person.objects.filter(pk=cast.holder.pk).update(created_at=clock.now() - LONG_AGO)
    cast.holder.refresh_from_db()
    return cast.holder


def test_a_holder_is_asked_once_a_year(old: Person) -> None:
    assert profiles_to_ask_about() == [old]
    assert ask_about_profiles(profiles_to_ask_about()) == 1
    assert profiles_to_ask_about() == []
    assert OutboxMail.objects.filter(kind="people.still_right", person_key=old.key).count() == 1
    with clock.at(clock.now() + LONG_AGO):
        assert ask_about_profiles(profiles_to_ask_about()) >= 1
    assert OutboxMail.objects.filter(kind="people.still_right", person_key=old.key).count() == 2


@pytest.mark.parametrize(
    "changed", [{"deceased": True}, {"profile_confirmed_at": clock.now()}, {"erased_at": clock.now()}]
)
def test_nobody_is_asked_without_need(old: Person, changed: dict) -> None:
    Person.objects.filter(pk=old.pk).update(**changed)
    assert profiles_to_ask_about() == []


def test_who_never_held_an_award_is_not_asked(cast: Cast) -> None:
    Person.objects.update(created_at=clock.now() - LONG_AGO)
    assert cast.nominee not in profiles_to_ask_about()


def test_saying_yes_takes_the_question_away(old: Person, sign_in) -> None:
    client, page = sign_in(old), f"/people/{old.slug}/"
    assert "Is your profile still right?" in client.get("/me/").text
    assert "Is this still right?" in client.get(page).text
    assert "Is this still right?" not in sign_in(None).get(page).text
    assert client.post(f"{page}confirm/")["Location"] == page
    assert "Is this still right?" not in client.get(page).text
    assert "Is your profile still right?" not in client.get("/me/").text
    assert profiles_to_ask_about() == []


def test_nobody_else_can_say_it(old: Person, cast: Cast, sign_in) -> None:
    assert sign_in(cast.outsider).post(f"/people/{old.slug}/confirm/").status_code == 404
    assert sign_in(cast.office_1).post(f"/people/{old.slug}/confirm/").status_code == 403
