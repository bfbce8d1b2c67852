"""One's own year as a reviewer or a regional lead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.queries import person_of
from selection.queries import own_year


@never_cache
@require_safe
def year_summary(request: HttpRequest) -> HttpResponse:
    """``?cycle=``: of a released cycle, the newest by itself. Nothing here is known before the release."""
    cycles, person = own_year.released_cycles_of(request.user), person_of(request.user)
    asked = request.GET.get("cycle", "")
    cycle = next((one for one in cycles if one.slug == asked or not asked), None)
    if asked and cycle is None:
        raise Http404
    context = {
        "cycle": cycle,
        "cycles": cycles,
        "own": own_year.reviewer_year(person, cycle) if cycle and person else None,
        "regions": own_year.region_years(request.user, cycle) if cycle else [],
    }
    return render(request, "selection/own_year.html", context)
