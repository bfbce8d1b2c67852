"""Scores calibrated for who marked, and how sure they are. Pure: numpy and scipy alone, no Django, no database.

    mark = μ + case + reviewer + noise

with cases and reviewers as crossed random effects and variances by REML (``selection.mixed`` has the algebra).
Cases and reviewers are integer codes from 0; arrays that come back are indexed by code, nan for a code without
marks. Conditions of display are codes of ``reasons_not_to_show``; nothing else asks them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

from selection import mixed
from selection.threads import one_thread

REVIEWERS_AT_LEAST, CASES_AT_LEAST, REVIEWS_AT_LEAST = 12, 40, 3
COVERAGE = 0.90
DRAWS = 4000
SEED = 20030401
CLOSE_CALL = (0.25, 0.75)  # chances between these are too close to call
APART = 2.5  # marks of a case that differ by this much disagree

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the model says, in points of the marks; arrays by code, nan for codes without marks.

    ``case_score``: μ + the best linear unbiased prediction of the case's effect at the REML estimates of the
    variances, μ by generalised least squares.
    ``case_se``: the root of its prediction error variance there, that of μ + case: the estimation of μ is in it,
    the estimation of the variances is not.
    ``case_interval`` (n, 2): 90 %, the estimation of the variances included (see ``calibrate``).
    ``reviewer_offset``, ``reviewer_se``: the prediction of the reviewer's effect (above 0: generous) and the
    root of its prediction error variance. An offset is not an error.
    ``variances``: of case, reviewer and noise, by REML; 0 is possible, nan where a single mark says nothing.
    """

    case_score: Floats
    case_se: Floats
    case_interval: Floats
    reviewer_offset: Floats
    reviewer_se: Floats
    variances: tuple[float, float, float]
    mean: float
    _model: "_Model | None" = field(repr=False, default=None)


@dataclass(frozen=True, eq=False)
class _Model:
    """What ``draws`` needs: the marks, the grid of ratios, and which code each case has."""

    marks: mixed.Marks
    centre: float
    grid: tuple[tuple[float, float], ...]
    weights: Floats  # of the points of the grid, their sum is 1
    case_codes: Ints


@one_thread()
def calibrate(case: ArrayLike, reviewer: ArrayLike, mark: ArrayLike) -> Calibration:
    """The model fitted to marks: three arrays of equal length, integer codes from 0 and marks (nan: none).

    The 90 % interval of a case is that of a mixture over a grid of the two ratios, σc/σe and σr/σe. Given the
    ratios, and with σ²e integrated out under the prior 1/σ²e, the score has Student's t distribution with N − 1
    degrees of freedom around its prediction; each point of the grid weighs as much as its REML likelihood, the
    prior being flat in the two ratios of standard deviations (A. Gelman, Bayesian Analysis 1 (2006): proper at 0,
    where an estimated variance often lies). An interval at the REML estimates alone covers too little, since it
    takes them for the truth. The grid has 11 × 11 points over ±4 standard deviations of the likelihood and fewer
    where there are so many marks that the ratios are as good as known.

    Raises ValueError if the graph of marked cases is not connected: then the scores of two parts can't be
    compared. Also for arrays of unequal length or negative codes, which no table of marks has.
    """
    case, reviewer, mark = _checked(case, reviewer, mark)
    there = np.isfinite(mark)
    cases, reviewers = _size(case), _size(reviewer)
    case_codes, case = np.unique(case[there], return_inverse=True)
    reviewer_codes, reviewer = np.unique(reviewer[there], return_inverse=True)
    mark = mark[there]
    if _parts(case, reviewer) > 1:
        raise ValueError("the graph of marked cases is not connected")
    if np.ptp(mark) == 0 if mark.size else True:
        return _without_variation(mark, cases, reviewers, case_codes, reviewer_codes)
    centre = float(mark.mean())
    marks = mixed.Marks.sort(case, reviewer, mark - centre)
    best, spread = mixed.estimate(marks)
    a, b = best.ratios
    noise = best.quadratic / (mark.size - 1)
    grid = _grid(marks, best)
    weights, interval = _mixture(marks, grid)
    return Calibration(
        case_score=_by_code(cases, case_codes, centre + best.mean + best.case_effect),
        case_se=_by_code(cases, case_codes, np.sqrt(noise * spread.score)),
        case_interval=_by_code(cases, case_codes, centre + interval),
        reviewer_offset=_by_code(reviewers, reviewer_codes, best.reviewer_effect),
        reviewer_se=_by_code(reviewers, reviewer_codes, np.sqrt(noise * spread.reviewer)),
        variances=(a * noise, b * noise, noise),
        mean=centre + best.mean,
        _model=_Model(marks, centre, grid, weights, case_codes),
    )


def reasons_not_to_show(
    case: ArrayLike,
    reviewer: ArrayLike,
    *,
    case_variance: float | None = None,
    outsider: ArrayLike | None = None,
) -> list[str]:
    """Why the calibrated scores of these marks may not be shown; empty if they may be.

    ``case`` and ``reviewer`` are the codes of each mark. ``case_variance`` is the estimate, where there is one.
    ``outsider`` says of each case by code whether one of its marks is an outsider's; given only where categories
    are ranked together. Cases without a mark have no score and are not asked.

    Codes: ``few_reviewers`` (under 12), ``few_cases`` (under 40), ``few_reviews`` (a case under 3),
    ``disconnected``, ``no_case_variance`` (estimated as 0), ``no_outsider``.
    """
    case, reviewer, _ = _checked(case, reviewer, np.zeros(np.size(case)))
    marked, per_case = np.unique(case, return_counts=True)
    reasons = []
    if np.unique(reviewer).size < REVIEWERS_AT_LEAST:
        reasons.append("few_reviewers")
    if marked.size < CASES_AT_LEAST:
        reasons.append("few_cases")
    if (per_case < REVIEWS_AT_LEAST).any():
        reasons.append("few_reviews")
    if _parts(case, reviewer) > 1:
        reasons.append("disconnected")
    if case_variance is not None and not case_variance > 0:
        reasons.append("no_case_variance")
    if outsider is not None and not np.asarray(outsider, dtype=bool)[marked].all():
        reasons.append("no_outsider")
    return reasons


@one_thread()
def draws(
    calibration: Calibration, cases: ArrayLike | None = None, *, count: int = DRAWS, seed: int = SEED
) -> Floats:
    """``count`` joint draws of the scores of ``cases`` (codes; all marked ones if none are named): (count, cases).

    Each draw takes a point of the grid by its weight; σ²e from its scaled inverse χ² distribution; μ; the
    reviewers given μ, by the Cholesky factor of their system; then each case given those, where cases are
    independent. That is the joint distribution exactly, with no matrix of cases: time and memory are
    O(count·(reviewers + cases)) and a factor for each point of the grid. Ask for one decision group at a time.

    The same marks, cases and seed give the same draws. Raises ValueError for a case without marks.
    """
    model = calibration._model
    if model is None:
        raise ValueError("there are no marks that differ")
    marks = model.marks
    codes = model.case_codes if cases is None else np.asarray(cases, dtype=np.intp)
    place = np.searchsorted(model.case_codes, codes)
    if (model.case_codes[np.minimum(place, model.case_codes.size - 1)] != codes).any():
        raise ValueError("a case has no marks")
    random = np.random.default_rng(seed)
    turns = random.multinomial(count, model.weights)
    who = sparse.csr_array(
        (np.ones(marks.case.size), (marks.case, marks.reviewer)), shape=(marks.cases, marks.reviewers)
    )[place]
    sums, sizes = marks.by_case(marks.mark)[place], marks.per_case[place]
    drawn = np.empty((count, codes.size))
    done = 0
    for (a, b), turn in zip(model.grid, turns, strict=True):
        if turn == 0:
            continue
        solution = mixed.solve(marks, a, b)
        noise = np.sqrt(solution.quadratic / random.chisquare(marks.mark.size - 1, turn))[:, None]
        mean, effect = mixed.draw_reviewers(solution, noise, random)
        weight = solution.weight[place]
        own = random.standard_normal((turn, codes.size)) * noise * np.sqrt(weight)
        scores = mean * (1 - weight * sizes) + weight * (sums - (who @ effect.T).T) + own
        drawn[done : done + turn] = model.centre + scores
        done += turn
    return drawn


def chances_in(drawn: Floats, places: int | None = None) -> Floats:
    """P(in) of each case of a decision group for each number of places: shape (cases, places + 1).

    ``drawn`` are draws of the group's scores, (draws, cases). Column k is the share of draws in which a case is
    among the k highest, for k from 0 to ``places`` (all cases if not said), so the number of places may move
    without another fit. Each column adds up to its number of places.
    """
    count, cases = drawn.shape
    last = cases if places is None else min(places, cases)
    times = np.zeros((cases, last + 1))
    for scores in drawn:
        order = np.argsort(-scores, kind="stable")[:last]
        times[order, np.arange(1, order.size + 1)] += 1
    return np.cumsum(times, axis=1) / count


def too_close(chance: ArrayLike) -> Flags:
    """Too close to call: 0.25 < P(in) < 0.75."""
    chance = np.asarray(chance, dtype=float)
    return (chance > CLOSE_CALL[0]) & (chance < CLOSE_CALL[1])


def nearest_quarter(chance: ArrayLike) -> Ints:
    """The positions of the quarter of cases (rounded up) with the smallest \\|P(in) − ½\\|, the nearest first.

    Of equal ones the earlier comes first. Cases whose chance is nan are left out.
    """
    distance = np.round(np.abs(np.asarray(chance, dtype=float) - 0.5), 9)
    known = int(np.count_nonzero(~np.isnan(distance)))
    return np.argsort(distance, kind="stable")[: -(-known // 4)]  # nan sorts last


def line(means: ArrayLike, places: int) -> float | None:
    """Midway between the last place in and the first out, by the means that rank a decision group.

    None where there is no such line: no places, or no more cases with a mean than places.
    """
    means = np.asarray(means, dtype=float)
    ranked = -np.sort(-means[~np.isnan(means)])
    if not 0 < places < ranked.size:
        return None
    return float(ranked[places - 1] + ranked[places]) / 2


def disagreement(case: ArrayLike, mark: ArrayLike) -> Flags:
    """Of each case by code: whether its highest and lowest mark are 2.5 or more apart."""
    case, _, mark = _checked(case, case, mark)
    there = np.isfinite(mark)
    highest, lowest = np.full(_size(case), -np.inf), np.full(_size(case), np.inf)
    np.maximum.at(highest, case[there], mark[there])
    np.minimum.at(lowest, case[there], mark[there])
    return highest - lowest >= APART - 1e-9


@dataclass(frozen=True, eq=False)
class Plain:
    """What is shown where the model is not, by code of the case; nan for codes without marks."""

    mean: Floats
    se: Floats
    sd: float  # within cases, pooled; nan where no case has two marks


def plain(case: ArrayLike, mark: ArrayLike) -> Plain:
    """Means, and SD/√n with the SD within cases pooled over all: √(Σ(mark − mean of its case)²/(N − cases)).

    Never a case's own SD: of three marks it is often 0 by chance.
    """
    case, _, mark = _checked(case, case, mark)
    there = np.isfinite(mark)
    size = np.bincount(case[there], minlength=_size(case))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(case[there], mark[there], minlength=size.size) / size
        degrees = size.sum() - np.count_nonzero(size)
        squares = float(np.sum((mark[there] - mean[case[there]]) ** 2))
        sd = float(np.sqrt(squares / degrees)) if degrees else np.nan
        se = np.where(size > 0, sd / np.sqrt(size), np.nan)
    return Plain(mean, se, sd)


def plain_draws(mean: ArrayLike, se: ArrayLike, *, count: int = DRAWS, seed: int = SEED) -> Floats:
    """Draws of scores around their means, each case on its own: for P(in) where the model is not shown."""
    mean, se = np.asarray(mean, dtype=float), np.asarray(se, dtype=float)
    return mean + se * np.random.default_rng(seed).standard_normal((count, mean.size))


@dataclass(frozen=True, eq=False)
class Fixed:
    """Effects by least squares, by code; nan for codes without marks. The offsets add up to 0."""

    case_score: Floats
    reviewer_offset: Floats


@one_thread()
def least_squares(case: ArrayLike, reviewer: ArrayLike, mark: ArrayLike) -> Fixed:
    """Cases and reviewers as fixed effects: the two-way additive model by least squares.

    A reviewer who gives 0.5 more to everybody gets an offset 0.5 higher and changes no order of cases: what the
    shrunken scores of ``calibrate`` do only nearly. For comparison; the shrunken ones err less.

    The normal equations with the cases absorbed, (Dr − N'·Dc⁻¹·N)·offset = Zr'·(mark − mean of its case), are
    singular by the constant that could be moved between both; adding 1/R to each cell picks Σ offsets = 0.

    Raises ValueError as ``calibrate`` does. Source: S. Searle, Linear Models (1971), chapter 7.
    """
    case, reviewer, mark = _checked(case, reviewer, mark)
    there = np.isfinite(mark)
    cases, reviewers = _size(case), _size(reviewer)
    case_codes, case = np.unique(case[there], return_inverse=True)
    reviewer_codes, reviewer = np.unique(reviewer[there], return_inverse=True)
    if _parts(case, reviewer) > 1:
        raise ValueError("the graph of marked cases is not connected")
    size = np.bincount(case).astype(float)
    shape = (case_codes.size, reviewer_codes.size)
    who = sparse.csr_array((np.ones(case.size), (case, reviewer)), shape=shape)
    apart = mark[there] - (np.bincount(case, mark[there]) / size)[case]
    system = np.diag(np.bincount(reviewer).astype(float)) - (who.T @ (who / size[:, None])).toarray()
    offset = np.linalg.solve(system + 1 / max(shape[1], 1), np.bincount(reviewer, apart))
    score = np.bincount(case, mark[there] - offset[reviewer]) / size
    return Fixed(_by_code(cases, case_codes, score), _by_code(reviewers, reviewer_codes, offset))


def _checked(case: ArrayLike, reviewer: ArrayLike, mark: ArrayLike) -> tuple[Ints, Ints, Floats]:
    codes = [np.asarray(case), np.asarray(reviewer)]
    marks = np.asarray(mark, dtype=float)
    if any(one.ndim != 1 or one.shape != marks.shape for one in codes):
        raise ValueError("case, reviewer and mark must be arrays of one length")
    if any(one.size and (one.dtype.kind not in "iu" or one.min() < 0) for one in codes):
        raise ValueError("cases and reviewers must be integer codes from 0")
    return codes[0].astype(np.intp), codes[1].astype(np.intp), marks


def _size(codes: Ints) -> int:
    return int(codes.max()) + 1 if codes.size else 0


def _by_code(size: int, codes: Ints, values: Floats) -> Floats:
    spread_out = np.full((size, *values.shape[1:]), np.nan)
    spread_out[codes] = values
    return spread_out


def _parts(case: Ints, reviewer: Ints) -> int:
    """Into how many unconnected parts the graph of cases and reviewers falls that have marks."""
    if case.size == 0:
        return 0
    _, case = np.unique(case, return_inverse=True)
    _, reviewer = np.unique(reviewer, return_inverse=True)
    first = int(case.max()) + 1
    nodes = first + int(reviewer.max()) + 1
    graph = sparse.coo_array(
        (np.ones(case.size, dtype=np.int8), (case, first + reviewer)), shape=(nodes, nodes)
    )
    return int(sparse.csgraph.connected_components(graph, directed=False, return_labels=False))


def _without_variation(
    mark: Floats, cases: int, reviewers: int, case_codes: Ints, reviewer_codes: Ints
) -> Calibration:
    """All marks are equal (or there is one, or none): every score is that mark, and nothing else is known."""
    several = 0.0 if mark.size > 1 else np.nan
    centre = float(mark[0]) if mark.size else np.nan
    known, unknown = np.full(case_codes.size, centre), np.full(case_codes.size, several)
    return Calibration(
        case_score=_by_code(cases, case_codes, known),
        case_se=_by_code(cases, case_codes, unknown),
        case_interval=_by_code(cases, case_codes, np.column_stack([known + unknown, known + unknown])),
        reviewer_offset=_by_code(reviewers, reviewer_codes, np.zeros(reviewer_codes.size)),
        reviewer_se=_by_code(reviewers, reviewer_codes, np.full(reviewer_codes.size, several)),
        variances=(several, several, several),
        mean=centre,
    )


def _grid(marks: mixed.Marks, best: mixed.Solution) -> tuple[tuple[float, float], ...]:
    """Pairs of ratios around the best one, evenly spaced in the ratios of standard deviations.

    Evenly spaced points with their likelihood as weights are the trapezoid rule, which for a density like the
    normal one errs by less than 1 in 10⁸ at steps of 0.8 standard deviations and by 7 % of the variance at 3
    points √3 apart. The likelihood is even in each ratio, so a grid that reaches 0 begins half a step from it.
    """
    points, reach = next(
        (points, reach)
        for points, reach in ((11, 4.0), (7, 3.2), (5, 2.5), (3, 3**0.5))
        if points == 3 or _affordable(marks, points**2)
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


def _mixture(marks: mixed.Marks, grid: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
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
        for level in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)
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
