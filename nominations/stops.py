"""Addresses that want no invitations. Only a keyed digest is kept, never the address."""

import datetime as dt

from common import clock
from common.keys import keyed_digest
from nominations.models import InvitationStop, Nomination
from people.queries import normalise_email

NOT_NOW = dt.timedelta(days=365)


def digest_of(email: str) -> str:
    return keyed_digest("invitation-stop", normalise_email(email), length=64)


def of_case(case: Nomination, email: str) -> str:
    """What is digested for an address that wants no mail about one case alone."""
    return f"{case.key} {normalise_email(email)}"


def stop_invitations(email: str, *, until: dt.datetime | None) -> None:
    """Mail no invitation to this address until a day, or never again. A longer stop is not shortened."""
    stop, made = InvitationStop.objects.get_or_create(
        digest=digest_of(email), defaults={"made_at": clock.now(), "until": until}
    )
    if not made and stop.until is not None and (until is None or until > stop.until):
        stop.until = until
        stop.save(update_fields=["until"])


def lift_stop(email: str) -> None:
    """Somebody who accepts a nomination after all may be invited again."""
    InvitationStop.objects.filter(digest=digest_of(email)).delete()
