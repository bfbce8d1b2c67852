"""What makes a person look at a nomination before the nominee is asked."""

import datetime as dt
import ipaddress
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Value

from awards import states as award_states
from charter.models import Program
from common import prepared
from common.keys import keyed_digest
from nominations.models import Hold, Nomination
from nominations.prints import ALIKE_BITS
from people.likeness import ALIKE, likeness
from people.models import Person

HOUR = dt.timedelta(hours=1)
OTHERS_ALIKE = 3  # texts of other nominators that are like this one
SPAM = (Hold.Reason.RATE, Hold.Reason.ALIKE)


class BitsApart(Func):
    """In how many bits two prints differ."""

    template = "bit_count((%(expressions)s)::bit(64))"
    arg_joiner = " # "
    output_field = IntegerField()


def places_of(ip: str, email: str, house: Program) -> list[str]:
    """Keyed digests of where a nomination comes from: the network, the mailbox without its ``+tag``, and the domain
    unless it is a public provider's or the organiser's."""
    mailbox, _at, domain = email.partition("@")
    places = [f"mailbox:{mailbox.partition('+')[0]}@{domain}"]
    if domain not in {*house.public_mail_domains, *house.organiser_domains}:
        places.append(f"domain:{domain}")
    if network := _network(ip):
        places.append(f"network:{network}")
    return [keyed_digest("sending", place, length=64) for place in places]


BUSIEST = """
    SELECT count(*) AS number FROM nominations_sending
    WHERE digest = ANY(%s) AND at > %s::timestamptz AND at <= %s::timestamptz
    GROUP BY digest ORDER BY number DESC LIMIT 1
"""


def sent_within_an_hour(digests: list[str], at: dt.datetime) -> int:
    """How many nominations came from the busiest of these places in the hour before a moment."""
    rows = prepared.fetch(BUSIEST, [digests, at - HOUR, at])
    return int(rows[0][0]) if rows else 0


def signs_of_spam(
    case: Nomination, house: Program, *, nominator: Person, sent_at: dt.datetime
) -> list[Hold.Reason]:
    """A flood from one place, or one text from several nominators."""
    digests = list(case.sendings.values_list("digest", flat=True))
    reasons = []
    if sent_within_an_hour(digests, sent_at) > house.held_above_an_hour:
        reasons.append(Hold.Reason.RATE)
    if _texts_alike(case, nominator) >= OTHERS_ALIKE:
        reasons.append(Hold.Reason.ALIKE)
    return reasons


def doubts_about(case: Nomination, nominee: Person, nominator: Person) -> list[Hold.Reason]:
    """What the office knows about the nominee that a stranger must not learn from the answer."""
    doubts = {
        Hold.Reason.ONESELF: not case.cycle.self_nomination
        and nominee.pk != nominator.pk
        and likeness(nominator.name, case.nominee_name) >= ALIKE,
        Hold.Reason.DECEASED: nominee.deceased,
        Hold.Reason.EMPLOYEE: nominee.left_for_organiser_on is not None,
        Hold.Reason.BARRED: nominee.awards.filter(state=award_states.REVOKED, good_standing=False).exists(),
    }
    return [reason for reason, holds in doubts.items() if holds]


def _texts_alike(case: Nomination, nominator: Person) -> int:
    """By how many other people were texts like this one sent in the cycle?"""
    if case.text_print is None:
        return 0
    alike = (
        Nomination.objects.filter(cycle=case.cycle, text_print__isnull=False, draft_by__isnull=False)
        .exclude(pk=case.pk)
        .exclude(draft_by=nominator)
        .annotate(apart=BitsApart(F("text_print"), Value(case.text_print)))
        .filter(apart__lte=ALIKE_BITS)
    )
    return alike.aggregate(people=Count("draft_by", distinct=True))["people"]


def _network(ip: str) -> str:
    """An IPv4 address, or the /64 that an IPv6 address belongs to; empty for none."""
    try:
        address: Any = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
