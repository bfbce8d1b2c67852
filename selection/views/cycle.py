"""The office runs a cycle: its stages, what they left undecided, what needs a person."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charter.models import Cycle
from common import clock
from common.dates import time_left
from common.errors import RuleBroken
from common.http import go
from nominations.queries import holds_waiting
from selection import actions
from selection.forms import (
    DecideAgainForm,
    MomentForm,
    MoveStageForm,
    ReasonForm,
    ResolveForm,
    SecondLookForm,
)
from selection.models import Candidacy, Stage
from selection.permissions import can_resolve, can_run_cycle, can_see_cycle, get_candidacy
from selection.queries import behind, progress, regions
from selection.queries import cycle as cycles
from selection.queries.after_release import waiting_after_release
from selection.queries.cases import stages_visible_to
from selection.queries.kept import kept_words
from selection.queries.releases import main_release
from selection.views.refusals import acting_user, refused

SECOND_LOOK_LASTS = dt.timedelta(days=14)


@never_cache
@require_safe
def cycle_overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a cycle stands."""
    if not can_see_cycle(request.user):
        raise PermissionDenied
    return overview_page(request, get_object_or_404(Cycle, slug=slug))


def overview_page(request: HttpRequest, cycle: Cycle, *, status: int = 200) -> HttpResponse:
    """Flow, stages with their buttons, reviewers behind first."""
    overview = cycles.overview_of(request.user, cycle, page=request.GET.get("page", "1"))
    runs = can_run_cycle(request.user)
    context: dict[str, Any] = {
        "overview": overview,
        "cycle": cycle,
        "cycles": cycles.cycles_of_office(),
        "runs": runs,
        "left": time_left(overview.running.closes_at) if overview.running else [],
        "move": MoveStageForm(),
        "reason": ReasonForm(),
        "without_tasks": [],
        "kept": kept_words(request.user, cycle),
        "multiples": regions.multiples_of(
            request.user, cycle, cycles.cycle_before(cycle), overview.counts.regions
        ),
        "may_remind": runs and overview.running is not None and overview.running.is_running(),
        "reminders": [],
        "progress": [],
        "progress_page": None,
        "held": holds_waiting(request.user).count() if runs else 0,
    }
    if runs and overview.running:
        context["progress_page"], context["progress"] = behind.reviewers_behind(
            request.user, overview.running, counts=overview.counts
        )
        context["anybody"] = any(one.may_be_reminded for one in context["progress"])
        if overview.running.kind != Stage.Kind.COUNCIL:
            context["reminders"] = _reminder_steps(overview.running, request.user)
            context["without_tasks"] = cycles.cases_without_tasks(request.user, overview.running)
    return render(request, "office/cycle.html", context, status=status)


def _reminder_steps(stage: Stage, reader: Any) -> list[dict[str, Any]]:
    """The schedule of a stage as a timeline: what has gone out as far as ``reader`` may know, what comes next."""
    now, steps = clock.now(), stage.reminders()
    sent = behind.moments_reminded(reader, stage) if any(at <= now for _days, at in steps) else set()
    found: list[dict[str, Any]] = []
    for days, at in steps:
        is_next = at > now and not any(one["state"] == "current" for one in found)
        title = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
        found.append(
            {
                "title": title,
                "at": at,
                "state": "done" if at <= now else "current" if is_next else "",
                "went_out": at in sent,
            }
        )
    return found


@never_cache
@require_POST
def stage_open(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Open a stage; before its date with a reason."""
    return _act(request, slug, number, actions.open_stage, _("%(stage)s is open."))


@never_cache
@require_POST
def stage_close(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Close a stage and apply its rule."""
    return _act(
        request, slug, number, actions.close_stage, _("%(stage)s is closed. Its rule has been applied.")
    )


@never_cache
@require_POST
def stage_admit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let cases in that were completed since the first stage opened."""

    def admit(stage: Stage, *, by: object, reason: str) -> None:
        actions.admit_cases(stage, by=acting_user(request))

    return _act(request, slug, number, admit, _("%(stage)s: the cases completed since are in."))


@never_cache
@require_POST
def stage_move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Another closing date, with a reason; for a closed stage it opens it again."""
    stage = _stage(request, slug, number)
    form = MoveStageForm(request.POST)
    act = actions.reopen_stage if stage.state == Stage.State.CLOSED else actions.move_stage
    try:
        _require_valid(form)
        act(stage, closes_at=form.moment(), by=acting_user(request), reason=form.cleaned_data["reason"])
    except RuleBroken as broken:
        return refused(request, broken, lambda: overview_page(request, stage.cycle))
    messages.success(request, _("The new closing date is set."))
    return go(request, reverse("selection:cycle", args=[slug]))


@never_cache
@require_POST
def stage_remind(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Remind the selected reviewers of what waits for them."""
    stage = _stage(request, slug, number)
    try:
        reminded = actions.remind_reviewers(
            stage, request.POST.getlist("reviewer")[: progress.ROWS], by=acting_user(request)
        )
    except RuleBroken as broken:
        return refused(request, broken, lambda: overview_page(request, stage.cycle))
    messages.success(request, _reminded_words(reminded))
    page = urlencode({"page": request.GET.get("page", "1")})
    return go(request, f"{reverse('selection:cycle', args=[slug])}?{page}#reviewers")


def _reminded_words(reminded: actions.Reminded) -> str:
    said = ngettext(
        "%(number)s reviewer gets a reminder: by day, or in the mail of the day, as they chose.",
        "%(number)s reviewers get a reminder: by day, or in the mail of the day, as they chose.",
        reminded.number,
    )
    lately = ngettext(
        "%(number)s had one within the last day.", "%(number)s had one within the last day.", reminded.lately
    )
    unreachable = ngettext(
        "%(number)s has no address that takes mail.",
        "%(number)s have no address that takes mail.",
        reminded.unreachable,
    )
    parts = [(said, reminded.number), (lately, reminded.lately), (unreachable, reminded.unreachable)]
    return " ".join(words % {"number": number} for words, number in parts if number)


@never_cache
@require_safe
def undecided_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Cases that a closed stage left to the office."""
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return undecided_page(request, get_object_or_404(Cycle, slug=slug))


def undecided_page(
    request: HttpRequest, cycle: Cycle, *, key: str = "", form: ResolveForm | None = None, status: int = 200
) -> HttpResponse:
    """Each with the form that resolves it; ``form`` is that of the case ``key``, with its errors."""
    cases = [
        (one, form if form and one.key == key else _resolve_form(one))
        for one in cycles.undecided_cases(request.user, cycle)[:50]
    ]
    release = main_release(cycle)
    context = {
        "cycle": cycle,
        "cases": cases,
        "kept": kept_words(request.user, cycle),
        "is_out": release is not None and release.released_at is not None,
    }
    return render(request, "office/undecided.html", context, status=status)


@never_cache
@require_POST
def case_resolve(request: HttpRequest, key: str) -> HttpResponse:
    """Decide one of them, with a written reason."""
    candidacy = get_candidacy(request.user, key, to=can_resolve)
    cycle = candidacy.stage.cycle
    form = _resolve_form(candidacy, request.POST)
    if not form.is_valid():
        return undecided_page(request, cycle, key=key, form=form, status=422)
    try:
        actions.resolve_candidacy(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: undecided_page(request, cycle, key=key, form=form))
    messages.success(request, _("Decided. It stays pending until the release."))
    return go(request, reverse("selection:undecided", args=[cycle.slug]))


@never_cache
@require_safe
def after_release(request: HttpRequest, slug: str) -> HttpResponse:
    """Cases that wait for the office after the release: the reserve and second looks."""
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return after_page(request, get_object_or_404(Cycle, slug=slug))


def after_page(
    request: HttpRequest,
    cycle: Cycle,
    *,
    key: str = "",
    form: DecideAgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Each with its form; ``form`` is that of the case ``key``, with its errors."""
    waiting = [
        (
            one,
            form if form and one.candidacy.key == key else DecideAgainForm(auto_id=f"{one.candidacy.key}_%s"),
        )
        for one in waiting_after_release(request.user, cycle)
    ]
    until = clock.now() + SECOND_LOOK_LASTS
    context = {
        "cycle": cycle,
        "waiting": waiting,
        "until": SecondLookForm(initial=SecondLookForm.values_of(until), auto_id=False),
    }
    return render(request, "office/after_release.html", context, status=status)


@never_cache
@require_POST
def case_decide_again(request: HttpRequest, key: str) -> HttpResponse:
    """Give a reserve or a second look its outcome; it waits for a later release."""
    candidacy = get_candidacy(request.user, key, to=can_resolve)
    cycle = candidacy.stage.cycle
    form = DecideAgainForm(request.POST, auto_id=f"{key}_%s")
    if not form.is_valid():
        return after_page(request, cycle, key=key, form=form, status=422)
    try:
        actions.decide_again(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: after_page(request, cycle, key=key, form=form))
    messages.success(request, _("Decided. It stays pending until a later release."))
    return go(request, reverse("selection:after_release", args=[cycle.slug]))


@never_cache
@require_POST
def case_take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Take back a second decision that no release holds yet."""
    candidacy = get_candidacy(request.user, key, to=can_resolve)
    cycle, form = candidacy.stage.cycle, ReasonForm(request.POST)
    try:
        _require_valid(form)
        reason = form.cleaned_data["reason"]
        actions.take_back_decision(candidacy, by=acting_user(request), reason=reason)
    except RuleBroken as broken:
        return refused(request, broken, lambda: after_page(request, cycle))
    messages.success(request, _("Taken back. The case waits for a decision again."))
    return go(request, reverse("selection:after_release", args=[cycle.slug]))


@never_cache
@require_POST
def case_look_again(request: HttpRequest, key: str) -> HttpResponse:
    """Open the second look that a nominee asked for; reviewers are given on the case's page."""
    candidacy = get_candidacy(request.user, key, to=can_resolve)
    form = SecondLookForm(request.POST)
    try:
        _require_valid(form)
        made = actions.open_second_look(
            candidacy.nomination, closes_at=form.moment(), by=acting_user(request)
        )
    except RuleBroken as broken:
        return refused(request, broken, lambda: after_page(request, candidacy.stage.cycle))
    messages.success(
        request,
        _(
            "The second look is open. Readers who have not seen the case are being found; you can change them here."
        ),
    )
    return go(request, reverse("selection:board_case", args=[made.key]))


def _resolve_form(candidacy: Candidacy, data: object = None) -> ResolveForm:
    outcomes = actions.outcomes_to_resolve(candidacy.stage, candidacy)
    return ResolveForm(data, outcomes=outcomes, auto_id=f"{candidacy.key}_%s")


def _act(request: HttpRequest, slug: str, number: int, act: Callable[..., object], done: str) -> HttpResponse:
    stage = _stage(request, slug, number)
    form = ReasonForm(request.POST)
    try:
        _require_valid(form)
        act(stage, by=acting_user(request), reason=form.cleaned_data["reason"])
    except RuleBroken as broken:
        return refused(request, broken, lambda: overview_page(request, stage.cycle))
    messages.success(request, done % {"stage": stage.internal_name})
    return go(request, reverse("selection:cycle", args=[slug]))


def _stage(request: HttpRequest, slug: str, number: int) -> Stage:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(stages_visible_to(request.user), cycle__slug=slug, number=number)


def _require_valid(form: ReasonForm | MomentForm) -> None:
    if not form.is_valid():
        raise RuleBroken(" ".join(str(error) for errors in form.errors.values() for error in errors))
