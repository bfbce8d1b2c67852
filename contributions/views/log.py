"""One's own log: list by month, add by a form or a line, copy."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common.languages import named
from contributions import actions
from contributions.filters import LogFilter
from contributions.queries import (
    activity,
    contributions_visible_to,
    counts_of,
    deleted_visible_to,
    gaps_of,
    log_of,
    marked_in,
    marks_at_most,
    months_of,
    since,
)
from contributions.readiness import checks_of_log
from contributions.views.entering import (
    NEXT_LINE,
    NewEntry,
    asked_for_part,
    blank_entry,
    entry_sent,
    fields_part,
    say_at_line,
)
from contributions.words import by_month_counted, months_drawn, year_drawn
from people.queries import person_of

PAGE = 50


@require_http_methods(["GET", "POST"])
def contribution_list(request: SignedInRequest) -> HttpResponse:
    """The log by month, newest first; above it the form for one more."""
    return _page(request, blank_entry(request, asks=here())) if request.method == "GET" else _add(request)


@require_POST
def contribution_quick(request: SignedInRequest) -> HttpResponse:
    """One more in a line; an empty one is told so."""
    return _add(request)


def _add(request: SignedInRequest) -> HttpResponse:
    entry, person = entry_sent(request, asks=here()), person_of(request.user)
    if asked_for_part(request):
        return fields_part(request, entry)
    if person is None or entry.facts is None:
        return _page(request, entry)
    row = actions.log_contribution(person, by=request.user, **entry.facts)
    said = _("Saved in your log: %(title)s (%(type)s).")
    say_at_line(request, said % {"title": row.title, "type": named(row.type.name)})
    return redirect(here() + NEXT_LINE)


def here() -> str:
    """Where the form of something new asks."""
    return reverse("contributions:list")


def _page(request: SignedInRequest, entry: NewEntry) -> HttpResponse:
    log = contributions_visible_to(request.user)
    counts = counts_of(log)
    chosen = LogFilter(request.GET, counts)
    shown = log_of(request.user, **chosen.chosen())
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    year = chosen.chosen()["year"]
    drawn = year_drawn(counts.months, year) if year else months_drawn(counts.months)
    gaps = gaps_of(log)
    deleted = list(deleted_visible_to(request.user)[:20])
    context: dict[str, Any] = {
        "page": page,
        "months": by_month_counted(page, months_of(shown)),
        "counts": counts,
        "has_line": True,
        "filter": chosen,
        "drawn": drawn,
        "kinds": activity(since(log, drawn.first)) if not year else [],
        "entry": entry,
        "deleted": deleted,
        "just_deleted": next((row for row in deleted if row.key == request.GET.get("deleted")), None),
        "marked": marked_in(log),
        "gaps": gaps,
        "checks": checks_of_log(gaps),
        "marks_at_most": marks_at_most(),
    }
    return render(request, "contributions/list.html", context, status=entry.status)
