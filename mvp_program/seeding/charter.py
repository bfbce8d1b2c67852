"""Loads what the program is: the program row, regions, categories, areas, agreements, reason codes."""

import datetime as dt
from itertools import pairwise

from django_countries import countries

from charter.countries import alias_key
from charter.models import (
    Agreement,
    Area,
    AreaName,
    AreaSuccession,
    Category,
    CountryAlias,
    Program,
    ReasonCode,
    Region,
    RegionCountry,
)
from mvp_program.seeding.days import Calendar
from mvp_program.seeding.putting import Tally, put, put_all
from mvp_program.seeding.reading import Entry, read_entry, read_list

ONE_DAY = dt.timedelta(days=1)


def load_program(calendar: Calendar, tally: Tally) -> None:
    row = read_entry("program").only(
        "name", "award_name", "tagline", "lead", "organiser", "organiser_domains", "public_mail_domains",
        "office_email", "zone", "first_year",
    )  # fmt: skip
    texts = ("name", "award_name", "tagline", "lead", "organiser", "office_email", "zone")
    values = {name: row.text(name) for name in texts}
    lists = {name: row.texts(name) for name in ("organiser_domains", "public_mail_domains")}
    years = {"first_year": row.number("first_year"), "current_year": calendar.year(0)}
    put(Program, tally, values | lists | years, id=1)


def load_regions(calendar: Calendar, tally: Tally) -> None:
    """Regions and their countries. A country that moved keeps its earlier region until the day before."""
    rows = read_list("regions")
    regions = {
        row.text("slug"): put(
            Region, tally, {"name": row.text("name"), "position": position}, slug=row.text("slug")
        )
        for position, row in enumerate(rows)
    }
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
    for slug, region in regions.items():
        put_all(RegionCountry, tally, spans[slug], region=region)


def _countries(row: Entry, name: str) -> list[str]:
    for code in row.texts(name):
        if code not in countries.countries:
            raise row.wrong(f"“{code}” is no ISO code of a country.")
    return row.texts(name)


def load_countries(calendar: Calendar, tally: Tally) -> None:
    rows = read_entry("countries")
    for code in rows:
        if code not in countries.countries:
            raise rows.wrong(f"“{code}” is no ISO code of a country.")
        for alias in rows.texts(code):
            put(CountryAlias, tally, {"country": code}, alias=alias_key(alias))


def load_categories(calendar: Calendar, tally: Tally) -> None:
    for position, row in enumerate(read_list("categories")):
        row.only("slug", "name", "retired_on")
        values = {
            "name": row.text("name"),
            "position": position,
            "retired_on": row.day_or_none("retired_on"),
        }
        put(Category, tally, values, slug=row.text("slug"))


def load_areas(calendar: Calendar, tally: Tally) -> None:
    """Areas with their dated names, then what became of them."""
    categories = {category.slug: category for category in Category.objects.all()}
    for row in read_list("areas"):
        row.only("slug", "category", "name", "names", "since", "until")
        names = row.entries("names") or [row]
        category = row.found("category", row.text("category"), categories)
        values = {
            "name": names[-1].text("name"),
            "category": category,
            "starts": row.day("since"),
            "ends": row.day_or_none("until"),
        }
        area = put(Area, tally, values, slug=row.text("slug"))
        starts = [name.day("since") for name in names]
        if starts[0] != area.starts or any(later <= earlier for earlier, later in pairwise(starts)):
            raise row.wrong("the first name begins with the area, and each name after the one before.")
        ends = [start - ONE_DAY for start in starts[1:]] + [area.ends]
        wanted = [
            {
                "name": name.text("name"),
                "category": name.found("category", name.text("category", default=category.slug), categories),
                "starts": start,
                "ends": end,
            }
            for name, start, end in zip(names, starts, ends, strict=True)
        ]
        put_all(AreaName, tally, wanted, area=area)
    _load_successions(tally)


def _load_successions(tally: Tally) -> None:
    areas = {area.slug: area for area in Area.objects.all()}
    wanted: dict[str, list[dict[str, object]]] = {slug: [] for slug in areas}
    for row in read_list("successions"):
        row.only("kind", "area", "successors", "on")
        kind, on = row.choice("kind", AreaSuccession.Kind.values), row.day("on")
        row.found("area", row.text("area"), areas)
        for slug in row.texts("successors") or [""]:
            successor = row.found("area", slug, areas) if slug else None
            wanted[row.text("area")].append({"kind": kind, "on": on, "successor": successor})
    for slug, area in areas.items():
        put_all(AreaSuccession, tally, wanted[slug], area=area)


def load_agreements(calendar: Calendar, tally: Tally) -> None:
    for row in read_list("agreements"):
        row.only("kind", "title", "needed_for", "versions")
        for version in row.entries("versions"):
            version.only("version", "day", "body")
            values = {
                "title": row.text("title"),
                "body": version.text("body"),
                "valid_from": calendar.day(version.number("day")),
            }
            for use in ("acceptance", "summit", "review"):
                values[f"needed_for_{use}"] = use in row.texts("needed_for")
            put(Agreement, tally, values, kind=row.text("kind"), version=version.text("version"))


def load_reason_codes(calendar: Calendar, tally: Tally) -> None:
    for position, row in enumerate(read_list("reason_codes")):
        row.only("use", "code", "label", "sentence")
        values = {"label": row.text("label"), "sentence": row.text("sentence"), "position": position}
        put(ReasonCode, tally, values, use=row.choice("use", ReasonCode.Use.values), code=row.text("code"))
