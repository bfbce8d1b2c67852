"""The training cases of a stage, and how far somebody is with them."""

from dataclasses import dataclass
from typing import Any

from common import prepared
from people.models import Person
from selection.models import Criterion, Stage, TrainingAnswer, TrainingCase


@dataclass(frozen=True)
class Step:
    """One training case with its reader's answer, if there is one."""

    case: TrainingCase
    answer: TrainingAnswer | None


def training_of(person: Person, stage: Stage) -> list[Step]:
    """The training cases that come before the first review of a stage, in order."""
    cases = _cases_of(stage)
    answers = {one.case_id: one for one in TrainingAnswer.objects.filter(person=person, case__in=cases)}
    return [Step(case, answers.get(case.pk)) for case in cases]


def training_left(person: Person, stage: Stage) -> TrainingCase | None:
    """The first training case that somebody still has to mark; whoever has reviewed for the rubric has none."""
    if not stage.training_cases or _has_reviewed(person, stage):
        return None
    return next((step.case for step in training_of(person, stage) if step.answer is None), None)


def _cases_of(stage: Stage) -> list[TrainingCase]:
    return list(
        TrainingCase.objects.filter(rubric=stage.rubric_id).order_by("position")[: stage.training_cases]
    )


REVIEWED = """
    SELECT 1 FROM selection_review AS review
    JOIN selection_assignment AS task ON task.id = review.assignment_id
    JOIN selection_candidacy AS candidacy ON candidacy.id = task.candidacy_id
    JOIN selection_stage AS stage ON stage.id = candidacy.stage_id
    WHERE stage.rubric_id = %s AND task.reviewer_id = %s AND review.submitted_at IS NOT NULL LIMIT 1
"""


def _has_reviewed(person: Person, stage: Stage) -> bool:
    return stage.rubric_id is not None and bool(prepared.fetch(REVIEWED, [stage.rubric_id, person.pk]))


@dataclass(frozen=True)
class Compared:
    """One criterion of a training case: the reader's mark beside the panel's, each with its anchor."""

    criterion: Criterion
    mark: int
    anchor: str
    panel: int
    panel_anchor: str
    lowest: int
    highest: int
    why: str

    @property
    def is_inside(self) -> bool:
        """Whether the reader's mark lies within the panel's spread."""
        return self.lowest <= self.mark <= self.highest

    @property
    def apart(self) -> int:
        """How far the reader's mark lies above the panel's; below is negative."""
        return self.mark - self.panel


def compared(step: Step, criteria: list[Any]) -> list[Compared]:
    """The reader's marks beside the panel's; a criterion that one of both lacks is left out."""
    given = step.answer.marks if step.answer else {}
    return [
        Compared(
            criterion=one,
            mark=given[one.code],
            anchor=_anchor(one, given[one.code]),
            panel=panel["mark"],
            panel_anchor=_anchor(one, panel["mark"]),
            lowest=panel["lowest"],
            highest=panel["highest"],
            why=panel["why"],
        )
        for one in criteria
        if one.code in given and (panel := step.case.marks.get(one.code))
    ]


def _anchor(criterion: Any, mark: int) -> str:
    sentences: list[str] = criterion.sentences
    return sentences[mark - 1] if 0 < mark <= len(sentences) else ""
