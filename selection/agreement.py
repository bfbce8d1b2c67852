"""How far reviewers agree. Pure: numpy alone, no Django, no database.

``marks`` is an array of shape (cases, reviewers), nan where somebody did not mark a case. No figure here asks
*who* gave a mark: the columns may as well be the first, second, third … review of each case.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Level = Literal["interval", "ordinal", "nominal"]

CASES_AT_LEAST = 10
RESAMPLES = 1000
SEED = 20030401

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def krippendorff_alpha(marks: ArrayLike, level: Level = "interval") -> float:
    """α = 1 − D_o/D_e: 1 for full agreement, 0 for what chance gives, below 0 for less than that.

    D_o is the mean δ² over pairs of marks of the same case, each case with m marks weighing m; D_e the mean δ²
    over pairs of any two marks. δ² is 1 for two different values (``nominal``), (x − y)² (``interval``), or
    (Σ n_g from x to y − (n_x + n_y)/2)² (``ordinal``), which is the squared difference of midranks. Cases with
    fewer than two marks can't be paired and are left out, of D_e too.

    Nan where it is not defined: no case has two marks, or all marks are equal (there is nothing that chance
    could disagree about). ValueError for another shape or level.

    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); A. Hayes and K. Krippendorff,
    Communication Methods and Measures 1 (2007).
    """
    paired = _paired(marks, level)
    return _alpha(paired, np.ones(paired.cases), level)


def alpha_interval(
    marks: ArrayLike,
    level: Level = "interval",
    *,
    coverage: float = 0.90,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """The percentile interval of α from a bootstrap of cases, the same for the same marks each time.

    Whole cases are drawn with replacement, since marks of one case belong together. Resamples in which α is
    not defined are left out; nan for both ends where none is left.

    Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    paired = _paired(marks, level)
    if paired.cases == 0:
        return (np.nan, np.nan)
    random = np.random.default_rng(seed)
    alphas = np.empty(resamples)
    for turn in range(resamples):
        drawn = random.integers(paired.cases, size=paired.cases)
        alphas[turn] = _alpha(paired, np.bincount(drawn, minlength=paired.cases).astype(float), level)
    alphas = alphas[~np.isnan(alphas)]
    if alphas.size == 0:
        return (np.nan, np.nan)
    low, high = np.quantile(alphas, [(1 - coverage) / 2, (1 + coverage) / 2])
    return (float(low), float(high))


def icc1(marks: ArrayLike) -> float:
    """ICC(1) = (MSB − MSW)/(MSB + (n₀ − 1)·MSW): the share of a mark's variance that lies between cases.

    By one-way analysis of variance over the a cases that have a mark, with n₀ = (N − Σnᵢ²/N)/(a − 1) where
    cases have unequal numbers of marks. Negative values, which say that marks of one case differ more than
    marks of different ones, are shown as they are.

    Nan where it is not defined: fewer than two cases, no case with two marks, or all marks equal.

    Source: P. Shrout and J. Fleiss, Psychological Bulletin 86 (1979), ICC(1,1); n₀ as in S. Searle, G. Casella
    and C. McCulloch, Variance Components (1992), 3.6.
    """
    table = _table(marks)
    case, _ = np.nonzero(~np.isnan(table))
    value = table[~np.isnan(table)]
    _, case, size = np.unique(case, return_inverse=True, return_counts=True)
    cases, total = size.size, value.size
    if cases < 2 or total == cases:
        return np.nan
    value = value - value.mean()
    mean = np.bincount(case, value) / size
    between = _sum(size * mean**2) / (cases - 1)
    within = _sum((value - mean[case]) ** 2) / (total - cases)
    n0 = (total - _sum(size**2) / total) / (cases - 1)
    whole = between + (n0 - 1) * within
    return (between - within) / whole if whole > 0 else np.nan


def reasons_not_to_show(marks: ArrayLike) -> list[str]:
    """Why α and ICC(1) of these marks say too little to be shown; empty if they may be.

    Codes: ``few_cases`` (fewer than 10 with two or more marks), ``no_variation`` (all their marks are equal).
    """
    paired = _paired(marks, "interval")
    reasons = []
    if paired.cases < CASES_AT_LEAST:
        reasons.append("few_cases")
    if paired.cases and paired.values.size < 2:
        reasons.append("no_variation")
    return reasons


@dataclass(frozen=True)
class _Paired:
    """The marks of cases that have two or more: codes of the sorted distinct ``values``, by case."""

    case: Ints  # of each mark, ascending from 0
    code: Ints  # of each mark
    values: Floats
    size: Floats  # marks of each case
    matches: Floats  # of each case: ordered pairs of equal marks; counted for ``nominal`` only

    @property
    def cases(self) -> int:
        return self.size.size


def _table(marks: ArrayLike) -> Floats:
    table = np.asarray(marks, dtype=float)
    if table.ndim != 2:
        raise ValueError("marks must have the shape (cases, reviewers)")
    return table


def _paired(marks: ArrayLike, level: Level) -> _Paired:
    if level not in ("interval", "ordinal", "nominal"):
        raise ValueError(f"unknown level {level!r}")
    table = _table(marks)
    there = ~np.isnan(table)
    there[there.sum(axis=1) < 2] = False
    case, _ = np.nonzero(there)
    _, case = np.unique(case, return_inverse=True)
    values, code = np.unique(table[there], return_inverse=True)
    size = np.bincount(case).astype(float)
    matches = np.zeros(size.size)
    if level == "nominal":
        cell, count = np.unique(case * max(values.size, 1) + code, return_counts=True)
        np.add.at(matches, cell // max(values.size, 1), count * (count - 1.0))
    return _Paired(case, code, values, size, matches)


def _alpha(paired: _Paired, times: Floats, level: Level) -> float:
    """α where each case is there ``times`` (1 for all: the marks themselves; else a resample)."""
    weight = times[paired.case]
    count = np.bincount(paired.code, weight, minlength=paired.values.size)
    total = _sum(count)
    if np.count_nonzero(count) < 2:
        return np.nan
    pairs = times / (paired.size - 1)
    if level == "nominal":
        observed = _sum(pairs * (paired.size * (paired.size - 1) - paired.matches))
        expected = total**2 - _sum(count**2)
    else:
        scale: Floats = paired.values if level == "interval" else np.cumsum(count) - count / 2
        scale = scale - _sum(count * scale) / total
        mark = scale[paired.code]
        mean = np.bincount(paired.case, mark) / paired.size
        apart = np.bincount(paired.case, (mark - mean[paired.case]) ** 2)
        observed = 2 * _sum(pairs * paired.size * apart)
        expected = 2 * total * _sum(count * scale**2)
    return 1 - (total - 1) * observed / expected


def _sum(terms: Floats | NDArray[np.int64]) -> float:
    """Σ of products written out: ``@`` would wake a thread for each core, 1,000 times, to no gain."""
    return float(terms.sum())
