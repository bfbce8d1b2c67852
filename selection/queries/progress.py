"""How far the reviews of a cycle are, by stage, region and reviewer: its tasks read once, and counted where they lie."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from common import clock
from selection import states
from selection.models import Assignment, Stage

ROWS = 20
ROUNDING = 1e-6  # a day of ten is not 0.99999 of one
# part: how much of a task is due by now on an even pace, 0 when it was given, 1 at its end.
COUNTED = """
    WITH task (stage, reviewer, region, state, given, ends) AS MATERIALIZED ({tasks}),
    behind AS (
        SELECT reviewer, count(*) AS total, count(*) FILTER (WHERE state = 'done') AS done, floor(sum(part) + %s) AS expected
        FROM (
            SELECT reviewer, state, least(greatest(date_part('epoch', %s - given), 0)
                / greatest(date_part('epoch', ends - given), 1), 1) AS part
            FROM task WHERE stage = %s
        ) AS of_stage
        GROUP BY reviewer
    ),
    placed AS (
        SELECT *, count(*) OVER () AS number, row_number() OVER (
            ORDER BY greatest(expected - done, 0) DESC, total - done DESC, reviewer
        ) AS place
        FROM behind
    )
    SELECT 'stage', stage, NULL, count(*), count(*) FILTER (WHERE state = 'done'), 0, 0, 0 FROM task GROUP BY stage
    UNION ALL
    SELECT 'region', NULL, region, count(*), count(*) FILTER (WHERE state = 'done'), 0, 0, 0
    FROM task WHERE stage = %s GROUP BY region
    UNION ALL
    (
        SELECT 'reviewer', reviewer, NULL, total, done, expected, number, place FROM placed
        WHERE (place - 1) / %s = least(%s, (number + %s - 1) / %s) - 1
    )
"""


@dataclass(frozen=True)
class Counts:
    """(tasks, of which done) by stage, and of the running stage by the name of a region (None: without one); of its
    reviewers one page, those most behind first: (person, tasks, done, expected by now)."""

    stages: dict[int, tuple[int, int]]
    regions: dict[str | None, tuple[int, int]]
    reviewers: list[tuple[int, int, int, int]]
    page: Page[Any]


def counts_of(tasks: QuerySet[Assignment], running: Stage | None, *, page: str = "1") -> Counts:
    """One statement over those of ``tasks`` that are open or done; whoever asks has left out what is hidden."""
    read = (
        tasks.filter(state__in=(states.ASSIGNED, states.DONE))
        .order_by()
        .annotate(ends=Coalesce("due_at", "candidacy__stage__closes_at"), stage_of=F("candidacy__stage_id"))
        .values_list(
            "stage_of", "reviewer_id", "candidacy__nomination__region__name", "state", "assigned_at", "ends"
        )
    )
    sql, params = read.query.sql_with_params()
    now: dt.datetime = clock.now()
    stage, number = running.pk if running else 0, _number(page)
    with connection.cursor() as cursor:
        values = [*params, ROUNDING, now, stage, stage, ROWS, number, ROWS, ROWS]
        cursor.execute(COUNTED.replace("{tasks}", sql), values)
        rows = cursor.fetchall()
    reviewers = sorted((row for row in rows if row[0] == "reviewer"), key=lambda row: row[7])
    return Counts(
        stages={row[1]: (row[3], row[4]) for row in rows if row[0] == "stage"},
        regions={row[2]: (row[3], row[4]) for row in rows if row[0] == "region"},
        reviewers=[(row[1], row[3], row[4], int(row[5])) for row in reviewers],
        page=Paginator(range(reviewers[0][6] if reviewers else 0), ROWS).get_page(number),
    )


def _number(page: str) -> int:
    """The page that was asked for: the first where that is none; what is too large is the last one."""
    return min(max(int(page), 1), 1_000_000) if page.isascii() and page.isdigit() and len(page) < 7 else 1
