"""The sparse program: its matrices, its two solvers, the band of equal loads, and the check by a flow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from selection.assignment.pairs import Floats, Ints, Pairs, Task, employed

PLACE, WISH, LOAD = 8000.0, 400.0, 20.0
NEAR = 1e-6


@dataclass(frozen=True)
class Program:
    """min cost·x with equal·x = equal_to, less·x ≤ less_than, 0 ≤ x ≤ most.

    Columns: the pairs; for each case open places, experts and outsiders that lack; for each reviewer the
    reviews above the band, below it, and inside it.
    """

    cost: Floats
    equal: Any
    equal_to: Floats
    less: Any
    less_than: Floats
    most: Floats
    pairs: int
    cases: int

    def lacking(self, value: Floats) -> float:
        lacks = slice(self.pairs, self.pairs + 3 * self.cases)
        return float(value[lacks] @ self.cost[lacks])


def program(task: Task, levels: Floats) -> Program:
    pairs, cases, reviewers = task.pairs, task.cases, len(task.capacity)
    count = len(pairs)
    column, row, person = np.arange(count), np.arange(cases), np.arange(reviewers)
    opened, no_expert, no_outsider, over, under, inside = count + np.cumsum(
        [0, cases, cases, cases, reviewers, reviewers]
    )
    low, high = band(task, levels)
    columns = int(inside) + reviewers
    equal = _matrix(
        [
            (pairs.case, column, 1),
            (row, opened + row, 1),
            (cases + pairs.reviewer, column, 1),
            (cases + person, over + person, -1),
            (cases + person, under + person, 1),
            (cases + person, inside + person, -1),
        ],
        (cases + reviewers, columns),
    )
    rows, group = employed(pairs, task.employers)
    _groups, inverse, size = np.unique(group, return_inverse=True, return_counts=True)
    shared = size > 1
    number = np.cumsum(shared) - 1
    rows, inverse = rows[shared[inverse]], inverse[shared[inverse]]
    less = _matrix(
        [
            (pairs.case[pairs.expert], column[pairs.expert], -1),
            (row, no_expert + row, -1),
            (cases + pairs.case[pairs.outsider], column[pairs.outsider], -1),
            (cases + row, no_outsider + row, -1),
            (2 * cases + number[inverse], rows, 1),
        ],
        (2 * cases + int(shared.sum()), columns),
    )
    wishes = np.concatenate(task.wants)
    # A small, even scatter below all that matters makes the best answer unique and the solver faster.
    scatter = 1e-3 * ((column * 0.6180339887498949) % 1)
    return Program(
        cost=np.concatenate(
            [
                scatter - pairs.affinity,
                np.full(cases, PLACE),
                np.full(2 * cases, WISH),
                np.full(2 * reviewers, LOAD),
                np.zeros(reviewers),
            ]
        ),
        equal=equal,
        equal_to=np.concatenate([task.places, low - task.busy]).astype(np.float64),
        less=less,
        less_than=np.concatenate([-wishes.astype(np.float64), np.ones(int(shared.sum()))]),
        most=np.concatenate(
            [
                np.ones(count),
                task.places,
                wishes,
                task.busy + task.room - high,
                low - task.busy,
                high - low,
            ]
        ).astype(np.float64),
        pairs=count,
        cases=cases,
    )


def _matrix(parts: list[tuple[Ints, Ints, float]], shape: tuple[int, int]) -> Any:
    """A sparse matrix of blocks of (rows, columns, one value)."""
    rows = np.concatenate([part[0] for part in parts])
    columns = np.concatenate([part[1] for part in parts])
    values = np.concatenate([np.full(len(part[0]), float(part[2])) for part in parts])
    return sparse.csr_array((values, (rows, columns)), shape=shape)


def relaxed(program: Program, seconds: float) -> Floats | None:
    from scipy.optimize import linprog  # it takes longer to load than Django: not in every process

    answer = linprog(
        program.cost,
        A_eq=program.equal,
        b_eq=program.equal_to,
        A_ub=program.less,
        b_ub=program.less_than,
        bounds=np.column_stack([np.zeros(len(program.most)), program.most]),
        method="highs-ds",
        options={"time_limit": seconds},
    )
    return None if answer.status != 0 else np.asarray(answer.x)


def integer(task: Task, levels: Floats) -> Pairs | None:
    if not len(task.pairs):
        return task.pairs
    from scipy.optimize import Bounds, LinearConstraint, milp

    whole = program(task, levels)
    answer = milp(
        whole.cost,
        constraints=[
            LinearConstraint(whole.equal, whole.equal_to, whole.equal_to),
            LinearConstraint(whole.less, -np.inf, whole.less_than),
        ],
        bounds=Bounds(0, whole.most),
        integrality=np.ones(len(whole.cost)),
        options={"time_limit": task.seconds, "mip_rel_gap": 0},
    )
    return None if answer.x is None else task.pairs.take(answer.x[: len(task.pairs)] > 0.5)


def levels_of(task: Task) -> Floats:
    """(reviewers,) the load that all would have if all took the same, less where somebody cannot.

    The water level L with Σ clip(L, running, capacity) = all tasks to come.
    """
    fillable = int(task.places.sum()) - int(short_of(task.pairs, task.places, task.room).sum())
    return level_with(task.busy, task.busy + task.room, int(task.busy.sum()) + fillable)


def level_with(least: Ints, most: Ints, total: int) -> Floats:
    low, high = 0.0, float(most.max(initial=0))
    for _step in range(60):
        middle = (low + high) / 2
        if np.clip(middle, least, most).sum() < total:
            low = middle
        else:
            high = middle
    return np.clip(round(high, 6), least, most).astype(np.float64)


def band(task: Task, levels: Floats) -> tuple[Ints, Ints]:
    """(reviewers,) twice: the least and the greatest load that cost nothing, 1 apart."""
    floor = np.floor(levels + NEAR).astype(np.int64)
    most = task.busy + task.room
    return np.clip(floor, task.busy, most), np.clip(floor + 1, task.busy, most)


def short_of(pairs: Pairs, places: Ints, room: Ints) -> Ints:
    """(cases,) how many places of each case no choice from the lists can fill, by a maximum flow.

    Hall's condition with capacities, for all cases at once: source → case → reviewer → sink. Which of several
    cases that compete stays short is the flow's choice; the sum is not. Employers and wishes are left to the
    program.
    """
    cases, reviewers = len(places), len(room)
    source, sink = 0, 1 + cases + reviewers
    tails = np.concatenate(
        [np.zeros(cases, dtype=np.int64), 1 + pairs.case, 1 + cases + np.arange(reviewers)]
    )
    heads = np.concatenate([1 + np.arange(cases), 1 + cases + pairs.reviewer, np.full(reviewers, sink)])
    widths = np.concatenate([places, np.ones(len(pairs), dtype=np.int64), room]).astype(np.int32)
    graph = sparse.csr_array((widths, (tails, heads)), shape=(sink + 1, sink + 1))
    graph.eliminate_zeros()
    flow = csgraph.maximum_flow(sparse.csr_matrix(graph), source, sink).flow
    sent = np.asarray(flow[[0], 1 : 1 + cases].todense()).ravel()
    return np.asarray(places - sent, dtype=np.int64)
