"""Invents contributions: most of them of nominees within the window, the others of holders over the years."""

import datetime as dt
import random
from dataclasses import dataclass

from charter.models import Area
from contributions.bulk import ContributionRow
from contributions.models import Contribution, ContributionType
from mvp_program.generating.chance import Ids, Keys
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


@dataclass
class Log:
    """Everybody's contributions, those of the window within reach of the dossiers."""

    rows: list[ContributionRow]
    in_window: dict[int, list[ContributionRow]]


def keep_logs(population: Population, nominees: list[Someone], window: tuple[dt.date, dt.date]) -> Log:
    """As many contributions as the size says: 4 to 16 of each nominee in the window, the rest spread over holders."""
    chance = random.Random(f"{population.size.name}/logs")  # noqa: S311  invented activities, no secret
    keys, ids, types = Keys(chance), Ids(Contribution), population.world.types
    kinds = [code for code in HABITS if code in types]
    weights = [HABITS[code][0] for code in kinds]
    log, total = Log([], {}), population.size.contributions - Contribution.objects.count()

    def note(one: Someone, code: str, day: dt.date) -> ContributionRow:
        row = invent_activity(
            population.texts, chance, types[code], one.area,
            id=ids.take(), key=keys.take(10), person_id=one.id, slug=one.slug, day=day,
        )  # fmt: skip
        log.rows.append(row)
        return row

    first, last = window
    span = (last - first).days
    for one in nominees:
        number = min(chance.choice((4, 6, 8, 9, 10, 12, 14, 16)), total - len(log.rows))
        for code in chance.choices(kinds, weights, k=number):
            day = first + dt.timedelta(days=chance.randrange(span + 1))
            log.in_window.setdefault(one.id, []).append(note(one, code, day))
    others = [one for one in population.holders if one.years] or population.everybody
    while len(log.rows) < total:
        one = chance.choice(others)
        year = chance.choice(one.years) - 1 if one.years else population.world.calendar.year(-1)
        for code in chance.choices(kinds, weights, k=min(chance.randrange(1, 12), total - len(log.rows))):
            note(one, code, dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(DAYS_OF_A_YEAR)))
    return log


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
