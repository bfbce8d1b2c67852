"""Invents contributions: most of them of nominees within the window, the others of holders over the years."""

import datetime as dt
import random
from collections.abc import Iterator

from charter.models import Area
from common.copying import next_ids
from contributions.bulk import ContributionRow
from contributions.models import Contribution, ContributionType
from mvp_program.generating.chance import Keys
from mvp_program.generating.people import Population, Someone
from mvp_program.generating.texts import Texts

# How often a type comes, and the ranges of its numbers: quantity, second quantity, reach.
HABITS: dict[str, tuple[int, tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    "article": (10, (1, 3), (0, 0), (80, 9000)),
    "blog-post": (14, (1, 12), (20, 4000), (60, 20000)),
    "book-author": (1, (1, 1), (0, 0), (200, 6000)),
    "book-co-author": (1, (1, 1), (0, 0), (200, 6000)),
    "conference-staffing": (2, (1, 2), (0, 0), (80, 2000)),
    "documentation": (5, (1, 40), (0, 0), (0, 0)),
    "forum-moderator": (3, (20, 2000), (0, 0), (0, 0)),
    "forum-answers-own": (12, (5, 900), (5, 1200), (200, 90000)),
    "forum-answers-third-party": (14, (5, 900), (5, 1200), (200, 90000)),
    "mentorship": (3, (1, 30), (0, 0), (1, 12)),
    "open-source-own": (2, (1, 3), (0, 0), (1, 80)),
    "open-source-third-party": (5, (1, 5), (0, 0), (1, 400)),
    "user-group-organiser": (4, (2, 12), (0, 0), (12, 600)),
    "conference-organiser": (1, (1, 1), (0, 0), (60, 1500)),
    "product-feedback": (3, (1, 20), (0, 0), (1, 60)),
    "sample-code": (6, (1, 20), (0, 0), (20, 30000)),
    "site-owner": (2, (1, 2), (0, 0), (500, 90000)),
    "speaking-conference": (4, (1, 4), (0, 0), (20, 900)),
    "speaking-user-group": (6, (1, 6), (0, 0), (8, 160)),
    "social-media": (2, (20, 900), (0, 0), (50, 8000)),
    "translation": (2, (1, 60), (0, 0), (0, 0)),
    "video": (4, (1, 20), (0, 0), (50, 60000)),
    "workshop": (2, (1, 6), (0, 0), (0, 0)),
    "other": (1, (1, 5), (0, 0), (5, 400)),
}
DAYS_OF_A_YEAR = 330
MOST_OF_A_DOSSIER = 12


class Log:
    """Everybody's contributions: 4 to 16 of each nominee in the window, the rest spread over holders and years.

    Half a million of them are never in memory at once: ``rows`` invents them one after the other, and puts
    aside only those that the dossiers can pick.
    """

    def __init__(
        self, population: Population, nominees: list[Someone], window: tuple[dt.date, dt.date]
    ) -> None:
        self.population, self.nominees, self.window = population, nominees, window
        self.total = max(population.size.contributions - Contribution.objects.count(), 0)
        self.for_dossiers: dict[int, list[ContributionRow]] = {}
        self._chance = random.Random(f"{population.size.name}/logs")  # noqa: S311  invented activities, no secret
        self._keys, self._ids = Keys(self._chance), iter(sorted(next_ids(Contribution, self.total)))
        self._types = population.world.types
        self._kinds = [code for code in HABITS if code in self._types]
        self._weights = [HABITS[code][0] for code in self._kinds]

    def rows(self) -> Iterator[ContributionRow]:
        """As many as the size says, the nominees' first. Once only: afterwards ``for_dossiers`` is filled."""
        left = self.total
        for one in self.nominees:
            number = min(self._chance.choice((4, 6, 8, 9, 10, 12, 14, 16)), left)
            found = list(self._in_window(one, number))
            self.for_dossiers[one.id] = found[:MOST_OF_A_DOSSIER]
            yield from found
            left -= number
        others = [one for one in self.population.holders if one.years] or self.population.everybody
        while left:
            number = min(self._chance.randrange(1, 12), left)
            yield from self._in_some_year(self._chance.choice(others), number)
            left -= number

    def _in_window(self, one: Someone, number: int) -> Iterator[ContributionRow]:
        first, last = self.window
        for code in self._codes(number):
            yield self._note(
                one, code, first + dt.timedelta(days=self._chance.randrange((last - first).days + 1))
            )

    def _in_some_year(self, one: Someone, number: int) -> Iterator[ContributionRow]:
        """What counted for one of somebody's award years lies in the year before it."""
        year = self._chance.choice(one.years) - 1 if one.years else self.population.world.calendar.year(-1)
        for code in self._codes(number):
            yield self._note(
                one, code, dt.date(year, 1, 1) + dt.timedelta(days=self._chance.randrange(DAYS_OF_A_YEAR))
            )

    def _codes(self, number: int) -> list[str]:
        return self._chance.choices(self._kinds, self._weights, k=number)

    def _note(self, one: Someone, code: str, day: dt.date) -> ContributionRow:
        return invent_activity(
            self.population.texts, self._chance, self._types[code], one.area,
            id=next(self._ids), key=self._keys.take(10), person_id=one.id, slug=one.slug, day=day,
        )  # fmt: skip


def invent_activity(
    texts: Texts,
    chance: random.Random,
    kind: ContributionType,
    area: Area,
    *,
    id: int,
    key: str,
    person_id: int,
    slug: str,
    day: dt.date,
) -> ContributionRow:
    """One contribution of a type and day; some forget the number that reviewers look for."""
    _weight, quantity, second, reach = HABITS[kind.code]
    category = area.category.slug
    linked = kind.link_required or chance.random() < 0.6
    return ContributionRow(
        id=id,
        key=key,
        person_id=person_id,
        type_id=kind.pk,
        area_id=area.pk,
        title=texts.title(kind.code, category, area.name),
        url=f"https://{slug}.example/{kind.code}/{key.lower()}" if linked else "",
        starts=day,
        description=texts.some("descriptions", category, area.name),
        quantity=_number(chance, quantity),
        second_quantity=_number(chance, second),
        reach=_number(chance, reach) if chance.random() < 0.92 else None,
        hours=chance.randrange(1, 60) if chance.random() < 0.3 else None,
        visibility=chance.choices(("everyone", "holders", "office"), (90, 7, 3))[0],
    )


def _number(chance: random.Random, bounds: tuple[int, int]) -> int | None:
    """Between the bounds, small numbers oftener; nothing where the type does not ask."""
    low, high = bounds
    if not high:
        return None
    return low + int((high - low) * chance.random() ** 3)
