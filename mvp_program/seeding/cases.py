"""Plays the cycles of a demo through: two that were released, and the one in review up to today.

Cases are written as complete ones; from there on everything happens through the actions that people use, each on
its day, so that history, decisions, releases and awards are those of a real cycle.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accounts.models import User
from charter.models import Area, Cycle, Region
from charter.queries import region_of
from common import clock, history
from common.bulk import mark_past_as_sent
from common.errors import RuleBroken
from contributions.bulk import ContributionRow, copy_contributions
from contributions.models import Contribution, ContributionType
from mvp_program.generating.chance import Ids, Keys
from mvp_program.generating.logs import HABITS, invent_activity
from mvp_program.generating.texts import Texts
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.people import Catalogue, Newcomer, cast_member, introduce, load_people
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import Entry, read_entry
from nominations import conflicts
from nominations import states as cases
from nominations.actions import decline_award, erase_ended_cases, request_second_look, withdraw_nomination
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
from selection import states
from selection.actions import (
    assign_reviewer,
    carry_out_release,
    close_stage,
    confirm_release,
    decide_reserve,
    decide_second_look,
    open_second_look,
    open_stage,
    override_proposal,
    prepare_release,
    propose_copies,
    resolve_candidacy,
    submit_review,
)
from selection.actions.means import store_summary
from selection.bulk import (
    AssignmentRow,
    ReviewRow,
    ScoreRow,
    copy_assignments,
    copy_reviews,
    copy_scores,
    finish_assignments,
    give_letters,
    write_checked_copies,
)
from selection.models import Assignment, Candidacy, Decision, Review, Stage
from selection.scoring import Answers, Mark, stored, weighted_total

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


class Theatre:
    """Who is there to play, and what they say."""

    def __init__(self, calendar: Calendar, file: Entry) -> None:
        self.calendar = calendar
        self.chance = random.Random("cases")  # noqa: S311  invented texts, no secret
        self.texts, self.keys = Texts(self.chance), Keys(self.chance)
        self.case_ids, self.contribution_ids = Ids(Nomination, 100), Ids(Contribution, 500)
        self.task_ids, self.review_ids = Ids(Assignment, 300), Ids(Review, 300)
        self.types = {kind.code: kind for kind in ContributionType.objects.order_by("code")}
        self.areas = {area.slug: area for area in Area.objects.select_related("category")}
        self._emails: dict[int, str] = {}
        self._regions: dict[str, Region | None] = {}
        self.people: dict[str, Person] = {}
        rows = file.entries("people")
        made = load_people(rows, calendar, Catalogue())
        self.people |= {row.text("key"): person for row, person in zip(rows, made, strict=True)}
        self.friends = [person for row, person in zip(rows, made, strict=True) if "grants" not in row]
        teams = file.entry("teams")
        self.teams = {
            category: [self.person(teams, key) for key in teams.texts(category)] for category in teams
        }
        self.office, self.office_2 = cast_member("office"), cast_member("office_2")

    def email_of(self, person: Person) -> str:
        if person.pk not in self._emails:
            self._emails[person.pk] = person.addresses.order_by("-primary")[0].email
        return self._emails[person.pk]

    def region(self, country: str, day: dt.date) -> Region | None:
        if country not in self._regions:
            self._regions[country] = region_of(country, day)
        return self._regions[country]

    def person(self, row: Entry, key: str) -> Person:
        if key not in self.people:
            found = cast_member(key)
            if found is None:
                raise row.wrong(f"Neither cast.yaml nor “people” has a “{key}”.")
            self.people[key] = found
        return self.people[key]


def load_cases(calendar: Calendar, tally: Tally) -> None:
    """All rounds of cases.yaml, oldest first; what they made people write counts as sent on its day."""
    file = read_entry("cases").only("people", "teams", "rounds")
    theatre = Theatre(calendar, file)
    for row in file.entries("rounds"):
        row.only("cycle", "cases")
        try:
            tally.new += Round(theatre, row).play()
        except RuleBroken as rule:
            raise row.wrong(f"This round breaks a rule: {rule}") from rule
    erase_ended_cases()
    mark_past_as_sent(calendar.at(0, hour=0))


class Round:
    """One cycle from its complete cases to its last release, or to today."""

    def __init__(self, theatre: Theatre, row: Entry) -> None:
        self.theatre, self.chance = theatre, theatre.chance
        cycles = {cycle.text("key"): cycle for cycle in read_entry("cycles").entries("cycles")}
        found = row.found("cycle", row.text("cycle"), cycles)
        self.zero = found.number("day_zero")
        self.cycle = Cycle.objects.get(slug=str(theatre.calendar.year(found.number("year"))))
        self.screen, self.score, self.council = self.cycle.stages.order_by("number")
        self.rows = row.entries("cases")
        self.cases: list[Case] = []

    def play(self) -> int:
        self._write_cases()
        self._hold_screen()
        if self._is_ahead(self.score.closes_at):
            self._hold_reviews()
            return len(self.cases)
        self._hold_reviews()
        self._close(self.score)
        self._hold_council()
        self._release(self.cycle.release_planned_at - 6 * DAY, self.cycle.release_planned_at)
        self._follow_up()
        return len(self.cases)

    def _is_ahead(self, moment: dt.datetime) -> bool:
        return moment > self.theatre.calendar.at(0)

    def _write_cases(self) -> None:
        """People, their contributions, statements and dossiers, as the day on which dossiers close finds them."""
        rows: list[CaseRow] = []
        supports: list[SupportRow] = []
        log: list[ContributionRow] = []
        items: list[DossierItemRow] = []
        events: list[history.Event] = []
        newcomers = iter(self._introduce())
        for row in self.rows:
            case = self._case(row, newcomers)
            self.cases.append(case)
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
        made = Nomination.objects.select_related("cycle").in_bulk([case.id for case in self.cases])
        for case in self.cases:
            case.nomination = made[case.id]
        conflicts.recompute(made)

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
            state=str(ends) if silent else cases.COMPLETE,
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
            ("open_renewal", _user(self.theatre.office))
            if case.nominator is None
            else ("submit_nomination", sender)
        )
        yield history.Event(
            "nomination",
            case.key,
            first[0],
            first[1],
            "draft" if sender else "",
            cases.INVITED,
            at=row.invited_at,
        )
        if row.accepted_at and row.completed_at:
            for verb, old, new, at in (
                ("accept_nomination", cases.INVITED, cases.ACCEPTED, row.accepted_at),
                ("complete_nomination", cases.ACCEPTED, cases.COMPLETE, row.completed_at),
            ):
                yield history.Event("nomination", case.key, verb, nominee, old, new, at=at)
        else:
            verb = "decline_nomination" if row.state == cases.DECLINED else "expire_nomination"
            yield history.Event("nomination", case.key, verb, None, cases.INVITED, row.state, at=row.ended_at)

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

    def _hold_screen(self) -> None:
        """The regional review: every lead of the region says something, in the order of their names."""
        self._open(self.screen)
        span = self.screen.closes_at - self.screen.opens_at
        tasks = Assignment.objects.filter(candidacy__stage=self.screen).select_related(
            "candidacy", "reviewer__user"
        )
        by_case: dict[int, list[Assignment]] = {}
        for task in tasks.order_by("reviewer__sort_key"):
            by_case.setdefault(task.candidacy.nomination_id, []).append(task)
        said, events = [], []
        for place, case in enumerate(self._standing(), start=1):
            verdicts = [part.strip() for part in case.row.text("screen").split(",")]
            for task, verdict in zip(by_case.get(case.id, []), verdicts, strict=False):
                word, _space, code = verdict.partition(" ")
                at = self.screen.opens_at + span * place / (len(self.cases) + 1)
                said.append(
                    ReviewRow(
                        self.theatre.review_ids.take(), task.pk, states.REVIEW_SUBMITTED, at, at, word, code
                    )
                )
                codes = {
                    "reviewer": task.reviewer.key,
                    "version": 1,
                    "verdict": word,
                    "reason_code": code,
                    "before": "",
                }
                lead = task.reviewer.user
                events.append(
                    history.Event(
                        "review",
                        task.candidacy.key,
                        "verdict",
                        lead,
                        "",
                        states.REVIEW_SUBMITTED,
                        codes,
                        at=at,
                    )
                )
        copy_reviews(said)
        finish_assignments([row.assignment_id for row in said])
        history.record_many(events)
        self._close(self.screen)

    def _hold_reviews(self) -> None:
        """The technology review: tasks on its first day, marks until its close or until today."""
        self._open(self.score)
        paper = Paper(self.theatre, self.score)
        for case in self._forward(self.screen):
            if case.row.get("ends") == "withdrawn":
                with clock.at(self.score.opens_at + 2 * DAY):
                    withdraw_nomination(case.nomination, by=case.nominee.user)
                continue
            candidacy = case.candidacy(self.score)
            team = self.theatre.teams[case.area.category.slug]
            given = case.row.texts("marks")
            for reviewer, marks in zip(team[: len(given)], given, strict=True):
                paper.hand_out(case, candidacy, reviewer, marks)
        paper.write()
        give_letters(self.score)
        self._copy_without_names()
        if self._is_ahead(self.score.closes_at):  # closing a stage stores the means of its cases
            for candidacy in paper.candidacies.values():
                store_summary(candidacy)

    def _copy_without_names(self) -> None:
        """A person has checked what reviewers read, but for the last new case of the round that is in review."""
        new = self.score.candidacies.filter(
            nomination__is_renewal=False, nomination__category__slug="windows-server"
        )
        cases = new.order_by("-pk").values_list("nomination", flat=True)
        waiting = [cases[0]] if self._is_ahead(self.score.closes_at) else []
        opened = self.score.opens_at
        read = Nomination.objects.filter(candidacies__stage=self.score).exclude(pk__in=waiting)
        write_checked_copies(
            read.order_by("pk"),
            by={None: self.theatre.person(self.rows[0], "office").pk},
            proposed_at=opened,
            checked_at=opened + HOUR,
        )
        with clock.at(opened):
            propose_copies(self.score)

    def _hold_council(self) -> None:
        """Members override where the file says so; everything else stands."""
        self._open(self.council)
        for case in self._forward(self.score):
            if "override" in case.row:
                said = case.row.entry("override").only("by", "outcome", "code", "why")
                member = self.theatre.person(said, said.text("by"))
                with clock.at(self.council.opens_at + 5 * DAY):
                    override_proposal(
                        case.candidacy(self.council),
                        by=_user(member),
                        outcome=said.text("outcome"),
                        reason_code=said.text("code"),
                        reason=said.text("why"),
                    )
        self._close(self.council)

    def _release(self, prepared: dt.datetime, goes_out: dt.datetime) -> None:
        """Prepared by one, confirmed by another, carried out at its time."""
        with clock.at(prepared):
            release = prepare_release(self.cycle, scheduled_at=goes_out, by=_user(self.theatre.office))
        with clock.at(prepared + DAY):
            confirm_release(release, by=_user(self.theatre.office_2))
        with clock.at(goes_out):
            carry_out_release(release)

    def _follow_up(self) -> None:
        """Awards declined, reserve places, second looks; then a later release tells everybody."""
        office, main = _user(self.theatre.office), self.cycle.release_planned_at
        for case in self.cases:
            later = case.row.entry("later") if "later" in case.row else Entry()
            nomination = case.nomination
            if later.get("declines_award"):
                with clock.at(main + 9 * DAY):
                    decline_award(nomination, by=case.nominee.user)
            if "second_look" in later:
                self._look_again(case, later.entry("second_look"), main, office)
        self._settle_reserve(main + 33 * DAY, office)
        self._release(main + 34 * DAY, main + 36 * DAY)

    def _look_again(self, case: Case, look: Entry, main: dt.datetime, office: User) -> None:
        """Asked for, read by people who have not seen the case, decided from their marks."""
        look.only("reason", "by", "marks", "outcome", "why")
        with clock.at(main + 14 * DAY):
            nomination = request_second_look(
                case.nomination, by=case.nominee.user, reason=look.text("reason")
            )
        with clock.at(main + 16 * DAY):
            reading = open_second_look(nomination, closes_at=main + 30 * DAY, by=office)
            readers = [self.theatre.person(look, key) for key in look.texts("by")]
            for reader in readers:
                assign_reviewer(reading, reviewer=reader, by=office)
        for place, (reader, marks) in enumerate(zip(readers, look.texts("marks"), strict=True), start=1):
            with clock.at(main + (18 + 3 * place) * DAY):
                submit_review(reading, by=_user(reader), answers=self._answers(case, marks), version=0)
        with clock.at(main + 32 * DAY):
            decide_second_look(nomination, by=office, outcome=look.text("outcome"), reason=look.text("why"))

    def _answers(self, case: Case, marks: str) -> Answers:
        """A whole review, as a form would hand it in."""
        texts = self.theatre.texts
        criteria = self.score.rubric.criteria.order_by("position") if self.score.rubric else ()
        given = {one.code: int(sign) for one, sign in zip(criteria, marks, strict=True)}
        return Answers(
            {code: Mark(mark, reason=texts.reason(code, mark)) for code, mark in given.items()},
            comment=texts.some("comments", case.area.category.slug, case.area.name),
            confidence=2,
        )

    def _settle_reserve(self, moment: dt.datetime, office: User) -> None:
        """Each reserve in order: a place where the file gives one, else the word that none came free.

        Where a winner declined, the next of the reserve was proposed at once, without a word of the office.
        """
        waiting = Decision.objects.filter(
            candidacy__nomination__in=[case.id for case in self.cases], outcome=states.RESERVE
        ).order_by("reserve_order")
        by_case = {case.id: case for case in self.cases}
        proposed = Decision.objects.filter(release=None).values("candidacy__nomination")
        waiting = waiting.exclude(candidacy__nomination__in=proposed)
        for decision in list(waiting.select_related("candidacy__nomination", "candidacy__stage")):
            row = by_case[decision.candidacy.nomination_id].row
            why = row.entry("later").text("reserve_gets_place") if "later" in row else ""
            outcome = states.AWARD if why else states.NOT_THIS_TIME
            with clock.at(moment):
                decide_reserve(decision, by=office, outcome=outcome, reason=why or "No place came free.")

    def _open(self, stage: Stage) -> None:
        with clock.at(stage.opens_at):
            open_stage(stage, by=_user(self.theatre.office))
        stage.refresh_from_db()

    def _close(self, stage: Stage) -> None:
        """Close on the day, then settle what the rule left open."""
        with clock.at(stage.closes_at):
            close_stage(stage, by=_user(self.theatre.office))
        stage.refresh_from_db()
        for case in self._standing():
            settle = case.row.entry("settle") if "settle" in case.row else None
            if settle is None or settle.only("after", "outcome", "code", "why").text("after") != stage.kind:
                continue
            with clock.at(stage.closes_at + HOUR):
                resolve_candidacy(
                    case.candidacy(stage),
                    by=_user(self.theatre.office),
                    outcome=settle.text("outcome"),
                    reason=settle.text("why"),
                    reason_code=settle.text("code", default=""),
                )

    def _standing(self) -> list[Case]:
        """Cases that entered the selection."""
        return [case for case in self.cases if case.row.get("ends") not in ("declined", "expired")]

    def _forward(self, stage: Stage) -> list[Case]:
        """Cases that went on from a stage, in the order of the file."""
        went = set(
            Candidacy.objects.filter(stage=stage, state=states.FORWARD).values_list(
                "nomination_id", flat=True
            )
        )
        return [case for case in self.cases if case.id in went]


class Paper:
    """The tasks and reviews of a score stage, written at once."""

    def __init__(self, theatre: Theatre, stage: Stage) -> None:
        self.theatre, self.stage, self.chance = theatre, stage, theatre.chance
        self.until = min(stage.closes_at, theatre.calendar.at(0, hour=0))
        rubric = stage.rubric
        self.criteria = list(rubric.criteria.order_by("position")) if rubric else []
        self.tasks: list[AssignmentRow] = []
        self.reviews: list[ReviewRow] = []
        self.scores: list[ScoreRow] = []
        self.events: list[history.Event] = []
        self.candidacies: dict[int, Candidacy] = {}

    def hand_out(self, case: Case, candidacy: Candidacy, reviewer: Person, marks: str) -> None:
        """One task; with ``marks`` it is done."""
        given, office = self.stage.opens_at + HOUR, _user(self.theatre.office)
        state = states.DONE if marks else states.ASSIGNED
        task = AssignmentRow(
            self.theatre.task_ids.take(), candidacy.pk, reviewer.pk, state, given, self.stage.closes_at
        )
        self.tasks.append(task)
        self.candidacies[candidacy.pk] = candidacy
        who = {"reviewer": reviewer.key}
        self.events.append(
            history.Event("assignment", candidacy.key, "assign", office, "", states.ASSIGNED, who, at=given)
        )
        if marks:
            self._hand_in(case, candidacy, reviewer, task, marks)

    def _hand_in(
        self, case: Case, candidacy: Candidacy, reviewer: Person, task: AssignmentRow, marks: str
    ) -> None:
        if len(marks) != len(self.criteria):
            raise case.row.wrong(
                f"“{marks}” has to hold a mark for each of the {len(self.criteria)} criteria."
            )
        given = [None if sign == "-" else int(sign) for sign in marks]
        total = weighted_total((one.weight, mark) for one, mark in zip(self.criteria, given, strict=True))
        at = task.assigned_at + (self.until - task.assigned_at) * self.chance.random()
        texts, category = self.theatre.texts, case.area.category.slug
        review = ReviewRow(
            self.theatre.review_ids.take(), task.id, states.REVIEW_SUBMITTED, at, at,
            comment=texts.some("comments", category, case.area.name), confidence=self.chance.choice((1, 2, 2, 3)),
            total=stored(total),
        )  # fmt: skip
        self.reviews.append(review)
        for one, mark in zip(self.criteria, given, strict=True):
            self.scores.append(
                ScoreRow(review.id, one.pk, mark, texts.reason(one.code, mark) if mark else "")
            )
        codes = {"reviewer": reviewer.key, "version": 1}
        self.events.append(
            history.Event(
                "review", candidacy.key, "submit", reviewer.user, states.REVIEW_DRAFT, states.REVIEW_SUBMITTED,
                codes, at=at,
            )
        )  # fmt: skip

    def write(self) -> None:
        copy_assignments(self.tasks)
        copy_reviews(self.reviews)
        copy_scores(self.scores)
        history.record_many(sorted(self.events, key=lambda event: event.at or self.until))


def _user(person: Person | None) -> User:
    user = person.user if person else None
    if user is None:
        raise LookupError("everybody who acts in a demo has an account")
    return user
