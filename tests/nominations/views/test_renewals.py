"""The office opens renewals from a preview; the holder finds last year's facts and retires or goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.models import OutboxMail
from nominations import actions, states
from nominations.links import token_of
from nominations.models import AccessLink, Nomination
from people.models import Address, Person, PersonLink
from tests.cast import Cast, House
from tests.factories import AwardFactory, ContributionFactory, PersonFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person | None], Client]


def address(house: House) -> str:
    return f"/office/cycles/{house.cycle.slug}/renewals/"


def test_the_preview_names_who_and_why_not_and_changes_nothing(
    cast: Cast, house: House, sign_in: SignIn
) -> None:
    dead = PersonFactory(name="Gone Before", deceased=True)
    AwardFactory(person=dead, area=house.networking)
    page = sign_in(cast.office_1).get(address(house)).content.decode()
    assert "1 holder to invite" in page
    assert cast.holder.name in page
    assert "1 have died" in page
    assert "Gone Before" not in page
    assert "Gone Before" in sign_in(cast.office_1).get(address(house), {"show": "deceased"}).content.decode()
    assert not Nomination.objects.exists()


def test_the_office_opens_as_many_as_it_saw(cast: Cast, house: House, sign_in: SignIn) -> None:
    client = sign_in(cast.office_1)
    page = client.post(f"{address(house)}open/", {"expected": "1"}, follow=True).content.decode()
    assert "1 renewal is open; its holder gets a mail." in page
    assert "1 have a case for their area in this cycle already" in page
    assert OutboxMail.objects.get().kind == "nominations.renewal"


@pytest.mark.parametrize("expected", ["2", "", "-1", "x", "9" * 30])
def test_a_list_that_changed_since_opens_nothing(
    cast: Cast, house: House, sign_in: SignIn, expected: str
) -> None:
    response = sign_in(cast.office_1).post(f"{address(house)}open/", {"expected": expected})
    assert response.status_code == 409
    assert not Nomination.objects.exists()


def test_with_nobody_to_invite_the_page_says_so(cast: Cast, house: House, sign_in: SignIn) -> None:
    actions.open_renewals(house.cycle, by=None)
    page = sign_in(cast.office_1).get(address(house)).content.decode()
    assert "Everybody whose award ends has a case" in page
    assert "Open 0" not in page


def test_one_holder_and_three_take_the_same_queries(
    cast: Cast, house: House, sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(cast.office_1)
    for number in (0, 2):
        for _one in range(number):
            person = PersonFactory()
            Address.objects.create(person=person, email=f"{person.key.lower()}@x.example", primary=True)
            AwardFactory(person=person, area=house.networking)
        with django_assert_num_queries(9):
            client.get(address(house))


def test_the_holder_finds_what_is_known_of_the_year(cast: Cast, house: House, sign_in: SignIn) -> None:
    ContributionFactory(person=cast.holder, title="How to read a trace")
    PersonLink.objects.create(person=cast.holder, kind="website", url="https://agnes.example/")
    actions.open_renewals(house.cycle, by=None)
    case = Nomination.objects.get()
    page = sign_in(cast.holder).get(f"/nominations/{case.key}/answer/").content.decode()
    assert "Your last year" in page
    assert "How to read a trace" in page
    assert "https://agnes.example/" in page
    assert "Retire with thanks" in page
    for elsewhere in ("Refuse and erase", "Sign out and come back here", "No account is needed"):
        assert elsewhere not in page
    assert "Accept, or retire with our thanks." in sign_in(cast.holder).get("/me/").text
    assert "Your renewal is open" in sign_in(cast.holder).get(f"/nominations/{case.key}/").text


@pytest.mark.parametrize("by_link", [True, False])
def test_retiring_takes_a_post_and_thanks(cast: Cast, house: House, sign_in: SignIn, by_link: bool) -> None:
    actions.open_renewals(house.cycle, by=None)
    case, link = Nomination.objects.get(), AccessLink.objects.get()
    client = Client() if by_link else sign_in(cast.holder)
    page = f"/invitation/{token_of(link)}/" if by_link else f"/nominations/{case.key}/answer/"
    client.get(page)
    case.refresh_from_db()
    assert case.state == states.INVITED
    answer = client.post(page, {"answer": "retire"}).content.decode()
    assert "Thank you for these years" in answer
    assert "you are one of the alumni" in answer
    case.refresh_from_db()
    assert case.state == states.DECLINED
