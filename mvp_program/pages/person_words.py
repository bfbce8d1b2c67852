"""What a profile says of somebody to machines: to search engines, and to sites on which its address is shared."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from awards import cards
from awards.models import Award
from charter.models import Program
from common.http import address_of
from common.languages import named
from common.ordinals import nth
from mvp_program.pages.profile import Profile

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class PublicWords:
    """For the head of a page that everyone may see."""

    url: str
    card: str
    description: str
    data: SafeString


def public_words(profile: Profile, now: Program) -> PublicWords:
    person = profile.person
    url = settings.SITE_URL + reverse("person", args=[person.slug])
    card = settings.SITE_URL + reverse("person_card", args=[person.slug])
    described = " · ".join(filter(None, (standing_of(profile, now), profile.line, profile.headline)))
    return PublicWords(url, card, described, as_script(person_data(profile, now, url)))


def person_data(profile: Profile, now: Program, url: str) -> dict[str, Any]:
    """A Person of schema.org with awards; only what everyone may see."""
    person = profile.person
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": url,
        "url": url,
        "name": person.name,
        "alternateName": person.latin_name,
        "description": profile.headline,
        "knowsLanguage": list(person.languages) if profile.languages else [],
        "sameAs": [link.url for link in profile.links],
        "award": [_award_words(award, now) for award in profile.granted],
        "hasCredential": [_credential(award, now) for award in profile.granted],
    }
    if profile.photo:
        data["image"] = settings.SITE_URL + reverse("photo", args=[person.slug, profile.photo])
    return {name: value for name, value in data.items() if value}


def _award_words(award: Award, now: Program) -> str:
    years = (
        f"{award.first_year}"
        if award.last_year == award.first_year
        else f"{award.first_year}–{award.last_year or ''}"
    )
    return f"{now.award_name}, {named(award.area_name)}, {years}"


def _credential(award: Award, now: Program) -> dict[str, Any]:
    url = settings.SITE_URL + address_of("awards:award", award.key)
    data = {
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": "award",
        "name": f"{now.award_name}, {award.area_name}",
        "identifier": award.number,
        "url": url,
        "validFrom": award.starts.isoformat(),
        "recognizedBy": {"@type": "Organization", "name": now.name},
    }
    return data | ({"validUntil": award.ends.isoformat()} if award.ends else {})


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False)
    return SafeString(text.translate({ord(sign): escape for sign, escape in _ESCAPED.items()}))


def standing_of(profile: Profile, now: Program) -> str:
    """Holds the award in 2004, 4th year."""
    if profile.person.deceased:
        return _("In memoriam")
    if profile.in_force:
        return _("Holds the award in %(year)s, %(nth)s year") % {
            "year": now.current_year,
            "nth": nth(len(profile.years)),
        }
    return profile.standing


def card_of(profile: Profile, now: Program) -> cards.Card:
    """A name stands as its owner writes it, its Latin form beside the technology."""
    person = profile.person
    name = person.name if cards.can_be_set(person.name) else person.latin_name
    latin = person.latin_name if person.latin_name != name else ""
    return cards.Card(
        program=now.award_name,
        name=name,
        line=" · ".join(filter(None, (latin, profile.line))),
        standing=standing_of(profile, now),
        years=tuple(profile.years),
        first_year=now.first_year,
        current=now.current_year,
        country=str(person.country),
    )
