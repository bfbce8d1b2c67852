"""Renewals: the same case without a nominator, opened for everybody whose term ends."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from awards import states as award_states
from awards.models import Award
from charter.models import Cycle, RegionCountry
from charter.queries import areas_open_on
from common import clock, history, locks, outbox, registry
from common.actor import Actor
from common.errors import RuleBroken
from nominations import conflicts, eligibility, states
from nominations.models import AccessLink, Nomination
from people.models import Address


@dataclass(frozen=True)
class Opened:
    """How many renewals were opened, and how many holders could not be invited because no address is known."""

    opened: int
    without_address: int
    area_closed: int


@transaction.atomic
def open_renewals(cycle: Cycle, *, by: Actor | None) -> Opened:
    """Invite every holder in force whose term ends before the cycle's new term is over.

    Set-based: a fixed number of statements for any number of holders. Run again it invites only those who have
    no case for their area in this cycle yet, whatever became of it.
    """
    locks.hold(f"renewals:{cycle.pk}")
    if not eligibility.dossiers_are_open(cycle) or clock.now() < cycle.opens_at:
        raise RuleBroken(
            _("Renewals are opened between the opening of the cycle and the close of its dossiers.")
        )
    awards = list(_ending_awards(cycle))
    open_areas = {area.pk: area for area in areas_open_on()}
    emails = _addresses({award.person_id for award in awards})
    regions = _regions()
    now = clock.now()
    cases = [
        Nomination(
            cycle=cycle,
            area=award.area,
            area_name=open_areas[award.area_id].name,
            category=open_areas[award.area_id].category,
            state=states.INVITED,
            nominee=award.person,
            nominee_name=award.person.name,
            nominee_email=emails[award.person_id],
            country=award.person.country,
            region_id=regions.get(str(award.person.country)),
            is_renewal=True,
            invited_at=now,
        )
        for award in awards
        if award.person_id in emails and award.area_id in open_areas
    ]
    Nomination.objects.bulk_create(cases, batch_size=1000)
    history.record_many(
        history.Event("nomination", case.key, "open_renewal", by, new=states.INVITED) for case in cases
    )
    _invite(cases, cycle)
    for case in cases:
        registry.call(registry.on_case_moved, case, "", states.INVITED)
    conflicts.recompute([case.pk for case in cases])
    closed = sum(1 for award in awards if award.area_id not in open_areas)
    return Opened(len(cases), len(awards) - len(cases) - closed, closed)


def _ending_awards(cycle: Cycle) -> list[Award]:
    today = clock.today()
    begun = Nomination.objects.filter(cycle=cycle, nominee=OuterRef("person"), area=OuterRef("area")).exclude(
        state=states.DRAFT
    )
    awards = (
        Award.objects.filter(
            Q(ends__isnull=False), state=award_states.GRANTED, starts__lte=today, ends__gte=today
        )
        .filter(person__deceased=False, person__left_for_organiser_on=None, person__erased_at=None)
        .exclude(Exists(begun))
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


def _regions() -> dict[str, int]:
    today = clock.today()
    rows = RegionCountry.objects.filter(Q(ends__isnull=True) | Q(ends__gte=today), starts__lte=today)
    return {str(row.country): row.region_id for row in rows}


def _invite(cases: list[Nomination], cycle: Cycle) -> None:
    now = clock.now()
    links = AccessLink.objects.bulk_create(
        [
            AccessLink(
                purpose=AccessLink.Purpose.INVITATION,
                nomination=case,
                email=case.nominee_email,
                made_at=now,
                ends_at=now + dt.timedelta(days=cycle.invitation_days),
            )
            for case in cases
        ],
        batch_size=1000,
    )
    outbox.post_many(
        outbox.Post(
            "nominations.renewal",
            link.email,
            f"nominations.renewal:{link.nomination.key}",
            keys={"link": link.key, "nomination": link.nomination.key},
            language=link.nomination.nominee.mail_language if link.nomination.nominee else "en",
            person_key=link.nomination.nominee.key if link.nomination.nominee else "",
        )
        for link in links
    )
