"""The chair decides on the board: outcomes in bulk with a preview, undo, the order of the reserve, draws between equals."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.errors import RuleBroken
from common.http import go
from selection import actions, states
from selection.forms import DecideForm
from selection.models import DecisionBatch
from selection.permissions import can_decide, can_decide_case, can_see_board, get_candidacy
from selection.queries import deciding
from selection.queries.board import Group
from selection.views.board import board_address, get_group
from selection.views.board_rows import lines_of
from selection.views.refusals import acting_user

CASES_AT_MOST = 500


@never_cache
@require_POST
def decision_preview(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """What a decision about the selected cases would do. Nothing changes yet."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    outcome = request.POST.get("outcome", "")
    keys = request.POST.getlist("case")[:CASES_AT_MOST]
    if outcome not in actions.ON_BOARD or not keys:
        messages.error(request, _("Select at least one candidate, and what is to become of them."))
        return go(request, board_address(group))
    return _preview(request, group, outcome, keys)


@never_cache
@require_POST
def decision_make(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """Carry out what the preview showed."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    shown = dict(one.partition(":")[::2] for one in request.POST.getlist("shown")[:CASES_AT_MOST])
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _preview(request, group, request.POST.get("outcome", ""), shown, form=form, status=422)
    given = form.cleaned_data
    try:
        batch = actions.decide_in_bulk(group, by=acting_user(request), cases=shown, **given)
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
        return _preview(request, group, given["outcome"], shown, form=form, status=broken.status)
    messages.success(request, _decided(batch, len(shown)))
    return go(request, board_address(group))


@never_cache
@require_POST
def batch_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take the last decision of a group back."""
    batch = deciding.batch_shown_to(request.user, key) if can_see_board(request.user) else None
    if batch is None or not can_decide(request.user, batch.category):
        raise Http404
    actions.undo_batch(batch, by=acting_user(request))
    messages.success(request, _("Undone. Everybody in it is as they were before."))
    return go(request, _group_address(batch))


@never_cache
@require_POST
def reserve_move(request: HttpRequest, key: str) -> HttpResponse:
    """One place up or down on the reserve."""
    candidacy = get_candidacy(request.user, key, to=can_decide_case)
    actions.move_on_reserve(candidacy, by=acting_user(request), up=request.POST.get("to") == "up")
    return go(request, f"{_group_address(candidacy)}#reserve")


@never_cache
@require_POST
def tie_draw(request: HttpRequest, cycle: str, number: int, category: str) -> HttpResponse:
    """Draw between those who are equal on both sides of the line."""
    group = get_group(request.user, f"{cycle}/{number}", category, to=can_decide)
    draw = actions.draw_tie(group, by=acting_user(request))
    return go(request, reverse("selection:draw", args=[draw.key]))


@never_cache
@require_safe
def draw_result(request: HttpRequest, key: str) -> HttpResponse:
    """Who was drawn in, and how anybody can draw again."""
    draw = deciding.draw_shown_to(request.user, key) if can_see_board(request.user) else None
    if draw is None or not can_decide(request.user, draw.category):
        raise Http404
    context = {"draw": draw, "stage": draw.stage, "lines": draw.lines.all(), "back": _group_address(draw)}
    return render(request, "selection/draw.html", context)


def _preview(
    request: HttpRequest,
    group: Group,
    outcome: str,
    keys: Iterable[str],
    *,
    form: DecideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = deciding.plan_of(request.user, group, outcome=outcome, keys=keys)
    form = form or DecideForm(initial={"outcome": outcome})
    form.fields["reason"].required = plan.needs_reason
    form.fields["reason_code"].required = outcome == states.INELIGIBLE
    context = {
        "group": group,
        "plan": plan,
        "lines": lines_of(plan),
        "label": dict(DecisionBatch.Outcome.choices).get(outcome, ""),
        "form": form,
        "asks_code": outcome == states.INELIGIBLE,
        "back": board_address(group),
    }
    return render(request, "selection/decision_preview.html", context, status=status)


def _decided(batch: DecisionBatch, count: int) -> str:
    words = ngettext("%(count)d candidate: %(outcome)s.", "%(count)d candidates: %(outcome)s.", count)
    return words % {"count": count, "outcome": batch.get_outcome_display()}


def _group_address(one: Any) -> str:
    """The board of a batch, a draw or a candidacy."""
    category = one.category if hasattr(one, "category") else one.nomination.category
    return board_address(Group(one.stage, [], category, [], 0, 0))
