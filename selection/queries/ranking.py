"""A decision group in its order, as one person may see it: all of its rows, light, for the board and its export."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from awards.models import Award
from charter.models import Category
from people.models import Person
from people.queries import person_of
from selection import rules, states
from selection.calibration import DRAWS
from selection.models import Assignment, BatchLine, Candidacy, CaseNumbers, GroupNumbers, Stage
from selection.queries.cases import IN_STAGE, WORKING, candidacies_visible_to, without_own_missing
from selection.queries.numbers import digest_of
from selection.standing import Place, Seen, Standing, standing


class Light(NamedTuple):
    """One case. Where it is hidden, whatever others said and decided of it is left out.

    ``blind``: the reader reviews it in a stage that hides the nominee, so that it has no name here either.

    ``said``: what a chair decided on it last. ``tasks``: how many have it to review, or have handed in.
    ``years``: award years of the nominee until now.
    """

    pk: int
    key: str
    hidden: bool
    blind: bool
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    reviews: int | None
    tasks: int | None
    state: str
    by_rule: str
    proposed: str
    reserve_order: int | None
    said: str | None
    name: str
    latin_name: str | None
    years: int
    region: str | None
    region_name: str | None
    area: str | None
    area_name: str | None
    language: str | None

    @property
    def returning(self) -> bool:
        return self.years > 0


_COLUMNS = (
    "pk", "key", "own_missing", "blind", "mean", "lowest", "highest", "reviews_in", "tasks", "state", "by_rule", "proposed",
    "reserve_order", "said",
    "nomination__nominee_name", "nomination__nominee__latin_name", "years", "nomination__region__slug",
    "nomination__region__name", "nomination__area__slug", "nomination__area__name", "language",
)  # fmt: skip
_HIDDEN: dict[str, Any] = {
    "mean": None, "lowest": None, "highest": None, "reviews": None, "tasks": None,
    "state": "", "by_rule": "", "proposed": "", "reserve_order": None, "said": None,
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


def ranking_of(
    user: Any, stage: Stage, category: Category, count: int, visible: QuerySet[Candidacy] | None = None
) -> Ranking:
    """The cases of a category in a stage against ``count`` places, in three statements.

    ``visible``: the candidacies that this user may know of, where the caller has them already.
    """
    visible = candidacies_visible_to(user) if visible is None else visible
    rows = light_rows(visible, person_of(user), stage, category)
    seen = [row.pk for row in rows if not row.hidden]
    numbers = GroupNumbers.objects.filter(stage=stage, category=category, seen=digest_of(seen)).first()
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
    rows = light_rows(Candidacy.objects.all(), None, stage, category)
    numbers = GroupNumbers.objects.filter(stage=stage, category=category, is_whole=True).first()
    figures = _figures(numbers, count) if numbers is not None else {}
    shows_model = numbers is not None and not numbers.against_model
    by_calibrated = shows_model and stage.kind == Stage.Kind.SCORE and ranks_by_calibrated(stage)
    cases = [_seen(row, figures.get(row.pk), shows_model=shows_model) for row in rows]
    return standing(cases, count, by_calibrated=by_calibrated)


def ranks_by_calibrated(stage: Stage) -> bool:
    """Whether the protocol says that the calibrated score ranks, not the mean."""
    return rules.score_rule(stage.rule).rank_by == "calibrated"


def light_rows(
    visible: QuerySet[Candidacy], person: Person | None, stage: Stage, category: Category
) -> list[Light]:
    """Every case of the group among those that somebody may know of."""
    held = _count(Award.objects.filter(person=OuterRef("nomination__nominee")), "person", "first_year")
    working = Assignment.objects.filter(candidacy=OuterRef("pk"), state__in=(states.ASSIGNED, states.DONE))
    lines = BatchLine.objects.filter(candidacy=OuterRef("pk"), batch__undone_at=None)
    said = lines.order_by("-pk").values("after")[:1]
    cases = visible.filter(IN_STAGE, stage=stage, nomination__category=category).exclude(state=states.LEFT)
    own = Assignment.objects.filter(candidacy=OuterRef("pk"), reviewer=person, state__in=WORKING)
    rows = without_own_missing(cases, person).annotate(
        blind=Exists(own) if stage.hide_nominee else Value(False),
        years=held,
        tasks=_count(working, "candidacy", "pk"),
        said=Subquery(said),
        language=F("nomination__nominee__languages__0"),
    )
    return [_light(row) for row in rows.values_list(*_COLUMNS)]


def _count(rows: QuerySet[Any], of: str, what: str) -> Coalesce:
    """How many different ``what`` a correlated set has."""
    counted = rows.order_by().values(of).annotate(count=Count(what, distinct=True)).values("count")
    return Coalesce(Subquery(counted), Value(0))


def _light(row: Sequence[Any]) -> Light:
    light = Light._make(row)
    if light.blind:
        light = light._replace(name=_("Candidate %(key)s") % {"key": light.key}, latin_name="")
    return light._replace(**_HIDDEN) if light.hidden else light


def _seen(row: Light, figures: Figures | None, *, shows_model: bool) -> Seen:
    if row.hidden:
        return Seen(row.key, hidden=True)
    spread = row.highest - row.lowest if row.highest is not None and row.lowest is not None else None
    score = figures.score if figures is not None and shows_model else None
    return Seen(row.key, row.mean, score, figures.chance if figures is not None else None, spread)


class _Entry(Func):
    """``array[place]``, from 1; NULL past either end."""

    template = "(%(expressions)s])"
    arg_joiner = "["


def _figures(numbers: GroupNumbers, count: int) -> dict[int, Figures]:
    """Candidacy → its figures; chances at ``count`` places, as far as they are known."""
    place: Any = Value(count) - F("chances_from") + 1
    size = Func(F("chances"), function="cardinality", output_field=IntegerField())
    times = Case(
        When(chances_from__gt=count, then=Value(0)),
        default=Coalesce(
            _Entry(F("chances"), place, output_field=IntegerField()),
            _Entry(F("chances"), size, output_field=IntegerField()),
        ),
        output_field=IntegerField(),
    )
    known = count <= numbers.places_known or numbers.places_known == numbers.cases > 0
    rows = CaseNumbers.objects.filter(group=numbers).annotate(times=times)
    columns = rows.values_list("candidacy_id", "score", "se", "low", "high", "times")
    return {
        pk: Figures(score, se, low, high, times / DRAWS if known and times is not None else None)
        for pk, score, se, low, high, times in columns
    }
