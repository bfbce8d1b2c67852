"""What a reviewer would miss in a dossier. Pure: rows in, findings out; pages put them into words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contributions.models import ContributionFacts
from nominations.models import DossierItem, Support

EMPTY, TOO_MANY, TOO_MANY_MARKED, OUT_OF_WINDOW = "empty", "too_many", "too_many_marked", "out_of_window"
NO_LINK, NO_REACH, DEAD_LINK, NO_ENDORSEMENT = "no_link", "no_reach", "dead_link", "no_endorsement"
BLOCKING = frozenset({EMPTY, TOO_MANY, TOO_MANY_MARKED, OUT_OF_WINDOW})


@dataclass(frozen=True)
class Finding:
    """One thing that is missing; ``titles`` and ``keys`` are those of the contributions that it is about."""

    code: str
    titles: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Must it be put right before the dossier can be completed?"""
        return self.code in BLOCKING


def is_in_window(facts: ContributionFacts, first: dt.date, last: dt.date) -> bool:
    """Does any day of the activity lie between the two days, both inclusive?"""
    return facts.starts <= last and (facts.ends or facts.starts) >= first


def findings(
    items: Sequence[DossierItem],
    endorsers: Iterable[Support],
    *,
    window: tuple[dt.date, dt.date],
    at_most: int,
    marked_at_most: int,
) -> list[Finding]:
    """What keeps the dossier from being complete, then what a reviewer would miss."""
    marked = [item for item in items if item.high_impact]
    checks = [
        (EMPTY, not items, ()),
        (TOO_MANY, len(items) > at_most, ()),
        (TOO_MANY_MARKED, len(marked) > marked_at_most, _titles(marked)),
        _about(OUT_OF_WINDOW, [item for item in items if not is_in_window(_as_logged(item), *window)]),
        _about(NO_LINK, [item for item in items if not item.url]),
        _about(DEAD_LINK, [item for item in items if item.url and _is_dead(item)]),
        _about(NO_REACH, [item for item in items if item.type.reach_label and item.reach is None]),
        (NO_ENDORSEMENT, not any(support.given_at for support in endorsers), ()),
    ]
    keys = {item.title: item.contribution.key for item in items if item.contribution}
    return [
        Finding(code, titles, tuple(keys[title] for title in titles if title in keys))
        for code, found, titles in checks
        if found
    ]


def _about(code: str, items: Sequence[DossierItem]) -> tuple[str, bool, tuple[str, ...]]:
    return code, bool(items), _titles(items)


def _titles(items: Sequence[DossierItem]) -> tuple[str, ...]:
    return tuple(item.title for item in items)


def _as_logged(item: DossierItem) -> ContributionFacts:
    """With the days of the log until it is locked."""
    return item if item.frozen_at else item.contribution or item


def _is_dead(item: DossierItem) -> bool:
    return item.contribution is not None and item.contribution.link_answers is False
