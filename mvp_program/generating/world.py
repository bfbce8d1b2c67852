"""What is there before anything is invented: the program's rows and how many people, awards and cases it has."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count

from accounts.models import Role, RoleGrant
from awards.models import Award
from charter.models import (
    Agreement,
    Area,
    AreaName,
    AreaSuccession,
    Category,
    Cycle,
    Program,
    Region,
    RegionCountry,
)
from contributions.models import ContributionType
from mvp_program.seeding.days import Calendar
from selection.models import Criterion, Stage


@dataclass
class World:
    """The program, looked up once and in a fixed order."""

    calendar: Calendar
    program: Program
    cycle: Cycle
    stages: list[Stage]
    areas: dict[str, Area]
    names: dict[str, list[AreaName]]
    elders: dict[str, list[Area]]
    categories: dict[int, Category]
    regions: dict[int, Region]
    countries: dict[str, list[RegionCountry]]
    types: dict[str, ContributionType]
    criteria: list[Criterion]
    agreements: list[Agreement]
    open_areas: list[Area] = field(default_factory=list)
    led: frozenset[int] = frozenset()  # categories with a technology lead of the cast

    def name_on(self, area: Area, day: dt.date) -> AreaName:
        """What the area was called on a day, and in which category."""
        return next(name for name in self.names[area.slug] if _holds(name.starts, name.ends, day))

    def region_on(self, country: str, day: dt.date) -> int | None:
        for span in self.countries.get(country, []):
            if _holds(span.starts, span.ends, day):
                return span.region_id
        return None

    def opened(self, country: str) -> int:
        """The first year in which the country belonged to a region."""
        return min(span.starts.year for span in self.countries[country])


def look_around(calendar: Calendar) -> World:
    """Read everything that inventing needs. The cycle is the one that is in review on the first day."""
    cycle = Cycle.objects.get(slug=str(calendar.year(1)))
    areas = {area.slug: area for area in Area.objects.select_related("category").order_by("slug")}
    names: dict[str, list[AreaName]] = {slug: [] for slug in areas}
    for name in AreaName.objects.select_related("area", "category").order_by("area__slug", "starts"):
        names[name.area.slug].append(name)
    elders: dict[str, list[Area]] = {slug: [] for slug in areas}
    for row in AreaSuccession.objects.select_related("area", "successor").order_by("area__slug", "pk"):
        if row.successor is not None and row.area.ends is not None:
            elders[row.successor.slug].append(areas[row.area.slug])
    countries: dict[str, list[RegionCountry]] = {}
    for span in RegionCountry.objects.order_by("country", "starts"):
        countries.setdefault(str(span.country), []).append(span)
    stages = list(cycle.stages.select_related("rubric").order_by("number"))
    return World(
        calendar=calendar,
        program=Program.objects.get(),
        cycle=cycle,
        stages=stages,
        areas=areas,
        names=names,
        elders=elders,
        categories={category.pk: category for category in Category.objects.order_by("slug")},
        regions={region.pk: region for region in Region.objects.order_by("slug")},
        countries=countries,
        types={kind.code: kind for kind in ContributionType.objects.order_by("code")},
        criteria=list(Criterion.objects.filter(rubric=stages[1].rubric).order_by("position")),
        agreements=list(Agreement.objects.filter(needed_for_acceptance=True).order_by("kind", "version")),
        open_areas=[area for area in areas.values() if area.ends is None],
        led=frozenset(
            RoleGrant.objects.in_force(calendar.first)
            .filter(role=Role.TECHNOLOGY_LEAD, category__isnull=False)
            .values_list("category", flat=True)
        ),
    )


def awards_there(day: dt.date) -> list[Award]:
    """Awards that are in force on a day."""
    return list(Award.objects.filter(state=Award.State.GRANTED, starts__lte=day, ends__gte=day))


def awards_by_year() -> dict[int, int]:
    """How many people held the award in each year."""
    rows = Award.objects.filter(state=Award.State.GRANTED).values("first_year").order_by("first_year")
    return dict(rows.annotate(people=Count("person", distinct=True)).values_list("first_year", "people"))


def _holds(starts: dt.date, ends: dt.date | None, day: dt.date) -> bool:
    return starts <= day and (ends is None or day <= ends)
