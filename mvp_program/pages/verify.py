"""Check an award: type its number, paste its address, or hand in what you were given; read one verdict in words."""

import math

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards import checking
from awards.models import Award, Paper
from awards.queries import award_with_person, paper_numbered, viewer_of
from awards.standing import cannot_be_a_key, key_in, letter_in, record_of
from charter.queries import program
from common import clock
from common.dates import moment_in_words
from common.letters import site_address
from common.ratelimit import RateLimit
from common.uploads import was_refused
from events.models import Summit
from events.queries import changed_since, summit_of_letter
from people import names

TYPED_AT_MOST = 300
limit = RateLimit(math.ceil(settings.VERIFY_FILES_A_MINUTE / settings.WEB_WORKERS))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is recorded of who asks for what, and nothing is kept of a file."""
    if request.method == "POST":
        return _file(request)
    typed = names.clean(request.GET.get("id", ""))[:TYPED_AT_MOST]
    return _answer(request, key_in(typed), typed=typed, letter=letter_in(typed))


def _file(request: HttpRequest) -> HttpResponse:
    """What somebody handed in: a signed record, a certificate, a picture of a code. A file costs up to a second of work, so one
    place may hand in so many in a minute; who it was stands in memory until the minute is over."""
    wait = limit.seconds_to_wait(get_adapter(request).get_client_ip(request))
    file = None if wait else request.FILES.get("file")
    if wait:
        finding = checking.Finding(title=_("Too many files in a minute"), text=_too_many(wait))
    elif was_refused(request):
        finding = checking.Finding(title=_("This file is too large"), text=checking.too_large())
    elif file is None:
        finding = checking.Finding(title=_("No file was chosen"), text=_("Choose a file, then check it."))
    else:
        finding = checking.read(file, file.size or 0)
    answer = _answer(request, finding.key, finding=finding, letter=letter_in(finding.key))
    if wait:
        answer.status_code = 429
        answer["Retry-After"] = str(wait)
    return answer


def _too_many(wait: int) -> str:
    return _("Hand it in again in %(wait)s seconds. Numbers can be typed as often as you like.") % {
        "wait": wait
    }


def _answer(
    request: HttpRequest, key: str, *, letter: str, typed: str = "", finding: checking.Finding | None = None
) -> HttpResponse:
    now, paper = program(), paper_numbered(request.user, letter) if letter else None
    key = paper.award.key if paper else key
    award = award_with_person(request.user, key) if key and not cannot_be_a_key(key) else None
    record = record_of(award, program=now, viewer=viewer_of(request.user)) if award else None
    context = {
        "typed": typed or (key if finding else ""),
        "record": record,
        "finding": finding,
        "paper": paper,
        **_since(paper),
        "is_malformed": cannot_be_a_key(key),
        "program": now,
        "on_file": checking.note_on_copy(finding, award) if finding and award else "",
        "megabytes": checking.MEGABYTES_AT_MOST,
        "checked": moment_in_words(clock.now(), "UTC"),
        "again": site_address(reverse("verify")) + (f"?id={_number(award, paper)}" if award else ""),
    }
    return render(request, "awards/verify.html", context)


def _since(paper: Paper | None) -> dict[str, Summit | None]:
    """What became of the summit that a letter speaks of: ``called_off``, ``moved`` to other days, ``elsewhere``, or
    ``perhaps_elsewhere`` where its place was changed and is not known as it was.

    Letters from before days were kept do not know theirs: of those it counts whether the office has changed the days since.
    """
    summit = summit_of_letter(paper) if paper else None
    if summit is None or paper is None:
        return {}
    if summit.called_off_at is not None:
        return {"called_off": summit}
    changed, asked = changed_since(summit, paper.issued_at), (paper.about_starts, paper.about_ends)
    knows, days = None not in asked, (summit.starts, summit.ends)
    moved = asked != days if knows else bool({"starts", "ends"} & changed.keys())
    place = "elsewhere" if changed.get("place") is not None else "perhaps_elsewhere"
    return {"moved": summit if moved else None, place: summit if "place" in changed else None}


def _number(award: Award, paper: Paper | None) -> str:
    """What stands on the thing that was checked."""
    return paper.shown if paper else award.number
