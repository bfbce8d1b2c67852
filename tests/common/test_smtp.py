"""Mail servers as they are: away, slow, choosy, tired. Over a real socket."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from common import clock, delivery, outbox
from common.bounces import is_bouncing
from common.models import OutboxMail
from tests.common.test_delivery import Inbox, _kind_of_mail, post  # noqa: F401

pytestmark = pytest.mark.django_db


class Choosy(Inbox):
    """Answers the next messages with what stands in ``answers``, then takes everything; counts connections."""

    def __init__(self, *answers: str) -> None:
        super().__init__()
        self.answers = list(answers)
        self.connections = 0
        self.most = 10_000
        self.taken = 0

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Any, name: str, said: Any) -> Any:  # noqa: N802
        self.connections += 1
        self.taken = 0
        session.host_name = name
        return said

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.taken += 1
        return await super().handle_DATA(server, session, envelope)

    async def handle_NOOP(self, server: SMTP, session: Any, envelope: Any, arg: str) -> str:  # noqa: N802
        if self.taken >= self.most:
            server.transport.close()
        return "250 OK"


def serve(handler: Inbox, settings: Any) -> Controller:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    return controller


@pytest.fixture
def choosy(settings: Any) -> Iterator[Choosy]:
    handler = Choosy()
    controller = serve(handler, settings)
    yield handler
    controller.stop()


def test_a_message_refused_for_good_has_failed_and_the_next_goes_out(choosy: Choosy) -> None:
    choosy.answers = ["554 5.7.1 looks like spam"]
    first, second = post("one"), post("two")
    assert delivery.send_waiting() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "sent")
    assert not is_bouncing("ilmars@community.example")  # the message was refused, not the address


def test_a_message_refused_for_now_goes_out_later(choosy: Choosy) -> None:
    choosy.answers = ["451 4.3.0 try later"]
    post()
    assert delivery.send_waiting() == 0
    assert OutboxMail.objects.get().state == "queued"
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        assert delivery.send_waiting() == 1
    assert len(choosy.received) == 1


def test_many_mails_share_one_connection(choosy: Choosy) -> None:
    for number in range(5):
        post(f"mail {number}")
    assert delivery.send_waiting() == 5
    assert choosy.connections == 1


def test_a_server_that_hangs_up_after_some_mails_is_called_again_at_once(choosy: Choosy) -> None:
    choosy.most = 2
    for number in range(5):
        post(f"mail {number}")
    assert delivery.send_waiting() == 5
    assert len(choosy.received) == 5
    assert choosy.connections == 3
    assert set(OutboxMail.objects.values_list("attempts", flat=True)) == {1}


class Rude:
    """A socket that greets as a mail server does and then says nothing (or hangs up)."""

    def __init__(self, *, greets: bool, hangs_up: bool) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.greets, self.hangs_up = greets, hangs_up
        self.open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self.socket.accept()
                if self.greets:
                    line.sendall(b"220 mail.example ESMTP\r\n")
                if self.hangs_up:
                    line.close()
                self.open.append(line)


@pytest.mark.parametrize(
    ("greets", "hangs_up", "error"),
    [
        (True, False, "Timeout|timed out"),
        (False, False, "Timeout|timed out"),
        (True, True, "Disconnected|Reset|BrokenPipe"),
        (False, True, "Disconnected|Reset|BrokenPipe"),
    ],
)
def test_a_slow_or_rude_server_costs_one_attempt_of_one_mail(
    settings: Any, greets: bool, hangs_up: bool, error: str
) -> None:
    rude = Rude(greets=greets, hangs_up=hangs_up)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = rude.socket.getsockname()
    settings.EMAIL_TIMEOUT = 1
    post("one")
    post("two")
    assert delivery.send_waiting() == 0
    rude.socket.close()
    first, second = OutboxMail.objects.order_by("id")
    assert (first.state, first.attempts) == ("queued", 1)
    assert (second.state, second.attempts) == ("queued", 0)
    assert any(word in first.error for word in error.split("|")), first.error


def test_a_mailbox_that_does_not_exist_bounces_from_then_on(choosy: Choosy) -> None:
    choosy.refuse = "550 5.1.1 no such user"
    post("one")
    delivery.send_waiting()
    choosy.refuse = ""
    assert is_bouncing("ilmars@community.example")
    post("two")
    assert delivery.send_waiting() == 0
    second = OutboxMail.objects.get(cause="two")
    assert (second.state, second.error, second.attempts) == ("withheld", "bouncing", 0)


def test_a_refusal_by_policy_says_nothing_about_the_address(choosy: Choosy) -> None:
    choosy.refuse = "550 5.7.1 your server is not welcome"
    post("one")
    delivery.send_waiting()
    assert OutboxMail.objects.get().state == "failed"
    assert not is_bouncing("ilmars@community.example")


def test_a_code_to_sign_in_still_goes_to_an_address_that_bounces(
    choosy: Choosy, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosy.refuse = "550 5.1.1 no such user"
    post("one")
    delivery.send_waiting()
    choosy.refuse = ""
    keys = {"code": "ABCD-EFGH"}
    outbox.post("account_login_code", to="ilmars@community.example", cause="code", keys=keys)
    assert delivery.send_waiting() == 1


def test_once_the_address_works_again_what_was_withheld_goes_out(choosy: Choosy) -> None:
    choosy.refuse = "550 5.1.1 no such user"
    post("one")
    delivery.send_waiting()
    choosy.refuse = ""
    post("two")
    delivery.send_waiting()
    assert delivery.lift_bounces("Ilmars@community.example") == 1
    assert delivery.send_waiting() == 1
    assert [mail["Message-ID"] for mail in choosy.received] == [
        OutboxMail.objects.get(cause="two").message_id
    ]
