"""The door to cases as statements that are built once: behind every page and act of a case, and behind every queue."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from charter.models import Cycle, Region
from common import prepared
from common.joined import Joined
from nominations.models import Nomination
from people.models import Person
from people.queries import person_of
from selection.models import Assignment, Candidacy, Review, Stage
from selection.queries.cases import WORKING, candidacies_visible_to, outcomes_visible_to

# What stands in kept statements for what is asked each time.
ANY_KEY, ANY_STAGE, ANY_CATEGORY, ANY_CYCLE = "any key", -1, -2, -3
READERS_AT_MOST = 10_000  # statements that a process keeps
PARTS = Joined(
    candidacy=Candidacy,
    stage=Stage,
    cycle=Cycle,
    nomination=Nomination,
    nominee=Person,
    region=Region,
    task=Assignment,
    review=Review,
)
READ_PARTS = f"""
    SELECT {PARTS.columns}
    FROM ({{door}}) AS candidacy
    JOIN selection_stage AS stage ON stage.id = candidacy.stage_id
    JOIN charter_cycle AS cycle ON cycle.id = stage.cycle_id
    JOIN nominations_nomination AS nomination ON nomination.id = candidacy.nomination_id
    LEFT JOIN people_person AS nominee ON nominee.id = nomination.nominee_id
    LEFT JOIN charter_region AS region ON region.id = nomination.region_id
    LEFT JOIN selection_assignment AS task
        ON task.candidacy_id = candidacy.id AND task.reviewer_id = %s AND task.state = ANY(%s)
    LEFT JOIN selection_review AS review ON review.assignment_id = task.id
"""  # noqa: S608  names of columns alone

Statement = tuple[str, tuple[Any, ...]] | None
_kept: dict[tuple[Any, ...], Statement] = {}


def candidacy_visible_to(user: Any, key: str) -> Candidacy | None:
    """``candidacies_visible_to(user).get(key=key)`` with stage, cycle, nomination, nominee and region.

    One short statement, the same one whether the case is hidden or missing: what the reader may see, as
    ``candidacies_visible_to`` builds it, and the rows around it with the reader's own task and review
    (``tasks_of_reader``, see ``own_tasks_on``).
    """
    door = _statement_of(user, "key") if user.is_authenticated else None
    if door is None:
        return None
    person = person_of(user)
    values = [*filled(door, {ANY_KEY: key}), person.pk if person else None, list(WORKING)]
    rows = prepared.fetch(READ_PARTS.format(door=door[0]), values)
    return _with_parts(rows[0]) if rows else None


def cases_of_stage(user: Any, stage: Stage) -> Statement:
    """``candidacies_visible_to(user).filter(stage=stage)`` as SQL for their keys; None where there can be none."""
    statement = _statement_of(user, "stage") if user.is_authenticated else None
    return statement and (statement[0], tuple(filled(statement, {ANY_STAGE: stage.pk})))


def outcomes_known_to(user: Any) -> RawSQL:
    """``outcomes_visible_to(user)`` for ``candidacy__in``: built once, not in each of the statements of a page."""
    return keys_for(user, "outcomes", lambda: outcomes_visible_to(user))


def keys_for(user: Any, name: str, rows: Callable[[], QuerySet[Any, Any]]) -> RawSQL:
    """For ``__in``: the keys of ``rows()`` by a statement that is kept as in ``kept_for``."""
    statement = kept_for(user, name, lambda: rows().values("pk")) if user.is_authenticated else None
    return RawSQL(*(statement or ("SELECT NULL::bigint", ())))  # noqa: S611  as Django wrote it


def filled(statement: tuple[str, tuple[Any, ...]], values: dict[Any, Any]) -> list[Any]:
    """The parameters of a kept statement, with values for what stands in it."""
    return [values.get(one, one) if isinstance(one, str | int) else one for one in statement[1]]


def listed(numbers: Iterable[int]) -> str:
    """Hundreds of them as a value for ``bigint[]``, as the database reads it: a third of what a list costs."""
    return f"{{{','.join(map(str, numbers))}}}"


def among(name: Any) -> RawSQL:
    """For ``__in``: a list that is a single value of a kept statement."""
    return RawSQL("SELECT unnest(%s::bigint[])", [name])


def rows_for(
    user: Any, name: str, rows: Callable[[], QuerySet[Any, Any]], values: dict[Any, Any]
) -> list[tuple[Any, ...]]:
    """``rows()`` of plain columns by a statement that is kept as in ``kept_for``."""
    statement = kept_for(user, name, rows)
    return prepared.fetch(statement[0], filled(statement, values)) if statement else []


def _statement_of(user: Any, by: str) -> Statement:
    """The SQL of the door for one case or for one stage."""
    if by == "key":
        return kept_for(user, by, lambda: candidacies_visible_to(user).filter(key=ANY_KEY))
    return kept_for(user, by, lambda: candidacies_visible_to(user).filter(stage=ANY_STAGE).values("pk"))


def kept_for(user: Any, name: str, rows: Callable[[], QuerySet[Any, Any]]) -> Statement:
    """The SQL of ``rows()`` for somebody with these roles, built once; None where no row can answer.

    Nothing but the reader's person and roles may be in it. Whoever gets or loses a role has another statement from
    that moment on. A moment in time is not kept: it would stand still.
    """
    person = person_of(user)
    roles = sorted((one.role, one.region_id or 0, one.category_id or 0, one.pk) for one in user.grants_today)
    reader = (name, person.pk if person else None, *roles)
    if reader in _kept:
        return _kept[reader]
    statement: Statement = None
    with contextlib.suppress(EmptyResultSet):
        statement = rows().query.sql_with_params()
    if statement is not None and any(isinstance(value, dt.date) for value in statement[1]):
        return statement
    if len(_kept) >= READERS_AT_MOST:
        _kept.clear()
    _kept[reader] = statement
    return statement


def _with_parts(row: tuple[Any, ...]) -> Candidacy:
    candidacy, stage, cycle, nomination, nominee, region, task, review = PARTS.split(row)
    stage.cycle, nomination.nominee, nomination.region = cycle, nominee, region
    candidacy.stage, candidacy.nomination = stage, nomination
    if task is not None:
        task.candidacy = candidacy
        if review is not None:
            review.assignment = task
        Assignment._meta.get_field("review").set_cached_value(task, review)
    candidacy.tasks_of_reader = [task] if task else []
    return candidacy
