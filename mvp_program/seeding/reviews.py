"""Writes the tasks and reviews of a score stage, at once."""

from common import history
from mvp_program.seeding.cases import HOUR, Case
from mvp_program.seeding.theatre import Theatre, account_of
from people.models import Person
from selection import states
from selection.bulk import (
    AssignmentRow,
    ReviewRow,
    ScoreRow,
    copy_assignments,
    copy_reviews,
    copy_scores,
)
from selection.models import Candidacy, Stage
from selection.scoring import stored, weighted_total


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
        given, office = self.stage.opens_at + HOUR, account_of(self.theatre.office)
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
