"""The office edits the rubric of a stage that has not begun, and its training cases.

A rubric that something else uses (another stage, a preset) is copied first, training cases along, and the stage gets
the copy: what others published or began with never changes under them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from charter.models import Cycle
from common import history
from common.errors import Outdated, RuleBroken
from selection import states
from selection.actions.locks import acting_person, lock_cycle, lock_stage
from selection.actions.protocol import follow_change
from selection.actions.setup import refuse_released
from selection.models import Anchor, Criterion, Rubric, Stage, TrainingCase
from selection.queries.rubrics import (
    MARKS,
    CriterionRow,
    criteria_of,
    digest_of_rubric,
    others_with_rubric,
)

WHOLE = 100  # percent
RUBRIC_FIELDS = ("name", "not_applicable_at_most", "reason_length")
TRAINING_FIELDS = ("title", "about", "statement", "items", "endorsements", "marks")


@transaction.atomic
def change_rubric(
    stage: Stage,
    *,
    values: Mapping[str, Any],
    criteria: Sequence[CriterionRow],
    seen: str,
    by: User,
    reason: str = "",
) -> Rubric:
    """Set name, limits (``RUBRIC_FIELDS``), criteria in their order, weights and anchors; make the rubric where the
    stage has none. ``seen``: the digest of what the form was drawn from. Unchanged, nothing is copied or recorded.
    """
    acting_person(by)
    cycle, stage = _hold(stage)
    if digest_of_rubric(stage.rubric) != seen:
        raise Outdated(
            _("Somebody changed this rubric since you opened it. Load the page again to see how it is now.")
        )
    _refuse_unusable(criteria, values["not_applicable_at_most"])
    before = stage.rubric
    if before and criteria_of(before) == list(criteria) and _same(before, values):
        return before
    rubric = _own(stage, cycle)
    for field in RUBRIC_FIELDS:
        setattr(rubric, field, values[field])
    if before and rubric.pk != before.pk and rubric.name == before.name:
        rubric.name = name_of_copy(before, cycle)
    rubric.save(update_fields=RUBRIC_FIELDS)
    _put_criteria(rubric, criteria)
    _record(stage, "change_rubric", before, by=by, reason=reason)
    follow_change(cycle, by=by, reason=reason)
    return rubric


@transaction.atomic
def put_training(
    stage: Stage, *, case: str = "", values: Mapping[str, Any], place: int, by: User, reason: str = ""
) -> TrainingCase:
    """Set an invented case (``TRAINING_FIELDS``) by its slug, or a new one without; it comes at ``place``, from 1 on.
    The panel has to have marked every criterion."""
    acting_person(by)
    cycle, stage = _hold(stage)
    before = stage.rubric
    if before is None:
        raise RuleBroken(_("Set the criteria of the rubric first."))
    if case and not before.training_cases.filter(slug=case).exists():
        raise Outdated(_("This training case is not there any more."))
    if set(values["marks"]) != {one.code for one in criteria_of(before)}:
        raise Outdated(_("The criteria have changed since you opened this page. Load it again."))
    rubric = _own(stage, cycle)
    found = rubric.training_cases.filter(slug=case).first() if case else None
    if found is None:
        slug = _free(
            slugify(values["title"])[:36] or "case", rubric.training_cases.values_list("slug", flat=True)
        )
        found = TrainingCase(rubric=rubric, slug=slug)
    for field in TRAINING_FIELDS:
        setattr(found, field, values[field])
    others = list(rubric.training_cases.exclude(pk=found.pk).order_by("position", "pk"))
    others.insert(place - 1, found)
    for position, one in enumerate(others):
        one.position = position
        one.save()
    _record(stage, "set_training", before, by=by, reason=reason, case=found.slug)
    follow_change(cycle, by=by, reason=reason)
    return found


@transaction.atomic
def remove_training(stage: Stage, *, case: str, by: User, reason: str = "") -> None:
    """Take an invented case out; other stages with the same rubric keep it."""
    acting_person(by)
    cycle, stage = _hold(stage)
    before = stage.rubric
    if before is None or not before.training_cases.filter(slug=case).exists():
        raise Outdated(_("This training case is not there any more."))
    _own(stage, cycle).training_cases.filter(slug=case).delete()
    _record(stage, "remove_training", before, by=by, reason=reason, case=case)
    follow_change(cycle, by=by, reason=reason)


def name_of_copy(rubric: Rubric, cycle: Cycle) -> str:
    """“Standard – 2006”; of that one, for the next cycle, “Standard – 2007”."""
    return f"{rubric.name.partition(' – ')[0][:57]} – {cycle.name[:20]}"


def _hold(stage: Stage) -> tuple[Cycle, Stage]:
    """Cycle, stage and rubric alone. The rubric too: a stage of another cycle may be taking it up at this moment."""
    cycle = lock_cycle(stage.cycle_id)
    refuse_released(cycle)
    stage = lock_stage(stage)
    if stage.kind != Stage.Kind.SCORE:
        raise Outdated(_("%(stage)s scores nothing, so it has no rubric.") % {"stage": stage.internal_name})
    if stage.state != states.STAGE_PLANNED:
        raise RuleBroken(_("%(stage)s has begun, so its rubric stays.") % {"stage": stage.internal_name})
    if stage.rubric_id:
        stage.rubric = Rubric.objects.select_for_update().get(pk=stage.rubric_id)
    return cycle, stage


def _own(stage: Stage, cycle: Cycle) -> Rubric:
    """The rubric of the stage, for it alone: as it is, a copy, or an empty one."""
    rubric = stage.rubric
    if rubric is not None and not others_with_rubric(stage):
        return rubric
    slug = _free(f"{cycle.slug}-{stage.number}"[:40], Rubric.objects.values_list("slug", flat=True))
    made = Rubric.objects.create(slug=slug, name=name_of_copy(rubric, cycle) if rubric else cycle.name)
    if rubric is not None:
        _copy(rubric, made)
    stage.rubric = made
    stage.save(update_fields=["rubric"])
    return made


def _copy(rubric: Rubric, made: Rubric) -> None:
    made.not_applicable_at_most, made.reason_length = rubric.not_applicable_at_most, rubric.reason_length
    made.save(update_fields=["not_applicable_at_most", "reason_length"])
    _put_criteria(made, criteria_of(rubric))
    TrainingCase.objects.bulk_create(
        TrainingCase(
            rubric=made,
            slug=one.slug,
            position=one.position,
            **{field: getattr(one, field) for field in TRAINING_FIELDS},
        )
        for one in rubric.training_cases.order_by("position", "pk")
    )


def _put_criteria(rubric: Rubric, criteria: Sequence[CriterionRow]) -> None:
    """Rows by their codes: kept, changed, made, taken out. A criterion that leaves takes the panel's marks along."""
    there = {one.code: one for one in rubric.criteria.all()}
    codes: list[str] = []
    for one in criteria:
        code = one.code or _free(slugify(one.name)[:36] or "criterion", [*there, *codes])
        codes.append(code)
    rubric.criteria.exclude(code__in=codes).delete()
    for position, (code, one) in enumerate(zip(codes, criteria, strict=True)):
        criterion = there.get(code) or Criterion(rubric=rubric, code=code)
        criterion.name, criterion.question, criterion.weight = one.name, one.question, one.weight
        criterion.position = position
        criterion.save()
        Anchor.objects.bulk_create(
            [
                Anchor(criterion=criterion, mark=mark, sentence=sentence)
                for mark, sentence in zip(MARKS, one.anchors, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["criterion", "mark"],
            update_fields=["sentence"],
        )
    for case in rubric.training_cases.all():
        if set(case.marks) - set(codes):
            case.marks = {code: marks for code, marks in case.marks.items() if code in codes}
            case.save(update_fields=["marks"])


def _free(word: str, taken: Iterable[str]) -> str:
    """The word, with a number behind it where it is taken."""
    known = set(taken)
    return next(
        one
        for one in (word, *(f"{word}-{number}" for number in range(2, len(known) + 3)))
        if one not in known
    )


def _same(rubric: Rubric, values: Mapping[str, Any]) -> bool:
    return all(getattr(rubric, field) == values[field] for field in RUBRIC_FIELDS)


def _refuse_unusable(criteria: Sequence[CriterionRow], left_out_at_most: int) -> None:
    if not criteria:
        raise RuleBroken(_("A rubric needs at least one criterion."))
    if (whole := sum(one.weight for one in criteria)) != WHOLE:
        raise RuleBroken(_("The weights add up to %(sum)d percent. They have to make 100.") % {"sum": whole})
    if any(len(one.anchors) != len(MARKS) or not all(one.anchors) for one in criteria):
        raise RuleBroken(_("Each mark from 1 to 5 needs its sentence."))
    if len({one.name.casefold() for one in criteria}) != len(criteria):
        raise RuleBroken(_("Two criteria have the same name."))
    if left_out_at_most >= len(criteria):
        raise RuleBroken(
            _("At least one criterion has to be marked, so fewer may be left out than there are.")
        )


def _record(stage: Stage, verb: str, before: Rubric | None, *, by: User, reason: str, case: str = "") -> None:
    rubric = stage.rubric
    codes = {"rubric": rubric.slug if rubric else ""}
    if before is not None and rubric is not None and before.pk != rubric.pk:
        codes["copy_of"] = before.slug
    if case:
        codes["case"] = case
    history.record("stage", stage.key, verb, by=by, new=stage.state, codes=codes, text=reason)
