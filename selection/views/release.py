"""The release: what goes out, two people, how far it is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charter.models import Cycle
from common import clock
from common.dates import time_left
from common.errors import RuleBroken
from common.http import go, letter_page
from people.queries import person_of
from selection import actions, emails, notice_emails, states
from selection.forms import MomentForm, ReasonForm
from selection.letter_forms import MailFilterForm
from selection.models import Release
from selection.permissions import can_confirm, can_run_cycle
from selection.queries import releases
from selection.queries.before_release import checks_before, people_to_confirm
from selection.queries.kept import kept_words
from selection.views.refusals import acting_user, refused

CASES_A_PAGE = 10


@never_cache
@require_safe
def release_status(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be released, or was."""
    return _page(request, _cycle(request, slug))


@never_cache
@require_POST
def release_prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """The first person gathers the pending decisions and sets the time."""
    cycle = _cycle(request, slug)
    form = MomentForm(request.POST)
    if not form.is_valid():
        return _page(request, cycle, form=form, status=422)
    release = releases.current_release(request.user, cycle)
    try:
        if release is not None and release.state in (states.PLANNED, states.CONFIRMED):
            actions.reschedule_release(release, scheduled_at=form.moment(), by=acting_user(request))
        else:
            actions.prepare_release(cycle, scheduled_at=form.moment(), by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, cycle, form=form))
    messages.success(request, _("Prepared. Somebody else of the office has to confirm it."))
    return go(request, reverse("selection:release", args=[slug]))


@never_cache
@require_POST
def release_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The second person."""
    release = _release(request, key)
    try:
        actions.confirm_release(release, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, release.cycle))
    messages.success(request, _("Confirmed. It goes out at its time."))
    return go(request, reverse("selection:release", args=[release.cycle.slug]))


@never_cache
@require_POST
def release_hold(request: HttpRequest, key: str) -> HttpResponse:
    """Stop it, with a reason; its decisions are pending again."""
    release = _release(request, key)
    form = ReasonForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.cancel_release(release, by=acting_user(request), reason=reason)
    except RuleBroken as broken:
        return refused(request, broken, lambda: _page(request, release.cycle))
    messages.success(request, _("The release is held. Nothing goes out."))
    return go(request, reverse("selection:release", args=[release.cycle.slug]))


@never_cache
@require_safe
def release_mails(request: HttpRequest, slug: str) -> HttpResponse:
    """Every mail of the release as it is sent, ten cases on a page; nothing is sent by looking."""
    cycle, form = _cycle(request, slug), MailFilterForm(request.GET)
    release = releases.release_asked(request.user, cycle, request.GET.get("release", ""))
    outcome, kind = form.chosen("outcome"), form.chosen("kind")
    rows = releases.decisions_told(request.user, cycle, release, outcome=outcome)
    page = Paginator(rows, CASES_A_PAGE).get_page(request.GET.get("page"))
    mails = [
        one
        for one in emails.mails_for(release, list(page))
        if not kind or one.for_supporter == (kind == "supporters")
    ]
    context = {
        "cycle": cycle,
        "release": release,
        "form": form,
        "page": page,
        "mails": mails,
        "kept": kept_words(request.user, cycle),
    }
    return render(request, "office/release_mails.html", context)


@never_cache
@require_safe
def release_mail(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The HTML part of one of them alone, for its frame; ``?to=`` is the key of a nominator's or endorser's row."""
    cycle = _cycle(request, slug)
    release = releases.release_asked(request.user, cycle, request.GET.get("release", ""))
    decision = get_object_or_404(releases.decisions_told(request.user, cycle, release), candidacy__key=key)
    mails = emails.mails_for(release, [decision])
    found = [one for one in mails if one.support == request.GET.get("to", "")]
    if not found:
        raise Http404
    return letter_page(found[0].letter.html)


def _page(
    request: HttpRequest, cycle: Cycle, *, form: MomentForm | None = None, status: int = 200
) -> HttpResponse:
    shown = releases.release_asked(request.user, cycle, request.GET.get("release", ""))
    out = releases.releases_out(request.user, cycle)
    planned = shown.scheduled_at if shown else max(cycle.release_planned_at, clock.now())
    preview = releases.preview_of(request.user, cycle, shown)
    confirms = shown is not None and can_confirm(request.user, shown)
    context = {
        "cycle": cycle,
        "release": shown,
        "held": releases.last_held(cycle) if shown is None else None,
        "out": out if len(out) > 1 or (out and out[0].release != shown) else [],
        "preview": preview,
        "letters": emails.letters_of(preview.samples),
        "thanks": notice_emails.sample_of_year(cycle) if _thanks(cycle, shown) else None,
        "checks": [] if shown and shown.released_at else checks_before(request.user, cycle, shown),
        "awards": releases.awards_written(request.user, shown) if shown else 0,
        "form": form or MomentForm(initial=MomentForm.values_of(planned)),
        "reason": ReasonForm(),
        "can_confirm": confirms,
        "second": _second(request, shown) if shown is not None and not confirms else [],
        "is_preparer": shown is not None and shown.prepared_by == person_of(request.user),
        "planned": planned,
        "kept": kept_words(request.user, cycle),
        "unread": releases.count_unread(request.user, cycle),
        "left": time_left(planned),
    }
    return render(request, "office/release.html", context, status=status)


def _second(request: HttpRequest, release: Release) -> list[str]:
    """Who can confirm, for a reader who cannot, unless they prepared it."""
    person = person_of(request.user)
    if release.state != states.PLANNED or release.prepared_by == person:
        return []
    return [one.name for one in people_to_confirm(release)]


def _thanks(cycle: Cycle, release: Release | None) -> bool:
    """Reviewers and leads are thanked with the main release alone."""
    return releases.main_release(cycle) is None if release is None else release.kind == Release.Kind.MAIN


def _cycle(request: HttpRequest, slug: str) -> Cycle:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(Cycle, slug=slug)


def _release(request: HttpRequest, key: str) -> Release:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(releases.releases_visible_to(request.user), key=key)
