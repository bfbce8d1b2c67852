"""The search of cases, for everybody who takes part in the selection."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selection.permissions import can_search
from selection.queries.search import search_cases
from selection.sentences import words_of_problem
from selection.views.search_rows import rows_of


@never_cache
@require_safe
def case_search(request: HttpRequest) -> HttpResponse:
    """Words and fields, under the viewer's rights. What makes no sense is said in a sentence beside the line."""
    if not can_search(request.user):
        raise PermissionDenied
    found = search_cases(request.user, request.GET.get("q", ""), page=request.GET.get("page", "1"))
    context = {
        "found": found,
        "rows": rows_of(found.lines),
        "problems": [words_of_problem(problem) for problem in found.query.problems],
    }
    return render(request, "selection/search.html", context)
