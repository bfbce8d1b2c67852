"""What need not be told at once comes in one mail a day, in its reader's morning."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail

from common import bulk, clock, delivery, mail_groups, outbox, registry
from common.letters import Block, lay_out
from common.mail_groups import Reader
from common.models import OutboxMail
from common.outbox import Letter

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 3, 27, 23, 30, tzinfo=dt.UTC)
READERS = {
    "LISBON": Reader("Europe/Lisbon", {}),
    "TOKYO": Reader("Asia/Tokyo", {}),
    "ATONCE": Reader("Asia/Tokyo", {"support": "at_once"}),
    "NEVER": Reader("Asia/Tokyo", {"support": "off"}),
}


def write(keys: dict[str, Any], language: str) -> Letter:
    if "gone" in keys:
        raise LookupError("no such case")
    words = [Block("Dear Teodora,", is_greeting=True), Block(f"About {keys['nomination']}.")]
    return lay_out(
        f"{keys['nomination']} moved", [*words, Block("Open it", address="http://localhost:8000/me/")]
    )


@pytest.fixture(autouse=True)
def _kind_of_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.mails, "test_news", write)
    monkeypatch.setitem(registry.mail_groups, "test_news", mail_groups.SUPPORT)
    monkeypatch.setattr(
        registry, "mail_readers", [lambda keys: {k: READERS[k] for k in keys if k in READERS}]
    )


def post(reader: str, case: str, **keys: Any) -> OutboxMail:
    cause = f"{reader} {case}"
    outbox.post(
        "test_news", to=f"{reader}@x.example".lower(), cause=cause, keys={"nomination": case, **keys}, person_key=reader
    )  # fmt: skip
    return OutboxMail.objects.get(cause=cause)


def test_each_waits_for_the_morning_by_their_own_clock() -> None:
    with clock.at(NIGHT):
        lisbon, tokyo = post("LISBON", "K7"), post("TOKYO", "K7")
    assert lisbon.try_at == dt.datetime(2026, 3, 28, 7, 0, tzinfo=dt.UTC)
    assert tokyo.try_at == dt.datetime(2026, 3, 28, 22, 0, tzinfo=dt.UTC)  # it is morning there, past seven
    assert {lisbon.state, tokyo.state} == {"held"}


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_it_is_seven_on_the_days_when_clocks_change_too(day: dt.date) -> None:
    now = dt.datetime.combine(day, dt.time(0, 30), tzinfo=dt.UTC)
    morning = mail_groups.next_morning(now, READERS["LISBON"])
    assert morning.astimezone(ZoneInfo("Europe/Lisbon")) == dt.datetime.combine(
        day, dt.time(7), tzinfo=ZoneInfo("Europe/Lisbon")
    )


def test_in_the_morning_they_come_as_one_mail() -> None:
    with clock.at(NIGHT):
        post("LISBON", "K7")
        post("LISBON", "P4")
        assert delivery.send_waiting() == bulk.gather_all() == 0
    with clock.at(NIGHT + dt.timedelta(hours=8)):
        assert bulk.gather_all() == 1
        assert bulk.gather_all() == 0
        assert delivery.send_waiting() == 1
    (message,) = django_mail.outbox
    assert message.subject == "2 messages for you"
    assert "K7 moved\n--------\n\nAbout K7." in message.body
    assert "P4 moved" in message.body
    assert message.body.count("Dear Teodora") == 0
    assert "mail/stop/" in message.extra_headers["List-Unsubscribe"]
    assert set(OutboxMail.objects.values_list("kind", "state")) == {
        ("test_news", "gathered"),
        ("digest", "sent"),
    }


def test_one_alone_comes_as_itself() -> None:
    with clock.at(NIGHT):
        post("LISBON", "K7")
    with clock.at(NIGHT + dt.timedelta(hours=8)):
        bulk.gather_all()
        delivery.send_waiting()
    assert [message.subject for message in django_mail.outbox] == ["K7 moved"]


def test_who_wants_it_at_once_gets_it_and_who_wants_none_does_not() -> None:
    assert post("ATONCE", "K7").state == "queued"
    never = post("NEVER", "K7")
    assert (never.state, never.error) == ("withheld", "stopped")
    assert delivery.send_waiting() == 1


def test_what_cannot_be_told_any_more_is_left_out() -> None:
    with clock.at(NIGHT):
        post("LISBON", "K7")
        post("LISBON", "P4", gone=True)
        post("TOKYO", "K7", gone=True)
        post("TOKYO", "P4", gone=True)
    with clock.at(NIGHT + dt.timedelta(days=1)):
        bulk.gather_all()
        assert delivery.send_waiting() == 1
    assert django_mail.outbox[0].subject == "1 message for you"
    assert OutboxMail.objects.get(kind="digest", person_key="TOKYO").state == "withheld"


def test_somebody_with_very_many_reads_the_first_and_how_many_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.digests.TOLD_AT_MOST", 2)
    with clock.at(NIGHT):
        for number in range(5):
            post("LISBON", f"K{number}")
    with clock.at(NIGHT + dt.timedelta(days=1)):
        assert bulk.gather_all() == 1
        delivery.send_waiting()
    (message,) = django_mail.outbox
    assert message.subject == "5 messages for you"
    assert "K1 moved" in message.body
    assert "K2 moved" not in message.body
    assert "And 3 more of the same kinds." in message.body


def test_a_fixed_number_of_statements_gathers_for_any_number_of_readers(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    def held(number: int) -> None:
        for one in range(number):
            for case in ("A", "B"):
                outbox.post(
                    "test_news", to="a@x.example", cause=f"{number} {one} {case}", keys={"nomination": case}
                )
                OutboxMail.objects.filter(cause=f"{number} {one} {case}").update(person_key=f"{number}-{one}")
        OutboxMail.objects.filter(kind="test_news", state="queued").update(state="held", try_at=NIGHT)

    for number in (1, 3):
        held(number)
        with django_assert_num_queries(10):
            assert bulk.gather() == number
