"""Suggested ties: a chair says whether they are any."""

from collections.abc import Callable

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
from nominations.actions import confirm_conflict, dismiss_conflict, lift_conflict
from selection.forms import ReasonForm
from selection.permissions import can_assign, can_see_board, get_candidacy
from selection.queries.ties import ended_ties, ties_page, ties_to_judge
from selection.views.refusals import acting_user, refused


@never_cache
@require_safe
def tie_list(request: HttpRequest) -> HttpResponse:
    """Ties that wait for a word."""
    if not can_see_board(request.user):
        raise PermissionDenied
    return _list(request)


@never_cache
@require_POST
def tie_confirm(request: HttpRequest, key: str, person: str, kind: str) -> HttpResponse:
    """It is a tie: the case is taken from this person."""
    said = _("The tie stands. %(name)s does not see the case any more.")
    return _judge(request, key, person, kind, confirm_conflict, said)


@never_cache
@require_POST
def tie_dismiss(request: HttpRequest, key: str, person: str, kind: str) -> HttpResponse:
    """It is none, and is not suggested again."""
    return _judge(request, key, person, kind, dismiss_conflict, _("No tie. It is not suggested again."))


@never_cache
@require_POST
def tie_lift(request: HttpRequest, key: str, person: str, kind: str) -> HttpResponse:
    """A tie whose cause is gone bars no more."""
    candidacy = get_candidacy(request.user, key, to=can_assign)
    rows = ended_ties(request.user).select_related("person")
    tie = get_object_or_404(rows, nomination=candidacy.nomination_id, person__key=person, kind=kind)
    form = ReasonForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        lift_conflict(tie, by=acting_user(request), reason=reason)
    except RuleBroken as broken:
        return refused(request, broken, lambda: _list(request))
    messages.success(
        request, _("The tie is lifted. %(name)s may review the case again.") % {"name": tie.person.name}
    )
    return go(request, reverse("selection:ties"))


def _judge(
    request: HttpRequest, key: str, person: str, kind: str, act: Callable[..., object], said: str
) -> HttpResponse:
    candidacy = get_candidacy(request.user, key, to=can_assign)
    rows = ties_to_judge(request.user).select_related("person", "nomination__category")
    tie = get_object_or_404(rows, nomination=candidacy.nomination_id, person__key=person, kind=kind)
    try:
        act(tie, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _list(request))
    messages.success(request, said % {"name": tie.person.name} if "%" in said else said)
    return go(request, reverse("selection:ties"))


def _list(request: HttpRequest) -> HttpResponse:
    ties = ties_page(request.user, request.GET.get("page", "1"))
    return render(request, "selection/ties.html", {"ties": ties})
