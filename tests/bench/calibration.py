"""Measure the calibration of a million marks: ``python -m tests.bench.calibration``.

333,333 cases with 3 marks each by 2,000 reviewers, intervals included, and the draws of one decision group of 500,
in a process of their own for their time and greatest memory (numpy, scipy and the marks themselves included).
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np

from selection.calibration import calibrate, chances_in, draws

CASES, REVIEWS, REVIEWERS, GROUP = 333_333, 3, 2_000, 500


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds of the calibration, those of draws and chances, megabytes at most, worst variance."""

    seconds: float
    cpu: float
    draws_cpu: float
    megabytes: float
    off: float  # of the estimated variances, relative to the true ones


def measure_here() -> Measured:
    """In this process."""
    random = np.random.default_rng(1)
    case = np.repeat(np.arange(CASES), REVIEWS)
    apart = random.integers(1, REVIEWERS // REVIEWS, size=(CASES, REVIEWS)).cumsum(axis=1)
    reviewer = ((random.integers(REVIEWERS, size=(CASES, 1)) + apart) % REVIEWERS).ravel()
    true = np.array([0.5, 0.25, 0.5])
    deviations = np.sqrt(true)
    mark = 3 + deviations[0] * random.standard_normal(CASES)[case]
    mark += deviations[1] * random.standard_normal(REVIEWERS)[reviewer]
    mark += deviations[2] * random.standard_normal(case.size)
    start, cpu = time.perf_counter(), time.process_time()
    found = calibrate(case, reviewer, mark)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    draws_cpu = time.process_time()
    chances_in(draws(found, np.arange(GROUP)))
    draws_cpu = time.process_time() - draws_cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    off = float(np.max(np.abs(np.array(found.variances) / true - 1)))
    return Measured(seconds, cpu, draws_cpu, megabytes, off)


def measure() -> Measured:
    """In a process of its own."""
    words = [sys.executable, "-m", "tests.bench.calibration", "here"]
    return Measured(**json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout))


def rows() -> list[tuple[str, str]]:
    """For the measured table: what, and how much."""
    one = measure()
    return [
        (
            f"calibration of {CASES:,} cases × {REVIEWS} marks, {REVIEWERS:,} reviewers",
            f"{one.seconds:.1f} s ({one.cpu:.1f} s CPU), {one.megabytes:.0f} MB",
        ),
        (f"4,000 draws and all chances of {GROUP} of them", f"{one.draws_cpu:.1f} s CPU"),
    ]


if __name__ == "__main__":
    if sys.argv[1:] == ["here"]:
        print(json.dumps(asdict(measure_here())))
    else:
        for what, figure in rows():
            print(f"{what:<65}{figure:>30}")
