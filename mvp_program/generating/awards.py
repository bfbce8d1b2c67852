"""Invents past and present awards: a term for each award year, with the area's name and the region of its day."""

import datetime as dt
import random
from collections.abc import Iterator

from awards.bulk import AwardRow
from awards.models import Award
from charter.models import Area
from mvp_program.generating.chance import Keys
from mvp_program.generating.people import Population, Someone
from mvp_program.generating.world import World

ENDINGS = (Award.EndReason.RETIRED, Award.EndReason.EMPLOYED, Award.EndReason.DECEASED)


def award_rows(population: Population) -> Iterator[AwardRow]:
    chance = random.Random(f"{population.size.name}/awards")  # noqa: S311  invented awards, no secret
    keys, world = Keys(chance), population.world
    this_year = world.calendar.year(0)
    for one in population.holders:
        before = _area_before(world, one, chance)
        second = chance.choice(world.open_areas) if chance.random() < 0.01 and len(one.years) > 2 else None
        for year in one.years:
            day = dt.date(year, 1, 1)
            area = one.area if one.area.starts <= day else before
            yield _award(population, one, area, year, keys, chance, last=year == one.years[-1] < this_year)
            if (
                second is not None
                and second != area
                and second.starts <= day
                and year == one.years[1] < this_year
            ):
                yield _award(population, one, second, year, keys, chance, last=False)


def _area_before(world: World, one: Someone, chance: random.Random) -> Area:
    """What somebody held before the area of today existed: what it grew out of, or another that was open."""
    first = dt.date(one.years[0], 1, 1)
    if one.area.starts <= first:
        return one.area
    until = one.area.starts - dt.timedelta(days=1)
    grown = [
        area for area in world.elders[one.area.slug] if area.starts <= first and (area.ends or until) >= until
    ]
    others = [area for area in world.open_areas if area.starts <= first]
    return chance.choice(grown or others)


def _award(
    population: Population,
    one: Someone,
    area: Area,
    year: int,
    keys: Keys,
    chance: random.Random,
    *,
    last: bool,
) -> AwardRow:
    world, day, ends = population.world, dt.date(year, 1, 1), dt.date(year, 12, 31)
    name = world.name_on(area, day)
    reason = chance.choice(ENDINGS) if last and chance.random() < 0.02 else ""
    if reason:
        ends = day + dt.timedelta(days=chance.randrange(30, 360))
    cites = chance.random() < 0.4
    return AwardRow(
        key=keys.take(8),
        person_id=one.id,
        area_id=area.pk,
        category_id=name.category_id,
        area_name=name.name,
        category_name=name.category.name,
        country=one.country,
        region_id=world.region_on(one.country, day),
        starts=day,
        ends=ends,
        first_year=year,
        last_year=year,
        granted_at=dt.datetime(year, 1, 1, 9, tzinfo=dt.UTC),
        end_reason=reason,
        citation=population.texts.some("citations", name.category.slug, name.name) if cites else "",
    )
