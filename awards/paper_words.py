"""What certificates and letters say, in the language that is active."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from anyascii import anyascii
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from awards.figures import figures_in
from awards.loading import loaded, roster_version
from awards.models import Award
from awards.papers import fonts
from charter.models import Program
from common import ribbon
from common.languages import named

FEW = 20  # holders, below which a letter does not count them
SEVERAL = 10  # countries, up to which it does not count these


def certificate_words(award: Award, *, program: Program, years: Iterable[int]) -> dict[str, Any]:
    """``years``: the person's award years. Says nothing of today, so that it stays true."""
    facts = {
        "award": program.award_name,
        "area": award.area_name,
        "start": _day(award.starts),
        "end": _day(award.ends) if award.ends else "",
    }
    if award.ends:
        text = _("was given the %(award)s for %(area)s, held from %(start)s to %(end)s.") % facts
    else:
        text = _("was given the %(award)s for %(area)s, held from %(start)s on.") % facts
    kind = {"program": program.name, "award": program.award_name, "year": award.first_year}
    return {
        "title": _("Certificate: %(award)s for %(area)s") % facts,
        "kind": _("%(program)s · %(award)s %(year)s") % kind,
        "text": " ".join((text, _("It is given by peers, for help freely given to others."))),
        "stripes": _stripes(years, until=award.last_year or program.current_year),
        "check": _("Check it at"),
        **_name(award),
        **signed_by(program),
    }


def _day(day: dt.date) -> str:
    """A day that no line breaks."""
    return on_one_line(date_format(day, "DATE_FORMAT"))


def on_one_line(words: str) -> str:
    """Words that no line breaks."""
    return words.replace(" ", "\u00a0")


def _span(days: str) -> str:
    """Two days of which a line breaks neither, and begins with no dash."""
    return re.sub(r"(\d\.?) (?=\w)", "\\1\u00a0", days).replace(" –", "\u00a0–")


def signed_by(program: Program) -> dict[str, Any]:
    """Who signs, their office, and what stands under it: of the program's row."""
    return {
        "signer": program.signer_name or program.name,
        "role": named(program.signer_role) or _("Program office"),
        "note": named(program.signer_note),
    }


def _name(award: Award) -> dict[str, Any]:
    """The name as its owner writes it and, in another script, in Latin letters; these alone where no font holds the script."""
    name = printable_name(award)
    latin = award.person.latin_name if name == award.person.name else ""
    return {
        "name": name,
        "latin": "" if latin == name or fonts.unprintable(latin) else latin,
        "joined": any(ord(sign) > 0x58F for sign in name),  # letters that hang together are not set tighter
        "fonts": fonts.families_for(name, str(award.country or award.person.country)),
    }


def printable_name(award: Award) -> str:
    """A name that leaves no sign out."""
    name, latin = award.person.name, award.person.latin_name
    if not fonts.unprintable(name):
        return name
    return latin if latin and not fonts.unprintable(latin) else anyascii(latin or name)


def letter_words(
    award: Award,
    *,
    program: Program,
    years: list[int],
    summit: dict[str, str] | None,
    held: str = "",
    kept: str = "",
) -> dict[str, Any]:
    """What the award is and asks of nobody; with ``summit`` (name, place, days, cost) a request for professional days. ``held``: how
    many hold it, as ``said_of_holders`` has it. ``kept``: that there is a place for them already."""
    said = _name(award)
    name = said["name"]
    facts = {
        "name": name,
        "award": program.award_name,
        "area": award.area_name,
        "start": _day(award.starts),
        "end": _day(award.ends) if award.ends else "",
        "year": years[0] if years else award.first_year,
        "number": award.number,
        **(summit or {}),
    }
    if summit:
        facts["days"] = _span(summit["days"])
    if award.ends:
        first = _(
            "%(name)s was given the %(award)s for %(area)s, for the term from %(start)s to %(end)s. Its number is %(number)s."
        )
    else:
        first = _(
            "%(name)s was given the %(award)s for %(area)s, from %(start)s on. Its number is %(number)s."
        )
    both = f"{name} ({said['latin']})" if said["latin"] else name
    since = _("It is the first.") if len(years) < 2 else _("The first one was given in %(year)s.")
    own = _(
        "The award is personal and unpaid. It thanks for help given to others in one’s own time: answers to strangers, "
        "articles, talks, code. People who know the field judge the work of the year before, anew for each term."
    )
    none = _(
        "It is no certification, it is not for sale, and it brings no duty to the company that makes the technology."
    )
    return {
        **said,
        **signed_by(program),
        "sender": _("%(program)s, program office") % {"program": program.name},
        "mail": program.office_email,
        "reference": _("Our reference"),
        "to": _("To the management of"),
        "blank": _("name of the employer"),
        "heading": _("%(name)s and the %(award)s") % facts,
        "paragraphs": [
            f"{first % {**facts, 'name': both}} {since % facts}", " ".join(filter(None, (held, own, none))),
            *([" ".join(filter(None, (_invited() % facts, kept)))] if summit else []),
            *([_("What it costs: %(cost)s") % facts] if summit and summit.get("cost") else []),
        ],
        "ask": _("We ask you to grant these working days, and those of travel, as professional days and not as leave.") if summit else "",
        "after": [_("Please write to us if you have a question; we are glad to answer.")],
        "check": _("You can check this letter here:"),
        "closing": _("Yours sincerely,"),
    }  # fmt: skip


def said_of_holders(program: Program) -> str:
    """How many hold the award this year, in round figures, so that a letter stays the same for a while; empty while few do."""
    year = figures_in(loaded(roster_version()), program.current_year)
    if year.holders < FEW:
        return ""
    people = _round(year.holders)
    countries = len([code for code in year.countries if code])
    if countries <= SEVERAL:
        return _("It is held by about %(people)s people.") % {"people": people}
    facts = {"people": people, "countries": _round(countries - 1)}
    return _("It is held by about %(people)s people in more than %(countries)s countries.") % facts


def _round(number: int) -> str:
    """Its first two figures, of two its first: 2,631 → 2,600, 64 → 60."""
    step = 10 ** max(0, len(str(number)) - (2 if number >= 100 else 1))
    return number_format(number // step * step, force_grouping=True)


def _invited() -> str:
    return _(
        "Holders are invited to %(summit)s in %(place)s, %(days)s, where they work with each other and with the people who "
        "build the products."
    )


def _stripes(years: Iterable[int], *, until: int) -> list[str]:
    """The kinds of the 12 years that end with ``until``, the oldest first."""
    numbered = ribbon.numbered(year for year in years if year <= until)
    slots = range(until - ribbon.WINDOW + 1, until + 1)
    return [ribbon.kind_of(numbered[year]) if year in numbered else "gap" for year in slots]
