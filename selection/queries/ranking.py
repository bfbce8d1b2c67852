"""A decision group in its order, as one person may see it: all of its rows, light, for the board and its export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from awards.models import Award
from charter.models import Category
from common import prepared
from common.joined import Joined
from common.prepared import Kept
from people.models import Person
from people.queries import person_of
from selection import rules, states
from selection.calibration import DRAWS
from selection.models import Assignment, BatchLine, Candidacy, GroupNumbers, Stage
from selection.queries.cases import IN_STAGE, WORKING, candidacies_visible_to, without_own_missing
from selection.queries.numbers import digest_of
from selection.queries.one import ANY_CATEGORY, ANY_STAGE, among, rows_for
from selection.standing import Place, Seen, Standing, standing


class Light(NamedTuple):
    """One case. Where it is hidden, whatever others said and decided of it is left out. There is one for each case
    of the group: what only a page shows is in ``About``.

    ``blind``: the reader reviews it in a stage that hides the nominee, so that it has no name here either.
    """

    pk: int
    key: str
    hidden: bool
    blind: bool
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    reviews: int | None
    state: str
    by_rule: str
    proposed: str
    reserve_order: int | None
    name: str
    latin_name: str | None
    region_name: str | None
    area_name: str | None


_COLUMNS = (
    "pk", "key", "own_missing", "blind", "mean", "lowest", "highest", "reviews_in", "state", "by_rule", "proposed",
    "reserve_order", "nomination__nominee_name", "nomination__nominee__latin_name", "nomination__region__name",
    "nomination__area__name",
)  # fmt: skip


class About(NamedTuple):
    """What a page shows of a case besides, read for the cases of a page alone.

    ``tasks``: how many have it to review, or have handed in; ``said``: what a chair decided on it last. Both are None
    where the case is hidden. ``years``: award years of the nominee until now.
    """

    tasks: int | None
    said: str | None
    years: int


_HIDDEN: dict[str, Any] = {
    "mean": None, "lowest": None, "highest": None, "reviews": None,
    "state": "", "by_rule": "", "proposed": "", "reserve_order": None,
}  # fmt: skip


class Figures(NamedTuple):
    """The model's figures of one case: score, standard error, interval, and P(in) at the places asked about."""

    score: Decimal
    se: float | None
    low: float | None
    high: float | None
    chance: float | None


@dataclass(frozen=True)
class Ranking:
    """All cases of a group that somebody may see. ``numbers``: none where they are not computed yet."""

    stage: Stage
    category: Category
    count: int
    rows: dict[str, Light]
    figures: dict[int, Figures]
    numbers: GroupNumbers | None
    standing: Standing
    shows_model: bool

    @property
    def places(self) -> Sequence[Place]:
        """In their order."""
        return self.standing.places

    def figures_of(self, row: Light) -> Figures | None:
        return None if row.hidden else self.figures.get(row.pk)


def ranking_of(user: Any, stage: Stage, category: Category, count: int) -> Ranking:
    """The cases of a category in a stage against ``count`` places, in three statements."""
    rows = light_rows(user, stage, category)
    seen = [row.pk for row in rows if not row.hidden]
    numbers = _numbers(stage, category, digest_of(seen))
    figures = _figures(numbers, count) if numbers is not None else {}
    shows_model = numbers is not None and not numbers.against_model
    by_calibrated = shows_model and stage.kind == Stage.Kind.SCORE and ranks_by_calibrated(stage)
    cases = [_seen(row, figures.get(row.pk), shows_model=shows_model) for row in rows]
    return Ranking(
        stage=stage,
        category=category,
        count=count,
        rows={row.key: row for row in rows},
        figures=figures,
        numbers=numbers,
        standing=standing(cases, count, by_calibrated=by_calibrated),
        shows_model=shows_model,
    )


def whole_standing(stage: Stage, category: Category, count: int) -> Standing:
    """How the whole group stands, whoever asks: for acts that must not depend on that. Never shown to anybody."""
    found = group_rows(Candidacy.objects.all(), None, stage.pk, category.pk, hides=False)
    rows = _lights(found.values_list(*_COLUMNS))
    numbers = GroupNumbers.objects.filter(stage=stage, category=category, is_whole=True).first()
    figures = _figures(numbers, count) if numbers is not None else {}
    shows_model = numbers is not None and not numbers.against_model
    by_calibrated = shows_model and stage.kind == Stage.Kind.SCORE and ranks_by_calibrated(stage)
    cases = [_seen(row, figures.get(row.pk), shows_model=shows_model) for row in rows]
    return standing(cases, count, by_calibrated=by_calibrated)


def ranks_by_calibrated(stage: Stage) -> bool:
    """Whether the protocol says that the calibrated score ranks, not the mean."""
    return rules.score_rule(stage.rule).rank_by == "calibrated"


def light_rows(user: Any, stage: Stage, category: Category) -> list[Light]:
    """Every case of the group among those that this user may know of."""
    hides = stage.hide_nominee

    def rows() -> QuerySet[Any, Any]:
        visible = candidacies_visible_to(user)
        return group_rows(visible, person_of(user), ANY_STAGE, ANY_CATEGORY, hides=hides).values_list(
            *_COLUMNS
        )

    name = "ranking without names" if hides else "ranking"
    return _lights(rows_for(user, name, rows, {ANY_STAGE: stage.pk, ANY_CATEGORY: category.pk}))


def group_rows(
    visible: QuerySet[Candidacy], person: Person | None, stage: int, category: int, *, hides: bool
) -> QuerySet[Any, Any]:
    """Of ``visible`` those of a group, with ``own_missing`` and ``blind``; ``hides``: the stage has no names."""
    cases = visible.filter(IN_STAGE, stage=stage, category=category).exclude(state=states.LEFT)
    own = Assignment.objects.filter(reviewer=person, state__in=WORKING)
    return without_own_missing(cases, person).annotate(
        blind=Q(pk__in=own.values("candidacy")) if hides else Value(False)
    )


def abouts_of(rows: Iterable[Light]) -> dict[int, About]:
    """Candidacy → what a page shows of it besides, in one statement; of rows that the reader may see."""
    lights = {row.pk: row for row in rows}
    found = {pk: columns for pk, *columns in ABOUTS.fetch(list(lights))}
    return {pk: _about(light, *found.get(pk, GONE)) for pk, light in lights.items()}


def _abouts() -> QuerySet[Any, Any]:
    held = Award.objects.filter(person=OuterRef("nomination__nominee"))
    working = Assignment.objects.filter(candidacy=OuterRef("pk"), state__in=WORKING)
    lines = BatchLine.objects.filter(candidacy=OuterRef("pk"), batch__undone_at=None)
    rows = Candidacy.objects.filter(pk__in=among(Kept.ANY)).annotate(
        tasks=_count(working, "candidacy", "pk"),
        said=Subquery(lines.order_by("-pk").values("after")[:1]),
        years=_count(held, "person", "first_year"),
    )
    return rows.values_list("pk", "tasks", "said", "years")


ABOUTS = Kept(_abouts)
GONE = (0, None, 0)  # taken out of the stage between two statements


def _about(light: Light, tasks: int, said: str | None, years: int) -> About:
    return About(None, None, years) if light.hidden else About(tasks, said, years)


def _lights(rows: Iterable[Sequence[Any]]) -> list[Light]:
    return [_light(row) for row in rows]


def _count(rows: QuerySet[Any], of: str, what: str) -> Coalesce:
    """How many different ``what`` a correlated set has."""
    counted = rows.order_by().values(of).annotate(count=Count(what, distinct=True)).values("count")
    return Coalesce(Subquery(counted), Value(0))


def _light(row: Sequence[Any]) -> Light:
    light = Light._make(row)
    if light.blind:
        light = light._replace(name=called(light.key, light.name, is_blind=True), latin_name="")
    return light._replace(**_HIDDEN) if light.hidden else light


def called(key: str, name: str, *, is_blind: bool) -> str:
    """What a case is called for its reader."""
    return _("Candidate %(key)s") % {"key": key} if is_blind else name


def _seen(row: Light, figures: Figures | None, *, shows_model: bool) -> Seen:
    if row.hidden:
        return Seen(row.key, hidden=True)
    spread = row.highest - row.lowest if row.highest is not None and row.lowest is not None else None
    score = figures.score if figures is not None and shows_model else None
    return Seen(row.key, row.mean, score, figures.chance if figures is not None else None, spread)


NUMBERS = Joined(numbers=GroupNumbers)
READ_NUMBERS = f"""
    SELECT {NUMBERS.columns} FROM selection_groupnumbers AS numbers
    WHERE stage_id = %s AND category_id = %s AND seen = %s
"""  # noqa: S608  names of columns alone


def _numbers(stage: Stage, category: Category, seen: str) -> GroupNumbers | None:
    rows = prepared.fetch(READ_NUMBERS, [stage.pk, category.pk, seen])
    return NUMBERS.split(rows[0])[0] if rows else None


# Past the last chance that is stored all others are the same; before the first they are 0.
FIGURES = """
    SELECT candidacy_id, score, se, low, high, CASE
        WHEN chances_from > %(count)s THEN 0
        ELSE coalesce(chances[%(count)s - chances_from + 1], chances[cardinality(chances)])
    END
    FROM selection_casenumbers WHERE group_id = %(group)s
"""


def _figures(numbers: GroupNumbers, count: int) -> dict[int, Figures]:
    """Candidacy → its figures; chances at ``count`` places, as far as they are known."""
    known = count <= numbers.places_known or numbers.places_known == numbers.cases > 0
    return {
        pk: Figures(score, se, low, high, times / DRAWS if known and times is not None else None)
        for pk, score, se, low, high, times in prepared.fetch(FIGURES, {"count": count, "group": numbers.pk})
    }
