"""What one says in the discussion of a case; the page is the case's own."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.http import go
from selection import actions
from selection.permissions import can_discuss, get_candidacy
from selection.views.refusals import acting_user, refused
from selection.views.work import case_page


@never_cache
@require_POST
def case_discuss(request: HttpRequest, key: str) -> HttpResponse:
    """Post as one's letter, or as the chair."""
    candidacy = get_candidacy(request.user, key, to=can_discuss)
    try:
        actions.post_to_discussion(candidacy, by=acting_user(request), text=request.POST.get("text", ""))
    except RuleBroken as broken:
        return refused(request, broken, lambda: case_page(request, candidacy))
    return go(request, reverse("selection:case", args=[key]) + "#discussion")


@never_cache
@require_POST
def post_withdraw(request: HttpRequest, key: str, post: int) -> HttpResponse:
    """Take one's own words back."""
    candidacy = get_candidacy(request.user, key, to=can_discuss)
    try:
        actions.withdraw_post(candidacy, post, by=acting_user(request))
    except RuleBroken as broken:
        return refused(request, broken, lambda: case_page(request, candidacy))
    return go(request, reverse("selection:case", args=[key]) + "#discussion")
