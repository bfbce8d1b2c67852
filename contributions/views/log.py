"""One's own log: list by month, add by a form or a line, copy."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from common import clock
from contributions import actions
from contributions.filters import LogFilter
from contributions.forms import ContributionForm, LineForm
from contributions.permissions import get_contribution
from contributions.proposing import Note, fill_from_page
from contributions.queries import (
    activity,
    contributions_visible_to,
    counts_of,
    deleted_visible_to,
    gaps_of,
    kinds_for_lines,
    log_of,
    marked_in,
    marks_at_most,
    months_of,
    since,
)
from contributions.quick import read_line
from contributions.readiness import checks_of_log
from contributions.words import by_month_counted, months_drawn, year_drawn
from people.queries import person_of

PAGE = 50
COPIED = [
    "title", "url", "ends", "area", "description", "quantity", "second_quantity", "hours", "role", "audience",
    "private_note", "visibility",
]  # fmt: skip


@require_http_methods(["GET", "POST"])
def contribution_list(request: SignedInRequest) -> HttpResponse:
    """The log by month, newest first; above it the form for one more."""
    if request.method == "GET":
        return _page(request, form=_blank(request))
    if request.POST.get("go") in ("type", "read"):
        initial, note = asked(request)
        return _refilled(request, ContributionForm(initial=initial, asks=here()), note)
    form, person = ContributionForm(request.POST, asks=here()), person_of(request.user)
    if person is None or not form.is_valid():
        return _page(request, form=form, status=422)
    actions.log_contribution(person, by=request.user, **form.facts())
    messages.success(request, _("Saved in your log."))
    return redirect("contributions:list")


@require_POST
def contribution_quick(request: SignedInRequest) -> HttpResponse:
    """A line that says enough is logged; of any other a form is made, filled in as far as it goes."""
    typed, person = LineForm(request.POST), person_of(request.user)
    if person is None or not typed.is_valid():
        return _page(request, line=typed, status=422)
    line = read_line(typed.cleaned_data["line"], kinds=kinds_for_lines(), today=clock.today())
    said = {
        "type": line.code,
        "title": line.title,
        "url": line.url,
        "starts": (line.starts or clock.today()).isoformat(),
        "visibility": "everyone",
        **line.numbers,
    }
    form = ContributionForm(said, asks=here())
    if line.url and not line.title:
        return _page(request, form=ContributionForm(initial=said, asks=here()), read_now=True)
    if line.guessed or not form.is_valid():
        return _page(request, line=typed, form=ContributionForm(initial=said, asks=here()), read=form)
    row = actions.log_contribution(person, by=request.user, **form.facts())
    messages.success(
        request, _("Saved in your log: %(title)s (%(type)s).") % {"title": row.title, "type": row.type}
    )
    return redirect("contributions:list")


def here() -> str:
    """Where the form of something new asks."""
    return reverse("contributions:list")


def asked(request: SignedInRequest) -> tuple[dict[str, Any], Note | None]:
    """What was typed so far; with ``go=read``, also what the linked page says where nothing was typed."""
    typed: dict[str, Any] = request.POST.dict()
    if request.POST.get("go") != "read":
        return typed, None
    return fill_from_page(typed, person=person_of(request.user))


def _refilled(request: SignedInRequest, form: ContributionForm, note: Note | None) -> HttpResponse:
    """The fields anew, with all that was typed: a part for htmx, else the page around them."""
    if request.headers.get("HX-Request") == "true":
        return render(request, "contributions/fields.html", {"form": form, "note": note})
    return _page(request, form=form, note=note)


def _blank(request: SignedInRequest) -> ContributionForm | None:
    """The form that an address asks for: of a type, or as a copy of an entry."""
    if copied := request.GET.get("copy"):
        latest = contributions_visible_to(request.user).first() if copied == "last" else None
        row = latest or get_contribution(request.user, copied)
        facts = {name: getattr(row, name if name != "area" else "area_id") for name in COPIED}
        more = dict(zip(("second_area", "third_area"), row.more_areas.all(), strict=False))
        initial = {**facts, **more, "type": row.type.code, "starts": clock.today()}
        return ContributionForm(initial=initial, asks=here())
    if "type" in request.GET:
        initial = {"type": request.GET["type"], "starts": clock.today()}
        return ContributionForm(initial=initial, asks=here())
    return None


def _page(
    request: SignedInRequest,
    *,
    form: ContributionForm | None = None,
    line: LineForm | None = None,
    read: ContributionForm | None = None,
    note: Note | None = None,
    read_now: bool = False,
    status: int = 200,
) -> HttpResponse:
    """``read``: what a line said, checked; its errors say what the form still needs. ``read_now``: a link alone."""
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
        "filter": chosen,
        "drawn": drawn,
        "kinds": activity(since(log, drawn.first)) if not year else [],
        "form": form,
        "line": line or LineForm(),
        "read": read,
        "note": note,
        "read_now": read_now,
        "deleted": deleted,
        "just_deleted": next((row for row in deleted if row.key == request.GET.get("deleted")), None),
        "marked": marked_in(log),
        "gaps": gaps,
        "checks": checks_of_log(gaps),
        "marks_at_most": marks_at_most(),
    }
    return render(request, "contributions/list.html", context, status=status)
