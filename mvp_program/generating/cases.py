"""Invents the nominations of the cycle in review: who brought them, how they went, and their dossiers."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from common.history import Event
from contributions.bulk import ContributionRow
from mvp_program.generating.chance import Ids, Keys
from mvp_program.generating.logs import Log
from mvp_program.generating.people import Population, Someone, actor
from nominations import states
from nominations.bulk import CaseRow, DossierItemRow, SupportRow
from nominations.models import Nomination, Support

ERASE_AFTER = dt.timedelta(days=30)
RENEWALS = 0.55  # of the nominations are renewals of awards in force
ALUMNI = 0.06  # are of people who held the award once
LAST_DAYS = 0.2  # come in the last two days of the window
AT_MOST = 5  # nominations of one nominator


@dataclass(slots=True, eq=False)
class Case:
    """A nomination on the way to the database."""

    id: int
    key: str
    nominee: Someone
    renewal: bool
    state: str
    invited_at: dt.datetime
    region_id: int | None
    answered_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    supporters: list[tuple[str, Someone]] = field(default_factory=list)


class Cases:
    """All nominations of the cycle, and who is behind them."""

    def __init__(self, population: Population, number: int) -> None:
        self.population, self.world, self.size = population, population.world, population.size
        self.chance = random.Random(f"{self.size.name}/cases")  # noqa: S311  invented cases, no secret
        self._keys, self._ids = Keys(self.chance), Ids(Nomination)
        self._used: dict[int, int] = {}
        self.all = self._invent(number)

    @property
    def completed(self) -> list[Case]:
        return [case for case in self.all if case.completed_at]

    def _invent(self, number: int) -> list[Case]:
        """Renewals first, then people who are new or come back; the last to be asked refuse or stay silent."""
        people, this_year = self.population, self.world.calendar.year(0)
        today = [one for one in people.holders if one.years[-1] == this_year]
        once = [one for one in people.holders if one.years[-1] < this_year]
        renewals = self.chance.sample(today, min(round(number * RENEWALS), len(today)))
        back = self.chance.sample(once, min(round(number * ALUMNI), len(once)))
        new = [people.invent() for _ in range(number - len(renewals) - len(back))]
        silent = self.size.declined + self.size.expired
        cases = [self._case(one, renewal=True) for one in renewals]
        cases += [self._case(one, renewal=False) for one in [*back, *new[: len(new) - silent]]]
        for place, one in enumerate(new[len(new) - silent :]):
            state = states.DECLINED if place < self.size.declined else states.EXPIRED
            cases.append(self._silent_case(one, state))
        return sorted(cases, key=lambda case: case.invited_at)

    def _case(self, one: Someone, *, renewal: bool) -> Case:
        """Invited within the window, accepted within 18 days, complete before dossiers close."""
        cycle, chance = self.world.cycle, self.chance
        invited = self._moment(0.0 if renewal else chance.random() ** 0.7)
        if not renewal and chance.random() < LAST_DAYS:
            invited = cycle.closes_at - dt.timedelta(minutes=chance.randrange(5, 2 * 24 * 60))
        accepted = invited + dt.timedelta(minutes=chance.randrange(60, 18 * 24 * 60))
        left = cycle.dossiers_close_at - accepted
        completed = accepted + left * min(chance.random() ** 0.6, 0.999)
        one.account = True
        return self._new(
            one, states.IN_REVIEW, invited, renewal=renewal, answered=accepted, completed=completed
        )

    def _silent_case(self, one: Someone, state: str) -> Case:
        """Asked in the last days, so that what is held on them is still within its thirty days."""
        cycle, chance = self.world.cycle, self.chance
        days = cycle.invitation_days
        invited = cycle.closes_at - dt.timedelta(minutes=chance.randrange(5, 6 * 24 * 60))
        after = (
            dt.timedelta(days=days)
            if state == states.EXPIRED
            else dt.timedelta(days=chance.randrange(14, days))
        )
        return self._new(one, state, invited, renewal=False, answered=invited + after, completed=None)

    def _new(
        self,
        one: Someone,
        state: str,
        invited: dt.datetime,
        *,
        renewal: bool,
        answered: dt.datetime,
        completed: dt.datetime | None,
    ) -> Case:
        region = self.world.region_on(one.country, invited.date())
        return Case(
            self._ids.take(), self._keys.take(8), one, renewal, state, invited, region, answered, completed
        )

    def _moment(self, share: float) -> dt.datetime:
        """A moment of the window; 0 is its first hours."""
        cycle = self.world.cycle
        minutes = (cycle.closes_at - cycle.opens_at) / dt.timedelta(minutes=1)
        return cycle.opens_at + dt.timedelta(
            minutes=60 + int((minutes - 240) * share) + self.chance.randrange(120)
        )

    def find_supporters(self) -> None:
        """A nominator for each new case, now and then a second one, and up to three endorsers of the complete ones."""
        everybody = self.population.everybody
        near: dict[str, list[Someone]] = {}
        for one in everybody:
            near.setdefault(one.country, []).append(one)
        for case in self.all:
            if not case.renewal:
                self._add(case, Support.Kind.NOMINATOR, near[case.nominee.country], everybody)
                if self.chance.random() < 0.06:
                    self._add(case, Support.Kind.CO_NOMINATOR, near[case.nominee.country], everybody)
            if case.completed_at:
                for _endorser in range(self.chance.choice((0, 0, 1, 1, 2, 3))):
                    self._add(case, Support.Kind.ENDORSER, near[case.nominee.country], everybody)

    def _add(self, case: Case, kind: str, near: list[Someone], everybody: list[Someone]) -> None:
        """Somebody from the same country, else from anywhere; never the nominee, nobody twice, staff not at all."""
        staff = self.world.program.organiser
        there = {case.nominee.id, *(one.id for _kind, one in case.supporters)}
        for attempt in range(40):
            one = self.chance.choice(near if attempt < 10 and self.chance.random() < 0.8 else everybody)
            if one.id in there or one.employer == staff:
                continue
            if kind != Support.Kind.ENDORSER and self._used.get(one.id, 0) >= AT_MOST:
                continue
            if kind != Support.Kind.ENDORSER:
                self._used[one.id] = self._used.get(one.id, 0) + 1
                one.account = True
            case.supporters.append((kind, one))
            return

    def case_rows(self) -> Iterator[CaseRow]:
        """The cases as the tables have them."""
        day_of_entry = self.world.stages[0].opens_at
        for case in self.all:
            one, reviewed = case.nominee, case.completed_at is not None
            nominators = [who for kind, who in case.supporters if kind == Support.Kind.NOMINATOR]
            ended = None if reviewed else case.answered_at
            yield CaseRow(
                id=case.id,
                key=case.key,
                cycle_id=self.world.cycle.pk,
                area_id=one.area.pk,
                area_name=one.area.name,
                category_id=one.area.category_id,
                state=case.state,
                nominee_id=one.id,
                nominee_name=one.name.written,
                nominee_email=one.email,
                country=one.country,
                region_id=case.region_id,
                is_renewal=case.renewal,
                created_at=case.invited_at - dt.timedelta(minutes=40),
                invited_at=case.invited_at,
                draft_by_id=nominators[0].id if nominators else None,
                nominator_may_learn_outcome=self.chance.random() < 0.9 if reviewed and nominators else None,
                attested_not_employee=reviewed,
                attested_adult=reviewed,
                accepted_at=case.answered_at if reviewed else None,
                completed_at=min(case.completed_at, day_of_entry) if case.completed_at else None,
                ended_at=ended,
                erase_at=ended + ERASE_AFTER if ended else None,
            )

    def support_rows(self) -> Iterator[SupportRow]:
        texts, chance = self.population.texts, self.chance
        for case in self.all:
            one = case.nominee
            category, area = one.area.category.slug, one.area.name
            for kind, who in case.supporters:
                endorses = kind == Support.Kind.ENDORSER
                asked = case.answered_at if endorses else None
                said = (
                    texts.some("endorsements", category, area)
                    if endorses
                    else texts.statement(who.languages[0], category, area, one.called)
                )
                yield SupportRow(
                    key=self._keys.take(8),
                    nomination_id=case.id,
                    kind=kind,
                    person_id=who.id,
                    name=who.name.written,
                    email=who.email,
                    relation=texts.some("vouchers" if endorses else "relations", category, area),
                    statement=said,
                    links=[] if endorses else _links(one, chance),
                    given_at=_given(case, endorses=endorses),
                    asked_at=asked,
                )

    def dossier_rows(self, log: Log) -> Iterator[DossierItemRow]:
        """The twelve or fewer best entries of each complete case, frozen on the day of completion."""
        for case in self.completed:
            picked = log.for_dossiers.get(case.nominee.id, [])[: self.chance.choice((5, 8, 10, 12))]
            for position, entry in enumerate(sorted(picked, key=lambda row: row.starts, reverse=True)):
                yield _frozen(case, entry, position)

    def events(self) -> Iterator[Event]:
        """What happened to each case, for its history and its status page."""
        for case in self.all:
            nominators = [who for kind, who in case.supporters if kind == Support.Kind.NOMINATOR]
            sender = actor(nominators[0].user_id) if nominators else None
            nominee = actor(case.nominee.user_id)
            old, verb = ("", "open_renewal") if case.renewal else (states.DRAFT, "submit_nomination")
            moves = [(verb, states.INVITED, sender, case.invited_at)]
            if case.completed_at and case.answered_at:
                moves.append(("accept_nomination", states.ACCEPTED, nominee, case.answered_at))
                moves.append(("complete_nomination", states.COMPLETE, nominee, case.completed_at))
                moves.append(("enter_review", states.IN_REVIEW, None, self.world.stages[0].opens_at))
            elif case.answered_at:
                refused = case.state == states.DECLINED
                verb = "decline_nomination" if refused else "expire_nomination"
                moves.append((verb, case.state, None, case.answered_at))
            for verb, new, by, at in moves:
                yield Event("nomination", case.key, verb, by, old, new, at=at)
                old = new


def _links(one: Someone, chance: random.Random) -> list[dict[str, str]]:
    kinds = chance.sample(["list", "article", "talk", "code"], 3)
    return [
        {"url": f"https://{one.slug}.example/{place}", "kind": kind}
        for place, kind in enumerate(kinds, start=1)
    ]


def _given(case: Case, *, endorses: bool) -> dt.datetime:
    """Endorsements come between acceptance and completion."""
    if not endorses or not (case.answered_at and case.completed_at):
        return case.invited_at
    return case.answered_at + (case.completed_at - case.answered_at) / 2


def _frozen(case: Case, entry: ContributionRow, position: int) -> DossierItemRow:
    return DossierItemRow(
        nomination_id=case.id,
        contribution_id=entry.id,
        position=position,
        high_impact=position < 2,
        frozen_at=case.completed_at or case.invited_at,
        type_id=entry.type_id,
        area_id=entry.area_id,
        title=entry.title,
        url=entry.url,
        starts=entry.starts,
        description=entry.description,
        quantity=entry.quantity,
        second_quantity=entry.second_quantity,
        reach=entry.reach,
        hours=entry.hours,
    )
