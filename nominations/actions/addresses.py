"""An address that takes no mail: the nominator hears of it and may set it right."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, history, locks
from common.errors import Outdated, RuleBroken
from common.models import OutboxMail
from nominations import conflicts, eligibility, states
from nominations.actions.endings import is_known_otherwise
from nominations.actions.inviting import invite_or_hold, tell_of_bounce
from nominations.actions.moves import change_state, locked, require_state
from nominations.actions.submitting import nominee_of_address
from nominations.models import AccessLink, Nomination
from nominations.queries import address_bounced, standing_case
from people.actions import forget_person, replace_unconfirmed_address
from people.queries import normalise_email, person_by_address


def heed_bounce(email: str, kind: str, mail: OutboxMail | None) -> None:
    """Registered for addresses that take no mail: whoever gave one for a nominee who has not answered is told."""
    waiting = Nomination.objects.filter(nominee_email=email, state=states.INVITED, nominee__user=None)
    for case in waiting.select_related("cycle", "nominee"):
        tell_of_bounce(case)


@transaction.atomic
def correct_address(nomination: Nomination, *, email: str, by: User) -> Nomination:
    """The nominator writes the address anew; the invitation goes there, and the three weeks begin again.

    Whose address it is decides whose case it is, as when a nomination is sent: it may join one that stands. Links to the
    wrong address end.
    """
    email = normalise_email(email)
    locks.hold(f"address:{email}", f"cases:{nomination.cycle_id}:{email}")
    case = locked(nomination)
    require_state(case, states.INVITED)
    if not address_bounced(case):
        raise Outdated(_("The address has been corrected already."))
    nominator = by.person
    sent = {"nominee_name": case.nominee_name, "nominee_country": str(case.country), "nominee_email": email}
    obstacles = eligibility.answers_obstacles(case.cycle, sent, nominator)
    if obstacles:
        raise RuleBroken(obstacles[0].sentence)
    if email == case.nominee_email:
        raise RuleBroken(_("This is the address that takes no mail."))
    old, before = case.nominee, case.nominee_email
    known = person_by_address(email)
    if old is not None and old.user_id is None and known is None:
        replace_unconfirmed_address(old, before, email, by=by)
        nominee = old
    else:
        nominee = nominee_of_address(sent, email, by=by)
    now = clock.now()
    AccessLink.objects.filter(nomination=case, purpose=AccessLink.Purpose.INVITATION).update(ends_at=now)
    standing = standing_case(cycle=case.cycle, nominee=nominee, area_id=case.area_id or 0)
    case.nominee_email, case.invited_at = email, now
    if standing is not None and standing.pk != case.pk:
        change_state(
            case, states.MERGED, verb="merge_nominations", by=by, codes={"into": standing.key},
            state_before=states.INVITED, merged_into=standing, nominee=nominee, nominee_email=email, invited_at=now,
        )  # fmt: skip
    else:
        case.nominee = nominee
        case.save(update_fields=["nominee", "nominee_email", "invited_at"])
        history.record("nomination", case.key, "correct_address", by=by)
        invite_or_hold(case, nominee, nominator, by=by, again=f"{now:%Y%m%d%H%M%S%f}")
    if old is not None and old.pk != nominee.pk and not is_known_otherwise(old):
        forget_person(old, by=by)
    conflicts.recompute([case.pk, *([standing.pk] if standing else [])])
    return case
