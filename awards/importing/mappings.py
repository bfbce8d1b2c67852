"""What a roster's file means: one YAML file a source in ``seeds/imports``. Another program is another mapping.

``seeds/imports/README.md`` explains every key for the person who writes one.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from awards.models import Award
from charter.countries import alias_key
from common import clock
from common.errors import RuleBroken
from common.records import Document

_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_KEYS = {
    "": {"source", "records", "person", "award", "statuses", "countries", "years"},
    "person": {"same_when", "name", "latin_name", "country", "city", "links"},
    "award": {
        "year", "country", "area", "starts_in_month", "lasts", "last_year", "citation",
    },
    "award.area": {"slug", "name", "category", "field", "values", "otherwise"},
    "category": {"slug", "name"},
    "statuses": {"field", "separator", "meanings"},
    "meaning": {"ends", "good_standing", "note"},
    "years": {"from", "to"},
}  # fmt: skip


@dataclass(frozen=True)
class AreaChoice:
    """An area, as a mapping or a record names it; made if nobody has made it yet.

    Without a slug the area goes by its name, among today's names and those of its past.
    """

    slug: str
    name: str
    category_slug: str
    category_name: str


@dataclass(frozen=True)
class Meaning:
    """What a status says: the award ended (an ``Award.EndReason``), a remark for the roster, or both."""

    ends: str = ""
    good_standing: bool = True
    note: str = ""


@dataclass(frozen=True)
class AreaRule:
    """Either one area for all, or a field whose values are areas; ``otherwise`` takes values not listed."""

    fixed: AreaChoice | None = None
    named_by: str = ""
    values: dict[str, AreaChoice] = field(default_factory=dict)
    category_of_others: tuple[str, str] | None = None


@dataclass(frozen=True)
class Mapping:
    """Where a record says what. A list of fields means: the first that is filled."""

    source: str
    records: str
    same_when: tuple[str, ...]
    name: str
    latin_name: str
    person_country: tuple[str, ...]
    city: str
    links: str | dict[str, str]
    year: str
    award_country: tuple[str, ...]
    area: AreaRule
    starts_in_month: int
    months: int | None
    last_year: str
    citation: str
    status: str
    separator: str
    meanings: dict[str, Meaning]
    countries: dict[str, str]
    years: tuple[int, int]

    @property
    def needed(self) -> tuple[str, ...]:
        """Fields without which no record can be read."""
        return (self.name, self.year)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The other fields that are read; a table may do without."""
        links = tuple(self.links.values()) if isinstance(self.links, dict) else (self.links,)
        single = (self.latin_name, self.city, self.last_year, self.citation, self.status, self.area.named_by)
        every = (*self.same_when, *self.person_country, *self.award_country, *single, *links)
        return tuple(name for name in dict.fromkeys(every) if name and name not in self.needed)

    def fits(self, document: Document) -> bool:
        """Could this document be meant? Its list is there, and its first record has name and year."""
        try:
            first = document.records(self.records)[:1]
        except RuleBroken:
            return False
        if document.columns:
            return not self.records and all(name in document.columns for name in self.needed)
        return bool(first) and all(first[0].find(name) is not None for name in self.needed)


def folder() -> Path:
    """Where mappings lie."""
    return Path(settings.BASE_DIR) / "seeds" / "imports"


def names() -> list[str]:
    """The mappings that there are."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def find_mapping(name: str, *, file: Path, document: Document) -> Mapping:
    """The mapping asked for; without a name the one called like the file, else the only one that fits it."""
    if name:
        given = Path(name)
        return load_mapping(given if given.suffix in (".yaml", ".yml") else folder() / f"{name}.yaml")
    if file.stem in names():
        return load_mapping(folder() / f"{file.stem}.yaml")
    fitting = [
        mapping for stem in names() if (mapping := load_mapping(folder() / f"{stem}.yaml")).fits(document)
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise RuleBroken(
        _("Say with --mapping what the fields of this file mean. There are: %(names)s.")
        % {"names": ", ".join(names()) or _("none yet")}
    )


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises ``RuleBroken`` that names the file and the key."""
    if not path.is_file():
        raise RuleBroken(
            _("There is no mapping %(name)s. There are: %(names)s.")
            % {"name": path.stem, "names": ", ".join(names()) or _("none yet")}
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _Reader(path).mapping(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleBroken(_("The mapping %(file)s is not valid YAML.") % {"file": path.name}) from error


class _Reader:
    """Turns the YAML of one mapping into a ``Mapping``; every complaint names the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def mapping(self, content: Any) -> Mapping:
        top = self.section(content, "")
        person = self.section(top.get("person"), "person")
        award = self.section(top.get("award"), "award")
        statuses = self.section(top.get("statuses") or {}, "statuses")
        years = self.section(top.get("years") or {}, "years")
        return Mapping(
            source=self.slug(top.get("source"), "source"),
            records=str(top.get("records") or ""),
            same_when=self.fields(
                person.get("same_when") or [self.text(person, "name"), self.text(award, "year")]
            ),
            name=self.text(person, "name"),
            latin_name=str(person.get("latin_name") or ""),
            person_country=self.fields(person.get("country")),
            city=str(person.get("city") or ""),
            links=self.links(person.get("links") or ""),
            year=self.text(award, "year"),
            award_country=self.fields(award.get("country") or person.get("country")),
            area=self.area(self.section(award.get("area"), "award.area")),
            starts_in_month=self.number(award.get("starts_in_month", 1), "starts_in_month", 1, 12),
            months=self.months(award.get("lasts")),
            last_year=str(award.get("last_year") or ""),
            citation=str(award.get("citation") or ""),
            status=str(statuses.get("field") or ""),
            separator=str(statuses.get("separator") or ";"),
            meanings={
                _plain(name): self.meaning(value, name)
                for name, value in self.dictionary(statuses.get("meanings"), "meanings").items()
            },
            countries={
                alias_key(str(name)): self.country(code)
                for name, code in self.dictionary(top.get("countries"), "countries").items()
            },
            years=(
                self.number(years.get("from", 1950), "from", 1900, 2200),
                self.number(years.get("to", clock.today().year + 1), "to", 1900, 2200),
            ),
        )

    def wrong(self, sentence: str) -> RuleBroken:
        return RuleBroken(_("The mapping %(file)s: %(what)s") % {"file": self.path.name, "what": sentence})

    def section(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(
                _("“%(name)s” is missing or no set of named values.") % {"name": name or "source"}
            )
        unknown = sorted(set(map(str, value)) - _KEYS[name])
        if unknown:
            raise self.wrong(
                _("nobody knows the key “%(key)s”; possible are: %(keys)s.")
                % {"key": unknown[0], "keys": ", ".join(sorted(_KEYS[name]))}
            )
        return value

    def dictionary(self, value: Any, name: str) -> dict[Any, Any]:
        if value is not None and not isinstance(value, dict):
            raise self.wrong(_("“%(name)s” has to be a set of named values.") % {"name": name})
        return value or {}

    def text(self, section: dict[str, Any], name: str) -> str:
        if not section.get(name) or not isinstance(section[name], str):
            raise self.wrong(_("“%(name)s” has to name a field.") % {"name": name})
        return section[name]

    def fields(self, value: Any) -> tuple[str, ...]:
        return tuple(map(str, value)) if isinstance(value, list) else (str(value),) if value else ()

    def slug(self, value: Any, name: str) -> str:
        if not isinstance(value, str) or not _SLUG.match(value) or len(value) > 50:
            raise self.wrong(
                _("“%(name)s” has to be a short word in lower case, with hyphens.") % {"name": name}
            )
        return value

    def number(self, value: Any, name: str, least: int, most: int) -> int:
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(
                _("“%(name)s” has to be a number from %(least)d to %(most)d.")
                % {"name": name, "least": least, "most": most}
            )
        return value

    def months(self, value: Any) -> int | None:
        return None if value in (None, "open-ended") else self.number(value, "lasts", 1, 1200)

    def links(self, value: Any) -> str | dict[str, str]:
        return (
            {str(kind): str(name) for kind, name in value.items()} if isinstance(value, dict) else str(value)
        )

    def country(self, code: Any) -> str:
        if not isinstance(code, str) or not re.fullmatch("[A-Z]{2}", code):
            raise self.wrong(_("a country is written as its code of two letters, in quotes where it is NO."))
        return code

    def meaning(self, value: Any, name: Any) -> Meaning:
        found = self.section(value or {}, "meaning")
        if found.get("ends") and found["ends"] not in Award.EndReason.values:
            raise self.wrong(
                _("“%(name)s” may end an award as one of: %(reasons)s.")
                % {"name": name, "reasons": ", ".join(Award.EndReason.values)}
            )
        return Meaning(
            found.get("ends") or "", bool(found.get("good_standing", True)), str(found.get("note") or "")
        )

    def area(self, section: dict[str, Any]) -> AreaRule:
        if "field" not in section:
            return AreaRule(fixed=self.choice(section))
        values = self.dictionary(section.get("values"), "values")
        others = section.get("otherwise")
        return AreaRule(
            named_by=self.text(section, "field"),
            values={_plain(text): self.choice(value) for text, value in values.items()},
            category_of_others=self.category(others) if others else None,
        )

    def choice(self, value: Any) -> AreaChoice:
        section = self.section(value, "award.area")
        name = str(section.get("name") or "")
        if not 0 < len(name) <= 80:
            raise self.wrong(_("an area needs a name of at most 80 characters."))
        return AreaChoice(
            self.slug(section.get("slug"), "slug"), name, *self.category(section.get("category"))
        )

    def category(self, value: Any) -> tuple[str, str]:
        section = self.section(value, "category")
        return self.slug(section.get("slug"), "slug"), str(section.get("name") or section["slug"])[:80]


def _plain(text: Any) -> str:
    """A status or an area's name as it is compared."""
    return " ".join(str(text).casefold().split())
