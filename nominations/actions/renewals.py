"""Renewals: the same case without a nominator, opened for everybody whose term ends."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from charter.models import Cycle, RegionCountry
from charter.queries import areas_open_on, grace
from common import clock, history, locks, outbox, registry
from common.actor import Actor
from common.errors import Outdated, RuleBroken
from nominations import conflicts, states
from nominations.actions.answers import close_as_declined
from nominations.actions.moves import already_done, locked, require_state
from nominations.actions.telling import tell_nominee
from nominations.models import AccessLink, Nomination
from nominations.renewals import AREA_CLOSED, NO_ADDRESS, may_open_now, renewals_of


@dataclass(frozen=True)
class Opened:
    """How many renewals were opened, and how many holders could not be invited because no address is known."""

    opened: int
    without_address: int
    area_closed: int


@transaction.atomic
def open_renewals(cycle: Cycle, *, by: Actor | None, expected: int | None = None) -> Opened:
    """Invite every holder in force whose term ends before the cycle's new term is over.

    Set-based: a fixed number of statements for any number of holders. Run again it invites only those who have
    no case for their area in this cycle yet, whatever became of it. ``expected``: how many the preview showed; where
    it is another number by now nothing happens.
    """
    locks.hold(f"renewals:{cycle.pk}")
    if not may_open_now(cycle):
        raise RuleBroken(
            _("Renewals are opened between the opening of the cycle and the close of its dossiers.")
        )
    planned = renewals_of(cycle)
    chosen = [one for one in planned if not one.reason]
    if expected is not None and expected != len(chosen):
        raise Outdated(_("The list has changed since you looked at it. Please look at it again."))
    areas = {area.pk: area for area in areas_open_on()}
    regions = _regions()
    now = clock.now()
    cases = [
        Nomination(
            cycle=cycle,
            area=one.award.area,
            area_name=areas[one.award.area_id].name,
            category=areas[one.award.area_id].category,
            state=states.INVITED,
            nominee=one.award.person,
            nominee_name=one.award.person.name,
            nominee_email=one.email,
            country=one.award.person.country,
            region_id=regions.get(str(one.award.person.country)),
            is_renewal=True,
            invited_at=now,
        )
        for one in chosen
    ]
    Nomination.objects.bulk_create(cases, batch_size=1000)
    history.record_many(
        history.Event("nomination", case.key, "open_renewal", by, new=states.INVITED) for case in cases
    )
    _invite(cases, cycle)
    for case in cases:
        registry.call(registry.on_case_moved, case, "", states.INVITED)
    conflicts.recompute([case.pk for case in cases])
    left_out = Counter(one.reason for one in planned)
    return Opened(len(cases), left_out[NO_ADDRESS], left_out[AREA_CLOSED])


@transaction.atomic
def retire(nomination: Nomination, *, by: Actor | None, link: AccessLink | None = None) -> Nomination:
    """A holder does not wish to be looked at again: invited → declined, with thanks by mail.

    The award runs to the end of its term and they are alumni from then on. Unlike a refusal it stops no invitation:
    whoever comes back is welcome.
    """
    case = locked(nomination)
    if not case.is_renewal:
        raise RuleBroken(_("Only a renewal can end like this."))
    if already_done(case, states.DECLINED, verb="retire", by=by):
        return case
    require_state(case, states.INVITED)
    close_as_declined(case, verb="retire", by=by, link=link)
    tell_nominee(case, "nominations.retired")
    return case


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
                ends_at=min(
                    now + dt.timedelta(days=cycle.invitation_days), cycle.dossiers_close_at + grace(cycle)
                ),
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
