"""What one viewer sees of one person: the parts of a profile, composed from several rooms."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from awards import states
from awards.lines import place_of
from awards.models import Award
from awards.queries import years_of
from charter.models import Program
from common import clock
from common.http import address_of
from common.languages import language_names, named
from people.models import Person, PersonLink, Visibility
from people.queries import links_of
from people.visibility import parts_shown

AWARDS_AT_FIRST = 6
_WEB = ("https://", "http://")


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
    photo: str  # its digest, or nothing
    is_alumni: bool
    granted: list[Award]  # all that stand and count, the newest first

    @property
    def cited(self) -> Award | None:
        """The newest award that was given with words."""
        return next((award for award in self.granted if award.citation), None)


def profile_of(person: Person, *, viewer: Visibility, now: Program, has_links: bool = True) -> Profile:
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
        links=[link for link in links_of(person) if link.url.startswith(_WEB)]
        if has_links and "links" in shown
        else [],
        awards=[_entry(award, in_force) for award in held[:AWARDS_AT_FIRST]],
        earlier=[_entry(award, in_force) for award in held[AWARDS_AT_FIRST:]],
        photo=person.photo_digest if "photo" in shown else "",  # type: ignore[attr-defined]
        granted=[award for award in held if award.state == states.GRANTED],
        is_alumni=bool(years) and not in_force and not person.deceased and held[0].good_standing,
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
        "title": named(award.area_name),
        "href": address_of("awards:award", award.key),
        "lines": [" · ".join(lines), *([award.citation] if award.citation else [])],
        "pill": pill,
        "pill_kind": kind,
    }
