"""Intervals that know the variances are estimates too. Pure: numpy and scipy alone, no Django, no database.

The score of a case is a mixture over a grid of the two ratios of standard deviations, σc/σe and σr/σe. Given the
ratios, and with σ²e integrated out under the prior 1/σ²e, it has Student's t distribution with N − 1 degrees of
freedom around its prediction. Each point of the grid weighs as much as its REML likelihood, so the prior is flat in
the ratios of standard deviations: it is proper at 0, where an estimated variance often lies.

The grid is evenly spaced: 11 × 11 points over ±4 standard deviations of the likelihood, fewer where there are so
many marks that the ratios are as good as known. With the likelihood as weights that is the trapezoid rule, which for
a density like the normal one errs by less than 1 in 10⁸ at steps of 0.8 standard deviations, and takes 7 % off its
variance at 3 points √3 apart. The likelihood is even in each ratio, so a grid that reaches 0 begins half a step from it.

Source: A. Gelman, Bayesian Analysis 1 (2006), the prior; L. Trefethen and J. Weideman, SIAM Review 56 (2014), the rule.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from selection import mixed
from selection.mixed import Floats

Ratios = tuple[float, float]

GRIDS = (
    (11, 4.0),
    (7, 3.2),
    (5, 2.5),
    (3, 3**0.5),
)  # points along each ratio, standard deviations to both sides


def grid_around(marks: mixed.Marks, best: mixed.Solution) -> tuple[Ratios, ...]:
    """Pairs of ratios (of variances) around the best one, evenly spaced in those of standard deviations."""
    points, reach = next(
        (points, reach) for points, reach in GRIDS if points == GRIDS[-1][0] or _affordable(marks, points**2)
    )
    information = mixed.curvature(marks, best)
    axes = []
    for axis in (0, 1):
        low, high = _range(marks, best, axis, reach, float(information[axis]))
        step = high / points if low == 0 else (high - low) / (points - 1)
        axes.append((step / 2 if low == 0 else low) + step * np.arange(points))
    return tuple((float(first) ** 2, float(second) ** 2) for first in axes[0] for second in axes[1])


def _affordable(marks: mixed.Marks, points: int) -> bool:
    """Some seconds at most, and some tens of megabytes."""
    return points * (marks.reviewers**3 + 6_000 * marks.mark.size) < 1e11 and points * marks.cases < 4e6


def _range(
    marks: mixed.Marks, best: mixed.Solution, axis: int, reach: float, information: float
) -> tuple[float, float]:
    """Where the log-likelihood along one ratio (of standard deviations) is reach²/2 below its maximum."""
    centre = float(np.sqrt(best.ratios[axis]))
    deviation = 1 / (2 * centre * np.sqrt(information)) if centre > 0 and information > 0 else np.inf
    if deviation < 0.03 * centre:  # as good as normal
        return (centre - reach * deviation, centre + reach * deviation)

    def below(value: float) -> bool:
        ratios = list(best.ratios)
        ratios[axis] = value**2
        return best.log_likelihood - mixed.solve(marks, *ratios).log_likelihood > reach**2 / 2

    top = float(np.sqrt(mixed.LARGEST))
    outside = max(2 * centre, 0.1)
    while outside < top and not below(outside):
        outside *= 2
    high = _edge(below, centre, min(outside, top))
    low = _edge(below, centre, 0.0) if centre > 0 and below(0.0) else 0.0
    return (low, high)


def _edge(below: Callable[[float], bool], inside: float, outside: float) -> float:
    """Where ``below`` begins between the two, to 1/64 of their distance."""
    for _ in range(6):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if below(middle) else (middle, outside)
    return outside


def weigh(marks: mixed.Marks, grid: tuple[Ratios, ...], coverage: float) -> tuple[Floats, Floats]:
    """The weights of the grid's points and the interval of each case, less the centre of the marks."""
    degrees = marks.mark.size - 1
    likelihood = np.empty(len(grid))
    middle, scale = np.empty((marks.cases, len(grid))), np.empty((marks.cases, len(grid)))
    for point, (a, b) in enumerate(grid):
        solution = mixed.solve(marks, a, b)
        likelihood[point] = solution.log_likelihood
        middle[:, point] = solution.mean + solution.case_effect
        scale[:, point] = np.sqrt(solution.quadratic / degrees * mixed.spread(marks, solution).score)
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    kept = weights > 1e-9
    middle, scale, weighing = middle[:, kept], scale[:, kept], weights[kept] / weights[kept].sum()
    ends = [
        _quantile(level, middle, scale, weighing, degrees)
        for level in ((1 - coverage) / 2, (1 + coverage) / 2)
    ]
    return weights, np.column_stack(ends)


def _quantile(level: float, middle: Floats, scale: Floats, weights: Floats, degrees: int) -> Floats:
    """The quantile of each row's mixture of t distributions: Newton steps, kept between the components' own."""
    normal = degrees >= 10_000  # the two differ in the fifth digit
    own = float(special.ndtri(level) if normal else special.stdtrit(degrees, level))
    low, high = (middle + own * scale).min(axis=1), (middle + own * scale).max(axis=1)
    value = (middle + own * scale) @ weights
    peak = (
        -0.5 * np.log(2 * np.pi)
        if normal
        else special.gammaln((degrees + 1) / 2) - special.gammaln(degrees / 2)
    )
    peak = peak if normal else peak - 0.5 * np.log(degrees * np.pi)
    for _ in range(60):
        at = (value[:, None] - middle) / scale
        under = (special.ndtr(at) if normal else special.stdtr(degrees, at)) @ weights - level
        shape = -0.5 * at**2 if normal else -0.5 * (degrees + 1) * np.log1p(at**2 / degrees)
        density = (np.exp(peak + shape) / scale) @ weights
        low, high = np.where(under < 0, value, low), np.where(under > 0, value, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = value - under / density
        step = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        moved = np.abs(step - value).max()
        value = step
        if moved < 1e-9:
            break
    return value
