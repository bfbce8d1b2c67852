"""Measure the assignment on invented instances: ``python -m tests.bench.assignment``.

Each instance runs in a process of its own, for its time and its greatest memory. Areas, employers and reviewers'
knowledge are skewed as in a real program: some areas have many times the cases of others, some employers many
reviewers; each reviewer is an expert in one area and knows up to three more of its category, and areas have experts
in proportion to their cases.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np

from selection.assignment import Cases, Panel, plan

CATEGORIES, LANGUAGES, REGIONS = 10, 8, 13
SIZES = ((1_000, 280, 12), (12_000, 3_300, 12), (12_000, 500, 75))  # cases, reviewers, capacity


@dataclass(frozen=True)
class Measured:
    """Seconds of wall and CPU time with the making of the lists; megabytes at most; what came out."""

    cases: int
    reviewers: int
    capacity: int
    seconds: float
    cpu: float
    megabytes: float
    filled: float
    forbidden: int
    least: int
    most: int
    expert: float
    outsider: float
    affinity: float
    in_the_way: tuple[str, ...]


def invented(cases: int, reviewers: int, capacity: int, seed: int = 1) -> tuple[Cases, Panel, np.ndarray]:
    """Cases, reviewers and two ties a case."""
    draw = np.random.default_rng(seed)
    areas = min(80, reviewers // 7)
    category = np.arange(areas) % CATEGORIES
    share = 1 / np.arange(1, areas + 1) ** 0.7
    share = draw.permutation(share / share.sum())
    area = draw.choice(areas, cases, p=share)
    level = np.zeros((areas, reviewers), dtype=np.int8)
    for person in range(reviewers):
        own = np.searchsorted(np.cumsum(share), (person + 0.5) / reviewers)
        beside = draw.choice(np.flatnonzero(category == category[own]), draw.integers(0, 4), replace=False)
        level[beside, person] = draw.integers(1, 4, len(beside))
        level[own, person] = draw.integers(2, 4)
    sizes = 1 / np.arange(1, max(4, reviewers // 3)) ** 0.6
    employed = np.flatnonzero(draw.random(reviewers) < 0.7)
    employer = draw.choice(len(sizes), len(employed), p=sizes / sizes.sum())
    panel = Panel(
        level=level,
        category=category,
        language=np.eye(LANGUAGES, dtype=bool)[:, draw.integers(0, LANGUAGES, reviewers)],
        region=np.eye(REGIONS, dtype=bool)[:, draw.integers(0, REGIONS, reviewers)],
        allowed=np.ones((1, reviewers), dtype=bool),
        room=np.full(reviewers, capacity),
        employers=np.column_stack([employed, employer]),
    )
    every = Cases(
        area,
        category[area],
        draw.integers(0, LANGUAGES, cases),
        draw.integers(0, REGIONS, cases),
        np.zeros(cases, dtype=np.int64),
    )
    ties = np.column_stack([draw.integers(0, cases, 2 * cases), draw.integers(0, reviewers, 2 * cases)])
    return every, panel, ties


def measure_here(cases: int, reviewers: int, capacity: int) -> Measured:
    """One instance in this process."""
    every, panel, ties = invented(cases, reviewers, capacity)
    start, cpu = time.perf_counter(), time.process_time()
    found = plan(every, panel, barred=ties)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    pairs = found.pairs.case * reviewers + found.pairs.reviewer
    return Measured(
        cases=cases,
        reviewers=reviewers,
        capacity=capacity,
        seconds=seconds,
        cpu=cpu,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        filled=found.figures.filled / found.figures.places,
        forbidden=int(np.isin(pairs, ties[:, 0] * reviewers + ties[:, 1]).sum()),
        least=int(found.loads.min()),
        most=int(found.loads.max()),
        expert=found.figures.expert,
        outsider=found.figures.outsider,
        affinity=found.figures.affinity,
        in_the_way=found.in_the_way,
    )


def measure(cases: int, reviewers: int, capacity: int) -> Measured:
    """One instance in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.assignment", *map(str, (cases, reviewers, capacity))]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)
    return Measured(**json.loads(answer.stdout))


def measure_all() -> list[Measured]:
    """The sizes that the program is built for, and the one that strains it."""
    return [measure(*size) for size in SIZES]


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(asdict(measure_here(*map(int, sys.argv[1:4])))))
        return
    print(
        f"{'cases × reviewers (capacity)':<30}{'s':>7}{'CPU s':>7}{'MB':>6}{'filled':>8}{'loads':>8}{'expert':>8}"
    )
    for size in SIZES:
        one = measure(*size)
        name = f"{one.cases:,} × {one.reviewers:,} ({one.capacity})"
        loads = f"{one.least}–{one.most}"
        print(
            f"{name:<30}{one.seconds:>7.1f}{one.cpu:>7.1f}{one.megabytes:>6.0f}{one.filled:>8.1%}{loads:>8}"
            f"{one.expert:>8.1%}  outsider {one.outsider:.1%}, affinity {one.affinity:.2f}, "
            f"forbidden {one.forbidden}, {', '.join(one.in_the_way) or 'nothing lacks'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
