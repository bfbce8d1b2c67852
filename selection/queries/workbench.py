"""The reviewer's desk: the queue, the dossier, one's own review, and those of others once one's own is in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role
from awards.models import Award
from common import clock
from common.keys import keyed_digest
from nominations.models import DossierItem, Nomination, Support
from nominations.queries import dossier_of, evidence_window
from people.queries import person_of
from selection import states
from selection.blinding import hider
from selection.models import Anchor, Assignment, Candidacy, Criterion, Review, Stage
from selection.queries.cases import own_is_missing
from selection.queries.work import Choice, cases_to_work_on

QUEUE_AT_MOST = 200
TODO, DRAFTS, DONE = "todo", "drafts", "done"


@dataclass(frozen=True)
class Queue:
    """One's tasks of a stage in the order in which they were given."""

    stage: Stage
    tasks: list[Assignment]
    show: str
    choices: list[Choice]
    done: int
    total: int
    pace: int

    @property
    def is_done(self) -> bool:
        """Whether all tasks of the stage have their review."""
        return 0 < self.total == self.done


def queue_of(user: Any, stage: Stage, *, show: str) -> Queue:
    """Tasks with their case and how many links it has, in two statements."""
    tasks = own_tasks(user, stage)
    counts = tasks.aggregate(
        todo=Count("pk", filter=Q(state=states.ASSIGNED)),
        drafts=Count("pk", filter=Q(state=states.ASSIGNED, review__isnull=False)),
        done=Count("pk", filter=Q(state=states.DONE)),
    )
    show = show if show in (DRAFTS, DONE) else TODO
    listed = _shown(tasks, show).select_related("candidacy__nomination__region", "review")
    links = Count(
        "candidacy__nomination__dossier_items", filter=~Q(candidacy__nomination__dossier_items__url="")
    )
    return Queue(
        stage=stage,
        tasks=list(listed.annotate(links=links).order_by("pk")[:QUEUE_AT_MOST]),
        show=show,
        choices=[
            Choice(TODO, _("To do"), counts["todo"]),
            Choice(DRAFTS, _("Drafts"), counts["drafts"]),
            Choice(DONE, _("Done"), counts["done"]),
        ],
        done=counts["done"],
        total=counts["todo"] + counts["done"],
        pace=pace(counts["todo"], stage.closes_at),
    )


def own_tasks(user: Any, stage: Stage) -> QuerySet[Assignment]:
    """This user's tasks in a stage, on cases that they may see."""
    return Assignment.objects.filter(
        reviewer=person_of(user),
        state__in=(states.ASSIGNED, states.DONE),
        candidacy__in=cases_to_work_on(user).filter(stage=stage),
    )


def next_task(user: Any, candidacy: Candidacy) -> Candidacy | None:
    """The next open task after this one, from the start again at the end: one row."""
    tasks = own_tasks(user, candidacy.stage).filter(state=states.ASSIGNED).exclude(candidacy=candidacy)
    here = tasks.model.objects.filter(candidacy=candidacy, reviewer=person_of(user)).values("pk")[:1]
    later = tasks.filter(pk__gt=here).order_by("pk").select_related("candidacy").first()
    task = later or tasks.order_by("pk").select_related("candidacy").first()
    return task.candidacy if task else None


def first_task(user: Any, stage: Stage) -> Candidacy | None:
    """Where the workbench opens: the first open task, else the first one that is done."""
    tasks = own_tasks(user, stage).select_related("candidacy").order_by("state", "pk")
    task = tasks.first()  # "assigned" sorts before "done"
    return task.candidacy if task else None


def pace(todo: int, closes_at: dt.datetime) -> int:
    """How many a day finish on time: the whole days that are left, today included."""
    days = max(1, (closes_at - clock.now()).days + 1)
    return -(-todo // days)


def _shown(tasks: QuerySet[Assignment], show: str) -> QuerySet[Assignment]:
    if show == DONE:
        return tasks.filter(state=states.DONE)
    tasks = tasks.filter(state=states.ASSIGNED)
    return tasks.filter(review__isnull=False) if show == DRAFTS else tasks


@dataclass(frozen=True)
class Dossier:
    """What reviewers read of a case. With ``hidden`` neither name, place nor people are in it.

    The number of nominators and endorsers is nowhere: it is never a score.
    """

    case: Nomination
    title: str
    hidden: bool
    region: str
    statements: list[Support]
    endorsements: list[Support]
    items: list[DossierItem]
    links: int
    window: tuple[dt.date, dt.date]
    award_years: int
    languages: list[str]


def dossier_for(user: Any, candidacy: Candidacy) -> Dossier:
    """The dossier as this user may read it: stages can hide the nominee from those who review in them."""
    case, stage = candidacy.nomination, candidacy.stage
    texts = dossier_of(case)
    hidden = stage.hide_nominee and not _chairs(user, candidacy)
    if hidden:
        _hide_nominee(case, texts)
    years = Award.objects.filter(person=case.nominee_id).values("first_year").distinct().count()
    return Dossier(
        case=case,
        title=_("Candidate %(key)s") % {"key": candidacy.key} if hidden else case.nominee_name,
        hidden=hidden,
        region=case.region.name if case.region else "",
        statements=texts["statements"],
        endorsements=texts["endorsements"],
        items=texts["items"],
        links=sum(1 for item in texts["items"] if item.url),
        window=evidence_window(stage.cycle),
        award_years=years,
        languages=case.nominee.languages if case.nominee else [],
    )


def _hide_nominee(case: Nomination, texts: dict[str, list[Any]]) -> None:
    """Take name and country out of what was written; the rows are for the page alone and never saved."""
    names = (
        [case.nominee_name, case.nominee.name, case.nominee.latin_name]
        if case.nominee
        else [case.nominee_name]
    )
    words = [(name, _("[name]")) for name in names]
    country: Any = case.country
    hide = hider([*words, (str(country.name), _("[place]"))])
    for support in (*texts["statements"], *texts["endorsements"]):
        support.statement = hide(support.statement)
    for item in texts["items"]:
        item.title, item.description = hide(item.title), hide(item.description)
        item.private_note = hide(item.private_note)


def _chairs(user: Any, candidacy: Candidacy) -> bool:
    """Chairs and the office know who it is, unless they review the case themselves."""
    person = person_of(user)
    own = candidacy.assignments.filter(reviewer=person, state__in=(states.ASSIGNED, states.DONE))
    if person is not None and own.exists():
        return False
    category = candidacy.nomination.category_id
    chairs = category is not None and user.holds(Role.TECHNOLOGY_LEAD, category=category)
    return chairs or user.holds(Role.PROGRAM_OFFICE)


def criteria_of(stage: Stage) -> list[Criterion]:
    """The rubric's criteria; ``sentences`` are the anchors from the lowest mark to the highest."""
    criteria = list(Criterion.objects.filter(rubric=stage.rubric_id).order_by("position"))
    anchors: dict[int, list[str]] = {}
    for anchor in Anchor.objects.filter(criterion__in=criteria).order_by("criterion", "mark"):
        anchors.setdefault(anchor.criterion_id, []).append(anchor.sentence)
    for one in criteria:
        one.sentences = anchors.get(one.pk, [])  # type: ignore[attr-defined]
    return criteria


def own_review(user: Any, candidacy: Candidacy) -> Review | None:
    """This user's review of a case, drafts included."""
    return (
        Review.objects.filter(assignment__candidacy=candidacy, assignment__reviewer=person_of(user))
        .select_related("assignment")
        .first()
    )


@dataclass(frozen=True)
class OtherReview:
    """Somebody else's review, under a letter, or a name where the reader may know it."""

    by: str
    review: Review


def other_reviews(user: Any, candidacy: Candidacy) -> list[OtherReview]:
    """What others handed in; nothing while one's own is missing. Their number is not shown either."""
    if own_is_missing(user, candidacy):
        return []
    person = person_of(user)
    reviews = list(
        Review.objects.filter(
            assignment__candidacy=candidacy, assignment__state=states.DONE, state=states.REVIEW_SUBMITTED
        )
        .exclude(assignment__reviewer=person)
        .select_related("assignment__reviewer")
        .prefetch_related("scores__criterion")
    )
    named = not candidacy.stage.hide_reviewer_names or _chairs(user, candidacy)
    reviews.sort(key=lambda one: keyed_digest("reviewer", f"{candidacy.key}:{one.assignment.reviewer.key}"))
    return [
        OtherReview(
            one.assignment.reviewer.name if named else _("Reviewer %(letter)s") % {"letter": chr(65 + place)},
            one,
        )
        for place, one in enumerate(reviews)
    ]
