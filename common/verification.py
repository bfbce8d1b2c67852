"""Is the history what it was when it was sealed? Recomputes every block and looks for what lies outside.

Whoever owns the tables can rewrite rows and all blocks after them. That shows only against a head digest kept
elsewhere: ``verify(known_head=…)``.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from common import clock
from common.history import block_digest, row_digest, rows_by_id, text_digest
from common.models import HistoryBlock, HistoryText

PATIENCE = dt.timedelta(minutes=10)  # from insertion to seal

IN_NO_BLOCK = """
    SELECT id FROM common_historyrow WHERE inserted_at < %s
    EXCEPT SELECT unnest(row_ids) FROM common_historyblock
    ORDER BY id
"""
NOT_ON_LIST = """
    SELECT id FROM common_historyrow WHERE inserted_at >= %s
    EXCEPT SELECT unnest(row_ids) FROM common_historyblock
    EXCEPT SELECT row_id FROM common_historywaiting
    ORDER BY id
"""
GONE_BEFORE_SEAL = """
    SELECT row_id FROM common_historywaiting
    WHERE NOT EXISTS (SELECT FROM common_historyrow WHERE id = row_id)
    ORDER BY row_id
"""
SEALED_TWICE = """
    SELECT row_id FROM common_historyblock, unnest(row_ids) AS row_id
    GROUP BY row_id HAVING count(*) > 1
    ORDER BY row_id
"""


@dataclass
class Report:
    """What was found. Without ``problems`` the history is whole; ``head`` is the newest block's digest."""

    rows: int = 0
    blocks: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)


def verify(*, known_head: str = "") -> Report:
    """Recompute the chain. One block with its rows is in memory at a time."""
    report = Report()
    seen = set()
    for block in HistoryBlock.objects.order_by("id").iterator(chunk_size=20):
        report.problems += _check_block(block, previous=report.head)
        report.rows += block.row_count
        report.blocks += 1
        report.head = block.digest
        seen.add(block.digest)
    if known_head and known_head not in seen:
        report.problems.append(
            _("No block has the digest %(digest)s: history was rewritten or an older copy restored.")
            % {"digest": known_head}
        )
    report.problems += _check_outside()
    return report


def _check_block(block: HistoryBlock, *, previous: str) -> Iterator[str]:
    name = {"block": block.pk}
    if block.previous_digest != previous:
        yield _("Block %(block)s does not follow the block before it: blocks are missing or changed.") % name
    if (
        block.digest != block_digest(block.previous_digest, block.row_ids, block.row_digests)
        or block.row_count != len(block.row_ids)
        or len(block.row_digests) != len(block.row_ids)
        or [block.first_row, block.last_row] != [*block.row_ids[:1], *block.row_ids[-1:]]
    ):
        yield _("Block %(block)s is not what was sealed.") % name
    rows = {row.pk: row for row in rows_by_id(block.row_ids)}
    for pk, digest in zip(block.row_ids, block.row_digests, strict=False):
        if pk not in rows:
            yield _("Row %(row)s was removed.") % {"row": pk}
        elif row_digest(rows[pk]) != digest:
            yield _("Row %(row)s was changed.") % {"row": pk}
    for text in HistoryText.objects.filter(row_id__in=list(rows)):  # also of rows that never had one
        if text_digest(text.salt, text.text) != rows[text.row_id].text_digest:
            yield _("The text of row %(row)s was changed.") % {"row": text.row_id}


def _check_outside() -> Iterator[str]:
    """Rows that no block holds, or that two hold."""
    limit = clock.now() - PATIENCE
    for pk in _ids(IN_NO_BLOCK, limit):
        yield _("Row %(row)s is in no block, more than 10 minutes after its insertion.") % {"row": pk}
    for pk in _ids(NOT_ON_LIST, limit):
        yield _("Row %(row)s was inserted past the waiting list.") % {"row": pk}
    for pk in _ids(GONE_BEFORE_SEAL):
        yield _("Row %(row)s was removed before it was sealed.") % {"row": pk}
    for pk in _ids(SEALED_TWICE):
        yield _("Row %(row)s is in two blocks.") % {"row": pk}


def _ids(query: str, *parameters: dt.datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [row[0] for row in cursor.fetchall()]
