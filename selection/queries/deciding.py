"""What a decision in bulk would do, what was decided on the board before, and which ties are drawn."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from charter.models import Category
from common import prepared
from common.joined import Joined
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import BatchLine, Candidacy, DecisionBatch, Draw, DrawLine, Stage
from selection.queries.board import Group
from selection.queries.cases import IN_STAGE, latin_name_of, name_of, with_blind
from selection.queries.kept import is_kept, keeps
from selection.queries.numbers import hidden_lines, seen_of_group
from selection.queries.ranking import Light, Ranking, ranking_of, whole_standing
from selection.standing import CLOSE, Place, tied_across

BAND, TIE, RULE = "band", "tie", "rule"


class Line(NamedTuple):
    """One case of a decision in bulk. ``asks``: why it needs a reason or a draw; empty if it needs neither.

    ``BAND``: too close to call. ``TIE``: equals stand on both sides of the line. ``RULE``: the rule said otherwise.
    """

    light: Light
    place: Place
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What would happen. ``missing``: keys that are no case that this user may decide on. ``same``: nothing changes.

    ``awards``: proposed for the award as things stand, and after it, of the cases that this user sees.
    """

    stage: Stage
    category: Category
    outcome: str
    lines: list[Line]
    missing: list[str]
    awards: tuple[int, int]
    places: int

    @property
    def needs_reason(self) -> bool:
        return any(line.asks for line in self.lines)

    @property
    def has_room(self) -> bool:
        """Whether the places suffice, as far as this user sees; a vote has no places."""
        before, after = self.awards
        return after <= max(before, self.places) or self.stage.kind == Stage.Kind.VOTE


def plan_of(user: Any, group: Group, *, outcome: str, keys: Iterable[str]) -> Plan:
    """What a decision about these cases would change; six statements, however many cases."""
    ranking = ranking_of(user, group.stage, group.category, group.places)
    places = {place.seen.key: place for place in ranking.places}
    chosen = list(dict.fromkeys(keys))
    found = [key for key in chosen if key in places and not ranking.rows[key].hidden]
    drawn = _drawn(ranking, found)
    lines = [_line(ranking, places[key], outcome, drawn) for key in found]
    before = sum(1 for row in ranking.rows.values() if row.proposed == states.AWARD)
    now = sum(1 for line in lines if line.light.proposed == states.AWARD)
    changed = len(lines) - now if outcome == states.AWARD else -now if outcome != states.DISCUSS else 0
    return Plan(
        stage=group.stage,
        category=group.category,
        outcome=outcome,
        lines=lines,
        missing=[key for key in chosen if key not in found],
        awards=(before, before + changed),
        places=group.places,
    )


def _line(ranking: Ranking, place: Place, outcome: str, drawn: dict[int, bool]) -> Line:
    light = ranking.rows[place.seen.key]
    asks: list[str] = []
    if outcome != states.DISCUSS and drawn.get(light.pk) is not (outcome == states.AWARD):
        asks += [BAND] if CLOSE in place.flags else []
        asks += [TIE] if place.is_tied else []
        asks += [RULE] if light.by_rule not in ("", outcome) or not (light.by_rule or place.is_tied) else []
    return Line(light, place, tuple(asks))


def _drawn(ranking: Ranking, keys: Sequence[str]) -> dict[int, bool]:
    """Candidacy → whether its draw put it among the places; only of ties that still stand as they were drawn."""
    tied = {ranking.rows[key].pk for key in tied_across(ranking.places)}
    pks = [ranking.rows[key].pk for key in keys if ranking.rows[key].pk in tied]
    rows = DrawLine.objects.filter(candidacy__in=pks, draw__stage=ranking.stage)
    columns = rows.values_list("candidacy_id", "position", "draw__places")
    return {pk: position <= places for pk, position, places in columns}


BATCH = Joined(batch=DecisionBatch, person=Person)
LAST_BATCH = f"""
    SELECT {BATCH.columns}, ARRAY(SELECT candidacy_id FROM selection_batchline WHERE batch_id = batch.id)
    FROM selection_decisionbatch AS batch JOIN people_person AS person ON person.id = batch.made_by_id
    WHERE batch.stage_id = %s AND batch.category_id = %s AND batch.undone_at IS NULL ORDER BY batch.id DESC LIMIT 1
"""  # noqa: S608  names of columns alone


def last_batch(group: Group, seen: Set[int]) -> DecisionBatch | None:
    """The newest act on a group that stands, if the reader sees every case in it: the one that can be undone.

    ``seen``: the candidacies whose outcomes are the reader's to know."""
    rows = prepared.fetch(LAST_BATCH, [group.stage.pk, group.category.pk])
    if not rows:
        return None
    *row, cases = rows[0]
    batch, batch.made_by = BATCH.split(row)
    batch.cases = cases
    return batch if seen >= set(cases) else None


def draw_of(tied: Sequence[int]) -> Draw | None:
    """The draw between candidacies that are equal on both sides of the line, if there was one."""
    return Draw.objects.filter(lines__candidacy__in=tied).first() if tied else None


def batches_visible_to(user: Any) -> QuerySet[DecisionBatch]:
    """Decisions in bulk in which no case, and nothing that became of one, is hidden from this user."""
    lines = BatchLine.objects.filter(batch=OuterRef("pk"))
    return DecisionBatch.objects.filter(~Exists(hidden_lines(user, lines)), ~Exists(_kept_lines(user, lines)))


def draws_visible_to(user: Any) -> QuerySet[Draw]:
    """Draws in which no case, and nothing that became of one, is hidden from this user."""
    lines = DrawLine.objects.filter(draw=OuterRef("pk"))
    return Draw.objects.filter(~Exists(hidden_lines(user, lines)), ~Exists(_kept_lines(user, lines)))


def _kept_lines(user: Any, lines: QuerySet[Any]) -> QuerySet[Any]:
    return lines.filter(is_kept(person_of(user), "candidacy__"))


def batch_shown_to(user: Any, key: str) -> DecisionBatch | None:
    """A decision in bulk by its key, if this user sees any case in it."""
    batch = DecisionBatch.objects.filter(key=key).select_related("stage__cycle", "category").first()
    if batch is None or keeps(person_of(user), batch.stage, batch.category_id):
        return None
    seen = seen_of_group(user, batch.stage, batch.category)
    return batch if batch.lines.filter(candidacy__in=seen).exists() else None


def sees_all(user: Any, batch: DecisionBatch) -> bool:
    """Whether no case of a batch is hidden from this user."""
    seen = seen_of_group(user, batch.stage, batch.category)
    return not batch.lines.exclude(candidacy__in=seen).exists()


class Tie(NamedTuple):
    """Cases that are equal on both sides of the line; ``room``: how many of them have a place."""

    candidacies: list[Candidacy]
    room: int


def tie_to_draw(user: Any, stage: Stage, category: Category, places: int) -> Tie | None:
    """The tie across the line, if all of its cases are this user's to see; else none.

    Computed over the whole group: whom one may not see, one may not draw about.
    """
    ranked = whole_standing(stage, category, places).places
    keys = tied_across(ranked)
    seen = seen_of_group(user, stage, category)
    tied = list(Candidacy.objects.filter(key__in=keys).order_by("key"))
    if not tied or not all(one.pk in seen for one in tied):
        return None
    first = next(one.rank for one in ranked if one.is_tied)
    return Tie(tied, places - (first or 1) + 1)


def draws_shown_to(user: Any, stage: Stage, category: Category) -> list[Draw]:
    """The draws of a group in which this user may see every case; each with its lines and their ``name`` and ``latin``."""
    seen = seen_of_group(user, stage, category)
    rows = Draw.objects.filter(stage=stage, category=category).select_related("drawn_by")
    cases = with_blind(Candidacy.objects.select_related("nomination__nominee"), person_of(user))
    drawn = list(rows.prefetch_related(Prefetch("lines__candidacy", cases)))
    lines: list[Any] = [line for one in drawn for line in one.lines.all()]
    for line in lines:
        line.name, line.latin = name_of(line.candidacy), latin_name_of(line.candidacy)
    return [one for one in drawn if all(line.candidacy_id in seen for line in one.lines.all())]


def draw_shown_to(user: Any, key: str) -> Draw | None:
    """One of them by its key."""
    found = Draw.objects.filter(key=key).select_related("stage__cycle", "category").first()
    if found is None or keeps(person_of(user), found.stage, found.category_id):
        return None
    return next((one for one in draws_shown_to(user, found.stage, found.category) if one.key == key), None)


def reserve_of(ranking: Ranking) -> list[Light]:
    """The reserve in its order: as the chair put it, then by rank."""
    ranks = {place.seen.key: place.rank for place in ranking.places}
    rows = [row for row in ranking.rows.values() if row.proposed == states.RESERVE]
    return sorted(
        rows,
        key=lambda row: (
            row.reserve_order is None, row.reserve_order or 0,
            ranks[row.key] is None, ranks[row.key] or 0, row.key,
        ),
    )  # fmt: skip


def reserve_rows(stage: Stage, category: Category | None) -> list[Candidacy]:
    """The whole reserve of a group in its order, for whoever puts it into another."""
    rows = Candidacy.objects.filter(
        IN_STAGE, stage=stage, category=category, proposed=states.RESERVE
    ).exclude(state=states.LEFT)
    return list(rows.order_by(F("reserve_order").asc(nulls_last=True), F("rank").asc(nulls_last=True), "key"))
