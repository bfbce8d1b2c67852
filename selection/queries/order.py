"""A decision group that the database puts in order: the rows of one page, and what is counted of all cases.

Only what is drawn leaves the database, so that a page of a category of thousands costs little more than one of fifty.
It follows ``selection.standing``, by which acts, minutes and exports go; a test lays the two beside each other. As
there, a hidden case stands at the end, and nothing that others said of it is looked at, but for the reader's right to
know that it exists.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from awards.models import Award
from charter.models import Category
from common import prepared
from nominations import states as cases
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.queries import person_of
from selection import states
from selection.calibration import DRAWS
from selection.models import GroupNumbers, Stage
from selection.queries.cases import candidacies_visible_to
from selection.queries.one import ANY_CATEGORY, ANY_CYCLE, ANY_STAGE, kept_for
from selection.queries.ranking import NUMBERS, Figures, Light, called, group_rows, ranks_by_calibrated
from selection.standing import APART, CLOSE, CLOSE_CALL, DISAGREE, SIDES

NOT_NOMINATED = (cases.DRAFT, cases.MERGED)
BEFORE_COMPLETE = (cases.INVITED, cases.ACCEPTED, cases.DECLINED, cases.EXPIRED, cases.WITHDRAWN)
RESERVE_SHOWN = 50


class Narrowed(NamedTuple):
    """Which of the cases are asked for; empty words ask for all. ``page`` counts from 1, what is too small or too large
    means the last one."""

    region: str
    area: str
    returning: bool | None
    flag: str
    outcome: str
    page: int
    rows: int


class Placed(NamedTuple):
    """A case and where it stands, as ``standing.Place`` and ``Figures`` say it. ``position``: in the order, from 0."""

    light: Light
    position: int
    rank: int | None
    is_in: bool
    is_tied: bool
    flags: tuple[str, ...]
    figures: Figures | None


class Counted(NamedTuple):
    """How many cases are alike: of a region, an area, a language, holders or not, as ``kind`` says, or all of them.

    ``taken``: have a place. ``nominated``: in this cycle, whether in the group or not; ``complete`` of those. ``is_here``:
    some are in the group.
    """

    kind: int
    region_slug: str | None
    region: str | None
    area_slug: str | None
    area: str | None
    language: str | None
    returning: bool | None
    taken: int
    nominated: int
    complete: int
    is_here: bool


class Reserved(NamedTuple):
    """A case on the reserve, and what it is called for the reader."""

    key: str
    name: str


@dataclass(frozen=True)
class Order:
    """A page of a group, and what is counted of all of it. ``found``: how many are like what is asked for; ``lowest``: the
    lowest mean or end of an interval; ``below``: the place in the order, from 0, of the first case below the line.

    ``seen``: the candidacies that are not hidden, ``tied`` those that are equal on both sides of the line.
    """

    page: int
    found: int
    rows: list[Placed]
    reserve: list[Reserved]
    numbers: GroupNumbers | None
    shows_model: bool
    by_calibrated: bool
    line: Decimal | None
    lowest: float | None
    below: int | None
    entered: int
    reviewed: int
    waiting: int
    flagged: dict[str, int]
    seen: frozenset[int]
    tied: list[int]
    counted: list[Counted]


# {group}: the cases of the group that the reader may know of, as ``_group`` names their columns; {others}: nominations
# of the category that are not among them, as ``_others`` does. Values have names that none of theirs has.
READ = """
WITH known (
    pk, key, hidden, blind, mean, lowest, highest, reviews, state, by_rule, proposed, reserve_order, name, latin_name,
    nomination, region, area, language, is_holder, is_nominated, is_complete
) AS MATERIALIZED ({group}),
seen AS (
    SELECT string_agg(pk::text, ',' ORDER BY pk) AS keys FROM known WHERE NOT hidden
),
figured AS MATERIALIZED (
    SELECT id, against_model = '[]' AS shows_model,
        %(count)s::int <= places_known OR (places_known = cases AND cases > 0) AS knows_chances
    FROM selection_groupnumbers
    WHERE stage_id = %(stage)s::bigint AND category_id = %(category)s::bigint AND seen = (
        SELECT encode(sha256(convert_to(coalesce(keys, ''), 'UTF8')), 'hex') FROM seen
    )
),
heard AS MATERIALIZED (
    SELECT known.pk, key, hidden, blind, state, by_rule, name, latin_name, region, area, language, is_holder,
        is_nominated, is_complete,
        CASE WHEN NOT hidden THEN mean END AS mean, CASE WHEN NOT hidden THEN lowest END AS lowest,
        CASE WHEN NOT hidden THEN highest END AS highest, CASE WHEN NOT hidden THEN reviews END AS reviews,
        CASE WHEN hidden THEN '' ELSE proposed END AS proposed, CASE WHEN NOT hidden THEN reserve_order END AS reserve_order,
        figures.score, figures.se, figures.low, figures.high,
        CASE WHEN NOT figured.knows_chances OR figures.score IS NULL THEN NULL WHEN chances_from > %(count)s::int THEN 0
            ELSE coalesce(chances[%(count)s::int - chances_from + 1], chances[cardinality(chances)])
        END / %(draws)s::float8 AS chance,
        CASE WHEN figured.shows_model THEN figures.score END AS calibrated
    FROM known LEFT JOIN figured ON TRUE
    LEFT JOIN selection_casenumbers AS figures
        ON figures.group_id = figured.id AND figures.candidacy_id = known.pk AND NOT hidden
),
how AS MATERIALIZED (
    SELECT %(by_calibrated)s::boolean AND count(*) > 0 AND bool_and(calibrated IS NOT NULL) AS by_calibrated
    FROM heard WHERE mean IS NOT NULL
),
valued AS (
    SELECT heard.*, CASE WHEN by_calibrated AND mean IS NOT NULL THEN calibrated ELSE mean END AS value,
        CASE WHEN by_calibrated OR mean IS NULL THEN mean ELSE calibrated END AS other
    FROM heard, how
),
ranked AS (
    SELECT valued.*, row_number() OVER in_order AS position,
        CASE WHEN value IS NOT NULL THEN rank() OVER by_value END AS rank,
        CASE WHEN value IS NOT NULL THEN count(*) OVER by_value END AS last,
        CASE WHEN other IS NOT NULL THEN rank() OVER (ORDER BY other DESC NULLS LAST) END AS other_rank
    FROM valued
    WINDOW by_value AS (ORDER BY value DESC NULLS LAST),
        in_order AS (ORDER BY value DESC NULLS LAST, key COLLATE "C")
),
placed AS MATERIALIZED (
    SELECT ranked.*, coalesce(last <= %(count)s::int, FALSE) AS is_in,
        coalesce(rank <= %(count)s::int AND last > %(count)s::int, FALSE) AS is_tied,
        coalesce(highest - lowest >= %(apart)s::numeric, FALSE) AS disagrees,
        coalesce(chance > %(close_from)s::float8 AND chance < %(close_to)s::float8, FALSE) AS is_close,
        coalesce((rank <= %(count)s::int) <> (other_rank <= %(count)s::int), FALSE) AS differs
    FROM ranked
),
asked AS MATERIALIZED (
    SELECT position, row_number() OVER (ORDER BY position) AS number FROM placed
    WHERE (%(region)s::text = '' OR region = (SELECT id FROM charter_region WHERE slug = %(region)s::text))
        AND (%(area)s::text = '' OR area = (SELECT id FROM charter_area WHERE slug = %(area)s::text))
        AND (%(returning)s::boolean IS NULL OR is_holder = %(returning)s::boolean)
        AND CASE %(flag)s::text WHEN '' THEN TRUE WHEN '{disagree}' THEN disagrees WHEN '{close}' THEN is_close
            WHEN '{sides}' THEN differs WHEN '{discuss}' THEN NOT hidden AND coalesce((
                SELECT line.after FROM selection_batchline AS line
                JOIN selection_decisionbatch AS batch ON batch.id = line.batch_id
                WHERE line.candidacy_id = pk AND batch.undone_at IS NULL ORDER BY line.id DESC LIMIT 1
            ) = '{discuss}', FALSE) ELSE FALSE END
        AND (%(outcome)s::text = '' OR NOT hidden AND %(outcome)s::text = CASE
            WHEN %(is_closed)s::boolean AND state = 'open' AND proposed = '' THEN 'undecided' ELSE proposed END)
),
leaf AS (
    SELECT found, CASE WHEN %(page)s::int BETWEEN 1 AND pages THEN %(page)s::int ELSE pages END AS page FROM (
        SELECT count(*) AS found, greatest(1, ceil(count(*) / %(rows)s::float8))::int AS pages FROM asked
    ) AS counted
),
kinds AS (
    SELECT region, area, language, is_holder, is_complete, is_nominated, TRUE AS is_here,
        CASE WHEN %(by_proposal)s::boolean THEN proposed = 'award' ELSE is_in END AS is_taken
    FROM placed
    UNION ALL
    SELECT region, area, language, is_holder, is_complete, TRUE, FALSE, FALSE
    FROM ({others}) AS others (region, area, language, is_holder, is_complete)
),
shares AS (
    SELECT grouping(region, area, language, is_holder) AS kind, region, area, language, is_holder,
        count(*) FILTER (WHERE is_taken) AS taken, count(*) FILTER (WHERE is_nominated) AS nominated,
        count(*) FILTER (WHERE is_nominated AND is_complete) AS complete, bool_or(is_here) AS is_here
    FROM kinds GROUP BY GROUPING SETS ((region), (area), (language), (is_holder), ())
),
facts AS (
    SELECT count(*) AS entered, count(*) FILTER (WHERE coalesce(reviews, 0) >= %(needed)s::int) AS reviewed,
        count(*) FILTER (WHERE disagrees) AS disagree, count(*) FILTER (WHERE is_close) AS close,
        count(*) FILTER (WHERE differs) AS sides,
        (max(value) FILTER (WHERE position = %(count)s::int) + max(value) FILTER (WHERE position = %(count)s::int + 1)) / 2
            AS line,
        least(min(low), min(mean)::float8) AS lowest, min(position) FILTER (WHERE rank > %(count)s::int) AS below,
        array_agg(pk) FILTER (WHERE is_tied) AS tied
    FROM placed
)
SELECT {numbers}, leaf.page, leaf.found, how.by_calibrated, facts.*, seen.keys,
    CASE WHEN %(is_running)s::boolean THEN (
        SELECT count(*) FROM placed WHERE reviews < %(needed)s::int AND %(needed)s::int > (
            SELECT count(*) FROM selection_assignment
            WHERE candidacy_id = placed.pk AND state IN ('assigned', 'done')
        )
    ) ELSE 0 END,
    (
        SELECT json_agg(json_build_array(
            pk, key, hidden, blind, mean::text, lowest::text, highest::text, reviews,
            CASE WHEN hidden THEN '' ELSE state END, CASE WHEN hidden THEN '' ELSE by_rule END, proposed, reserve_order,
            placed.name, latin_name, region.name, area.name,
            rank, is_in, is_tied, disagrees, is_close, differs,
            placed.score::text, se, low, high, chance, placed.position
        ) ORDER BY placed.position)
        FROM asked JOIN placed USING (position)
        LEFT JOIN charter_region AS region ON region.id = placed.region
        LEFT JOIN charter_area AS area ON area.id = placed.area
        WHERE asked.number > (leaf.page - 1) * %(rows)s::int AND asked.number <= leaf.page * %(rows)s::int
    ),
    (
        SELECT json_agg(json_build_array(key, blind, name)) FROM (
            SELECT * FROM placed WHERE proposed = 'reserve'
            ORDER BY reserve_order NULLS LAST, rank NULLS LAST, key COLLATE "C" LIMIT %(reserve)s::int
        ) AS first
    ),
    (
        SELECT json_agg(json_build_array(
            kind, region.slug, region.name, area.slug, area.name, language, is_holder, taken, nominated, complete,
            is_here
        ))
        FROM shares
        LEFT JOIN charter_region AS region ON region.id = shares.region
        LEFT JOIN charter_area AS area ON area.id = shares.area
    )
FROM leaf CROSS JOIN facts CROSS JOIN how CROSS JOIN seen
LEFT JOIN selection_groupnumbers AS numbers ON numbers.id = (SELECT id FROM figured)
"""
_CODES = {"disagree": DISAGREE, "close": CLOSE, "sides": SIDES, "discuss": states.DISCUSS}
_COLUMNS = (
    "pk", "key", "own_missing", "blind", "mean", "lowest", "highest", "reviews_in", "state", "by_rule", "proposed",
    "reserve_order", "nomination__nominee_name", "nomination__nominee__latin_name", "nomination", "nomination__region",
    "nomination__area", "language", "returning", "is_nominated", "is_complete",
)  # fmt: skip
BY_REGION, BY_AREA, BY_LANGUAGE, BY_HOLDER, OF_ALL = 0b0111, 0b1011, 0b1101, 0b1110, 0b1111  # see GROUPING


def order_of(
    user: Any, stage: Stage, category: Category, count: int, narrowed: Narrowed, *, by_proposal: bool
) -> Order:
    """A page of a category in a stage against ``count`` places, in one statement, for somebody who sees cases of it.

    ``by_proposal``: the places are taken by whom is proposed for the award, not by who stands above the line.
    """
    statement, values = _statement(user, hides=stage.hide_nominee)
    asked = {ANY_STAGE: stage.pk, ANY_CATEGORY: category.pk, ANY_CYCLE: stage.cycle_id}
    given = {name: asked.get(value, value) if isinstance(value, int) else value for name, value in values}
    given |= narrowed._asdict() | {
        "stage": stage.pk,
        "category": category.pk,
        "count": count,
        "by_calibrated": stage.kind == Stage.Kind.SCORE and ranks_by_calibrated(stage),
        "by_proposal": by_proposal,
        "is_closed": stage.state == states.STAGE_CLOSED,
        "is_running": stage.is_running(),
        "needed": stage.reviews_needed,
        "draws": DRAWS,
        "apart": APART,
        "close_from": CLOSE_CALL[0],
        "close_to": CLOSE_CALL[1],
        "reserve": RESERVE_SHOWN,
    }
    (row,) = prepared.fetch(statement, given)
    return _order(row)


def _statement(user: Any, *, hides: bool) -> tuple[str, list[tuple[str, Any]]]:
    """The text for this reader, and the values that belong into their part of it by name."""
    person, way = person_of(user), " without names" if hides else ""

    def group() -> QuerySet[Any, Any]:
        rows = group_rows(candidacies_visible_to(user), person, ANY_STAGE, ANY_CATEGORY, hides=hides)
        return rows.annotate(
            language=F("nomination__nominee__languages__0"),
            returning=Exists(Award.objects.filter(person=OuterRef("nomination__nominee"))),
            is_nominated=Q(nomination__cycle=ANY_CYCLE) & ~Q(nomination__state__in=NOT_NOMINATED),
            is_complete=~Q(nomination__state__in=BEFORE_COMPLETE),
        ).values_list(*_COLUMNS)

    known = kept_for(user, f"group in order{way}", group)
    others = kept_for(user, "nominated beside a group", lambda: _others(user))
    assert known is not None and others is not None  # noqa: PT018, S101  whoever sees a group sees cases
    values = [*known[1], *others[1]]
    return _text(known[0], others[0]), [(f"part {place}", value) for place, value in enumerate(values)]


@lru_cache(maxsize=256)
def _text(known: str, others: str) -> str:
    """The statement with both parts in it; their values have names as all the others do."""
    count = known.count("%s")
    parts = {"group": _named(known, 0), "others": _named(others, count)}
    return READ.format(**parts, **_CODES, numbers=NUMBERS.columns)


def _named(statement: str, first: int) -> str:
    head, *rest = statement.split("%s")
    return head + "".join(f"%(part {first + place})s{text}" for place, text in enumerate(rest))


def _others(user: Any) -> QuerySet[Any, Any]:
    """Nominations of the category in the cycle that are not in the group, less those in which the reader has a tie."""
    rows = Nomination.objects.filter(cycle=ANY_CYCLE, category=ANY_CATEGORY)
    rows = rows.exclude(state__in=NOT_NOMINATED).exclude(pk__in=RawSQL("SELECT nomination FROM known", []))
    found = without_conflicts(rows, person_of(user)).order_by()
    return found.annotate(
        language=F("nominee__languages__0"),
        returning=Exists(Award.objects.filter(person=OuterRef("nominee"))),
        is_complete=~Q(state__in=BEFORE_COMPLETE),
    ).values_list("region", "area", "language", "returning", "is_complete")


def _order(row: tuple[Any, ...]) -> Order:
    """The one row of the statement."""
    width = NUMBERS.width
    (numbers,) = NUMBERS.split(row[:width])
    (
        page, found, by_calibrated, entered, reviewed, disagree, close, sides, line, lowest, below, tied, seen, waiting,
        rows, reserve, shares,
    ) = row[width:]  # fmt: skip
    flagged = {DISAGREE: disagree, CLOSE: close, SIDES: sides}
    return Order(
        page=page,
        found=found,
        rows=[_placed(one) for one in rows or ()],
        reserve=[Reserved(key, called(key, name, is_blind=blind)) for key, blind, name in reserve or ()],
        numbers=numbers,
        shows_model=numbers is not None and not numbers.against_model,
        by_calibrated=by_calibrated,
        line=line,
        lowest=lowest,
        below=below - 1 if below is not None and below > 1 else None,
        entered=entered,
        reviewed=reviewed,
        waiting=waiting,
        flagged={flag: number for flag, number in flagged.items() if number},
        seen=frozenset(map(int, seen.split(","))) if seen else frozenset(),
        tied=tied or [],
        counted=[Counted._make(one) for one in shares],
    )


def _placed(columns: list[Any]) -> Placed:
    (
        pk, key, hidden, blind, mean, lowest, highest, reviews, state, by_rule, proposed, reserve_order, name, latin_name,
        region, area, rank, is_in, is_tied, disagrees, is_close, differs, score, se, low, high, chance, position,
    ) = columns  # fmt: skip
    light = Light(
        pk=pk, key=key, hidden=hidden, blind=blind, mean=_decimal(mean), lowest=_decimal(lowest),
        highest=_decimal(highest), reviews=reviews, state=state, by_rule=by_rule, proposed=proposed,
        reserve_order=reserve_order, name=called(key, name, is_blind=blind), latin_name="" if blind else latin_name,
        region_name=region, area_name=area,
    )  # fmt: skip
    flags = tuple(
        flag for flag, is_so in ((DISAGREE, disagrees), (CLOSE, is_close), (SIDES, differs)) if is_so
    )
    figures = None if score is None else Figures(Decimal(score), se, low, high, chance)
    return Placed(light, position - 1, rank, is_in, is_tied, flags, figures)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
