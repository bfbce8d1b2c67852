"""The nominee's dossier: what reviewers read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from common.errors import RuleBroken
from contributions.actions import log_contribution
from contributions.models import Contribution
from contributions.queries import contributions_between, contributions_keyed
from contributions.views.entering import (
    NEXT_LINE,
    NewEntry,
    asked_for_part,
    blank_entry,
    entry_sent,
    fields_part,
    say_at_line,
)
from contributions.words import by_month
from nominations import actions, queries, states
from nominations.forms.answer import EndorserForm
from nominations.models import Nomination
from nominations.permissions import can_edit_dossier, get_nomination
from nominations.readiness import checks_of


@never_cache
@require_GET
def dossier_show(request: SignedInRequest, key: str) -> HttpResponse:
    """Pick, add, ask, complete; once complete, what reviewers will read."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    if nomination.state == states.INVITED:
        return redirect("nominations:answer", key=key)
    return _page(request, nomination)


@require_POST
def dossier_pick(request: SignedInRequest, key: str) -> HttpResponse:
    """Put exactly the ticked contributions into the dossier; the page itself sends them too, soon after each tick."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    try:
        _pick(request, nomination)
    except RuleBroken as broken:
        if "autosave" in request.POST:
            return JsonResponse({"sentence": broken.sentence}, status=broken.status)
        return _page(request, nomination, refused=broken)
    if "autosave" in request.POST:
        return JsonResponse({})
    messages.success(request, _("Saved. Your dossier holds what you picked."))
    return redirect("nominations:dossier", key=key)


@require_POST
def dossier_add(request: SignedInRequest, key: str) -> HttpResponse:
    """Log one more contribution and put it into the dossier; where it can't be there, it stays in the log."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    entry = entry_sent(request, asks=_asks(nomination))
    if asked_for_part(request):
        return fields_part(request, entry)
    if entry.facts is None:
        return _page(request, nomination, add=entry, status=entry.status)
    contribution = log_contribution(queries.nominee_of(nomination), by=request.user, **entry.facts)
    try:
        actions.add_to_dossier(nomination, contribution, by=request.user)
    except RuleBroken as broken:
        said = _("Saved in your log, but not in the dossier: %(why)s") % {"why": broken.sentence}
        say_at_line(request, said, level=messages.WARNING)
    else:
        said = _("Added to your log and to the dossier: %(title)s.") % {"title": contribution.title}
        say_at_line(request, said)
    return redirect(reverse("nominations:dossier", args=[key]) + NEXT_LINE)


@require_POST
def endorsement_request(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask one more person."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    form = EndorserForm(request.POST, prefix="endorser")
    if not form.is_valid():
        return _page(request, nomination, ask=form, status=422)
    try:
        actions.request_endorsement(nomination, **form.cleaned_data, by=request.user)
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
        return _page(request, nomination, ask=form, status=broken.status)
    messages.success(request, _("Asked by mail. You see here when they have written."))
    return redirect(reverse("nominations:dossier", args=[key]) + "#endorsements")


@require_POST
def endorsement_act(request: SignedInRequest, key: str, support: str) -> HttpResponse:
    """Ask once more, or take the request back."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    asked = queries.asked_endorser_of(nomination, support)
    act = request.POST.get("act", "")
    if asked is None:
        raise Http404
    if act not in ("resend", "withdraw"):
        raise RuleBroken(_("Ask again, or take the request back."))
    if act == "resend":
        actions.resend_endorsement(asked, by=request.user)
        messages.success(request, _("Asked once more, by the same link."))
    else:
        actions.withdraw_endorsement_request(asked, by=request.user)
        messages.success(request, _("The request is taken back; name and address are erased."))
    return redirect(reverse("nominations:dossier", args=[key]) + "#endorsements")


@require_POST
def nomination_complete(request: SignedInRequest, key: str) -> HttpResponse:
    """With what is ticked on the page, saved before or not."""
    nomination = get_nomination(request.user, key, to=can_edit_dossier)
    try:
        if "shown" in request.POST and nomination.state == states.ACCEPTED:
            _pick(request, nomination)
        actions.complete_nomination(nomination, by=request.user)
    except RuleBroken as broken:
        return _page(request, nomination, refused=broken)
    messages.success(request, _("Your dossier is complete. Nothing is needed from you now."))
    return redirect("nomination", key=key)


def _pick(request: SignedInRequest, nomination: Nomination) -> None:
    picked, marked = _ticked(request)
    shown = request.POST.getlist("shown") or None
    actions.pick_contributions(nomination, keys=picked, high_impact=marked, shown=shown, by=request.user)


def _ticked(request: SignedInRequest) -> tuple[list[str], list[str]]:
    return request.POST.getlist("pick"), request.POST.getlist("high_impact")


def _to_choose_from(nomination: Nomination, picked: list[str]) -> list[Contribution]:
    """The entries of the twelve months; after them those of the dossier that lie elsewhere by now, so that they can be unticked."""
    nominee = queries.nominee_of(nomination)
    rows = list(contributions_between(nominee, *queries.evidence_window(nomination.cycle))[:200])
    elsewhere = set(picked) - {row.key for row in rows}
    return [*rows, *contributions_keyed(nominee, elsewhere)] if elsewhere else rows


def _asks(nomination: Nomination) -> str:
    """Where the form of one more contribution asks for the fields of another type."""
    return reverse("nominations:add", args=[nomination.key])


def _page(
    request: SignedInRequest,
    nomination: Nomination,
    *,
    add: NewEntry | None = None,
    ask: EndorserForm | None = None,
    refused: RuleBroken | None = None,
    status: int = 200,
) -> HttpResponse:
    items = list(queries.items_of(nomination))
    in_dossier = {item.contribution.key: item for item in items if item.contribution}
    chosen = {key: item.high_impact for key, item in in_dossier.items()}
    if refused and ("shown" in request.POST or "pick" in request.POST):
        picked, marked = _ticked(request)
        chosen = {key: key in marked for key in picked}
    months = by_month(_to_choose_from(nomination, list(in_dossier)))
    context: dict[str, Any] = {
        "nomination": nomination,
        "cycle": nomination.cycle,
        "window": queries.evidence_window(nomination.cycle),
        "items": items,
        "months": months,
        "has_log": bool(months),
        "chosen": chosen,
        "marked": [key for key, is_marked in chosen.items() if is_marked],
        "dossier": queries.dossier_of(nomination),
        "endorsers": queries.asked_endorsers_of(nomination),
        "checks": checks_of(nomination, items),
        "add": add or blank_entry(request, asks=_asks(nomination)),
        "ask": ask or EndorserForm(prefix="endorser"),
        "refused": refused.sentence if refused else "",
        "is_open": nomination.state == states.ACCEPTED,
        "has_line": nomination.state == states.ACCEPTED,
    }
    return render(
        request, "nominations/dossier/page.html", context, status=refused.status if refused else status
    )
