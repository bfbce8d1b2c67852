"""Where one's own work is: the first address of everybody who reviews, the stages, the cases."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from selection import actions
from selection.forms import RecuseForm
from selection.models import Candidacy, Stage
from selection.permissions import can_read, can_recuse, can_review, get_candidacy
from selection.queries import work, workbench
from selection.queries.kept import councils_kept_words
from selection.views.council import council_page
from selection.views.desk import desk_page
from selection.views.dossier import dossier_page
from selection.views.refusals import acting_user, refused
from selection.views.screening import screening_page
from selection.views.training import training_first
from selection.views.voting import voting_page

PAGES: dict[str, Callable[[HttpRequest, Stage], HttpResponse]] = {
    Stage.Kind.SCREEN: screening_page,
    Stage.Kind.VOTE: voting_page,
    Stage.Kind.COUNCIL: council_page,
}


@never_cache
@require_safe
def review_home(request: HttpRequest) -> HttpResponse:
    """The stage that runs and has work for this user, or at once its first case; a page where there is none."""
    stages = work.stages_to_work_in(request.user)
    if not stages:
        return _no_work(request)
    if stages[0].kind in PAGES:
        return redirect("selection:stage", stages[0].cycle.slug, stages[0].number)
    return _first_case(request, stages[0])


def _first_case(request: HttpRequest, stage: Stage) -> HttpResponse:
    """The first case of the queue on the desk at once, without another request: everybody comes in here. The page says
    whose address it is, and the browser takes that."""
    if (way := training_first(request, stage)) is not None:
        return way
    tasks = workbench.own_tasks(request.user, stage)
    if not tasks:
        return _no_work(request)
    candidacy = get_candidacy(request.user, tasks[0].key, to=can_review)
    page = desk_page(request, candidacy, tasks=tasks)
    page["Content-Location"] = reverse("selection:case", args=[candidacy.key])
    return page


def _to_first_case(request: HttpRequest, stage: Stage) -> HttpResponse:
    """A training case, where one comes first, else the first case of the queue."""
    if (way := training_first(request, stage)) is not None:
        return way
    first = workbench.first_task(request.user, stage)
    return redirect("selection:case", first.key) if first else _no_work(request)


def _no_work(request: HttpRequest) -> HttpResponse:
    context = {"following": work.next_stage_of(request.user), "kept": councils_kept_words(request.user)}
    return render(request, "selection/no_work.html", context)


@never_cache
@require_safe
def stage_work(request: HttpRequest, cycle: str, number: int) -> HttpResponse:
    """One's work in one stage: the screening list, the ballot, the council's proposals, or the first case of the queue."""
    stages = work.stages_to_work_in(request.user)
    stage = next((one for one in stages if (one.cycle.slug, one.number) == (cycle, number)), None)
    if stage is None:
        raise Http404
    if stage.kind in PAGES:
        return PAGES[stage.kind](request, stage)
    return _to_first_case(request, stage)


@never_cache
@require_safe
def case_review(request: HttpRequest, key: str) -> HttpResponse:
    """One case: the workbench for its reviewers, the dossier for everybody else who may read it."""
    return case_page(request, get_candidacy(request.user, key, to=can_read))


@never_cache
@require_POST
def case_recuse(request: HttpRequest, key: str) -> HttpResponse:
    """Step back: because of a tie, because one cannot judge, for want of time."""
    candidacy = get_candidacy(request.user, key, to=can_recuse)
    form = RecuseForm(request.POST)
    following = workbench.next_task(request.user, candidacy)
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
        _step_back(request, candidacy, form)
    except RuleBroken as broken:
        return refused(request, broken, lambda: case_page(request, candidacy))
    return go(request, reverse("selection:case", args=[following.key]) if following else "/review/")


def case_page(request: HttpRequest, candidacy: Candidacy) -> HttpResponse:
    """The page of a case that this user reads."""
    if not can_review(request.user, candidacy):
        return dossier_page(request, candidacy)
    begun = workbench.own_review(request.user, candidacy) is not None
    way = None if begun else training_first(request, candidacy.stage)
    return way or desk_page(request, candidacy)


def _step_back(request: HttpRequest, candidacy: Candidacy, form: RecuseForm) -> None:
    act = form.cleaned_data["go"]
    if act == "recuse":
        actions.recuse(candidacy, by=acting_user(request), tie=form.cleaned_data["tie"])
    elif act == "abstain":
        actions.abstain(candidacy, by=acting_user(request))
    else:
        actions.decline_assignment(candidacy, by=acting_user(request))
