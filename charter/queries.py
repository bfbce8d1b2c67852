"""What the program says today: itself, its open cycle, its areas, the region of a country, texts to sign."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from charter.models import (
    Agreement,
    Area,
    AreaName,
    AreaSuccession,
    Category,
    ContentVersion,
    Cycle,
    Program,
    ReasonCode,
    Region,
    RegionCountry,
)
from common import clock, prepared
from common.joined import Joined

PROGRAM, CYCLE = Joined(program=Program), Joined(cycle=Cycle)
READ_PROGRAM = f"SELECT {PROGRAM.columns} FROM charter_program AS program LIMIT 1"  # noqa: S608  names of columns
READ_BEGUN_CYCLES = f"""
    SELECT {CYCLE.columns} FROM charter_cycle AS cycle WHERE opens_at <= %s::timestamptz
    ORDER BY opens_at DESC LIMIT 5
"""  # noqa: S608  names of columns


READ_CONTENT_VERSION = """
    SELECT md5(string_agg(concat(id, ' ', xmin, ctid), ',' ORDER BY id)) FROM charter_contentversion WHERE page = %s
"""


def program() -> Program:
    """The program's one row; an unsaved, nameless one on a site that was never seeded."""
    rows = prepared.fetch(READ_PROGRAM, [])
    if not rows:
        return Program(name="", award_name="", organiser="", first_year=1, current_year=1)
    found: Program = PROGRAM.split(rows[0])[0]
    return found


@lru_cache(maxsize=4)
def program_of(version: str) -> Program:
    """The program, read once for a version of its row, which whoever asks has just read: no version comes twice."""
    return program()


def grace(cycle: Cycle) -> dt.timedelta:
    """How long after a printed end the doors stay open without a word."""
    return dt.timedelta(minutes=cycle.grace_minutes)


def cycle_open_for_nominations(now: dt.datetime | None = None) -> Cycle | None:
    """The cycle that takes nominations at this moment, its silent grace included; the newest if several do."""
    now = now or clock.now()
    candidates = (CYCLE.split(row)[0] for row in prepared.fetch(READ_BEGUN_CYCLES, [now]))
    return next((cycle for cycle in candidates if now <= cycle.closes_at + grace(cycle)), None)


def next_cycle(now: dt.datetime | None = None) -> Cycle | None:
    """The cycle whose nominations open next."""
    return Cycle.objects.filter(opens_at__gt=now or clock.now()).order_by("opens_at").first()


def last_closed_cycle(now: dt.datetime | None = None) -> Cycle | None:
    """The cycle whose nominations closed last."""
    return Cycle.objects.filter(closes_at__lt=now or clock.now()).order_by("-closes_at").first()


def areas_open_on(day: dt.date | None = None) -> QuerySet[Area]:
    """The technology areas that can be chosen on a day, with their categories."""
    day = day or clock.today()
    return (
        Area.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)
        .select_related("category")
        .order_by("name")
    )


READ_OPEN_AREAS = """
    SELECT category.name, area.slug, area.name
    FROM charter_area AS area JOIN charter_category AS category ON category.id = area.category_id
    WHERE area.starts <= %s::date AND (area.ends IS NULL OR area.ends >= %s::date)
    ORDER BY area.name
"""


def areas_to_choose_from(day: dt.date | None = None) -> list[tuple[str, str, str]]:
    """``areas_open_on`` as names: (category, slug, area)."""
    day = day or clock.today()
    return prepared.fetch(READ_OPEN_AREAS, [day, day])


def region_of(country: str, day: dt.date | None = None) -> Region | None:
    """The region that a country belongs to on a day."""
    day = day or clock.today()
    return (
        Region.objects.filter(
            Q(countries__ends__isnull=True) | Q(countries__ends__gte=day),
            countries__country=country,
            countries__starts__lte=day,
        ).first()
        if country
        else None
    )


def agreements_in_force(day: dt.date | None = None) -> list[Agreement]:
    """The current version of each agreement."""
    return list(
        Agreement.objects.filter(valid_from__lte=day or clock.today())
        .order_by("kind", "-valid_from", "-id")
        .distinct("kind")
    )


def agreements_for_acceptance(day: dt.date | None = None) -> list[Agreement]:
    """What a nominee signs when accepting."""
    return [agreement for agreement in agreements_in_force(day) if agreement.needed_for_acceptance]


def reasons_for(use: str) -> QuerySet[ReasonCode]:
    """The reason codes of one use, in their order."""
    return ReasonCode.objects.filter(use=use)


def every_category() -> QuerySet[Category]:
    """All award categories, retired ones too, in their order."""
    return Category.objects.order_by("position", "name")


def every_area() -> list[Area]:
    """All technologies, closed ones too, by name."""
    return list(Area.objects.select_related("category").order_by("name", "pk"))


def area_keys(slugs: Iterable[str]) -> dict[str, int]:
    """Slug → key of the technologies that there are."""
    return dict(Area.objects.filter(slug__in=list(slugs)).values_list("slug", "pk"))


def regions_on(day: dt.date) -> list[tuple[Region, list[str]]]:
    """Every region with the countries that belong to it on a day."""
    spans = RegionCountry.objects.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)
    countries: defaultdict[int, list[str]] = defaultdict(list)
    for region, country in spans.order_by("country").values_list("region_id", "country"):
        countries[region].append(str(country))
    return [(region, countries[region.pk]) for region in Region.objects.order_by("position", "name")]


def cycles_begun() -> QuerySet[Cycle]:
    """Rounds whose window has opened or is announced, the newest first."""
    return Cycle.objects.order_by("-opens_at")


def areas_with_successors() -> dict[int, set[int]]:
    """Each area's key → its own and those of all areas that followed it, however many times."""
    followers: dict[int, set[int]] = defaultdict(set)
    pairs = AreaSuccession.objects.exclude(successor=None).values_list("area_id", "successor_id")
    for area_id, successor_id in pairs:
        followers[area_id].add(successor_id)
    return {area_id: _reach(area_id, followers) for area_id in followers}


def areas_named() -> Iterable[tuple[int, str]]:
    """Every name that an area has or had: ``(key, name)``."""
    yield from Area.objects.values_list("pk", "name")
    yield from AreaName.objects.values_list("area_id", "name")


PLACES_NAMED = """
    SELECT 'area', id, slug, name FROM charter_area
    UNION SELECT 'area', area_id, '', name FROM charter_areaname
    UNION ALL SELECT 'region', id, slug, name FROM charter_region
"""


def places_named() -> list[tuple[str, int, str, str]]:
    """Every name that an area or a region has or had, in one statement: ``("area" or "region", key, slug, name)``."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES_NAMED)
        return cursor.fetchall()


def _reach(start: int, followers: dict[int, set[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        new = followers.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached


def cycle_at(slug: str) -> Cycle | None:
    """The cycle at an address."""
    return Cycle.objects.filter(slug=slug).first()


def agreement_in_force(kind: str, day: dt.date | None = None) -> Agreement | None:
    """The current version of one agreement."""
    return (
        Agreement.objects.filter(kind=kind, valid_from__lte=day or clock.today())
        .order_by("-valid_from", "-id")
        .first()
    )


def content_shown(page: str, language: str) -> ContentVersion | None:
    """The newest text of a page in a language, else in the site's own; ``newer`` says that the site's own is younger."""
    fallback = settings.LANGUAGE_CODE
    newest = newest_contents().filter(page=page, language__in=[language, fallback])
    found = {version.language: version for version in newest}
    shown, original = found.get(language), found.get(fallback)
    if shown is None:
        return original
    shown.is_behind = original is not None and original.published_at > shown.published_at  # type: ignore[attr-defined]
    return shown


def texts_version(page: str) -> list[tuple[Any, ...]]:
    """Changes with the texts of a page in any language."""
    return prepared.fetch(READ_CONTENT_VERSION, [page])


def newest_contents() -> QuerySet[ContentVersion]:
    """The text in force of each page in each language."""
    return ContentVersion.objects.order_by("page", "language", "-number").distinct("page", "language")


def contents_by_page() -> list[tuple[str, str, list[tuple[str, str, ContentVersion | None]]]]:
    """Every page with each language of the site: ``(page, its name, [(language, its name, newest version)])``."""
    newest = {(one.page, one.language): one for one in newest_contents().defer("body", "html")}
    return [
        (
            page,
            str(label),
            [(code, str(name), newest.get((page, code))) for code, name in settings.LANGUAGES],
        )
        for page, label in ContentVersion.Page.choices
    ]


def content_versions(page: str, language: str) -> list[ContentVersion]:
    """All versions of one text, the newest first, without their words."""
    versions = ContentVersion.objects.filter(page=page, language=language).order_by("-number")
    return list(versions.defer("body", "html"))


def content_version(page: str, language: str, number: int) -> ContentVersion | None:
    """One version; number 0 is the newest."""
    versions = ContentVersion.objects.filter(page=page, language=language).order_by("-number")
    return (versions.filter(number=min(number, 2**31 - 1)) if number else versions).first()


def versions_after(text: ContentVersion) -> tuple[ContentVersion, ContentVersion] | None:
    """What took the place of a version, and what stands there now; None while it is in force. Without their words."""
    later = ContentVersion.objects.filter(page=text.page, language=text.language, number__gt=text.number)
    found = list(later.order_by("number").defer("body", "html"))
    return (found[0], found[-1]) if found else None


def visible_content_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Who published which page when is for office and auditor."""
    return set(keys) if user.holds("program_office") or user.holds("auditor") else set()
