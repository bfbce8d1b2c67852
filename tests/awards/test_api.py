"""The roster, a person and an award, for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actions import make_token
from awards import loading
from awards.models import Award
from common import keeping
from common.ratelimit import RateLimit
from mvp_program import api_door
from people.actions import erase_person
from people.models import Person
from tests import factories
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db


def everybody(client: Client, **asked: object) -> list[str]:
    """The names on all pages, one after the other."""
    names, answer = [], client.get("/api/v1/people", asked).json()
    names += [one["name"] for one in answer["people"]]
    while answer["next"]:
        answer = client.get(answer["next"].removeprefix("http://localhost:8000")).json()
        names += [one["name"] for one in answer["people"]]
    return names


@pytest.fixture
def holders(house: House) -> list[Person]:
    people: list[Any] = [factories.PersonFactory(name=f"Holder {letter}") for letter in "ABCDE"]
    for person in people:
        factories.AwardFactory(person=person, area=house.networking)
    return people


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
@pytest.mark.parametrize("more", [{}, {"q": "holder"}, {"sort": "newest", "area": "networking"}])
def test_all_pages_together_are_everybody_once(
    client: Client, holders: list[Person], limit: int, more: dict[str, str]
) -> None:
    assert everybody(client, limit=limit, **more) == [f"Holder {letter}" for letter in "ABCDE"]


def test_a_page_goes_on_where_it_stopped_though_others_came_and_its_last_one_went(
    client: Client, house: House, holders: list[Person]
) -> None:
    following = client.get("/api/v1/people", {"limit": 2}).json()["next"]
    factories.AwardFactory(person=factories.PersonFactory(name="Holder Aa"), area=house.networking)
    names = [one["name"] for one in client.get(following).json()["people"]]
    assert names == ["Holder C", "Holder D"]
    erase_person(holders[1], by=None)
    names = [one["name"] for one in client.get(following).json()["people"]]
    assert "Holder C" in names


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_takes_as_many_statements_for_one_as_for_three(
    client: Client, house: House, number: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for _n in range(number):
        factories.AwardFactory(area=house.networking)
    loading.loaded(loading.roster_version())
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert client.get("/api/v1/people").json()["total"] == number


def test_what_a_profile_hides_is_empty_and_a_token_shows_what_its_owner_may_see(
    client: Client, cast: Cast
) -> None:
    cast.holder.visibility = {"headline": "holders", "city": "office"}
    cast.holder.headline, cast.holder.city = "For holders", "Hidden City"
    cast.holder.save()
    address = f"/api/v1/people/{cast.holder.slug}"
    assert "For holders" not in client.get(address).content.decode()
    other = factories.make_person("Other Holder", "other@community.example")
    factories.AwardFactory(person=other)
    _row, token = make_token(other.user, name="x", may_write=False, by=other.user)
    seen = client.get(address, headers={"authorization": f"Bearer {token}"})
    assert seen.json()["headline"] == "For holders"
    assert "Hidden City" not in seen.content.decode()
    assert "private" in seen["Cache-Control"]


def test_a_token_that_is_not_in_force_is_refused_rather_than_passed_over(client: Client) -> None:
    answer = client.get("/api/v1/people", headers={"authorization": "Bearer mvp_nothing"})
    assert answer.status_code == 401


def test_an_erased_profile_is_410_and_its_award_names_nobody(client: Client, cast: Cast) -> None:
    award = factories.AwardFactory(person=cast.holder)
    erase_person(cast.holder, by=None)
    assert client.get(f"/api/v1/people/{cast.holder.slug}").status_code == 410
    assert client.get("/api/v1/people/nobody-of-that-name").status_code == 404
    answer = client.get(f"/api/v1/awards/{award.key}").json()
    assert (answer["holder"], answer["country"], answer["credential"]) == (None, "", None)


def test_of_a_revoked_award_neither_holder_nor_technology_is_said(client: Client, cast: Cast) -> None:
    award = factories.AwardFactory(person=cast.holder)
    Award.objects.filter(pk=award.pk).update(state="revoked")
    answer = client.get(f"/api/v1/awards/{award.number}").json()
    assert (answer["status"], answer["holder"], answer["area"]) == ("revoked", None, "")


def test_an_old_address_leads_to_the_new_one(client: Client, cast: Cast) -> None:
    factories.AwardFactory(person=cast.holder)
    cast.holder.old_slugs.create(slug="once")
    answer = client.get("/api/v1/people/once")
    assert (answer.status_code, answer["Location"]) == (301, f"/api/v1/people/{cast.holder.slug}")


def test_a_list_that_has_not_changed_is_304_and_one_that_has_is_not(
    client: Client, holders: list[Person]
) -> None:
    tag = client.get("/api/v1/people")["ETag"]
    assert client.get("/api/v1/people", headers={"if-none-match": tag}).status_code == 304
    holders[0].name = "Another Name"
    holders[0].save()
    answer = client.get("/api/v1/people", headers={"if-none-match": tag})
    assert "Another Name" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_person_costs_the_same_with_one_and_with_three_awards_and_contributions(
    client: Client, house: House, number: int, django_assert_num_queries: Callable[..., object]
) -> None:
    person = factories.PersonFactory(slug="ann-lee")
    for past in range(number):
        factories.AwardFactory(
            person=person, area=house.networking, first_year=house.program.current_year - past
        )
        factories.ContributionFactory(person=person, area=house.networking)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        answer = client.get("/api/v1/people/ann-lee").json()
    assert [award["area"] for award in answer["awards"]] == ["networking"] * number
    assert [one["area"] for one in answer["contributions"]] == ["networking"] * number


def test_a_list_that_is_kept_goes_out_again_with_all_that_belongs_to_it(
    client: Client, holders: list[Person], settings: Any, django_assert_num_queries: Callable[..., object]
) -> None:
    settings.KEPT_PAGES_TRUSTED_SECONDS = 60
    address = "/api/v1/people?limit=2"
    first = client.get(address)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        again = client.get(address)
        unchanged = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.content, again["Link"]) == (first.content, first["Link"])
    assert {**again.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    assert (unchanged.status_code, unchanged["Vary"], unchanged.content) == (304, first["Vary"], b"")


def test_what_was_found_unchanged_is_never_mistaken_for_the_list(
    client: Client, holders: list[Person], settings: Any
) -> None:
    tag = client.get("/api/v1/people")["ETag"]
    keeping.forget_pages()
    settings.KEPT_PAGES_TRUSTED_SECONDS = 60
    for _time in range(2):
        assert client.get("/api/v1/people", headers={"if-none-match": tag}).status_code == 304
    whole = client.get("/api/v1/people")
    assert (whole.status_code, whole.json()["total"]) == (200, len(holders))
    for _time in range(2):
        assert client.get("/api/v1/people", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/api/v1/people").content == whole.content


def test_who_shows_a_token_gets_nothing_that_was_kept(
    client: Client, holders: list[Person], cast: Cast, settings: Any
) -> None:
    settings.KEPT_PAGES_TRUSTED_SECONDS = 60
    Person.objects.filter(pk=holders[0].pk).update(headline="For us", visibility={"headline": "holders"})
    for _time in range(2):
        assert "For us" not in client.get("/api/v1/people").text
    _row, token = make_token(cast.holder.user, name="x", may_write=False, by=cast.holder.user)
    own = client.get("/api/v1/people", headers={"authorization": f"Bearer {token}"})
    assert ("For us" in own.text, "private" in own["Cache-Control"]) == (True, True)
    assert "For us" not in client.get("/api/v1/people").text


def test_a_kept_list_is_counted_among_the_questions_of_a_minute(
    client: Client, holders: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_door, "limit", RateLimit(2))
    answers = [client.get("/api/v1/people").status_code for _time in range(3)]
    assert answers == [200, 200, 429]
