"""Who would have the places of a decision group beside who is nominated: by region, area, holder and first language."""

from collections import Counter
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from awards.models import Award
from nominations.models import Nomination
from nominations.queries import without_conflicts
from people.queries import person_of
from selection import states
from selection.queries.one import ANY_CATEGORY, ANY_CYCLE, among, listed, rows_for
from selection.queries.ranking import BEFORE_COMPLETE, NOT_NOMINATED, Light, Ranking


@dataclass(frozen=True)
class Share:
    """Of one region, area, language …: how many have a place as things stand, and how many are nominated."""

    name: Any
    taken: int
    nominated: int


@dataclass(frozen=True)
class Balance:
    """Places beside nominations, in four ways. Guidance, never a quota. ``by_proposal``: those taken are proposed."""

    taken: int
    nominated: int
    complete: int
    by_proposal: bool
    regions: list[Share]
    areas: list[Share]
    holders: list[Share]
    languages: list[Share]


class _Kind(NamedTuple):
    """Nominations that are alike in what the balance asks; named as in ``Light``."""

    region_name: str | None
    area_name: str | None
    language: str | None
    returning: bool
    is_complete: bool


_kind_of = itemgetter(*map(Light._fields.index, _Kind._fields))


def balance_of(user: Any, ranking: Ranking, *, what_if: bool) -> Balance:
    """Who would have the places beside who is nominated; one statement for the nominations."""
    by_proposal = ranking.stage.state == states.STAGE_CLOSED and not what_if
    rows = [(ranking.rows[place.seen.key], place.is_in) for place in ranking.places]
    taken = Counter(
        _kind_of(row) for row, is_in in rows if (row.proposed == states.AWARD if by_proposal else is_in)
    )
    nominated = _nominated(user, ranking)

    def shares(name: str) -> list[Share]:
        into, out_of = _sums(taken, name), _sums(nominated, name)
        keys = sorted({*into, *out_of}, key=lambda key: (-out_of[key], str(key)))
        return [Share(key, into[key], out_of[key]) for key in keys]

    return Balance(
        taken=taken.total(),
        nominated=nominated.total(),
        complete=sum(number for kind, number in nominated.items() if _Kind._make(kind).is_complete),
        by_proposal=by_proposal,
        regions=shares("region_name"),
        areas=shares("area_name"),
        holders=shares("returning"),
        languages=shares("language"),
    )


def _sums(kinds: Counter[Any], name: str) -> Counter[Any]:
    place, sums = _Kind._fields.index(name), Counter[Any]()
    for kind, number in kinds.items():
        value = kind[place]
        sums["" if value is None else value] += number
    return sums


ANY_CASES = "any cases"


def _nominated(user: Any, ranking: Ranking) -> Counter[Any]:
    """The nominations of the category in this cycle, less those in which this user has a tie, by kind: the cases of
    the group, which are read already, and how many others there are of each."""
    here = ranking.rows.values()
    values = {
        ANY_CYCLE: ranking.stage.cycle_id,
        ANY_CATEGORY: ranking.category.pk,
        ANY_CASES: listed(one.case for one in here),
    }
    kinds = Counter(_kind_of(one) for one in here if one.is_nominated)
    for *kind, number in rows_for(user, "nominated in a category", lambda: _kinds(user), values):
        kinds[tuple(kind)] += number
    return kinds


def _kinds(user: Any) -> QuerySet[Any, Any]:
    rows = Nomination.objects.filter(cycle=ANY_CYCLE, category=ANY_CATEGORY).exclude(pk__in=among(ANY_CASES))
    rows = without_conflicts(rows.exclude(state__in=NOT_NOMINATED), person_of(user))
    held = Award.objects.filter(person=OuterRef("nominee"))
    kinds = rows.order_by().annotate(
        language=F("nominee__languages__0"),
        returning=Exists(held),
        is_complete=~Q(state__in=BEFORE_COMPLETE),
    )
    columns = ("region__name", "area__name", "language", "returning", "is_complete")
    return kinds.values_list(*columns).annotate(number=Count("pk"))
