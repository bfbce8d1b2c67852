"""Whose award ends, who of them is invited to be looked at again, and who is left out and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from awards import states as award_states
from awards.models import Award
from charter.models import Cycle
from charter.queries import areas_open_on, program
from common import clock
from common.bounces import bouncing_among
from contributions.queries import contributions_between
from nominations import eligibility, states, stops
from nominations.models import InvitationStop, Nomination, Support
from nominations.queries import evidence_window
from people.models import Address, Person

OPENED, DECEASED, BARRED, EMPLOYEE = "opened", "deceased", "barred", "employee"
AREA_CLOSED, NO_ADDRESS, BOUNCING, STOPPED = "area_closed", "no_address", "bouncing", "stopped"
REASONS = {
    OPENED: _("have a case for their area in this cycle already"),
    DECEASED: _("have died"),
    BARRED: _("are barred: an award of theirs was revoked, not in good standing"),
    EMPLOYEE: _("work for the organiser now"),
    AREA_CLOSED: _("hold an area that is closed"),
    NO_ADDRESS: _("have no known address"),
    BOUNCING: _("have an address that takes no mail"),
    STOPPED: _("asked not to be invited"),
}


@dataclass(frozen=True)
class Renewal:
    """One award that ends; ``reason`` says why its holder is left out, empty if they are invited at ``email``."""

    award: Award
    email: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """What opening renewals would do now."""

    rows: list[Renewal]

    @property
    def chosen(self) -> list[Renewal]:
        return [one for one in self.rows if not one.reason]

    @property
    def areas(self) -> list[tuple[str, int]]:
        """Area → how many are invited, by name."""
        return sorted(Counter(one.award.area.name for one in self.chosen).items())

    @property
    def left_out(self) -> list[tuple[str, Any, int]]:
        """Reason, in words, how many; in the order of ``REASONS``."""
        counted = Counter(one.reason for one in self.rows)
        return [(reason, words, counted[reason]) for reason, words in REASONS.items() if counted[reason]]

    def shown(self, reason: str) -> list[Renewal]:
        """Those left out for one reason, else those who are invited."""
        return [one for one in self.rows if one.reason == reason]


def may_open_now(cycle: Cycle) -> bool:
    """Between the opening of the cycle and the close of its dossiers."""
    return eligibility.dossiers_are_open(cycle) and clock.now() >= cycle.opens_at


def renewals_of(cycle: Cycle) -> list[Renewal]:
    """Every award in force that ends before the cycle's new term is over; a fixed number of statements."""
    awards = _ending_awards(cycle)
    people = {award.person_id for award in awards}
    emails = _addresses(people)
    areas = set(areas_open_on().values_list("pk", flat=True))
    bounced = bouncing_among(emails.values())
    stopped = _stopped(emails.values())
    house = program()
    found = []
    for award in awards:
        email = emails.get(award.person_id, "")
        checks = (
            (DECEASED, award.person.deceased),
            (OPENED, award.is_opened),  # type: ignore[attr-defined]
            (BARRED, award.is_barred),  # type: ignore[attr-defined]
            (EMPLOYEE, award.person.left_for_organiser_on or eligibility.is_organisers_address(email, house)),
            (AREA_CLOSED, award.area_id not in areas),
            (NO_ADDRESS, not email),
            (BOUNCING, email in bounced),
            (STOPPED, email in stopped),
        )
        found.append(Renewal(award, email, next((reason for reason, holds in checks if holds), "")))
    return sorted(found, key=lambda one: (one.award.area.name, one.award.person.sort_key, one.award.pk))


def _ending_awards(cycle: Cycle) -> list[Award]:
    today = clock.today()
    opened = Nomination.objects.filter(cycle=cycle, nominee=OuterRef("person"), area=OuterRef("area"))
    barred = Award.objects.filter(person=OuterRef("person"), state=award_states.REVOKED, good_standing=False)
    awards = (
        Award.objects.filter(
            Q(ends__isnull=False), state=award_states.GRANTED, starts__lte=today, ends__gte=today
        )
        .filter(person__erased_at=None)
        .annotate(is_opened=Exists(opened.exclude(state=states.DRAFT)), is_barred=Exists(barred))
        .select_related("person", "area")
        .order_by("person_id", "area_id", "-ends")
    )
    if cycle.term_ends is not None:
        awards = awards.filter(ends__lt=cycle.term_ends)
    return list(awards.distinct("person_id", "area_id"))


def _addresses(person_ids: set[int]) -> dict[int, str]:
    """Where mail to each of them goes: confirmed before noted, primary before others."""
    rows = Address.objects.filter(person__in=person_ids).order_by("primary", "-id")
    found: dict[int, tuple[bool, str]] = {}
    for row in rows:
        confirmed = row.confirmed_at is not None
        if confirmed or not found.get(row.person_id, (False, ""))[0]:
            found[row.person_id] = (confirmed, row.email)
    return {person: email for person, (_confirmed, email) in found.items()}


def _stopped(emails: Iterable[str]) -> set[str]:
    digests = {stops.digest_of(email): email for email in emails}
    rows = InvitationStop.objects.filter(Q(until=None) | Q(until__gt=clock.now()), digest__in=list(digests))
    return {digests[digest] for digest in rows.values_list("digest", flat=True)}


# What the holder finds on the page of a renewal


@dataclass(frozen=True)
class LastYear:
    """The award that ends, what was written for it, and what the log holds since."""

    award: Award | None
    statements: list[Support]
    contributions: list[Any]
    number: int
    links: list[Any]


def last_year_of(case: Nomination, *, at_most: int = 8) -> LastYear:
    """Facts of the year that a renewal looks back on; a fixed number of statements."""
    nominee = case.nominee
    if nominee is None:
        return LastYear(None, [], [], 0, [])
    rows = contributions_between(nominee, *evidence_window(case.cycle))
    before = Nomination.objects.filter(nominee=nominee, area=case.area, state=states.AWARDED).exclude(
        pk=case.pk
    )
    earlier = before.order_by("-invited_at").first()
    return LastYear(
        award=award_of(nominee, case),
        statements=list(
            earlier.supports.exclude(statement="").filter(kind=Support.Kind.NOMINATOR).order_by("pk")
        )
        if earlier
        else [],
        contributions=list(rows[:at_most]),
        number=rows.count(),
        links=list(nominee.links.all()),
    )


def award_of(person: Person, case: Nomination) -> Award | None:
    """The award whose term ends, or ended last, in the area of a renewal."""
    found = Award.objects.filter(person=person, area=case.area, state=award_states.GRANTED)
    return found.select_related("area").order_by("-ends").first()
