"""The language of a page: as its reader set it, else the cookie, else the browser. It stands in no address."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from people.language import keep_language
from people.models import Person
from tests.cast import Cast, House


def language(client: Client, accept: str = "") -> str:
    return client.get("/verify/", headers={"accept-language": accept} if accept else {})["Content-Language"]


def choose(client: Client, code: str, **headers: str):
    return client.post(
        "/language/", {"language": code}, headers={"referer": "http://testserver/verify/"} | headers
    )


@pytest.mark.parametrize(
    ("accept", "shown"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("es-MX", "es"),
        ("fr, es;q=0.4", "es"),
        ("ja", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_a_stranger_reads_what_their_browser_asks_for(
    house: House, client: Client, accept: str, shown: str
) -> None:
    assert language(client, accept) == shown
    page = client.get("/verify/", headers={"accept-language": accept})
    assert f'<html lang="{shown}" dir="ltr">' in page.content.decode()
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in page["Vary"].split(",")}


def test_the_choice_at_the_foot_of_the_page_is_kept_and_leads_back(house: House, client: Client) -> None:
    answer = choose(client, "de")
    assert answer["Location"] == "http://testserver/verify/"
    assert language(client, "es") == "de"
    assert 'value="de" lang="de" aria-current="true"' in client.get("/verify/").content.decode()
    choose(client, "tlh")
    assert language(client) == "de"


def test_nobody_chooses_from_another_site(house: House, client: Client) -> None:
    assert choose(client, "de", referer="http://elsewhere.example/").status_code == 403
    assert choose(client, "de", origin="http://elsewhere.example").status_code == 403
    assert client.post("/language/", {"language": "de"}).status_code == 403
    assert client.get("/language/").status_code == 405
    assert language(client) == "en"


def test_a_setting_goes_before_cookie_and_browser(cast: Cast, sign_in) -> None:
    client = sign_in(cast.holder)
    choose(client, "es")
    cast.holder.refresh_from_db()
    assert cast.holder.mail_language == "es"
    client.cookies["language"] = "de"
    assert language(client, "de") == "es"
    client.post("/me/account/settings/", {"language": "", "zone": ""})
    assert language(client, "de") == "de"


def test_a_setting_that_the_site_no_longer_has_is_passed_over(cast: Cast, sign_in) -> None:
    Person.objects.filter(pk=cast.holder.pk).update(mail_language="hu")
    assert language(sign_in(cast.holder), "de") == "de"


def test_who_first_signs_in_keeps_the_language_they_came_with(cast: Cast) -> None:
    request = RequestFactory().get("/", headers={"accept-language": "de"})
    with translation.override("de"):
        keep_language(None, request, cast.outsider.user)
        keep_language(None, RequestFactory().get("/"), cast.holder.user)
    cast.outsider.refresh_from_db()
    cast.holder.refresh_from_db()
    assert (cast.outsider.mail_language, cast.holder.mail_language) == ("de", "")


def test_an_error_page_is_in_the_language_too(client: Client, db) -> None:
    assert client.get("/nothing/here/", headers={"accept-language": "de"})["Content-Language"] == "de"
