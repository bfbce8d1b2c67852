"""Who may nominate and who may be nominated, in words. Asked at once while typing, and again when it counts.

Nothing here says whether a case is open for somebody: a stranger must not learn that. Therefore the limit of
areas per nominee is told to a nominator only from their own nominations, and enforced when the nominee accepts.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Role, RoleGrant
from awards import states as award_states
from awards.models import Award
from charter.models import Cycle, Program
from charter.queries import grace, program
from common import clock
from nominations.models import Nomination, Support
from nominations.queries import areas_accepted, nominated_by_oneself, nominations_used, nominators_of
from nominations.words import day_in_words
from people.models import Person
from people.queries import normalise_email


@dataclass(frozen=True)
class Obstacle:
    """One reason why not; ``field`` is the answer it belongs to, empty for the whole."""

    field: str
    sentence: str


def window_obstacle(cycle: Cycle, at: dt.datetime | None = None) -> str:
    """Empty while nominations are open, silent grace included; else what to say."""
    at = at or clock.now()
    if at < cycle.opens_at:
        return _("Nominations for %(cycle)s open on %(day)s.") % {
            "cycle": cycle.label,
            "day": day_in_words(cycle.opens_at),
        }
    if at > cycle.closes_at + grace(cycle):
        return _("Nominations for %(cycle)s closed on %(day)s. What you typed is kept.") % {
            "cycle": cycle.label,
            "day": day_in_words(cycle.closes_at),
        }
    return ""


def dossiers_are_open(cycle: Cycle, at: dt.datetime | None = None) -> bool:
    """Can dossiers still be completed, silent grace included?"""
    return (at or clock.now()) <= cycle.dossiers_close_at + grace(cycle)


def nominator_obstacle(cycle: Cycle, person: Person | None) -> str:
    """Why this person may not nominate in this cycle; empty if they may. Nobody signed in: not known yet."""
    if cycle.who_may_nominate == Cycle.Nominators.ANYONE:
        return ""
    if person is None:
        return _("In this cycle not everybody can nominate. Please sign in first.")
    staff = _holds_any_role(person)
    if cycle.who_may_nominate == Cycle.Nominators.OFFICE:
        allowed = staff and _holds_any_role(person, Role.PROGRAM_OFFICE)
        return "" if allowed else _("In this cycle the program office alone nominates.")
    if staff or holds_award_today(person):
        return ""
    return _("In this cycle award holders and staff nominate.")


def places_obstacle(cycle: Cycle, person: Person) -> str:
    """Are this nominator's places in the cycle used up?"""
    if nominations_used(person, cycle) < cycle.nominations_per_nominator:
        return ""
    return _("You have nominated %(number)s people in this cycle, which is the most one person can.") % {
        "number": cycle.nominations_per_nominator
    }


def answers_obstacles(cycle: Cycle, answers: dict[str, Any], nominator: Person | None) -> list[Obstacle]:
    """What speaks against a nomination, as far as the answers so far tell."""
    found: list[Obstacle] = []
    house = program()
    email = normalise_email(str(answers.get("nominee_email") or ""))
    to_oneself = bool(email) and (
        answers.get("relation") == "self" or email in own_addresses(nominator, answers)
    )
    if email and is_organisers_address(email, house):
        found.append(Obstacle("nominee_email", employees_sentence(house)))
    if answers.get("employee") == "yes":
        found.append(Obstacle("employee", employees_sentence(house)))
    if answers.get("adult") == "no":
        found.append(
            Obstacle("adult", _("People under 18 cannot be nominated. They can be once they are 18."))
        )
    if answers.get("relation") == "family":
        found.append(Obstacle("relation", _("Please ask somebody else to nominate a member of your family.")))
    if to_oneself and not cycle.self_nomination:
        found.append(Obstacle("nominee_email", _("In this cycle nobody can nominate themselves.")))
    if (
        nominator is not None
        and email
        and _own_areas(cycle, nominator, email, answers) >= cycle.areas_per_nominee
    ):
        sentence = _(
            "You have nominated this person for %(number)s technologies already, the most in one cycle."
        )
        found.append(Obstacle("area", sentence % {"number": cycle.areas_per_nominee}))
    return found


def own_addresses(nominator: Person | None, answers: dict[str, Any]) -> set[str]:
    """Every address under which the nominator is known, and the one that they typed."""
    known = set(nominator.addresses.values_list("email", flat=True)) if nominator is not None else set()
    return (known | {normalise_email(str(answers.get("email") or ""))}) - {""}


def notes_on(cycle: Cycle, answers: dict[str, Any]) -> list[str]:
    """What a cycle asks for besides this nomination; it speaks against nothing."""
    notes = []
    if cycle.co_nominator_required:
        notes.append(
            _(
                "In this cycle a case needs two nominators: name the second one in the next step. We ask them by mail."
            )
        )
    if cycle.different_employer_required and answers.get("relation") == "work":
        notes.append(
            _(
                "In this cycle one nominator must work for another employer than the nominee. You wrote that you work "
                "for the same one: somebody else must nominate them as well before the dossier is complete."
            )
        )
    return notes


def acceptance_obstacle(nomination: Nomination, nominee: Person) -> str:
    """Why a nominee may not accept; empty if they may."""
    cycle, house = nomination.cycle, program()
    if not dossiers_are_open(cycle):
        return _("Dossiers of this cycle closed on %(day)s.") % {"day": day_in_words(cycle.dossiers_close_at)}
    confirmed = nominee.addresses.exclude(confirmed_at=None).values_list("email", flat=True)
    if nominee.left_for_organiser_on or any(is_organisers_address(email, house) for email in confirmed):
        return employees_sentence(house)
    if nominee.awards.filter(state=award_states.REVOKED, good_standing=False).exists():
        return _("An award of yours was revoked. Please write to the program office first.")
    if not cycle.self_nomination and {row.person_id for row in nominators_of(nomination)} == {nominee.pk}:
        return _(
            "In this cycle nobody can nominate themselves, and only you have nominated the reader of this mailbox. If that is "
            "somebody else, sign out first."
        )
    if areas_accepted(nominee, cycle) >= cycle.areas_per_nominee:
        return _(
            "You have accepted to be reviewed for %(number)s technologies in this cycle, which is the most. "
            "Withdraw one of them first."
        ) % {"number": cycle.areas_per_nominee}
    return ""


def oneself_obstacle(nomination: Nomination, *, owner: Person | None, reader: Person | None) -> str:
    """Why an account may not accept what somebody wrote about themselves with another one; empty if it may.

    ``owner``: who has confirmed the address of the invitation; ``reader``: who is signed in. A mailbox alone does not open the
    account that wrote: "It is me" may stand beside somebody else's address. Neither does it make a second person.
    """
    account = nominated_by_oneself(nomination)
    if account is None or account == (owner or reader):
        return ""
    if owner is None:
        return _(
            "This nomination was sent by somebody about themselves. If that was you, sign in first with the account "
            "that you sent it with; the nomination then belongs to it."
        )
    return _(
        "This nomination was sent by somebody about themselves, with another account than the one of this address. Write to "
        "the program office: it joins the two if both are yours, and helps if somebody else sent it."
    )


def is_organisers_address(email: str, house: Program) -> bool:
    """Does this address belong to the organiser, at one of its domains or below one?"""
    domain = email.rpartition("@")[2]
    return any(domain == own or domain.endswith(f".{own}") for own in map(str.lower, house.organiser_domains))


def employees_sentence(house: Program) -> str:
    return _("People who work for %(organiser)s cannot be nominated while they do.") % {
        "organiser": house.organiser
    }


def holds_award_today(person: Person) -> bool:
    """Is an award of this person in force?"""
    today = clock.today()
    return person.awards.filter(
        Q(ends__isnull=True) | Q(ends__gte=today), state=Award.State.GRANTED, starts__lte=today
    ).exists()


def _holds_any_role(person: Person, role: str = "") -> bool:
    grants = RoleGrant.objects.in_force().filter(user__person=person)
    return (grants.filter(role=role) if role else grants).exists()


def _own_areas(cycle: Cycle, nominator: Person, email: str, answers: dict[str, Any]) -> int:
    """For how many other areas has this nominator nominated this address in this cycle?"""
    return (
        Support.objects.filter(person=nominator, nomination__cycle=cycle, nomination__nominee_email=email)
        .exclude(kind=Support.Kind.ENDORSER)
        .exclude(nomination__area__slug=str(answers.get("area") or ""))
        .values("nomination__area")
        .distinct()
        .count()
    )


def looks_like_address(email: str) -> bool:
    """Could mail be sent there?"""
    try:
        validate_email(email.strip())
    except ValidationError:
        return False
    return True
