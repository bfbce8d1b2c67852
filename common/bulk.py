"""Set-based writes to the outbox: the past of a demo, and the mail of the day. Beside ``delivery`` the only writer of
a mail's state."""

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from common import clock, jobs, locks
from common.digests import KIND as DIGEST
from common.keys import keyed_digest
from common.models import OutboxMail

READERS_AT_ONCE = 500  # in one transaction


def mark_past_as_sent(until: dt.datetime) -> int:
    """The letters of a demo's past went out on the day they were written, not when its worker first runs."""
    waiting = (OutboxMail.State.QUEUED, OutboxMail.State.HELD)
    past = OutboxMail.objects.filter(state__in=waiting, created_at__lt=until)
    return past.update(state=OutboxMail.State.SENT, sent_at=F("created_at"))


def gather_all() -> int:
    """Gather everything that is due; returns how many mails will go out."""
    total = 0
    while number := gather():
        total += number
    return total


@transaction.atomic
def gather() -> int:
    """Gather a portion of what is due: one mail a reader and language, in a fixed number of statements.

    One mail alone goes out as itself. One worker at a time gathers; a mail is in one digest or in none.
    """
    locks.hold("digests")
    now = clock.now()
    due = OutboxMail.objects.filter(state=OutboxMail.State.HELD, try_at__lte=now)
    people = due.order_by("person_key").values_list("person_key", flat=True).distinct()[:READERS_AT_ONCE]
    rows = list(due.filter(person_key__in=list(people)).select_for_update().order_by("id"))
    by_reader: defaultdict[tuple[str, str], list[OutboxMail]] = defaultdict(list)
    for row in rows:
        by_reader[row.person_key, row.to].append(row)
    alone = [parts[0].pk for parts in by_reader.values() if len(parts) == 1]
    OutboxMail.objects.filter(pk__in=alone).update(state=OutboxMail.State.QUEUED, try_at=now)
    parts_of = [parts for parts in by_reader.values() if len(parts) > 1]
    digests = OutboxMail.objects.bulk_create([_digest(parts) for parts in parts_of], batch_size=1000)
    _put_into(digests, [part.pk for parts in parts_of for part in parts])
    if rows:
        jobs.defer("common.send_outbox")
    return len(alone) + len(digests)


PUT_INTO = """
    UPDATE common_outboxmail part SET state = 'gathered', gathered_in_id = digest.id
    FROM common_outboxmail digest
    WHERE digest.id = ANY(%s) AND part.id = ANY(%s) AND digest.person_key = part.person_key AND digest."to" = part."to"
"""


def _put_into(digests: list[OutboxMail], parts: list[int]) -> None:
    """Each part into the digest of its reader, in one statement: a reader may have thousands."""
    if digests:
        with connection.cursor() as cursor:
            cursor.execute(PUT_INTO, [[digest.pk for digest in digests], parts])


def _digest(parts: list[OutboxMail]) -> OutboxMail:
    last = parts[-1]
    cause = f"{DIGEST}:{last.person_key}:{last.pk}"
    key = keyed_digest("mail", cause)
    now = clock.now()
    return OutboxMail(
        cause=cause,
        kind=DIGEST,
        to=last.to,
        person_key=last.person_key,
        language=last.language,
        keys={"digest": key, "person": last.person_key},
        message_id=f"<{key}@{settings.MAIL_DOMAIN}>",
        created_at=now,
        try_at=now,
    )
