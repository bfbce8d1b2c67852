"""A demo's own pages: be anybody of the cast, read the mail; on no other site."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import is_valid_path

from common import outbox, registry
from common.models import DemoMarker, OutboxMail, SiteFact
from common.outbox import Letter
from mvp_program.settings.base import BASE_DIR
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ADDRESSES = ["/demo/", "/demo/sign-in/", "/outbox/", f"/outbox/{'0' * 32}/", f"/outbox/{'0' * 32}/html/"]


def write(keys: dict[str, Any], language: str) -> Letter:
    link = "http://localhost:8000/nominations/K7Q2M4XD/"
    return Letter(
        subject=f"{keys['name']} nominated you",
        text=f"<b>Dear</b> you,\n\n  {link}\n",
        html=f'<html><head></head><body><p>Dear you</p><a href="{link}">See it</a></body></html>',
    )


@pytest.fixture
def demo(settings: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo site with three of the cast to choose from."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "mvp_program.demo_urls"
    DemoMarker.objects.create()
    members = {"Reviewer": cast.reviewer_1, "Program office": cast.office_1, "Nominator": cast.nominator}
    SiteFact.objects.create(
        name="cast",
        value=[
            {"title": title, "does": f"Does what a {title} does.", "person": person.key, "name": person.name}
            for title, person in members.items()
        ],
    )
    monkeypatch.setitem(registry.mails, "test_letter", write)


@pytest.fixture
def mails() -> Callable[[int], None]:
    def post(count: int) -> None:
        for number in range(count):
            outbox.post(
                "test_letter",
                to=f"ilmars-{number}@community.example",
                cause=f"demo/{number}",
                keys={"name": "Zoë <b>O'Dea</b>"},
            )

    return post


def sign_in_as(client: Client, key: str) -> Any:
    return client.post("/demo/sign-in/", {"person": key})


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_ordinary_site_has_none_of_these_addresses(address: str) -> None:
    assert not is_valid_path(address, "mvp_program.urls")
    assert is_valid_path(address, "mvp_program.demo_urls")


def test_production_settings_name_the_ordinary_addresses_and_refuse_demo() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "mvp_program.settings.prod",
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "awards.example",
        "SITE_URL": "https://awards.example",
        "SIGNING_KEY_FILE": "/run/secrets/signing-key.pem",
    }
    ask = "from django.conf import settings; print(settings.ROOT_URLCONF, settings.DEMO)"
    answer = subprocess.run(
        [sys.executable, "-c", ask], env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "mvp_program.urls False"
    refused = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment | {"DEMO": "1"},
        cwd=BASE_DIR,
        capture_output=True,
        check=False,
    )
    assert refused.returncode != 0


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("missing", ["mark", "setting"])
def test_without_the_mark_or_the_setting_the_addresses_answer_404(
    client: Client, cast: Cast, settings: Any, address: str, missing: str
) -> None:
    if missing == "mark":
        DemoMarker.objects.all().delete()
    else:
        settings.DEMO = False
    assert client.get(address).status_code == 404
    assert client.post(address, {"person": cast.office_1.key}).status_code == 404
    assert get_user(client).is_anonymous  # type: ignore[arg-type]


@pytest.mark.usefixtures("demo")
def test_the_page_shows_each_member_and_what_they_can_do(client: Client, cast: Cast) -> None:
    page = client.get("/demo/").content.decode()
    assert page.count('name="person"') == 3
    for words in (cast.reviewer_1.name, "Program office", "Does what a Nominator does."):
        assert words in page


@pytest.mark.usefixtures("demo")
def test_signing_in_as_somebody_takes_one_post(client: Client, cast: Cast) -> None:
    assert sign_in_as(client, cast.reviewer_1.key).status_code == 302
    assert get_user(client) == cast.reviewer_1.user  # type: ignore[arg-type]
    sign_in_as(client, cast.office_1.key)
    assert get_user(client) == cast.office_1.user  # type: ignore[arg-type]


@pytest.mark.usefixtures("demo")
def test_opening_the_address_signs_nobody_in(client: Client, cast: Cast) -> None:
    assert client.get("/demo/sign-in/", {"person": cast.office_1.key}).status_code == 405
    assert get_user(client).is_anonymous  # type: ignore[arg-type]


@pytest.mark.usefixtures("demo")
def test_a_form_of_another_site_signs_nobody_in(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in_as(client, cast.office_1.key).status_code == 403
    assert get_user(client).is_anonymous  # type: ignore[arg-type]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("key", ["", "NOSUCHKY", "\x00", "x" * 10_000])
def test_nobody_of_an_unknown_key_is_signed_in(client: Client, key: str) -> None:
    assert sign_in_as(client, key).status_code == 404


@pytest.mark.usefixtures("demo")
def test_who_is_not_of_the_cast_cannot_be_chosen(client: Client, cast: Cast) -> None:
    assert sign_in_as(client, cast.auditor.key).status_code == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(
    client: Client, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    fact = SiteFact.objects.get()
    fact.value = fact.value[:count]
    fact.save()
    with django_assert_num_queries(3):  # mark, fact, persons
        client.get("/demo/")


@pytest.mark.usefixtures("demo")
def test_a_database_without_a_cast_says_so(client: Client) -> None:
    SiteFact.objects.all().delete()
    assert "run manage.py seed --demo" in client.get("/demo/").content.decode()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_lists_mail_newest_first(
    client: Client, mails: Callable[[int], None], count: int, django_assert_num_queries: Any
) -> None:
    mails(count)
    with django_assert_num_queries(3):  # mark, count, rows
        page = client.get("/outbox/").content.decode()
    shown = re.findall(r"ilmars-(\d)@", page)
    assert shown == [str(number) for number in reversed(range(count))]


@pytest.mark.usefixtures("demo")
def test_the_outbox_shows_25_mails_a_page_and_finds_addresses(
    client: Client, mails: Callable[[int], None]
) -> None:
    mails(26)
    assert client.get("/outbox/").content.decode().count("/outbox/") >= 25
    assert "ilmars-0@" not in client.get("/outbox/").content.decode()
    assert "ilmars-0@" in client.get("/outbox/", {"page": "2"}).content.decode()
    assert "ilmars-0@" in client.get("/outbox/", {"q": "ilmars-0@"}).content.decode()
    assert "No mail matches" in client.get("/outbox/", {"q": "nobody"}).content.decode()


@pytest.mark.usefixtures("demo")
def test_a_mail_is_shown_with_links_that_lead_to_this_very_site(
    client: Client, mails: Callable[[int], None]
) -> None:
    mails(1)
    address = f"/outbox/{OutboxMail.objects.get().key}/"
    page = client.get(address).content.decode()
    assert "Zoë &lt;b&gt;O&#x27;Dea&lt;/b&gt; nominated you" in page
    assert '<a href="http://testserver/nominations/K7Q2M4XD/"' in page
    assert "&lt;b&gt;Dear&lt;/b&gt; you" in page
    assert f'src="{address}html/"' in page


@pytest.mark.usefixtures("demo")
def test_the_html_part_lies_in_a_sandbox(client: Client, mails: Callable[[int], None]) -> None:
    mails(1)
    response = client.get(f"/outbox/{OutboxMail.objects.get().key}/html/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "allow-scripts" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in response.content.decode()
    assert 'href="http://testserver/nominations/' in response.content.decode()


@pytest.mark.usefixtures("demo")
def test_a_mail_that_cannot_be_written_any_more_says_so(client: Client) -> None:
    outbox.post("no_such_kind", to="a@example.test", cause="1")
    address = f"/outbox/{OutboxMail.objects.get().key}/"
    assert "This mail cannot be written any more" in client.get(address).content.decode()
    assert client.get(f"{address}html/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_looking_at_mail_changes_nothing(client: Client, mails: Callable[[int], None]) -> None:
    mails(1)
    before = OutboxMail.objects.values().get()
    for address in ("/outbox/", f"/outbox/{OutboxMail.objects.get().key}/"):
        client.get(address)
    assert OutboxMail.objects.values().get() == before


@pytest.mark.usefixtures("demo")
def test_the_frame_leads_to_both_pages_in_a_demo_only(client: Client, settings: Any) -> None:
    assert 'href="/demo/"' in client.get("/accounts/login/").content.decode()
    settings.DEMO, settings.ROOT_URLCONF = False, "mvp_program.urls"
    assert 'href="/demo/"' not in client.get("/accounts/login/").content.decode()
