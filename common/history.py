"""The append-only record of who did what to which row.

``record`` adds one event inside the caller's transaction, ``record_many`` a set of them. ``seal`` closes
committed rows into chained blocks; it runs every few minutes and when seeding, generating and importing end.
``common.verification`` recomputes the chain.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from common import clock, prepared
from common.actor import Actor, pseudonym
from common.copying import copy_in
from common.models import HistoryBlock, HistoryRow, HistoryText, HistoryWaiting

BLOCK_ROWS = 1000
SEAL_LOCK = 7_204_001  # advisory lock: one sealer at a time


@dataclass(frozen=True)
class Event:
    """One event for ``record_many``; ``by=None`` is the system."""

    kind: str
    key: str
    verb: str
    by: Actor | None = None
    old: str = ""
    new: str = ""
    codes: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    for_nominee: bool = False
    at: dt.datetime | None = None


def record(
    kind: str,
    key: str,
    verb: str,
    *,
    by: Actor | None,
    old: str = "",
    new: str = "",
    codes: dict[str, Any] | None = None,
    text: str = "",
    for_nominee: bool = False,
    at: dt.datetime | None = None,
) -> HistoryRow:
    """Add one event. ``text`` is free text: only its salted digest enters the sealed row."""
    event = Event(kind, key, verb, by, old, new, codes or {}, text, for_nominee, at)
    return record_many([event])[0]


def record_many(events: Iterable[Event]) -> list[HistoryRow]:
    """Add events in two statements (three with texts)."""
    rows: list[HistoryRow] = []
    texts: list[HistoryText] = []
    for event in events:
        row = HistoryRow(
            at=event.at or clock.now(),
            kind=event.kind,
            key=event.key,
            verb=event.verb,
            old_state=event.old,
            new_state=event.new,
            actor=pseudonym(event.by),
            codes=event.codes,
        )
        if event.text:
            salt = secrets.token_hex(16)
            row.text_digest = text_digest(salt, event.text)
            texts.append(HistoryText(row=row, salt=salt, text=event.text, for_nominee=event.for_nominee))
        rows.append(row)
    if len(rows) == 1:
        _insert(rows[0])
    else:
        HistoryRow.objects.bulk_create(rows, batch_size=2000)
    for text in texts:
        text.row_id = text.row.pk
    HistoryText.objects.bulk_create(texts, batch_size=2000)
    return rows


INSERT = """
    INSERT INTO common_historyrow (at, kind, key, verb, old_state, new_state, actor, codes, text_digest)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s) RETURNING id, inserted_at
"""


def _insert(row: HistoryRow) -> None:
    """One event, as most acts have it, by a statement that is kept."""
    codes = json.dumps(row.codes)
    values = (
        row.at,
        row.kind,
        row.key,
        row.verb,
        row.old_state,
        row.new_state,
        row.actor,
        codes,
        row.text_digest,
    )
    row.pk, row.inserted_at = prepared.fetch(INSERT, values)[0]
    row._state.adding, row._state.db = False, "default"


def copy_events(events: Iterable[Event]) -> int:
    """Add events without texts by the ten thousand, with COPY; return how many."""
    rows = (
        (
            event.at or clock.now(),
            event.kind,
            event.key,
            event.verb,
            event.old,
            event.new,
            pseudonym(event.by),
            event.codes,
        )
        for event in events
    )
    columns = ("at", "kind", "key", "verb", "old_state", "new_state", "actor", "codes")
    return copy_in(HistoryRow, columns, rows)


def record_by_thousands(events: Iterable[Event]) -> None:
    """Add very many events: those without a text with COPY, the others as ``record_many`` does."""
    plain: list[Event] = []
    told: list[Event] = []
    for event in events:
        (told if event.text else plain).append(event)
    copy_events(plain)
    record_many(told)


def forget_texts(kind: str, keys: Iterable[str]) -> int:
    """Erase the free texts of these rows' events; the sealed rows stay whole. Returns how many."""
    return HistoryText.objects.filter(row__kind=kind, row__key__in=list(keys)).delete()[0]


def text_digest(salt: str, text: str) -> str:
    """SHA-256 of salt and text, hex. Without the salt, which lies beside the text, it says nothing."""
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def row_digest(row: HistoryRow) -> str:
    """SHA-256 over every column of a row, in a fixed order."""
    parts = [
        row.pk,
        row.at.astimezone(dt.UTC).isoformat(),
        row.inserted_at.astimezone(dt.UTC).isoformat(),
        row.kind,
        row.key,
        row.verb,
        row.old_state,
        row.new_state,
        row.actor,
        row.codes,
        row.text_digest,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def block_digest(previous: str, row_ids: list[int], row_digests: list[str]) -> str:
    """SHA-256 over the digest of the block before, the row ids and the row digests."""
    body = json.dumps([previous, row_ids, row_digests])
    return hashlib.sha256(body.encode()).hexdigest()


def head() -> str:
    """The digest of the newest block. Who keeps a copy elsewhere can prove later that nothing was rewritten."""
    last = HistoryBlock.objects.order_by("-id").only("digest").first()
    return last.digest if last else ""


def seal() -> int:
    """Seal the committed rows that no block holds yet; return how many. May run many times at once.

    A trigger puts each new row on the waiting list in the transaction that writes it, and sealing takes it off
    in the transaction that writes its block. So every committed row is on exactly one of the two sides, in
    whatever order transactions end, and also in a restored database, whose transaction ids start anew.
    A row that commits late simply enters a later block. One block, one transaction: memory stays flat.
    """
    sealed, after = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
            waiting = HistoryWaiting.objects.filter(row_id__gt=after).order_by("row_id")
            ids = list(waiting.values_list("row_id", flat=True)[:BLOCK_ROWS])
            if not ids:
                return sealed
            after = ids[-1]
            fresh = sorted(set(ids) - _ids_in_blocks(ids))
            rows = rows_by_id(fresh)
            if rows:
                _write_block(rows)
            # A row that vanished before it was sealed stays on the list: verify_history names it.
            done = {row.pk for row in rows} | (set(ids) - set(fresh))
            cursor.execute("DELETE FROM common_historywaiting WHERE row_id = ANY(%s)", [list(done)])
            sealed += len(rows)


def rows_by_id(ids: list[int]) -> list[HistoryRow]:
    """Those of these rows that exist, in id order. One array is read faster than a thousand parameters."""
    return list(
        HistoryRow.objects.raw("SELECT * FROM common_historyrow WHERE id = ANY(%s) ORDER BY id", [ids])
    )


def _ids_in_blocks(ids: list[int]) -> set[int]:
    """Which of these rows are sealed already: none, unless a restore has put rows on the list again."""
    blocks = HistoryBlock.objects.filter(last_row__gte=ids[0], first_row__lte=ids[-1])
    return {pk for held in blocks.values_list("row_ids", flat=True).iterator() for pk in held}


def _write_block(rows: list[HistoryRow]) -> None:
    ids = [row.pk for row in rows]
    digests = [row_digest(row) for row in rows]
    previous = head()
    HistoryBlock.objects.create(
        first_row=ids[0],
        last_row=ids[-1],
        row_count=len(ids),
        row_ids=ids,
        row_digests=digests,
        previous_digest=previous,
        digest=block_digest(previous, ids, digests),
    )
