"""Nothing is sent twice for one cause: two workers at once, and a worker that dies at the worst moment."""

import threading
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from common import bulk, clock, delivery, outbox
from common.models import OutboxMail
from tests.common.test_delivery import _kind_of_mail, post  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 12


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The Message-IDs that a mail server took, by whichever thread."""
    taken: list[str] = []

    def take(self: EmailBackend, messages: Any) -> int:
        taken.extend(message.extra_headers["Message-ID"] for message in messages)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", take)
    return taken


def in_parallel(work: Any, number: int = 2) -> None:
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_share_the_work_and_send_each_mail_once(sent: list[str]) -> None:
    for number in range(MAILS):
        post(f"mail {number}")
    in_parallel(delivery.send_waiting)
    assert len(sent) == len(set(sent)) == MAILS
    assert set(OutboxMail.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_two_who_cause_the_same_mail_at_once_write_it_once(sent: list[str]) -> None:
    in_parallel(lambda: outbox.post("test_letter", to="a@x.example", cause="same", keys={"nomination": "K7"}))
    delivery.send_waiting()
    assert len(sent) == 1


def test_a_crash_between_the_servers_yes_and_our_commit_repeats_the_same_message(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one mail in hand may arrive twice, under one Message-ID that mail software shows once; no other does."""
    post("one")
    post("two")
    save = OutboxMail.save

    def die(self: OutboxMail, **kwargs: Any) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(OutboxMail, "save", die)
    with pytest.raises(SystemExit):
        delivery.send_waiting()
    monkeypatch.setattr(OutboxMail, "save", save)
    delivery.send_waiting()
    one, two = OutboxMail.objects.order_by("id")
    assert sent == [one.message_id, one.message_id, two.message_id]


def test_two_workers_gather_each_mail_into_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MAILS):
        post(f"mail {number}", person_key=f"P{number % 3}")
    OutboxMail.objects.update(state="held", try_at=clock.now())
    in_parallel(bulk.gather_all)
    assert OutboxMail.objects.filter(kind="digest").count() == 3
    assert OutboxMail.objects.filter(state="gathered", gathered_in__kind="digest").count() == MAILS
