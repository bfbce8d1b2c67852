"""One record of a file, read with a mapping: who, when, where, for what. Nothing here touches the database."""

import datetime as dt
import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from awards.importing.mappings import AreaChoice, Mapping, Meaning
from awards.models import Award
from charter.countries import alias_key
from common.records import Fields
from people.names import clean, fold

LINKS_AT_MOST = 30
_web_address = URLValidator(schemes=["http", "https"])
_BARE_HOST = re.compile(r"^[\w-]+(\.[\w-]+)+(/|$)")
_FIRST_TO_SAY = [Award.EndReason.DECEASED, Award.EndReason.EMPLOYED, Award.EndReason.RETIRED]


class Refused(Exception):
    """This record does not go in; ``sentence`` says why."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True)
class Row:
    """What one record says. Empty means: the file does not say, which never empties what is known.

    ``ended`` is the reason for which the award ended before its time; the file rarely says the day.
    """

    line: int
    identity: str
    name: str
    latin_name: str
    country: str
    city: str
    links: tuple[tuple[str, str], ...]
    year: int
    last_year: int | None
    award_country: str
    area: AreaChoice
    starts: dt.date
    ends: dt.date | None
    ended: str
    good_standing: bool
    note: str
    citation: str

    @property
    def award(self) -> tuple[int, str]:
        """What tells apart the awards of one person."""
        return self.year, self.area.slug

    @property
    def deceased(self) -> bool:
        return self.ended == Award.EndReason.DECEASED

    @property
    def link_keys(self) -> frozenset[str]:
        return frozenset(link_key(url) for _kind, url in self.links)

    @property
    def label(self) -> str:
        return f"{self.name}, {self.year}, {self.area.name}"


def link_key(url: str) -> str:
    """A link as it is compared: without scheme, www and closing slash, in lower case."""
    return re.sub(r"^https?://(www\.)?", "", url.casefold()).rstrip("/")


def read_row(record: Fields, mapping: Mapping, known: Lookup[str, str]) -> Row:
    """Read one record. ``known`` are the spellings of countries. Raises ``Refused``."""
    return _Reading(record, mapping, known).row()


class _Reading:
    """A record, its mapping, and the questions that are put to them."""

    def __init__(self, record: Fields, mapping: Mapping, known: Lookup[str, str]) -> None:
        self.record, self.mapping, self.known = record, mapping, known

    def row(self) -> Row:
        record, mapping = self.record, self.mapping
        if record.problem:
            raise Refused(record.line, record.problem)
        name = self.text(mapping.name, most=200)
        if not name:
            raise self.refused(mapping.name, _("a record without a name."))
        year = self.year(mapping.year)
        ended, good_standing, note = self.statuses()
        starts, ends, last_year = self.term(year)
        return Row(
            line=record.line,
            identity="\x1f".join(fold(self.text(path)) for path in mapping.same_when),
            name=name,
            latin_name=self.text(mapping.latin_name, most=200),
            country=self.country(mapping.person_country),
            city=self.text(mapping.city, most=120),
            links=self.links(),
            year=year,
            last_year=last_year,
            award_country=self.country(mapping.award_country),
            area=self.area(),
            starts=starts,
            ends=ends,
            ended=ended,
            good_standing=good_standing,
            note=note,
            citation=self.text(mapping.citation, most=5000),
        )

    def refused(self, path: str, sentence: str) -> Refused:
        return Refused(self.record.line_of(path), sentence)

    def text(self, path: str, *, most: int = 500) -> str:
        value = self.record.find(path) if path else None
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.refused(path, _("“%(field)s” should be a single value.") % {"field": path})
        found = clean(value)
        if len(found) > most:
            raise self.refused(
                path,
                _("“%(field)s” has %(count)d characters, at most %(most)d fit.")
                % {"field": path, "count": len(found), "most": most},
            )
        return found

    def year(self, path: str) -> int:
        text = self.text(path)
        first, last = self.mapping.years
        if re.fullmatch("[0-9]{4}", text) and first <= int(text) <= last:
            return int(text)
        if not text:
            raise self.refused(path, _("the year is missing."))
        raise self.refused(
            path,
            _("“%(text)s” is no year from %(first)d to %(last)d.")
            % {"text": _short(text), "first": first, "last": last},
        )

    def country(self, paths: tuple[str, ...]) -> str:
        """The country in the first of the fields that is filled; none filled: empty."""
        for path in paths:
            if text := self.text(path):
                key = alias_key(text)
                if code := self.mapping.countries.get(key) or self.known.get(key):
                    return code
                raise self.refused(path, _unknown_country(text, key, self.known))
        return ""

    def term(self, year: int) -> tuple[dt.date, dt.date | None, int | None]:
        """First day, last day and last award year; without an end both last ones are open."""
        starts = dt.date(year, self.mapping.starts_in_month, 1)
        if self.mapping.last_year and self.text(self.mapping.last_year):
            last_year = self.year(self.mapping.last_year)
            if last_year < year:
                raise self.refused(self.mapping.last_year, _("the last year lies before the first."))
            return starts, _months_later(starts, 12 * (last_year - year + 1)), last_year
        if self.mapping.months is None:
            return starts, None, None
        return (
            starts,
            _months_later(starts, self.mapping.months),
            year + (self.mapping.months - 1) // 12,
        )

    def statuses(self) -> tuple[str, bool, str]:
        """The reason of an end (death before all others), good standing, and the remark."""
        meanings = [self.meaning(text) for text in self.status_texts()]
        ends = {meaning.ends for meaning in meanings if meaning.ends}
        ended = next((reason for reason in _FIRST_TO_SAY if reason in ends), next(iter(sorted(ends)), ""))
        notes = dict.fromkeys(meaning.note for meaning in meanings if meaning.note)
        return str(ended), all(meaning.good_standing for meaning in meanings), ", ".join(notes)[:120]

    def status_texts(self) -> list[str]:
        value = self.record.find(self.mapping.status) if self.mapping.status else None
        if isinstance(value, str):
            value = value.split(self.mapping.separator)
        if not isinstance(value, list | None) or any(not isinstance(item, str) for item in value or []):
            raise self.refused(self.mapping.status, _("the statuses should be a list of words."))
        return [text.strip() for text in value or [] if text.strip()]

    def meaning(self, text: str) -> Meaning:
        meaning = self.mapping.meanings.get(" ".join(text.casefold().split()))
        if meaning is None:
            raise self.refused(
                self.mapping.status,
                _("the mapping does not say what the status “%(text)s” means.") % {"text": _short(text)},
            )
        return meaning

    def area(self) -> AreaChoice:
        rule = self.mapping.area
        if rule.fixed:
            return rule.fixed
        text = self.text(rule.named_by)
        if found := rule.values.get(" ".join(text.casefold().split())):
            return found
        if not text or len(text) > 80 or rule.category_of_others is None:
            raise self.refused(
                rule.named_by,
                _("the mapping does not say which area “%(text)s” is.") % {"text": _short(text)},
            )
        return AreaChoice("", text, *rule.category_of_others)

    def links(self) -> tuple[tuple[str, str], ...]:
        """Kind and address of each link, each address once, in the order of the file."""
        where = self.mapping.links
        if isinstance(where, dict):
            named: list[tuple[str, str, Any]] = [
                (kind, path, self.record.find(path)) for kind, path in where.items()
            ]
        else:
            found = self.record.find(where) if where else None
            if found is not None and not isinstance(found, Fields):
                raise self.refused(where, _("the links should be named, such as “website”."))
            named = [(kind, f"{where}.{kind}", url) for kind, url in (found or {}).items()]
        urls: dict[str, str] = {}
        for kind, path, url in named:
            if url is not None and (address := self.web_address(path, url)):
                urls.setdefault(address, slugify(kind)[:30] or "link")
        if len(urls) > LINKS_AT_MOST:
            raise Refused(self.record.line, _("at most %(most)d links fit.") % {"most": LINKS_AT_MOST})
        return tuple((kind, url) for url, kind in urls.items())

    def web_address(self, path: str, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text and isinstance(value, str):
            return ""
        address = f"https://{text}" if _BARE_HOST.match(text) else text
        try:
            if len(address) > 500:
                raise ValidationError("too long")
            _web_address(address)
        except ValidationError as error:
            raise self.refused(
                path, _("“%(text)s” is no web address.") % {"text": _short(str(value))}
            ) from error
        return address


def _months_later(day: dt.date, months: int) -> dt.date:
    """The last day of a term of so many months that begins on the first of one."""
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def _unknown_country(text: str, key: str, known: Lookup[str, str]) -> str:
    near = get_close_matches(key, [name for name in known if len(name) > 3], n=1, cutoff=0.8)
    if near:
        return _("“%(text)s” is no country that is known here. Is it %(near)s?") % {
            "text": _short(text),
            "near": near[0].title(),
        }
    return _("“%(text)s” is no country that is known here.") % {"text": _short(text)}


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
