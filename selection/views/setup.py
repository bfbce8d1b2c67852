"""The office sets a cycle up: all cycles, a new one, its dates, places and stages, and what the check finds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.models import Cycle
from common.errors import RuleBroken
from selection import actions, rules
from selection.forms import ReasonForm
from selection.models import Preset, Stage
from selection.permissions import can_run_cycle, can_see_cycle
from selection.queries import protocol as protocols
from selection.queries import setup
from selection.queries.cases import stages_visible_to
from selection.queries.cycle import cycles_of_office
from selection.rule_words import words_of_rule
from selection.setup_forms import CycleForm, NewCycleForm, PlacesForm, SetupForm
from selection.stage_forms import AddStageForm, StageForm
from selection.views.refusals import acting_user, refused

require_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def cycle_list(request: HttpRequest) -> HttpResponse:
    """All cycles, the newest first."""
    if not can_see_cycle(request.user):
        raise PermissionDenied
    context = {"cycles": setup.listed_cycles(), "runs": can_run_cycle(request.user)}
    return render(request, "office/cycles.html", context)


@never_cache
@require_get_or_post
def cycle_new(request: HttpRequest) -> HttpResponse:
    """Begin a cycle: a copy of one there was, or a preset."""
    if not can_run_cycle(request.user):
        raise PermissionDenied
    cycles, presets = list(cycles_of_office()[:20]), setup.presets()
    form = NewCycleForm(
        request.POST or None, cycles=cycles, presets=presets, initial=_next_of(cycles[0]) if cycles else {}
    )
    if request.method == "POST" and form.is_valid():
        try:
            cycle = _begin(form, request)
        except RuleBroken as broken:
            form.show_refusal(broken.sentence)
        else:
            messages.success(request, _("The cycle is planned. Look through it before it opens."))
            return redirect("selection:cycle_setup", cycle.slug)
    context = {"form": form, "presets": presets, "back": reverse("selection:cycle_list")}
    return _drawn(request, "office/cycle_new.html", form, context)


@never_cache
@require_safe
def cycle_setup(request: HttpRequest, slug: str) -> HttpResponse:
    """How a cycle is set up, and what stops or worries."""
    if not can_see_cycle(request.user):
        raise PermissionDenied
    return setup_page(request, get_object_or_404(cycles_of_office(), slug=slug))


def setup_page(request: HttpRequest, cycle: Cycle, *, status: int = 200) -> HttpResponse:
    """Dates, stages, places and findings of a cycle, each with the way to change it."""
    stages = setup.stages_to_set_up(request.user, cycle)
    found = setup.findings_of(cycle)
    context = {
        "cycle": cycle,
        "stages": [(stage, _in_words(stage)) for stage in stages],
        "places": [one for one in setup.places_of(cycle) if one.places is not None],
        "stops": [one for one in found if one.stops],
        "worries": [one for one in found if not one.stops],
        "published": protocols.is_published(cycle),
        "released": setup.is_released(cycle),
        "runs": can_run_cycle(request.user),
        "first": next((one for one in stages[:1] if one.state == Stage.State.PLANNED), None),
        "add": AddStageForm(),
        "reason": ReasonForm(),
    }
    return render(request, "office/setup.html", context, status=status)


@never_cache
@require_get_or_post
def cycle_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Dates and settings."""
    cycle = _cycle(request, slug)
    form = CycleForm(request.POST or None, cycle=cycle, published=protocols.is_published(cycle))

    def save() -> None:
        actions.change_cycle(cycle, values=form.values(), by=acting_user(request), reason=form.reason())

    return edit_page(request, cycle, form, save, _("Dates and settings"))


@never_cache
@require_get_or_post
def places_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Places of each category."""
    cycle = _cycle(request, slug)
    published = protocols.is_published(cycle)
    form = PlacesForm(request.POST or None, rows=setup.places_of(cycle), published=published)

    def save() -> None:
        actions.set_places(cycle, places=form.places(), by=acting_user(request), reason=form.reason())

    return edit_page(request, cycle, form, save, _("Places"))


@never_cache
@require_get_or_post
def stage_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One stage."""
    stage = stage_to_set_up(request, slug, number)
    published = protocols.is_published(stage.cycle)
    form = StageForm(request.POST or None, stage=stage, published=published)
    kind = stage.kind

    def save() -> str | None:
        changed = actions.change_stage(
            stage, values=form.values(), by=acting_user(request), reason=form.reason()
        )
        again = reverse("selection:stage_edit", args=[slug, number])
        return again if changed.kind != kind else None  # the rule of the new kind is to be looked at

    return edit_page(request, stage.cycle, form, save, stage.internal_name)


@never_cache
@require_POST
def stage_add(request: HttpRequest, slug: str) -> HttpResponse:
    """One more stage behind the others."""
    cycle = _cycle(request, slug)
    form = AddStageForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(_("Choose the kind of the stage."))
        stage = actions.add_stage(cycle, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: setup_page(request, cycle))
    messages.success(request, _("The stage is planned. Set its dates and its rule."))
    return redirect("selection:stage_edit", slug, stage.number)


@never_cache
@require_POST
def stage_remove(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a planned stage out."""
    return _act(request, slug, number, actions.remove_stage, _("The stage is taken out."))


@never_cache
@require_POST
def stage_bring_forward(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let a planned stage change its place with the one before."""
    return _act(request, slug, number, actions.bring_stage_forward, _("The stages have changed places."))


def _begin(form: NewCycleForm, request: HttpRequest) -> Cycle:
    source, typed = form.begins_with(), form.cleaned_data
    values = {name: typed[name] for name in ("slug", "name", "award_year", "opens_at")}
    if isinstance(source, Preset):
        return actions.make_cycle(source, by=acting_user(request), **values)
    return actions.copy_cycle(source, by=acting_user(request), **values)


def _next_of(last: Cycle) -> dict[str, Any]:
    """The last cycle a year later."""
    year = last.award_year + 1
    opens_at = last.opens_at.combine(actions.years_later(last.opens_at.date(), 1), last.opens_at.timetz())
    return {
        "source": f"copy:{last.slug}",
        "name": last.name.replace(str(last.award_year), str(year)),
        "award_year": year,
        "slug": str(year),
        "opens_at": opens_at,
    }


def edit_page(
    request: HttpRequest,
    cycle: Cycle,
    form: SetupForm,
    save: Callable[[], str | None],
    title: str,
    *,
    back: str = "",
    back_words: str = "",
) -> HttpResponse:
    """One form of the set-up: saved and back to the whole, or drawn with its errors."""
    back = back or reverse("selection:cycle_setup", args=[cycle.slug])
    back_words = back_words or _("Set up %(name)s") % {"name": cycle.name}
    if request.method == "POST" and form.is_valid():
        try:
            onward = save()
        except RuleBroken as broken:
            form.show_refusal(broken.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(onward or back)
    context = {"form": form, "cycle": cycle, "title": title, "back": back, "back_words": back_words}
    return _drawn(request, "office/setup_form.html", form, context)


def _drawn(request: HttpRequest, template: str, form: SetupForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, template, context, status=status)


def _act(request: HttpRequest, slug: str, number: int, act: Callable[..., Any], done: str) -> HttpResponse:
    stage = stage_to_set_up(request, slug, number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        act(stage, by=acting_user(request), reason=reason)
    except RuleBroken as broken:
        return refused(request, broken, lambda: setup_page(request, stage.cycle))
    messages.success(request, done)
    return redirect("selection:cycle_setup", slug)


def _in_words(stage: Stage) -> list[str]:
    """The rule of a stage in sentences, where it can be read."""
    if rules.problems(stage.kind, stage.rule):
        return []
    return words_of_rule(rules.parse(stage.kind, stage.rule))


def _cycle(request: HttpRequest, slug: str) -> Cycle:
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(cycles_of_office(), slug=slug)


def stage_to_set_up(request: HttpRequest, slug: str, number: int) -> Stage:
    """For the office alone."""
    if not can_run_cycle(request.user):
        raise PermissionDenied
    return get_object_or_404(stages_visible_to(request.user), cycle__slug=slug, number=number)
