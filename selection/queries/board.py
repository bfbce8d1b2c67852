"""The decision board: the cases of a category in their order, and what stands beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery

from charter.models import Category, Cycle
from common import prepared
from common.joined import Joined
from selection import states
from selection.models import Candidacy, Stage
from selection.queries.balance import Balance, balance_of
from selection.queries.cases import IN_STAGE, candidacies_visible_to, led_by
from selection.queries.one import ANY_STAGE, filled, kept_for
from selection.queries.order import BY_AREA, BY_REGION, Narrowed, Order, Placed, order_of
from selection.queries.ranking import About, Figures, Light, abouts_of

ROWS = 50
LAST_PAGE = 1_000_000  # or any other that is too large
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
    def narrowed(self) -> Narrowed:
        """The same for the statement."""
        returning = {NEW: False, RETURNING: True}.get(self.holders)
        return Narrowed(self.region, self.area, returning, self.flag, self.outcome, self._page, ROWS)

    @property
    def _page(self) -> int:
        """As ``Paginator.get_page`` reads it: what is no number is the first page, what is too small the last one."""
        try:
            return max(0, min(int(self.page), LAST_PAGE)) if len(self.page) < 100 else LAST_PAGE
        except ValueError:
            return 1


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

    place: Placed
    about: About
    is_cut: bool

    @property
    def light(self) -> Light:
        return self.place.light

    @property
    def figures(self) -> Figures | None:
        return self.place.figures


@dataclass(frozen=True)
class Board:
    """A page of one category in one stage. ``order``: what is counted of all of its cases."""

    group: Group
    asked: Asked
    order: Order
    page: Page[Any]
    rows: list[BoardRow]
    balance: Balance
    regions: list[tuple[str, str]]
    areas: list[tuple[str, str]]
    cut_page: int | None


def board_of(user: Any, asked: Asked, group: Group) -> Board:
    """The page of a group that ``group_asked`` found, in two statements."""
    by_proposal = group.stage.state == states.STAGE_CLOSED and not group.is_what_if
    order = order_of(user, group.stage, group.category, group.count, asked.narrowed, by_proposal=by_proposal)
    about = abouts_of(place.light for place in order.rows)
    below = None if asked.filters else order.below
    here = [one for one in order.counted if one.is_here]
    return Board(
        group=group,
        asked=asked,
        order=order,
        page=Paginator(range(order.found), ROWS).page(order.page),
        rows=[BoardRow(one, about[one.light.pk], one.position == below) for one in order.rows],
        balance=balance_of(order, by_proposal=by_proposal),
        regions=_choices((one.region_slug, one.region) for one in here if one.kind == BY_REGION),
        areas=_choices((one.area_slug, one.area) for one in here if one.kind == BY_AREA),
        cut_page=None if below is None else below // ROWS + 1,
    )


def _choices(names: Iterable[tuple[str | None, str | None]]) -> list[tuple[str, str]]:
    """Slug and name of each that occurs, by name."""
    return sorted(((slug, name) for slug, name in names if slug and name), key=itemgetter(1))


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
        first = _first_of(there.filter(category=OuterRef("pk")))
        return Category.objects.alias(first=first).filter(first__isnull=False).order_by().values("pk")

    own = kept_for(user, "categories of a board", rows)
    if own is None:
        return []
    values = [stage.cycle_id, *filled(own, {ANY_STAGE: stage.pk})]
    found = []
    for *row, places in prepared.fetch(READ_CATEGORIES.format(own=own[0]), values):
        (category,) = CATEGORY.split(row)
        category.places = places
        found.append(category)
    return found


def outcome_of(stage: Stage, row: Light) -> str:
    """What is proposed for a case; ``UNDECIDED`` for one that the closed stage left open. Nothing of a hidden one."""
    if row.hidden:
        return ""
    if stage.state == states.STAGE_CLOSED and row.state == states.OPEN and not row.proposed:
        return UNDECIDED
    return row.proposed


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
