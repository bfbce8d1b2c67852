"""Writes the cases of a round, as the day on which dossiers close finds them: complete, or ended before."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from charter.models import Area, Cycle
from common import history
from contributions.bulk import ContributionRow, copy_contributions
from mvp_program.generating.logs import HABITS, invent_activity
from mvp_program.seeding.people import Newcomer, introduce
from mvp_program.seeding.reading import Entry
from mvp_program.seeding.theatre import Theatre, account_of
from nominations import conflicts, states
from nominations.bulk import (
    CaseRow,
    DossierItemRow,
    SupportRow,
    copy_cases,
    copy_dossier_items,
    copy_supports,
)
from nominations.models import Nomination, Support
from nominations.queries import evidence_window
from people.models import Person
from selection.models import Candidacy, Stage

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
ERASE_AFTER = 30 * DAY
KEYS = (
    "key", "nominee", "latin", "country", "city", "area", "who", "by", "renewal", "screen", "marks", "settle", "override",
    "ends", "later",
)  # fmt: skip


@dataclass(eq=False)
class Case:
    """A row of the file with the rows of the database that it became."""

    row: Entry
    nominee: Person
    area: Area
    nominator: Person | None
    id: int
    key: str
    nomination: Nomination = field(default_factory=Nomination)

    def candidacy(self, stage: Stage) -> Candidacy:
        return Candidacy.objects.select_related("nomination", "stage").get(nomination=self.id, stage=stage)


class Casebook:
    """The rows of one round on their way to the database."""

    def __init__(self, theatre: Theatre, cycle: Cycle, rows: list[Entry]) -> None:
        self.theatre, self.chance = theatre, theatre.chance
        self.cycle, self.rows = cycle, rows

    def write(self) -> list[Case]:
        """People, their contributions, statements and dossiers, as the day on which dossiers close finds them."""
        cases: list[Case] = []
        rows: list[CaseRow] = []
        supports: list[SupportRow] = []
        log: list[ContributionRow] = []
        items: list[DossierItemRow] = []
        events: list[history.Event] = []
        newcomers = iter(self._introduce())
        for row in self.rows:
            case = self._case(row, newcomers)
            cases.append(case)
            invited = self._invited(row)
            rows.append(self._case_row(case, invited))
            events += self._moves(case, rows[-1])
            if case.nominator is not None and row.get("ends") not in ("declined", "expired"):
                supports.append(self._support(case, invited))
            if (complete := rows[-1].completed_at) is not None:
                supports += self._endorsements(case, complete - 2 * DAY)
                found = self._activities(case)
                log += found
                items += [self._item(case, entry, place) for place, entry in enumerate(found)]
        copy_cases(rows)
        copy_supports(supports)
        copy_contributions(log)
        copy_dossier_items(items)
        history.record_many(events)
        made = Nomination.objects.select_related("cycle").in_bulk([case.id for case in cases])
        for case in cases:
            case.nomination = made[case.id]
        conflicts.recompute(made)
        return cases

    def _case(self, row: Entry, newcomers: Iterator[Person]) -> Case:
        theatre = self.theatre
        nominee = theatre.person(row, row.text("who")) if "who" in row else next(newcomers)
        if "key" in row:
            theatre.people[row.text("key")] = nominee
        area = row.found("technology area", row.text("area"), theatre.areas)
        by = None if row.flag("renewal") else theatre.person(row, row.text("by"))
        return Case(row, nominee, area, by, theatre.case_ids.take(), theatre.keys.take(8))

    def _introduce(self) -> list[Person]:
        """The nominees that nobody knew before, with accounts where they answered."""
        return introduce(
            [
                Newcomer(
                    row.text("nominee"),
                    row.text("latin", default=""),
                    row.text("country"),
                    row.text("city"),
                    self._invited(row) + 4 * DAY,
                    account=row.get("ends") not in ("declined", "expired"),
                )
                for row in self.rows
                if "who" not in row.only(*KEYS)
            ]
        )

    def _invited(self, row: Entry) -> dt.datetime:
        """Spread over the window, in the order of the file."""
        place = self.rows.index(row) + 1
        return self.cycle.opens_at + (self.cycle.closes_at - self.cycle.opens_at) * place / (
            len(self.rows) + 1
        )

    def _case_row(self, case: Case, invited: dt.datetime) -> CaseRow:
        day = invited.date()
        ends = case.row.get("ends")
        silent = ends in ("declined", "expired")
        answered = invited + (self.cycle.invitation_days * DAY if ends == "expired" else 4 * DAY)
        region = self.theatre.region(str(case.nominee.country), day)
        return CaseRow(
            id=case.id,
            key=case.key,
            cycle_id=self.cycle.pk,
            area_id=case.area.pk,
            area_name=case.area.name,
            category_id=case.area.category_id,
            state=str(ends) if silent else states.COMPLETE,
            nominee_id=case.nominee.pk,
            nominee_name=case.nominee.name,
            nominee_email=self.theatre.email_of(case.nominee),
            country=str(case.nominee.country),
            region_id=region.pk if region else None,
            is_renewal=case.nominator is None,
            created_at=invited - HOUR,
            invited_at=invited,
            draft_by_id=case.nominator.pk if case.nominator else None,
            nominator_may_learn_outcome=None if silent or case.nominator is None else True,
            attested_not_employee=not silent,
            attested_adult=not silent,
            accepted_at=None if silent else answered,
            completed_at=None if silent else answered + 9 * DAY,
            ended_at=answered if silent else None,
            erase_at=answered + ERASE_AFTER if silent else None,
        )

    def _moves(self, case: Case, row: CaseRow) -> Iterable[history.Event]:
        nominee, sender = case.nominee.user, (case.nominator.user if case.nominator else None)
        first = (
            ("open_renewal", account_of(self.theatre.office))
            if case.nominator is None
            else ("submit_nomination", sender)
        )
        yield history.Event(
            "nomination",
            case.key,
            first[0],
            first[1],
            "draft" if sender else "",
            states.INVITED,
            at=row.invited_at,
        )
        if row.accepted_at and row.completed_at:
            for verb, old, new, at in (
                ("accept_nomination", states.INVITED, states.ACCEPTED, row.accepted_at),
                ("complete_nomination", states.ACCEPTED, states.COMPLETE, row.completed_at),
            ):
                yield history.Event("nomination", case.key, verb, nominee, old, new, at=at)
        else:
            verb = "decline_nomination" if row.state == states.DECLINED else "expire_nomination"
            yield history.Event(
                "nomination", case.key, verb, None, states.INVITED, row.state, at=row.ended_at
            )

    def _support(self, case: Case, given: dt.datetime) -> SupportRow:
        who, texts = case.nominator, self.theatre.texts
        assert who is not None  # noqa: S101  asked for by the caller
        category, called = case.area.category.slug, (case.nominee.latin_name or case.nominee.name).split()[0]
        return SupportRow(
            key=self.theatre.keys.take(8),
            nomination_id=case.id,
            kind=Support.Kind.NOMINATOR,
            person_id=who.pk,
            name=who.name,
            email=self.theatre.email_of(who),
            relation=self.chance.choice(("helped", "together")),
            statement=texts.statement("en", category, case.area.name, called),
            links=[{"url": f"https://{case.nominee.slug}.example/work", "kind": "article"}],
            given_at=given,
        )

    def _endorsements(self, case: Case, given: dt.datetime) -> list[SupportRow]:
        """None, one or two people of the file who hold no role say what they saw."""
        theatre, category = self.theatre, case.area.category.slug
        able = [who for who in theatre.friends if who not in (case.nominator, case.nominee)]
        return [
            SupportRow(
                key=theatre.keys.take(8),
                nomination_id=case.id,
                kind=Support.Kind.ENDORSER,
                person_id=who.pk,
                name=who.name,
                email=theatre.email_of(who),
                relation=theatre.texts.some("vouchers", category, case.area.name),
                statement=theatre.texts.some("endorsements", category, case.area.name),
                links=[],
                given_at=given,
                asked_at=given - 3 * DAY,
            )
            for who in self.chance.sample(able, self.chance.randrange(3))
        ]

    def _activities(self, case: Case) -> list[ContributionRow]:
        """Five to nine things that the nominee did in the twelve months."""
        theatre = self.theatre
        first, last = evidence_window(self.cycle)
        codes = self.chance.choices(
            [code for code in HABITS if code in theatre.types], k=self.chance.randrange(5, 10)
        )
        days = sorted((self.chance.randrange((last - first).days) for _code in codes), reverse=True)
        return [
            invent_activity(
                theatre.texts, self.chance, theatre.types[code], case.area, id=theatre.contribution_ids.take(),
                key=theatre.keys.take(10), person_id=case.nominee.pk, slug=case.nominee.slug,
                day=first + dt.timedelta(days=day),
            )
            for code, day in zip(codes, days, strict=True)
        ]  # fmt: skip

    def _item(self, case: Case, entry: ContributionRow, place: int) -> DossierItemRow:
        shared = {name: getattr(entry, name) for name in DossierItemRow._fields if hasattr(entry, name)}
        return DossierItemRow(
            nomination_id=case.id,
            contribution_id=entry.id,
            position=place,
            high_impact=place < 2,
            frozen_at=self.cycle.dossiers_close_at,
            **shared,
        )
