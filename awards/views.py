"""The public pages of awards, and the documents that machines check them by."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from awards import actions, queries, signing, standing
from awards import roster as rosters
from awards.exporting import PEOPLE_AT_MOST, roster_as_csv
from awards.filters import RosterFilter
from awards.lines import lines_of
from awards.loading import loaded, roster_version
from awards.mapping import map_of
from charter.queries import program
from common.errors import RuleBroken
from common.http import attachment, open_to_all
from common.keeping import page_for_strangers
from common.paging import CountedPaginator

PEOPLE_ON_A_PAGE = 20
PROOF_KEPT, KEYS_KEPT = (
    30,
    60,
)  # seconds; with the half minute that a list says of itself, nothing is older than one


@require_safe
@login_not_required
def roster(request: HttpRequest) -> HttpResponse:
    """Who holds or held the award. Any query string is answered."""
    version = roster_version()
    return page_for_strangers(request, (version, loaded(version).version), lambda: _roster(request, version))


def _roster(request: HttpRequest, version: tuple[int, int]) -> HttpResponse:
    asked = RosterFilter(request.GET, viewer=queries.viewer_of(request.user), loaded=loaded(version))
    result = rosters.find(asked.search)
    pages = CountedPaginator((), PEOPLE_ON_A_PAGE, count=result.people, pages_at_most=None)
    page = pages.get_page(request.GET.get("page"))
    start = (page.number - 1) * PEOPLE_ON_A_PAGE
    places = result.places(start, min(start + PEOPLE_ON_A_PAGE, result.people))
    context = {
        "asked": asked,
        "result": result,
        "page": page,
        "facets": asked.facets(result.counts),
        "csv_ends": PEOPLE_AT_MOST,
        "lines": [],
    }
    if not result.people:
        context["ways_out"] = asked.ways_out(result.instead())
    elif asked.view == "map":
        context["map"] = map_of(result, asked)
    else:
        context["lines"] = lines_of(places, asked.search.loaded.columns, viewer=asked.search.viewer)
    return render(request, "awards/roster.html", context)


@require_safe
@login_not_required
def roster_csv(request: HttpRequest) -> HttpResponse:
    """The same people as a table, in the same order; a large one ends after ``exporting.PEOPLE_AT_MOST``."""
    asked = RosterFilter(request.GET, viewer=queries.viewer_of(request.user), loaded=loaded(roster_version()))
    return attachment(roster_as_csv(rosters.find(asked.search)), "roster.csv", "text/csv; charset=utf-8")


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


@require_safe
@login_not_required
def credential(request: HttpRequest, key: str) -> HttpResponseBase:
    """The signed proof of an award, signed now where the worker has not done so yet; 410 where it was taken back."""
    award = queries.award_with_proof(request.user, key)
    if award is None:
        raise Http404
    try:
        proof = actions.sign_credential(award)
    except RuleBroken as broken:
        return JsonResponse({"status": 410, "detail": broken.sentence}, status=410)
    return open_to_all(
        request,
        bytes(proof.document),
        media_type=signing.MEDIA_TYPE,
        seconds=PROOF_KEPT,
        name=f"{award.number}.json",
    )


@require_safe
@login_not_required
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    """The signed list of what was taken back, never older than the last revocation."""
    if not queries.is_status_list(number):
        raise Http404
    found = actions.sign_status_list(number)
    return open_to_all(request, bytes(found.document), media_type=signing.MEDIA_TYPE, seconds=PROOF_KEPT)


@require_safe
@login_not_required
def did(request: HttpRequest) -> HttpResponseBase:
    """Who signs: the keys of this site, for whoever resolves its ``did:web``."""
    actions.signing_key()  # published before it signs anything
    document = signing.did_document(settings.SITE_URL, queries.trusted_keys())
    return open_to_all(
        request, json.dumps(document).encode(), media_type="application/did+json", seconds=KEYS_KEPT
    )
