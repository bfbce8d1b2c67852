"""Held nominations: a list, a preview of what is decided on many at once, and a way back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from common.errors import RuleBroken
from common.paging import CountedPaginator
from nominations import actions, queries, states
from nominations.forms.office import PAGE, TriageForm
from nominations.models import Hold, TriageBatch
from nominations.permissions import can_triage, can_view_triage
from nominations.words import held_line

SHOWN = 20  # lines of a preview


@never_cache
@require_GET
def triage_list(request: SignedInRequest) -> HttpResponse:
    """What waits for a person, a hundred lines a page."""
    if not can_view_triage(request.user):
        raise PermissionDenied
    return _list(request)


@never_cache
@require_POST
def triage_preview(request: SignedInRequest) -> HttpResponse:
    """How many, which, and what becomes of them. Nothing happens yet."""
    form, holds = _asked(request)
    if not form.is_valid() or not holds.exists():
        return _list(
            request, refused=_("Tick at least one nomination, then choose what shall become of them.")
        )
    return _preview(request, form, holds)


@never_cache
@require_POST
def triage_decide(request: SignedInRequest) -> HttpResponse:
    form, holds = _asked(request)
    if not form.is_valid() or not holds.exists():
        return _list(
            request, refused=_("Tick at least one nomination, then choose what shall become of them.")
        )
    said, code = form.cleaned_data, form.cleaned_data["reason_code"]
    try:
        batch = actions.triage_nominations(
            holds,
            decision=said["decision"],
            count=said["count"] or 0,
            by=request.user,
            reason_code=code.code if code else "",
        )
    except RuleBroken as broken:
        return _preview(request, form, holds, refused=broken)
    number = batch.holds.count()
    messages.success(
        request,
        ngettext(
            "%(number)s nomination decided. It takes effect in ten minutes; until then you can undo it.",
            "%(number)s nominations decided. It takes effect in ten minutes; until then you can undo it.",
            number,
        )
        % {"number": number},
    )
    return redirect("nominations:triage")


@require_POST
def triage_undo(request: SignedInRequest, key: str) -> HttpResponse:
    if not can_triage(request.user):
        raise PermissionDenied
    batch = queries.batch_of(request.user, key)
    if batch is None:
        raise Http404
    back = actions.undo_triage(batch, by=request.user)
    messages.success(
        request,
        ngettext("%(number)s nomination waits again.", "%(number)s nominations wait again.", back)
        % {"number": back},
    )
    return redirect("nominations:triage")


def _asked(request: SignedInRequest) -> tuple[TriageForm, QuerySet[Hold]]:
    """The form, and the rows that it means: ticked ones, or all of the filter up to the last that was on the page."""
    if not can_triage(request.user):
        raise PermissionDenied
    form = TriageForm(request.POST)
    if not form.is_valid():
        return form, queries.holds_named(queries.holds_waiting(request.user), ())
    said = form.cleaned_data
    holds = queries.holds_waiting(request.user, reason=said["reason"])
    if said["everything"]:
        return form, holds if said["last"] is None else queries.holds_up_to(holds, said["last"])
    return form, queries.holds_named(holds, said["pick"])


def _list(request: SignedInRequest, *, refused: str = "") -> HttpResponse:
    counts = queries.holds_by_reason(request.user)
    reason = request.GET.get("reason") or request.POST.get("reason") or ""
    reason = reason if reason in Hold.Reason.values else ""
    waiting = queries.holds_waiting(request.user, reason=reason)
    rows = queries.holds_for_list(waiting)
    page = CountedPaginator(rows, PAGE, count=counts.get(reason, 0)).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [held_line(hold) for hold in page.object_list],
        "reason": reason,
        "tabs": [_tab("", _("All"), counts, reason)]
        + [
            _tab(value, str(label), counts, reason)
            for value, label in Hold.Reason.choices
            if counts.get(value)
        ],
        "last": waiting.aggregate(last=Max("pk"))["last"] or 0,
        "decisions": TriageBatch.Decision,
        "batches": queries.batches_to_undo(request.user),
        "can_decide": can_triage(request.user),
        "refused": refused,
    }
    return render(request, "office/triage.html", context, status=422 if refused else 200)


def _preview(
    request: SignedInRequest, form: TriageForm, holds: QuerySet[Hold], *, refused: RuleBroken | None = None
) -> HttpResponse:
    number = holds.count()
    under_way = queries.holds_in(holds, states.INVITED).count()
    context: dict[str, Any] = {
        "said": form.cleaned_data,
        "form": form,
        "number": number,
        "more": max(0, number - SHOWN),
        "under_way": under_way,
        "lines": [held_line(hold) for hold in queries.holds_for_list(holds)[:SHOWN]],
        "asks_code": bool(under_way) and form.cleaned_data["decision"] == TriageBatch.Decision.REJECT,
        "releases": form.cleaned_data["decision"] == TriageBatch.Decision.RELEASE,
        "refused": refused,
        "back": reverse("nominations:triage"),
    }
    return render(request, "office/triage_preview.html", context, status=refused.status if refused else 200)


def _tab(value: str, label: str, counts: dict[str, int], shown: str) -> dict[str, Any]:
    return {
        "label": label.capitalize(),
        "href": f"?reason={value}",
        "current": value == shown,
        "count": counts[value],
    }
