"""The public pages of summits. Places are given out elsewhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from charter.queries import program
from common import clock
from common.paging import CountedPaginator
from events import queries

PAST_ON_A_PAGE = 20
OTHERS = 5


@require_safe
@login_not_required
def summit_list(request: HttpRequest) -> HttpResponse:
    """The summits ahead, and those that were."""
    summits = queries.summits_visible_to(request.user)
    past = queries.past(summits)
    page = CountedPaginator(past, PAST_ON_A_PAGE, count=past.count()).get_page(request.GET.get("page"))
    context = {"upcoming": queries.upcoming(summits), "page": page, "program": program()}
    return render(request, "events/summits.html", context)


@require_safe
@login_not_required
def summit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One summit: when, where, for whom, and when registration opens."""
    summit = queries.summit_at(request.user, slug)
    if summit is None:
        raise Http404
    others = queries.upcoming(queries.summits_visible_to(request.user), besides=summit)[:OTHERS]
    award = queries.award_that_invites(request.user, summit) if summit.ends >= clock.today() else None
    context = {"summit": summit, "others": others, "award": award, "now": clock.now(), "program": program()}
    return render(request, "events/summit.html", context)
