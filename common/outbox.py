"""Mail to people: a row in the transaction that causes it, rendered and sent by the worker.

``common.letters`` writes the letters, ``common.delivery`` sends them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from common import clock, jobs, mail_groups
from common.keys import keyed_digest
from common.models import OutboxMail


@dataclass(frozen=True)
class Letter:
    """A rendered mail: what ``common.registry.mails[kind](keys, language)`` returns."""

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Any, ...] = ()  # of common.letters.Block; what a digest is made of


class NothingToSay(Exception):
    """A mail whose matter is gone: it is withheld."""


@dataclass(frozen=True)
class Post:
    """One mail to write. ``cause`` is unique for ever: the same cause is never mailed twice. ``by_day``: not at night
    by its reader's clock."""

    kind: str
    to: str
    cause: str
    keys: dict[str, Any] = field(default_factory=dict)
    language: str = "en"
    person_key: str = ""
    by_day: bool = False


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
    """Write mails in one statement and wake the worker; one more reads how their readers want them."""
    now = clock.now()
    posts = list(posts)
    asked = {
        post.person_key for post in posts if post.by_day or len(mail_groups.group_of(post.kind).choices) > 1
    }
    readers = mail_groups.readers_of(asked) if asked - {""} else {}
    rows = [_row(post, now, readers.get(post.person_key)) for post in posts]
    if rows:
        OutboxMail.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        jobs.defer("common.send_outbox")


def still_waiting(kind: str, *, about: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The keys of mails of a kind that were not sent yet, of those whose key ``about`` is one of ``keys``. They are held
    until the transaction ends, so that none is sent with what was true before it."""
    states = (OutboxMail.State.QUEUED, OutboxMail.State.HELD)
    waiting = OutboxMail.objects.filter(kind=kind, state__in=states, **{f"keys__{about}__in": list(keys)})
    return [mail.keys for mail in waiting.select_for_update().order_by("pk")]


def _row(post: Post, now: dt.datetime, reader: mail_groups.Reader | None) -> OutboxMail:
    """The row of a mail: queued, held for the mail of the day, or withheld because its reader wants none."""
    wish = reader.wants(mail_groups.group_of(post.kind)) if reader else mail_groups.AT_ONCE
    is_held, is_off = wish == mail_groups.DAILY, wish == mail_groups.OFF
    states = OutboxMail.State
    at_once = mail_groups.next_daytime(now, reader) if post.by_day else now
    return OutboxMail(
        cause=post.cause,
        kind=post.kind,
        to=post.to,
        person_key=post.person_key,
        language=post.language or "en",
        keys=post.keys,
        message_id=f"<{keyed_digest('mail', post.cause)}@{settings.MAIL_DOMAIN}>",
        created_at=now,
        try_at=mail_groups.next_morning(now, reader) if is_held else at_once,
        state=states.HELD if is_held else states.WITHHELD if is_off else states.QUEUED,
        error=OutboxMail.STOPPED if is_off else "",
    )
