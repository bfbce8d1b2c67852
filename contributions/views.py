"""One's own log: list by month, add, change, delete."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.http import sent
from contributions import actions
from contributions.forms import ContributionForm
from contributions.permissions import get_contribution
from contributions.queries import contributions_visible_to, types_in_use
from contributions.words import by_month
from people.queries import person_of

PAGE = 50


@require_http_methods(["GET", "POST"])
def contribution_list(request: SignedInRequest) -> HttpResponse:
    """The log by month, newest first; above it the form for one more."""
    person = person_of(request.user)
    form = ContributionForm(sent(request), initial={"type": request.GET.get("type", "")})
    if request.method == "POST" and person is not None and form.is_valid():
        actions.log_contribution(person, by=request.user, **form.facts())
        messages.success(request, _("Saved in your log."))
        return redirect("contributions:list")
    page = Paginator(contributions_visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "months": by_month(page), "form": form, "types": types_in_use()}
    return render(request, "contributions/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def contribution_edit(request: SignedInRequest, key: str) -> HttpResponse:
    contribution = get_contribution(request.user, key)
    form = ContributionForm(sent(request), instance=contribution, initial={"type": contribution.type.code})
    if request.method == "POST" and form.is_valid():
        actions.change_contribution(get_contribution(request.user, key), by=request.user, **form.facts())
        messages.success(request, _("Saved. Dossiers that are complete keep what they held."))
        return redirect("contributions:list")
    context = {"contribution": contribution, "form": form}
    return render(request, "contributions/edit.html", context, status=422 if form.errors else 200)


@require_POST
def contribution_delete(request: SignedInRequest, key: str) -> HttpResponse:
    actions.delete_contribution(get_contribution(request.user, key), by=request.user)
    messages.success(request, _("Deleted from your log."))
    return redirect("contributions:list")
