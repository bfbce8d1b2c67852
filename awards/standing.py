"""What has become of an award, in words for somebody who was given its number. Only what is true now."""

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from awards import states
from awards.lines import place_of
from awards.models import Award
from awards.queries import years_of
from charter.models import Program
from common import clock
from common.clock import site_zone
from common.dates import day_of
from common.http import address_of
from common.keys import ALPHABET
from people.models import Person, Visibility

VALID, ENDED, REVOKED = "", "warn", "bad"  # kinds of components/verdict.html
_KEY_LENGTH = 8
_LETTER_LENGTH = 10


@dataclass(frozen=True)
class Record:
    """One award as its public page says it. ``person`` is empty where the name is withheld."""

    award: Award
    kind: str
    title: str
    text: str
    note: str = ""
    person: Person | None = None
    area: str = ""  # beside a withheld name, where it may be known
    place: str = ""
    years: list[int] = field(default_factory=list)
    proof: str = ""  # the address of the signed record, where there is one
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def page(self) -> str:
        """The address of the person's profile, where they have one that everybody may open."""
        return address_of("person", self.person.slug) if self.person and not self.person.hidden else ""


def key_in(text: str) -> str:
    """The key in what somebody typed or pasted: a number with or without its dash, or a page's address."""
    in_address = re.search(r"/awards/([^/?#\s]+)", text)
    typed = in_address[1] if in_address else text
    letters = "".join(sign for sign in typed.upper() if sign.isalnum())
    return letters if len(letters) <= _KEY_LENGTH else letters[-_KEY_LENGTH:]


def letter_in(text: str) -> str:
    """The number of a certificate or letter in what somebody typed or pasted; empty where it cannot be one."""
    in_address = re.search(r"[?&]id=([^&#\s]+)", text)
    letters = "".join(sign for sign in (in_address[1] if in_address else text).upper() if sign.isalnum())
    return letters if len(letters) == _LETTER_LENGTH and set(letters) <= set(ALPHABET) else ""


def cannot_be_a_key(key: str) -> bool:
    """It holds a sign that no number holds, or too few of them."""
    return len(key) != _KEY_LENGTH or not set(key) <= set(ALPHABET)


def record_of(award: Award, *, program: Program, viewer: Visibility) -> Record:
    """``award.person.roster_awards`` are the person's awards that count, the newest first."""
    kind, title, text, note = _verdict(award, clock.today())
    facts = [
        (_("Award number"), award.number),
        (_("Given"), _day(_given(award))),
        (_("Term"), _term(award)),
    ]
    if award.state == states.REVOKED and award.state_since:
        facts.append((_("Revoked"), _day(day_of(award.state_since, site_zone()))))
    if award.person.erased_at or award.state in (states.REVOKED, states.RESIGNED):
        area = award.area_name if award.state == states.GRANTED else ""
        return Record(award, kind, title, text, note, area=area, facts=facts)
    awards = award.person.roster_awards  # type: ignore[attr-defined]
    years = years_of(awards, current=program.current_year)
    if years:
        facts.append((_("Award years"), _spans(years)))
    if award.note:
        facts.append((_("Remark"), award.note))
    facts.append((_("Given by"), _("%(program)s office") % {"program": program.name}))
    if signed := getattr(award, "credential", None):
        facts.append((_("Signature"), _("Ed25519, key %(name)s") % {"name": signed.key.name}))
    place = place_of(award.person, award, viewer)
    proof = address_of("awards:credential", award.key)
    return Record(award, kind, title, text, note, award.person, "", place, years, proof, facts)


def _verdict(award: Award, today: dt.date) -> tuple[str, str, str, str]:
    """Kind, title, sentence and quiet note."""
    if award.person.erased_at:
        text = _(
            "It was given, and the holder asked us to erase who they are. It proves nothing about a person."
        )
        return ENDED, _("Name withheld at the holder’s request"), text, ""
    if award.state == states.REVOKED:
        note = _("Reasons are not published. An appeal is possible, and its result would show here.")
        return REVOKED, _("This award was revoked"), _("It must not be used as proof of anything."), note
    if award.state == states.RESIGNED:
        text = _("It was offered, and the winner did not take it. Nobody holds it.")
        return ENDED, _("This award was declined"), text, ""
    if award.state == states.ON_HOLD:
        text = _("The program office is looking into a question about it. Please ask again later.")
        return (
            ENDED,
            _("This award is on hold"),
            text,
            _("A hold says nothing about how the question will be answered."),
        )
    if award.starts > today:
        return (
            ENDED,
            _("This award has not begun"),
            _("It begins on %(day)s.") % {"day": _day(award.starts)},
            "",
        )
    if award.ends and award.ends < today:
        note = _(
            "An ended award is no mark against anyone. Many holders step back for a year or more at some time."
        )
        return ENDED, _("This award has ended"), _ending(award), note
    return VALID, _("This award is in force"), _("Its holder may show it as proof today."), ""


def _ending(award: Award) -> str:
    day = {"day": _day(award.ends)}
    if award.end_reason == Award.EndReason.DECEASED:
        return _("It was valid until %(day)s, when its holder died.") % day
    if award.end_reason == Award.EndReason.EMPLOYED:
        return (
            _("It was valid until %(day)s, when its holder joined the organiser; employees cannot hold it.")
            % day
        )
    return _("It was valid until %(day)s.") % day


def _given(award: Award) -> dt.date:
    return day_of(award.granted_at, site_zone()) if award.granted_at else award.starts


def _term(award: Award) -> str:
    if award.ends is None:
        return _("from %(start)s, without an end") % {"start": _day(award.starts)}
    return _("%(start)s to %(end)s") % {"start": _day(award.starts), "end": _day(award.ends)}


def _day(day: dt.date | None) -> str:
    return _day_in(day, get_language()) if day else ""


@lru_cache(maxsize=4096)
def _day_in(day: dt.date, _language: str | None) -> str:
    """Awards begin and end on few days."""
    return date_format(day, "DATE_FORMAT")


def _spans(years: list[int]) -> str:
    """``2001, 2002, 2003, 2006`` → ``2001–2003, 2006``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
