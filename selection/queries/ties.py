"""Suggested ties that wait for a chair."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role
from nominations.models import Conflict
from people.queries import person_of
from selection import states
from selection.models import Assignment, Candidacy, Stage
from selection.queries.cases import candidacies_visible_to, latin_name_of, name_of, with_blind

ROWS = 50
WORKING = (states.ASSIGNED, states.DONE)


def ties_to_judge(user: Any) -> QuerySet[Conflict]:
    """Suggested ties to cases under selection that this user assigns reviewers for; nobody judges their own."""
    if not user.is_authenticated:
        return Conflict.objects.none()
    rows = Conflict.objects.filter(
        nomination__in=_cases_judged_by(user).values("nomination"), strength=Conflict.Strength.SUGGESTED
    )
    return rows.filter(dismissed_at=None).exclude(person=person_of(user))


def ended_ties(user: Any) -> QuerySet[Conflict]:
    """Hard ties to these cases whose cause is gone: they bar until somebody who assigns reviewers lifts them."""
    if not user.is_authenticated:
        return Conflict.objects.none()
    rows = Conflict.objects.filter(
        nomination__in=_cases_judged_by(user).values("nomination"), strength=Conflict.Strength.HARD
    )
    return rows.filter(ended_at__isnull=False).exclude(person=person_of(user))


@dataclass(frozen=True)
class TieRow:
    """A tie with the case under which it is shown; ``has_task``: the person has the case now."""

    tie: Conflict
    candidacy: Candidacy
    has_task: bool

    @property
    def name(self) -> str:
        return name_of(self.candidacy)

    @property
    def latin_name(self) -> str:
        return latin_name_of(self.candidacy)


@dataclass(frozen=True)
class Ties:
    """``ended``: the first fifty whose cause is gone. ``looking``: cases came in, and the worker has not gone through all logs yet."""

    page: Page[Any]
    rows: list[TieRow]
    ended: list[TieRow]
    looking: bool


def ties_page(user: Any, page: str) -> Ties:
    """Those of people who have the case first, then as they were found."""
    task = Assignment.objects.filter(
        candidacy__nomination=OuterRef("nomination"), reviewer=OuterRef("person"), state__in=WORKING
    )
    found: Any = (
        ties_to_judge(user)
        .annotate(has_task=Exists(task))
        .select_related("person")
        .order_by("-has_task", "found_at", "pk")
    )
    listed = Paginator(found, ROWS).get_page(page)
    ended = list(ended_ties(user).select_related("person").order_by("ended_at", "pk")[:ROWS])
    shown = [one.nomination_id for one in (*listed.object_list, *ended)]
    cases = _cases_judged_by(user).filter(nomination__in=shown)
    named = with_blind(cases, person_of(user)).select_related("nomination__nominee")
    latest = {one.nomination_id: one for one in named.order_by("entered_at", "pk")}
    rows = [TieRow(one, latest[one.nomination_id], one.has_task) for one in listed.object_list]
    over = [TieRow(one, latest[one.nomination_id], False) for one in ended]
    return Ties(listed, rows, over, Stage.objects.filter(ties_asked_at__isnull=False).exists())


def _cases_judged_by(user: Any) -> QuerySet[Candidacy]:
    """Cases in stages that are open or to come, in the chair's categories; all of them for the office."""
    cases = candidacies_visible_to(user).filter(stage__kind__in=(Stage.Kind.SCORE, Stage.Kind.VOTE))
    cases = cases.exclude(stage__state=states.STAGE_CLOSED).filter(state=states.OPEN)
    if user.holds(Role.PROGRAM_OFFICE):
        return cases
    led = [grant.category_id for grant in user.grants_today if grant.role == Role.TECHNOLOGY_LEAD]
    return cases.filter(Q() if None in led else Q(nomination__category__in=led))
