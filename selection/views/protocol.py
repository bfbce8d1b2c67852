"""How a cycle decides, for everybody: written from the published rules, with each change and its reason."""

from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter.models import Cycle
from selection.change_words import ChangeWords, changes_between
from selection.models import ProtocolVersion
from selection.permissions import can_see_cycle
from selection.protocol_words import is_calibrated, words_of
from selection.queries import protocol as protocols
from selection.queries.cycle import cycles_of_office


@dataclass(frozen=True)
class Edition:
    """A later version: when, why, and what it changed."""

    version: ProtocolVersion
    changes: list[ChangeWords]


@login_not_required
@never_cache
@require_safe
def protocol_home(request: HttpRequest) -> HttpResponse:
    """The way to the rules of the cycle that people wait for."""
    cycle = protocols.cycle_to_explain()
    if cycle is None:
        raise Http404
    return redirect("selection:protocol", cycle.slug)


@login_not_required
@never_cache
@require_safe
def protocol_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in force; a draft for the office, and for everybody else the day on which they freeze."""
    cycle = get_object_or_404(cycles_of_office(), slug=slug)
    versions = protocols.versions_of(cycle)
    if versions:
        return _page(request, cycle, versions, versions[-1])
    if request.user.is_authenticated and can_see_cycle(request.user):
        return _draft(request, cycle)
    context = {"cycle": cycle, "others": protocols.cycles_with_protocol()}
    context["first"] = cycle.stages.order_by("number").first()
    return render(request, "selection/protocol_to_come.html", context)


@login_not_required
@never_cache
@require_safe
def protocol_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The rules as they stood in an earlier version."""
    cycle = get_object_or_404(cycles_of_office(), slug=slug)
    versions = protocols.versions_of(cycle)
    shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        raise Http404
    return _page(request, cycle, versions, shown)


@login_not_required
@never_cache
@require_safe
def protocol_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions as data. ``digest`` is the SHA-256 of ``rules`` as JSON with sorted keys and no spaces."""
    cycle = get_object_or_404(cycles_of_office(), slug=slug)
    versions = protocols.versions_of(cycle)
    if not versions:
        raise Http404
    rows = [
        {
            "version": one.number,
            "published_at": one.made_at.isoformat(),
            "reason": one.reason,
            "digest": one.digest,
            "rules": one.rules,
        }
        for one in versions
    ]
    return JsonResponse({"cycle": cycle.slug, "versions": rows})


def _page(
    request: HttpRequest, cycle: Cycle, versions: list[ProtocolVersion], shown: ProtocolVersion
) -> HttpResponse:
    editions = [
        Edition(after, changes_between(before.rules, after.rules)) for before, after in pairwise(versions)
    ]
    context = {
        "cycle": cycle,
        "version": shown,
        "is_latest": shown == versions[-1],
        "versions": versions,
        "editions": editions[::-1],
        "words": words_of(shown.rules),
        "is_calibrated": is_calibrated(shown.rules),
        "others": [one for one in protocols.cycles_with_protocol() if one != cycle][:5],
    }
    return render(request, "selection/protocol.html", context)


def _draft(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    rules = protocols.rules_of(cycle)
    context = {
        "cycle": cycle,
        "version": None,
        "words": words_of(rules),
        "is_calibrated": is_calibrated(rules),
        "editions": [],
        "others": [one for one in protocols.cycles_with_protocol() if one != cycle][:5],
    }
    return render(request, "selection/protocol.html", context)
