"""Honest dates: who reads a date on the page of a case hears when it slips, once, and whatever the selection holds.

Nothing here looks at a candidacy: all cases of a cycle that are not over yet are told the same on the same day.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from charter.models import Cycle
from charter.queries import grace
from common import clock, jobs, locks, outbox
from common.keys import new_key
from nominations import states as cases
from nominations.models import Nomination
from selection import emails, states
from selection.models import Release, Stage, ToldDate

CASES_AT_ONCE = 2000
AFFECTED = (cases.ACCEPTED, cases.COMPLETE, cases.IN_REVIEW)
LOOK = dt.timedelta(minutes=10)  # between two looks
SLACK = dt.timedelta(hours=1)  # a date that moves by less has not slipped


def watch_dates() -> int:
    """Every ten minutes: compare the dates of running cycles with what was told. Returns how many slips there were.

    Whoever moved a date, on whichever page: what counts is the row. Two corrections within the ten minutes are one.
    """
    told = Release.objects.filter(kind=Release.Kind.MAIN, released_at__isnull=False)
    running = Cycle.objects.filter(opens_at__lte=clock.now()).exclude(pk__in=told.values("cycle"))
    slips = sum(note_dates(cycle) for cycle in running)
    lost = ToldDate.objects.filter(told_at=None, noted_at__lt=clock.now() - 2 * LOOK)
    for batch in lost.exclude(batch="").order_by("batch").values_list("batch", flat=True).distinct():
        jobs.defer("selection.tell_delay", batch=batch)
    return slips


@transaction.atomic
def note_dates(cycle: Cycle) -> int:
    """Write down what changed since the last look, and queue the mails. Safe to run twice and at once."""
    locks.hold(f"dates:{cycle.pk}")
    now, batch = clock.now(), new_key(10)
    latest = {row.stage_id: row for row in ToldDate.objects.filter(cycle=cycle).order_by("pk")}
    made: list[ToldDate] = []
    for stage, at, late in _dates(cycle, now):
        row = ToldDate(cycle=cycle, stage=stage, at=at, noted_at=now)
        told = latest.get(stage.pk if stage else None)
        if told is None or at < told.at:  # seen for the first time, or better than was told
            row.told_at = now
            row.overdue = late  # long before we looked: no news
        elif at > told.at + SLACK:
            row.was_at, row.batch = told.at, batch
        elif late and not told.overdue:
            row.at, row.was_at, row.overdue, row.batch = told.at, told.at, True, batch
        else:
            continue
        made.append(row)
    ToldDate.objects.bulk_create(made)
    slips = sum(1 for row in made if row.batch)
    if slips:
        jobs.defer("selection.tell_delay", batch=batch)
    return slips


def _dates(cycle: Cycle, now: dt.datetime) -> Iterator[tuple[Stage | None, dt.datetime, bool]]:
    """Each stage that has not ended with its day and whether it is over; last the letters."""
    for stage in Stage.objects.filter(cycle=cycle).exclude(state=states.STAGE_CLOSED).order_by("number"):
        until = stage.closes_at + dt.timedelta(minutes=stage.grace_minutes)
        yield stage, stage.closes_at, stage.state == states.STAGE_OPEN and now > until
    yield None, cycle.release_planned_at, now > cycle.release_planned_at + grace(cycle)


def tell_delay(batch: str) -> int:
    """One mail to each party of each case that is not over, 2,000 cases at a time; run again it adds what is missing."""
    rows = ToldDate.objects.filter(batch=batch, told_at=None)
    first = rows.select_related("cycle").first()
    if first is None:
        return 0
    last, number = 0, 0
    while portion := list(_affected(first.cycle).filter(pk__gt=last)[:CASES_AT_ONCE]):
        posts = emails.posts_of_delay(batch, portion)
        outbox.post_many(posts)
        last, number = portion[-1].pk, number + len(posts)
    rows.update(told_at=clock.now())
    return number


def _affected(cycle: Cycle) -> QuerySet[Nomination]:
    found = Nomination.objects.filter(cycle=cycle, state__in=AFFECTED)
    return found.select_related("nominee").order_by("pk")
