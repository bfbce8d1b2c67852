"""The screening list of a regional lead: a line for each case, one key for each verdict."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from charter.models import ReasonCode
from common.errors import RuleBroken
from selection import actions
from selection.forms import VerdictForm
from selection.models import Candidacy, Stage
from selection.permissions import can_screen, get_candidacy
from selection.queries import screening, work
from selection.views.refusals import acting_user, refused

KEPT = ("show", "page")  # of the list's address, when a verdict comes back to it


def screening_page(request: HttpRequest, stage: Stage, *, status: int = 200) -> HttpResponse:
    """A page of the list; the line named by ``at`` is open, else the first without a verdict."""
    listed = screening.screening_of(
        request.user,
        stage,
        show=request.GET.get("show", ""),
        page=request.GET.get("page", "1"),
        last=request.GET.get("last", ""),
    )
    todo = next((row.candidacy.key for row in listed.rows if not row.verdict), "")
    context = {
        "stage": stage,
        "stages": work.stages_to_work_in(request.user),
        "screening": listed,
        "open": request.GET.get("at", "") or todo,
        "reasons": reason_options(listed.reasons),
        "kept": urlencode({name: request.GET[name] for name in KEPT if name in request.GET}),
        "takes_verdicts": stage.is_running(),
    }
    return render(request, "selection/screening.html", context, status=status)


def reason_options(reasons: Iterable[ReasonCode]) -> str:
    """The choices of a fail as one piece, made once for all lines; the digit before each is its key."""
    options: list[tuple[str, Any, str]] = [("", "", _("Choose a reason"))]
    for place, reason in enumerate(reasons, start=1):
        key = place if place < 10 else ""
        options.append((reason.code, key, f"{key} · {reason.label}" if key else reason.label))
    return format_html_join("", '<option value="{}" data-digit="{}">{}</option>', options)


@never_cache
@require_POST
def case_screen(request: HttpRequest, key: str) -> HttpResponse:
    """Pass, fail or unsure; then the list again, with the next case open."""
    candidacy = get_candidacy(request.user, key, to=can_screen)
    form = VerdictForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
        actions.give_verdict(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: screening_page(request, candidacy.stage))
    following = screening.next_to_screen(request.user, candidacy)
    return redirect(_back(request, candidacy.stage, last=key, at=following))


@never_cache
@require_POST
def verdict_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's verdict back; the case is to do again."""
    candidacy = get_candidacy(request.user, key, to=can_screen)
    try:
        actions.reopen_review(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: screening_page(request, candidacy.stage))
    return redirect(_back(request, candidacy.stage, at=candidacy))


def _back(request: HttpRequest, stage: Stage, *, last: str = "", at: Candidacy | None = None) -> str:
    query = {name: request.GET[name] for name in KEPT if name in request.GET}
    query |= {"last": last} if last else {}
    query |= {"at": at.key} if at else {}
    address = reverse("selection:stage", args=[stage.cycle.slug, stage.number])
    return f"{address}?{urlencode(query)}" + (f"#case-{at.key}" if at else "")
