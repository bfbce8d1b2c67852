"""Links in mails: the address holds the key of a row and a keyed digest of it, so no table opens a link."""

import datetime as dt
import hmac

from common import clock, prepared
from common.keys import keyed_digest
from nominations import states
from nominations.models import AccessLink, Nomination, Support

CONFIRM_HOURS = 48
RESUME_DAYS = 60
MAILS_A_DAY = 10


def token_of(link: AccessLink) -> str:
    """What stands in the address."""
    return f"{link.key}-{_digest(link.purpose, link.key)}"


def link_of(token: str, *, purpose: str) -> AccessLink | None:
    """The link of an address; none for a wrong one, whatever is wrong with it."""
    key, _, digest = token.partition("-")
    genuine = hmac.compare_digest(digest.encode(), _digest(purpose, key).encode())
    link = (
        AccessLink.objects.filter(key=key, purpose=purpose)
        .select_related("nomination", "nomination__cycle", "nomination__nominee", "support")
        .first()
    )
    return link if genuine else None


def has_ended(link: AccessLink) -> bool:
    return link.ends_at <= clock.now()


def new_link(
    nomination: Nomination,
    *,
    purpose: str,
    email: str,
    lasts: dt.timedelta,
    support: Support | None = None,
) -> AccessLink:
    """A link for the reader of one mailbox."""
    now = clock.now()
    return AccessLink.objects.create(
        purpose=purpose, nomination=nomination, support=support, email=email, made_at=now, ends_at=now + lasts
    )


COUNT_MADE = """
    SELECT count(*) FROM nominations_accesslink
    WHERE email = %s AND purpose = ANY(%s) AND made_at > %s::timestamptz
"""


def mailed_too_often(email: str) -> bool:
    """Has somebody let us mail this address links again and again today? It may be somebody else's."""
    day_ago = clock.now() - dt.timedelta(days=1)
    asked_for = [AccessLink.Purpose.CONFIRM.value, AccessLink.Purpose.RESUME.value]
    return int(prepared.fetch(COUNT_MADE, [email, asked_for, day_ago])[0][0]) >= MAILS_A_DAY


def endorsement_is_open(link: AccessLink) -> bool:
    """An endorsement can be written and changed from acceptance until the dossier is complete."""
    return link.nomination.state == states.ACCEPTED


def _digest(purpose: str, key: str) -> str:
    return keyed_digest(f"link:{purpose}", key, length=32)
