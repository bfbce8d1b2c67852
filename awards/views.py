"""The public pages of awards."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from awards import queries, standing
from awards import roster as rosters
from awards.filters import RosterFilter
from awards.lines import line_of
from charter.queries import program
from common.paging import CountedPaginator

PEOPLE_ON_A_PAGE = 20


@require_safe
@login_not_required
def roster(request: HttpRequest) -> HttpResponse:
    """Who holds or held the award. Any query string is answered."""
    asked = RosterFilter(request.GET, user=request.user)
    search = asked.search
    overview = rosters.overview(search)
    pages = CountedPaginator(rosters.sorted_people(search), PEOPLE_ON_A_PAGE, count=overview.people)
    page = pages.get_page(request.GET.get("page"))
    people = rosters.people_with_awards(row["person_id"] for row in page)
    lines = [line_of(person, viewer=search.viewer, current=search.current) for person in people]
    alike = [] if lines else rosters.similar_people(search)
    context = {"asked": asked, "overview": overview, "page": page, "lines": lines, "alike": alike}
    return render(request, "awards/roster.html", {**context, "facets": asked.facets(overview.counts)})


@require_safe
@login_not_required
def award_detail(request: HttpRequest, key: str) -> HttpResponse:
    """What has become of one award, in words for somebody who was given its number."""
    award = queries.award_with_person(request.user, key)
    if award is None:
        raise Http404
    now = program()
    record = standing.record_of(award, program=now, viewer=queries.viewer_of(request.user))
    return render(request, "awards/award.html", {"record": record, "program": now})
