"""Cases and reviewers that never were: how often the 90 % interval holds the truth, and who is found.

``python -m tests.bench.simulation 400`` prints both for 400 panels of the published set-up: 120 cases, 3 reviews
each, 24 reviewers who read 15 each. Variances of cases 0.5, of reviewers' bias 0.6, of noise 0.5 (points²), all
normal; what is known of a panel are its marks.
"""

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from selection.calibration import calibrate, plain

SEED = 20031001
PLACES = (12, 20, 30)

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class SetUp:
    cases: int = 120
    reviewers: int = 24
    reviews: int = 3  # of a case
    case_variance: float = 0.5
    bias_variance: float = 0.6
    noise_variance: float = 0.5


@dataclass(frozen=True)
class Panel:
    """Codes and marks as ``calibrate`` takes them, and the true merit of each case."""

    case: Ints
    reviewer: Ints
    mark: Floats
    merit: Floats


@dataclass(frozen=True)
class Findings:
    """Over all panels: the share of intervals that hold the truth, and of the truly best found, by places."""

    panels: int
    coverage: float
    calibrated: dict[int, float]
    raw: dict[int, float]


def panel(setup: SetUp, random: np.random.Generator) -> Panel:
    """Each case with different reviewers, loads within 1: places dealt round by round, two equal ones exchanged."""
    total = setup.cases * setup.reviews
    hand = np.resize(np.arange(setup.reviewers), total)
    reviewer = random.permutation(hand).reshape(setup.cases, setup.reviews)
    for case, place in _twice(reviewer):
        while (reviewer[case] == reviewer[case, place]).sum() > 1:
            other, seat = random.integers(setup.cases), random.integers(setup.reviews)
            if reviewer[case, place] not in reviewer[other] and reviewer[other, seat] not in reviewer[case]:
                swap = reviewer[other, seat]
                reviewer[other, seat] = reviewer[case, place]
                reviewer[case, place] = swap
    case = np.repeat(np.arange(setup.cases), setup.reviews)
    merit = 3 + np.sqrt(setup.case_variance) * random.standard_normal(setup.cases)
    bias = np.sqrt(setup.bias_variance) * random.standard_normal(setup.reviewers)
    noise = np.sqrt(setup.noise_variance) * random.standard_normal(total)
    return Panel(case, reviewer.ravel(), merit[case] + bias[reviewer.ravel()] + noise, merit)


def simulate(panels: int, setup: SetUp = SetUp(), seed: int = SEED) -> Findings:
    """Coverage over all cases of all panels, recall as the mean over panels."""
    random = np.random.default_rng(seed)
    held = 0
    calibrated = dict.fromkeys(PLACES, 0.0)
    raw = dict.fromkeys(PLACES, 0.0)
    for _ in range(panels):
        one = panel(setup, random)
        model = calibrate(one.case, one.reviewer, one.mark)
        held += int(
            np.sum((model.case_interval[:, 0] <= one.merit) & (one.merit <= model.case_interval[:, 1]))
        )
        means = plain(one.case, one.mark).mean
        for places in PLACES:
            calibrated[places] += recall(one.merit, model.case_score, places) / panels
            raw[places] += recall(one.merit, means, places) / panels
    return Findings(panels, held / (panels * setup.cases), calibrated, raw)


def recall(merit: Floats, score: Floats, places: int) -> float:
    """The share of the truly best ``places`` cases among the ``places`` of highest score."""
    best, found = np.argsort(-merit)[:places], np.argsort(-score)[:places]
    return np.intersect1d(best, found).size / places


def _twice(reviewer: Ints) -> list[tuple[int, int]]:
    """Case and place of marks whose reviewer has an earlier place on the case."""
    return [
        (case, place)
        for case, row in enumerate(reviewer)
        for place in range(1, row.size)
        if row[place] in row[:place]
    ]


def rows(panels: int = 200) -> list[tuple[str, str]]:
    """For the measured table: what, and how much."""
    found = simulate(panels)
    return [
        (f"coverage of the 90 % interval, {panels} panels of 120 × 24 × 3", f"{found.coverage:.1%}"),
        *(
            (
                f"of the {places} truly best found: calibrated, raw mean",
                f"{found.calibrated[places]:.1%}, {found.raw[places]:.1%}",
            )
            for places in PLACES
        ),
    ]


if __name__ == "__main__":
    for what, figure in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 200):
        print(f"{what:<70}{figure:>16}")
