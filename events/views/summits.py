"""The public pages of summits, and registering for one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from awards.actions import issue_paper
from awards.models import Award, Paper
from awards.permissions import can_take_papers, get_award
from awards.queries import years_of
from awards.views import language_of, paper_file
from charter.models import Program
from charter.queries import program
from common import clock
from common.dates import zone_named
from common.errors import RuleBroken
from common.http import file_headers
from common.keeping import page_for_strangers
from common.languages import site_languages
from common.letters import in_language
from common.paging import CountedPaginator
from events import actions, queries, states
from events.calendars import calendar_of
from events.forms.registering import AttendanceForm, DetailsForm, RegisterForm
from events.letters import summit_letter_words
from events.models import Registration, Summit
from events.permissions import can_host, get_summit
from people.models import Person

PAST_ON_A_PAGE = 20
OTHERS = 5


@require_safe
@login_not_required
def summit_list(request: HttpRequest) -> HttpResponse:
    """The summits ahead, and those that were."""
    summits = queries.summits_visible_to(request.user)
    past = queries.past(summits)
    page = CountedPaginator(past, PAST_ON_A_PAGE, count=past.count()).get_page(request.GET.get("page"))
    context = {
        "upcoming": queries.upcoming(queries.counted(summits)),
        "page": page,
        "program": program(),
        "hosts": can_host(request.user),
    }
    return render(request, "events/summits.html", context)


@require_safe
@login_not_required
def summit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One summit: when, where, for whom, and where one stands oneself. Just before registration opens, thousands look."""
    version = lambda: (queries.page_version(slug), clock.minute())  # noqa: E731
    return page_for_strangers(request, version, lambda _known: _page(request, get_summit(request.user, slug)))


@require_safe
@login_not_required
def summit_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates for one's calendar; calendars ask again and again, and are told when nothing has changed."""
    headers = file_headers(f"{slug}.ics", "text/calendar; charset=utf-8")
    return page_for_strangers(
        request,
        lambda: queries.calendar_version(slug),
        lambda _known: HttpResponse(calendar_of(get_summit(request.user, slug)), headers=headers),
        headers=headers,
    )


@never_cache
@require_safe
def summit_letter(request: SignedInRequest, slug: str) -> HttpResponse:
    """The letter to the employer of a holder who is invited: it asks for professional days for this summit."""
    summit = get_summit(request.user, slug)
    inviting = None if summit.is_over else queries.award_that_invites(request.user, summit)
    if inviting is None:
        raise PermissionDenied
    award = get_award(request.user, inviting.key, to=can_take_papers)
    language = language_of(request, award)
    words = _letter(
        award,
        summit,
        queries.own_registration(request.user, summit),
        now=program(),
        language=language,
    )
    paper = issue_paper(
        award,
        kind=Paper.Kind.SUMMIT_LETTER,
        language=language,
        words=words,
        about=summit.name,
        about_key=summit.slug,
        about_days=(summit.starts, summit.ends),
    )
    return paper_file(paper, _("letter"))


@require_POST
def summit_register(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a place, or join the line."""
    summit = get_summit(request.user, slug)
    form = RegisterForm(
        request.POST, summit=summit, agreement=queries.agreement_to_sign(request.user, summit)
    )
    if not form.is_valid():
        return _page(request, summit, form=form, status=422)
    try:
        made = actions.register_for_summit(
            summit, _person(request), by=request.user, details=form.details, signs=form.signs
        )
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
        return _page(request, summit, form=form, status=broken.status)
    if made.state == states.REGISTERED:
        messages.success(request, _("You have a place. A mail confirms it."))
    else:
        messages.success(
            request, _("You are on the waitlist. A freed place goes to the next person by itself.")
        )
    return redirect("events:summit", summit.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def registration_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """What one said about guest, food and sizes."""
    summit, registration = _own(request, slug)
    given = request.POST if request.method == "POST" else None
    form = DetailsForm(given, summit=summit, registration=registration)
    status = 200
    if given is not None and form.is_valid():
        try:
            actions.edit_registration(registration, by=request.user, details=form.details)
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
            status = broken.status
        else:
            messages.success(request, _("Saved."))
            return redirect("events:summit", summit.slug)
    context = {"summit": summit, "registration": registration, "form": form}
    return _in_zone(
        request, summit, "events/registration.html", context, status=422 if form.errors else status
    )


@require_POST
def registration_cancel(request: SignedInRequest, slug: str) -> HttpResponse:
    """Give one's place up, or leave the line."""
    summit, registration = _own(request, slug)
    try:
        actions.cancel_registration(registration, by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
        return _page(request, summit, status=broken.status)
    messages.success(request, _("Cancelled. What you told us about food, guests and needs is erased."))
    return redirect("events:summit", summit.slug)


@require_POST
def attendance_show(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say who may read on one's profile that one was there."""
    summit, registration = _own(request, slug)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose who sees it."))
        return _page(request, summit, status=422)
    actions.show_attendance(registration, by=request.user, seen_by=form.cleaned_data["seen_by"])
    messages.success(request, _("Saved."))
    return redirect("events:summit", summit.slug)


def _page(
    request: HttpRequest, summit: Summit, *, form: RegisterForm | None = None, status: int = 200
) -> HttpResponse:
    user, public = request.user, queries.summits_visible_to(request.user)
    registration = queries.own_registration(user, summit)
    award = None if summit.is_over else queries.award_that_invites(user, summit)
    agreement, now = queries.agreement_to_sign(user, summit), program()
    line = queries.line_of(summit)
    context = {
        "summit": summit,
        "line": line,
        "odds": queries.odds_of(summit) if line.is_full and not summit.is_over else None,
        "others": queries.upcoming(queries.counted(public), besides=summit)[:OTHERS],
        "award": award,
        "languages": list(site_languages()),
        "agreement": agreement,
        "asked": queries.agreement_asked(summit),
        "registration": registration,
        "panel": _panel(summit, registration, invited=award is not None),
        "program": now,
        "today": clock.today(),
        "hosts": can_host(user),
    }
    context |= _own_words(summit, registration)
    if award is not None:
        own = get_award(user, award.key, to=can_take_papers)
        language = language_of(request, own)
        words = _letter(own, summit, registration, now=now, language=language)
        context |= {"letter_language": language, "letter": words}
    if context["panel"] == "register":
        context["form"] = form or RegisterForm(summit=summit, agreement=agreement)
    return _in_zone(request, summit, "events/summit.html", context, status=status)


def _in_zone(
    request: HttpRequest, summit: Summit, template: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """Moments are said by the reader's clock and the summit's; for who has set no zone, by the summit's alone."""
    person = getattr(request.user, "person", None)
    with timezone.override(zone_named((person and person.zone) or summit.zone)):
        return render(request, template, context, status=status)


def _letter(
    award: Award, summit: Summit, own: Registration | None, *, now: Program, language: str
) -> dict[str, Any]:
    """What the letter to the employer says; ``award.person.roster_awards`` are read with it."""
    years = years_of(award.person.roster_awards, current=now.current_year)  # type: ignore[attr-defined]
    has_place = own is not None and own.state == states.REGISTERED
    with in_language(language):
        return summit_letter_words(award, summit, program=now, years=years, has_place=has_place)


def _panel(summit: Summit, registration: Registration | None, *, invited: bool) -> str:
    """What stands beside the facts: registered, waiting, came, over, register, or why one can't."""
    if summit.called_off_at is not None:
        return "called_off"
    if registration is not None and registration.state in states.HELD:
        return "came" if registration.attended else registration.state if not summit.is_over else "over"
    if summit.is_over:
        return "over"
    if summit.registration != "open":
        return "shut"
    return "register" if invited else "not_invited"


def _own_words(summit: Summit, registration: Registration | None) -> dict[str, Any]:
    if registration is None:
        return {}
    found: dict[str, Any] = {
        "attendance": AttendanceForm(initial={"seen_by": registration.attendance_seen_by})
    }
    if registration.state == states.WAITING:
        found["number"] = queries.place_in_line(registration)
    return found


def _own(request: SignedInRequest, slug: str) -> tuple[Summit, Registration]:
    """The summit and one's own registration, which may be cancelled; 404 where there is none."""
    summit = get_summit(request.user, slug)
    registration = queries.own_registration(request.user, summit)
    if registration is None:
        raise Http404
    return summit, registration


def _person(request: SignedInRequest) -> Person:
    person = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person
