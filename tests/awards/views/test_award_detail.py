"""An award's page: what has become of it, for somebody who was given its number."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from awards import actions
from awards.models import Award
from awards.papers.setting import code_on_screen
from tests.cast import Cast, House
from tests.factories import AwardFactory


def page(client: Client, award: Award) -> str:
    return client.get(f"/awards/{award.key}/").text


def current(cast: Cast) -> Award:
    return cast.holder.awards.order_by("-first_year").first()


def test_an_award_in_force_names_its_holder_and_term(cast: Cast, client: Client) -> None:
    award = current(cast)
    text = page(client, award)
    assert "This award is in force" in text
    assert "Ágnes Kővári" in text
    assert award.number in text
    assert f"1 January {award.first_year} to 31 December {award.first_year}" in text


def test_its_code_opens_its_page(cast: Cast, client: Client) -> None:
    award = current(cast)
    answer = client.get(f"/awards/{award.key}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.text == code_on_screen(f"http://localhost:8000/awards/{award.key}/")
    assert 'fill="#fff"' in answer.text
    assert client.get("/awards/ZZZZ2222/code.svg").status_code == 404


def test_an_ended_award_was_valid(cast: Cast, client: Client) -> None:
    text = page(client, cast.holder.awards.get(first_year=2001))
    assert "This award has ended" in text
    assert "It was valid until 31 December 2001." in text
    assert "Ágnes Kővári" in text


def test_a_death_is_said_as_such(cast: Cast, client: Client) -> None:
    award = cast.holder.awards.get(first_year=2002)
    actions.end_award(award, by=cast.office_1.user, reason="deceased", on=dt.date(2002, 5, 4))
    assert "It was valid until 4 May 2002, when its holder died." in page(client, award)


def test_a_revoked_award_names_nobody(cast: Cast, client: Client) -> None:
    award = current(cast)
    actions.revoke_award(award, by=cast.office_1.user, reason_code="conduct")
    text = page(client, award)
    assert "This award was revoked" in text
    assert "Ágnes" not in text
    assert "conduct" not in text.partition("<footer")[0]


def test_an_award_on_hold_says_so(cast: Cast, client: Client) -> None:
    award = current(cast)
    actions.hold_award(award, by=cast.office_1.user, note="A complaint.")
    text = page(client, award)
    assert "This award is on hold" in text
    assert "complaint" not in text


def test_a_declined_award_says_so(cast: Cast, client: Client) -> None:
    award = current(cast)
    actions.resign_award(award, by=cast.holder.user)
    assert "This award was declined" in page(client, award)


def test_the_award_of_an_erased_holder_keeps_number_dates_and_area(cast: Cast, client: Client) -> None:
    award = current(cast)
    cast.holder.erased_at = timezone.now()
    cast.holder.save()
    text = page(client, award)
    assert "Name withheld" in text
    assert "Ágnes" not in text
    assert award.number in text
    assert award.area_name in text


def test_an_award_that_begins_later_says_when(cast: Cast, house: House, client: Client) -> None:
    year = house.program.current_year + 1
    text = page(client, AwardFactory(person=cast.holder, area=house.directory, first_year=year))
    assert f"It begins on 1 January {year}." in text


def test_an_open_ended_award_has_no_end(cast: Cast, house: House, client: Client) -> None:
    award = AwardFactory(person=cast.outsider, area=house.directory, first_year=2005, last_year=None)
    assert "from 1 January 2005, without an end" in page(client, award)


@pytest.mark.parametrize("key", ["AAAAAAAA", "x", "%F0%9F%99%82"])
def test_an_unknown_number_is_not_found(house: House, client: Client, key: str) -> None:
    assert client.get(f"/awards/{key}/").status_code == 404


def test_nothing_is_changed_by_post(cast: Cast, client: Client) -> None:
    assert client.post(f"/awards/{current(cast).key}/").status_code == 405
