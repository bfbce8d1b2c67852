"""A flood of nominations is limited, and what looks like one waits for a person."""

from typing import Any

from django.utils.translation import gettext as _

from charter.queries import program
from common import clock, history
from common.actor import Actor
from common.errors import RuleBroken
from nominations import triage
from nominations.models import Hold, Nomination, Sending
from people.models import Person


def note_sending(case: Nomination, *, ip: str, email: str) -> None:
    """Keep, for a day, that a nomination came from here; pressing "send" twice is one. Raises ``RuleBroken`` when too
    many came from one place within the hour."""
    house, now = program(), clock.now()
    digests = triage.places_of(ip, email, house)
    if triage.sent_within_an_hour(digests, now) >= house.refused_above_an_hour:
        raise RuleBroken(
            _(
                "Very many nominations have come from your network or mail domain within the last hour. Yours is kept "
                "as it is; please send it again in an hour."
            )
        )
    rows = [Sending(nomination=case, digest=digest, at=now) for digest in digests]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)


def hold_as_draft(
    case: Nomination,
    sent: dict[str, Any],
    reasons: list[Hold.Reason],
    *,
    nominator: Person,
    by: Actor | None,
) -> None:
    """The draft waits as it was sent; nobody is made of it, asked or told."""
    case.draft = {**case.draft, "sent": sent}
    case.draft_by = nominator
    case.nominee_name, case.nominee_email = sent["nominee_name"], sent["nominee_email"]
    case.country = sent["nominee_country"]
    case.save()
    _hold(case, reasons, by=by)


def hold_invitation(case: Nomination, reasons: list[Hold.Reason], *, by: Actor | None) -> None:
    """The case is as any other; its mail waits."""
    _hold(case, reasons, by=by)


def _hold(case: Nomination, reasons: list[Hold.Reason], *, by: Actor | None) -> None:
    Hold.objects.create(nomination=case, reasons=[reason.value for reason in reasons], made_at=clock.now())
    codes = {"reasons": [reason.value for reason in reasons]}
    history.record("triage", case.key, "hold_nomination", by=by, codes=codes)
