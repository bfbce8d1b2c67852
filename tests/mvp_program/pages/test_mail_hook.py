"""Reports of bounces: signed, fresh, noted once; what follows from them."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from common import clock, delivery, outbox
from common.bounces import is_bouncing
from common.models import Bounce, OutboxMail
from mvp_program.pages import mail_hook
from people.models import Address
from tests.cast import Cast
from tests.world import Case, case  # noqa: F401

pytestmark = pytest.mark.django_db
ADDRESS = "/hooks/mail/"
EMAIL = "gone@community.example"


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    settings.MAIL_HOOK_SECRET = "a-shared-secret-of-the-tests"


def report(body: Any, *, at: dt.datetime | None = None, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = str(int((at or clock.now()).timestamp()))
    signed = {
        "X-Mail-Timestamp": timestamp,
        "X-Mail-Signature": mail_hook.signature(timestamp, raw),
        **headers,
    }
    return Client(enforce_csrf_checks=True).post(ADDRESS, raw, "application/json", headers=signed)


def hard(**more: str) -> dict[str, str]:
    return {"id": "evt-1", "kind": "hard", "address": EMAIL, **more}


def test_a_signed_report_is_noted_once() -> None:
    assert report(hard()).json() == {"noted": 1, "known": 0, "unknown": 0}
    assert report(hard()).json() == {"noted": 0, "known": 1, "unknown": 0}
    assert is_bouncing(EMAIL)
    assert Bounce.objects.count() == 1


def test_a_report_without_an_id_is_known_again_by_what_it_says() -> None:
    body = {"kind": "hard", "address": EMAIL}
    assert [report(body).json()["noted"] for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Mail-Signature": ""},
        {"X-Mail-Signature": "sha256=" + "0" * 64},
        {"X-Mail-Signature": "sha256=ü"},
        {"X-Mail-Timestamp": ""},
        {"X-Mail-Timestamp": "1e9"},
        {"X-Mail-Timestamp": "١٢٣"},
        {"X-Mail-Timestamp": "9" * 12},
    ],
)
def test_what_is_not_signed_is_not_taken(headers: dict[str, str]) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert report(hard(), **headers).status_code == 403
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(("minutes", "status"), [(-6, 403), (-4, 200), (4, 200), (6, 403)])
def test_a_report_that_was_overheard_cannot_be_played_again_later(minutes: int, status: int) -> None:
    assert report(hard(), at=clock.now() + dt.timedelta(minutes=minutes)).status_code == status


def test_a_changed_body_does_not_fit_its_signature() -> None:
    timestamp = str(int(clock.now().timestamp()))
    signature = mail_hook.signature(timestamp, json.dumps(hard()).encode())
    assert report(hard(address="other@x.example"), **{"X-Mail-Signature": signature}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"[" * 20_000, b'"hard"', {"events": []}, {"events": [1]}, {"events": {}},
        hard(kind="odd"), hard(kind=""), hard(address="nobody"), hard(address="a@b\0.example"),
        {"id": "1", "kind": "hard"}, hard(message_id="x"), hard(reason=["x"]), hard(reason="x" * 3000),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_notes_nothing(body: Any) -> None:
    response = report(body)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert not Bounce.objects.exists()


def test_one_unreadable_report_stops_the_whole_body() -> None:
    assert report({"events": [hard(), hard(kind="odd")]}).status_code == 400
    assert not Bounce.objects.exists()


def test_a_body_that_is_too_long_is_not_read() -> None:
    assert report(b"x" * (mail_hook.BYTES + 1)).status_code == 413


def test_without_a_secret_there_is_no_such_address(settings: Any) -> None:
    settings.MAIL_HOOK_SECRET = ""
    assert report(hard()).status_code == 404
    assert Client().get(ADDRESS).status_code == 405


def test_soft_reports_count_from_the_fifth_within_two_weeks() -> None:
    for number in range(4):
        report({"id": f"soft {number}", "kind": "soft", "address": EMAIL})
    assert not is_bouncing(EMAIL)
    report({"id": "soft 5", "kind": "soft", "address": EMAIL})
    assert is_bouncing(EMAIL)
    with clock.at(clock.now() + dt.timedelta(days=15)):
        assert not is_bouncing(EMAIL)


def test_a_message_id_names_the_address_and_an_unknown_one_nobody(case: Case) -> None:  # noqa: F811
    mail = OutboxMail.objects.get(keys__nomination=case.nomination.key)
    said = [
        {"id": "1", "kind": "complaint", "message_id": "<nobody@mvp-program.example>"},
        {"id": "2", "kind": "complaint", "message_id": mail.message_id.strip("<>")},
    ]
    assert report({"events": said}).json() == {"noted": 1, "known": 0, "unknown": 1}
    assert is_bouncing(mail.to)


def test_the_address_is_marked_and_the_office_told_but_not_whom_a_tie_bars(
    case: Case,  # noqa: F811
    cast: Cast,
) -> None:
    from nominations.models import Conflict

    Conflict.objects.create(nomination=case.nomination, person=cast.office_2, kind=Conflict.Kind.FAMILY)
    mail = OutboxMail.objects.get(keys__nomination=case.nomination.key)
    Address.objects.create(person=case.nomination.nominee, email=mail.to)
    report({"id": "1", "kind": "hard", "message_id": mail.message_id})
    assert Address.objects.get(email=mail.to).bounced_at is not None
    told = OutboxMail.objects.filter(kind="people.bounced")
    assert [one.person_key for one in told] == [cast.office_1.key]
    assert mail.to not in str(delivery.write(told[0]))


def test_confirming_the_address_lifts_the_mark(cast: Cast) -> None:
    from people import actions

    email = cast.nominee.addresses.get(primary=True).email
    report(hard(address=email))
    outbox.post("nominations.completed", to=email, cause="x", keys={})
    delivery.send_waiting()
    assert OutboxMail.objects.get(cause="x").error == "bouncing"
    Address.objects.filter(email=email).update(confirmed_at=None)
    actions.confirm_address(cast.nominee, email)
    assert not is_bouncing(email)
    assert Address.objects.get(email=email).bounced_at is None
    assert OutboxMail.objects.get(cause="x").state == "queued"


def test_erasing_somebody_forgets_their_bounces(cast: Cast) -> None:
    from people import actions

    email = cast.holder.addresses.get(primary=True).email
    report(hard(address=email, reason=f"550 no {email}"))
    actions.erase_person(cast.holder, by=None)
    assert not Bounce.objects.exists()
