"""``/office/duplicates/``: rows that may be one human, for a person to look at. Joining is a button of the admin."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from mvp_program.pages.mail import for_office
from people.actions import dismiss_pair
from people.queries import MERGE_UNDO_DAYS, like_pair, like_pairs, merges_to_undo, with_people
from selection.permissions import can_run_cycle, can_see_cycle

PAIRS = 25  # a page
MERGES = 20  # the latest ones


@require_safe
@for_office(can_see_cycle)
def office_duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of rows whose names are alike, with what tells them apart."""
    page = Paginator(like_pairs(request.user), PAIRS).get_page(request.GET.get("page"))
    page.object_list = with_people(page.object_list)  # type: ignore[arg-type]
    context = {
        "page": page,
        "runs": can_run_cycle(request.user),
        "merges": merges_to_undo(request.user)[:MERGES],
        "days": MERGE_UNDO_DAYS,
    }
    return render(request, "office/duplicates.html", context)


@require_POST
@for_office(can_run_cycle)
def pair_dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    """They are two people."""
    pair = like_pair(request.user, pk)
    if pair is None:
        raise Http404
    dismiss_pair(pair, by=request.user)
    messages.success(request, _("Noted: two people. They are not suggested again."))
    return redirect("office_duplicates")
