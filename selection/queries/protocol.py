"""The rules of a cycle as plain data, read from the rows, and the versions of them that were published."""

import datetime as dt
from typing import Any

from charter.models import Cycle, CyclePlaces, ReasonCode
from selection import rules, states
from selection.models import ProtocolVersion, Release, Rubric, Stage
from selection.queries.public import cycle_on_show

MOMENTS = ("opens_at", "closes_at", "dossiers_close_at", "release_planned_at")
SETTINGS = (
    "grace_minutes", "who_may_nominate", "self_nomination", "nominations_per_nominator", "areas_per_nominee",
    "co_nominator_required", "different_employer_required", "invitation_days", "reminder_days",
    "contributions_at_most", "high_impact_at_most", "endorsers_at_most", "statement_shortest", "statement_longest",
    "tell_failed_screen_at_once", "carry_over_allowed", "second_look_days", "decline_award_days",
    "months_kept",
)  # fmt: skip
SILENT = ("grace_minutes",)  # nobody is told that work is taken for some minutes after the printed end
RIGHTS = (
    "hide_nominee", "hide_others_until_own", "hide_reviewer_names", "check_redactions", "training_cases",
)  # fmt: skip
USES = (
    ReasonCode.Use.SCREEN_FAIL,
    ReasonCode.Use.INELIGIBLE,
    ReasonCode.Use.OVERRIDE,
    ReasonCode.Use.NOT_AWARDED,
)


def rules_of(cycle: Cycle) -> dict[str, Any]:
    """Everything that decides in a cycle, in six statements: dates, places, stages, rubrics, reasons, seeds."""
    stages = list(Stage.objects.filter(cycle=cycle).select_related("rubric").order_by("number"))
    return {
        "cycle": _cycle(cycle),
        "places": _places(cycle),
        "stages": {str(one.number): _stage(one) for one in stages},
        "rubrics": _rubrics(
            {one.rubric_id for one in stages if one.rubric_id and one.kind == Stage.Kind.SCORE}
        ),
        "reasons": _reasons(),
    }


def _cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "name": cycle.name,
        "award_year": cycle.award_year,
        "term_starts": cycle.term_starts.isoformat(),
        "term_ends": cycle.term_ends.isoformat() if cycle.term_ends else None,
        **{name: _moment(getattr(cycle, name)) for name in MOMENTS},
        **{name: getattr(cycle, name) for name in SETTINGS if name not in SILENT},
    }


def _moment(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).isoformat()


def _places(cycle: Cycle) -> dict[str, Any]:
    rows = CyclePlaces.objects.filter(cycle=cycle).select_related("category")
    return {row.category.slug: {"name": row.category.name, "places": row.places} for row in rows}


def _stage(stage: Stage) -> dict[str, Any]:
    """A rule that cannot be read stands as it is stored; such a stage never opens."""
    known = not rules.problems(stage.kind, stage.rule)
    return {
        "kind": stage.kind,
        "name": stage.public_name,
        "opens_at": _moment(stage.opens_at),
        "closes_at": _moment(stage.closes_at),
        "reviewer_role": stage.reviewer_role,
        "reviews_needed": stage.reviews_needed,
        **{name: getattr(stage, name) for name in RIGHTS},
        "rubric": stage.rubric.slug if stage.rubric and stage.kind == Stage.Kind.SCORE else None,
        "rule": rules.dump(rules.parse(stage.kind, stage.rule)) if known else dict(stage.rule),
        "draw_seed": stage.draw_seed,
    }


def _rubrics(pks: set[int]) -> dict[str, Any]:
    found = Rubric.objects.filter(pk__in=pks).prefetch_related("criteria__anchors")
    return {rubric.slug: rubric_as_data(rubric) for rubric in found}


def rubric_as_data(rubric: Rubric) -> dict[str, Any]:
    """A rubric as the rules hold it; reads its criteria and anchors where they are not there yet."""
    return {
        "name": rubric.name,
        "not_applicable_at_most": rubric.not_applicable_at_most,
        "reason_length": rubric.reason_length,
        "criteria": {
            one.code: {
                "name": one.name,
                "question": one.question,
                "weight": one.weight,
                "position": one.position,
                "anchors": {str(anchor.mark): anchor.sentence for anchor in one.anchors.all()},
            }
            for one in rubric.criteria.all()
        },
    }


def _reasons() -> dict[str, Any]:
    rows = ReasonCode.objects.filter(use__in=USES)
    return {f"{one.use}/{one.code}": {"label": one.label, "sentence": one.sentence} for one in rows}


def versions_of(cycle: Cycle) -> list[ProtocolVersion]:
    """All published versions, the first one first."""
    return list(ProtocolVersion.objects.filter(cycle=cycle).order_by("number"))


def is_published(cycle: Cycle) -> bool:
    """Whether the rules of a cycle are frozen: its first stage has opened."""
    return ProtocolVersion.objects.filter(cycle=cycle).exists()


def cycles_with_protocol() -> list[Cycle]:
    """Cycles whose rules are published, the newest first."""
    return list(Cycle.objects.filter(protocol__number=1).order_by("-opens_at")[:50])


def cycle_to_explain() -> Cycle | None:
    """The cycle that people wait for if its rules are published, else the newest whose rules are, else any."""
    shown = cycle_on_show()
    if shown is not None and is_published(shown):
        return shown
    published = cycles_with_protocol()
    return published[0] if published else shown or Cycle.objects.order_by("-opens_at").first()


def is_rubric_frozen(rubric: Rubric) -> bool:
    """Whether a cycle that is under way has published this rubric."""
    stages = rubric.stages.filter(cycle__protocol__number=1)
    out = Release.objects.filter(kind=Release.Kind.MAIN, state=states.RELEASED).values("cycle")
    return stages.exclude(cycle__in=out).exists()
