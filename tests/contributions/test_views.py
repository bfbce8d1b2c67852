"""One's own log: add, change, delete; nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common import clock
from contributions.models import Contribution
from people.models import Person
from tests.cast import Cast, House
from tests.factories import ContributionFactory, ContributionTypeFactory

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.holder)


def entry(**changes: Any) -> dict[str, Any]:
    today = clock.today().isoformat()
    return {"type": "article", "title": "Two gateways", "starts": today, "visibility": "everyone", **changes}


def test_strangers_sign_in_first(db: None) -> None:
    assert Client().get("/me/contributions/").status_code == 302


def test_an_entry_is_added_and_listed_by_month(client: Client, cast: Cast) -> None:
    assert client.post("/me/contributions/", entry(reach="4100")).status_code == 302
    page = client.get("/me/contributions/").content.decode()
    assert "Views: 4,100" in page
    assert clock.today().strftime("%B %Y") in page
    assert Contribution.objects.get().person == cast.holder


def test_the_same_sent_twice_is_one_entry(client: Client) -> None:
    for _ in range(2):
        assert client.post("/me/contributions/", entry()).status_code == 302
    assert Contribution.objects.count() == 1


def test_the_type_gives_the_numbers_their_names(client: Client) -> None:
    ContributionTypeFactory(
        code="answers",
        name="Forum answers",
        quantity_label="answers",
        second_quantity_label="posts",
        reach_label="",
    )
    page = client.get("/me/contributions/?type=answers").content.decode()
    assert "Answers" in page
    assert "Posts" in page
    assert 'name="reach"' not in page


def test_a_number_that_the_type_does_not_ask_for_is_not_kept(client: Client) -> None:
    ContributionTypeFactory(code="translation", name="Translation", quantity_label="pieces", reach_label="")
    client.post("/me/contributions/", entry(type="translation", quantity="3", reach="99"))
    row = Contribution.objects.get()
    assert (row.quantity, row.reach) == (3, None)


def test_a_type_that_needs_a_link_says_so(client: Client) -> None:
    ContributionTypeFactory(code="blog", name="Blog post", link_required=True)
    answer = client.post("/me/contributions/", entry(type="blog"))
    assert answer.status_code == 422
    assert 'value="Two gateways"' in answer.content.decode()


@pytest.mark.parametrize("type_", ["", "nonsense", "a\x00", "x" * 10_000])
def test_a_type_that_does_not_exist_breaks_nothing(type_: str, client: Client) -> None:
    assert client.get("/me/contributions/", {"type": type_}).status_code in (200, 400)
    assert client.post("/me/contributions/", entry(type=type_)).status_code == 422


def test_an_entry_is_changed_and_deleted(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.holder)
    path = f"/me/contributions/{row.key}/"
    assert client.get(path).status_code == 200
    assert client.post(path, entry(title="Three gateways")).status_code == 302
    row.refresh_from_db()
    assert row.title == "Three gateways"
    assert client.get(f"{path}delete/").status_code == 405
    assert client.post(f"{path}delete/").status_code == 302
    assert not Contribution.objects.exists()


def test_a_refused_change_leaves_the_entry(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.holder, title="Before")
    answer = client.post(f"/me/contributions/{row.key}/", entry(title=""))
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.title == "Before"


def test_somebody_elses_entry_does_not_exist(client: Client, cast: Cast) -> None:
    row = ContributionFactory(person=cast.outsider)
    for key in (row.key, "NOSUCH2222"):
        for path in (f"/me/contributions/{key}/", f"/me/contributions/{key}/delete/"):
            assert client.post(path, entry(title="Mine now")).status_code == 404
    row.refresh_from_db()
    assert row.title != "Mine now"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    number: int,
    client: Client,
    cast: Cast,
    house: House,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for _ in range(number):
        ContributionFactory(person=cast.holder)
    client.get("/me/")
    with django_assert_num_queries(8):
        client.get("/me/contributions/")
