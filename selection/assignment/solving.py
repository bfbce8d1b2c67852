"""From candidate pairs to an assignment: solve the relaxation, fix what is whole, solve the rest as integers."""

from dataclasses import replace
from typing import Any

import numpy as np

from selection.assignment.lacks import PLACES, Assigned, described, lacks_of
from selection.assignment.pairs import (
    NO_EMPLOYERS,
    NO_PAIRS,
    Flags,
    Floats,
    Ints,
    Pairs,
    Task,
    employed,
    in_order,
    usable,
)
from selection.assignment.program import (
    NEAR,
    PLACE,
    WISH,
    band,
    integer,
    level_with,
    levels_of,
    program,
    relaxed,
)

ROUNDS = 3  # how often bands of equal loads are drawn again where one cannot fit all
WHOLE_PROGRAM = 20_000  # up to so many pairs the whole may be solved as integers, should the rest not do


def assign(
    pairs: Pairs,
    *,
    cases: int,
    capacity: Any,
    needed: Any = 3,
    fixed: Pairs = NO_PAIRS,
    employers: Ints = NO_EMPLOYERS,
    experts: int = 1,
    outsiders: int = 1,
    seconds: float = 600.0,
) -> Assigned:
    """Fill the places of ``cases`` cases from candidate ``pairs``; the rules are those of the module.

    ``capacity`` (reviewers,): how many tasks each takes, running ones included. ``needed``: how many reviewers a
    case shall have in the end, one number or (cases,). ``fixed``: tasks that run; they count for places, loads,
    employers, experts and outsiders and are never undone. ``employers`` (k, 2): reviewer and code of an employer,
    several rows for somebody who had several. ``experts``, ``outsiders``: at least so many on each case.
    ``seconds``: when the solver gives up (lacks then say ``time``).

    Raises ValueError for codes out of range.
    """
    room = np.asarray(capacity, dtype=np.int64)
    task = Task(
        pairs=in_order(pairs),
        cases=cases,
        capacity=room,
        needed=np.broadcast_to(np.asarray(needed, dtype=np.int64), (cases,)),
        fixed=fixed,
        employers=np.asarray(employers, dtype=np.int64).reshape(-1, 2),
        experts=experts,
        outsiders=outsiders,
        seconds=seconds,
    )
    _refuse_codes(task)
    narrowed = replace(task, pairs=task.pairs.take(usable(task)))
    chosen, gave_up = _solve(narrowed)
    _refuse_broken(task, chosen)
    return described(task, chosen, gave_up=gave_up)


def top_up(
    pairs: Pairs,
    *,
    cases: int,
    which: Ints,
    fixed: Pairs,
    capacity: Any,
    more: int = 2,
    at_most: Any = 4,
    **words: Any,
) -> Assigned:
    """``more`` further reviewers for the cases in ``which``; nobody gets more than ``at_most`` further tasks.

    ``capacity``: see ``room_in_top_up``. ``words`` go to ``assign``.
    """
    needed = np.bincount(fixed.case, minlength=cases)
    needed[which] += more
    room = room_in_top_up(fixed, np.asarray(capacity, dtype=np.int64), at_most)
    return assign(pairs, cases=cases, capacity=room, needed=needed, fixed=fixed, **words)


def room_in_top_up(fixed: Pairs, capacity: Ints, at_most: Any) -> Ints:
    """(reviewers,) how many tasks each takes in all: ``at_most`` more than run, within their own ``capacity``.

    ``capacity`` is the limit that a reviewer set, running tasks included, or a large number where none is set.
    """
    busy = np.bincount(fixed.reviewer, minlength=len(capacity))
    return np.maximum(busy, np.minimum(busy + at_most, capacity))


def repair(pairs: Pairs, *, cases: int, fixed: Pairs, capacity: Any, **words: Any) -> Assigned:
    """Fill what somebody left open. ``fixed`` are the tasks that still run; ``pairs`` hold nobody who left."""
    return assign(pairs, cases=cases, capacity=capacity, fixed=fixed, **words)


def _refuse_codes(task: Task) -> None:
    for held in (task.pairs, task.fixed):
        if len(held) and (
            min(held.case.min(), held.reviewer.min()) < 0
            or held.case.max() >= task.cases
            or held.reviewer.max() >= len(task.capacity)
        ):
            raise ValueError("a pair names a case or reviewer that is not there")
    codes = task.pairs.case * len(task.capacity) + task.pairs.reviewer
    if len(np.unique(codes)) != len(codes):
        raise ValueError("a pair is listed twice")


def _solve(task: Task) -> tuple[Pairs, bool]:
    """The chosen pairs, and whether the solver gave up.

    One band of equal loads may not fit: whoever lies above it or below it then gets a band with those who do so too, and
    the cases that list one of them are solved again. The others keep what they have, which is nearly everything: their
    reviewers lie in their bands already.
    """
    if not len(task.pairs):
        return task.pairs, False
    levels, groups = levels_of(task), np.zeros(len(task.capacity), dtype=np.int64)
    chosen = _whole(task, levels)
    if chosen is None:
        return task.pairs.take(slice(0, 0)), True
    for _round in range(ROUNDS):
        loads = task.busy + np.bincount(chosen.reviewer, minlength=len(task.capacity))
        side = _sides(task, loads, levels)
        if not side.any():
            break
        groups = 3 * groups + side  # those of a group stay together, or part for good
        levels = _levels_of_groups(task, loads, groups)
        again = _around(task, chosen, levels, side > 0)
        if again is None:
            break
        chosen = again
    return chosen, False


def _sides(task: Task, loads: Ints, levels: Floats) -> Ints:
    """(reviewers,) 1 below their band, 2 above it, 0 in it."""
    low, high = band(task, levels)
    return np.where(loads < low, 1, np.where(loads > high, 2, 0))


def _levels_of_groups(task: Task, loads: Ints, groups: Ints) -> Floats:
    levels = np.zeros(len(loads))
    for group in np.unique(groups):
        same = groups == group
        most = (task.busy + task.room)[same]
        levels[same] = level_with(task.busy[same], most, int(loads[same].sum()))
    return levels


def _around(task: Task, chosen: Pairs, levels: Floats, outside: Flags) -> Pairs | None:
    """The cases that list one of ``outside`` assigned anew, beside what the others have; None if the solver gave up."""
    listed = np.unique(task.pairs.case[outside[task.pairs.reviewer]])
    stays = chosen.take(~np.isin(chosen.case, listed))
    offered = task.pairs.take(np.isin(task.pairs.case, listed))
    rest = replace(task, pairs=offered, fixed=task.fixed.plus(stays))
    found = _whole(replace(rest, pairs=rest.pairs.take(usable(rest))), levels)
    return None if found is None else stays.plus(found)


def _whole(task: Task, levels: Floats) -> Pairs | None:
    """Solve the relaxation; fix what is whole and solve the rest as integers. None if the solver gave up."""
    relaxation = program(task, levels)
    value = relaxed(relaxation, task.seconds)
    if value is None:
        return None
    share = value[: len(task.pairs)]
    chosen = task.pairs.take(share > 1 - NEAR)
    split = (share > NEAR) & (share <= 1 - NEAR)
    if not split.any():
        return chosen
    at_issue = np.isin(task.pairs.case, task.pairs.case[split]) & (share <= 1 - NEAR)
    rest = replace(task, pairs=task.pairs.take(at_issue), fixed=task.fixed.plus(chosen))
    rest = replace(rest, pairs=rest.pairs.take(usable(rest)))
    more = integer(rest, levels)
    if more is not None:
        chosen = chosen.plus(more)
    bound = np.ceil(relaxation.lacking(value) - 1e-4)
    if len(task.pairs) <= WHOLE_PROGRAM and (more is None or _lacking(task, chosen) > bound):
        again = integer(task, levels)
        return chosen if again is None else again
    return chosen


def _lacking(task: Task, chosen: Pairs) -> float:
    """Open places and unmet wishes, weighed as in the program."""
    lacks = lacks_of(task, chosen, gave_up=False)
    return sum(one.count * (PLACE if one.of == PLACES else WISH) for one in lacks)


def _refuse_broken(task: Task, chosen: Pairs) -> None:
    """The last look: whatever the solver said, no answer that breaks a rule leaves this module."""
    every = task.fixed.plus(chosen)
    count = len(task.capacity)
    listed = task.pairs.case * count + task.pairs.reviewer
    asked = chosen.case * count + chosen.reviewer
    loads = np.bincount(every.reviewer, minlength=count)
    group = employed(chosen, task.employers)[1]
    if (
        not np.isin(asked, listed).all()
        or len(np.unique(np.concatenate([asked, task.fixed.case * count + task.fixed.reviewer])))
        != len(asked) + len(np.unique(task.fixed.case * count + task.fixed.reviewer))
        or (loads > np.maximum(task.capacity, task.busy)).any()
        or (np.bincount(chosen.case, minlength=task.cases) > task.places).any()
        or len(np.unique(group)) != len(group)
        or np.isin(group, employed(task.fixed, task.employers)[1]).any()
    ):
        raise ArithmeticError("the solver's answer breaks a rule of the assignment")
