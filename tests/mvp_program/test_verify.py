"""Checking an award by its number."""

import pytest
from django.test import Client

from awards.standing import key_in
from tests.cast import Cast, House


def check(client: Client, typed: str):
    response = client.get("/verify/", {"id": typed})
    assert response.status_code == 200
    return response


@pytest.mark.parametrize(
    "form",
    ["{key}", "{lower}", "{number}", " {number} ", "https://x.example/awards/{key}/", "MVP-2004-{number}"],
)
def test_a_number_is_found_however_it_is_typed(cast: Cast, client: Client, form: str) -> None:
    award = cast.holder.awards.first()
    typed = form.format(key=award.key, lower=award.key.lower(), number=award.number)
    assert check(client, typed).context["record"].award == award


def test_an_award_in_force_gets_one_verdict_in_words(cast: Cast, house: House, client: Client) -> None:
    award = cast.holder.awards.get(first_year=house.program.current_year)
    text = check(client, award.number).text
    assert "This award is in force" in text
    assert (
        text.index('action="/verify/#result"')
        < text.index('id="result"')
        < text.rindex("This award is in force")
    )
    assert "Ágnes Kővári" in text


@pytest.mark.parametrize(
    "typed", ["H7Q2-K9DX", "H7Q2-OK9D", "x", "’; DROP", "x" * 5000, "<script>", "\u202eabc"]
)
def test_what_is_not_on_record_gets_a_clear_sentence(cast: Cast, client: Client, typed: str) -> None:
    text = check(client, typed).text
    assert "No award has this number" in text
    assert "<script>alert" not in text


def test_signs_that_no_number_holds_are_named(cast: Cast, client: Client) -> None:
    assert "never contains 0, O, 1, I or U" in check(client, "H7Q2-OK9D").text


def test_nothing_typed_says_what_a_number_looks_like(house: House, client: Client) -> None:
    text = client.get("/verify/").text
    assert "eight letters and digits" in text
    assert "No award has this number" not in text


@pytest.mark.parametrize("typed", ["HELLO", "H7Q2-K9DX"])
def test_unknown_and_malformed_numbers_cost_no_more_than_known_ones(
    cast: Cast, client: Client, typed: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(3):
        check(client, typed)


def test_a_key_is_read_from_an_address() -> None:
    assert key_in("https://mvp.example/awards/H7Q2K9DX/?from=mail") == "H7Q2K9DX"
    assert key_in("") == ""
