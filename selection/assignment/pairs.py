"""Candidate pairs and running tasks as arrays, and which pairs may still be chosen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs, or tasks that run: five arrays of equal length.

    ``expert``: expertise of 2 or more in the case's area; ``outsider``: 0 in every area of its category;
    ``affinity`` from 0 to 1.
    """

    case: Ints
    reviewer: Ints
    affinity: Floats
    expert: Flags
    outsider: Flags

    def __len__(self) -> int:
        return len(self.case)

    def take(self, which: Any) -> "Pairs":
        """The rows that an index array or a mask names."""
        columns = (self.case, self.reviewer, self.affinity, self.expert, self.outsider)
        return Pairs(*(column[which] for column in columns))

    def plus(self, other: "Pairs") -> "Pairs":
        mine = (self.case, self.reviewer, self.affinity, self.expert, self.outsider)
        theirs = (other.case, other.reviewer, other.affinity, other.expert, other.outsider)
        return Pairs(*(np.concatenate(both) for both in zip(mine, theirs, strict=True)))


def pairs_of(
    case: Any, reviewer: Any, affinity: Any = None, expert: Any = None, outsider: Any = None
) -> Pairs:
    """``Pairs`` from anything that numpy takes for an array; what is left out is 0 or no."""
    length = len(case)
    return Pairs(
        np.asarray(case, dtype=np.int64),
        np.asarray(reviewer, dtype=np.int64),
        np.zeros(length) if affinity is None else np.asarray(affinity, dtype=np.float64),
        np.zeros(length, dtype=bool) if expert is None else np.asarray(expert, dtype=bool),
        np.zeros(length, dtype=bool) if outsider is None else np.asarray(outsider, dtype=bool),
    )


def in_order(pairs: Pairs) -> Pairs:
    """By case, then reviewer."""
    return pairs.take(np.lexsort((pairs.reviewer, pairs.case)))


NO_PAIRS = pairs_of([], [])
NO_EMPLOYERS: Ints = np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Task:
    """The arguments of ``assign`` as arrays."""

    pairs: Pairs
    cases: int
    capacity: Ints
    needed: Ints
    fixed: Pairs
    employers: Ints
    experts: int
    outsiders: int
    seconds: float

    @property
    def places(self) -> Ints:
        """(cases,) how many reviewers are still to be found."""
        return np.maximum(0, self.needed - np.bincount(self.fixed.case, minlength=self.cases))

    @property
    def busy(self) -> Ints:
        """(reviewers,) how many tasks run."""
        return np.bincount(self.fixed.reviewer, minlength=len(self.capacity))

    @property
    def room(self) -> Ints:
        """(reviewers,) how many more tasks each takes."""
        return np.maximum(0, self.capacity - self.busy)

    @property
    def wants(self) -> tuple[Ints, Ints]:
        """(cases,) twice: how many experts and outsiders a case with open places still lacks."""
        return self.lacking(self.fixed)

    def lacking(self, tasks: Pairs) -> tuple[Ints, Ints]:
        """The same, were these the tasks of all cases."""
        pairs = ((tasks.expert, self.experts), (tasks.outsider, self.outsiders))
        expert, outsider = (
            np.maximum(0, least - np.bincount(tasks.case[flag], minlength=self.cases)) * (self.places > 0)
            for flag, least in pairs
        )
        return expert, outsider


def usable(task: Task) -> Flags:
    """Which pairs may be chosen: an open place, room, no running task on the case, no colleague on it."""
    count = len(task.capacity)
    codes = task.pairs.case * count + task.pairs.reviewer
    usable = (task.places[task.pairs.case] > 0) & (task.room[task.pairs.reviewer] > 0)
    usable &= ~np.isin(codes, task.fixed.case * count + task.fixed.reviewer)
    if len(task.employers) and len(task.fixed):
        taken = employed(task.fixed, task.employers)[1]
        rows, group = employed(task.pairs, task.employers)
        usable[rows[np.isin(group, taken)]] = False
    return usable


def employed(pairs: Pairs, employers: Ints) -> tuple[Ints, Ints]:
    """The rows of ``pairs`` whose reviewer has an employer, once for each, and a code for case × employer."""
    if not len(pairs) or not len(employers):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    held = employers[np.argsort(employers[:, 0], kind="stable")]
    first = np.searchsorted(held[:, 0], pairs.reviewer, side="left")
    count = np.searchsorted(held[:, 0], pairs.reviewer, side="right") - first
    rows = np.repeat(np.arange(len(pairs)), count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    employer = held[np.repeat(first, count) + within, 1]
    return rows, pairs.case[rows] * (int(held[:, 1].max()) + 1) + employer
