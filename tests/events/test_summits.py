"""Summits: public facts, no places to take yet."""

import datetime as dt

import pytest
from django.test import Client

from charter.models import Region
from common import clock
from events.models import Summit
from tests.cast import Cast, House


def make(slug: str = "oulu", days: int = 30, **fields) -> Summit:
    day = clock.today() + dt.timedelta(days=days)
    values = {
        "name": f"Summit {slug}",
        "place": "Oulu",
        "country": "FI",
        "zone": "Europe/Helsinki",
        "capacity": 450,
    }
    return Summit.objects.create(
        slug=slug, starts=day, ends=day + dt.timedelta(days=1), **{**values, **fields}
    )


def test_the_list_parts_what_comes_from_what_was(house: House, client: Client) -> None:
    make("later", 60), make("sooner", 10), make("before", -20)
    response = client.get("/summits/")
    assert [s.slug for s in response.context["upcoming"]] == ["sooner", "later"]
    assert [s.slug for s in response.context["page"]] == ["before"]


def test_no_summit_is_said_kindly(house: House, client: Client) -> None:
    assert "No summit is planned at the moment" in client.get("/summits/").text


def test_a_summit_says_when_where_and_for_whom(house: House, client: Client) -> None:
    make().regions.add(house.baltics)
    text = client.get("/summits/oulu/").text
    for words in (
        "Oulu",
        "Finland",
        "Times are those of Helsinki.",
        "450",
        "Holders of an award in force",
        "Regions: Baltics",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (5, 20, "Registration opens on"),
        (-5, 20, "Registration runs from"),
        (-5, None, "Registration has been open since"),
        (-20, -5, "Registration ended on"),
        (None, None, "not set yet"),
    ],
)
def test_registration_is_told_from_its_dates(
    house: House, client: Client, opens: int | None, closes: int | None, words: str
) -> None:
    moments = [None if d is None else clock.now() + dt.timedelta(days=d) for d in (opens, closes)]
    make(registration_opens_at=moments[0], registration_closes_at=moments[1])
    text = client.get("/summits/oulu/").text
    assert words in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]


def test_a_holder_is_told_that_they_are_invited(cast: Cast, sign_in) -> None:
    make()
    assert "You are invited" in sign_in(cast.holder).get("/summits/oulu/").text
    assert "You are invited" not in sign_in(cast.outsider).get("/summits/oulu/").text


def test_a_summit_of_other_regions_invites_only_their_holders(cast: Cast, house: House, sign_in) -> None:
    make().regions.add(house.iberia)
    assert "You are invited" not in sign_in(cast.holder).get("/summits/oulu/").text
    cast.holder.awards.update(region=Region.objects.get(slug="iberia"))
    assert "You are invited" in sign_in(cast.holder).get("/summits/oulu/").text


def test_nobody_is_invited_to_what_is_over(cast: Cast, sign_in) -> None:
    make(days=-20)
    text = sign_in(cast.holder).get("/summits/oulu/").text
    assert "You are invited" not in text
    assert "Over" in text


@pytest.mark.parametrize("slug", ["nowhere", "x" * 300])
def test_an_unknown_summit_is_not_found(house: House, client: Client, slug: str) -> None:
    assert client.get(f"/summits/{slug}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(
    house: House, client: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        make(f"ahead-{number}", 10 + number), make(f"past-{number}", -10 - number)
    with django_assert_num_queries(6):
        client.get("/summits/")
