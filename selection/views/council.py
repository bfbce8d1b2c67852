"""The council: if you agree, do nothing; an override says what instead, and why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.charts import scale_for
from common.dates import time_left
from common.errors import RuleBroken
from common.http import go
from selection import actions
from selection.forms import OverrideForm
from selection.models import Candidacy, Stage
from selection.permissions import can_override, get_candidacy
from selection.queries import council, work
from selection.queries.kept import kept_words
from selection.views.refusals import acting_user, refused


def council_page(request: HttpRequest, stage: Stage, *, status: int = 200) -> HttpResponse:
    """The proposals of the categories whose council one sits on."""
    listed = council.council_of(
        request.user, stage, show=request.GET.get("show", ""), page=request.GET.get("page", "1")
    )
    context = {
        "stage": stage,
        "stages": work.stages_to_work_in(request.user),
        "council": listed,
        "form": override_form(stage),
        "scale": scale_for(
            float(one.scored.low) for one in listed.proposals if one.scored and one.scored.low is not None
        ),
        "takes_overrides": stage.is_running(),
        "kept": kept_words(request.user, stage.cycle),
        "left": time_left(stage.closes_at),
    }
    return render(request, "selection/council.html", context, status=status)


def override_form(stage: Stage, data: object = None) -> OverrideForm:
    """The fields of an override in this stage."""
    return OverrideForm(data, carry_over=stage.cycle.carry_over_allowed)


@never_cache
@require_POST
def case_override(request: HttpRequest, key: str) -> HttpResponse:
    """Say another outcome."""
    from selection.views.dossier import dossier_page

    candidacy = get_candidacy(request.user, key, to=can_override)
    form = override_form(candidacy.stage, request.POST)
    if not form.is_valid():
        return dossier_page(request, candidacy, override=form, status=422)
    try:
        actions.override_proposal(candidacy, by=acting_user(request), **form.cleaned_data)
    except RuleBroken as broken:
        return refused(request, broken, lambda: dossier_page(request, candidacy, override=form))
    messages.success(request, _("Your override is saved. You can take it back until the council closes."))
    return go(request, _back(candidacy))


@never_cache
@require_POST
def override_withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's override back."""
    candidacy = get_candidacy(request.user, key, to=can_override)
    try:
        actions.withdraw_override(candidacy, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: council_page(request, candidacy.stage))
    messages.success(request, _("Taken back. The proposal stands again, unless another member overrode it."))
    return go(request, _back(candidacy))


def _back(candidacy: Candidacy) -> str:
    address = reverse("selection:stage", args=[candidacy.stage.cycle.slug, candidacy.stage.number])
    return f"{address}#case-{candidacy.key}"
