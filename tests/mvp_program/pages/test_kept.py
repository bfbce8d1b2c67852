"""What is kept for strangers goes out at the door: the same as drawn, to nobody else, and no longer than it is true."""

import gzip

import pytest
from django.test import Client

from awards.models import Award
from charter.models import Wording
from charter.wordings import forget_wordings
from common import keeping
from people.models import Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db
KINDS = ("home", "roster", "profile", "award", "numbers")


def page(kind: str, cast: Cast) -> str:
    award = cast.holder.awards.latest("first_year")
    pages = {
        "home": "/",
        "roster": "/roster/",
        "numbers": "/numbers/",
        "profile": f"/people/{cast.holder.slug}/",
    }
    return pages.get(kind) or f"/awards/{award.key}/"


@pytest.fixture
def trusted(settings) -> None:
    settings.KEPT_PAGES_TRUSTED_SECONDS = 60


@pytest.mark.parametrize("kind", KINDS)
def test_who_comes_next_gets_the_same_page_and_nothing_is_asked(
    cast: Cast, client: Client, trusted: None, kind: str, django_assert_num_queries
) -> None:
    address = page(kind, cast)
    first = client.get(address)
    with django_assert_num_queries(0):
        second = client.get(address)
        unchanged = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.content == first.content
    assert {**second.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
    assert "Content-Security-Policy" in unchanged.headers


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_goes_out_packed_to_whoever_takes_it_drawn_or_kept(
    cast: Cast, client: Client, trusted: None, kind: str
) -> None:
    address = page(kind, cast)
    for _time in range(2):
        packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert packed["Content-Length"] == str(len(packed.content))
        plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})
        assert gzip.decompress(packed.content) == plain.content
        assert packed["ETag"] == plain["ETag"]
        assert packed["Vary"] == plain["Vary"]
        assert "Accept-Encoding" in plain["Vary"]
    asked = {"If-None-Match": packed["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(address, headers=asked).content == b""


def test_nothing_that_somebody_gets_for_themselves_is_packed(cast: Cast, sign_in, trusted: None) -> None:
    for address in ("/", "/roster/", "/me/"):
        answer = sign_in(cast.holder).get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_signed_in_gets_their_own(cast: Cast, sign_in, trusted: None, kind: str) -> None:
    for _time in range(2):
        assert "Sign in" in sign_in(None).get(page(kind, cast)).text
    own = sign_in(cast.holder).get(page(kind, cast))
    assert "Your account" in own.text
    assert "ETag" not in own.headers


def test_each_language_has_its_own_page(client: Client, trusted: None, cast: Cast) -> None:
    for language in ("en", "de", "en-GB,en;q=0.8", "de-AT"):
        answer = client.get("/roster/", headers={"Accept-Language": language})
        assert answer["Content-Language"] == language[:2]
        assert f'<html lang="{language[:2]}"' in answer.text
    client.cookies["language"] = "es"
    assert client.get("/roster/", headers={"Accept-Language": "de"})["Content-Language"] == "es"


@pytest.mark.parametrize("kind", ["roster", "profile", "award"])
def test_what_is_no_longer_true_does_not_go_out(cast: Cast, client: Client, kind: str) -> None:
    for _time in range(2):
        client.get(page(kind, cast))
    address = page(kind, cast)
    Person.objects.filter(pk=cast.holder.pk).update(name="Agnes Another")
    assert "Agnes Another" in client.get(address).text


@pytest.mark.parametrize("kind", ["roster", "profile", "award", "numbers"])
def test_another_word_for_an_area_is_on_kept_pages_at_once(cast: Cast, client: Client, kind: str) -> None:
    address = page(kind, cast)
    area = cast.holder.awards.latest("first_year").area_name
    word = Wording.objects.create(language="de", original=area, words="Netze von gestern")
    for words in ("Netze von gestern", "Netze von heute"):
        Wording.objects.filter(pk=word.pk).update(words=words)
        forget_wordings()
        answers = [client.get(address, headers={"Accept-Language": "de"}) for _time in range(2)]
        assert [words in answer.text for answer in answers] == [True, True]
    assert words not in client.get(address, headers={"Accept-Language": "es"}).text


def test_a_revoked_award_says_so_to_whoever_asks_next(cast: Cast, client: Client) -> None:
    address = page("award", cast)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    Award.objects.filter(person=cast.holder).update(state=Award.State.REVOKED)
    answer = client.get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, "This award was revoked" in answer.text) == (200, True)


@pytest.mark.parametrize("address", ["/roster/?q=" + "x" * 600, "/people/nobody-at-all/", "/verify/"])
def test_the_door_knows_neither_long_addresses_nor_other_answers(
    cast: Cast, client: Client, address: str
) -> None:
    client.get(address)
    assert not keeping._answers


def test_the_door_knows_so_many_answers_and_lets_the_oldest_go(
    cast: Cast, client: Client, monkeypatch
) -> None:
    monkeypatch.setattr(keeping, "ANSWERS_AT_MOST", 2)
    for text in ("a", "b", "c"):
        client.get(f"/roster/?q={text}")
    assert [address[3] for address in keeping._answers] == ["q=b", "q=c"]
