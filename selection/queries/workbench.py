"""The reviewer's desk: the queue, the rubric, one's own review."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock, prepared
from common.joined import Joined
from people.queries import person_of
from selection import states
from selection.models import Candidacy, Criterion, Review, Rubric, Stage
from selection.queries.cases import own_tasks_on
from selection.queries.one import cases_of_stage
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


@dataclass(frozen=True)
class Task:
    """One of somebody's tasks in a stage, as the queue needs it."""

    pk: int
    candidacy: int
    key: str
    case: int
    region: str | None
    state: str
    review: str | None
    skipped_at: dt.datetime | None
    due_at: dt.datetime | None

    @property
    def place(self) -> tuple[bool, dt.datetime | None, int]:
        """Its place among open tasks: those that were put off stand last, in the order of putting off."""
        return self.skipped_at is not None, self.skipped_at, self.pk


# Open tasks before done ones; of the open ones those that were put off last, in the order of putting off.
TASKS = """
    SELECT task.id, candidacy.id, candidacy.key, candidacy.nomination_id, region.name, task.state, review.state,
        task.skipped_at, task.due_at
    FROM selection_assignment AS task
    JOIN selection_candidacy AS candidacy ON candidacy.id = task.candidacy_id
    JOIN nominations_nomination AS nomination ON nomination.id = candidacy.nomination_id
    LEFT JOIN charter_region AS region ON region.id = nomination.region_id
    LEFT JOIN selection_review AS review ON review.assignment_id = task.id
    WHERE task.reviewer_id = %s AND task.state IN ('assigned', 'done') AND candidacy.id IN ({door})
    ORDER BY task.state <> 'assigned', task.skipped_at NULLS FIRST, task.id
    LIMIT {most}
"""


def own_tasks(user: Any, stage: Stage) -> list[Task]:
    """This user's tasks in a stage, on cases that they may see, in the order of the queue: one statement."""
    person, door = person_of(user), cases_of_stage(user, stage)
    if person is None or door is None:
        return []
    rows = prepared.fetch(TASKS.format(door=door[0], most=READ_AT_MOST), [person.pk, *door[1]])
    return [Task(*row) for row in rows]


def queue_of(
    user: Any, stage: Stage, *, show: str, here: int | None = None, tasks: list[Task] | None = None
) -> Queue:
    """The queue around one candidacy, in two statements; in one with the ``tasks`` that are read already.

    ``previous`` and ``following`` are the keys of the neighbours, ``before`` and ``after`` how many lines are
    left out at either end.
    """
    tasks = own_tasks(user, stage) if tasks is None else tasks
    todo = [task for task in tasks if task.state == states.ASSIGNED]
    drafts = [task for task in todo if task.review == states.REVIEW_DRAFT]
    done = [task for task in tasks if task.state == states.DONE]
    show = show if show in (DRAFTS, DONE) else TODO
    listed = {TODO: todo, DRAFTS: drafts, DONE: done}[show]
    place = next((place for place, task in enumerate(listed) if task.candidacy == here), 0)
    first = max(0, min(place - BEFORE_IT, len(listed) - SHOWN_AROUND))
    shown = listed[first : first + SHOWN_AROUND]
    links = _links([task.case for task in shown])
    return Queue(
        stage=stage,
        rows=[_row(task, here, links.get(task.case, 0), stage) for task in shown],
        show=show,
        choices=[
            Choice(TODO, _("To do"), len(todo)),
            Choice(DRAFTS, _("Drafts"), len(drafts)),
            Choice(DONE, _("Done"), len(done)),
        ],
        done=len(done),
        total=len(todo) + len(done),
        pace=pace(len(todo), stage.closes_at),
        previous=listed[place - 1].key if place else "",
        following=listed[place + 1].key if place + 1 < len(listed) else "",
        before=first,
        after=len(listed) - first - len(shown),
    )


def _row(task: Task, here: int | None, links: int, stage: Stage) -> QueueRow:
    is_here, to_do = task.candidacy == here, task.state == states.ASSIGNED
    shown = "open" if is_here else "draft" if task.review else "skipped" if task.skipped_at else ""
    return QueueRow(
        key=task.key,
        region=task.region or "–",
        links=ngettext("%(count)d link", "%(count)d links", links) % {"count": links},
        state=shown if to_do else "done",
        is_here=is_here,
        due=task.due_at if to_do and task.due_at and task.due_at < stage.closes_at else None,
    )


LINKS = """
    SELECT nomination_id, count(*) FROM nominations_dossieritem
    WHERE nomination_id = ANY(%s) AND url <> '' GROUP BY nomination_id
"""


def _links(cases: list[int]) -> dict[int, int]:
    """Case → how many of its contributions have a link."""
    return dict(prepared.fetch(LINKS, [cases]))


def next_task(user: Any, candidacy: Candidacy) -> Task | None:
    """The next open task after this one, from the start again at the end."""
    tasks = own_tasks(user, candidacy.stage)
    here = next((task.place for task in tasks if task.candidacy == candidacy.pk), None)
    todo = [task for task in tasks if task.state == states.ASSIGNED and task.candidacy != candidacy.pk]
    return next((task for task in todo if here is None or task.place > here), todo[0] if todo else None)


def first_task(user: Any, stage: Stage) -> Task | None:
    """Where the workbench opens: the first open task, else the first one that is done."""
    return next(iter(own_tasks(user, stage)), None)


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
    rubric with them: one short statement for what every page and act of a reviewer needs, asked once a stage."""
    criteria: list[Any] = getattr(stage, "criteria_read", [])
    if criteria:
        return criteria
    for *row, sentences in prepared.fetch(READ_RUBRIC, [stage.rubric_id]):
        stage.rubric, criterion = RUBRIC.split(row)
        criterion.rubric, criterion.sentences = stage.rubric, sentences
        criteria.append(criterion)
    stage.criteria_read = criteria  # type: ignore[attr-defined]
    return criteria


def own_review(user: Any, candidacy: Candidacy) -> Review | None:
    """This user's review of a case, drafts included."""
    task = next(iter(own_tasks_on(candidacy, person_of(user))), None)
    return getattr(task, "review", None)


def was_in(review: Review) -> bool:
    """Whether the review was handed in before, opened again or not: only then it says how sure its author was."""
    return review.confidence is not None


def is_frozen(review: Review, stage: Stage) -> bool:
    """Whether the review was in before the top-up began: the cases near the line were chosen by it."""
    return bool(stage.topped_up_at and review.submitted_at and review.submitted_at < stage.topped_up_at)
