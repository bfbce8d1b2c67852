"""Who is behind in a stage: reviewers with what they have done, what would be done on an even pace, and reminders.

Every count leaves out the cases in which the reader has a hard conflict.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Extract, Floor, Greatest, Least

from common import clock
from common.models import OutboxMail
from nominations.models import Conflict
from nominations.queries import without_conflicts
from people.models import Person
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Stage
from selection.queries.cases import candidacies_visible_to, visible_training_keys, without_hidden_tasks
from selection.queries.kept import is_gone_on

ROWS = 20
REMINDER = "selection.reminder"  # the kind of its mail
BETWEEN = dt.timedelta(days=1)  # two reminders to the same person
TELLING = dt.timedelta(minutes=5)  # at most, from new tasks to the mail about them
ROUNDING = 1e-6  # a day of ten is not 0.99999 of one


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


def reviewers_behind(user: Any, stage: Stage, *, page: str) -> tuple[Page[Any], list[Progress]]:
    """Reviewers of a stage, those who are most behind first, then those with most left to do; five statements."""
    rows = (
        _tasks_of(user, stage)
        .values("reviewer")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=states.DONE)),
            left=Count("pk", filter=Q(state=states.ASSIGNED)),
            expected=Floor(Sum(_due_by_now()) + ROUNDING),
            last=Max("review__saved_at"),
        )
        .annotate(behind=Greatest(F("expected") - F("done"), 0.0))
        .order_by("-behind", "-left", F("last").asc(nulls_first=True), "reviewer")
    )
    listed = Paginator(rows, ROWS).get_page(page)
    people = Person.objects.in_bulk([row["reviewer"] for row in listed])
    categories = _categories(user, stage, people)
    reminded = last_reminders(one.key for one in people.values())
    return listed, [
        Progress(
            person=people[row["reviewer"]],
            total=row["total"],
            done=row["done"],
            expected=int(row["expected"]),
            last=row["last"],
            categories=categories[row["reviewer"]],
            # Beside nothing left to do it would tell of a task that the reader may not know of.
            reminded_at=reminded.get(people[row["reviewer"]].key) if row["left"] else None,
        )
        for row in listed
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


def last_reminders(person_keys: Iterable[str]) -> dict[str, dt.datetime]:
    """Person key → when they were reminded last, in whichever stage; a mail that never went out is no reminder."""
    mails = OutboxMail.objects.filter(kind=REMINDER, person_key__in=list(person_keys)).order_by()
    mails = mails.exclude(state__in=(OutboxMail.State.WITHHELD, OutboxMail.State.FAILED))
    return dict(mails.values_list("person_key").annotate(last=Max("created_at")))


def reminder_explained_to(user: Any, *, stage: str, person: str, at: str) -> Exists:
    """Whether a reminder is explained by a task that ``user`` may know of: given before it, and not done by then.

    The names of columns lead to the key of the stage, the key of the reviewer and the moment of the reminder.
    """
    tasks = _known_tasks(user).filter(assigned_at__lte=OuterRef(at))
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


def _tasks_of(user: Any, stage: Stage) -> QuerySet[Assignment]:
    tasks = Assignment.objects.filter(
        candidacy__in=candidacies_visible_to(user).filter(stage=stage),
        state__in=(states.ASSIGNED, states.DONE),
    )
    return without_hidden_tasks(tasks, person_of(user)).order_by()


def _due_by_now() -> Any:
    """How much of a task is due by now on an even pace: 0 when it was given, 1 at its end."""
    end = Coalesce("due_at", "candidacy__stage__closes_at")
    now = Value(clock.now(), output_field=DateTimeField())
    passed = Cast(Extract(now - F("assigned_at"), "epoch"), FloatField())
    whole = Cast(Extract(end - F("assigned_at"), "epoch"), FloatField())
    return Least(Greatest(passed, 0.0) / Greatest(whole, 1.0), 1.0)


def _categories(user: Any, stage: Stage, reviewers: Iterable[int]) -> dict[int, list[str]]:
    """Reviewer → the technology categories of their cases."""
    rows = _tasks_of(user, stage).filter(
        reviewer__in=list(reviewers), candidacy__nomination__category__isnull=False
    )
    found: dict[int, list[str]] = defaultdict(list)
    names = rows.values_list("reviewer", "candidacy__nomination__category__name").distinct()
    for reviewer, name in names.order_by("reviewer", "candidacy__nomination__category__position"):
        found[reviewer].append(name)
    return found
