"""Loads what the program is: the program row, regions, categories, areas, agreements, reason codes."""

import datetime as dt
from itertools import pairwise

from django_countries import countries

from charter.actions import publish_content
from charter.countries import alias_key
from charter.models import (
    Agreement,
    Area,
    AreaName,
    AreaSuccession,
    Category,
    ContentVersion,
    CountryAlias,
    Program,
    ReasonCode,
    Region,
    RegionCountry,
    Wording,
)
from charter.queries import newest_contents
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally, put, put_many, put_owned
from mvp_program.seeding.reading import Entry, read_entry, read_list

PAGE_LANGUAGES = ("en", "de", "es")
OTHER_LANGUAGES = PAGE_LANGUAGES[1:]
ONE_DAY = dt.timedelta(days=1)


def load_program(calendar: Calendar, tally: Tally) -> None:
    row = read_entry("program").only(
        "name", "award_name", "tagline", "lead", "organiser", "organiser_domains", "public_mail_domains",
        "office_email", "zone", "first_year", "signer_name", "signer_role", "signer_note",
    )  # fmt: skip
    texts = ("name", "award_name", "tagline", "lead", "organiser", "office_email", "zone")
    values = {name: row.text(name) for name in texts}
    values |= {name: row.text(name, default="") for name in ("signer_name", "signer_role", "signer_note")}
    lists = {name: row.texts(name) for name in ("organiser_domains", "public_mail_domains")}
    years = {"first_year": row.number("first_year"), "current_year": calendar.year(0)}
    put(Program, tally, values | lists | years, id=1)


def load_regions(calendar: Calendar, tally: Tally) -> None:
    """Regions and their countries. A country that moved keeps its earlier region until the day before."""
    rows = read_list("regions")
    named = [
        {"slug": row.text("slug"), "name": row.text("name"), "position": position}
        for position, row in enumerate(rows)
    ]
    regions = put_many(Region, tally, "slug", named)
    spans: dict[str, list[dict[str, object]]] = {slug: [] for slug in regions}
    for row in rows:
        row.only("slug", "name", "since", "countries", "also", "moved")
        moved = {country: move for move in row.entries("moved") for country in _countries(move, "countries")}
        for country in _countries(row, "countries") + _countries(row, "also"):
            starts = row.day("since")
            if country in moved:
                move = moved[country].only("countries", "from", "on")
                before, starts = move.found("region", move.text("from"), spans), move.day("on")
                since = next(r.day("since") for r in rows if r.text("slug") == move.text("from"))
                before.append({"country": country, "starts": since, "ends": starts - ONE_DAY})
            spans[row.text("slug")].append({"country": country, "starts": starts, "ends": None})
    put_owned(RegionCountry, tally, "region", {region.pk: spans[slug] for slug, region in regions.items()})


def _countries(row: Entry, name: str) -> list[str]:
    for code in row.texts(name):
        if code not in countries.countries:
            raise row.wrong(f"“{code}” is no ISO code of a country.")
    return row.texts(name)


def load_countries(calendar: Calendar, tally: Tally) -> None:
    rows, spellings = read_entry("countries"), []
    for code in rows:
        if code not in countries.countries:
            raise rows.wrong(f"“{code}” is no ISO code of a country.")
        for alias in rows.texts(code):
            spellings.append({"alias": alias_key(alias), "country": code})
    put_many(CountryAlias, tally, "alias", spellings)


def load_categories(calendar: Calendar, tally: Tally) -> None:
    rows = [row.only("slug", "name", "retired_on") for row in read_list("categories")]
    named = [
        {
            "slug": row.text("slug"),
            "name": row.text("name"),
            "position": position,
            "retired_on": row.day_or_none("retired_on"),
        }
        for position, row in enumerate(rows)
    ]
    put_many(Category, tally, "slug", named)


def load_areas(calendar: Calendar, tally: Tally) -> None:
    """Areas with their dated names, then what became of them."""
    categories = {category.slug: category for category in Category.objects.all()}
    rows = [row.only("slug", "category", "name", "names", "since", "until") for row in read_list("areas")]
    areas = put_many(
        Area,
        tally,
        "slug",
        [
            {
                "slug": row.text("slug"),
                "name": (row.entries("names") or [row])[-1].text("name"),
                "category": row.found("category", row.text("category"), categories),
                "starts": row.day("since"),
                "ends": row.day_or_none("until"),
            }
            for row in rows
        ],
    )
    named = {areas[row["slug"]].pk: _names_of(row, areas[row["slug"]], categories) for row in rows}
    put_owned(AreaName, tally, "area", named)
    _load_successions(tally, areas)


def _names_of(row: Entry, area: Area, categories: dict[str, Category]) -> list[dict[str, object]]:
    """Each name from its day to the day before the next."""
    names = row.entries("names") or [row]
    starts = [name.day("since") for name in names]
    if starts[0] != area.starts or any(later <= earlier for earlier, later in pairwise(starts)):
        raise row.wrong("the first name begins with the area, and each name after the one before.")
    ends = [start - ONE_DAY for start in starts[1:]] + [area.ends]
    return [
        {
            "name": name.text("name"),
            "category": name.found("category", name.text("category", default=row["category"]), categories),
            "starts": start,
            "ends": end,
        }
        for name, start, end in zip(names, starts, ends, strict=True)
    ]


def _load_successions(tally: Tally, areas: dict[str, Area]) -> None:
    wanted: dict[int, list[dict[str, object]]] = {area.pk: [] for area in areas.values()}
    for row in read_list("successions"):
        row.only("kind", "area", "successors", "on")
        kind, on = row.choice("kind", AreaSuccession.Kind.values), row.day("on")
        area = row.found("area", row.text("area"), areas)
        for slug in row.texts("successors") or [""]:
            successor = row.found("area", slug, areas) if slug else None
            wanted[area.pk].append({"kind": kind, "on": on, "successor": successor})
    put_owned(AreaSuccession, tally, "area", wanted)


def load_agreements(calendar: Calendar, tally: Tally) -> None:
    for row in read_list("agreements"):
        row.only("kind", "title", "needed_for", "versions")
        for version in row.entries("versions"):
            version.only("version", "day", "body", *OTHER_LANGUAGES)
            values = {
                "title": row.text("title"),
                "body": version.text("body"),
                "valid_from": calendar.day(version.number("day")),
            }
            for use in ("acceptance", "summit", "review"):
                values[f"needed_for_{use}"] = use in row.texts("needed_for")
            put(Agreement, tally, values, kind=row.text("kind"), version=version.text("version"))
            _put_wordings(version, tally, original=version.text("body"))


def load_wordings(calendar: Calendar, tally: Tally) -> None:
    for row in read_list("wordings"):
        row.only("words", *OTHER_LANGUAGES)
        _put_wordings(row, tally, original=row.text("words"))


def _put_wordings(row: Entry, tally: Tally, *, original: str) -> None:
    for language in OTHER_LANGUAGES:
        if language in row:
            put(Wording, tally, {"words": row.text(language)}, language=language, original=original)


def load_reason_codes(calendar: Calendar, tally: Tally) -> None:
    for position, row in enumerate(read_list("reason_codes")):
        row.only("use", "code", "label", "sentence")
        values = {"label": row.text("label"), "sentence": row.text("sentence"), "position": position}
        put(ReasonCode, tally, values, use=row.choice("use", ReasonCode.Use.values), code=row.text("code"))


def load_pages(calendar: Calendar, tally: Tally) -> None:
    """The pages as they are delivered. What the office wrote itself stays in force."""
    newest = {(one.page, one.language): one for one in newest_contents()}
    for language in PAGE_LANGUAGES:
        for row in read_list(f"pages_{language}"):
            row.only("page", "title", "lead", "body")
            page = row.choice("page", ContentVersion.Page.values)
            texts = {name: row.text(name) for name in ("title", "lead", "body")}
            last = newest.get((page, language))
            if last is not None and (
                not last.delivered or all(getattr(last, key) == text for key, text in texts.items())
            ):
                tally.same += 1
                continue
            shown = last.number if last else 0
            publish_content(page, language, by=None, shown=shown, delivered=True, **texts)
            if last:
                tally.changed += 1
            else:
                tally.new += 1
