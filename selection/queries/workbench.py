"""The reviewer's desk: the queue, the rubric, one's own review."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.joined import Joined
from nominations.models import DossierItem
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Criterion, Review, Rubric, Stage
from selection.queries.cases import candidacies_visible_to, own_tasks_on
from selection.queries.work import Choice

READ_AT_MOST = 200  # tasks; nobody has as many in one stage
SHOWN_AROUND = 40  # lines of the queue, with the case on the desk among them
BEFORE_IT = 10
TODO, DRAFTS, DONE = "todo", "drafts", "done"


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue. ``due``: an end before that of the stage. ``links``: of the contributions."""

    key: str
    region: str
    links: str
    state: str  # open, draft, skipped, done or nothing
    is_here: bool
    due: dt.datetime | None


@dataclass(frozen=True)
class Queue:
    """One's tasks of a stage in the order in which they were given, those put off last."""

    stage: Stage
    rows: list[QueueRow]
    show: str
    choices: list[Choice]
    done: int
    total: int
    pace: int
    previous: str
    following: str
    before: int
    after: int

    @property
    def is_done(self) -> bool:
        """Whether all tasks of the stage have their review."""
        return 0 < self.total == self.done


COLUMNS = (
    "candidacy_id", "candidacy__key", "candidacy__nomination_id", "candidacy__nomination__region__name", "state",
    "review__state", "skipped_at", "due_at",
)  # fmt: skip


def queue_of(user: Any, stage: Stage, *, show: str, here: int | None = None) -> Queue:
    """The queue around one candidacy, in two statements.

    ``previous`` and ``following`` are the keys of the neighbours, ``before`` and ``after`` how many lines are
    left out at either end.
    """
    tasks = list(own_tasks(user, stage).order_by(*ORDER).values_list(*COLUMNS)[:READ_AT_MOST])
    todo = [row for row in tasks if row[4] == states.ASSIGNED]
    drafts = [row for row in todo if row[5] == states.REVIEW_DRAFT]
    done = [row for row in tasks if row[4] == states.DONE]
    show = show if show in (DRAFTS, DONE) else TODO
    listed = {TODO: todo, DRAFTS: drafts, DONE: done}[show]
    place = next((place for place, row in enumerate(listed) if row[0] == here), 0)
    first = max(0, min(place - BEFORE_IT, len(listed) - SHOWN_AROUND))
    shown = listed[first : first + SHOWN_AROUND]
    links = _links([row[2] for row in shown])
    return Queue(
        stage=stage,
        rows=[_row(row, here, links.get(row[2], 0), stage) for row in shown],
        show=show,
        choices=[
            Choice(TODO, _("To do"), len(todo)),
            Choice(DRAFTS, _("Drafts"), len(drafts)),
            Choice(DONE, _("Done"), len(done)),
        ],
        done=len(done),
        total=len(todo) + len(done),
        pace=pace(len(todo), stage.closes_at),
        previous=listed[place - 1][1] if place else "",
        following=listed[place + 1][1] if place + 1 < len(listed) else "",
        before=first,
        after=len(listed) - first - len(shown),
    )


def _row(task: Any, here: int | None, links: int, stage: Stage) -> QueueRow:
    candidacy, key, _case, region, state, review, skipped, due = task
    is_here, to_do = candidacy == here, state == states.ASSIGNED
    shown = "open" if is_here else "draft" if review else "skipped" if skipped else ""
    return QueueRow(
        key=key,
        region=region or "–",
        links=ngettext("%(count)d link", "%(count)d links", links) % {"count": links},
        state=shown if to_do else "done",
        is_here=is_here,
        due=due if to_do and due and due < stage.closes_at else None,
    )


def _links(cases: list[int]) -> dict[int, int]:
    rows = DossierItem.objects.filter(nomination__in=cases).exclude(url="").order_by()
    return dict(rows.values_list("nomination_id").annotate(count=Count("pk")))


# Open tasks before done ones; of the open ones those that were put off last, in the order of putting off.
ORDER = (
    Case(When(state=states.ASSIGNED, then=Value(0)), default=Value(1), output_field=IntegerField()),
    F("skipped_at").asc(nulls_first=True),
    "pk",
)


def own_tasks(user: Any, stage: Stage) -> QuerySet[Assignment]:
    """This user's tasks in a stage, on cases that they may see."""
    return Assignment.objects.filter(
        reviewer=person_of(user),
        state__in=(states.ASSIGNED, states.DONE),
        candidacy__in=candidacies_visible_to(user).filter(stage=stage),
    )


def next_task(user: Any, candidacy: Candidacy) -> Candidacy | None:
    """The next open task after this one, from the start again at the end: one row."""
    here = Assignment.objects.filter(candidacy=candidacy, reviewer=person_of(user)).first()
    tasks = own_tasks(user, candidacy.stage).filter(state=states.ASSIGNED).exclude(candidacy=candidacy)
    order = [_is_before(here), *ORDER] if here else ORDER
    task = tasks.order_by(*order).select_related("candidacy").first()
    return task.candidacy if task else None


def _is_before(here: Assignment) -> Case:
    """1 for tasks that stand before ``here`` in the queue, so that they come last."""
    never = Q(skipped_at=None)
    earlier = never | Q(skipped_at__lt=here.skipped_at) if here.skipped_at else never & Q(pk__lt=here.pk)
    return Case(When(earlier, then=Value(1)), default=Value(0), output_field=IntegerField())


def first_task(user: Any, stage: Stage) -> Candidacy | None:
    """Where the workbench opens: the first open task, else the first one that is done."""
    task = own_tasks(user, stage).select_related("candidacy").order_by(*ORDER).first()
    return task.candidacy if task else None


def pace(todo: int, closes_at: dt.datetime) -> int:
    """How many a day finish on time: the whole days that are left, today included."""
    days = max(1, (closes_at - clock.now()).days + 1)
    return -(-todo // days)


RUBRIC = Joined(rubric=Rubric, criterion=Criterion)
READ_RUBRIC = f"""
    SELECT {RUBRIC.columns}, ARRAY(
        SELECT sentence FROM selection_anchor WHERE criterion_id = criterion.id ORDER BY mark
    )
    FROM selection_criterion AS criterion JOIN selection_rubric AS rubric ON rubric.id = criterion.rubric_id
    WHERE rubric.id = %s ORDER BY criterion.position, criterion.id
"""  # noqa: S608  names of columns alone


def criteria_of(stage: Stage) -> list[Criterion]:
    """The rubric's criteria; ``sentences`` are the anchors from the lowest mark to the highest. The stage gets its
    rubric with them: one short statement for what every page and act of a reviewer needs."""
    with connection.cursor() as cursor:
        cursor.execute(READ_RUBRIC, [stage.rubric_id])
        rows = cursor.fetchall()
    criteria: list[Any] = []
    for *row, sentences in rows:
        stage.rubric, criterion = RUBRIC.split(row)
        criterion.rubric, criterion.sentences = stage.rubric, sentences
        criteria.append(criterion)
    return criteria


def own_review(user: Any, candidacy: Candidacy) -> Review | None:
    """This user's review of a case, drafts included."""
    task = next(iter(own_tasks_on(candidacy, person_of(user))), None)
    return getattr(task, "review", None)


def is_frozen(review: Review, stage: Stage) -> bool:
    """Whether the review was in before the top-up began: the cases near the line were chosen by it."""
    return bool(stage.topped_up_at and review.submitted_at and review.submitted_at < stage.topped_up_at)
