"""Scores calibrated for who marked, and how sure they are. Pure: numpy and scipy alone, no Django, no database.

    mark = μ + case + reviewer + noise

with cases and reviewers as crossed random effects and variances by REML (``selection.mixed`` has the algebra).
Cases and reviewers are integer codes from 0; arrays that come back are indexed by code, nan for a code without
marks. Conditions of display are codes of ``reasons_not_to_show``; nothing else asks them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from selection import mixed, mixture
from selection.threads import one_thread

REVIEWERS_AT_LEAST, CASES_AT_LEAST, REVIEWS_AT_LEAST = 12, 40, 3
COVERAGE = 0.90
DRAWS = 4000
PORTION = 500  # draws at a time
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
    grid: tuple[mixture.Ratios, ...]
    weights: Floats  # of the points of the grid, their sum is 1
    case_codes: Ints
    drawn: dict[tuple[int, int], "_Drawn"] = field(
        default_factory=dict
    )  # by count and seed: each group needs it


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Draws of what all cases share, draw by draw; ``effect`` is (draws, reviewers), the others (draws, 1)."""

    ratio: Floats  # σ²c/σ²e
    noise: Floats  # σe
    mean: Floats
    effect: Floats


@one_thread()
def calibrate(case: ArrayLike, reviewer: ArrayLike, mark: ArrayLike) -> Calibration:
    """The model fitted to marks: three arrays of equal length, integer codes from 0 and marks (nan: none).

    The 90 % interval of a case integrates over the likelihood of the ratios of variances (``selection.mixture``).
    An interval at the REML estimates alone covers too little, since it takes them for the truth.

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
    grid = mixture.grid_around(marks, best)
    weights, interval = mixture.weigh(marks, grid, COVERAGE)
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
    independent. That is the joint distribution, with no matrix of cases: memory is O(count·(reviewers + cases)),
    time that and a factor for each point of the grid. Ask for one decision group at a time: what all share is
    drawn once and kept with ``calibration``.

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
    shared = _shared_draws(model, count, seed)
    shape = (marks.cases, marks.reviewers)
    who = sparse.csr_array((np.ones(marks.case.size), (marks.case, marks.reviewer)), shape=shape)[place]
    sums, sizes = marks.by_case(marks.mark)[place], marks.per_case[place]
    random = np.random.default_rng([seed, 1])
    drawn = np.empty((count, codes.size))
    for first in range(0, count, PORTION):
        some = slice(first, first + PORTION)
        weight = shared.ratio[some] / (1 + shared.ratio[some] * sizes)
        scores = drawn[some]
        scores[:] = shared.noise[some] * np.sqrt(weight) * random.standard_normal(weight.shape)
        scores += weight * (sums - (who @ shared.effect[some].T).T)
        scores += shared.mean[some] * (1 - weight * sizes) + model.centre
    return drawn


def _shared_draws(model: _Model, count: int, seed: int) -> _Drawn:
    """Kept for the next decision group: a factor for each point of the grid is the dear part."""
    if (count, seed) not in model.drawn:
        random = np.random.default_rng([seed, 0])
        degrees = model.marks.mark.size - 1
        parts = []
        for (a, b), turns in zip(model.grid, random.multinomial(count, model.weights), strict=True):
            if turns == 0:
                continue
            solution = mixed.solve(model.marks, a, b)
            noise = np.sqrt(solution.quadratic / random.chisquare(degrees, (turns, 1)))
            parts.append((np.full_like(noise, a), noise, *mixed.draw_reviewers(solution, noise, random)))
        model.drawn[count, seed] = _Drawn(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    return model.drawn[count, seed]


def chances_in(drawn: Floats, places: int | None = None) -> Floats:
    """P(in) of each case of a decision group for each number of places: shape (cases, places + 1).

    ``drawn`` are draws of the group's scores, (draws, cases). Column k is the share of draws in which a case is
    among the k highest, for k from 0 to ``places`` (all cases if not said), so the number of places may move
    without another fit. Each column adds up to its number of places. Equal scores, as means without any spread
    give them, are put in a new random order in each draw (of a fixed seed), not in that of the cases.
    """
    count, cases = drawn.shape
    last = cases if places is None else min(places, cases)
    times = np.zeros((cases, last + 1))
    random = np.random.default_rng(SEED)
    for scores in drawn:
        shuffled = random.permutation(cases)
        order = shuffled[np.argsort(-scores[shuffled], kind="stable")][:last]
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
