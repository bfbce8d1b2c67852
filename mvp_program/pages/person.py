"""A person's page: name, award years, what they wrote about themselves, contributions and awards."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards import states
from awards.filters import language_names
from awards.lines import place_of
from awards.models import Award
from awards.queries import profile_visible_to, viewer_of, years_of
from charter.models import Program
from charter.queries import program
from common import clock
from contributions.queries import Activity, activity, contributions_shown, last_months
from people.models import Person, PersonLink, Visibility
from people.permissions import can_edit_profile
from people.queries import is_erased, person_once_at
from people.visibility import parts_shown

_WEB = ("https://", "http://")
KINDS_DRAWN, CONTRIBUTIONS_LISTED, AWARDS_AT_FIRST = 4, 5, 6


@dataclass(frozen=True)
class Profile:
    """What one viewer sees of one person."""

    person: Person
    years: list[int]
    in_force: list[Award]
    standing: str
    line: str
    headline: str
    biography: str
    languages: list[str]
    links: list[PersonLink]
    awards: list[dict[str, Any]]
    earlier: list[dict[str, Any]]


@require_safe
@login_not_required
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile at an address; where it moved, the way there; 410 where it was erased."""
    found = profile_visible_to(request.user, slug)
    if found is None:
        return _elsewhere(request, slug)
    now, viewer = program(), viewer_of(request.user, person=found)
    contributions = contributions_shown(found, viewer=viewer)
    kinds = activity(contributions)
    context = {
        "profile": profile_of(found, viewer=viewer, now=now),
        "program": now,
        "kinds": kinds[:KINDS_DRAWN],
        "months": month_table(kinds),
        "recent": list(contributions.select_related("type")[:CONTRIBUTIONS_LISTED]) if kinds else [],
        "entries": sum(kind.entries for kind in kinds),
        "may_edit": can_edit_profile(request.user, found),
    }
    return render(request, "people/profile.html", context)


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Old addresses lead to today's, erased ones say so. Hidden and missing profiles are asked the same."""
    moved, erased = person_once_at(slug), is_erased(slug)
    if moved and profile_visible_to(request.user, moved.slug):
        return HttpResponsePermanentRedirect(reverse("person", args=[moved.slug]))
    if erased:
        return render(request, "people/gone.html", status=410)
    raise Http404


def profile_of(person: Person, *, viewer: Visibility, now: Program) -> Profile:
    """What ``viewer`` sees; ``person.standing_awards`` come newest first."""
    held: list[Award] = person.standing_awards  # type: ignore[attr-defined]
    shown, today = parts_shown(person, viewer), clock.today()
    in_force = [
        a for a in held if a.state == states.GRANTED and a.starts <= today and (not a.ends or a.ends >= today)
    ]
    years = years_of(held, current=now.current_year)
    areas = ", ".join(dict.fromkeys(award.area_name for award in in_force or held[:1]))
    place = place_of(person, held[0], viewer) if held else ""
    names = language_names(get_language() or "en")
    return Profile(
        person=person,
        years=years,
        in_force=in_force,
        standing=_standing(person, years, in_force),
        line=" · ".join(filter(None, (areas, place))),
        headline=person.headline if "headline" in shown else "",
        biography=person.biography if "biography" in shown else "",
        languages=[names.get(code, code) for code in person.languages] if "languages" in shown else [],
        links=[link for link in person.links.all() if link.url.startswith(_WEB)] if "links" in shown else [],
        awards=[_entry(award, in_force) for award in held[:AWARDS_AT_FIRST]],
        earlier=[_entry(award, in_force) for award in held[AWARDS_AT_FIRST:]],
    )


def _standing(person: Person, years: list[int], in_force: list[Award]) -> str:
    """How somebody stands who holds no award now: alumni, in memoriam."""
    if in_force or not years:
        return ""
    words = ngettext(
        "%(number)s award year, the last in %(last)s",
        "%(number)s award years, the last in %(last)s",
        len(years),
    )
    return words % {"number": len(years), "last": years[-1]}


def _entry(award: Award, in_force: list[Award]) -> dict[str, Any]:
    """One line of the list of awards, linked to its public page."""
    last = award.last_year or award.first_year
    years = str(award.first_year) if last == award.first_year else f"{award.first_year}–{last}"
    if award.last_year is None:
        years = _("since %(year)s") % {"year": award.first_year}
    pill, kind = ("", "")
    if award in in_force:
        pill, kind = _("In force"), "good"
    elif award.state == states.ON_HOLD:
        pill, kind = _("On hold"), "warn"
    lines = [years, *([award.note] if award.note else []), _("Number %(number)s") % {"number": award.number}]
    return {
        "title": award.area_name,
        "href": reverse("awards:award", args=[award.key]),
        "lines": [" · ".join(lines), *([award.citation] if award.citation else [])],
        "pill": pill,
        "pill_kind": kind,
    }


def month_table(kinds: list[Activity]) -> dict[str, Any]:
    """The months of the small charts, as words under them and as the columns and rows of a table."""
    months = [date_format(month, "M") for month in last_months()]
    columns = [{"label": _("Kind")}, *({"label": month, "numeric": True} for month in months)]
    span = [date_format(month, _("M Y")) for month in (last_months()[0], last_months()[-1])]
    return {
        "first": months[0],
        "last": months[-1],
        "span": " – ".join(span),
        "columns": columns,
        "rows": [[kind.name, *kind.months] for kind in kinds],
    }
