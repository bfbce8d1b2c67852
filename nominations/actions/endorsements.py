"""Endorsements: who is asked, what they write, until the dossier is complete."""

import datetime as dt

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charter.queries import grace
from common import clock, history, outbox, registry
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from common.models import OutboxMail
from common.windows import require_unchanged
from nominations import conflicts, links, states, stops
from nominations.actions.moves import locked, require_state
from nominations.models import AccessLink, Nomination, Support
from nominations.queries import endorsers_of, language_of, named_for, nominators_of, wants_no_invitations
from people.actions import change_employer
from people.models import Person
from people.queries import normalise_email, person_by_address

SHORTEST, LONGEST = 40, 1500
RESENT_AT_MOST = 2


@transaction.atomic
def request_endorsement(
    nomination: Nomination, *, name: str, email: str, relation: str, by: Actor | None
) -> Support:
    """The nominee asks somebody to say what they have seen. They answer by a link, without an account."""
    case = locked(nomination)
    require_state(case, states.ACCEPTED)
    email = normalise_email(email)
    others = endorsers_of(case)
    again = next((support for support in others if support.email == email), None)
    if again is not None and again.asked_at:
        return again
    _require_other(case, email)
    if again is None:
        if sum(1 for support in others if support.asked_at) >= case.cycle.endorsers_at_most:
            raise RuleBroken(
                _("At most %(number)s people can be asked.") % {"number": case.cycle.endorsers_at_most}
            )
        again = Support.objects.create(
            nomination=case, kind=Support.Kind.ENDORSER, name=name, email=email, relation=relation
        )
    _ask(case, again, by=by)
    return again


def ask_named_endorsers(case: Nomination, *, by: Actor | None) -> None:
    """The nominee has accepted: ask those whom nominators named, second nominators and the first endorsers up to
    the cycle's limit."""
    known = _own_addresses(case)
    room = case.cycle.endorsers_at_most
    for support in named_for(case):
        endorses = support.kind == Support.Kind.ENDORSER
        may_be_asked = support.asked_at is None and support.email and support.email not in known
        if may_be_asked and (room or not endorses):
            _ask(case, support, by=by)
            room -= endorses
        known.add(support.email)


@transaction.atomic
def write_endorsement(
    support: Support, *, statement: str, employer: str = "", by: Actor | None = None, seen: str | None = None
) -> Support:
    """The endorser writes, or changes what they wrote, while the dossier is open. Mail to them is in the language of the
    page from then on. ``employer``: where a second nominator works, if the cycle asks for it. ``seen``: what they had
    before them; raises ``Outdated`` where something else is saved by now."""
    case, support = _open(support)
    require_unchanged(seen, support.statement, support.employer)
    first_time = support.given_at is None
    support.statement, support.given_at, support.declined_at = statement, clock.now(), None
    support.employer, support.language = employer, get_language() or ""
    if support.person_id is None:
        support.person = _person_free_for(support)
    support.save(update_fields=["statement", "given_at", "declined_at", "person", "employer", "language"])
    if support.person is not None and employer:
        change_employer(support.person, employer, by=by)
    history.record("nomination", case.key, "write_endorsement", by=by, codes={"support": support.key})
    if first_time:
        conflicts.recompute([case.pk])
        if support.person is not None:
            registry.call(registry.on_ties_changed, support.person)
    return support


@transaction.atomic
def decline_endorsement(support: Support, *, by: Actor | None = None) -> Support:
    """The endorser does not want to write. The nominee sees it, and not why; what was written is deleted."""
    case, support = _open(support)
    support.statement, support.given_at, support.declined_at = "", None, clock.now()
    support.save(update_fields=["statement", "given_at", "declined_at"])
    history.record("nomination", case.key, "decline_endorsement", by=by, codes={"support": support.key})
    conflicts.recompute([case.pk])
    return support


@transaction.atomic
def resend_endorsement(support: Support, *, by: Actor | None) -> Support:
    """The nominee asks once more, by the same link: a day after the last mail at the earliest, and twice at most."""
    case, support = _open(support)
    if support.given_at or support.declined_at or support.asked_at is None:
        raise Outdated(_("They have answered already."))
    link = (
        AccessLink.objects.filter(support=support, purpose=AccessLink.Purpose.ENDORSE).order_by("-pk").first()
    )
    mails = list(OutboxMail.objects.filter(cause__startswith=_cause(support)).order_by("-pk"))
    if link is None or len(mails) > RESENT_AT_MOST:
        raise RuleBroken(
            _("They were reminded %(number)s times; more would not help.") % {"number": RESENT_AT_MOST}
        )
    if mails and mails[0].created_at > clock.now() - dt.timedelta(days=1):
        raise RuleBroken(_("They were asked within the last day. Give them until tomorrow."))
    _mail(case, support, link, again=str(len(mails)))
    history.record("nomination", case.key, "resend_endorsement", by=by, codes={"support": support.key})
    return support


@transaction.atomic
def withdraw_endorsement_request(support: Support, *, by: Actor | None) -> None:
    """The nominee takes a request back, as long as nothing was written. Name and address go at once."""
    case, support = _open(support)
    if support.given_at:
        raise Outdated(_("They have written already; what they wrote stays in the dossier."))
    _close_links(support)
    history.record(
        "nomination", case.key, "withdraw_endorsement_request", by=by, codes={"support": support.key}
    )
    support.delete()


@transaction.atomic
def erase_endorser(support: Support, *, by: Actor | None = None) -> None:
    """The endorser does not write and wants nothing to be kept: words, name and address go at once, and this case
    does not ask them again."""
    case, support = _open(support)
    stops.stop_invitations(stops.of_case(case, support.email), until=case.cycle.dossiers_close_at)
    _close_links(support)
    support.name = support.email = support.relation = support.statement = support.employer = ""
    support.links, support.person, support.given_at, support.declined_at = [], None, None, clock.now()
    support.save()
    history.record("nomination", case.key, "erase_endorser", by=by, codes={"support": support.key})
    conflicts.recompute([case.pk])


def _close_links(support: Support) -> None:
    """The links answer that they are over, and hold nobody's address; mail about them goes."""
    links_ = AccessLink.objects.filter(support=support)
    OutboxMail.objects.filter(keys__link__in=list(links_.values_list("key", flat=True))).delete()
    links_.update(support=None, email="", ends_at=clock.now())


def _open(support: Support) -> tuple[Nomination, Support]:
    row = Support.objects.select_related("nomination").get(pk=support.pk)
    case = locked(row.nomination.merged_into or row.nomination)
    require_state(case, states.ACCEPTED)
    return case, Support.objects.select_for_update(of=("self",)).get(pk=support.pk)


def _ask(case: Nomination, support: Support, *, by: Actor | None) -> None:
    support.asked_at, support.declined_at = clock.now(), None
    support.person = support.person or _person_free_for(support)
    support.save(update_fields=["asked_at", "declined_at", "person"])
    link = links.new_link(
        case,
        purpose=AccessLink.Purpose.ENDORSE,
        email=support.email,
        support=support,
        lasts=case.cycle.dossiers_close_at + grace(case.cycle) - clock.now(),
    )
    history.record("nomination", case.key, "request_endorsement", by=by, codes={"support": support.key})
    _mail(case, support, link)


def _cause(support: Support) -> str:
    return f"nominations.endorsement:{support.key}"


def _mail(case: Nomination, support: Support, link: AccessLink, *, again: str = "") -> None:
    person = support.person
    outbox.post(
        "nominations.endorsement",
        to=support.email,
        cause=":".join(filter(None, [_cause(support), again])),
        keys={"link": link.key, "nomination": case.key},
        language=language_of(support),
        person_key=person.key if person else "",
    )


def _person_free_for(support: Support) -> Person | None:
    """Whose confirmed address it is, unless that person supports the case's row already."""
    person = person_by_address(support.email, confirmed_only=True)
    taken = person and Support.objects.filter(nomination=support.nomination, person=person).exists()
    return None if taken else person


def _own_addresses(case: Nomination) -> set[str]:
    known = set(case.nominee.addresses.values_list("email", flat=True)) if case.nominee else set()
    return known | {case.nominee_email}


def _require_other(case: Nomination, email: str) -> None:
    if wants_no_invitations(stops.digest_of(stops.of_case(case, email))):
        raise RuleBroken(_("This person asked not to be asked again."))
    if email in _own_addresses(case):
        raise RuleBroken(_("This is the nominee's own address."))
    if email in {support.email for support in nominators_of(case)}:
        raise RuleBroken(_("This person nominated the case; what they wrote is in the dossier already."))
