"""The additive model of marks with crossed random effects. Pure: numpy and scipy alone, no Django.

    mark = μ + case + reviewer + noise,   variances σ²c, σ²r, σ²e;   ratios a = σ²c/σ²e, b = σ²r/σ²e

Everything is solved at given ratios. The covariance of the marks is then σ²e·V with V = I + a·Zc·Zc' + b·Zr·Zr'.
A case has few marks and there are many cases, so the cases are absorbed: without reviewers the inverse of V is
W, which takes wᵢ = a/(1 + a·nᵢ) times the sum of a case's marks off each of them. What remains is a system as
large as the number of reviewers, M = I + b·S with S = Zr'·W·Zr, and

    V⁻¹ = W − W·Zr·(b·M⁻¹)·Zr'·W,     log|V| = Σ log(1 + a·nᵢ) + log|M|.

Both hold at a = 0 and at b = 0. Time is O(reviewers³/3) and a few passes over the marks.

Sources: C. Henderson, Biometrics 31 (1975), best linear unbiased prediction and its error; H. Patterson and
R. Thompson, Biometrika 58 (1971), REML; S. Searle, G. Casella and C. McCulloch, Variance Components (1992),
chapters 6 and 7; A. Gilmour, R. Thompson and B. Cullis, Biometrics 51 (1995), average information.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

LARGEST = 1e6  # of a ratio: beyond it the noise is as good as none
CLOSE = 1e-14  # for each mark: what another step adds to the log-likelihood is too little


@dataclass(frozen=True, eq=False)
class Marks:
    """Marks in the order of their cases; cases and reviewers numbered without gaps from 0."""

    case: Ints
    reviewer: Ints
    mark: Floats  # less their mean
    cases: int
    reviewers: int

    @classmethod
    def sort(cls, case: Ints, reviewer: Ints, mark: Floats) -> "Marks":
        order = np.lexsort((reviewer, case))
        return cls(case[order], reviewer[order], mark[order], int(case.max()) + 1, int(reviewer.max()) + 1)

    @cached_property
    def per_case(self) -> Floats:
        return np.bincount(self.case, minlength=self.cases).astype(float)

    @cached_property
    def per_reviewer(self) -> Floats:
        return np.bincount(self.reviewer, minlength=self.reviewers).astype(float)

    @cached_property
    def _first(self) -> Ints:
        return np.searchsorted(self.case, np.arange(self.cases))

    def by_case(self, values: Floats) -> Floats:
        """Zc'·values: the sum of each case."""
        return np.add.reduceat(values, self._first)

    def by_reviewer(self, values: Floats) -> Floats:
        """Zr'·values: the sum of each reviewer."""
        return np.asarray(np.bincount(self.reviewer, values, minlength=self.reviewers), dtype=float)

    def pairs(self) -> Iterable[tuple[Ints, Ints]]:
        """Each two marks of one case, once: the case, and the cell of their reviewers in the lower triangle.

        They come in portions of at most as many as there are marks; kept only where they are few, so that a
        panel in which all mark everything needs no more memory than its marks.
        """
        few = float((self.per_case * (self.per_case - 1)).sum()) < 8e6
        return self._kept_pairs if few else self._pairs()

    @cached_property
    def _kept_pairs(self) -> list[tuple[Ints, Ints]]:
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[Ints, Ints]]:
        after = np.searchsorted(self.case, np.arange(self.cases), side="right")[self.case] - 1
        after -= np.arange(self.case.size)  # marks of the case that follow each
        apart, one = 1, np.flatnonzero(after >= 1)
        while one.size:
            first, second = self.reviewer[one], self.reviewer[one + apart]
            cell = np.maximum(first, second) * self.reviewers + np.minimum(first, second)
            yield self.case[one], cell
            apart += 1
            one = one[after[one] >= apart]


@dataclass(frozen=True, eq=False)
class Solution:
    """The model at the ratios (a, b); everything about spread is in units of σ²e."""

    ratios: tuple[float, float]
    factor: Floats  # Cholesky factor of M: upper triangle, column by column
    weight: Floats  # wᵢ of each case
    ones_by_case: Floats  # Zc'V⁻¹1
    ones_by_reviewer: Floats  # Zr'V⁻¹1
    ones: Floats  # V⁻¹1
    mean_variance: float  # of μ: 1/(1'V⁻¹1)
    mean: float  # μ by generalised least squares
    residual: Floats  # Py = V⁻¹(y − μ)
    case_pull: Floats  # Zc'Py
    reviewer_pull: Floats  # Zr'Py
    quadratic: float  # y'Py = (N − 1)·σ²e at its REML estimate
    log_likelihood: float  # REML, σ²e profiled (or integrated over 1/σ²e) out, less a constant

    @property
    def case_effect(self) -> Floats:
        """The best linear unbiased prediction of each case's effect."""
        return self.ratios[0] * self.case_pull

    @property
    def reviewer_effect(self) -> Floats:
        return self.ratios[1] * self.reviewer_pull


@dataclass(frozen=True, eq=False)
class Spread:
    """Prediction error variances in units of σ²e, the estimation of μ included."""

    score: Floats  # of μ + case
    reviewer: Floats
    crossed: Floats  # Nᵢ·(b·M⁻¹)·Nᵢ' of each case, Nᵢ its row of Zc'Zr
    trace: float  # of M⁻¹


def solve(marks: Marks, a: float, b: float) -> Solution:
    weight = a / (1 + a * marks.per_case)
    factor, failed = lapack.dpotrf(_system(marks, weight, b).T, lower=0, clean=0, overwrite_a=1)
    if failed:
        raise ArithmeticError("the system of reviewers is not positive definite")
    ones = _inverse_times(marks, weight, b, factor, np.ones(marks.mark.size))
    mean_variance = 1 / float(ones.sum())
    whitened = _inverse_times(marks, weight, b, factor, marks.mark)
    mean = mean_variance * float(whitened.sum())
    residual = whitened - mean * ones
    case_pull, reviewer_pull = marks.by_case(residual), marks.by_reviewer(residual)
    quadratic = (
        _dot(residual, residual) + a * _dot(case_pull, case_pull) + b * _dot(reviewer_pull, reviewer_pull)
    )
    determinant = float(np.log1p(a * marks.per_case).sum()) + 2 * float(np.log(factor.diagonal()).sum())
    determinant -= float(np.log(mean_variance))
    with np.errstate(divide="ignore"):
        log_likelihood = -0.5 * (determinant + (marks.mark.size - 1) * float(np.log(quadratic)))
    return Solution(
        ratios=(a, b),
        factor=factor,
        weight=weight,
        ones_by_case=marks.by_case(ones),
        ones_by_reviewer=marks.by_reviewer(ones),
        ones=ones,
        mean_variance=mean_variance,
        mean=mean,
        residual=residual,
        case_pull=case_pull,
        reviewer_pull=reviewer_pull,
        quadratic=quadratic,
        log_likelihood=log_likelihood,
    )


def spread(marks: Marks, solution: Solution) -> Spread:
    """Prediction error variances without a matrix of cases: only reviewers that share a case are looked up.

    Given μ and the reviewers, the score of a case is μ·(1 − wᵢ·nᵢ) + wᵢ·Σ(mark − reviewer) with variance wᵢ;
    the reviewers given μ have covariance b·M⁻¹, and μ has 1/(1'V⁻¹1). This is the inverse of Henderson's mixed
    model equations, read at its diagonal.
    """
    a, b = solution.ratios
    inverse, _ = lapack.dpotri(solution.factor, lower=0)
    cells = inverse.ravel(order="K")  # the lower triangle, row by row
    diagonal = inverse.diagonal()
    crossed = marks.by_case(diagonal[marks.reviewer])
    for case, cell in marks.pairs():
        crossed += 2 * np.bincount(case, cells[cell], minlength=marks.cases)
    crossed *= b
    score = (
        solution.weight
        + solution.weight**2 * crossed
        + solution.mean_variance * (1 - a * solution.ones_by_case) ** 2
    )
    reviewer = b * diagonal + solution.mean_variance * (b * solution.ones_by_reviewer) ** 2
    return Spread(score, reviewer, crossed, float(diagonal.sum()))


def estimate(marks: Marks) -> tuple[Solution, Spread]:
    """The model at the ratios (a, b) of highest REML likelihood, 0 where that lies at the edge.

    Newton steps with the average information, halved until the likelihood grows.
    """
    a, b = _first_guess(marks)
    here = solve(marks, a, b)
    around = spread(marks, here)
    close = CLOSE * (100 + marks.mark.size)  # the likelihood itself is a sum as long as the marks
    for _ in range(100):
        slope, information = _slope(marks, here, around)
        ratios = np.array(here.ratios)
        free = ((ratios > 0) | (slope > 0)) & ((ratios < LARGEST) | (slope < 0))
        if not free.any():
            break
        step, ridge = np.zeros(2), np.diag(1e-9 * information.diagonal() + 1e-12)
        step[free] = np.linalg.solve((information + ridge)[np.ix_(free, free)], slope[free])
        there = _better(marks, here, ratios, step, float(step @ slope), close)
        if there is None:
            break
        here, around = there, spread(marks, there)
    return here, around


def curvature(marks: Marks, solution: Solution) -> Floats:
    """The average information of the two ratios, each given the other."""
    return _information(marks, solution).diagonal()


def draw_reviewers(solution: Solution, noise: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """A draw of μ and of all reviewers for each σe in ``noise`` (draws, 1): (draws, 1) and (draws, reviewers)."""
    b = solution.ratios[1]
    mean = solution.mean + np.sqrt(solution.mean_variance) * noise * random.standard_normal(noise.shape)
    apart = random.standard_normal((noise.size, solution.reviewer_pull.size))
    apart = lapack.dtrtrs(solution.factor, apart.T, lower=0)[0].T * (np.sqrt(b) * noise)
    effect = solution.reviewer_effect - b * solution.ones_by_reviewer * (mean - solution.mean)
    return mean, effect + apart


def _better(
    marks: Marks, here: Solution, ratios: Floats, step: Floats, gain: float, close: float
) -> Solution | None:
    """The first of the full step, its half, quarter, … that is more likely; None where none gains enough."""
    highest = np.minimum(10 * ratios + 1, LARGEST)
    while gain >= close:
        a, b = np.clip(ratios + step, 0, highest)
        there = solve(marks, float(a), float(b))
        if there.log_likelihood > here.log_likelihood:
            return there
        step, gain = step / 2, gain / 2
    return None


def _system(marks: Marks, weight: Floats, b: float) -> Floats:
    """The lower triangle of M = I + b·S (the upper one is left empty)."""
    size = marks.reviewers
    shared = np.zeros(size * size)
    for case, cell in marks.pairs():
        shared += np.bincount(cell, weight[case], minlength=size * size)
    system = shared.reshape(size, size)
    diagonal = marks.per_reviewer - marks.by_reviewer(weight[marks.case])
    twice = 2 * system.diagonal()  # somebody who marked a case twice
    system *= -b
    np.fill_diagonal(system, 1 + b * (diagonal - twice))
    return system


def _absorb(marks: Marks, weight: Floats, values: Floats) -> Floats:
    """W·values."""
    return values - (weight * marks.by_case(values))[marks.case]


def _inverse_times(marks: Marks, weight: Floats, b: float, factor: Floats, values: Floats) -> Floats:
    """V⁻¹·values."""
    absorbed = _absorb(marks, weight, values)
    effect, _ = lapack.dpotrs(factor, b * marks.by_reviewer(absorbed), lower=0)
    return absorbed - _absorb(marks, weight, effect[marks.reviewer])


def _slope(marks: Marks, solution: Solution, spread: Spread) -> tuple[Floats, Floats]:
    """The gradient of the log-likelihood in (a, b), and its average information."""
    a, b = solution.ratios
    shrink = 1 / (1 + a * marks.per_case)
    case_trace = float((marks.per_case * shrink - spread.crossed * shrink**2).sum())
    if b > 1e-7:
        reviewer_trace = (marks.reviewers - spread.trace) / b
    else:
        reviewer_trace = float(np.trace(_system(marks, solution.weight, 1.0))) - marks.reviewers
    traces = np.array([case_trace, reviewer_trace])
    traces -= solution.mean_variance * np.array(
        [
            _dot(solution.ones_by_case, solution.ones_by_case),
            _dot(solution.ones_by_reviewer, solution.ones_by_reviewer),
        ]
    )
    slope = -0.5 * (traces - (marks.mark.size - 1) * _pulls(solution) / solution.quadratic)
    return slope, _information(marks, solution)


def _pulls(solution: Solution) -> Floats:
    """y'P·Zc·Zc'·Py and y'P·Zr·Zr'·Py."""
    return np.array(
        [_dot(solution.case_pull, solution.case_pull), _dot(solution.reviewer_pull, solution.reviewer_pull)]
    )


def _information(marks: Marks, solution: Solution) -> Floats:
    """½(N − 1)·(y'PVᵢPVⱼPy/y'Py − y'PVᵢPy·y'PVⱼPy/(y'Py)²) with Vᵢ = Zc·Zc' and Zr·Zr'."""
    b = solution.ratios[1]
    working = [solution.case_pull[marks.case], solution.reviewer_pull[marks.reviewer]]
    projected = []
    for values in working:
        inverse = _inverse_times(marks, solution.weight, b, solution.factor, values)
        projected.append(inverse - solution.ones * solution.mean_variance * _dot(solution.ones, values))
    products = np.array([[_dot(left, right) for right in projected] for left in working])
    pulls = _pulls(solution) / solution.quadratic
    return 0.5 * (marks.mark.size - 1) * (products / solution.quadratic - np.outer(pulls, pulls))


def _first_guess(marks: Marks) -> tuple[float, float]:
    """Henderson's first method: sums of squares of cases, reviewers and all, set equal to what is expected of them.

    Source: C. Henderson, Biometrics 9 (1953). Only where the search for the maximum begins.
    """
    total, n, d = marks.mark.size, marks.per_case, marks.per_reviewer
    mean = float(marks.mark.sum()) ** 2 / total
    squares = np.array(
        [
            float((marks.by_case(marks.mark) ** 2 / n).sum()) - mean,
            float((marks.by_reviewer(marks.mark) ** 2 / d).sum()) - mean,
            _dot(marks.mark, marks.mark) - mean,
        ]
    )
    cases, reviewers = _dot(n, n) / total, _dot(d, d) / total
    expected = np.array(
        [
            [total - cases, marks.cases - reviewers, marks.cases - 1],
            [marks.reviewers - cases, total - reviewers, marks.reviewers - 1],
            [total - cases, total - reviewers, total - 1],
        ]
    )
    case, reviewer, noise = np.linalg.lstsq(expected, squares, rcond=1e-9)[0]
    if noise <= 0:
        return (1.0, 1.0)
    return (float(np.clip(case / noise, 0.01, 100)), float(np.clip(reviewer / noise, 0.01, 100)))


def _dot(left: NDArray[np.generic], right: NDArray[np.generic]) -> float:
    """Σ left·right; ``@`` would wake a thread for each core to no gain."""
    return float(np.multiply(left, right).sum())
