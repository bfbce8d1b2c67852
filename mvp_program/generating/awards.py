"""Invents past and present awards: a term for each award year, with the area's name and the region of its day."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator

from awards.bulk import AwardRow
from charter.models import Area
from mvp_program.generating.people import Someone
from mvp_program.generating.texts import Texts
from mvp_program.generating.world import World

SECOND = 0.01  # of those with more than two years held another area beside their own for one of them


def award_rows(
    people: Iterable[Someone],
    world: World,
    texts: Texts,
    chance: random.Random,
    keys: Iterator[str],
    *,
    second_areas: bool = True,
) -> Iterator[AwardRow]:
    """One award for each award year; without ``second_areas`` exactly so many."""
    this_year = world.calendar.year(0)
    for one in people:
        if not one.years:
            continue
        before = _area_before(world, one, chance)
        second = None
        if second_areas and chance.random() < SECOND and len(one.years) > 2:
            second = chance.choice(world.open_areas)
        for year in one.years:
            day = dt.date(year, 1, 1)
            area = one.area if one.area.starts <= day else before
            yield _award(world, texts, one, area, year, keys, chance, last=year == one.years[-1])
            if (
                second is not None
                and second != area
                and second.starts <= day
                and year == one.years[1] < this_year
            ):
                yield _award(world, texts, one, second, year, keys, chance, last=False)


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
    world: World,
    texts: Texts,
    one: Someone,
    area: Area,
    year: int,
    keys: Iterator[str],
    chance: random.Random,
    *,
    last: bool,
) -> AwardRow:
    day, ends = dt.date(year, 1, 1), dt.date(year, 12, 31)
    name = world.name_on(area, day)
    early = one.ended if last else None
    cites = chance.random() < 0.4
    return AwardRow(
        key=next(keys),
        person_id=one.id,
        area_id=area.pk,
        category_id=name.category_id,
        area_name=name.name,
        category_name=name.category.name,
        country=one.country,
        region_id=world.region_on(one.country, day),
        starts=day,
        ends=early or ends,
        first_year=year,
        last_year=year,
        granted_at=dt.datetime(year, 1, 1, 9, tzinfo=dt.UTC),
        end_reason=one.ending if early else "",
        citation=texts.some("citations", name.category.slug, name.name) if cites else "",
    )
