"""The decision board of a category, and the page on which its chair assigns reviewers by hand."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from people.queries import person_of
from selection import actions, states
from selection.forms import TIES, AssignForm
from selection.models import Candidacy
from selection.permissions import (
    can_assign,
    can_decide,
    can_run_cycle,
    can_see_board,
    can_see_offsets,
    get_candidacy,
)
from selection.queries import board, deciding, discussion, reviewers
from selection.queries.cases import own_is_missing
from selection.queries.dossier import dossier_for
from selection.queries.kept import keeps, kept_sentence
from selection.queries.ranking import ranking_of
from selection.views import board_rows
from selection.views.refusals import acting_user, refused


@never_cache
@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    """Cases of a category in their order, with what the numbers say of them."""
    if not can_see_board(request.user):
        raise PermissionDenied
    asked = asked_of(request)
    group = board.group_asked(request.user, asked)
    if group is None:
        return render(request, "selection/board.html")
    if keeps(person_of(request.user), group.stage, group.category.pk):
        context = {"group": group, "filters": board_rows.groups_of(group), "kept": kept_sentence()}
        return render(request, "selection/board_kept.html", context)
    found = board.board_of(request.user, asked, group)
    return render(request, "selection/board.html", _board_context(request, found))


def asked_of(request: HttpRequest) -> board.Asked:
    """What the address asks for."""
    return board.Asked(**{one.name: str(request.GET.get(one.name, "")) for one in fields(board.Asked)})


def _board_context(request: HttpRequest, found: board.Board) -> dict[str, Any]:
    user, group, order = request.user, found.group, found.order
    numbers, decides = order.numbers, can_decide(request.user, found.group.category)
    takes = decides and group.takes_proposals and not group.is_what_if
    picks = any(not row.light.hidden for row in found.rows) and (
        takes or (decides and group.stage.is_running() and not group.is_what_if)
    )
    return {
        "board": found,
        "group": group,
        "order": order,
        "table": board_rows.table_of(found, picks=picks, picked=request.GET.get("pick", "")),
        "picks": picks,
        "decides": decides,
        "pick_address": _kept(request, without="pick"),
        "cut_address": _cut_address(request, found.cut_page) if found.cut_page else "",
        "takes_proposals": takes,
        "says_ineligible": can_run_cycle(user),
        "batch": deciding.last_batch(group, order.seen) if decides else None,
        "draw": deciding.draw_of(order.tied) if takes else None,
        "tied": order.tied if takes else [],
        "reserve": order.reserve if group.stage.state == states.STAGE_CLOSED else [],
        "panels": board_rows.panels_of(found.balance),
        "funnel": board_rows.funnel_of(found),
        "agreement": board_rows.agreement_of(numbers),
        "against_model": board_rows.reasons_in_words(numbers.against_model) if numbers else "",
        "sees_offsets": order.shows_model and can_see_offsets(request.user, group.category),
        "filters": board_rows.filters_of(found),
    }


def _kept(request: HttpRequest, *, without: str) -> str:
    """The query of this page, less one of its words; never empty."""
    query = request.GET.copy()
    query.pop(without, None)
    return f"?{query.urlencode() or 'page=1'}"


def _cut_address(request: HttpRequest, page: int) -> str:
    """Where the line stands, with what else is asked for."""
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}#line"


@never_cache
@require_safe
def board_reviewers(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """How far above or below the others each reviewer marks, for the chair of the category alone."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_see_offsets)
    ranking = ranking_of(request.user, group.stage, group.category, group.places)
    context = {"group": group, "ranking": ranking, "offsets": reviewers.offsets_of(ranking)}
    return render(request, "selection/board_reviewers.html", context)


@never_cache
@require_POST
def numbers_compute(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """Ask for the numbers of a group now."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    actions.numbers_due(group.stage.pk, group.category.pk, at_once=True)
    messages.success(request, _("The numbers are being computed. Look again in a minute."))
    return go(request, board_address(group))


def get_group(user: Any, stage: str, category: str, *, to: Callable[[Any, Any], bool]) -> board.Group:
    """The group that is named, or 404 where this user sees no case of it, 403 where they may not do this, or where its
    outcomes are kept from them."""
    if not can_see_board(user):
        raise PermissionDenied
    group = board.group_asked(user, board.Asked(stage=stage, category=category))
    if group is None or (group.stage.key, group.category.slug) != (stage, category):
        raise Http404
    if not to(user, group.category):
        raise PermissionDenied
    if keeps(person_of(user), group.stage, group.category.pk):
        raise PermissionDenied(kept_sentence())
    return group


def board_address(group: board.Group) -> str:
    """Its page."""
    query = urlencode({"stage": group.stage.key, "category": group.category.slug})
    return f"{reverse('selection:board')}?{query}"


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
    form = AssignForm(request.POST, reviewers=reviewers.reviewers_for(request.user, candidacy))
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
    task = get_object_or_404(reviewers.assignments_shown_to(request.user, candidacy), reviewer__key=reviewer)
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
        "tasks": reviewers.assignments_shown_to(user, candidacy),
        "own_missing": own_is_missing(user, candidacy),
        "by_name": discussion.names_reviewers(user, candidacy),
        "is_me": person_of(user),
        "form": form or AssignForm(reviewers=reviewers.reviewers_for(request.user, candidacy)),
        "others": discussion.other_reviews(user, candidacy),
        "discussion": discussion.discussion_for(user, candidacy),
        "ties": TIES,
        "takes_tasks": candidacy.is_running(),
        "takes_back": candidacy.is_running() or candidacy.stage.state == states.STAGE_CLOSED,
    }
    return render(request, "selection/board_case.html", context, status=status)
