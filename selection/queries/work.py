"""What waits for somebody who reviews: the stages they work in, and what they have done of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role
from charter.models import Cycle
from common import prepared
from common.joined import Joined
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Release, Rubric, Stage
from selection.queries.cases import candidacies_visible_to, owned_regions, readings_of, votes_of
from selection.queries.one import kept_for

STAGES = Joined(stage=Stage, cycle=Cycle, rubric=Rubric)
READ_STAGES = f"""
    SELECT {STAGES.columns}
    FROM selection_stage AS stage
    JOIN charter_cycle AS cycle ON cycle.id = stage.cycle_id
    LEFT JOIN selection_rubric AS rubric ON rubric.id = stage.rubric_id
    WHERE stage.id IN ({{own}}) ORDER BY stage.state <> 'open', stage.opens_at DESC, stage.id LIMIT 20
"""  # noqa: S608  names of columns alone


def stages_to_work_in(user: Any) -> list[Stage]:
    """Stages in which this user has cases by a task or by the reviewers' own role; running ones first.

    Closed stages stay in the list, to read, until the main release of their cycle, and longer for who has a
    second look in them.
    """
    own = kept_for(user, "stages to work in", lambda: _own_stages(user))
    if own is None:
        return []
    rows = [STAGES.split(row) for row in prepared.fetch(READ_STAGES.format(own=own[0]), own[1])]
    for stage, cycle, rubric in rows:
        stage.cycle, stage.rubric = cycle, rubric
    return [stage for stage, _cycle, _rubric in rows]


def _own_stages(user: Any) -> QuerySet[Stage, Any]:
    released = Release.objects.filter(
        cycle=OuterRef("cycle"), kind=Release.Kind.MAIN, released_at__isnull=False
    )
    readings = readings_of(person_of(user)).filter(candidacy__stage=OuterRef("pk"))
    begun = Stage.objects.exclude(state=states.STAGE_PLANNED)
    return begun.filter(~Exists(released) | Exists(readings), _has_own_work(user)).order_by().values("pk")


def score_stage_of(user: Any, cycle: str, number: int) -> Stage | None:
    """The scored stage at an address, if this user has work in it."""
    found = (one for one in stages_to_work_in(user) if (one.cycle.slug, one.number) == (cycle, number))
    return next((one for one in found if one.kind == Stage.Kind.SCORE), None)


def next_stage_of(user: Any) -> Stage | None:
    """The stage in which this user's role reviews next, if one is planned."""
    roles = {grant.role for grant in user.grants_today}
    planned = Stage.objects.filter(state=states.STAGE_PLANNED, reviewer_role__in=roles)
    return planned.select_related("cycle").order_by("opens_at", "pk").first()


def cases_to_work_on(user: Any) -> QuerySet[Candidacy]:
    """Of the visible cases those that are this user's own work: assigned, or theirs by region, vote or council."""
    person = person_of(user)
    if person is None:
        return Candidacy.objects.none()
    tasks = Assignment.objects.filter(
        candidacy=OuterRef("pk"), reviewer=person, state__in=(states.ASSIGNED, states.DONE)
    )
    own = Q(Exists(tasks))
    for _kind, cases in _by_role(user):
        own |= cases
    return candidacies_visible_to(user).filter(own)


def _by_role(user: Any) -> list[tuple[str, Q]]:
    """What a role makes one's own work without a task: the kind of stage, and which cases in it."""
    found = [(str(Stage.Kind.VOTE), votes_of(grant)) for grant in user.grants_today]
    if user.holds(Role.REGIONAL_LEAD):
        found.append((Stage.Kind.SCREEN, Q(stage__kind=Stage.Kind.SCREEN) & owned_regions(user)))
    for grant in user.grants_today:
        if grant.role == Role.COUNCIL_MEMBER:
            category = Q(nomination__category=grant.category_id) if grant.category_id else Q()
            found.append((Stage.Kind.COUNCIL, Q(stage__kind=Stage.Kind.COUNCIL) & category))
    return found


def _has_own_work(user: Any) -> Q:
    """Of a stage: whether ``cases_to_work_on`` has cases in it. Asked from the user's tasks, which are few, and by
    role only of stages of that kind; asked as one question it would read all cases."""
    person, visible = person_of(user), candidacies_visible_to(user)
    if person is None:
        return Q(pk__in=())
    tasks = Assignment.objects.filter(
        reviewer=person, state__in=(states.ASSIGNED, states.DONE), candidacy__stage=OuterRef("pk")
    )
    has = Q(Exists(tasks.filter(candidacy__in=visible)))
    for kind, cases in _by_role(user):
        has |= Q(kind=kind) & Q(Exists(visible.filter(cases, stage=OuterRef("pk"))))
    return has


def is_own_work(user: Any, candidacy: Candidacy) -> bool:
    """Whether a case is in one of this user's own lists."""
    return cases_to_work_on(user).filter(pk=candidacy.pk).exists()


UNJUDGED = "todo"  # as "Show" of a list judged by key says it


def cases_shown(cases: QuerySet[Any], show: str, *, verdicts: Sequence[str]) -> QuerySet[Any]:
    """Of cases with their ``verdict``: those with none yet, those with one, or all where ``show`` is neither."""
    if show == UNJUDGED:
        return cases.filter(verdict="")
    return cases.filter(verdict=show) if show in verdicts else cases


@dataclass(frozen=True)
class Choice:
    """One entry of a list's "Show": its value, words and how many cases it has."""

    value: str
    label: str
    count: int | None = None
