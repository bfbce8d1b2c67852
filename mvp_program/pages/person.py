"""A person's page: name, award years, what they wrote about themselves, contributions and awards."""

import datetime as dt
import hashlib
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards import cards
from awards.queries import profile_visible_to, viewer_of
from charter.queries import program, program_of
from common import clock
from common.keeping import page_read_for_strangers
from common.paging import CountedPaginator
from contributions.queries import Activity, activity_shown, contributions_shown, last_months, newest_shown
from events.queries import attended_summits
from mvp_program.pages.person_drawn import awards_drawn, charts_drawn, pills_drawn
from mvp_program.pages.person_words import card_of, public_words
from mvp_program.pages.profile import profile_of
from mvp_program.queries import ProfileVersion, profile_and_version, profile_version
from people.models import Person, Visibility
from people.permissions import can_edit_profile
from people.queries import is_erased, is_grown_old, person_once_at, photo_with
from people.visibility import parts_shown

KINDS_DRAWN, CONTRIBUTIONS_A_PAGE = 4, 50
PHOTO_KEPT, CARD_KEPT = 3600, 7 * 24 * 3600  # seconds
CARD_READ_AGAIN = 60  # seconds: what is taken back is seen within a minute


@require_safe
@login_not_required
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile at an address; where it moved, the way there; 410 where it was erased."""

    def read() -> tuple[tuple[ProfileVersion | None, dt.date], tuple[Person | None, ProfileVersion | None]]:
        today = clock.today()
        found, parts = profile_and_version(slug)
        return (parts, today), (found, parts)

    def draw(read: tuple[Person | None, ProfileVersion | None] | None) -> HttpResponse:
        found, parts = read or (profile_visible_to(request.user, slug), None)
        return _person(request, found, parts) if found else _elsewhere(request, slug)

    return page_read_for_strangers(request, lambda: (profile_version(slug), clock.today()), read, draw)


def _person(request: HttpRequest, found: Person, parts: ProfileVersion | None) -> HttpResponse:
    """``parts``, if they are known, say what there is nothing of and need not be asked for."""
    now = program() if parts is None else program_of(parts.program)
    own = viewer_of(request.user, person=found)
    viewer = seen_as(request, own)
    was_active = parts is None or (parts.newest is not None and parts.newest >= last_months()[0])
    kinds = activity_shown(found, viewer=viewer) if was_active else []
    may_edit = can_edit_profile(request.user, found)
    months = month_table(kinds)
    profile = profile_of(found, viewer=viewer, now=now, has_links=parts is None or bool(parts.links))
    context = {
        "profile": profile,
        "program": now,
        "pills": pills_drawn(profile, now),
        "panels": awards_drawn(profile, now, theirs=may_edit and viewer == Visibility.OFFICE),
        "kinds": kinds[:KINDS_DRAWN],
        "months": months,
        "charts": charts_drawn(kinds[:KINDS_DRAWN], **months["words"]) if kinds else "",
        "summits": attended_summits(found, viewer=viewer) if parts is None or parts.summits else [],
        "recent": newest_shown(found, viewer=viewer) if kinds else [],
        "entries": sum(kind.entries for kind in kinds),
        "may_edit": may_edit,
        "asks": may_edit and is_grown_old(found),
        "see_as": see_as(found, viewer) if own == Visibility.OFFICE else [],
        "public": public_words(profile, now) if viewer == Visibility.EVERYONE else None,
    }
    return render(request, "people/profile.html", context)


def seen_as(request: HttpRequest, own: Visibility) -> Visibility:
    """Whoever sees everything may look at a page as others see it: ``?as=holders`` or ``?as=everyone``."""
    wanted = request.GET.get("as", "")
    if own == Visibility.OFFICE and wanted in (Visibility.HOLDERS, Visibility.EVERYONE):
        return Visibility(wanted)
    return own


def see_as(person: Person, viewer: Visibility) -> list[dict[str, Any]]:
    """The tabs with which somebody looks at a page as others see it."""
    page = reverse("person", args=[person.slug])
    choices = [
        (_("Everything"), page, Visibility.OFFICE),
        (_("As award holders see it"), f"{page}?as=holders", Visibility.HOLDERS),
        (_("As everyone sees it"), f"{page}?as=everyone", Visibility.EVERYONE),
    ]
    return [{"label": label, "href": href, "current": seen == viewer} for label, href, seen in choices]


@require_safe
@login_not_required
def person_contributions(request: HttpRequest, slug: str) -> HttpResponse:
    """All that somebody shows of their log, the newest first."""
    found = profile_visible_to(request.user, slug)
    if found is None:
        return _gone(request, slug)
    shown = contributions_shown(found, viewer=viewer_of(request.user, person=found))
    rows = shown.select_related("type").order_by("-starts", "-id")
    page = CountedPaginator(rows, CONTRIBUTIONS_A_PAGE, count=shown.count()).get_page(request.GET.get("page"))
    return render(request, "people/contributions.html", {"person": found, "page": page})


@require_safe
@login_not_required
def person_photo(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The picture, to whoever may see it. An address never gets other bytes, so it may be kept for an hour."""
    found = profile_visible_to(request.user, slug)
    viewer = viewer_of(request.user, person=found)
    if found is None:
        return _gone(request, slug)
    if "photo" not in parts_shown(found, viewer):
        raise Http404
    photo = photo_with(found, digest)
    if photo is None:
        raise Http404
    for_all = "photo" in parts_shown(found, Visibility.EVERYONE)
    headers = {"Cache-Control": f"{'public' if for_all else 'private'}, max-age={PHOTO_KEPT}"}
    return HttpResponse(bytes(photo.content), content_type="image/jpeg", headers=headers)


@require_safe
@login_not_required
def person_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture beside a link that somebody shares: what everyone may see, drawn when it is first asked for."""
    found = profile_visible_to(None, slug)
    if found is None:
        return _gone(request, slug)
    card = card_of(profile_of(found, viewer=Visibility.EVERYONE, now=program()), program())
    key = f"card.{hashlib.sha256(repr(card).encode()).hexdigest()[:32]}"
    drawn = cache.get(key)
    if drawn is None:
        drawn = cards.draw(card)
        cache.set(key, drawn, CARD_KEPT)
    return HttpResponse(
        drawn, content_type="image/png", headers={"Cache-Control": f"public, max-age={CARD_READ_AGAIN}"}
    )


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Old addresses lead to today's, erased ones say so. Hidden and missing profiles are asked the same."""
    moved = person_once_at(slug)
    if moved and profile_visible_to(request.user, moved.slug):
        return HttpResponsePermanentRedirect(reverse("person", args=[moved.slug]))
    return _gone(request, slug)


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for what belonged to somebody who was erased, so that others forget it too."""
    if is_erased(slug):
        return render(request, "people/gone.html", status=410)
    raise Http404


def month_table(kinds: list[Activity]) -> dict[str, Any]:
    """The months of the small charts: the words under them, and the columns and rows of a table."""
    if not kinds:
        return {}
    months, span = _months(tuple(last_months()), get_language())
    columns = [{"label": _("Kind")}, *({"label": month, "numeric": True} for month in months)]
    rows = [[kind.name, *kind.months] for kind in kinds]
    words = {"first": months[0], "last": months[-1], "span": span}
    return {"words": words, "columns": columns, "rows": rows}


@lru_cache(maxsize=16)
def _months(months: tuple[dt.date, ...], _language: str | None) -> tuple[list[str], str]:
    """Their short names, and the first and the last with their years."""
    span = [date_format(month, _("M Y")) for month in (months[0], months[-1])]
    return [date_format(month, "M") for month in months], " – ".join(span)
