"""The rubric of a stage as the set-up pages edit it, and who else uses it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from selection.models import Preset, Rubric, Stage, TrainingCase
from selection.protocol import digest_of
from selection.queries.protocol import rubric_as_data

MARKS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class CriterionRow:
    """One criterion with the sentence of each mark, from the lowest on; an empty ``code`` for a new one."""

    code: str
    name: str
    question: str
    weight: int
    anchors: tuple[str, ...]


def criteria_of(rubric: Rubric | None) -> list[CriterionRow]:
    """The criteria in their order; none of no rubric."""
    if rubric is None:
        return []
    return [
        CriterionRow(one.code, one.name, one.question, one.weight, _sentences(one))
        for one in rubric.criteria.prefetch_related("anchors").order_by("position", "pk")
    ]


def _sentences(criterion: Any) -> tuple[str, ...]:
    given = {anchor.mark: anchor.sentence for anchor in criterion.anchors.all()}
    return tuple(given.get(mark, "") for mark in MARKS)


def digest_of_rubric(rubric: Rubric | None) -> str:
    """Changes with every word of it: what a form was drawn from, told from what there is when it is sent."""
    return digest_of(rubric_as_data(rubric)) if rubric else ""


def others_with_rubric(stage: Stage) -> list[str]:
    """What else uses the rubric of a stage, by name: other stages, and presets that begin cycles with it."""
    if stage.rubric is None:
        return []
    stages = Stage.objects.filter(rubric=stage.rubric_id).exclude(pk=stage.pk).select_related("cycle")
    presets = Preset.objects.filter(content__stages__contains=[{"rubric": stage.rubric.slug}])
    return [
        *(f"{one.cycle}: {one.internal_name}" for one in stages.order_by("-cycle__opens_at", "number")),
        *(_("the preset “%(name)s”") % {"name": one.name} for one in presets.order_by("name")),
    ]


def training_of_rubric(rubric: Rubric | None) -> list[TrainingCase]:
    """Its training cases in the order in which reviewers mark them."""
    if rubric is None:
        return []
    return list(TrainingCase.objects.filter(rubric=rubric).order_by("position", "pk"))


def training_gaps(stages: list[Stage]) -> list[tuple[Stage, int, list[str]]]:
    """Stages that ask for training: how many cases their rubric has, and the titles of those whom the panel has not
    marked by every criterion. Two statements, none where no stage asks."""
    asking = [one for one in stages if one.training_cases and one.rubric_id]
    if not asking:
        return []
    wanted = {one.pk: one.sizes for one in _with_size({one.rubric_id for one in asking})}
    cases: dict[int, list[TrainingCase]] = {}
    for case in TrainingCase.objects.filter(rubric__in=wanted).order_by("position", "pk"):
        cases.setdefault(case.rubric_id, []).append(case)
    found = []
    for stage in asking:
        there = cases.get(stage.rubric_id or 0, [])
        unmarked = [one.title for one in there if len(one.marks) < wanted[one.rubric_id]]
        found.append((stage, len(there), unmarked))
    return found


def _with_size(rubrics: set[Any]) -> Any:
    return Rubric.objects.filter(pk__in=rubrics).annotate(sizes=Count("criteria"))
