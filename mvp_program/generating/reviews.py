"""Invents the selection so far: the regional review is over, the technology review is under way."""

import dataclasses
import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from common.history import Event
from mvp_program.generating.cases import Case
from mvp_program.generating.chance import Ids, Keys
from mvp_program.generating.people import Population, Someone, actor
from mvp_program.generating.reviewers import Reviewer, Team
from selection import scoring, states
from selection.bulk import AssignmentRow, CandidacyRow, DecisionRow, ReviewRow, ScoreRow
from selection.models import Assignment, Candidacy, Review

FAIL_CODES = ("R1", "R1", "R2", "R3", "R3", "R3", "R4")
INELIGIBLE_CODE = "R5"
INELIGIBLE_SHARE = 0.035  # of the failed ones
OPEN_SLOT = 2  # the third reviewer of a case that is not through
UNTOUCHED = 0.06  # of the cases wait for their first mark where the cast leads
TASTE = 0.45  # SD of what a reviewer makes of a case as a whole; with less of it nobody would ever disagree


@dataclass
class Selection:
    """Rows of the selection, in the order in which they can be written."""

    candidacies: list[CandidacyRow] = field(default_factory=list)
    assignments: list[AssignmentRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    scores: list[ScoreRow] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Reviewing:
    """Carries the complete cases through two stages."""

    def __init__(self, population: Population, cases: list[Case]) -> None:
        self.population, self.world, self.size = population, population.world, population.size
        self.chance = random.Random(f"{self.size.name}/reviews")  # noqa: S311  invented reviews, no secret
        self.cases = cases
        self.rows = Selection()
        self._keys = Keys(self.chance)
        self._candidacies, self._assignments, self._reviews = Ids(Candidacy), Ids(Assignment), Ids(Review)
        self.unfilled = 0

    def screen(self, leads: dict[int, list[Someone]]) -> list[Case]:
        """The regional review: one verdict a case, so many fails as the size says. Returns those that go forward."""
        stage = self.world.stages[0]
        failed = set(self.chance.sample(range(len(self.cases)), self.size.screened_out))
        forward = []
        for place, case in enumerate(self.cases):
            lead = self._lead_for(case, leads)
            at = stage.opens_at + (stage.closes_at - stage.opens_at) * self.chance.random()
            code = self._fail_code() if place in failed else ""
            state = states.STOPPED if code else states.FORWARD
            row = self._candidacy(case, stage, state, left_at=stage.closes_at)
            task = self._task(row, lead.id, lead.key, states.DONE, stage, stage.opens_at)
            verdict = "fail" if code else "pass"
            self._say(row, task, lead, at, verdict=verdict, reason_code=code)
            if code:
                self._stop(row, code, lead.id, stage.closes_at)
            else:
                forward.append(case)
        return forward

    def score(self, cases: list[Case], reviewers: list[Reviewer]) -> None:
        """The technology review: three tasks a case; some cases are through, the third reader of the others is not.

        The categories that the cast leads are ahead: each of their cases has all its marks or none, so that the
        calibrated score can be shown.
        """
        team = Team(reviewers, self.chance)
        teams = [team.of(case, case.nominee.area) for case in cases]
        order = list(range(len(cases)))
        self.chance.shuffle(order)
        led = [place for place in order if cases[place].nominee.area.category_id in self.world.led]
        ahead = largest_part(
            {place: teams[place] for place in led if not self._leaves_untouched(teams[place])}
        )
        others = set(order).difference(led)
        order = [place for place in order if place in ahead] + [place for place in order if place in others]
        through, rest = set(order[: self.size.reviewed]), order[self.size.reviewed :]
        waiting = [(place, slot) for place in rest for slot in range(OPEN_SLOT)]
        self.chance.shuffle(waiting)
        verdicts = len(self.cases)
        done = self.size.reviews - self._there() - verdicts - 3 * len(through) - self.size.drafts
        early = set(waiting[: max(done, 0)])
        drafting = set(rest[: self.size.drafts])
        for place, case in enumerate(cases):
            self._score_one(
                case,
                teams[place],
                {slot for slot in range(3) if place in through or (place, slot) in early},
                drafts=place in drafting,
            )

    def _leaves_untouched(self, team: list[Reviewer]) -> bool:
        """Whether nobody has marked a case yet; never one that the cast reads, whose seeded cases it ties to the rest."""
        return len(team) < 3 or (self.chance.random() < UNTOUCHED and not any(one.is_cast for one in team))

    def _there(self) -> int:
        """Reviews of the cycle that the seeds brought."""
        return Review.objects.filter(assignment__candidacy__stage__in=self.world.stages).count()

    def _score_one(self, case: Case, team: list[Reviewer], done: set[int], *, drafts: bool) -> None:
        stage = self.world.stages[1]
        self.unfilled += 3 - len(team)
        worth = self.chance.gauss(0, 0.75)
        marked: list[tuple[Reviewer, dict[str, int | None]]] = []
        for slot, reviewer in enumerate(team):
            if slot in done:
                marked.append((reviewer, self._marks(worth, reviewer)))
        summary = scoring.summary_of([self._total(marks) for _reviewer, marks in marked])
        row = self._candidacy(case, stage, states.OPEN, **dataclasses.asdict(summary))
        for slot, reviewer in enumerate(team):
            state = states.DONE if slot in done else states.ASSIGNED
            task = self._task(row, reviewer.person_id, reviewer.person_key, state, stage, stage.opens_at)
            if slot in done:
                marks = next(marks for one, marks in marked if one is reviewer)
                self._hand_in(row, task, reviewer, marks, case)
            elif slot == OPEN_SLOT and drafts:
                self._begin(task, worth, reviewer)

    def _marks(self, worth: float, reviewer: Reviewer) -> dict[str, int | None]:
        """A mark of 1 to 5 for each criterion: the case, the reviewer's strictness and taste, noise; rarely one "n/a"."""
        marks: dict[str, int | None] = {}
        level = 3.3 + worth - reviewer.severity + self.chance.gauss(0, TASTE)
        for criterion in self.world.criteria:
            value = level + self.chance.gauss(0, 0.6)
            marks[criterion.code] = min(5, max(1, round(value)))
        if self.chance.random() < 0.04:
            marks[self.chance.choice(self.world.criteria).code] = None
        return marks

    def _total(self, marks: dict[str, int | None]) -> Any:
        return scoring.weighted_total((one.weight, marks[one.code]) for one in self.world.criteria)

    def _hand_in(
        self,
        row: CandidacyRow,
        task: AssignmentRow,
        reviewer: Reviewer,
        marks: dict[str, int | None],
        case: Case,
    ) -> None:
        stage, area = self.world.stages[1], case.nominee.area
        at = self._between(stage.opens_at, self._now())
        review_id = self._reviews.take()
        comment = self.population.texts.some("comments", area.category.slug, area.name)
        self.rows.reviews.append(
            ReviewRow(
                review_id,
                task.id,
                states.REVIEW_SUBMITTED,
                at,
                at,
                comment=comment,
                confidence=self.chance.choice((1, 2, 2, 3, 3)),
                total=scoring.stored(self._total(marks)),
            )
        )
        for criterion in self.world.criteria:
            mark = marks[criterion.code]
            reason = self.population.texts.reason(criterion.code, mark) if mark else ""
            self.rows.scores.append(ScoreRow(review_id, criterion.pk, mark, reason))
        self._record(
            "review", row.key, "submit", reviewer.user_id, at, states.REVIEW_DRAFT, states.REVIEW_SUBMITTED,
            reviewer=reviewer.person_key, version=1,
        )  # fmt: skip

    def _begin(self, task: AssignmentRow, worth: float, reviewer: Reviewer) -> None:
        """A draft: some marks typed, nothing handed in."""
        marks = list(self._marks(worth, reviewer).items())[: self.chance.randrange(1, 4)]
        typed = {code: {"mark": mark, "not_applicable": mark is None, "reason": ""} for code, mark in marks}
        draft = {"marks": typed, "comment": "", "confidence": None}
        at = self._between(self.world.stages[1].opens_at, self._now())
        self.rows.reviews.append(
            ReviewRow(self._reviews.take(), task.id, states.REVIEW_DRAFT, at, draft=draft)
        )

    def _say(
        self,
        row: CandidacyRow,
        task: AssignmentRow,
        lead: Someone,
        at: dt.datetime,
        *,
        verdict: str,
        reason_code: str,
    ) -> None:
        self.rows.reviews.append(
            ReviewRow(
                self._reviews.take(), task.id, states.REVIEW_SUBMITTED, at, at, verdict=verdict, reason_code=reason_code
            )
        )  # fmt: skip
        self._record(
            "review", row.key, "verdict", lead.user_id, at, "", states.REVIEW_SUBMITTED,
            reviewer=lead.key, version=1, verdict=verdict, reason_code=reason_code, before="",
        )  # fmt: skip

    def _stop(self, row: CandidacyRow, code: str, lead_id: int, at: dt.datetime) -> None:
        """A failed screen is a pending outcome that waits for the release."""
        outcome = states.INELIGIBLE if code == INELIGIBLE_CODE else states.NOT_THIS_TIME
        self.rows.decisions.append(DecisionRow(row.id, "", outcome, lead_id, at, reason_code=code))
        self._record("decision", row.key, "decide", None, at, "", outcome, proposed="", reason_code=code)

    def _candidacy(self, case: Case, stage: Any, state: str, **more: Any) -> CandidacyRow:
        row = CandidacyRow(
            self._candidacies.take(), self._keys.take(8), case.id, stage.pk, state, stage.opens_at, **more
        )
        self.rows.candidacies.append(row)
        self._record("candidacy", row.key, "enter", None, stage.opens_at, "", states.OPEN, case=case.key)
        if row.left_at:
            self._record("candidacy", row.key, "close", None, row.left_at, states.OPEN, state)
        return row

    def _task(
        self, row: CandidacyRow, person_id: int, person_key: str, state: str, stage: Any, at: dt.datetime
    ) -> AssignmentRow:
        task = AssignmentRow(self._assignments.take(), row.id, person_id, state, at, stage.closes_at)
        self.rows.assignments.append(task)
        return task

    def _lead_for(self, case: Case, leads: dict[int, list[Someone]]) -> Someone:
        region = case.region_id if case.region_id in leads else next(iter(leads))
        return self.chance.choice(leads[region])

    def _fail_code(self) -> str:
        return INELIGIBLE_CODE if self.chance.random() < INELIGIBLE_SHARE else self.chance.choice(FAIL_CODES)

    def _now(self) -> dt.datetime:
        """The first moment of the first day: nothing invented happens later."""
        return self.world.calendar.at(0, hour=0)

    def _between(self, first: dt.datetime, last: dt.datetime) -> dt.datetime:
        return first + (last - first) * self.chance.random()

    def _record(
        self,
        kind: str,
        key: str,
        verb: str,
        user_id: int | None,
        at: dt.datetime,
        old: str,
        new: str,
        **codes: Any,
    ) -> None:
        self.rows.events.append(Event(kind, key, verb, actor(user_id), old, new, codes, at=at))


def largest_part(teams: dict[int, list[Reviewer]]) -> set[int]:
    """The most cases that reviewers connect: what has no reviewer in common with them can't be compared."""
    parts: list[tuple[set[int], set[int]]] = []
    for place, team in teams.items():
        cases, people = {place}, {one.person_id for one in team}
        for part in [part for part in parts if not people.isdisjoint(part[1])]:
            parts.remove(part)
            cases, people = cases | part[0], people | part[1]
        parts.append((cases, people))
    return max((cases for cases, _people in parts), key=len, default=set())
