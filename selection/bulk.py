"""Set-based writers of the selection's rows: for seeding and generating, and for a release of many cases at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from charter.models import Cycle
from common.copying import copy_in
from nominations.models import Nomination
from people.models import Person
from selection import states
from selection.models import (
    Assignment,
    Candidacy,
    CaseNumbers,
    Decision,
    Expertise,
    Override,
    RedactedDossier,
    Release,
    Review,
    Score,
    Stage,
)
from selection.queries.copies import digest_of, proposal, sources_of
from selection.queries.discussion import LEAST, letter_at, place_of

AT_ONCE = 500  # cases whose texts are held at one time


def put_stage(cycle: Cycle, number: int, values: dict[str, Any]) -> tuple[Stage, str]:
    """Make or change a stage as a seed file describes it; says "new", "changed" or "same".

    A new stage is planned; opening and closing it belongs to the actions.
    """
    stage = Stage.objects.filter(cycle=cycle, number=number).first()
    if stage is None:
        return Stage.objects.create(cycle=cycle, number=number, **values), "new"
    differing = [name for name, value in values.items() if getattr(stage, name) != value]
    for name in differing:
        setattr(stage, name, values[name])
    if differing:
        stage.save(update_fields=differing)
    return stage, "changed" if differing else "same"


def set_awards(pairs: Sequence[tuple[int, int]]) -> None:
    """Point decisions at the awards that they led to, ``(decision, award)``, in one statement."""
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selection_decision SET award_id = pair.award"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS pair (decision, award)"
            " WHERE selection_decision.id = pair.decision",
            [[decision for decision, _ in pairs], [award for _, award in pairs]],
        )


class CandidacyRow(NamedTuple):
    id: int
    key: str
    nomination_id: int
    stage_id: int
    state: str
    entered_at: dt.datetime
    left_at: dt.datetime | None = None
    by_rule: str = ""
    proposed: str = ""
    reviews_in: int = 0
    mean: Decimal | None = None
    median: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    sd: Decimal | None = None
    rank: int | None = None
    round: int = 1


class AssignmentRow(NamedTuple):
    id: int
    candidacy_id: int
    reviewer_id: int
    state: str
    assigned_at: dt.datetime
    due_at: dt.datetime


class ReviewRow(NamedTuple):
    """A verdict or marks; ``total`` is the stored total of its scores, drafts keep what was typed in ``draft``."""

    id: int
    assignment_id: int
    state: str
    saved_at: dt.datetime
    submitted_at: dt.datetime | None = None
    verdict: str = ""
    reason_code: str = ""
    comment: str = ""
    confidence: int | None = None
    total: Decimal | None = None
    draft: dict[str, Any] = {}


class ScoreRow(NamedTuple):
    review_id: int
    criterion_id: int
    mark: int | None
    reason: str = ""


class DecisionRow(NamedTuple):
    candidacy_id: int
    proposed: str
    outcome: str
    decided_by_id: int | None
    decided_at: dt.datetime
    reason_code: str = ""
    reason: str = ""
    reserve_order: int | None = None
    release_id: int | None = None
    award_id: int | None = None


class OverrideRow(NamedTuple):
    candidacy_id: int
    member_id: int
    outcome: str
    reason_code: str
    reason: str
    made_at: dt.datetime


class CaseNumbersRow(NamedTuple):
    """``group_id`` of the numbers, then the row as ``selection.models.CaseNumbers`` describes it."""

    group_id: int
    candidacy_id: int
    score: Decimal
    se: float | None = None
    low: float | None = None
    high: float | None = None
    chances_from: int = 1
    chances: list[int] = []


class CopyRow(NamedTuple):
    """A copy without names, of the originals that have ``source_digest``."""

    nomination_id: int
    state: str
    texts: dict[str, str]
    source_digest: str
    proposed_at: dt.datetime
    checked_by_id: int | None = None
    checked_at: dt.datetime | None = None


class ExpertiseRow(NamedTuple):
    person_id: int
    area_id: int
    level: int


def copy_candidacies(rows: Iterable[CandidacyRow]) -> int:
    return copy_in(Candidacy, CandidacyRow._fields, rows)


def copy_assignments(rows: Iterable[AssignmentRow]) -> int:
    return copy_in(Assignment, AssignmentRow._fields, rows)


def finish_assignments(ids: Sequence[int]) -> int:
    """Tasks whose reviews were copied in are done."""
    return Assignment.objects.filter(pk__in=ids).update(state=states.DONE)


def copy_reviews(rows: Iterable[ReviewRow]) -> int:
    return copy_in(Review, ReviewRow._fields, rows)


def copy_scores(rows: Iterable[ScoreRow]) -> int:
    return copy_in(Score, ScoreRow._fields, rows)


def copy_decisions(rows: Iterable[DecisionRow]) -> int:
    return copy_in(Decision, DecisionRow._fields, rows)


def copy_overrides(rows: Iterable[OverrideRow]) -> int:
    return copy_in(Override, OverrideRow._fields, rows)


def copy_case_numbers(rows: Iterable[CaseNumbersRow]) -> int:
    return copy_in(CaseNumbers, CaseNumbersRow._fields, rows)


def write_checked_copies(
    cases: QuerySet[Nomination],
    *,
    by: dict[int | None, int],
    proposed_at: dt.datetime,
    checked_at: dt.datetime,
) -> int:
    """Checked copies of cases that have none, checked by ``by[category]`` or ``by[None]``; return how many."""
    waiting, count = list(cases.filter(redacted__isnull=True).values_list("pk", flat=True)), 0
    for first in range(0, len(waiting), AT_ONCE):
        some = list(cases.filter(pk__in=waiting[first : first + AT_ONCE]).select_related("nominee"))
        rows = [
            CopyRow(
                case.pk,
                states.COPY_CHECKED,
                proposal(source.originals, source.subject),
                digest_of(source.originals),
                proposed_at,
                by.get(case.category_id, by[None]),
                checked_at,
            )
            for case, source in zip(some, sources_of(some), strict=True)
        ]
        count += copy_in(RedactedDossier, CopyRow._fields, rows)
    return count


def give_letters(stage: Stage) -> int:
    """Letters for the tasks of cases all of whose reviews are in, as the last review gives them; return how many."""
    tasks: dict[int, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(
        candidacy__stage=stage, state__in=(states.ASSIGNED, states.DONE), letter=""
    )
    for task in rows.only("candidacy", "reviewer", "state").iterator():
        tasks[task.candidacy_id].append(task)
    given: list[tuple[int, str]] = []
    for own in tasks.values():
        if len(own) < LEAST or any(task.state == states.ASSIGNED for task in own):
            continue
        order = sorted(own, key=place_of)
        given += [(task.pk, letter_at(place)) for place, task in enumerate(order)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selection_assignment SET letter = given.letter"
            " FROM unnest(%s::bigint[], %s::text[]) AS given (id, letter) WHERE selection_assignment.id = given.id",
            [[pk for pk, _letter in given], [letter for _pk, letter in given]],
        )
    return len(given)


def copy_expertise(rows: Iterable[ExpertiseRow]) -> int:
    return copy_in(Expertise, ExpertiseRow._fields, rows)


def make_release(
    cycle: Cycle,
    *,
    prepared_by: Person,
    prepared_at: dt.datetime,
    confirmed_by: Person,
    confirmed_at: dt.datetime,
    released_at: dt.datetime,
) -> Release:
    """The main release of a past cycle, done."""
    return Release.objects.create(
        cycle=cycle,
        state=states.RELEASED,
        scheduled_at=released_at,
        prepared_by=prepared_by,
        prepared_at=prepared_at,
        confirmed_by=confirmed_by,
        confirmed_at=confirmed_at,
        released_at=released_at,
    )
