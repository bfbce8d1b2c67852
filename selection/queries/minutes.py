"""The minutes of a decision group: who decided what, when and why. Of cases that the reader may see, and no others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from accounts.models import Role, User
from common.actor import pseudonym
from common.models import HistoryRow
from nominations.models import Conflict
from selection import states
from selection.models import (
    Assignment,
    BatchLine,
    DecisionBatch,
    Draw,
    Override,
    Stage,
)
from selection.queries.board import Group
from selection.queries.cases import candidacies_visible_to
from selection.queries.deciding import draws_shown_to, reserve_of
from selection.queries.ranking import Light, Ranking, ranking_of

RULED = (states.AWARD, states.RESERVE, states.NOT_THIS_TIME, states.CARRY_OVER)


@dataclass(frozen=True)
class Resolution:
    """A case that the rule left open and the office decided. ``by``: a name, empty where it is not known any more."""

    case: str
    outcome: str
    at: Any
    by: str
    reason: str


@dataclass(frozen=True)
class Minutes:
    """Everything that happened to a group, in order. ``counts``: by the rule and as proposed now, outcome → cases."""

    group: Group
    ranking: Ranking
    by_rule: dict[str, int]
    proposed: dict[str, int]
    batches: list[DecisionBatch]
    draws: list[Draw]
    resolutions: list[Resolution]
    overrides: list[Override]
    reserve: list[Light]
    recused: int
    ties: int


def minutes_of(user: Any, group: Group) -> Minutes:
    """The minutes as this user may read them, in a fixed number of statements."""
    ranking = ranking_of(user, group.stage, group.category, group.places)
    shown = [row for row in ranking.rows.values() if not row.hidden]
    seen = [row.pk for row in shown]
    return Minutes(
        group=group,
        ranking=ranking,
        by_rule=_counts(row.by_rule for row in shown),
        proposed=_counts(row.proposed for row in shown),
        batches=_batches(group, {row.pk: row.name for row in shown}),
        draws=draws_shown_to(user, group.stage, group.category),
        resolutions=_resolutions(shown),
        overrides=_overrides(user, group),
        reserve=reserve_of(ranking),
        recused=Assignment.objects.filter(candidacy__in=seen, state=states.RECUSED).count(),
        ties=Conflict.objects.filter(
            nomination__candidacies__in=seen, strength=Conflict.Strength.HARD
        ).count(),
    )


def _counts(outcomes: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def _batches(group: Group, names: dict[int, str]) -> list[DecisionBatch]:
    """Decisions in bulk with those of their lines that may be seen; one without any is not there.

    ``names``: candidacy → what it is called for this reader, who may review it without its name.
    """
    lines = BatchLine.objects.filter(candidacy__in=list(names))
    rows = DecisionBatch.objects.filter(
        stage=group.stage, category=group.category, lines__candidacy__in=list(names)
    ).distinct()
    found = list(
        rows.select_related("made_by", "undone_by")
        .prefetch_related(Prefetch("lines", lines.order_by("candidacy__rank", "candidacy__key")))
        .order_by("made_at", "pk")
    )
    shown: list[Any] = [line for batch in found for line in batch.lines.all()]
    for line in shown:
        line.name = names[line.candidacy_id]
    return found


def _resolutions(rows: list[Light]) -> list[Resolution]:
    names = {row.key: row.name for row in rows}
    found = HistoryRow.objects.filter(kind="candidacy", verb="resolve", key__in=list(names))
    found = found.select_related("text").order_by("pk")
    office = User.objects.filter(grants__role=Role.PROGRAM_OFFICE).select_related("person").distinct()
    people = {pseudonym(user): user.person.name for user in office if hasattr(user, "person")}
    return [
        Resolution(
            case=names[row.key],
            outcome=str(row.codes.get("outcome", "")),
            at=row.at,
            by=people.get(row.actor, ""),
            reason=row.text.text if hasattr(row, "text") else "",
        )
        for row in found
    ]


def _overrides(user: Any, group: Group) -> list[Override]:
    """What members of the council said against a proposal, withdrawn ones included."""
    cases = candidacies_visible_to(user).filter(
        stage__cycle=group.stage.cycle_id,
        stage__kind=Stage.Kind.COUNCIL,
        nomination__category=group.category,
    )
    rows = Override.objects.filter(candidacy__in=cases)
    return list(rows.select_related("member", "candidacy__nomination").order_by("made_at", "pk"))
