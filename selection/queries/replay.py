"""What is recorded of a closed selection, for computing it again: a fixed number of statements for a cycle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from awards import states as award_states
from awards.models import Award
from charter.models import Cycle
from common.models import HistoryRow
from nominations.models import Nomination
from selection import recorded, scoring, states
from selection.models import (
    Assignment,
    Candidacy,
    Decision,
    Override,
    Release,
    Review,
    Score,
    Stage,
)
from selection.queries.in_force import InForce, rules_in_force


def released_cycles() -> QuerySet[Cycle]:
    """Cycles whose main release went out, the oldest first."""
    released = Release.objects.filter(kind=Release.Kind.MAIN, state=states.RELEASED)
    return Cycle.objects.filter(pk__in=released.values("cycle")).order_by("award_year", "opens_at")


def cycles_named(name: str) -> QuerySet[Cycle]:
    """The cycle of a slug or a name."""
    return Cycle.objects.filter(Q(slug=name) | Q(name=name))


def facts_of(cycle: Cycle) -> recorded.CycleFacts:
    """Everything that its closed stages heard, and what they stored."""
    closed = Stage.objects.filter(cycle=cycle, state=states.STAGE_CLOSED).order_by("number")
    stages = list(closed.prefetch_related("draws__lines__candidacy"))
    rows = Candidacy.objects.filter(stage__in=stages)
    acts = _acts(stages, rows)
    in_force, unpublished = rules_in_force(cycle, stages)
    said = _Said(rows, acts, {pk: one.weights for pk, one in in_force.items()})
    kinds = list(Stage.objects.filter(cycle=cycle).order_by("number").values_list("number", "kind"))
    of_stage: dict[int, list[recorded.CandidacyFacts]] = defaultdict(list)
    for one in rows.select_related("nomination").order_by("pk"):
        of_stage[one.stage_id].append(said.facts(one))
    return recorded.CycleFacts(
        cycle=cycle.pk,
        award_year=cycle.award_year,
        is_released=released_cycles().filter(pk=cycle.pk).exists(),
        stages=tuple(
            recorded.StageFacts(
                number=one.number,
                kind=one.kind,
                rule=_rule(one, in_force[one.pk]),
                places=in_force[one.pk].places,
                following=next((kind for number, kind in kinds if number > one.number), ""),
                candidacies=tuple(of_stage[one.pk]),
                seed=one.draw_seed,
                draws=tuple(
                    recorded.DrawFacts(
                        draw.seed,
                        {line.candidacy.key: (line.position, line.digest) for line in draw.lines.all()},
                    )
                    for draw in one.draws.all()
                ),
            )
            for one in stages
        ),
        cases=_cases(rows),
        awards=tuple(_award(one) for one in Award.objects.filter(cycle=cycle).order_by("pk")),
        unpublished=tuple(unpublished),
    )


def _rule(stage: Stage, in_force: InForce) -> dict[str, Any]:
    codes = {"ineligible_codes": in_force.ineligible_codes} if stage.kind == Stage.Kind.SCREEN else {}
    return {**in_force.rule, **codes}


class _Acts(NamedTuple):
    """What the history says of a candidacy after its stage closed for the last time."""

    took_part: bool = False
    mean: str = ""
    ruled: str | None = None
    left_out: frozenset[str] = frozenset()
    resolved: str = ""
    board: tuple[tuple[str, int | None], ...] = (
        ("", None),
    )  # proposal and place on the reserve, the last stands
    later: bool = False
    again: str = ""


def _acts(stages: Iterable[Stage], rows: QuerySet[Candidacy]) -> dict[str, _Acts]:
    """Candidacy → its acts, read off the append-only history: nobody changes those without its seal breaking."""
    reopened = _history("stage", [one.key for one in stages]).filter(verb="reopen")
    since = max(reopened.values_list("pk", flat=True), default=0)
    acts: dict[str, _Acts] = defaultdict(_Acts)
    verbs = (
        "close",
        "resolve",
        "propose",
        "undo",
        "order_reserve",
        "look_again",
        "decide_again",
        "take_back",
    )
    keys = list(rows.values_list("key", flat=True))
    found = _history("candidacy", keys).filter(verb__in=verbs, pk__gt=since)
    for key, verb, codes in found.order_by("pk").values_list("key", "verb", "codes"):
        one, outcome = acts[key], str(codes.get("outcome", ""))
        if verb == "close":
            left_out = frozenset(codes.get("left_out", ()))
            acts[key] = _Acts(True, str(codes.get("mean", "")), codes.get("outcome"), left_out)
        elif verb == "resolve":
            acts[key] = one._replace(resolved=outcome)
        elif verb == "propose":
            acts[key] = one._replace(board=(*one.board, (outcome, None)))
        elif verb == "undo":
            acts[key] = one if codes.get("discussed") else one._replace(board=one.board[:-1])
        elif verb == "order_reserve":
            acts[key] = one._replace(board=(*one.board[:-1], (one.board[-1][0], codes.get("place"))))
        elif verb in ("look_again", "take_back"):
            acts[key] = one._replace(later=True, again="")
        else:
            left_out = frozenset(codes.get("left_out", ()))
            acts[key] = one._replace(later=True, again=outcome, left_out=left_out)
    return acts


def _history(kind: str, keys: list[str]) -> QuerySet[HistoryRow]:
    """Rows of these keys; one array is read faster than ten thousand parameters."""
    return HistoryRow.objects.filter(kind=kind).extra(where=["key = ANY(%s)"], params=[keys])


class _Said:
    """Reviews, overrides and decisions of a set of candidacies, by the row."""

    def __init__(
        self, rows: QuerySet[Candidacy], acts: dict[str, _Acts], weights: dict[int, Mapping[str, int]]
    ) -> None:
        self.acts, self.weights = acts, weights
        self.reviews = _reviews_of(rows, weights)
        self.anew = set(Assignment.objects.filter(candidacy__in=rows).values_list("candidacy_id", flat=True))
        self.overrides: dict[int, list[str]] = defaultdict(list)
        standing = Override.objects.filter(candidacy__in=rows, withdrawn_at=None).order_by("pk")
        for candidacy, outcome in standing.values_list("candidacy_id", "outcome"):
            self.overrides[candidacy].append(outcome)
        decisions = Decision.objects.filter(candidacy__in=rows).select_related("release", "award")
        self.decisions = {one.candidacy_id: one for one in decisions}

    def facts(self, one: Candidacy) -> recorded.CandidacyFacts:
        acts, decision = self.acts[one.key], self.decisions.get(one.pk)
        return recorded.CandidacyFacts(
            key=one.key,
            case=one.nomination.key,
            round=one.round,
            group=one.nomination.category_id,
            took_part=acts.took_part,
            reviews=tuple(
                recorded.ReviewFacts(
                    reviewer=row["assignment__reviewer__key"],
                    counts=row["assignment__reviewer__key"] not in acts.left_out,
                    marks=tuple(row["marks"]),
                    criteria=len(self.weights[one.stage_id]),
                    total=row["total"],
                    verdict=row["verdict"],
                    reason_code=row["reason_code"],
                )
                for row in self.reviews.get(one.pk, ())
            ),
            overrides=tuple(self.overrides[one.pk]),
            resolved=acts.resolved,
            on_board=acts.board[-1][0],
            reserve_order=acts.board[-1][1],
            later=acts.later,
            again=acts.again,
            read_anew=one.pk in self.anew,
            closed_mean=acts.mean,
            closed_as=acts.ruled,
            state=one.state,
            by_rule=one.by_rule,
            proposed=one.proposed,
            rank=one.rank,
            summary=scoring.Summary(one.reviews_in, one.mean, one.median, one.lowest, one.highest, one.sd),
            decision=_decision(decision) if decision else None,
        )


def _reviews_of(
    rows: QuerySet[Candidacy], weights: dict[int, Mapping[str, int]]
) -> dict[int, list[dict[str, Any]]]:
    """Candidacy → its reviews that are in, each with ``marks``: weight and mark of every score.

    ``weights``: stage → weights of its rubric as published; a criterion that is not in it weighs nothing.
    """
    reviews = Review.objects.filter(
        assignment__candidacy__in=rows, assignment__state=states.DONE, state=states.REVIEW_SUBMITTED
    )
    columns = (
        "pk", "assignment__candidacy", "assignment__candidacy__stage", "assignment__reviewer__key", "total",
        "verdict", "reason_code",
    )  # fmt: skip
    found = {row["pk"]: {**row, "marks": []} for row in reviews.order_by("pk").values(*columns)}
    scores = Score.objects.filter(review__in=reviews).order_by("criterion__position")
    for review, code, mark in scores.values_list("review_id", "criterion__code", "mark"):
        row = found[review]
        row["marks"].append((weights[row["assignment__candidacy__stage"]].get(code, 0), mark))
    of_case: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in found.values():
        of_case[row["assignment__candidacy"]].append(row)
    return of_case


def _decision(one: Decision) -> recorded.DecisionFacts:
    released = one.release.released_at if one.release else None
    return recorded.DecisionFacts(
        outcome=one.outcome,
        proposed=one.proposed,
        place=one.reserve_order,
        released=released is not None,
        order=one.pk,
        award=_award(one.award) if one.award else None,
    )


def _award(one: Award) -> recorded.AwardFacts:
    return recorded.AwardFacts(one.key, one.person_id, one.area_id, one.cycle_id, one.first_year)


def _cases(rows: QuerySet[Candidacy]) -> dict[str, recorded.CaseFacts]:
    """The nominations of these candidacies; an award without an end is that of another cycle."""
    cases = list(Nomination.objects.filter(pk__in=rows.values("nomination")))
    standing = (award_states.GRANTED, award_states.ON_HOLD)
    endless = Award.objects.filter(ends=None, state__in=standing, decision=None)
    held = set(
        endless.filter(person__in={one.nominee_id for one in cases}).values_list("person_id", "area_id")
    )
    return {
        one.key: recorded.CaseFacts(
            one.key,
            one.state,
            one.nominee_id,
            one.area_id,
            holds_for_good=(one.nominee_id, one.area_id) in held,
            is_shell=not one.nominee_name,
        )
        for one in cases
    }
