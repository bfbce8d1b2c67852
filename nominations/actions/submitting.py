"""A nomination is sent: its address confirmed, its rules asked, its case opened or joined."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charter.models import Area, Cycle
from charter.queries import areas_open_on, program, region_of
from common import clock, locks, outbox
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import conflicts, eligibility, links, states, triage
from nominations.actions.drafts import require_few_mails
from nominations.actions.holds import hold_as_draft, note_sending
from nominations.actions.inviting import invite_or_hold
from nominations.actions.joining import join_new
from nominations.actions.moves import change_state, locked, require_state
from nominations.models import AccessLink, Nomination, Support
from nominations.prints import print_of
from nominations.queries import locked_draft, standing_case
from people.actions import change_employer, confirm_address, create_person, find_or_create_person
from people.models import Person
from people.queries import confirmed_address_of, normalise_email, person_by_address


@dataclass(frozen=True)
class Sent:
    """What became of a nomination that was sent: ``link`` is set while the address waits for confirmation."""

    nomination: Nomination
    link: AccessLink | None = None


@transaction.atomic
def send_nomination(
    nomination: Nomination, *, answers: dict[str, Any], by: Actor | None, person: Person | None, ip: str = ""
) -> Sent:
    """The nominator presses "send": submitted at once if they are signed in, else a link confirms their address.

    ``answers`` are valid answers of all steps; a copy waits with the draft until it is confirmed, so that what
    is confirmed is what was sent. Sent twice, the same answers are mailed once. ``ip`` is where it comes from: from
    one place only so many are taken within an hour.
    """
    case = locked_draft(nomination)
    if case.state == states.DRAFT and hasattr(case, "hold"):
        return Sent(case)  # it was sent before, and waits for the office
    if case.state != states.DRAFT:
        if person is not None and case.supports.filter(person=person).exists():
            return Sent(case)  # the second click
        require_state(case, states.DRAFT)
    _require_open(case.cycle, clock.now(), person)
    confirmed = confirmed_address_of(person) if person is not None else ""
    note_sending(case, ip=ip, email=confirmed or normalise_email(answers["email"]))
    if person is not None and confirmed:
        own = {**answers, "email": confirmed}
        return Sent(_submit_or_hold(case, own, nominator=person, by=by, sent_at=clock.now()))
    sent_before = case.draft.get("sent") == answers
    case.draft = {**case.draft, "sent": answers, "sent_at": clock.now().isoformat()}
    case.save(update_fields=["draft"])
    link = _waiting_link(case, answers["email"]) if sent_before else None
    if link is None:
        require_few_mails(answers["email"])
    link = link or links.new_link(
        case,
        purpose=AccessLink.Purpose.CONFIRM,
        email=normalise_email(answers["email"]),
        lasts=dt.timedelta(hours=links.CONFIRM_HOURS),
    )
    outbox.post(
        "nominations.confirm",
        to=link.email,
        cause=f"nominations.confirm:{link.key}",
        keys={"link": link.key, "nomination": case.key},
        language=get_language() or "en",
    )
    return Sent(case, link)


@transaction.atomic
def confirm_nomination(link: AccessLink, *, by: Actor | None = None) -> tuple[Nomination, Person]:
    """The nominator pressed the button behind the mailed link: the address is theirs, the nomination is sent.

    What counts for the window is when they pressed "send". Raises ``Outdated`` for a link that was used.
    """
    case = _locked_with_addresses(link.nomination, link.email)
    link = AccessLink.objects.select_for_update().get(pk=link.pk)
    if link.used_at is not None or case.state != states.DRAFT:
        raise Outdated(_("This link has been used. The nomination was sent."))
    if links.has_ended(link):
        raise Outdated(_("This link has ended. Please send the nomination again."))
    sent = case.draft.get("sent") or {}
    person = find_or_create_person(
        name=sent["name"], email=link.email, country=sent["country"], language=get_language() or "", by=by
    )
    person = confirm_address(person, link.email, by=by)
    sent_at = dt.datetime.fromisoformat(case.draft["sent_at"])
    _require_open(case.cycle, sent_at, person)
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    return _submit_or_hold(case, sent, nominator=person, by=person.user, sent_at=sent_at), person


@transaction.atomic
def submit_sent(nomination: Nomination, *, by: Actor | None) -> Nomination:
    """The office lets a held draft go on, as it was sent. The rules are asked again; the window is that of its day."""
    case = _locked_with_addresses(nomination)
    require_state(case, states.DRAFT)
    nominator, sent = case.draft_by, case.draft.get("sent")
    if nominator is None or not sent:
        raise RuleBroken(_("What was sent is not there any more."))
    sent_at = dt.datetime.fromisoformat(case.draft["sent_at"])
    return _submit(case, sent, nominator=nominator, by=by, sent_at=sent_at)


def _locked_with_addresses(nomination: Nomination, *more: str) -> Nomination:
    """A draft that was sent, locked after the address of its nominee and ``more``: see ``common.locks`` for the order."""
    email = _nominee_email(Nomination.objects.get(pk=nomination.pk))
    locks.hold(*(f"address:{address}" for address in (email, *more) if address))
    case = locked(nomination)
    if case.state == states.DRAFT and _nominee_email(case) != email:
        raise Outdated(_("This nomination was changed a moment ago. Please try again."))
    return case


def _nominee_email(draft: Nomination) -> str:
    return normalise_email((draft.draft.get("sent") or {}).get("nominee_email", ""))


def _submit_or_hold(
    case: Nomination, sent: dict[str, Any], *, nominator: Person, by: Actor | None, sent_at: dt.datetime
) -> Nomination:
    """A nomination that looks like one of a flood waits for a person; the nominator reads so."""
    case.text_print = print_of(sent["statement"], without=sent["nominee_name"])
    signs = triage.signs_of_spam(case, program(), nominator=nominator, sent_at=sent_at)
    if not signs:
        return _submit(case, sent, nominator=nominator, by=by, sent_at=sent_at)
    require_eligible(case, sent, nominator)
    case.draft = {**case.draft, "sent_at": sent_at.isoformat()}
    hold_as_draft(case, sent, signs, nominator=nominator, by=by)
    return case


def _submit(
    case: Nomination, sent: dict[str, Any], *, nominator: Person, by: Actor | None, sent_at: dt.datetime
) -> Nomination:
    """draft → invited; where a case of this person and area stands already, → joined with it.

    Locks first the nominator's places, then the nominee's cases of the cycle: all senders in this order.
    """
    email = normalise_email(sent["nominee_email"])
    locks.hold(f"nominator:{case.cycle_id}:{nominator.pk}")
    locks.hold(f"cases:{case.cycle_id}:{email}")
    require_eligible(case, sent, nominator)
    area = _open_area(sent["area"])
    nominee = nominee_of_address(sent, email, by=by)
    frozen = {
        "area": area,
        "area_name": area.name,
        "category": area.category,
        "nominee": nominee,
        "nominee_name": sent["nominee_name"],
        "nominee_email": email,
        "country": sent["nominee_country"],
        "region": region_of(sent["nominee_country"]),
        "draft": {},
        "draft_by": nominator,
        "saved_at": sent_at,
        "invited_at": clock.now(),
        "text_print": case.text_print,
    }
    standing = standing_case(cycle=case.cycle, nominee=nominee, area_id=area.pk)
    if standing is None:
        change_state(case, states.INVITED, verb="submit_nomination", by=by, **frozen)
    else:
        join_new(case, standing, by=by, **frozen)
    _write_supports(case, sent, nominator, sent_at)
    if sent.get("employer"):
        change_employer(nominator, sent["employer"], by=by)
    if standing is None:
        invite_or_hold(case, nominee, nominator, by=by)
    conflicts.recompute([standing.pk if standing else case.pk])
    return case


def _write_supports(case: Nomination, sent: dict[str, Any], nominator: Person, sent_at: dt.datetime) -> None:
    Support.objects.create(
        nomination=case,
        kind=Support.Kind.NOMINATOR,
        person=nominator,
        name=sent["name"],
        email=normalise_email(sent["email"]),
        relation=sent["relation"],
        statement=sent["statement"],
        links=sent["links"],
        named=sent["named"],
        given_at=sent_at,
    )
    second = [(Support.Kind.CO_NOMINATOR, sent["second"])] if sent.get("second") else []
    Support.objects.bulk_create(
        Support(
            nomination=case,
            kind=kind,
            name=named["name"],
            email=normalise_email(named["email"]),
            relation=named["relation"],
        )
        for kind, named in [*second, *((Support.Kind.ENDORSER, endorser) for endorser in sent["endorsers"])]
    )


def nominee_of_address(sent: dict[str, Any], email: str, *, by: Actor | None) -> Person:
    """One confirmed address is one person. An unconfirmed one leads only to somebody who has no account."""
    known = person_by_address(email, confirmed_only=True)
    if known is None:
        known = person_by_address(email)
        known = known if known is not None and known.user_id is None else None
    return known or create_person(
        name=sent["nominee_name"], email=email, country=sent["nominee_country"], by=by
    )


def _require_open(cycle: Cycle, sent_at: dt.datetime, person: Person | None) -> None:
    obstacle = eligibility.window_obstacle(cycle, sent_at) or eligibility.nominator_obstacle(cycle, person)
    if obstacle:
        raise RuleBroken(obstacle)


def require_eligible(case: Nomination, sent: dict[str, Any], nominator: Person) -> None:
    """Raises ``RuleBroken`` with the first thing that speaks against a nomination."""
    obstacles = eligibility.answers_obstacles(case.cycle, sent, nominator)
    to_oneself = normalise_email(sent["nominee_email"]) in nominator.addresses.values_list("email", flat=True)
    if to_oneself and not case.cycle.self_nomination:
        raise RuleBroken(_("In this cycle nobody can nominate themselves."))
    if obstacles:
        raise RuleBroken(obstacles[0].sentence)
    places = eligibility.places_obstacle(case.cycle, nominator)
    if places and not to_oneself:
        raise RuleBroken(places)


def _open_area(slug: str) -> Area:
    area = areas_open_on().filter(slug=slug).first()
    if area is None:
        raise RuleBroken(_("This technology is no longer open for nominations. Please choose another one."))
    return area


def _waiting_link(case: Nomination, email: str) -> AccessLink | None:
    return AccessLink.objects.filter(
        nomination=case,
        purpose=AccessLink.Purpose.CONFIRM,
        email=normalise_email(email),
        used_at=None,
        ends_at__gt=clock.now(),
    ).first()
