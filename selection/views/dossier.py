"""A case to read: the dossier with what the reader may do about it, and what others said if they may know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from charter.models import ReasonCode
from selection import permissions
from selection.forms import TIES, OverrideForm
from selection.models import Candidacy, Review
from selection.queries import council, discussion, screening, work, workbench
from selection.queries.cases import own_is_missing
from selection.queries.dossier import dossier_for
from selection.rules import vote_rule
from selection.views.screening import reason_options


def dossier_page(
    request: HttpRequest, candidacy: Candidacy, *, override: OverrideForm | None = None, status: int = 200
) -> HttpResponse:
    """The dossier of a case for leads, council, chairs and office."""
    user, stage = request.user, candidacy.stage
    context: dict[str, Any] = {
        "candidacy": candidacy,
        "stage": stage,
        "dossier": dossier_for(user, candidacy),
        "others": discussion.other_reviews(user, candidacy),
        "discussion": discussion.discussion_for(user, candidacy),
        "own_missing": own_is_missing(user, candidacy),
        "review": workbench.own_review(user, candidacy),
        "can_screen": permissions.can_screen(user, candidacy) and stage.is_running(),
        "can_vote": permissions.can_vote(user, candidacy) and stage.is_running(),
        "can_override": permissions.can_override(user, candidacy) and stage.is_running(),
        "can_recuse": permissions.can_recuse(user, candidacy) and candidacy.is_running(),
        "ties": TIES,
        "back": _back(request, candidacy),
    }
    if stage.kind == stage.Kind.VOTE:
        context["rule"] = vote_rule(stage.rule)
    if stage.kind == stage.Kind.SCREEN:
        reasons = list(screening.fail_reasons())
        context |= {"reasons": reason_options(reasons), "chosen_label": _label(context["review"], reasons)}
    if stage.kind == stage.Kind.COUNCIL:
        form = override or OverrideForm(carry_over=stage.cycle.carry_over_allowed)
        context |= {"proposal": council.proposal_of(user, candidacy), "form": form}
    return render(request, "selection/case.html", context, status=status)


def _label(review: Review | None, reasons: list[ReasonCode]) -> str:
    """The reason for a fail that the reader gave before, in words."""
    return next((one.label for one in reasons if review and one.code == review.reason_code), "")


def _back(request: HttpRequest, candidacy: Candidacy) -> str:
    """The list from which this reader came: of their own work, the board, or the office's page of the cycle."""
    stage = candidacy.stage
    if work.is_own_work(request.user, candidacy):
        return reverse("selection:stage", args=[stage.cycle.slug, stage.number])
    if permissions.can_run_cycle(request.user):
        return reverse("selection:cycle", args=[stage.cycle.slug])
    return reverse("selection:board")
