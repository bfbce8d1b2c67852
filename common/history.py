"""The append-only record of who did what to which row.

``record`` adds one event inside the caller's transaction, ``record_many`` a set of them. ``seal`` closes
finished rows into chained blocks; it runs every few minutes and when seeding, generating and importing end.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from common import clock
from common.actor import Actor, pseudonym
from common.models import HistoryBlock, HistoryRow, HistoryText

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
    HistoryRow.objects.bulk_create(rows, batch_size=2000)
    for text in texts:
        text.row_id = text.row.pk
    HistoryText.objects.bulk_create(texts, batch_size=2000)
    return rows


def text_digest(salt: str, text: str) -> str:
    """SHA-256 of salt and text, hex. Without the salt, which lies beside the text, it says nothing."""
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def row_digest(row: HistoryRow) -> str:
    """SHA-256 over every sealed column of a row, in a fixed order."""
    parts = [
        row.pk,
        row.at.astimezone(dt.UTC).isoformat(),
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


def seal() -> int:
    """Seal every finished row that no block holds yet; return how many.

    Finished means: written by a transaction below the oldest one still running, so no row can appear behind
    the seal later. Rows are taken in id order, ``BLOCK_ROWS`` to a block.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        below = cursor.fetchone()[0]
        last = HistoryBlock.objects.order_by("-id").first()
        start = last.below_transaction if last else 0
        rows = HistoryRow.objects.filter(transaction__gte=start, transaction__lt=below).order_by("id")
        previous = last.digest if last else ""
        ids = list(rows.values_list("id", flat=True))
        for first in range(0, len(ids), BLOCK_ROWS):
            batch = list(HistoryRow.objects.filter(id__in=ids[first : first + BLOCK_ROWS]).order_by("id"))
            previous = _write_block(batch, previous, below)
        return len(ids)


def _write_block(rows: list[HistoryRow], previous: str, below: int) -> str:
    ids = [row.pk for row in rows]
    digests = [row_digest(row) for row in rows]
    digest = block_digest(previous, ids, digests)
    HistoryBlock.objects.create(
        first_row=min(ids),
        last_row=max(ids),
        row_count=len(ids),
        row_ids=ids,
        row_digests=digests,
        below_transaction=below,
        previous_digest=previous,
        digest=digest,
    )
    return digest
