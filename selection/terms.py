"""Which award a decision leads to: its term, and what it freezes of the case."""

import datetime as dt
from collections.abc import Sequence

from awards import states as award_states
from awards.actions import Grant
from awards.models import Award
from charter.models import Cycle
from selection.models import Decision

_DAY = dt.timedelta(days=1)


def grants_for(winners: Sequence[Decision], *, cycle: Cycle, at: dt.datetime) -> list[tuple[Decision, Grant]]:
    """One grant for each decision, in two statements at most.

    Where the person still holds the award for the area, the new term starts the day after that one ends. Who
    holds it without an end needs no other: such a decision has no grant.
    """
    taken = _last_days(winners, cycle)
    grants = []
    for one in winners:
        who = _who(one)
        if who in taken and taken[who] is None:
            continue
        starts, ends = term_after(taken.get(who), cycle.term_starts, cycle.term_ends)
        taken[who] = ends
        grants.append((one, _grant(one, cycle, starts, ends, at)))
    return grants


def _who(one: Decision) -> tuple[int, int]:
    """Person and area of a decided case, which always has both."""
    case = one.candidacy.nomination
    if case.nominee_id is None or case.area_id is None:
        raise LookupError(f"{case.key} was decided without a nominee or an area")
    return case.nominee_id, case.area_id


def term_after(
    last_day: dt.date | None, starts: dt.date, ends: dt.date | None
) -> tuple[dt.date, dt.date | None]:
    """The cycle's term, begun the day after ``last_day`` where that reaches into it.

    A term that would have no day left keeps its length and moves as a whole.
    """
    if last_day is None or last_day < starts:
        return starts, ends
    later = last_day + _DAY
    if ends is None or later <= ends:
        return later, ends
    return later, later + (ends - starts)


def _last_days(winners: Sequence[Decision], cycle: Cycle) -> dict[tuple[int, int], dt.date | None]:
    """Person and area → the last day of a term that stands and reaches the cycle's; ``None`` for no end."""
    rows = Award.objects.filter(
        person__in={one.candidacy.nomination.nominee_id for one in winners},
        area__in={one.candidacy.nomination.area_id for one in winners},
        state__in=(award_states.GRANTED, award_states.ON_HOLD),
    )
    last: dict[tuple[int, int], dt.date | None] = {}
    for person, area, ends in rows.values_list("person_id", "area_id", "ends"):
        before = last.get((person, area), dt.date.min)
        last[person, area] = None if ends is None or before is None else max(before, ends)
    return {who: ends for who, ends in last.items() if ends is None or ends >= cycle.term_starts}


def _grant(one: Decision, cycle: Cycle, starts: dt.date, ends: dt.date | None, at: dt.datetime) -> Grant:
    case = one.candidacy.nomination
    person_id, area_id = _who(one)
    if case.category is None:
        raise LookupError(f"{case.key} was decided without a category")
    return Grant(
        person_id=person_id,
        area_id=area_id,
        category_id=case.category.pk,
        area_name=case.area_name,
        category_name=case.category.name,
        country=str(case.country),
        region_id=case.region_id,
        cycle_id=cycle.pk,
        starts=starts,
        ends=ends,
        first_year=cycle.award_year,
        last_year=cycle.award_year if ends else None,
        granted_at=at,
    )
