"""The start of /office/: the cycle that the office works on, and the way to the others."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selection.permissions import can_see_cycle
from selection.queries.cycle import current_cycle


@never_cache
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Where the office begins its day: the cycle with a running stage."""
    if not can_see_cycle(request.user):
        raise PermissionDenied
    cycle = current_cycle()
    if cycle is None:
        return render(request, "office/no_cycle.html")
    return redirect("selection:cycle", slug=cycle.slug)
