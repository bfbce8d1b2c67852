"""Mail to people: a row in the transaction that causes it, rendered and sent by the worker.

``common.letters`` writes the letters, ``common.delivery`` sends them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from common import clock, jobs
from common.keys import keyed_digest
from common.models import OutboxMail


@dataclass(frozen=True)
class Letter:
    """A rendered mail: what ``common.registry.mails[kind](keys, language)`` returns."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Post:
    """One mail to write. ``cause`` is unique for ever: the same cause is never mailed twice."""

    kind: str
    to: str
    cause: str
    keys: dict[str, Any] = field(default_factory=dict)
    language: str = "en"
    person_key: str = ""


def post(
    kind: str,
    *,
    to: str,
    cause: str,
    keys: dict[str, Any] | None = None,
    language: str = "en",
    person_key: str = "",
) -> None:
    """Write one mail; a second call with the same cause does nothing."""
    post_many([Post(kind, to, cause, keys or {}, language, person_key)])


def post_many(posts: Iterable[Post]) -> None:
    """Write mails in one statement and wake the worker."""
    now = clock.now()
    rows = [
        OutboxMail(
            cause=item.cause,
            kind=item.kind,
            to=item.to,
            person_key=item.person_key,
            language=item.language or "en",
            keys=item.keys,
            message_id=f"<{keyed_digest('mail', item.cause)}@{settings.MAIL_DOMAIN}>",
            created_at=now,
            try_at=now,
        )
        for item in posts
    ]
    if rows:
        OutboxMail.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        jobs.defer("common.send_outbox")
