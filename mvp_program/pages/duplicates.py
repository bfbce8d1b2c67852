"""``/office/duplicates/``: rows that may be one human, for a person to look at. Joining is a button of the admin."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mvp_program.pages.mail import for_office
from people.duplicates import names_shared, people_named
from people.queries import MERGE_UNDO_DAYS, merges_to_undo
from selection.permissions import can_run_cycle, can_see_cycle

NAMES = 25  # a page
MERGES = 20  # the latest ones


@require_safe
@for_office(can_see_cycle)
def office_duplicates(request: HttpRequest) -> HttpResponse:
    """Every name that two or more rows share, with what tells them apart."""
    page = Paginator(names_shared(request.user), NAMES).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": people_named(request.user, page),
        "runs": can_run_cycle(request.user),
        "merges": merges_to_undo(request.user)[:MERGES],
        "days": MERGE_UNDO_DAYS,
    }
    return render(request, "office/duplicates.html", context)
