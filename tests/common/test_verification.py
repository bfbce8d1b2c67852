"""verify_history names what somebody with the owner's rights did to the history."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from common import clock, history
from common.models import HistoryBlock, HistoryRow, HistoryText, HistoryWaiting
from common.verification import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[HistoryRow]:
    """Three sealed rows, in two blocks."""
    made = [history.record("award", key, "revoke", by=None, text=f"About {key}") for key in ("A", "B")]
    history.seal()
    made.append(history.record("award", "C", "revoke", by=None))
    history.seal()
    return made


@contextmanager
def without_triggers() -> Iterator[None]:
    """What only the owner can do."""
    tables = ("common_historyrow", "common_historyblock", "common_historytext")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def in_eleven_minutes() -> list[str]:
    with clock.at(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        return verify().problems


def test_an_untouched_history_is_whole(rows: list[HistoryRow]) -> None:
    report = verify()
    assert (report.rows, report.blocks, report.problems) == (3, 2, [])
    assert report.head == history.head()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "system2"),
        ("codes", {"reason": "none"}),
        ("inserted_at", dt.datetime(2001, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_a_changed_row_is_named(rows: list[HistoryRow], column: str, value: object) -> None:
    with without_triggers():
        HistoryRow.objects.filter(pk=rows[1].pk).update(**{column: value})
    assert verify().problems == [f"Row {rows[1].pk} was changed."]


def test_a_removed_row_is_named(rows: list[HistoryRow]) -> None:
    with without_triggers():
        HistoryRow.objects.filter(pk=rows[2].pk).delete()
    assert verify().problems == [f"Row {rows[2].pk} was removed."]


def test_a_changed_text_is_named(rows: list[HistoryRow]) -> None:
    with without_triggers():
        rows[0].text.__class__.objects.filter(row=rows[0]).update(text="Nothing happened")
    assert verify().problems == [f"The text of row {rows[0].pk} was changed."]


def test_a_text_put_to_a_row_that_had_none_is_named(rows: list[HistoryRow]) -> None:
    with without_triggers():
        HistoryText.objects.create(row=rows[2], salt="", text="The office had its reasons.")
    assert verify().problems == [f"The text of row {rows[2].pk} was changed."]


def test_a_row_slipped_in_past_the_waiting_list_is_named(rows: list[HistoryRow]) -> None:
    with without_triggers():
        row = history.record("award", "D", "revoke", by=None)
    assert verify().problems == [f"Row {row.pk} was inserted past the waiting list."]


def test_a_row_that_waits_for_more_than_ten_minutes_is_named() -> None:
    row = history.record("award", "A", "revoke", by=None, at=dt.datetime(1999, 1, 1, tzinfo=dt.UTC))
    assert verify().problems == []
    assert in_eleven_minutes() == [f"Row {row.pk} is in no block, more than 10 minutes after its insertion."]


def test_a_row_removed_before_its_seal_is_named_also_after_the_next_seal(rows: list[HistoryRow]) -> None:
    row = history.record("award", "D", "revoke", by=None)
    with without_triggers():
        HistoryRow.objects.filter(pk=row.pk).delete()
    history.seal()
    assert verify().problems == [f"Row {row.pk} was removed before it was sealed."]


def test_a_removed_block_is_noticed(rows: list[HistoryRow]) -> None:
    first, second = HistoryBlock.objects.order_by("pk")
    with without_triggers():
        HistoryBlock.objects.filter(pk=first.pk).delete()
    assert verify().problems[0] == (
        f"Block {second.pk} does not follow the block before it: blocks are missing or changed."
    )


def test_a_block_made_to_fit_a_changed_row_breaks_the_chain(rows: list[HistoryRow]) -> None:
    first, second = HistoryBlock.objects.order_by("pk")
    with without_triggers():
        HistoryRow.objects.filter(pk=rows[0].pk).update(verb="grant")
        digests = [history.row_digest(row) for row in HistoryRow.objects.filter(pk__in=first.row_ids)]
        HistoryBlock.objects.filter(pk=first.pk).update(row_digests=digests)
    assert verify().problems == [f"Block {first.pk} is not what was sealed."]
    with without_triggers():
        digest = history.block_digest("", first.row_ids, digests)
        HistoryBlock.objects.filter(pk=first.pk).update(digest=digest)
    assert verify().problems == [
        f"Block {second.pk} does not follow the block before it: blocks are missing or changed."
    ]


def test_a_history_rewritten_to_its_end_shows_against_a_digest_kept_elsewhere(rows: list[HistoryRow]) -> None:
    known = history.head()
    with without_triggers():
        HistoryBlock.objects.all().delete()
        HistoryRow.objects.filter(pk=rows[0].pk).update(verb="grant")
        HistoryWaiting.objects.bulk_create(HistoryWaiting(row_id=row.pk) for row in rows)
    history.seal()
    assert verify().problems == []
    assert len(verify(known_head=known).problems) == 1


def test_the_command_prints_the_head_and_succeeds(rows: list[HistoryRow]) -> None:
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert out.getvalue() == f"3 rows in 2 blocks, 0 problems\nhead {history.head()}\n"


def test_the_command_fails_where_something_is_wrong(rows: list[HistoryRow]) -> None:
    with without_triggers():
        HistoryRow.objects.filter(pk=rows[2].pk).delete()
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_history", stdout=out)
    assert f"Row {rows[2].pk} was removed." in out.getvalue()


def test_the_command_knows_a_digest_given_to_it(rows: list[HistoryRow]) -> None:
    call_command("verify_history", head=HistoryBlock.objects.first().digest, stdout=StringIO())  # type: ignore[union-attr]
    with pytest.raises(SystemExit):
        call_command("verify_history", head="0" * 64, stdout=StringIO())
