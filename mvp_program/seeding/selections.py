"""Plays the cycles of a demo through: two that were released, and the one in review up to today.

Cases are written as complete ones; from there on everything happens through the actions that people use, each on
its day, so that history, decisions, releases and awards are those of a real cycle.
"""

import datetime as dt

from accounts.models import User
from charter.models import Cycle
from common import clock, history
from common.bulk import mark_past_as_sent
from common.errors import RuleBroken
from mvp_program.seeding.cases import DAY, HOUR, Case, Casebook
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import Entry, read_entry
from mvp_program.seeding.reviews import Paper
from mvp_program.seeding.theatre import Theatre, account_of
from nominations.actions import decline_award, erase_ended_cases, request_second_look, withdraw_nomination
from nominations.models import Nomination
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
    write_letters,
)
from selection.actions.means import store_summary
from selection.bulk import ReviewRow, copy_reviews, finish_assignments, give_letters, write_checked_copies
from selection.models import Assignment, Candidacy, Decision, Stage
from selection.queries.feedback import decisions_to_explain, rows_of
from selection.scoring import Answers, Mark

REASONS = ("others-ranked-higher", "others-ranked-higher", "little-that-is-new", "reach-not-shown")


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
        self.cases = Casebook(self.theatre, self.cycle, self.rows).write()
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
                        by=account_of(member),
                        outcome=said.text("outcome"),
                        reason_code=said.text("code"),
                        reason=said.text("why"),
                    )
        self._close(self.council)

    def _write_letters(self) -> None:
        """Each no gets a reason, and the comments that name nobody are quoted, each once."""
        office = account_of(self.theatre.office)
        letters = []
        for row in rows_of(list(decisions_to_explain(office, self.cycle))):
            needs_one = row.decision.outcome == states.NOT_THIS_TIME and not row.decision.reason_code
            reason = self.chance.choice(REASONS) if needs_one else ""
            by_text = {one.text: one.review.pk for one in row.comments if one.text and not one.names}
            quoted = {review: text for text, review in by_text.items()}
            letters.append((row.decision, reason, quoted))
        write_letters(letters, by=office)

    def _release(self, prepared: dt.datetime, goes_out: dt.datetime) -> None:
        """Prepared by one, confirmed by another, carried out at its time."""
        with clock.at(prepared):
            self._write_letters()
            release = prepare_release(self.cycle, scheduled_at=goes_out, by=account_of(self.theatre.office))
        with clock.at(prepared + DAY):
            confirm_release(release, by=account_of(self.theatre.office_2))
        with clock.at(goes_out):
            carry_out_release(release)

    def _follow_up(self) -> None:
        """Awards declined, reserve places, second looks; then a later release tells everybody."""
        office, main = account_of(self.theatre.office), self.cycle.release_planned_at
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
                submit_review(reading, by=account_of(reader), answers=self._answers(case, marks), version=0)
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
            open_stage(stage, by=account_of(self.theatre.office))
        stage.refresh_from_db()

    def _close(self, stage: Stage) -> None:
        """Close on the day, then settle what the rule left open."""
        with clock.at(stage.closes_at):
            close_stage(stage, by=account_of(self.theatre.office))
        stage.refresh_from_db()
        for case in self._standing():
            settle = case.row.entry("settle") if "settle" in case.row else None
            if settle is None or settle.only("after", "outcome", "code", "why").text("after") != stage.kind:
                continue
            with clock.at(stage.closes_at + HOUR):
                resolve_candidacy(
                    case.candidacy(stage),
                    by=account_of(self.theatre.office),
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
