"""The screening list of a regional lead: a line for each case, one key for each verdict."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from charter.models import ReasonCode
from selection.models import Stage
from selection.permissions import can_screen, get_candidacy
from selection.queries import screening, work
from selection.queries.voting import tells_why
from selection.review_forms import VerdictForm
from selection.views.keyed_list import give, kept_of, take_back


def screening_page(request: HttpRequest, stage: Stage, *, tried: str = "", status: int = 200) -> HttpResponse:
    """A page of the list; the line of the case that was ``tried`` in vain or is named by ``at`` is open, else the
    first without a verdict."""
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
        "open": tried or request.GET.get("at", "") or todo,
        "reasons": reason_options(listed.reasons),
        "kept": kept_of(request),
        "takes_verdicts": stage.is_running(),
        "tells_why": stage.is_running() and tells_why(stage),
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
    page = partial(screening_page, request, candidacy.stage, tried=key)
    return give(request, candidacy, VerdictForm(request.POST), following=screening.next_to_screen, page=page)


@never_cache
@require_POST
def verdict_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's verdict back; the case is to do again."""
    candidacy = get_candidacy(request.user, key, to=can_screen)
    return take_back(request, candidacy, page=partial(screening_page, request, candidacy.stage))
