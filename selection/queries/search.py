"""The search of cases, under the rights of whoever asks.

One statement finds the cases: it starts at ``candidacies_visible_to``, and nothing is counted, cut off or put in
order before the viewer's rights have been applied. A field that somebody may not see of a case acts as if the case
had no such field: the name where the stage hides it from them, reviews and spread where their own review is missing,
what became of a case where they do not decide on it. The order is that of entering and of the (random) key, and
says nothing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db.models import DateTimeField, DecimalField, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import Role
from charter.queries import places_named
from common import clock, prepared
from common.prepared import Kept
from people import names
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Stage
from selection.queries.cases import WORKING, candidacies_visible_to, readings_of, votes_of
from selection.queries.kept import is_kept
from selection.queries.one import among, filled, kept_for, rows_for
from selection.search import Problem, Query, parse

LINES = 50  # of a page
PAGES_AT_MOST = 10  # who gets more adds a word; nobody reads further
EVERYWHERE = Q(pk__isnull=False)
NOWHERE = Q(pk__isnull=True)  # an empty set would make Django drop the NOT before it, and show what is hidden
_LOOKUPS = {"=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


@dataclass(frozen=True)
class Line:
    """A case found: what this viewer may see of it. ``name`` is empty where the stage hides it, ``reviews`` and
    ``spread`` are None where others' reviews are still hidden, ``state`` is that of the stage where the case's own
    would be a pending outcome. ``own_state``: of the viewer's task, empty without one."""

    key: str
    name: str
    latin_name: str
    region: str
    area: str
    stage: str
    cycle: str
    reviews: int | None
    spread: Decimal | None
    state: str
    own_state: str


@dataclass(frozen=True)
class Found:
    """A page of cases. How many there are altogether is known on the last page alone: counting would read them all."""

    query: Query
    lines: list[Line] = field(default_factory=list)
    page: int = 1
    goes_on: bool = False

    @property
    def first(self) -> int:
        return (self.page - 1) * LINES + 1

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def is_cut(self) -> bool:
        """There are more, but nobody reads further: add a word."""
        return self.goes_on and self.page == PAGES_AT_MOST


def search_cases(user: Any, text: str, *, page: str) -> Found:
    """What a query finds for this user, in a fixed number of statements; with problems, nothing is looked for."""
    query = parse(text)
    if query.is_empty or query.problems:
        return Found(query)
    places = Places(query)
    areas = [places.asked(name) for name in query.areas]
    if lost := [name for name, found in zip(query.areas, areas, strict=True) if not found]:
        return Found(replace(query, problems=tuple(Problem("area", name) for name in lost)))
    number = min(int(page), PAGES_AT_MOST) if page.isdecimal() and len(page) < 5 and int(page) else 1
    shape = shape_of(query, number)
    hits = _hits(user, shape, _typed(query, areas, places))
    return Found(query, _lines(hits[:LINES]), number, goes_on=len(hits) > LINES)


class Shape(NamedTuple):
    """What a query asks for, but for the values: those stand in the statement under the names of ``_typed``, so that
    it is built once for all queries that are alike. ``likes``: of each word, in how many ways it is looked for."""

    likes: tuple[int, ...]
    comparisons: tuple[tuple[str, str], ...]
    areas: int
    statuses: tuple[str, ...]
    unreviewed: bool
    page: int


def shape_of(query: Query, page: int) -> Shape:
    return Shape(
        likes=tuple(len(_likes(names.fold(word))) for word in query.words),
        comparisons=tuple((one.field, one.sign) for one in query.comparisons),
        areas=len(query.areas),
        statuses=query.statuses,
        unreviewed=query.unreviewed,
        page=page,
    )


def _typed(query: Query, areas: list[set[int]], places: "Places") -> dict[str, Any]:
    values: dict[str, Any] = {"now": clock.now()}
    for n, word in enumerate(query.words):
        folded = names.fold(word)
        values |= {f"word {n} like {m}": like for m, like in enumerate(_likes(folded))}
        values |= {f"word {n} key": word.upper(), f"word {n} areas": list(places.areas(folded))}
        values[f"word {n} regions"] = list(places.regions(folded))
    values |= {f"number {n}": one.number for n, one in enumerate(query.comparisons)}
    return values | {f"areas {n}": list(found) for n, found in enumerate(areas)}


NEWEST = 500  # cases that are looked through first
# Either part answers, never both: the page is full, or all cases are looked through.
NEWEST_FIRST = """
    WITH newest AS MATERIALIZED ({newest})
    SELECT * FROM newest WHERE (SELECT count(*) FROM newest) = %s
    UNION ALL SELECT * FROM ({all}) AS found WHERE (SELECT count(*) FROM newest) < %s
    ORDER BY entered_at DESC, key
"""


def _hits(user: Any, shape: Shape, values: dict[Any, Any]) -> list[tuple[Any, ...]]:
    """The cases of a page and one more, as in ``_matching``, in one statement. Words find theirs by an index. Of what fields
    ask for there are mostly many: a page of them is found among the newest cases, which come first in any case."""
    name = f"search {shape}"
    if shape.likes or shape.unreviewed:
        return rows_for(user, name, lambda: _matching(user, shape), values)
    newest = kept_for(user, f"newest {NEWEST} of {name}", lambda: _matching(user, shape, among_newest=True))
    everything = kept_for(user, name, lambda: _matching(user, shape))
    if newest is None or everything is None:
        return []
    asked = [*filled(newest, values), LINES + 1, *filled(everything, values), LINES + 1]
    return prepared.fetch(NEWEST_FIRST.format(newest=newest[0], all=everything[0]), asked)


def _matching(
    user: Any, shape: Shape, *, among_newest: bool = False
) -> QuerySet[Any, tuple[int, str, bool, bool, bool, dt.datetime, str]]:
    """The statement: which cases, what this user may not see of each, and by what they are in order."""
    mine = Q(assignments__reviewer=person_of(user), assignments__state__in=WORKING)
    rows = candidacies_visible_to(user).annotate(
        own=FilteredRelation("assignments", condition=mine), own_state=Coalesce("own__state", Value(""))
    )
    rows = rows.annotate(
        name_hidden=_name_hidden(user),
        numbers_hidden=_numbers_hidden(user),
        course_hidden=_course_hidden(user),
    )
    conditions = [_word(n, likes) for n, likes in enumerate(shape.likes)]
    conditions += [_compared(f"number {n}", *asked) for n, asked in enumerate(shape.comparisons)]
    if shape.comparisons:
        conditions.append(Q(numbers_hidden=False))
    if among_newest:
        conditions.append(Q(pk__in=RawSQL(BY_NEWEST, [NEWEST])))  # noqa: S611  a constant
    conditions += [Q(nomination__area__in=among(f"areas {n}")) for n in range(shape.areas)]
    if shape.statuses:
        conditions.append(reduce(or_, map(_status, shape.statuses)))
    if shape.unreviewed:
        conditions.append(Q(own_state=states.ASSIGNED))
    found = rows.filter(reduce(and_, conditions)).order_by("-entered_at", "key")
    before = (shape.page - 1) * LINES
    columns = ("pk", "own_state", "name_hidden", "numbers_hidden", "course_hidden", "entered_at", "key")
    return found.values_list(*columns)[before : before + LINES + 1]


COLUMNS = (
    "pk", "key", "nomination__nominee_name", "nomination__nominee__latin_name", "nomination__region__name",
    "nomination__area_name", "stage__internal_name", "stage__cycle__name", "reviews_in", "highest", "lowest", "state",
    "stage__state",
)  # fmt: skip


SHOWN = Kept(lambda: Candidacy.objects.filter(pk__in=among(Kept.ANY)).values_list(*COLUMNS))


def _lines(hits: list[Any]) -> list[Line]:
    """What stands on the page of the cases that were found, in the same order."""
    rows = {pk: shown for pk, *shown in SHOWN.fetch([hit[0] for hit in hits])}
    return [_line(*rows[pk], *hides) for pk, *hides, _entered_at, _key in hits if pk in rows]


def _line(
    key: str, name: str, latin: str | None, region: str | None, area: str, stage: str, cycle: str, reviews: int,
    highest: Decimal | None, lowest: Decimal | None, state: str, stage_state: str,
    own_state: str, name_hidden: bool, numbers_hidden: bool, course_hidden: bool,
) -> Line:  # fmt: skip
    spread = None if highest is None or lowest is None else highest - lowest
    course = stage_state if course_hidden or state == states.OPEN else state
    return Line(
        key=key,
        name="" if name_hidden else name,
        latin_name="" if name_hidden else latin or "",
        region=region or "",
        area=area,
        stage=stage,
        cycle=cycle,
        reviews=None if numbers_hidden else reviews,
        spread=None if numbers_hidden else spread,
        state=_WORDS[course],
        own_state=own_state,
    )


_WORDS: dict[str, Any] = (
    dict(Stage.State.choices) | dict(Candidacy.State.choices) | {states.STAGE_OPEN: Stage.State.OPEN.label}
)


# What somebody may not see of a case. Each says the same as the page of the case.


def _chairs(user: Any) -> Q:
    """Cases of the office and of the categories that a user leads."""
    if user.holds(Role.PROGRAM_OFFICE):
        return EVERYWHERE
    return _of_categories(user, Role.TECHNOLOGY_LEAD)


def _of_categories(user: Any, role: str) -> Q:
    held = [grant.category_id for grant in user.grants_today if grant.role == role]
    if None in held:
        return EVERYWHERE
    return Q(nomination__category__in=held) if held else NOWHERE


def _name_hidden(user: Any) -> Q:
    """The stage hides the nominee from those who review in it, chairs included once they have a task."""
    return Q(stage__hide_nominee=True) & (Q(own_state__gt="") | ~_chairs(user))


def _numbers_hidden(user: Any) -> Q:
    """What others said: until one's own review is in, also of a second look; without a task, from all but chairs,
    council and office, and from those who could still vote."""
    staff = _chairs(user) | _of_categories(user, Role.COUNCIL_MEMBER)
    missing = Q(own_state=states.ASSIGNED) | Q(own_state="") & (~staff | _votes(user))
    return Q(stage__hide_others_until_own=True) & missing | _read_again(user)


def _course_hidden(user: Any) -> Q:
    """Whether a case went forward is a pending outcome: for chairs, the council and the office, and not before
    their own review or vote is in; nor for any of them who has a tie in the category."""
    council = Q(stage__kind=Stage.Kind.COUNCIL) & _of_categories(user, Role.COUNCIL_MEMBER)
    missing = Q(own_state=states.ASSIGNED) | Q(own_state="") & _votes(user)
    return missing | _read_again(user) | ~(_chairs(user) | council) | is_kept(person_of(user))


def _votes(user: Any) -> Q:
    """Votes that this user takes part in by a role."""
    return reduce(or_, map(votes_of, user.grants_today), NOWHERE)


def _read_again(user: Any) -> Q:
    """Cases of which this user has a second look to write."""
    again = readings_of(person_of(user))
    return Q(nomination__in=again.values("candidacy__nomination"))


# One condition for each part of a query.


class Places:
    """What areas and regions are called or were: public facts, asked for where a query has words or areas."""

    def __init__(self, query: Query) -> None:
        rows = places_named() if query.words or query.areas else []
        self._areas = [(pk, _folded(name)) for kind, pk, _slug, name in rows if kind == "area"]
        self._regions = [(pk, _folded(name)) for kind, pk, _slug, name in rows if kind == "region"]
        self._slugs = {slug: pk for kind, pk, slug, _name in rows if kind == "area" and slug}

    def asked(self, area: str) -> set[int]:
        """What somebody means by ``area:``: the slug, else the beginning of a word of a name."""
        slug = area.casefold()
        return {self._slugs[slug]} if slug in self._slugs else self.areas(names.fold(area))

    def areas(self, folded: str) -> set[int]:
        return _called(folded, self._areas)

    def regions(self, folded: str) -> set[int]:
        return _called(folded, self._regions)


# As a list, so that the cases are found by it; joined, the database would read all of them beside it.
BY_NEWEST = (
    "SELECT unnest(ARRAY(SELECT id FROM selection_candidacy ORDER BY entered_at DESC, key LIMIT %s::int))"
)
BY_KEY = "SELECT id FROM selection_candidacy WHERE key = %s"
BY_CASE = (
    "SELECT candidacy.id FROM nominations_nomination AS nomination"
    " JOIN selection_candidacy AS candidacy ON candidacy.nomination_id = nomination.id WHERE nomination."
)
BY_NAME = f"{BY_CASE}nominee_id IN (SELECT id FROM people_person WHERE search_text LIKE %s)"  # noqa: S608  constants
BY_AREA, BY_REGION = f"{BY_CASE}area_id = ANY(%s)", f"{BY_CASE}region_id = ANY(%s)"


def _word(n: int, likes: int) -> Q:
    """A word in the name, in the area's or region's name, or the key of the case.

    The cases are gathered by a union, so that each part is read by its index; an OR would read the table. Then it
    is asked whether the word counts: by the name only where the viewer may know it.
    """
    key, areas, regions = f"word {n} key", f"word {n} areas", f"word {n} regions"
    parts = [*((BY_NAME, f"word {n} like {m}") for m in range(likes))]
    parts += [(BY_KEY, key), (BY_AREA, areas), (BY_REGION, regions)]
    union = RawSQL(" UNION ALL ".join(sql for sql, _value in parts), [value for _sql, value in parts])  # noqa: S611  constants
    without_name = Q(key=key)
    without_name |= Q(nomination__area__in=among(areas)) | Q(nomination__region__in=among(regions))
    return Q(pk__in=union) & (Q(name_hidden=False) | without_name)


def _likes(word: str) -> list[str]:
    """Inside a word; one or two plain letters only at its beginning, where an index can help. No sign of a word
    means anything to LIKE."""
    return [f"%{word}%"] if len(word) > 2 or not word.isascii() else [f"{word}%", f"% {word}%"]


@lru_cache(maxsize=2048)
def _folded(name: str) -> str:
    return names.fold(name)


def _called(folded: str, named: Iterable[tuple[int, str]]) -> set[int]:
    """Those with a word that begins so; nothing is called by signs alone."""
    return {pk for pk, name in named if folded and f" {folded}" in f" {name}"}


def _compared(name: str, field: str, sign: str) -> Q:
    """A number of the case. That the viewer may see it is asked once for all of them."""
    number, lookup = RawSQL("%s::numeric", [name], DecimalField()), _LOOKUPS[sign]
    if field == "reviews":
        return Q(**{f"reviews_in__{lookup}": number})
    return Q(**{f"highest__{lookup}": F("lowest") + number})


def _status(status: str) -> Q:
    """Open and closed are the stage's, or the case's own end; what became of it only where the viewer may know."""
    now = RawSQL("%s::timestamptz", ["now"], DateTimeField())
    is_open = Q(stage__state=states.STAGE_OPEN) | Q(closes_at__gt=now)
    if status == "open":
        return is_open & ~Q(state=states.LEFT)
    if status == "closed":
        return ~is_open & Q(stage__state=states.STAGE_CLOSED)
    return Q(course_hidden=False, state=status)
