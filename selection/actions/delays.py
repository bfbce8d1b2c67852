"""Honest dates: who reads a date on the page of a case hears when it slips, once, and whatever the selection holds.

Nothing here looks at how a case fares: all of a cycle that are not over yet are told the same on the same day.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from charter.models import Cycle
from charter.queries import grace
from common import clock, jobs, locks, outbox
from common.keys import new_key
from nominations import states as cases
from nominations.models import Nomination
from selection import notice_emails, states
from selection.models import Candidacy, Release, Stage, ToldDate

CASES_AT_ONCE = 2000
AFFECTED = (cases.ACCEPTED, cases.COMPLETE, cases.IN_REVIEW)
LOOK = dt.timedelta(minutes=10)  # between two looks
SLACK = dt.timedelta(hours=1)  # a date that moves by less has not slipped
What = tuple[int | None, int | None, bool]  # stage, second look, close of dossiers?


@dataclass(frozen=True)
class Place:
    """What a date is of, its day now, and whether it passed without an end."""

    at: dt.datetime
    late: bool = False
    stage: int | None = None
    candidacy: int | None = None
    of_dossiers: bool = False

    @property
    def what(self) -> What:
        return self.stage, self.candidacy, self.of_dossiers


def watch_dates() -> int:
    """Every ten minutes: compare the dates of running cycles with what was told. Returns how many slips there were.

    Whoever moved a date, on whichever page: what counts is the row. Two corrections within the ten minutes are one.
    """
    told = Release.objects.filter(kind=Release.Kind.MAIN, released_at__isnull=False)
    running = Cycle.objects.filter(opens_at__lte=clock.now()).exclude(pk__in=told.values("cycle"))
    slips = sum(note_dates(cycle) for cycle in running) + note_second_looks()
    lost = ToldDate.objects.filter(told_at=None, noted_at__lt=clock.now() - 2 * LOOK)
    for batch in lost.exclude(batch="").order_by("batch").values_list("batch", flat=True).distinct():
        jobs.defer("selection.tell_delay", batch=batch)
    return slips


@transaction.atomic
def note_dates(cycle: Cycle) -> int:
    """Write down what changed since the last look, and queue the mails. Safe to run twice and at once."""
    locks.hold(f"dates:{cycle.pk}")
    told = ToldDate.objects.filter(cycle=cycle, candidacy=None)
    return _note(cycle.pk, _dates(cycle, clock.now()), told)


@transaction.atomic
def note_second_looks() -> int:
    """The same for second looks, each of which has an end of its own; their cycles are over."""
    locks.hold("dates:second looks")
    looks = list(
        Candidacy.objects.filter(closes_at__isnull=False, nomination__state=cases.SECOND_LOOK)
        .select_related("stage")
        .order_by("nomination_id", "-round")
        .distinct("nomination_id")
    )
    told = ToldDate.objects.filter(candidacy__in=looks)
    return sum(_note(one.stage.cycle_id, [_end_of(one)], told.filter(candidacy=one)) for one in looks)


def _note(cycle: int, places: Iterable[Place], told_before: QuerySet[ToldDate]) -> int:
    now, batch = clock.now(), new_key(10)
    latest: dict[What, ToldDate] = {
        (row.stage_id, row.candidacy_id, row.of_dossiers): row for row in told_before.order_by("pk")
    }
    made: list[ToldDate] = []
    for place in places:
        row = ToldDate(cycle_id=cycle, at=place.at, noted_at=now, of_dossiers=place.of_dossiers)
        row.stage_id, row.candidacy_id = place.stage, place.candidacy
        told = latest.get(place.what)
        if told is None:  # seen for the first time
            row.told_at = now
            row.overdue = place.late  # long before we looked: no news
        elif place.at > told.at + SLACK or (place.of_dossiers and place.at < told.at - SLACK):
            row.was_at, row.batch = told.at, batch
        elif place.at < told.at:  # better than was told
            row.told_at, row.overdue = now, place.late
        elif place.late and not told.overdue:
            row.at, row.was_at, row.overdue, row.batch = told.at, told.at, True, batch
        else:
            continue
        made.append(row)
    ToldDate.objects.bulk_create(made)
    slips = sum(1 for row in made if row.batch)
    if slips:
        jobs.defer("selection.tell_delay", batch=batch)
    return slips


def _dates(cycle: Cycle, now: dt.datetime) -> Iterator[Place]:
    """The close of dossiers; each stage that has not ended; last the letters."""
    if now <= cycle.dossiers_close_at + grace(cycle):
        yield Place(cycle.dossiers_close_at, of_dossiers=True)
    for stage in Stage.objects.filter(cycle=cycle).exclude(state=states.STAGE_CLOSED).order_by("number"):
        until = stage.closes_at + dt.timedelta(minutes=stage.grace_minutes)
        late = stage.state == states.STAGE_OPEN and now > until
        yield Place(stage.closes_at, late, stage=stage.pk)
    yield Place(cycle.release_planned_at, now > cycle.release_planned_at + grace(cycle))


def _end_of(look: Candidacy) -> Place:
    """It is late until the answer is out, decided or not: what waits for a release shows in nothing."""
    ends = look.closes_at or look.entered_at
    late = clock.now() > ends + dt.timedelta(minutes=look.stage.grace_minutes)
    return Place(ends, late, candidacy=look.pk)


def tell_delay(batch: str) -> int:
    """One mail to each party of each case that is not over, 2,000 cases at a time; run again it adds what is missing."""
    rows = ToldDate.objects.filter(batch=batch, told_at=None)
    news = list(rows.select_related("candidacy"))
    if not news:
        return 0
    last, number = 0, 0
    while portion := list(_affected(news).filter(pk__gt=last)[:CASES_AT_ONCE]):
        posts = notice_emails.posts_of_delay(batch, portion)
        outbox.post_many(posts)
        last, number = portion[-1].pk, number + len(posts)
    rows.update(told_at=clock.now())
    return number


def _affected(news: Sequence[ToldDate]) -> QuerySet[Nomination]:
    """The cases that wait for one of these dates, those carried over into the cycle with them."""
    found = Nomination.objects.select_related("nominee").order_by("pk")
    looks = [row.candidacy.nomination_id for row in news if row.candidacy]
    if looks:
        return found.filter(pk__in=looks, state=cases.SECOND_LOOK)
    cycle = news[0].cycle_id
    if all(row.of_dossiers for row in news):
        return found.filter(cycle=cycle, state=cases.ACCEPTED)
    carried = Candidacy.objects.filter(nomination=OuterRef("pk"), stage__cycle=cycle)
    return found.filter(
        Q(cycle=cycle, state__in=AFFECTED) | Q(Exists(carried), ~Q(cycle=cycle), state=cases.IN_REVIEW)
    )
