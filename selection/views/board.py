"""The decision board of a category, and the page on which its chair assigns reviewers by hand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from people.queries import person_of
from selection import actions
from selection.forms import TIES, AssignForm
from selection.models import Candidacy
from selection.permissions import can_assign, can_see_board, get_candidacy
from selection.queries import board, workbench
from selection.queries.cases import own_is_missing
from selection.queries.dossier import dossier_for
from selection.views.refusals import acting_user, refused


@never_cache
@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    """Cases of a category by the stored mean."""
    if not can_see_board(request.user):
        raise PermissionDenied
    query = request.GET
    found = board.board_of(
        request.user,
        stage=query.get("stage", ""),
        category=query.get("category", ""),
        page=query.get("page", "1"),
    )
    return render(request, "selection/board.html", {"board": found})


@never_cache
@require_safe
def board_case(request: HttpRequest, key: str) -> HttpResponse:
    """One case for its chair: dossier, tasks, marks."""
    return _page(request, get_candidacy(request.user, key, to=can_assign))


@never_cache
@require_POST
def case_assign(request: HttpRequest, key: str) -> HttpResponse:
    """Give the case to a reviewer."""
    candidacy = get_candidacy(request.user, key, to=can_assign)
    form = AssignForm(request.POST, reviewers=board.reviewers_for(request.user, candidacy))
    if not form.is_valid():
        return _page(request, candidacy, form=form, status=422)
    reviewer = form.cleaned_data["reviewer"]
    try:
        actions.assign_reviewer(candidacy, reviewer=reviewer, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, candidacy, form=form))
    messages.success(request, _("%(name)s has the case now.") % {"name": reviewer.name})
    return go(request, reverse("selection:board_case", args=[key]))


@never_cache
@require_POST
def assignment_take_back(request: HttpRequest, key: str, reviewer: str) -> HttpResponse:
    """Take an unfinished task away."""
    candidacy = get_candidacy(request.user, key, to=can_assign)
    task = get_object_or_404(board.assignments_shown_to(request.user, candidacy), reviewer__key=reviewer)
    try:
        actions.take_back_assignment(candidacy, reviewer=task.reviewer, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, candidacy))
    messages.success(request, _("The task is taken back."))
    return go(request, reverse("selection:board_case", args=[key]))


def _page(
    request: HttpRequest, candidacy: Candidacy, *, form: AssignForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    context = {
        "candidacy": candidacy,
        "stage": candidacy.stage,
        "dossier": dossier_for(user, candidacy),
        "tasks": board.assignments_shown_to(user, candidacy),
        "own_missing": own_is_missing(user, candidacy),
        "is_me": person_of(user),
        "form": form or AssignForm(reviewers=board.reviewers_for(request.user, candidacy)),
        "others": workbench.other_reviews(user, candidacy),
        "ties": TIES,
        "takes_tasks": candidacy.is_running(),
    }
    return render(request, "selection/board_case.html", context, status=status)
