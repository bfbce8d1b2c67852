"""How the office sets summits up, who comes, and who came."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from common import clock
from common.errors import Outdated, RuleBroken
from common.http import attachment, sent
from common.paging import CountedPaginator
from events import actions, queries, states
from events.exporting import registrations_as_csv
from events.forms.office import CallOffForm, ReasonForm, SummitForm
from events.models import Registration, Summit
from events.permissions import can_host, can_set_up, get_registration, get_summit

PAGE = 100
TABS = (states.REGISTERED, states.WAITING, states.CANCELLED)
require_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def summit_office_list(request: SignedInRequest) -> HttpResponse:
    """All summits, the last one first, and how they fill."""
    if not can_host(request.user):
        raise PermissionDenied
    rows = queries.summits_newest_first(request.user)
    page = CountedPaginator(rows, PAGE, count=rows.count()).get_page(request.GET.get("page"))
    return render(request, "office/summits.html", {"page": page, "sets_up": can_set_up(request.user)})


@never_cache
@require_get_or_post
def summit_new(request: SignedInRequest) -> HttpResponse:
    """A new summit."""
    if not can_set_up(request.user):
        raise PermissionDenied
    form = SummitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        summit = actions.set_up_summit(by=request.user, regions=form.cleaned_data["regions"], **form.values())
        messages.success(request, _("The summit is set up. Everybody can read its page."))
        return redirect("events:registrations", summit.slug)
    return _form_page(request, form, None)


@never_cache
@require_get_or_post
def summit_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change a summit; more places go to the waitlist at once."""
    summit = get_summit(request.user, slug, to=can_set_up)
    form = SummitForm(sent(request), instance=get_summit(request.user, slug))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_summit(
                summit, by=request.user, values=form.values(), shown=given["shown"], regions=given["regions"]
            )
        except Outdated as outdated:
            return _both_versions(request, form, get_summit(request.user, slug), outdated)
        except RuleBroken as broken:
            form.add_error("capacity", broken.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:registrations", summit.slug)
    return _form_page(request, form, summit)


@never_cache
@require_get_or_post
def summit_call_off(request: SignedInRequest, slug: str) -> HttpResponse:
    """Call a summit off, after reading to whom that is told."""
    summit = get_summit(request.user, slug, to=can_set_up)
    form, status = CallOffForm(sent(request)), 200
    if form.is_bound and form.is_valid():
        try:
            told = actions.call_off_summit(summit, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
            status, summit = broken.status, get_summit(request.user, slug)
        else:
            words = ngettext(
                "Called off. %(number)s person gets a mail.",
                "Called off. %(number)s people get a mail.",
                told,
            )
            messages.success(request, words % {"number": told})
            return redirect("events:registrations", summit.slug)
    context = {"summit": summit, "line": queries.line_of(summit), "form": form}
    status = 422 if form.errors else status
    return render(request, "office/summit_call_off.html", context, status=status)


@never_cache
@require_safe
def registration_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who comes, who waits, who cancelled; a hundred a page, in the order in which they joined."""
    return _list(request, get_summit(request.user, slug, to=can_host))


@never_cache
@require_safe
def registration_csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """The list as a table to keep, with what people told of food, guests and sizes."""
    summit = get_summit(request.user, slug, to=can_host)
    text = registrations_as_csv(queries.registrations_of(request.user, summit))
    return attachment(text, f"{summit.slug}.csv", "text/csv; charset=utf-8")


@require_POST
def attendance_mark(request: SignedInRequest, slug: str) -> HttpResponse:
    """Note who of a page came."""
    summit = get_summit(request.user, slug, to=can_host)
    try:
        changed = actions.mark_attendance(
            summit, came=request.POST.getlist("came"), shown=request.POST.getlist("shown"), by=request.user
        )
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
        return _list(request, summit, status=broken.status)
    words = ngettext("%(number)s person noted.", "%(number)s people noted.", changed)
    messages.success(request, words % {"number": changed})
    return redirect(_back(request, summit))


@never_cache
@require_get_or_post
def registration_end(request: SignedInRequest, key: str) -> HttpResponse:
    """Cancel somebody's registration, with a reason that they read."""
    registration = get_registration(request.user, key)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound and form.is_valid():
        try:
            actions.cancel_registration(registration, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
            status = broken.status
        else:
            messages.success(request, _("Cancelled. The person gets a mail with the reason."))
            return redirect("events:registrations", registration.summit.slug)
    context = {"registration": registration, "summit": registration.summit, "form": form}
    return render(request, "office/registration_end.html", context, status=422 if form.errors else status)


def _form_page(request: HttpRequest, form: SummitForm, summit: Summit | None) -> HttpResponse:
    context = {"form": form, "summit": summit}
    return render(request, "office/summit_form.html", context, status=422 if form.errors else 200)


def _both_versions(
    request: SignedInRequest, form: SummitForm, saved: Summit, outdated: Outdated
) -> HttpResponse:
    """The form as it was sent beside what somebody else saved; whoever saves again has read it."""
    rows = form.beside(saved)
    typed = request.POST.copy()
    typed["shown"] = str(saved.revision)
    form = SummitForm(typed, instance=saved)
    form.add_error(None, outdated.sentence)
    context = {"form": form, "summit": saved, "rows": rows}
    return render(request, "office/summit_form.html", context, status=outdated.status)


def _list(request: SignedInRequest, summit: Summit, *, status: int = 200) -> HttpResponse:
    counts = queries.counts_by_state(request.user, summit)
    state = request.GET.get("state")
    if state not in states.MOVES:
        state = _first_shown(summit, counts)
    rows = queries.in_state(queries.registrations_of(request.user, summit), state)
    context = {
        "summit": summit,
        "page": CountedPaginator(rows, PAGE, count=counts[state]).get_page(request.GET.get("page")),
        "tabs": [_tab(value, counts, state) for value in TABS],
        "state": state,
        "line": queries.line_of(summit),
        "marks": state == states.REGISTERED and clock.now() >= summit.begins and not summit.called_off_at,
        "ends": can_set_up(request.user) and state in states.HELD and clock.now() < summit.begins,
        "sets_up": can_set_up(request.user) and summit.called_off_at is None,
        "can_be_called_off": clock.now() < summit.finishes,
    }
    return render(request, "office/registrations.html", context, status=status)


def _first_shown(summit: Summit, counts: dict[str, int]) -> str:
    """Who comes; once a summit is called off, whoever there still is."""
    if summit.called_off_at is None:
        return states.REGISTERED
    return next((state for state in TABS if counts[state]), states.CANCELLED)


def _tab(value: str, counts: dict[str, int], shown: str) -> dict[str, object]:
    label = str(Registration.State(value).label).capitalize()
    return {"label": label, "href": f"?state={value}", "current": value == shown, "count": counts[value]}


def _back(request: SignedInRequest, summit: Summit) -> str:
    page = request.POST.get("page", "")
    return reverse("events:registrations", args=[summit.slug]) + (f"?page={page}" if page.isdigit() else "")
