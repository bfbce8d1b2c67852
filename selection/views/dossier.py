"""A case to read: the dossier with what the reader may do about it, and what others said if they may know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from selection import permissions
from selection.forms import OverrideForm, RecuseForm
from selection.models import Candidacy
from selection.queries import council, screening, workbench
from selection.queries.cases import own_is_missing


def dossier_page(
    request: HttpRequest, candidacy: Candidacy, *, override: OverrideForm | None = None, status: int = 200
) -> HttpResponse:
    """The dossier of a case for leads, council, chairs and office."""
    user, stage = request.user, candidacy.stage
    context: dict[str, Any] = {
        "candidacy": candidacy,
        "stage": stage,
        "dossier": workbench.dossier_for(user, candidacy),
        "others": workbench.other_reviews(user, candidacy),
        "own_missing": own_is_missing(user, candidacy),
        "review": workbench.own_review(user, candidacy),
        "can_screen": permissions.can_screen(user, candidacy) and stage.is_running(),
        "can_override": permissions.can_override(user, candidacy) and stage.is_running(),
        "can_recuse": permissions.can_recuse(user, candidacy) and stage.is_running(),
        "recuse": RecuseForm(),
        "reasons": list(screening.fail_reasons()) if stage.kind == stage.Kind.SCREEN else [],
    }
    if stage.kind == stage.Kind.COUNCIL:
        form = override or OverrideForm(carry_over=stage.cycle.carry_over_allowed)
        context |= {"proposal": council.proposal_of(user, candidacy), "form": form}
    return render(request, "selection/case.html", context, status=status)
