"""Addresses that mail comes back from, as the mail server or its reports say, and what follows.

A report is noted once. From the moment an address counts as bouncing, mail to it is withheld, except for codes that
somebody asks for to sign in: with one they show that it works again, and ``delivery.lift_bounces`` takes the mark away.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from common import clock, locks, mail_groups, registry
from common.models import Bounce, OutboxMail

SOFT_UNTIL_HARD = 5  # so many soft ones
DAYS_OF_SOFT = 14  # within so many days count as a hard one


@dataclass(frozen=True)
class Report:
    """What one report says. ``event`` is its own id, if it has one."""

    kind: str
    email: str = ""
    message_id: str = ""
    event: str = ""
    reason: str = ""

    @property
    def digest(self) -> str:
        """What makes a report the same one when it comes again."""
        said = [self.event] if self.event else [self.kind, self.email, self.message_id, self.reason]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@transaction.atomic
def note_bounce(report: Report) -> str:
    """Note one report: ``noted``, ``known`` (it came before) or ``unknown`` (no such mail, no address)."""
    mail = _mail_of(report)
    email = (mail.to if mail else report.email).strip().lower()
    if not email:
        return "unknown"
    locks.hold(f"bounce:{email}")
    was_bouncing = is_bouncing(email)
    _row, made = Bounce.objects.get_or_create(
        event=report.digest,
        defaults={
            "email": email,
            "kind": report.kind,
            "reason": report.reason[:300],
            "mail": mail,
            "noted_at": clock.now(),
        },
    )
    if not made:
        return "known"
    if not was_bouncing and is_bouncing(email):
        registry.call(registry.on_bounce, email, report.kind, mail)
    return "noted"


def _mail_of(report: Report) -> OutboxMail | None:
    if not report.message_id:
        return None
    message_id = f"<{report.message_id.strip().strip('<>')}>"
    return OutboxMail.objects.filter(message_id=message_id).exclude(to="").first()


def is_bouncing(email: str) -> bool:
    return bool(bouncing_among([email]))


def bouncing_among(emails: Iterable[str]) -> set[str]:
    """Those of these addresses that count as bouncing: one hard report or complaint, or many soft ones."""
    asked = {email.strip().lower() for email in emails if email}
    since = clock.now() - dt.timedelta(days=DAYS_OF_SOFT)
    soft: dict[str, int] = {}
    found = set()
    rows = Bounce.objects.filter(email__in=asked, lifted_at=None)
    for email, kind, at in rows.values_list("email", "kind", "noted_at"):
        if kind != Bounce.Kind.SOFT:
            found.add(email)
        elif at >= since:
            soft[email] = soft.get(email, 0) + 1
    return found | {email for email, number in soft.items() if number >= SOFT_UNTIL_HARD}


def withholds(mail: OutboxMail) -> bool:
    """True if this mail must wait because its address bounces."""
    return mail_groups.group_of(mail.kind).key != mail_groups.SIGN_IN and is_bouncing(mail.to)
