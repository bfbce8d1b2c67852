"""The open cases of one reviewer, for whoever assigns them: to be handed over to somebody else."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import RuleBroken
from common.http import go
from people.models import Person
from selection import actions
from selection.forms import ReassignForm
from selection.models import Stage
from selection.permissions import can_run_cycle, can_see_board
from selection.queries.cases import latin_name_of, name_of, stages_visible_to
from selection.queries.reviewers import cases_open_with, offered_first, substitutes_for
from selection.views.refusals import acting_user, refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reviewer_cases(request: HttpRequest, cycle: str, number: int, person: str) -> HttpResponse:
    """What a reviewer has open in a stage, as far as the reader assigns it; a POST gives the selected to somebody else."""
    if not can_see_board(request.user):
        raise PermissionDenied
    stage = get_object_or_404(stages_visible_to(request.user), cycle__slug=cycle, number=number)
    cases = list(cases_open_with(request.user, stage, person))
    if not cases:
        raise Http404
    reviewer = get_object_or_404(Person, key=person)
    substitutes = substitutes_for(stage, reviewer, cases)
    offered = offered_first(request.user, stage, substitutes)
    form = ReassignForm(request.POST or None, substitutes=substitutes, offered=offered)
    chosen = set(request.POST.getlist("case"))

    def page(status: int = 200) -> HttpResponse:
        return _page(request, stage, reviewer, cases, form, chosen, status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(status=422)
    try:
        moved = actions.reassign_cases(
            [one for one in cases if one.key in chosen],
            reviewer=reviewer,
            by=acting_user(request),
            **form.cleaned_data,
        )
    except RuleBroken as broken:
        return refused(request, broken, page)
    _say(request, moved, form.cleaned_data["to"])
    return go(request, _next(request, stage, reviewer))


def _page(
    request: HttpRequest,
    stage: Stage,
    reviewer: Person,
    cases: list[Any],
    form: ReassignForm,
    chosen: set[str],
    *,
    status: int,
) -> HttpResponse:
    context = {
        "stage": stage,
        "reviewer": reviewer,
        "rows": [(one, name_of(one), latin_name_of(one), one.key in chosen) for one in cases],
        "form": form,
        "runs": can_run_cycle(request.user),
        "takes_tasks": stage.is_running(),
    }
    return render(request, "selection/reviewer_cases.html", context, status=status)


def _say(request: HttpRequest, moved: actions.Reassigned, to: Person) -> None:
    given = ngettext(
        "%(name)s has %(number)d case more now.", "%(name)s has %(number)d cases more now.", moved.number
    )
    messages.success(request, given % {"name": to.name, "number": moved.number})
    for one, why in moved.stay:
        messages.warning(request, _("%(case)s stays: %(why)s") % {"case": name_of(one), "why": why})


def _next(request: HttpRequest, stage: Stage, reviewer: Person) -> str:
    """The same page while something is left on it, else the list that leads to it."""
    if cases_open_with(request.user, stage, reviewer.key).exists():
        return reverse("selection:reviewer_cases", args=[stage.cycle.slug, stage.number, reviewer.key])
    if can_run_cycle(request.user):
        return f"{reverse('selection:cycle', args=[stage.cycle.slug])}#reviewers"
    return f"{reverse('selection:plans')}?stage={stage.key}"
