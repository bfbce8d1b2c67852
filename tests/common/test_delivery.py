"""The worker sends what the outbox holds: once, in the recipient's language, over a real socket."""

import datetime as dt
import email.policy
import smtplib
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import translation

from common import clock, delivery, outbox, registry
from common.models import OutboxMail
from common.outbox import Letter

pytestmark = pytest.mark.django_db


def write(keys: dict[str, Any], language: str) -> Letter:
    if "broken" in keys:
        raise LookupError("no such case")
    return Letter(
        subject=keys.get("subject", f"Your case {keys.get('nomination')}"),
        text=f"Kjære Ilmārs, {translation.get_language()} {language}",
        html="<p>Kjære Ilmārs</p>",
    )


@pytest.fixture(autouse=True)
def _kind_of_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.mails, "test_letter", write)


def post(cause: str = "one", **given: Any) -> OutboxMail:
    outbox.post("test_letter", to="ilmars@community.example", cause=cause, keys={"nomination": "K7"}, **given)
    return OutboxMail.objects.get(cause=cause)


class Inbox:
    """What a mail server received; ``refuse`` is its answer to the next recipients."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuse = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Recipients"] = ",".join(envelope.rcpt_tos)
        self.received.append(message)  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "Årets program <office@mvp-program.example>"
    yield handler
    controller.stop()


def test_a_mail_goes_out_with_text_html_and_its_own_message_id(inbox: Inbox) -> None:
    mail = post()
    assert delivery.send_waiting() == 1
    (message,) = inbox.received
    assert message["Message-ID"] == mail.message_id
    assert message["X-Recipients"] == message["To"] == "ilmars@community.example"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[union-attr]
    assert message.get_body(("plain",)).get_content().startswith("Kjære Ilmārs")  # type: ignore[union-attr]
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == ("sent", 1, "")
    assert mail.sent_at is not None


def test_names_of_any_script_arrive_in_the_headers(inbox: Inbox) -> None:
    outbox.post(
        "test_letter", to="a@example.test", cause="names", keys={"subject": "Ярослав · Đặng Thu Hà 推薦"}
    )
    delivery.send_waiting()
    (message,) = inbox.received
    assert message["Subject"] == "Ярослав · Đặng Thu Hà 推薦"
    assert message["From"].addresses[0].display_name == "Årets program"


def test_the_same_cause_is_never_mailed_twice(inbox: Inbox) -> None:
    post("release/K7Q2M4XD")
    post("release/K7Q2M4XD")
    delivery.send_waiting()
    post("release/K7Q2M4XD")
    delivery.send_waiting()
    assert len(inbox.received) == 1


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n"])
def test_nothing_typed_becomes_a_header(inbox: Inbox, sign: str) -> None:
    outbox.post(
        "test_letter", to="a@example.test", cause="1", keys={"subject": f"Hi{sign}Bcc: b@example.test"}
    )
    outbox.post("test_letter", to=f"a@example.test{sign}Bcc: b@example.test", cause="2")
    assert delivery.send_waiting() == 0
    assert inbox.received == []
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {"failed"}


def test_an_address_refused_for_good_has_failed(inbox: Inbox) -> None:
    inbox.refuse = "550 no such person"
    post()
    delivery.send_waiting()
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.attempts) == ("failed", 1)
    assert "550" in mail.error


def test_an_address_refused_for_now_is_tried_again_later(inbox: Inbox) -> None:
    inbox.refuse = "451 try later"
    post()
    delivery.send_waiting()
    inbox.refuse = ""
    assert delivery.send_waiting() == 0
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        assert delivery.send_waiting() == 1
    assert OutboxMail.objects.get().attempts == 2


def test_while_the_server_is_away_only_the_first_mail_is_tried(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    post("one")
    post("two")
    assert delivery.send_waiting() == 0
    assert list(OutboxMail.objects.order_by("id").values_list("state", "attempts")) == [
        ("queued", 1),
        ("queued", 0),
    ]


def test_after_the_last_attempt_a_mail_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailBackend, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    post()
    moment = clock.now()
    for _ in range(10):
        moment += dt.timedelta(days=2)
        with clock.at(moment):
            delivery.send_waiting()
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.attempts) == ("failed", len(delivery.MINUTES_BETWEEN_ATTEMPTS) + 1)


def test_a_letter_that_cannot_be_written_holds_nobody_up() -> None:
    outbox.post("test_letter", to="a@example.test", cause="broken", keys={"broken": 1})
    outbox.post("no_such_kind", to="a@example.test", cause="unknown")
    post("good")
    assert delivery.send_waiting() == 1
    assert OutboxMail.objects.get(cause="broken").error == "LookupError: no such case"
    assert OutboxMail.objects.get(cause="unknown").state == "queued"


def test_nothing_is_sent_to_somebody_who_has_died(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "no_more_mail", [lambda person_key, to: person_key == "DEAD"])
    post("one", person_key="DEAD")
    post("two", person_key="ALIVE")
    assert delivery.send_waiting() == 1
    assert OutboxMail.objects.get(cause="one").state == "withheld"


def test_posting_wakes_the_worker(run_jobs: Callable[[], int]) -> None:
    post()
    assert run_jobs() == 1
    assert len(django_mail.outbox) == 1
    assert run_jobs() == 0


def test_running_the_job_twice_sends_nothing_twice() -> None:
    post()
    delivery.send_waiting()
    delivery.send_waiting()
    assert len(django_mail.outbox) == 1


def test_codes_in_old_mail_are_forgotten() -> None:
    for cause, kind in (("1", "account_login_code"), ("2", "test_letter")):
        outbox.post(kind, to="a@example.test", cause=cause, keys={"code": "ABCD-EFGH"})
    OutboxMail.objects.update(state="sent")
    assert delivery.forget_codes() == 0
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert delivery.forget_codes() == 1
    assert OutboxMail.objects.get(cause="1").keys == {}
    assert OutboxMail.objects.get(cause="2").keys == {"code": "ABCD-EFGH"}
