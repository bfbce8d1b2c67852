"""How somebody wants their mail: settings, and the link in each mail that may be stopped."""

from collections.abc import Callable

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse

from common import delivery, mail_groups, outbox
from common.models import HistoryRow, OutboxMail
from people import actions
from people.models import MailChoice
from people.queries import reader_of
from tests.cast import Cast

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
CHOICES = {"reminders": "off", "delays": "daily", "support": "at_once", "news": "off"}


def post(person: object, kind: str, cause: str = "one") -> OutboxMail:
    outbox.post(kind, to="t@community.example", cause=cause, keys={}, person_key=person.key)  # type: ignore[attr-defined]
    return OutboxMail.objects.get(cause=cause)


def test_choices_are_saved(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.nominator).post("/me/mail/", CHOICES, follow=True)
    assert "Your mail settings are saved." in response.content.decode()
    reader = reader_of(cast.nominator)
    assert {key: reader.wants(mail_groups.GROUPS[key]) for key in CHOICES} == CHOICES
    assert HistoryRow.objects.filter(verb="choose_mail", key=cast.nominator.key).count() == 1


@pytest.mark.parametrize("wrong", [{"support": "weekly"}, {"news": ""}, {"reminders": "daily"}])
def test_what_is_no_choice_is_refused_in_words(cast: Cast, sign_in: SignIn, wrong: dict[str, str]) -> None:
    said = CHOICES | wrong
    response = sign_in(cast.nominator).post("/me/mail/", said)
    assert response.status_code == 422
    assert not MailChoice.objects.exists()


def test_only_who_reviews_chooses_about_tasks_and_never_none(cast: Cast, sign_in: SignIn) -> None:
    assert 'name="reviewing"' not in sign_in(cast.nominator).get("/me/mail/").content.decode()
    page = sign_in(cast.reviewer_1).get("/me/mail/").content.decode()
    assert 'name="reviewing"' in page
    said = CHOICES | {"reviewing": "off"}
    assert sign_in(cast.reviewer_1).post("/me/mail/", said).status_code == 422


def test_a_mail_that_may_be_stopped_says_how_in_head_and_foot(cast: Cast) -> None:
    actions.choose_mail(cast.reviewer_1, {"news": "at_once"}, by=None)
    path = mail_groups.stop_path(cast.reviewer_1.key, "support")
    mail = post(cast.reviewer_1, "nominations.accepted")
    headers = delivery.message_of(mail, outbox.Letter("Hi", "Text"), None).extra_headers
    assert headers["List-Unsubscribe"] == f"<http://localhost:8000{path}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("kind", ["selection.awarded", "nominations.invitation", "account_login_code"])
def test_a_mail_that_always_comes_offers_no_stop(cast: Cast, kind: str) -> None:
    headers = delivery.message_of(post(cast.nominee, kind), outbox.Letter("Hi", "Text"), None).extra_headers
    assert not any(name.startswith("List-") for name in headers)


def test_opening_the_link_changes_nothing_and_one_click_stops(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    address = mail_groups.stop_path(cast.nominator.key, "support")
    assert "Opening this page changed nothing." in client.get(address).content.decode()
    assert not MailChoice.objects.exists()
    for _ in range(2):
        response = client.post(
            address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 200
    assert MailChoice.objects.get().when == "off"
    assert post(cast.nominator, "nominations.accepted").state == "withheld"


def test_the_page_starts_it_again(cast: Cast) -> None:
    address = reverse(
        "people:mail_stop", args=[mail_groups.stop_path(cast.nominator.key, "news").split("/")[-2]]
    )
    Client().post(address)
    page = Client().post(address, {"when": "at_once"}).content.decode()
    assert "It comes again." in page
    assert MailChoice.objects.get().when == "at_once"


def test_stopping_the_mail_of_the_day_stops_what_may_be_stopped_in_it(cast: Cast) -> None:
    Client().post(mail_groups.stop_path(cast.reviewer_1.key, mail_groups.DIGEST))
    reader = reader_of(cast.reviewer_1)
    wants = {group.key: reader.wants(group) for group in mail_groups.GROUPS.values()}
    assert wants["support"] == "off"
    assert wants["reviewing"] == "daily"
    assert wants["news"] == "at_once"


@pytest.mark.parametrize("token", ["x" * 30, "WyJBIiwibmV3cyJd:1abc:def"])
def test_a_link_that_we_did_not_make_is_not_found(token: str) -> None:
    assert Client().post(f"/mail/stop/{token}/").status_code == 404


def test_nobody_can_stop_what_always_comes(cast: Cast) -> None:
    Client().post(mail_groups.stop_path(cast.nominator.key, "outcomes"))
    assert not MailChoice.objects.exists()


def test_what_waits_for_the_morning_follows_a_new_choice(cast: Cast) -> None:
    held = post(cast.nominator, "nominations.accepted")
    assert held.state == "held"
    actions.choose_mail(cast.nominator, {"support": "off"}, by=None)
    held.refresh_from_db()
    assert held.state == "withheld"
    other = post(cast.nominee, "nominations.accepted", "two")
    actions.choose_mail(cast.nominee, {"support": "at_once"}, by=None)
    other.refresh_from_db()
    assert other.state == "queued"


def test_who_stops_after_it_was_queued_gets_none_either(cast: Cast) -> None:
    queued = post(cast.nominee, "nominations.reminder")
    actions.stop_mail(cast.nominee, "reminders")
    delivery.send_waiting()
    queued.refresh_from_db()
    assert (queued.state, queued.error, django_mail.outbox) == ("withheld", "stopped", [])
