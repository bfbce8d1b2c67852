"""Signing in with a code by mail, signing up, signing out."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.core import mail as django_mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import delivery
from common.models import HistoryRow, OutboxMail
from people import actions
from people.models import Address, Person
from tests.cast import Cast

pytestmark = pytest.mark.django_db

LOGIN, CODE, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"
SIGNUP, CONFIRM_ADDRESS = "/accounts/signup/", "/accounts/confirm-email/"


def code_in_last_mail() -> str:
    return OutboxMail.objects.latest("id").keys["code"]


def who(client: Client) -> Any:
    return get_user(client)  # type: ignore[arg-type]


def ask_for_code(client: Client, email: str, **more: str) -> HttpResponse:
    return client.post(CODE, {"email": email, **more}, follow=True)  # type: ignore[return-value]


def sign_up(client: Client, email: str, name: str = "Nomvula Dlamini") -> HttpResponse:
    return client.post(SIGNUP, {"email": email, "name": name}, follow=True)  # type: ignore[return-value]


def test_a_code_by_mail_signs_in(client: Client, cast: Cast) -> None:
    response = ask_for_code(client, "Agnes@Community.example")
    assert response.redirect_chain == [(CONFIRM, 302)]  # type: ignore[attr-defined]
    assert "a…@community.example" in response.content.decode()
    response = client.post(CONFIRM, {"code": code_in_last_mail().lower().replace("-", "")})
    assert (response.status_code, response.headers["Location"]) == (302, "/me/")
    assert who(client) == cast.holder.user


def test_the_page_one_came_from_is_shown_afterwards(client: Client, cast: Cast) -> None:
    page = client.get(LOGIN, {"next": "/review/"}).content.decode()
    assert page.count('name="next" value="/review/"') == 2
    response = ask_for_code(client, "agnes@community.example", next="/review/")
    assert 'name="next" value="/review/"' in response.content.decode()
    response = client.post(CONFIRM, {"code": code_in_last_mail(), "next": "/review/"})
    assert response.headers["Location"] == "/review/"


def test_another_site_is_never_the_page_shown_afterwards(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example", next="https://evil.example/")
    response = client.post(CONFIRM, {"code": code_in_last_mail(), "next": "https://evil.example/"})
    assert response.headers["Location"] == "/me/"


def test_the_mail_holds_the_code_and_a_link_that_fills_it_in(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example")
    delivery.send_waiting()
    (message,) = django_mail.outbox
    code = code_in_last_mail()
    assert message.subject == f"{code} is your code"
    link = re.search(r"http://localhost:8000(\S+)", str(message.body))
    assert link is not None
    page = client.get(link[1]).content.decode()
    assert f'value="{code}"' in page
    assert who(client).is_anonymous


def test_a_code_works_once(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example")
    code = code_in_last_mail()
    client.post(CONFIRM, {"code": code})
    client.post("/accounts/logout/")
    response = client.post(CONFIRM, {"code": code}, follow=True)
    assert "This code has been used or has ended. Ask for a new one." in response.content.decode()
    assert who(client).is_anonymous


def test_a_code_ends_after_15_minutes(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_code(client, "agnes@community.example")
    later = dt.datetime.now(dt.UTC).timestamp() + 15 * 60 + 1
    monkeypatch.setattr("time.time", lambda: later)
    response = client.post(CONFIRM, {"code": code_in_last_mail()}, follow=True)
    assert "has been used or has ended" in response.content.decode()
    assert who(client).is_anonymous


def test_a_code_works_only_in_the_browser_that_asked(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example")
    other = Client()
    other.post(CONFIRM, {"code": code_in_last_mail()})
    assert who(other).is_anonymous


def test_after_three_wrong_codes_the_right_one_is_refused_too(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example")
    for _ in range(3):
        response = client.post(CONFIRM, {"code": "WRNG-CODE"}, follow=True)
    assert "That was too often" in response.content.decode()
    client.post(CONFIRM, {"code": code_in_last_mail()})
    assert who(client).is_anonymous


def test_a_wrong_code_is_said_beside_the_field(client: Client, cast: Cast) -> None:
    ask_for_code(client, "agnes@community.example")
    page = client.post(CONFIRM, {"code": "WRNG-CODE"}).content.decode()
    assert "This is not the code of our last mail." in page


def shape(response: HttpResponse, email: str) -> str:
    """The page without what differs from one request to the next anyway."""
    page = response.content.decode().replace(email[:1] + "…", "X…")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"at \d\d:\d\d UTC", "", page)


def test_nobody_learns_from_the_pages_who_has_an_account(cast: Cast) -> None:
    known, unknown = Client(), Client()
    pages = [
        (ask_for_code(known, "agnes@community.example"), ask_for_code(unknown, "nobody@community.example")),
        (known.post(CONFIRM, {"code": "WRNG-CODE"}), unknown.post(CONFIRM, {"code": "WRNG-CODE"})),
        (sign_up(Client(), "agnes@community.example"), sign_up(Client(), "nobody@community.example")),
    ]
    for one, other in pages:
        assert one.status_code == other.status_code
        assert shape(one, "agnes@") == shape(other, "nobody@")  # type: ignore[arg-type]


def test_an_unknown_address_gets_a_mail_that_says_so(client: Client, cast: Cast) -> None:
    ask_for_code(client, "nobody@community.example")
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to, mail.keys) == ("account_unknown", "nobody@community.example", {})
    delivery.send_waiting()
    assert "http://localhost:8000/accounts/signup/" in str(django_mail.outbox[0].body)


def test_every_confirmed_address_opens_the_same_account(client: Client, cast: Cast) -> None:
    actions.confirm_address(cast.holder, "work@kovari.example")
    ask_for_code(client, "work@kovari.example")
    client.post(CONFIRM, {"code": code_in_last_mail()})
    assert who(client) == cast.holder.user


def test_an_address_taken_away_opens_nothing(client: Client, cast: Cast) -> None:
    actions.confirm_address(cast.holder, "work@kovari.example")
    old = Address.objects.get(email="agnes@community.example")
    actions.remove_address(old, by=cast.holder.user)  # type: ignore[arg-type]
    ask_for_code(client, "agnes@community.example")
    assert OutboxMail.objects.get(kind__startswith="account_").kind == "account_unknown"


def test_a_holder_who_never_signed_in_gets_the_account_with_the_first_code(client: Client) -> None:
    person = actions.create_person(name="Ilmārs", email="ilmars@community.example", by=None)
    Address.objects.filter(person=person).update(confirmed_at=dt.datetime.now(dt.UTC))
    ask_for_code(client, "ilmars@community.example")
    client.post(CONFIRM, {"code": code_in_last_mail()})
    assert who(client).person == person


def test_an_unconfirmed_address_opens_nothing(client: Client, cast: Cast) -> None:
    actions.add_address(cast.holder, "typo@community.example", by=cast.holder.user)  # type: ignore[arg-type]
    ask_for_code(client, "typo@community.example")
    assert OutboxMail.objects.get().kind == "account_unknown"


def test_a_closed_account_gets_no_code(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.holder.user_id).update(is_active=False)
    ask_for_code(client, "agnes@community.example")
    assert OutboxMail.objects.get().kind == "account_unknown"


@pytest.mark.parametrize("email", ["", "no address", "a\x00b@community.example", "x" * 10_000 + "@a.example"])
def test_what_is_no_address_is_said_beside_the_field(client: Client, email: str) -> None:
    response = client.post(CODE, {"email": email})
    assert response.status_code == 200
    assert 'class="field__error"' in response.content.decode()
    assert not OutboxMail.objects.exists()


def test_too_many_codes_for_one_address_are_refused(client: Client, cast: Cast) -> None:
    for _ in range(3):
        ask_for_code(Client(), "agnes@community.example")
    response = ask_for_code(Client(), "agnes@community.example")
    assert "That was too often" in response.content.decode()
    assert OutboxMail.objects.count() == 3


def test_too_many_requests_from_one_place_get_status_429(client: Client) -> None:
    statuses = {client.get(SIGNUP).status_code for _ in range(30)} | {
        client.post(SIGNUP, {}).status_code for _ in range(30)
    }
    assert 429 in statuses


@pytest.fixture
def no_password_yet(client: Client, cast: Cast) -> Client:
    """The holder, signed in, as whoever opened an account with a code."""
    user = cast.holder.user
    user.set_unusable_password()  # type: ignore[union-attr]
    user.save()  # type: ignore[union-attr]
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_password_is_a_second_way_in(no_password_yet: Client, cast: Cast) -> None:
    client = no_password_yet
    long = "four words in a row"
    answer = client.post("/accounts/password/set/", {"password1": long, "password2": long})
    assert answer["Location"] == "/me/account/"
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": "agnes@community.example", "password": "wrong"})
    assert who(client).is_anonymous
    client.post(LOGIN, {"login": "agnes@community.example", "password": long})
    assert who(client) == cast.holder.user


@pytest.mark.parametrize("password", ["short", "agnes@community.example", "administrator"])
def test_a_weak_password_is_refused(no_password_yet: Client, cast: Cast, password: str) -> None:
    no_password_yet.post("/accounts/password/set/", {"password1": password, "password2": password})
    assert not User.objects.get(pk=cast.holder.user_id).has_usable_password()


def test_signing_up_makes_a_person_once_the_address_is_confirmed(client: Client) -> None:
    sign_up(client, "nomvula@community.example", "Nomvula  Dlamini")
    assert not Person.objects.exists()
    client.post(CONFIRM_ADDRESS, {"code": code_in_last_mail()})
    person = Person.objects.get()
    assert (person.name, who(client)) == ("Nomvula Dlamini", person.user)
    address = person.addresses.get()
    assert (address.email, address.primary) == ("nomvula@community.example", True)
    assert address.confirmed_at is not None
    verbs = HistoryRow.objects.filter(key=person.key).values_list("verb", flat=True)
    assert set(verbs) == {"create_person", "open_account", "confirm_address"}


def test_signing_up_finds_the_nominee_who_was_known_by_the_address(client: Client) -> None:
    nominee = actions.create_person(name="N. Dlamini", email="nomvula@community.example", by=None)
    sign_up(client, "nomvula@community.example")
    client.post(CONFIRM_ADDRESS, {"code": code_in_last_mail()})
    assert who(client).person == nominee


def test_signing_up_with_a_known_address_sends_a_mail_instead(client: Client, cast: Cast) -> None:
    sign_up(client, "agnes@community.example")
    assert OutboxMail.objects.get().kind == "account_exists"
    client.post(CONFIRM_ADDRESS, {"code": ""})
    assert who(client).is_anonymous


def test_who_signed_up_and_never_confirmed_can_still_get_in_with_a_code(client: Client) -> None:
    sign_up(Client(), "nomvula@community.example")
    ask_for_code(client, "nomvula@community.example")
    client.post(CONFIRM, {"code": code_in_last_mail()})
    assert who(client).person.name == "nomvula"


def test_somebody_elses_unconfirmed_sign_up_takes_nothing(client: Client) -> None:
    sign_up(Client(), "nomvula@community.example", "An impostor")
    nominee = actions.create_person(name="Nomvula Dlamini", email="nomvula@community.example", by=None)
    kept = actions.confirm_address(nominee, "nomvula@community.example")
    assert kept.user is not None
    assert not kept.user.has_usable_password()
    assert kept.name == "Nomvula Dlamini"


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200f", "x" * 10_000, "a\x00b"])
def test_a_name_that_cannot_be_read_is_refused_and_the_address_kept(client: Client, name: str) -> None:
    page = sign_up(client, "nomvula@community.example", name).content.decode()
    assert 'value="nomvula@community.example"' in page
    assert 'class="field__error"' in page
    assert not User.objects.exists()


def test_marks_of_direction_are_taken_out_of_a_name(client: Client) -> None:
    sign_up(client, "nomvula@community.example", "Nomvula \u202eDlamini")
    client.post(CONFIRM_ADDRESS, {"code": code_in_last_mail()})
    assert Person.objects.get().name == "Nomvula Dlamini"


def test_signing_out_takes_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.holder.user)  # type: ignore[arg-type]
    assert "Drafts stay saved." in client.get("/accounts/logout/").content.decode()
    assert who(client).is_authenticated
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert who(client).is_anonymous


@pytest.mark.parametrize(
    "name", ["account_login", "account_request_login_code", "account_signup", "account_inactive"]
)
def test_the_ways_in_are_open_to_everybody(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_set_password", "account_change_password"])
def test_a_password_is_set_by_who_is_signed_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).headers["Location"].startswith(LOGIN)


def test_opening_a_page_changes_nothing(client: Client, cast: Cast) -> None:
    for address in (LOGIN, CODE, CONFIRM, SIGNUP, CONFIRM_ADDRESS, "/accounts/logout/"):
        client.get(address, {"code": "ABCD-EFGH", "email": "agnes@community.example"})
    assert not OutboxMail.objects.exists()
    assert not HistoryRow.objects.exists()
