"""Short lists of reviewers for each case, and an assignment made from them. Pure: numpy alone.

12,000 cases × 3,300 reviewers are 40 million pairs; a list of 24 a case keeps the program of
``selection.assignment`` small and costs hardly any affinity. ``plan`` makes lists, checks that they can work, makes
those longer that can't, and assigns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from selection.assignment.lacks import (
    CAPACITY,
    EXPERTS_FULL,
    FINAL,
    NO_EXPERT,
    NO_OUTSIDER,
    OUTSIDERS_FULL,
    TOO_FEW,
    Assigned,
    ways_of,
)
from selection.assignment.pairs import NO_EMPLOYERS, NO_PAIRS, Flags, Floats, Ints, Pairs, in_order
from selection.assignment.program import short_of
from selection.assignment.solving import assign

EXPERT = 2  # the level of expertise from which somebody is an expert in an area
LIST, LONGEST_LIST = 24, 40
COLLEAGUES = 2  # at most so many of one employer in each third of a list, while others are to be had
EXPERTISE_WEIGHT, LANGUAGE_WEIGHT, REGION_WEIGHT = 0.6, 0.25, 0.15


@dataclass(frozen=True)
class Cases:
    """The cases to review, (cases,) each: codes of area, category, language, region (-1: not known) and scope.

    A scope is a set of people who may review at all (``Panel.allowed``), such as those of a category.
    """

    area: Ints
    category: Ints
    language: Ints
    region: Ints
    scope: Ints

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True)
class Panel:
    """The reviewers.

    ``level`` (areas, reviewers): expertise 0 to 3. ``category`` (areas,): the category of each area.
    ``language`` (languages, reviewers), ``region`` (regions, reviewers) and ``allowed`` (scopes, reviewers):
    who reads, lives in, may review which. ``room`` (reviewers,): how many tasks each takes, running ones
    included. ``employers`` (k, 2): reviewer and code of an employer.
    """

    level: NDArray[np.int8]
    category: Ints
    language: Flags
    region: Flags
    allowed: Flags
    room: Ints
    employers: Ints = field(default_factory=lambda: NO_EMPLOYERS)


def affinity(level: Any, same_language: Any, same_region: Any) -> Floats:
    """0.6·expertise/3 + 0.25·reads the case's language + 0.15·lives in its region, from 0 to 1."""
    return np.asarray(
        EXPERTISE_WEIGHT * np.asarray(level) / 3
        + LANGUAGE_WEIGHT * np.asarray(same_language)
        + REGION_WEIGHT * np.asarray(same_region),
        dtype=np.float64,
    )


def known_pairs(cases: Cases, panel: Panel, case: Ints, reviewer: Ints) -> Pairs:
    """These pairs with their affinity and flags: for tasks that run."""
    return _known(cases, panel, _outsiders(panel), case, reviewer)


def _known(cases: Cases, panel: Panel, outsiders: Flags, case: Ints, reviewer: Ints) -> Pairs:
    level = panel.level[cases.area[case], reviewer]
    outsider = outsiders[cases.category[case], reviewer]
    language = _held(panel.language, cases.language[case], reviewer)
    region = _held(panel.region, cases.region[case], reviewer)
    return Pairs(case, reviewer, affinity(level, language, region), level >= EXPERT, outsider)


def candidate_pairs(
    cases: Cases,
    panel: Panel,
    *,
    barred: Ints,
    at_most: int = LIST,
    which: Ints | None = None,
    offered: Any = None,
) -> Pairs:
    """A list of at most ``at_most`` reviewers for each case, or for the cases in ``which``.

    A third of a list is kept for experts and a third for outsiders, where there are so many; the rest are the
    best of all. The best are those of the highest affinity less half the share of lists that a reviewer is on
    already (1 = as many as the mean, by the room each has), so that nobody is on many lists or on none. At most
    2 of one employer are in each third while others are to be had. ``barred`` (k, 2): case and reviewer of each tie,
    never on a list; nor is somebody without room. ``offered`` (reviewers,): the count of lists to begin with.
    """
    lists = _Lists(cases, panel, np.asarray(barred, dtype=np.int64).reshape(-1, 2), offered)
    number = np.arange(len(cases)) if which is None else np.asarray(which, dtype=np.int64)
    found = list(lists.of(number, at_most))
    return in_order(Pairs(*(np.concatenate(one) for one in zip(*found, strict=True)))) if found else NO_PAIRS


def plan(
    cases: Cases,
    panel: Panel,
    *,
    barred: Ints,
    needed: Any = 3,
    fixed: Pairs = NO_PAIRS,
    experts: int = 1,
    outsiders: int = 1,
    seconds: float = 600.0,
) -> Assigned:
    """Lists, the check that they can work, longer lists for the cases where they can't, and the assignment.

    Cases that still lack something get lists of 40 of the people with the most room, once, and all is solved
    again: lists that are too short never stand in the way.
    """
    want = np.broadcast_to(np.asarray(needed, dtype=np.int64), (len(cases),))
    busy = np.bincount(fixed.reviewer, minlength=len(panel.room))
    places = np.maximum(0, want - np.bincount(fixed.case, minlength=len(cases)))
    barred = np.vstack([np.asarray(barred, dtype=np.int64).reshape(-1, 2), _columns(fixed)])
    pairs = candidate_pairs(cases, panel, barred=barred, which=np.flatnonzero(places))
    short = np.flatnonzero(short_of(pairs, places, np.maximum(0, panel.room - busy)))
    pairs = _widened(pairs, cases, panel, barred, short, busy)
    solve = partial(
        assign,
        cases=len(cases),
        capacity=panel.room,
        needed=want,
        fixed=fixed,
        employers=panel.employers,
        experts=experts,
        outsiders=outsiders,
        seconds=seconds,
    )
    first = solve(pairs)
    lacking = np.array(sorted({one.case for one in first.lacks if one.why not in FINAL}), dtype=np.int64)
    wider = _widened(pairs, cases, panel, barred, lacking, first.loads)
    found = first if len(wider) == len(pairs) else solve(wider)
    return _explained(found, cases, panel, barred)


def _explained(found: Assigned, cases: Cases, panel: Panel, barred: Ints) -> Assigned:
    """Lists hold nobody who had no room from the start: where such people are the lack, it is one of room."""
    outsiders = _outsiders(panel)
    lacks = []
    for one in found.lacks:
        free = panel.allowed[cases.scope[one.case]].copy()
        free[barred[barred[:, 0] == one.case, 1]] = False
        free[found.pairs.reviewer[found.pairs.case == one.case]] = False
        expert = panel.level[cases.area[one.case]] >= EXPERT
        why = {
            TOO_FEW: CAPACITY if free.sum() >= one.count else TOO_FEW,
            NO_EXPERT: EXPERTS_FULL if (free & expert).any() else NO_EXPERT,
            NO_OUTSIDER: OUTSIDERS_FULL
            if (free & outsiders[cases.category[one.case]]).any()
            else NO_OUTSIDER,
        }.get(one.why, one.why)
        lacks.append(replace(one, why=why))
    return replace(found, lacks=tuple(lacks), in_the_way=ways_of(lacks))


def _columns(pairs: Pairs) -> Ints:
    return np.column_stack([pairs.case, pairs.reviewer])


def _widened(pairs: Pairs, cases: Cases, panel: Panel, barred: Ints, which: Ints, loads: Ints) -> Pairs:
    """``pairs`` with lists of 40 for ``which``, of those with the fewest tasks, beside what stood there."""
    if not len(which):
        return pairs
    held = pairs.take(np.isin(pairs.case, which))
    rest = LONGEST_LIST - int(np.bincount(held.case).max(initial=0))
    listed = np.vstack([barred, _columns(held)])
    spare = replace(panel, room=np.where(loads < panel.room, panel.room, 0))
    more = candidate_pairs(cases, spare, barred=listed, at_most=rest, which=which, offered=loads)
    return in_order(pairs.plus(more))


def _outsiders(panel: Panel) -> Flags:
    """(categories, reviewers): expertise 0 in every area of the category."""
    knows = np.zeros((int(panel.category.max(initial=0)) + 1, panel.level.shape[1]), dtype=bool)
    np.logical_or.at(knows, panel.category, panel.level > 0)
    return ~knows


def _held(table: Flags, code: Any, reviewer: Any) -> Flags:
    """``table[code, reviewer]``, and no where the code is -1."""
    if not len(table):
        return np.zeros(np.broadcast_shapes(np.shape(code), np.shape(reviewer)), dtype=bool)
    return np.asarray(table[np.maximum(code, 0), reviewer] & (np.asarray(code) >= 0))


class _Lists:
    """Makes candidate lists one after the other; remembers how many each reviewer is on."""

    def __init__(self, cases: Cases, panel: Panel, barred: Ints, offered: Any) -> None:
        self.cases, self.panel = cases, panel
        self.barred = barred[np.argsort(barred[:, 0], kind="stable")]
        self.outsiders = _outsiders(panel)
        self.room = np.maximum(panel.room, 1) / max(1.0, float(np.mean(np.maximum(panel.room, 1))))
        count = len(panel.room)
        self.offered = np.zeros(count) if offered is None else np.asarray(offered, dtype=np.float64).copy()
        self.employer = -1 - np.arange(count)  # somebody without an employer has none in common with others
        self.employer[panel.employers[::-1, 0]] = panel.employers[::-1, 1]

    def of(self, which: Ints, at_most: int) -> Iterator[tuple[Any, ...]]:
        """The columns of ``Pairs`` for each case; cases alike in all that counts share the work."""
        alike = np.column_stack(
            [getattr(self.cases, name)[which] for name in ("area", "category", "language", "region", "scope")]
        )
        _profiles, group = np.unique(alike, axis=0, return_inverse=True)
        order = np.argsort(group.ravel(), kind="stable")
        bounds = np.flatnonzero(np.diff(group.ravel()[order], prepend=-1, append=-1))
        for first, last in pairwise(bounds):
            members = which[order[first:last]]
            yield from self._alike(members, at_most)

    def _alike(self, members: Ints, at_most: int) -> Iterator[tuple[Any, ...]]:
        case = int(members[0])
        people = np.flatnonzero(self.panel.allowed[self.cases.scope[case]] & (self.panel.room > 0))
        known = _known(self.cases, self.panel, self.outsiders, np.full(len(people), case), people)
        for member in members.tolist():
            first, last = np.searchsorted(self.barred[:, 0], [member, member + 1])
            free = ~np.isin(people, self.barred[first:last, 1])
            chosen = self._choose(known, free, at_most)
            self.offered[people[chosen]] += 1
            yield (
                np.full(len(chosen), member),
                people[chosen],
                known.affinity[chosen],
                known.expert[chosen],
                known.outsider[chosen],
            )

    def _choose(self, known: Pairs, free: Flags, at_most: int) -> Ints:
        """Indices into ``known``: a third experts, a third outsiders, the best of the others."""
        crowd = self.offered[known.reviewer] / self.room[known.reviewer]
        worth = known.affinity - 0.5 * crowd / max(1.0, float(self.offered.mean()))
        chosen = [
            self._best(np.flatnonzero(free & flag), worth, known, at_most // 3)
            for flag in (known.expert, known.outsider)
        ]
        left = free.copy()
        for part in chosen:
            left[part] = False
        so_far = sum(len(part) for part in chosen)
        return np.concatenate([*chosen, self._best(np.flatnonzero(left), worth, known, at_most - so_far)])

    def _best(self, index: Ints, worth: Floats, known: Pairs, count: int) -> Ints:
        """The ``count`` of highest worth, those beyond 2 of one employer last; equal ones in order of code."""
        if len(index) > 4 * count:
            index = np.sort(index[np.argpartition(-worth[index], 4 * count)[: 4 * count]])
        ranked = index[np.argsort(-worth[index], kind="stable")]
        employer = self.employer[known.reviewer[ranked]]
        by_employer = np.argsort(employer, kind="stable")
        begins = np.searchsorted(employer[by_employer], employer[by_employer], side="left")
        nth = np.empty(len(ranked), dtype=np.int64)
        nth[by_employer] = np.arange(len(ranked)) - begins
        return ranked[np.argsort(nth >= COLLEAGUES, kind="stable")][:count]
