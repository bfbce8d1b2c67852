"""The public pages of awards, and the documents that machines check them by."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards import actions, queries, signing, standing
from awards import roster as rosters
from awards.exporting import PEOPLE_AT_MOST, roster_as_csv
from awards.filters import RosterFilter
from awards.lines import lines_of
from awards.loading import loaded, roster_version
from awards.mapping import map_of
from awards.models import Award, Paper
from awards.paper_words import certificate_words
from awards.papers.setting import code_on_screen
from awards.permissions import can_take_papers, get_award
from awards.proof import linkedin_address
from awards.rows import people_drawn, questions_drawn, years_drawn
from charter.queries import program, program_of
from common import clock
from common.dates import moment_in_words
from common.drawing import pagination
from common.errors import RuleBroken
from common.http import address_of, attachment, open_to_all
from common.keeping import page_for_strangers, page_read_for_strangers
from common.languages import site_languages
from common.letters import in_language, site_address
from common.paging import CountedPaginator

PEOPLE_ON_A_PAGE = 20
CODE_KEPT = 24 * 3600  # seconds: the code of an address is always the same
PROOF_KEPT = 30  # seconds; with the half minute that a list says of itself, nothing is older than a minute
KEYS_KEPT = 60

Rows = list[tuple[Any, ...]]


@require_safe
@login_not_required
def roster(request: HttpRequest) -> HttpResponse:
    """Who holds or held the award. Any query string is answered."""
    return page_for_strangers(request, _versions, lambda known: _roster(request, known or _versions()))


def _versions() -> tuple[tuple[int, int], tuple[int, int]]:
    """That of the tables, and that of what is kept of them."""
    version = roster_version()
    return version, loaded(version).version


def _roster(request: HttpRequest, versions: tuple[tuple[int, int], tuple[int, int]]) -> HttpResponse:
    asked = RosterFilter(request.GET, viewer=queries.viewer_of(request.user), loaded=loaded(versions[0]))
    result = rosters.find(asked.search)
    pages = CountedPaginator((), PEOPLE_ON_A_PAGE, count=result.people, pages_at_most=None)
    page = pages.get_page(request.GET.get("page"))
    start = (page.number - 1) * PEOPLE_ON_A_PAGE
    places = result.places(start, min(start + PEOPLE_ON_A_PAGE, result.people))
    facets = asked.facets(result.counts)
    context = {
        "asked": asked,
        "result": result,
        "page": page,
        "facets": facets,
        "questions": questions_drawn(facets),
        "years": years_drawn(asked),
        "csv_ends": PEOPLE_AT_MOST,
        "lines": [],
    }
    if not result.people:
        context["ways_out"] = asked.ways_out(result.instead())
    elif asked.view == "map":
        context["map"] = map_of(result, asked)
    else:
        lines = lines_of(places, asked.search.loaded.columns, viewer=asked.search.viewer)
        context |= {
            "lines": lines,
            "people": people_drawn(lines, asked.program),
            "pages": pagination(page, asked.query()),
        }
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

    def read() -> tuple[tuple[Rows, object], tuple[Award | None, Rows]]:
        minute = clock.minute()
        award, version = queries.award_and_version(key)
        return (version, minute), (award, version)

    def draw(found: tuple[Award | None, Rows] | None) -> HttpResponse:
        return _award(request, *(found or (queries.award_with_person(request.user, key), [])))

    return page_read_for_strangers(request, lambda: (queries.award_version(key), clock.minute()), read, draw)


def _award(request: HttpRequest, award: Award | None, version: Rows) -> HttpResponse:
    if award is None:
        raise Http404
    now = program_of(queries.program_version(version)) if version else program()
    record = standing.record_of(award, program=now, viewer=queries.viewer_of(request.user))
    context = {
        "record": record,
        "program": now,
        "checked": moment_in_words(clock.now(), "UTC"),
        "again": site_address(address_of("awards:award", award.key)),
    }
    if can_take_papers(request.user, award) and queries.is_provable(award):
        context |= {"linkedin": linkedin_address(award, now), "languages": site_languages()}
    return render(request, "awards/award.html", context)


@require_safe
@login_not_required
def award_code(request: HttpRequest, key: str) -> HttpResponseBase:
    """The QR code that opens an award's page. A picture of its own: drawing it costs more than a page that shows it."""
    if not queries.award_version(key):
        raise Http404
    drawn = code_on_screen(site_address(reverse("awards:award", args=[key])))
    return open_to_all(request, drawn.encode(), media_type="image/svg+xml", seconds=CODE_KEPT)


@require_safe
@login_not_required
def certificate(request: HttpRequest, key: str) -> HttpResponse:
    """The certificate of an award, for its holder."""
    award = own_award(request, key)
    if isinstance(award, HttpResponse):
        return award
    language, now = language_of(request, award), program()
    years = queries.years_of(award.person.roster_awards, current=now.current_year)  # type: ignore[attr-defined]
    with in_language(language):
        words = certificate_words(award, program=now, years=years)
    paper = actions.issue_paper(
        award,
        kind=Paper.Kind.CERTIFICATE,
        language=language,
        words=words,
    )
    return paper_file(paper, _("certificate"))


def own_award(request: HttpRequest, key: str) -> Award | HttpResponse:
    """The award whose papers somebody asks for, or the answer that they get instead: 410 once it proves nothing, to everybody;
    then the way to the sign-in, and 403 to all but its holder."""
    award = queries.award_with_person(request.user, key)
    if award is not None and not queries.is_provable(award):
        return render(request, "awards/no_papers.html", {"award": award}, status=410)
    if award is not None and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return get_award(request.user, key, to=can_take_papers)


def language_of(request: HttpRequest, award: Award) -> str:
    """The language of a paper: asked for, else its holder's own, else that of the page."""
    known = dict(settings.LANGUAGES)
    wanted = (request.GET.get("language", ""), award.person.mail_language, get_language() or "")
    return next((code for code in wanted if code in known), settings.LANGUAGE_CODE)


def paper_file(paper: Paper, name: str) -> HttpResponse:
    """A paper as a file for its holder alone."""
    response = HttpResponse(bytes(paper.content or b""), content_type="application/pdf")
    response["Content-Disposition"] = (
        content_disposition_header(False, f"{name}-{paper.award.number}.pdf") or ""
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


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
