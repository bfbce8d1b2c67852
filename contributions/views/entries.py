"""One entry: change, mark, delete, bring back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.errors import Outdated, RuleBroken
from common.http import sent
from common.windows import print_of
from contributions import actions
from contributions.forms import ContributionForm
from contributions.permissions import get_contribution, get_deleted
from contributions.snapshots import words_of
from contributions.views.entering import asked_for_part, typed_so_far


@require_http_methods(["GET", "POST"])
def contribution_edit(request: SignedInRequest, key: str) -> HttpResponse:
    contribution = get_contribution(request.user, key)
    asks = reverse("contributions:edit", args=[key])
    if request.method == "POST" and request.POST.get("go") in ("type", "read"):
        typed, note = typed_so_far(request)
        form = ContributionForm(instance=contribution, initial=typed, asks=asks)
        template = "contributions/fields.html" if asked_for_part(request) else "contributions/edit.html"
        seen = request.POST.get("seen", "")
        return render(
            request, template, {"contribution": contribution, "form": form, "note": note, "seen": seen}
        )
    now = {"type": contribution.type.code}
    form = ContributionForm(sent(request), instance=contribution, initial=now, asks=asks)
    status = 200
    if request.method == "POST" and form.is_valid():
        entry = get_contribution(request.user, key)
        try:
            actions.change_contribution(entry, by=request.user, seen=request.POST.get("seen"), **form.facts())
        except Outdated as outdated:
            form.add_error(None, outdated.sentence)
            status = outdated.status
        else:
            messages.success(request, _("Saved. Dossiers that are complete keep what they held."))
            return redirect("contributions:list")
    status = status if status != 200 or not form.errors else 422
    context = {"contribution": contribution, "form": form, "seen": _seen(request, key)}
    return render(request, "contributions/edit.html", context, status=status)


def _seen(request: SignedInRequest, key: str) -> str:
    """What the entry holds now; a form that is filled anew after a conflict replaces that knowingly."""
    return print_of(words_of(get_contribution(request.user, key)))


@require_POST
def contribution_mark(request: SignedInRequest, key: str) -> HttpResponse:
    """Put the mark of high impact on an entry, or take it off."""
    contribution = get_contribution(request.user, key)
    try:
        actions.mark_high_impact(contribution, marked=request.POST.get("marked") == "yes", by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    page = request.POST.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() else ""
    return redirect(f"{reverse('contributions:list')}{query}#{contribution.key}")


@require_POST
def contribution_delete(request: SignedInRequest, key: str) -> HttpResponse:
    deleted = actions.delete_contribution(get_contribution(request.user, key), by=request.user)
    return redirect(f"{reverse('contributions:list')}?deleted={deleted.key}")


@require_POST
def contribution_restore(request: SignedInRequest, key: str) -> HttpResponse:
    row = actions.restore_contribution(get_deleted(request.user, key), by=request.user)
    messages.success(request, _("Back in your log: %(title)s.") % {"title": row.title})
    return redirect("contributions:list")
