"""Who is behind in a stage: reviewers with what they have done, what would be done on an even pace, and reminders.

Every count leaves out the cases in which the reader has a hard conflict.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    Max,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat

from common import clock
from common.models import HistoryRow, OutboxMail
from nominations.models import Conflict
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Stage
from selection.queries.cases import candidacies_visible_to, visible_training_keys, without_hidden_tasks
from selection.queries.kept import is_gone_on
from selection.queries.progress import Counts, counts_of

REMINDER = "selection.reminder"  # the kind of its mail
BETWEEN = dt.timedelta(days=1)  # two reminders to the same person
TELLING = dt.timedelta(minutes=5)  # at most, from new tasks to the mail about them


@dataclass(frozen=True)
class Progress:
    """One reviewer in a stage. ``expected``: how many would be done by now on an even pace."""

    person: Person
    total: int
    done: int
    expected: int
    last: dt.datetime | None
    categories: list[str]
    reminded_at: dt.datetime | None

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def behind(self) -> int:
        """How many fewer are done than on an even pace; never below nothing."""
        return max(self.expected - self.done, 0)

    @property
    def more(self) -> int:
        """Categories beyond the two that are named."""
        return max(len(self.categories) - 2, 0)

    @property
    def is_far_behind(self) -> bool:
        """More than a tenth of all their tasks, and of two at least."""
        return self.behind > max(self.total / 10, 1)

    @property
    def may_be_reminded(self) -> bool:
        """Something is left to do, and the last reminder is a day ago."""
        return self.open > 0 and (self.reminded_at is None or self.reminded_at <= clock.now() - BETWEEN)


def reviewers_behind(
    user: Any, stage: Stage, *, page: str = "1", counts: Counts | None = None
) -> tuple[Page[Any], list[Progress]]:
    """Reviewers of a stage, those who are most behind first, then those with most left to do. ``counts``: of the page,
    where they were read already; else one statement more than the four that the rest takes."""
    counts = counts or counts_of(_tasks_of(user, stage), stage, page=page)
    people = Person.objects.in_bulk([person for person, *_numbers in counts.reviewers])
    known = _last_and_categories(user, stage, people)
    reminded = last_reminders(user, (one.key for one in people.values()))
    return counts.page, [
        Progress(
            person=people[person],
            total=total,
            done=done,
            expected=expected,
            last=known[person][0],
            categories=known[person][1],
            # Beside nothing left to do it would tell of a task that the reader may not know of.
            reminded_at=reminded.get(people[person].key) if total > done else None,
        )
        for person, total, done, expected in counts.reviewers
    ]


def reviewers_to_remind(user: Any, stage: Stage, keys: Iterable[str]) -> list[Person]:
    """Of these people those who have something left to do in the stage, as far as ``user`` may know.

    Compared here: what a browser sends for a key may be no text to PostgreSQL.
    """
    left, wanted = _tasks_of(user, stage).filter(state=states.ASSIGNED), set(keys)
    behind = Person.objects.filter(pk__in=left.values("reviewer")).order_by("pk")
    return [one for one in behind if one.key in wanted]


def reviewers_left_since(stage: Stage, at: dt.datetime) -> list[Person]:
    """Who had an open task of the stage at a moment, has it still and no tie to the case, and got no reminder of this
    stage from a day before the moment on; one whose mail was withheld or failed is not tried again."""
    tie = Conflict.objects.filter(
        nomination=OuterRef("candidacy__nomination"),
        person=OuterRef("reviewer"),
        strength=Conflict.Strength.HARD,
    )
    tasks = Assignment.objects.filter(
        ~Exists(tie), candidacy__stage=stage, state=states.ASSIGNED, assigned_at__lte=at
    )
    had = OutboxMail.objects.filter(kind=REMINDER, keys__stage=stage.key, created_at__gt=at - BETWEEN)
    people = Person.objects.filter(pk__in=tasks.values("reviewer"), deceased=False)
    return list(people.exclude(key__in=had.values("person_key")).order_by("pk"))


def last_reminders(user: Any, person_keys: Iterable[str]) -> dict[str, dt.datetime]:
    """Person key → when they were reminded last, in whichever stage, as far as ``user`` may know; a mail that never
    went out is no reminder."""
    mails = OutboxMail.objects.filter(kind=REMINDER, person_key__in=list(person_keys)).order_by()
    mails = mails.exclude(state__in=(OutboxMail.State.WITHHELD, OutboxMail.State.FAILED))
    mails = mails.alias(of_stage=KT("keys__stage"), of_moment=KT("keys__moment"))
    names = {"stage": "of_stage", "person": "person_key", "at": "created_at", "moment": "of_moment"}
    shown = mails.filter(reminder_explained_to(user, **names))
    return dict(shown.values_list("person_key").annotate(last=Max("created_at")))


def moments_reminded(user: Any, stage: Stage) -> set[dt.datetime]:
    """Moments of the schedule of a stage at which somebody was reminded, as far as ``user`` may know."""
    rows = HistoryRow.objects.filter(
        kind="reminder", codes__stage=stage.key, codes__has_key="moment"
    ).order_by()
    rows = rows.alias(of_stage=KT("codes__stage"), of_moment=KT("codes__moment"))
    names = {"stage": "of_stage", "person": "key", "at": "at", "moment": "of_moment"}
    shown = rows.filter(reminder_explained_to(user, **names))
    return {
        dt.datetime.fromisoformat(one) for one in shown.values_list("codes__moment", flat=True).distinct()
    }


def reminder_explained_to(user: Any, *, stage: str, person: str, at: str, moment: str) -> Exists:
    """Whether a reminder is explained by a task that ``user`` may know of: given before it, and not done by then.

    The names of columns lead to the key of the stage, the key of the reviewer, when the reminder was written and, as
    text, the moment of the schedule since which a task had to be open for it; NULL where somebody sent it by hand.
    """
    asked = Coalesce(Cast(OuterRef(moment), DateTimeField()), OuterRef(at))
    tasks = _known_tasks(user).filter(assigned_at__lte=asked)
    tasks = tasks.exclude(state=states.DONE, review__saved_at__lte=OuterRef(at))
    return Exists(tasks.filter(stage_key=OuterRef(stage), reviewer__key=OuterRef(person)))


def new_tasks_explained_to(user: Any, *, stage: str, person: str, at: str) -> Exists:
    """The same of the mail that says that there are new tasks: one of them was given just before it."""
    given = (OuterRef(at) - TELLING, OuterRef(at))
    tasks = _known_tasks(user).filter(assigned_at__range=given)
    return Exists(tasks.filter(stage_key=OuterRef(stage), reviewer__key=OuterRef(person)))


def visible_reminder_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Who was reminded is the office's and the auditor's to read, but for reviewers of whom they may not know every
    task, and one's own."""
    seen = visible_training_keys(user, keys)
    others = Assignment.objects.filter(reviewer__key__in=seen).exclude(reviewer=person_of(user))
    hidden = others.exclude(pk__in=_known_tasks(user).values("pk"))
    return seen - set(hidden.values_list("reviewer__key", flat=True))


def _known_tasks(user: Any) -> QuerySet[Any]:
    """Tasks of which the office or an auditor may know, with the key of their stage."""
    person = person_of(user)
    tasks = Assignment.objects.filter(candidacy__in=Candidacy.objects.filter(~is_gone_on(person)))
    tasks = without_hidden_tasks(without_conflicts(tasks, person, case="candidacy__nomination"), person)
    number = Cast("candidacy__stage__number", CharField())
    return tasks.alias(stage_key=Concat("candidacy__stage__cycle__slug", Value("/"), number)).order_by()


def _tasks_of(user: Any, stage: Stage, reviewers: Iterable[int] | None = None) -> QuerySet[Assignment]:
    """Open tasks and done ones of a stage, or of some of its reviewers: their cases alone are then asked for."""
    visible = candidacies_visible_to(user).filter(stage=stage)
    tasks = Assignment.objects.filter(candidacy__stage=stage, state__in=(states.ASSIGNED, states.DONE))
    if reviewers is not None:
        tasks = tasks.filter(reviewer__in=list(reviewers))
        visible = visible.filter(pk__in=list(tasks.values_list("candidacy", flat=True)))
    tasks = tasks.filter(candidacy__in=visible)
    return without_hidden_tasks(tasks, person_of(user)).order_by()


def _last_and_categories(
    user: Any, stage: Stage, reviewers: Iterable[int]
) -> dict[int, tuple[dt.datetime | None, list[str]]]:
    """Reviewer → when they saved last, and the technology categories of their cases."""
    rows = (
        _tasks_of(user, stage, reviewers)
        .values_list(
            "reviewer", "candidacy__nomination__category__name", "candidacy__nomination__category__position"
        )
        .annotate(last=Max("review__saved_at"))
        .order_by("reviewer", "candidacy__nomination__category__position")
    )
    found: dict[int, tuple[dt.datetime | None, list[str]]] = defaultdict(lambda: (None, []))
    for reviewer, name, _position, last in rows:
        before, names = found[reviewer]
        latest = max((at for at in (before, last) if at is not None), default=None)
        found[reviewer] = (latest, [*names, name] if name else names)
    return found
