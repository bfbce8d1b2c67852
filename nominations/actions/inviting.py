"""The nominee is invited, unless the office has to look first."""

import datetime as dt

from common import clock, outbox
from common.actor import Actor
from common.keys import keyed_digest
from nominations import links, triage
from nominations.actions.holds import hold_invitation
from nominations.actions.telling import tell_nominators
from nominations.models import AccessLink, Nomination
from nominations.queries import address_bounced, last_day_to_answer, wants_no_invitations
from nominations.stops import digest_of
from people.models import Person
from people.queries import mail_address_of


def invite_or_hold(
    case: Nomination, nominee: Person, nominator: Person, *, by: Actor | None, again: str = ""
) -> None:
    """Mail the invitation, or let it wait for the office where that knows more than a stranger may."""
    doubts = triage.doubts_about(case, nominee, nominator)
    if doubts:
        hold_invitation(case, doubts, by=by)
    else:
        invite(case, again=again)
        if address_bounced(case):
            tell_of_bounce(case)


def tell_of_bounce(case: Nomination) -> None:
    """Whoever opened the case hears, once for each address, that mail to it comes back."""
    again = keyed_digest("bounced", f"{case.key} {case.nominee_email}", length=12)
    tell_nominators(case, "nominations.bounced", again=again, joined=False)


def invite(case: Nomination, *, again: str = "") -> None:
    """Mail the invitation, unless the owner of the address asked not to be invited. The case looks the same.

    ``again`` tells a second one, to another address, from the first.
    """
    to = mail_address_of(case.nominee) if case.nominee and case.nominee.user_id else case.nominee_email
    if not to or wants_no_invitations(digest_of(to)) or wants_no_invitations(digest_of(case.nominee_email)):
        return
    ends = last_day_to_answer(case)
    lasts = ends - clock.now() if ends else dt.timedelta(days=case.cycle.invitation_days)
    link = links.new_link(case, purpose=AccessLink.Purpose.INVITATION, email=to, lasts=lasts)
    kind = "nominations.renewal" if case.is_renewal else "nominations.invitation"
    person = case.nominee
    outbox.post(
        kind,
        to=to,
        cause=":".join(filter(None, [kind, case.key, again])),
        keys={"link": link.key, "nomination": case.key},
        language=person.mail_language if person else "en",
        person_key=person.key if person else "",
    )
