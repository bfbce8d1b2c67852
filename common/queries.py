"""History, mail and facts about the site.

Which history and mail somebody may see is said by the apps that own the rows, through ``common.registry``. A kind
that no app has registered is shown to nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from common import registry
from common.actor import Actor
from common.models import DemoMarker, HistoryRow, OutboxMail, SiteFact


def history_of(kind: str, key: str) -> QuerySet[HistoryRow]:
    """What happened to one row, newest first."""
    return HistoryRow.objects.filter(kind=kind, key=key).select_related("text").order_by("-id")


def history_visible_to(user: Actor, rows: Iterable[HistoryRow]) -> list[HistoryRow]:
    """Those of ``rows`` that the user may see, in the same order; one question to each kind's owner."""
    rows = list(rows)
    visible = _visible(user, ((row.kind, row.key) for row in rows))
    return [row for row in rows if (row.kind, row.key) in visible]


def mails_visible_to(user: Actor, mails: Iterable[OutboxMail]) -> list[OutboxMail]:
    """Those of ``mails`` of which the user may see every row that they are about, and at least one."""
    about = {
        mail: [(kind, str(key)) for kind, key in mail.keys.items() if kind in registry.visible_keys]
        for mail in mails
    }
    visible = _visible(user, (pair for pairs in about.values() for pair in pairs))
    return [mail for mail, pairs in about.items() if pairs and visible.issuperset(pairs)]


def _visible(user: Actor, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for kind, key in pairs:
        keys[kind].add(key)
    return {
        (kind, key)
        for kind, asked in keys.items()
        if kind in registry.visible_keys
        for key in registry.visible_keys[kind](user, asked)
    }


def is_marked_as_demo() -> bool:
    """Everything in this database is invented: ``seed --demo`` has filled it when it was empty."""
    return DemoMarker.objects.exists()


def site_fact(name: str) -> Any:
    """The value of a fact about this installation; ``None`` if nobody has noted it."""
    return SiteFact.objects.filter(name=name).values_list("value", flat=True).first()


def mails_matching(words: str) -> QuerySet[OutboxMail]:
    """Mail whose address or kind has these words in it, newest first; for demos, where all mail is for everybody."""
    mails = OutboxMail.objects.order_by("-id")
    if words:
        named = [kind for kind, name in registry.mail_names.items() if words.lower() in str(name).lower()]
        by_code = Q(kind__icontains=words.replace(" ", "_"))
        mails = mails.filter(Q(to__icontains=words) | by_code | Q(kind__in=named))
    return mails


def mail_by_key(key: str) -> OutboxMail | None:
    """The mail of a public key (``OutboxMail.key``)."""
    return OutboxMail.objects.filter(message_id__startswith=f"<{key}@").first()
