"""Invents those whom the roster alone knows, by the million: no account, no case, awards of this year or long ago.

They come in blocks, and each block is written before the next is invented, so that memory grows with a few bytes a person.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from itertools import pairwise

from awards.models import Award
from common.copying import next_ids
from contributions.bulk import ContributionRow
from contributions.models import Contribution
from mvp_program.generating.careers import careers
from mvp_program.generating.chance import many_keys, shares
from mvp_program.generating.logs import DAYS_OF_A_YEAR, HABITS, invent_activity
from mvp_program.generating.names import Names
from mvp_program.generating.people import Someone, any_area, anywhere, end_some, somewhere
from mvp_program.generating.sizes import Size
from mvp_program.generating.texts import Texts
from mvp_program.generating.world import World
from people.models import Person
from people.queries import Slugs

BLOCK = 25_000  # persons
NEVER_HELD = 0.03  # about


class Crowd:
    """Make it inside the transaction that writes its people: their slugs are free until its end."""

    def __init__(self, world: World, size: Size) -> None:
        self.world, self.size = world, size
        self.chance = random.Random(f"{size.name}/crowd")  # noqa: S311  invented people, no secret
        self.names, self.texts = Names(self.chance, crowd=True), Texts(self.chance)
        self._anywhere, self._any_area = anywhere(size), any_area(size, world)
        self._slugs = Slugs()
        self._keys = self._new_keys(8, size.crowd.persons, Person.objects.values_list("key", flat=True))
        self.award_keys = self._new_keys(8, size.crowd.awards, Award.objects.values_list("key", flat=True))
        self._activity_keys = self._new_keys(
            10, size.crowd.contributions, Contribution.objects.values_list("key", flat=True)
        )
        self._kinds = [code for code in HABITS if code in world.types]
        self._weights = [HABITS[code][0] for code in self._kinds]
        self._lives = self._invent_lives()
        self._today = sum(1 for years in self._lives if self._holds(years))
        self._holders_so_far = 0

    def blocks(self) -> Iterator[list[Someone]]:
        """Everybody, a block at a time."""
        for start in range(0, len(self._lives), BLOCK):
            lives = self._lives[start : start + BLOCK]
            people = [
                self._invent(pk, years) for pk, years in zip(next_ids(Person, len(lives)), lives, strict=True)
            ]
            slugs = self._slugs.take((one.name.written, one.name.latin) for one in people)
            for one, slug in zip(people, slugs, strict=True):
                one.slug = slug
            end_some(people, self.chance, self.world)
            yield people

    def activity_rows(self, people: Iterable[Someone]) -> list[ContributionRow]:
        """What those who hold the award today did in the last year: as many as the size says, once all blocks have passed."""
        holders = [one for one in people if self._holds(one.years)]
        before, self._holders_so_far = self._holders_so_far, self._holders_so_far + len(holders)
        ends = [
            self.size.crowd.contributions * number // max(self._today, 1)
            for number in range(before, self._holders_so_far + 1)
        ]
        ids = iter(next_ids(Contribution, ends[-1] - ends[0]))
        return [
            self._activity(one, next(ids))
            for one, (first, end) in zip(holders, pairwise(ends), strict=True)
            for _number in range(first, end)
        ]

    def _activity(self, one: Someone, pk: int) -> ContributionRow:
        code = self.chance.choices(self._kinds, self._weights)[0]
        day = self.world.calendar.first - dt.timedelta(days=self.chance.randrange(DAYS_OF_A_YEAR))
        return invent_activity(
            self.texts, self.chance, self.world.types[code], one.area,
            id=pk, key=next(self._activity_keys), person_id=one.id, slug=one.slug, day=day,
        )  # fmt: skip

    def _invent(self, pk: int, years: list[int]) -> Someone:
        begins = years[0] if years else self.world.calendar.year(0)
        country = somewhere(self._anywhere, self.chance, self.world, begins)
        place = self.names.countries[country]
        return Someone(
            id=pk,
            key=next(self._keys),
            name=self.names.name(country),
            country=country,
            city=self.chance.choice(place.cities),
            languages=list(dict.fromkeys([self.chance.choice(place.languages), "en"])),
            area=self._any_area.draw(self.chance),
            years=years,
        )

    def _invent_lives(self) -> list[list[int]]:
        """The award years of each, in no order. There are exactly as many years as awards; who has none never held it."""
        crowd, world = self.size.crowd, self.world
        if not crowd.persons:
            return []
        this_year = world.calendar.year(0)
        years = [str(year) for year in range(world.program.first_year, this_year)]
        growth = self.size.growth
        weights = {
            year: float(growth[place * (len(growth) - 1) // max(len(years) - 1, 1)])
            for place, year in enumerate(years)
        }
        holders = {
            int(year): number for year, number in shares(crowd.awards - crowd.in_force, weights).items()
        }
        share = crowd.persons * (1 - NEVER_HELD) / crowd.awards
        lives = careers(self.chance, holders | {this_year: crowd.in_force}, first_year_share=share)
        lives = sorted(lives, key=len)  # the shortest ones are put together where there are more than people
        while len(lives) > crowd.persons:
            self._join_two(lives)
        lives += [[] for _ in range(crowd.persons - len(lives))]
        self.chance.shuffle(lives)
        return lives

    def _join_two(self, lives: list[list[int]]) -> None:
        """One person less with as many award years: two short lives that never meet become one."""
        first = lives.pop(0)
        place = next(place for place, other in enumerate(lives) if not set(first) & set(other))
        lives.append(sorted(first + lives.pop(place)))

    def _holds(self, years: list[int]) -> bool:
        return bool(years) and years[-1] == self.world.calendar.year(0)

    def _new_keys(self, length: int, number: int, taken: Iterable[str]) -> Iterator[str]:
        return many_keys(self.chance, length, number, taken=[key for key in taken if len(key) == length])
