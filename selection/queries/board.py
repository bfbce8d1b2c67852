"""The decision board: the cases of a category in their order, and what stands beside them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from charter.models import Category, Cycle
from common import prepared
from common.joined import Joined
from selection import states
from selection.models import Candidacy, Stage
from selection.queries.balance import Balance, balance_of
from selection.queries.cases import IN_STAGE, candidacies_visible_to, led_by
from selection.queries.one import ANY_CYCLE, ANY_STAGE, filled, kept_for, listed
from selection.queries.ranking import About, Figures, Light, Ranking, abouts_of, ranking_of
from selection.standing import CLOSE, DISAGREE, SIDES, Place

ROWS = 50
FLAGS = (DISAGREE, CLOSE, SIDES)
NEW, RETURNING = "new", "returning"
UNDECIDED = "undecided"
OUTCOMES = (states.AWARD, states.RESERVE, states.NOT_THIS_TIME, states.INELIGIBLE, states.CARRY_OVER)


@dataclass(frozen=True)
class Asked:
    """What the address of the board asks for, as typed; what makes no sense counts as not asked."""

    stage: str = ""
    category: str = ""
    places: str = ""
    region: str = ""
    area: str = ""
    holders: str = ""
    flag: str = ""
    outcome: str = ""
    page: str = ""

    @property
    def filters(self) -> bool:
        return any((self.region, self.area, self.holders, self.flag, self.outcome))

    @property
    def for_discussion(self) -> bool:
        """Whether it asks for what chairs said, which is read for the cases of a page alone otherwise."""
        return self.flag == states.DISCUSS


@dataclass(frozen=True)
class Group:
    """A category in a stage, the places that were frozen with the protocol, and those that are asked about."""

    stage: Stage
    stages: list[Stage]
    category: Category
    categories: list[Category]
    places: int
    count: int

    @property
    def is_what_if(self) -> bool:
        return self.count != self.places

    @property
    def takes_proposals(self) -> bool:
        """Whether its stage has closed, the next has not begun, and no outcome waits in a release."""
        return self.stage.state == states.STAGE_CLOSED and not getattr(self.stage, "has_moved_on", False)


@dataclass(frozen=True)
class BoardRow:
    """One case. Where the reader's own review is missing, nothing that others said is in it. ``is_cut``: first below the line."""

    light: Light
    about: About
    place: Place
    figures: Figures | None
    is_cut: bool

    @property
    def rank(self) -> int | None:
        return self.place.rank


@dataclass(frozen=True)
class Board:
    """A page of one category in one stage."""

    group: Group
    asked: Asked
    ranking: Ranking
    page: Page[Any]
    rows: list[BoardRow]
    balance: Balance
    entered: int
    reviewed: int
    waiting: int
    regions: list[tuple[str, str]]
    areas: list[tuple[str, str]]
    flagged: dict[str, int]
    cut_page: int | None


def board_of(user: Any, asked: Asked, group: Group) -> Board:
    """The page of a group that ``group_asked`` found."""
    ranking = ranking_of(user, group.stage, group.category, group.count)
    lights = ranking.rows.values()
    about = abouts_of(lights) if asked.for_discussion else {}
    shown = ranking.places
    if asked.filters:
        shown = [place for place in shown if _is_asked(ranking, place, asked, about)]
    below = None if asked.filters else _first_below(ranking)
    listed = Paginator(shown, ROWS).get_page(asked.page or 1)
    on_page = list(listed.object_list)
    about = about or abouts_of(ranking.rows[place.seen.key] for place in on_page)
    needed = group.stage.reviews_needed
    return Board(
        group=group,
        asked=asked,
        ranking=ranking,
        page=listed,
        rows=_rows(ranking, on_page, about, below=below),
        balance=balance_of(user, ranking, what_if=group.is_what_if),
        entered=len(ranking.rows),
        reviewed=sum(1 for one in lights if (one.reviews or 0) >= needed),
        waiting=_waiting(group.stage, lights),
        regions=_choices({one.region: one.region_name for one in lights}),
        areas=_choices({one.area: one.area_name for one in lights}),
        flagged=dict(Counter(flag for place in ranking.places for flag in place.flags)),
        cut_page=None if below is None else below // ROWS + 1,
    )


def group_asked(user: Any, asked: Asked) -> Group | None:
    """Which group the address means, or the first there is, of those in which this user sees a case; two statements."""
    stages = _stages(user)
    stage = next((one for one in stages if one.key == asked.stage), stages[0] if stages else None)
    if stage is None:
        return None
    categories = _categories(user, stage)
    first = categories[0] if categories else None
    category = next((one for one in categories if one.slug == asked.category), first)
    if category is None:
        return None
    count = int(asked.places) if asked.places.isdecimal() and len(asked.places) < 6 else category.places
    return Group(stage, stages, category, categories, category.places, count)


CATEGORY = Joined(category=Category)
READ_CATEGORIES = f"""
    SELECT {CATEGORY.columns}, coalesce(
        (SELECT places FROM charter_cycleplaces WHERE cycle_id = %s AND category_id = category.id), 0
    )
    FROM charter_category AS category WHERE category.id IN ({{own}}) ORDER BY category.position, category.name
"""  # noqa: S608  names of columns alone


def _categories(user: Any, stage: Stage) -> list[Any]:
    """Categories that this user leads with cases of the stage that they see, each with its places in the cycle."""

    def rows() -> QuerySet[Any, Any]:
        there = candidacies_visible_to(user).exclude(state=states.LEFT)
        there = there.filter(IN_STAGE, led_by(user), stage=ANY_STAGE)
        there = there.filter(nomination__category=OuterRef("pk"))
        fresh = there.filter(nomination__cycle=ANY_CYCLE)  # found at once; what is carried over is of another
        first = Coalesce(_first_of(fresh), _first_of(there))
        return Category.objects.alias(first=first).filter(first__isnull=False).order_by().values("pk")

    own = kept_for(user, "categories of a board", rows)
    if own is None:
        return []
    values = [stage.cycle_id, *filled(own, {ANY_STAGE: stage.pk, ANY_CYCLE: stage.cycle_id})]
    found = []
    for *row, places in prepared.fetch(READ_CATEGORIES.format(own=own[0]), values):
        (category,) = CATEGORY.split(row)
        category.places = places
        found.append(category)
    return found


def _is_asked(ranking: Ranking, place: Place, asked: Asked, about: dict[int, About]) -> bool:
    """Whether a case is among those asked for. What is hidden of a case counts as absent."""
    row = ranking.rows[place.seen.key]
    return (
        (not asked.region or row.region == asked.region)
        and (not asked.area or row.area == asked.area)
        and (asked.holders not in (NEW, RETURNING) or row.returning == (asked.holders == RETURNING))
        and (not asked.flag or asked.flag in place.flags or _is_for_discussion(about.get(row.pk)))
        and (not asked.outcome or asked.outcome == outcome_of(ranking, row))
    )


def _is_for_discussion(about: About | None) -> bool:
    """``about`` is read before the rows of the page only where this is asked for."""
    return about is not None and about.said == states.DISCUSS


def outcome_of(ranking: Ranking, row: Light) -> str:
    """What is proposed for a case; ``UNDECIDED`` for one that the closed stage left open. Nothing of a hidden one."""
    if row.hidden:
        return ""
    if ranking.stage.state == states.STAGE_CLOSED and row.state == states.OPEN and not row.proposed:
        return UNDECIDED
    return row.proposed


def _rows(
    ranking: Ranking, places: Sequence[Place], about: dict[int, About], *, below: int | None
) -> list[BoardRow]:
    """The rows of a page; the line stands before the place number ``below`` of the whole order."""
    cut = None if below is None else ranking.places[below]
    lights = [(place, ranking.rows[place.seen.key]) for place in places]
    return [
        BoardRow(light, about[light.pk], place, ranking.figures_of(light), place is cut)
        for place, light in lights
    ]


def _first_below(ranking: Ranking) -> int | None:
    """Which of the places, counted from 0, is the first that is out, if there is one in before it: there the line stands."""
    for number, place in enumerate(ranking.places):
        if place.rank is None or place.rank > ranking.count:
            return number if number and place.rank is not None else None
    return None


def _choices(names: dict[str | None, str | None]) -> list[tuple[str, str]]:
    """Slug and name of each that occurs, by name."""
    return sorted(((slug, name) for slug, name in names.items() if slug and name), key=lambda pair: pair[1])


def _first_of(rows: QuerySet[Candidacy]) -> Subquery:
    """For whether there is any. Asked with EXISTS, the database would gather all cases of a stage first."""
    return Subquery(rows.values("pk")[:1])


STAGES = Joined(stage=Stage, cycle=Cycle)
# Whether a stage has moved on is asked of closed ones alone, and its decisions are looked through in the last place.
READ_STAGES = f"""
    SELECT {STAGES.columns}, EXISTS (
        SELECT FROM selection_stage AS later
        WHERE later.cycle_id = stage.cycle_id AND later.number > stage.number AND later.state <> 'planned'
    ) OR stage.state = 'closed' AND EXISTS (
        SELECT FROM selection_release WHERE cycle_id = stage.cycle_id
    ) AND EXISTS (
        SELECT FROM selection_decision AS decision JOIN selection_candidacy AS decided ON decided.id = decision.candidacy_id
        WHERE decided.stage_id = stage.id AND decision.release_id IS NOT NULL
    )
    FROM selection_stage AS stage JOIN charter_cycle AS cycle ON cycle.id = stage.cycle_id
    WHERE stage.id IN ({{own}}) ORDER BY stage.state <> 'open', stage.opens_at DESC, stage.id LIMIT 20
"""  # noqa: S608  names of columns alone


def _stages(user: Any) -> list[Any]:
    """Scored stages with cases that this user leads and sees, the running one first."""

    def rows() -> QuerySet[Any, Any]:
        there = candidacies_visible_to(user).exclude(state=states.LEFT)
        there = there.filter(led_by(user), stage=OuterRef("pk"))
        kinds = (Stage.Kind.SCORE, Stage.Kind.VOTE)
        stages = Stage.objects.alias(first=_first_of(there)).filter(first__isnull=False, kind__in=kinds)
        return stages.order_by().values("pk")

    own = kept_for(user, "stages of a board", rows)
    found = []
    for *row, has_moved_on in prepared.fetch(READ_STAGES.format(own=own[0]), own[1]) if own else []:
        stage, stage.cycle = STAGES.split(row)
        stage.has_moved_on = has_moved_on
        found.append(stage)
    return found


WAITING = """
    SELECT count(*) FROM unnest(%s::bigint[]) AS one (candidacy) WHERE %s::int > (
        SELECT count(*) FROM selection_assignment
        WHERE candidacy_id = one.candidacy AND state IN ('assigned', 'done')
    )
"""


def _waiting(stage: Stage, rows: Iterable[Light]) -> int:
    """How many cases have fewer tasks than the stage asks for, while it still gives tasks. Where as many reviews are
    in, there are as many tasks: the others alone are looked at."""
    if not stage.is_running():
        return 0
    needed = stage.reviews_needed
    open_ones = listed(row.pk for row in rows if row.reviews is not None and row.reviews < needed)
    return int(prepared.fetch(WAITING, [open_ones, needed])[0][0])
