"""One record of a file as an activity: what its columns may be called, and what is refused, with a sentence.

Nothing is guessed that could be wrong, and nothing is dropped in silence: what cannot be kept as it stands is a
note of the row.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from charter.models import Area
from charter.queries import areas_named
from common.dates import reader_today
from common.fields import one_line, several_lines
from common.records import Fields, Text
from contributions.forms import FIRST_YEAR, LONGEST_TEXT, MOST
from contributions.importing.days import NoDay, read_day
from contributions.models import ContributionType
from people.models import Visibility

# What a column may be called, compared without case, spaces and signs; the first that holds something counts.
NAMES: dict[str, tuple[str, ...]] = {
    "ref": ("id", "contributionid", "activityid", "key"),
    "type": ("type", "contributiontype", "contributiontypename", "activitytype", "kind"),
    "title": ("title", "name", "activity", "subject"),
    "starts": ("date", "starts", "start", "startdate", "day"),
    "ends": ("until", "ends", "end", "enddate"),
    "url": ("link", "url", "referenceurl", "address", "website"),
    "area": ("area", "technology", "contributiontechnology", "contributionarea", "technologyarea"),
    "more_areas": ("moreareas", "additionaltechnologies", "additionalareas", "otherareas"),
    "area_text": ("areatext",),
    "quantity": ("quantity", "annualquantity", "number", "count"),
    "second_quantity": ("secondquantity", "secondannualquantity"),
    "reach": ("reach", "annualreach"),
    "hours": ("hours", "hoursgiven"),
    "role": ("role",),
    "audience": ("audience",),
    "description": ("description", "summary", "abstract"),
    "private_note": ("privatenote", "noteforreviewers", "privatedescription"),
    "visibility": ("visibility", "whoseesit"),
    "high_impact": ("highimpact",),
}  # fmt: skip
VISIBILITIES = {
    "office": Visibility.OFFICE, "theprogramoffice": Visibility.OFFICE, "private": Visibility.OFFICE,
    "microsoft": Visibility.OFFICE, "100000000": Visibility.OFFICE,
    "holders": Visibility.HOLDERS, "awardholders": Visibility.HOLDERS, "mvpcommunity": Visibility.HOLDERS,
    "100000001": Visibility.HOLDERS,
    "everyone": Visibility.EVERYONE, "public": Visibility.EVERYONE, "299600000": Visibility.EVERYONE,
}  # fmt: skip
_COLUMN_OF = {spelling: name for name, spellings in NAMES.items() for spelling in spellings}
_SAID_BY = ("slug", "code", "englishname", "name", "description", "title", "id")
_YES, _NO = {"yes", "true", "1", "x"}, {"no", "false", "0"}
_NUMBERS = ("quantity", "second_quantity", "reach")
_WHOLE = re.compile(r"\d+$|\d{1,3}(?:([,. '\u00a0\u202f’])\d{3})(?:\1\d{3})*$")
_link_is_good = URLValidator(schemes=["http", "https"])


class Refused(Exception):
    """A record that is left out, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass
class Row:
    """One record: what recognises it, and the facts that it gives, as JSON can hold them.

    ``facts``: columns of ``Contribution`` (``area_id``, days as text) and ``more_areas``, a list of ids.
    ``refused_if_new``: what it lacks, which an entry of long ago may lack too.
    """

    line: int
    ref: str
    type_id: int
    title: str
    starts: dt.date
    facts: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    refused_if_new: str = ""

    @property
    def identity(self) -> tuple[str, int, dt.date, str]:
        return (self.ref, self.type_id, self.starts, self.title)


class Known:
    """What the program knows by name, read once for a whole file."""

    def __init__(self) -> None:
        self.types: dict[str, ContributionType] = {}
        self.type_names: dict[str, str] = {}
        for type_ in ContributionType.objects.all():
            for name in (type_.code, type_.name, *type_.other_names):
                self.types.setdefault(_bare(name), type_)
            self.type_names[_bare(type_.name)] = type_.name
        self.by_id = {type_.pk: type_ for type_ in self.types.values()}
        self.labels = {_bare(label) for type_ in self.by_id.values() for label in _labels(type_)} - {""}
        self.areas: dict[str, int] = {}
        for pk, name in areas_named():
            self.areas.setdefault(_bare(name), pk)
        today = list(Area.objects.values_list("pk", "slug", "name"))
        self.areas |= {_bare(name): pk for pk, _slug, name in today}
        self.areas |= {slug: pk for pk, slug, _name in today}
        self.today = reader_today()

    def type_of(self, text: str) -> ContributionType:
        found = self.types.get(_bare(text))
        if found is None:
            near = get_close_matches(_bare(text), self.types, n=1, cutoff=0.6)
            said = {"text": text[:80], "near": self.types[near[0]].name if near else ""}
            if near:
                raise Refused(_("“%(text)s” is not a type. The nearest is “%(near)s”.") % said)
            raise Refused(_("“%(text)s” is not a type.") % said)
        return found

    def area_of(self, text: str) -> int | None:
        return self.areas.get(text) or self.areas.get(_bare(text))


def read_row(record: Fields, known: Known, *, plain: Any = str) -> Row:
    """Read one record or raise ``Refused``. ``plain`` takes the guard off a cell of a table."""
    if record.problem:
        raise Refused(record.problem)
    said = _said(record, plain)
    notes: list[str] = []
    type_ = known.type_of(_needed(said, "type"))
    _take_labels(record, said, type_, known, notes, plain)
    title = one_line(_needed(said, "title"))
    if len(title) > 250:
        raise Refused(
            _("A title has at most 250 characters; this one has %(number)d.") % {"number": len(title)}
        )
    starts = _day(_needed(said, "starts"), known.today)
    facts: dict[str, Any] = {
        **_link(said),
        **_end(said, starts, known.today),
        **_texts(said),
        **_areas(said, known, notes),
        **_numbers(said, type_, notes),
        **_who_sees(said, notes),
    }
    ref = one_line(said.get("ref", ""))
    if len(ref) > 80:
        raise Refused(_("An id has at most 80 characters."))
    missing = type_.link_required and "url" not in facts
    needs = _("“%(type)s” needs a link.") % {"type": type_.name} if missing else ""
    return Row(record.line, ref, type_.pk, title, starts, facts, notes, needs)


def column_named(name: str) -> str:
    """Which of our columns a column of a file is; empty for one that is not read."""
    return _COLUMN_OF.get(_bare(name), "")


def unread_columns(columns: Iterable[str], known: Known) -> list[str]:
    """Columns of a table that say nothing to us."""
    return [name for name in columns if name and not column_named(name) and _bare(name) not in known.labels]


def _labels(type_: ContributionType) -> list[str]:
    return [type_.quantity_label, type_.second_quantity_label, type_.reach_label]


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _said(record: Fields, plain: Any) -> dict[str, str]:
    """Our column → text, of those that hold something."""
    said: dict[str, tuple[int, str]] = {}
    for name, value in record.items():
        column = column_named(name)
        text = _flat(value, plain) if column else ""
        if text:
            rank = NAMES[column].index(_bare(name))
            if column not in said or rank < said[column][0]:
                said[column] = (rank, text)
    return {column: text for column, (_rank, text) in said.items()}


def _flat(value: Any, plain: Any) -> str:
    """A value as one text: of named values the one that names it, of a list all, in lines."""
    if value is None:
        return ""
    if isinstance(value, Fields):
        inner = {_bare(name): part for name, part in value.items()}
        return next((str(inner[name]) for name in _SAID_BY if isinstance(inner.get(name), str)), "")
    if isinstance(value, list):
        return "\n".join(filter(None, (_flat(part, str) for part in value)))
    return str(plain(str(value)) if not isinstance(value, Text) else value).strip()


def _needed(said: dict[str, str], name: str) -> str:
    if name not in said or not one_line(said[name]):
        sentences = {"type": _("There is no type."), "title": _("There is no title.")}
        raise Refused(sentences.get(name) or _("There is no date."))
    return said[name]


def _day(text: str, today: dt.date) -> dt.date:
    try:
        day = read_day(text)
    except NoDay as error:
        raise Refused(str(error)) from None
    if day > today:
        raise Refused(_("%(day)s lies in the future. Log what has happened.") % {"day": day.isoformat()})
    if day.year < FIRST_YEAR:
        raise Refused(_("The year %(year)d is too long ago.") % {"year": day.year})
    return day


def _link(said: dict[str, str]) -> dict[str, Any]:
    url = one_line(said.get("url", ""))
    if not url:
        return {}
    url = url if "://" in url else f"https://{url}"
    try:
        if len(url) > 1000:
            raise ValidationError("")
        _link_is_good(url)
    except ValidationError:
        raise Refused(_("“%(url)s” is not a web address.") % {"url": url[:80]}) from None
    return {"url": url}


def _end(said: dict[str, str], starts: dt.date, today: dt.date) -> dict[str, Any]:
    if "ends" not in said:
        return {}
    try:
        ends = read_day(said["ends"])
    except NoDay as error:
        raise Refused(str(error)) from None
    if ends < starts:
        raise Refused(_("The end lies before the beginning."))
    if ends.year > today.year + 5:
        raise Refused(_("The end lies too far in the future."))
    return {"ends": ends.isoformat()}


def _texts(said: dict[str, str]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for name, most in (("role", 60), ("audience", 120), ("area_text", 120)):
        if name in said:
            texts[name] = one_line(said[name])
            if len(texts[name]) > most:
                raise Refused(
                    _("“%(text)s…” is longer than %(most)d characters.")
                    % {"text": texts[name][:20], "most": most}
                )
    for name in ("description", "private_note"):
        if name in said:
            texts[name] = several_lines(said[name]).replace("\r\n", "\n")
            if len(texts[name]) > LONGEST_TEXT:
                raise Refused(
                    _("A text has at most %(most)d characters; this one has %(number)d.")
                    % {"most": LONGEST_TEXT, "number": len(texts[name])}
                )
    if "high_impact" in said:
        word = _bare(said["high_impact"])
        if word not in _YES | _NO:
            raise Refused(_("High impact is yes or no, not “%(text)s”.") % {"text": said["high_impact"][:40]})
        texts["high_impact"] = word in _YES
    return {name: text for name, text in texts.items() if text not in ("", None)}


def _areas(said: dict[str, str], known: Known, notes: list[str]) -> dict[str, Any]:
    """Areas that are known by slug or by any of their names; others are kept as text."""
    facts: dict[str, Any] = {}
    unknown: list[str] = []
    if "area" in said:
        area = known.area_of(one_line(said["area"]))
        if area:
            facts["area_id"] = area
        else:
            unknown.append(one_line(said["area"]))
    more: list[int] = []
    for text in _pieces(said.get("more_areas", ""), known):
        area = known.area_of(one_line(text))
        if area is None:
            unknown.append(one_line(text))
        elif area != facts.get("area_id") and area not in more:
            more.append(area)
    if len(more) > 2:
        notes.append(_("Only two more areas are kept; the others are left out."))
    if more:
        facts["more_areas"] = sorted(more[:2])
    if unknown and "area_text" not in said:
        facts["area_text"] = "; ".join(unknown)[:120]
        notes.append(_("“%(area)s” is no area here; kept as text.") % {"area": facts["area_text"]})
    return facts


def _pieces(text: str, known: Known) -> list[str]:
    """Names in lines or between semicolons; between commas where the whole is no name."""
    pieces = [piece.strip() for piece in re.split(r"[\n;|]", text)]
    parts = [[piece] if known.area_of(piece) else piece.split(",") for piece in pieces]
    return [part.strip() for piece in parts for part in piece if part.strip()]


def _take_labels(
    record: Fields, said: dict[str, str], type_: ContributionType, known: Known, notes: list[str], plain: Any
) -> None:
    """A column may be called as the type calls its number: “views”, “attendees”. What another type calls so is a note."""
    names = {_bare(label): name for name, label in zip(_NUMBERS, _labels(type_), strict=True) if label}
    for column, value in record.items():
        if column_named(column) or _bare(column) not in known.labels or not (text := _flat(value, plain)):
            continue
        name = names.get(_bare(column))
        if name is None:
            notes.append(
                _("“%(type)s” has no number called “%(name)s”; %(text)s is left out.")
                % {"type": type_.name, "name": one_line(column)[:40], "text": one_line(text)[:40]}
            )
        elif name not in said:
            said[name] = text


def _numbers(said: dict[str, str], type_: ContributionType, notes: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    asked = dict(zip(_NUMBERS, _labels(type_), strict=True)) | {"hours": "hours"}
    for name, label in asked.items():
        if name not in said:
            continue
        number = _number(said[name], label or name.replace("_", " "), MOST[name], halves=name == "hours")
        if label:
            facts[name] = number
        elif number:
            notes.append(
                _("“%(type)s” asks for no %(name)s; %(number)d is left out.")
                % {"type": type_.name, "name": name.replace("_", " "), "number": number}
            )
    return facts


def _number(text: str, label: str, most: int, *, halves: bool) -> int:
    if halves and re.fullmatch(r"\d{1,6}[.,]\d{1,2}", text):
        return int(float(text.replace(",", ".")) + 0.5)
    if not _WHOLE.match(text):
        raise Refused(_("“%(text)s” is no whole number (%(label)s).") % {"text": text[:40], "label": label})
    digits = re.sub(r"\D", "", text)
    if len(digits) > 25 or int(digits) > most:
        raise Refused(_("%(text)s is too large (%(label)s).") % {"text": text[:40], "label": label})
    return int(digits)


def _who_sees(said: dict[str, str], notes: list[str]) -> dict[str, Any]:
    if "visibility" not in said:
        return {}
    found = VISIBILITIES.get(_bare(said["visibility"]))
    if found is None:
        notes.append(
            _("“%(text)s” says nothing about who may see it; only the office will.")
            % {"text": said["visibility"][:40]}
        )
    return {"visibility": str(found or Visibility.OFFICE.value)}
