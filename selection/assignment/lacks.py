"""What came out: loads, quality, and what cases lack, with the code of the rule that stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from selection.assignment.pairs import Ints, Pairs, Task, in_order

PLACES, WITH_EXPERT, WITH_OUTSIDER = "places", "expert", "outsider"  # what a case can lack
# Why a place stays open, or a case lacks its expert or outsider.
TOO_FEW = "too_few_candidates"  # fewer people may review the case than it needs
SAME_EMPLOYER = "same_employer"  # all who have room share an employer with a reviewer of the case
CAPACITY = "capacity"  # all who may review it have as much as they take
NO_EXPERT, EXPERTS_FULL = "no_expert", "experts_full"
NO_OUTSIDER, OUTSIDERS_FULL = "no_outsider", "outsiders_full"
NO_PLACE_LEFT = "no_place_left"  # running tasks, or the other wish, take the places
TIME = "time"  # the solver gave up
FINAL = (TOO_FEW, NO_EXPERT, NO_OUTSIDER, NO_PLACE_LEFT, TIME)  # a longer list would not help


@dataclass(frozen=True)
class Lack:
    """What a case did not get: so many ``places``, an ``expert`` or an ``outsider``; and why."""

    case: int
    of: str
    why: str
    count: int = 1


@dataclass(frozen=True)
class ClassOfLoads:
    """The loads of those who have one capacity."""

    capacity: int
    reviewers: int
    least: int
    most: int


@dataclass(frozen=True)
class Figures:
    """How good an assignment is; running tasks are counted in.

    ``expert`` and ``outsider`` are shares of cases with as many as wanted, from 0 to 1; ``affinity`` is the mean of all pairs, nan
    without any. ``even`` says whether loads lie within 1 where capacities are equal.
    """

    places: int
    filled: int
    expert: float
    outsider: float
    affinity: float
    loads: tuple[ClassOfLoads, ...]
    even: bool


@dataclass(frozen=True)
class Assigned:
    """What ``assign`` found: the new pairs, the load of each reviewer with running tasks, and what lacks.

    ``in_the_way``: the codes of the rules that keep a full assignment from existing, the most frequent first;
    empty if nothing lacks.
    """

    pairs: Pairs
    loads: Ints
    lacks: tuple[Lack, ...]
    figures: Figures
    in_the_way: tuple[str, ...]


def described(task: Task, chosen: Pairs, *, gave_up: bool) -> Assigned:
    every = task.fixed.plus(chosen)
    loads = np.bincount(every.reviewer, minlength=len(task.capacity))
    lacks = lacks_of(task, chosen, gave_up=gave_up)
    return Assigned(
        pairs=in_order(chosen),
        loads=loads,
        lacks=lacks,
        figures=_figures(task, every, loads),
        in_the_way=ways_of(lacks),
    )


def ways_of(lacks: Iterable[Lack]) -> tuple[str, ...]:
    """The codes behind these lacks, the most frequent first."""
    codes = [one.why for one in lacks for _time in range(one.count)]
    return tuple(sorted(set(codes), key=lambda code: (-codes.count(code), code)))


def _figures(task: Task, every: Pairs, loads: Ints) -> Figures:
    classes = tuple(
        ClassOfLoads(int(size), int(same.sum()), int(loads[same].min()), int(loads[same].max()))
        for size in np.unique(task.capacity)
        for same in [task.capacity == size]
    )
    wanted = max(1, task.cases)
    return Figures(
        places=int(task.needed.sum()),
        filled=len(every),
        expert=int((np.bincount(every.case[every.expert], minlength=task.cases) >= task.experts).sum())
        / wanted,
        outsider=int((np.bincount(every.case[every.outsider], minlength=task.cases) >= task.outsiders).sum())
        / wanted,
        affinity=float(every.affinity.mean()) if len(every) else float("nan"),
        loads=classes,
        even=all(one.most - one.least <= 1 for one in classes),
    )


def lacks_of(task: Task, chosen: Pairs, *, gave_up: bool) -> tuple[Lack, ...]:
    """What cases did not get, and why, by case."""
    every = in_order(task.fixed.plus(chosen))
    got = np.bincount(every.case, minlength=task.cases)
    left = task.capacity - np.bincount(every.reviewer, minlength=len(task.capacity))
    missing = np.maximum(0, task.needed - got)
    wants = dict(zip((WITH_EXPERT, WITH_OUTSIDER), task.lacking(every), strict=True))
    lacks: list[Lack] = []
    for case in np.flatnonzero(missing + wants[WITH_EXPERT] + wants[WITH_OUTSIDER]).tolist():
        first, last = np.searchsorted(task.pairs.case, [case, case + 1])
        has = every.reviewer[slice(*np.searchsorted(every.case, [case, case + 1]))]
        here = _Here(task.pairs.take(slice(first, last)), has, left, _colleagues(has, task.employers))
        if missing[case]:
            why = TIME if gave_up else here.why_open(int(task.needed[case]))
            lacks.append(Lack(case, PLACES, why, int(missing[case])))
        for wish in (WITH_EXPERT, WITH_OUTSIDER):
            if wants[wish][case]:
                why = TIME if gave_up else here.why_without(wish)
                lacks.append(Lack(case, wish, why, int(wants[wish][case])))
    return tuple(lacks)


def _colleagues(people: Ints, employers: Ints) -> Ints:
    """Everybody who shares an employer with one of ``people``, they themselves included."""
    theirs = employers[np.isin(employers[:, 0], people), 1]
    return employers[np.isin(employers[:, 1], theirs), 0]


@dataclass(frozen=True)
class _Here:
    """One case after the solution: who was offered, who has it, what room each reviewer has left."""

    offered: Pairs
    has: Ints
    left: Ints
    colleagues: Ints

    def why_open(self, needed: int) -> str:
        others = self._others(self.offered)
        if len(others) + len(self.has) < needed:
            return TOO_FEW
        barred = np.isin(others, self.colleagues)
        return SAME_EMPLOYER if barred.all() or (self.left[others] > 0).any() else CAPACITY

    def why_without(self, wish: str) -> str:
        expert = wish == WITH_EXPERT
        able = self._others(self.offered.take(self.offered.expert if expert else self.offered.outsider))
        if not len(able):
            return NO_EXPERT if expert else NO_OUTSIDER
        if not (self.left[able] > 0).any():
            return EXPERTS_FULL if expert else OUTSIDERS_FULL
        free = able[self.left[able] > 0]
        return SAME_EMPLOYER if np.isin(free, self.colleagues).all() else NO_PLACE_LEFT

    def _others(self, pairs: Pairs) -> Ints:
        return np.setdiff1d(pairs.reviewer, self.has)
