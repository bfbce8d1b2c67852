"""What the program is, for programs: technologies, categories, regions and rounds of the award."""

import datetime as dt
from typing import Any

from ninja import Router, Schema

from charter import queries
from common import clock

router = Router(tags=["Program"])


class CategoryOut(Schema):
    slug: str
    name: str


class AreaOut(Schema):
    """A technology. ``successors`` are the areas that followed it: asking the roster for it finds their people too."""

    slug: str
    name: str
    category: str
    starts: dt.date | None
    ends: dt.date | None
    successors: list[str]


class RegionOut(Schema):
    """A region and the countries that belong to it today, by their two-letter codes (ISO 3166)."""

    slug: str
    name: str
    countries: list[str]


class CycleOut(Schema):
    """A round of the award. Moments are in UTC."""

    slug: str
    name: str
    award_year: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    dossiers_close_at: dt.datetime
    release_planned_at: dt.datetime


@router.get("/categories", response=list[CategoryOut], url_name="categories", summary="Award categories")
def categories(request: Any) -> Any:
    return queries.every_category()


@router.get("/areas", response=list[AreaOut], url_name="areas", summary="Technologies")
def areas(request: Any) -> Any:
    every, followed = queries.every_area(), queries.areas_with_successors()
    slugs = {area.pk: area.slug for area in every}
    return [
        {
            "slug": area.slug,
            "name": area.name,
            "category": area.category.slug,
            "starts": area.starts,
            "ends": area.ends,
            "successors": sorted(slugs[pk] for pk in followed.get(area.pk, set()) - {area.pk}),
        }
        for area in every
    ]


@router.get("/regions", response=list[RegionOut], url_name="regions", summary="Regions and their countries")
def regions(request: Any) -> Any:
    return [
        {"slug": region.slug, "name": region.name, "countries": countries}
        for region, countries in queries.regions_on(clock.today())
    ]


@router.get(
    "/cycles", response=list[CycleOut], url_name="cycles", summary="Rounds of the award, the newest first"
)
def cycles(request: Any) -> Any:
    return queries.cycles_begun()
