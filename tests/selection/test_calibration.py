"""Calibrated scores: against a dense mixed model, by properties, and in simulation."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from selection import calibration, mixed
from selection.calibration import calibrate, chances_in, draws, least_squares, plain, reasons_not_to_show
from tests.bench.calibration import measure
from tests.bench.simulation import SetUp, panel, simulate
from tests.spread import all_of_them, examples

SMALL = SetUp(cases=15, reviewers=6)


def marks_of(seed, setup=SMALL):
    one = panel(setup, np.random.default_rng(seed))
    return one.case, one.reviewer, one.mark


seeds = st.integers(0, 10_000)


class Dense:
    """The mixed model written out: V, its inverse, generalised least squares, Henderson's equations."""

    def __init__(self, case, reviewer, mark, a, b):
        of_case, of_reviewer = np.eye(case.max() + 1)[case], np.eye(reviewer.max() + 1)[reviewer]
        ones, count = np.ones(mark.size), mark.size
        covariance = np.eye(count) + a * of_case @ of_case.T + b * of_reviewer @ of_reviewer.T
        inverse = np.linalg.inv(covariance)
        weight = ones @ inverse @ ones
        project = inverse - np.outer(inverse @ ones, ones @ inverse) / weight
        self.noise = mark @ project @ mark / (count - 1)
        self.log_likelihood = -0.5 * (
            np.linalg.slogdet(covariance)[1] + np.log(weight) + (count - 1) * np.log(mark @ project @ mark)
        )
        self.score = ones @ inverse @ mark / weight + a * of_case.T @ project @ mark
        self.offset = b * of_reviewer.T @ project @ mark
        cases, reviewers = of_case.shape[1], of_reviewer.shape[1]
        design = np.column_stack([ones, of_case, of_reviewer])
        penalty = np.diag(np.concatenate([[0], np.full(cases, 1 / a), np.full(reviewers, 1 / b)]))
        error = self.noise * np.linalg.inv(design.T @ design + penalty)
        pick = np.column_stack([np.ones(cases), np.eye(cases), np.zeros((cases, reviewers))])
        self.score_covariance = pick @ error @ pick.T
        self.offset_variance = np.diag(error)[1 + cases :]


def uneven_marks():
    """1 to 4 marks a case, and one reviewer who marked a case twice."""
    case, reviewer, mark = marks_of(3)
    kept = np.delete(np.arange(case.size), [4, 7, 8])
    case, reviewer = np.append(case[kept], [0, 5, 5]), np.append(reviewer[kept], [reviewer[0], 0, 1])
    return case, reviewer, np.append(mark[kept], [3.5, 2.0, 4.5])


@pytest.mark.parametrize("ratios", [(1.2, 0.7), (0.01, 3.0), (5.0, 1e-3)])
def test_at_given_ratios_the_absorbed_system_is_the_dense_model(ratios):
    case, reviewer, mark = uneven_marks()
    dense = Dense(case, reviewer, mark, *ratios)
    marks = mixed.Marks.sort(case, reviewer, mark)
    solution = mixed.solve(marks, *ratios)
    spread = mixed.spread(marks, solution)
    assert solution.log_likelihood == pytest.approx(dense.log_likelihood)
    assert solution.mean + solution.case_effect == pytest.approx(dense.score)
    assert solution.reviewer_effect == pytest.approx(dense.offset)
    assert dense.noise * spread.score == pytest.approx(np.diag(dense.score_covariance))
    assert dense.noise * spread.reviewer == pytest.approx(dense.offset_variance)


@given(seed=seeds)
@examples(8)
def test_the_estimates_are_where_the_dense_likelihood_is_highest(seed):
    case, reviewer, mark = marks_of(seed)
    found = calibrate(case, reviewer, mark)
    a, b = found.variances[0] / found.variances[2], found.variances[1] / found.variances[2]
    marks = mixed.Marks.sort(case, reviewer, mark)
    best = mixed.solve(marks, a, b).log_likelihood
    around = [0, 1e-3, 0.01, 0.1, 0.3, 0.6, 1, 1.5, 3, 10, 30]
    assert best >= max(
        mixed.solve(marks, first, second).log_likelihood for first in around for second in around
    )
    for near in (0.999, 1.001):
        assert best >= mixed.solve(marks, a * near, b).log_likelihood - 1e-10
        assert best >= mixed.solve(marks, a, b * near).log_likelihood - 1e-10


@pytest.mark.parametrize("read", [marks_of, lambda _: uneven_marks()])
def test_scores_and_errors_are_those_of_the_dense_model_at_the_estimates(read):
    case, reviewer, mark = read(8)
    found = calibrate(case, reviewer, mark)
    dense = Dense(case, reviewer, mark, *(variance / found.variances[2] for variance in found.variances[:2]))
    assert found.case_score == pytest.approx(dense.score)
    assert found.case_se == pytest.approx(np.sqrt(np.diag(dense.score_covariance)))
    assert found.reviewer_offset == pytest.approx(dense.offset)
    assert found.reviewer_se == pytest.approx(np.sqrt(dense.offset_variance))
    assert found.variances[2] == pytest.approx(dense.noise)


def test_a_balanced_table_has_the_variances_of_the_analysis_of_variance():
    table = (
        3
        + np.array([-1, 0, 0.4, 1.1])[:, None]
        + np.array([-0.3, 0, 0.5])
        + 0.2 * np.sin(np.arange(12)).reshape(4, 3)
    )
    case, reviewer = (one.ravel() for one in np.indices(table.shape))
    apart = table - table.mean(axis=0) - table.mean(axis=1)[:, None] + table.mean()
    noise = np.sum(apart**2) / 6
    between_cases, between_reviewers = table.mean(axis=1).var(ddof=1), table.mean(axis=0).var(ddof=1)
    found = calibrate(case, reviewer, table.ravel())
    assert found.variances == pytest.approx((between_cases - noise / 3, between_reviewers - noise / 4, noise))


def test_the_interval_is_the_mixture_over_the_likelihood_of_the_ratios():
    case, reviewer, mark = marks_of(11, SetUp(cases=40, reviewers=12))
    found = calibrate(case, reviewer, mark)
    marks = mixed.Marks.sort(case, reviewer, mark)
    parts, step = [], 0.1 if all_of_them() else 0.2
    for first in np.arange(step / 2, 4, step):
        for second in np.arange(step / 2, 6, step):
            solution = mixed.solve(marks, first**2, second**2)
            variance = solution.quadratic / (mark.size - 1) * mixed.spread(marks, solution).score
            parts.append(
                (solution.log_likelihood, (solution.mean + solution.case_effect)[0], variance[0] ** 0.5)
            )
    likelihood, middle, scale = np.array(parts).T
    weights = np.exp(likelihood - likelihood.max())
    at = (found.case_interval[0][:, None] - middle) / scale
    below = special.stdtr(mark.size - 1, at) @ weights / weights.sum()
    assert below.tolist() == pytest.approx([0.05, 0.95], abs=5e-4)


@given(seed=seeds, constant=st.floats(-20, 20))
@examples(8)
def test_one_constant_added_to_all_marks_moves_every_score_by_it(seed, constant):
    case, reviewer, mark = marks_of(seed)
    before, after = calibrate(case, reviewer, mark), calibrate(case, reviewer, mark + constant)
    assert after.case_score == pytest.approx(before.case_score + constant, abs=1e-5)
    assert after.case_interval == pytest.approx(before.case_interval + constant, abs=1e-4)
    assert after.case_se == pytest.approx(before.case_se, abs=1e-5)


@given(seed=seeds, shift=st.floats(-3, 3), who=st.integers(0, 5))
def test_with_fixed_reviewers_the_shift_of_one_changes_no_order(seed, shift, who):
    case, reviewer, mark = marks_of(seed)
    before, after = (
        least_squares(case, reviewer, mark),
        least_squares(case, reviewer, mark + shift * (reviewer == who)),
    )
    apart = np.subtract.outer(before.case_score, before.case_score)
    assert np.subtract.outer(after.case_score, after.case_score) == pytest.approx(apart, abs=1e-9)
    order = np.sign(np.round(apart, 8))
    assert (np.sign(np.round(np.subtract.outer(after.case_score, after.case_score), 8)) == order).all()


def test_fixed_effects_are_the_least_squares_of_the_dense_design():
    case, reviewer, mark = uneven_marks()
    design = np.column_stack([np.eye(15)[case], np.eye(6)[reviewer]])
    effects = np.linalg.lstsq(design, mark, rcond=None)[0]
    found = least_squares(case, reviewer, mark)
    assert found.reviewer_offset == pytest.approx(effects[15:] - effects[15:].mean())
    assert found.case_score == pytest.approx(effects[:15] + effects[15:].mean())


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.deep) for one in (1, 2))])
def test_at_the_estimates_a_shift_of_half_a_point_keeps_the_order_nearly(seed):
    from scipy import stats  # takes half a second to load: in no other worker

    one = panel(SetUp(), np.random.default_rng(seed))
    before = calibrate(one.case, one.reviewer, one.mark).case_score
    worst = min(
        stats.spearmanr(
            before, calibrate(one.case, one.reviewer, one.mark + 0.5 * (one.reviewer == who)).case_score
        ).statistic
        for who in range(0, 24, 1 if all_of_them() else 3)
    )
    assert worst >= 0.98


@given(seed=seeds, random=st.randoms(use_true_random=False))
@examples(8)
def test_other_codes_and_another_order_change_nothing(seed, random):
    case, reviewer, mark = marks_of(seed)
    names, people, order = list(range(15)), list(range(6)), list(range(case.size))
    for one in (names, people, order):
        random.shuffle(one)
    names, people = np.array(names), np.array(people)
    before = calibrate(case, reviewer, mark)
    after = calibrate(names[case][order], people[reviewer][order], mark[order])
    assert after.case_score[names] == pytest.approx(before.case_score, abs=1e-5)
    assert after.case_interval[names] == pytest.approx(before.case_interval, abs=1e-4)
    assert after.reviewer_offset[people] == pytest.approx(before.reviewer_offset, abs=1e-5)


@pytest.mark.parametrize("fit", [calibrate, least_squares])
def test_two_parts_that_share_nobody_are_refused(fit):
    with pytest.raises(ValueError, match="not connected"):
        fit([0, 0, 1, 1], [0, 1, 2, 3], [1.0, 2, 3, 4])


def test_codes_without_marks_have_no_score():
    case, reviewer, mark = marks_of(5)
    found = calibrate(np.append(case * 2, 33), np.append(reviewer + 1, 9), np.append(mark, np.nan))
    assert found.case_score.shape == (34,)
    assert found.case_interval.shape == (34, 2)
    assert np.isnan(found.case_score[1::2]).all()
    assert found.case_score[:30:2] == pytest.approx(calibrate(case, reviewer, mark).case_score)
    assert np.isnan(found.reviewer_offset[[0, 7, 8, 9]]).all()


def test_marks_that_are_all_equal_say_that_and_no_more():
    found = calibrate([0, 0, 1, 1], [0, 1, 0, 1], [3, 3, 3, 3])
    assert found.case_score.tolist() == [3, 3]
    assert found.variances == (0, 0, 0)
    assert found.case_interval.tolist() == [[3, 3], [3, 3]]


@pytest.mark.parametrize(
    ("case", "reviewer", "mark"),
    [
        ([], [], []),
        ([0], [0], [4.0]),
        ([0, 0], [0, 1], [3, 4]),
        ([0, 1], [0, 0], [3, 4]),
        ([0, 1, 1], [0, 0, 1], [3, 4, 5]),
    ],
)
def test_next_to_nothing_is_no_error(case, reviewer, mark):
    found = calibrate(case, reviewer, mark)
    assert found.case_score.size == len(set(case))
    assert np.isfinite(found.case_score).all()


def test_marks_without_noise_are_taken_apart():
    case, reviewer = (one.ravel() for one in np.indices((8, 5)))
    found = calibrate(case, reviewer, np.linspace(1, 4, 8)[case] + np.linspace(-1, 1, 5)[reviewer])
    assert found.case_score == pytest.approx(np.linspace(1, 4, 8), abs=1e-3)
    assert np.isfinite(found.case_interval).all()


@pytest.mark.parametrize(
    ("case", "reviewer", "mark"),
    [
        ([0, 1], [0], [1.0, 2]),
        ([[0]], [[0]], [[1.0]]),
        ([-1], [0], [1.0]),
        ([0.5], [0], [1.0]),
        ([0], ["a"], [1.0]),
    ],
)
def test_what_is_no_table_of_marks_is_refused(case, reviewer, mark):
    with pytest.raises(ValueError, match="case"):
        calibrate(case, reviewer, mark)


def test_each_condition_of_display_has_its_code():
    one = panel(SetUp(), np.random.default_rng(1))
    case, reviewer = one.case, one.reviewer
    assert reasons_not_to_show(case, reviewer, case_variance=0.4, outsider=np.ones(120)) == []
    assert reasons_not_to_show(case, reviewer, case_variance=0.0) == ["no_case_variance"]
    assert reasons_not_to_show(case, reviewer, outsider=np.arange(120) > 0) == ["no_outsider"]
    assert reasons_not_to_show(case[1:], reviewer[1:]) == ["few_reviews"]
    assert reasons_not_to_show(case[:117], reviewer[:117]) == ["few_cases"]
    assert reasons_not_to_show(case, reviewer % 11) == ["few_reviewers"]
    apart = np.append(case, [120] * 3), np.append(reviewer, [24, 25, 26])
    assert reasons_not_to_show(*apart) == ["disconnected"]


def test_draws_have_the_covariance_of_the_dense_model():
    case, reviewer, mark = marks_of(4)
    found = calibrate(case, reviewer, mark)
    model = found._model
    drawn = draws(found, count=40_000)
    mean, second = np.zeros(15), np.zeros((15, 15))
    for (a, b), weight in zip(model.grid, model.weights, strict=True):
        dense = Dense(case, reviewer, mark, a, b)
        heavier = (mark.size - 1) / (mark.size - 3)  # the variance of t
        mean += weight * dense.score
        second += weight * (heavier * dense.score_covariance + np.outer(dense.score, dense.score))
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.02)
    assert np.cov(drawn.T) == pytest.approx(second - np.outer(mean, mean), abs=0.02)
    assert pytest.approx(found.case_interval, abs=0.03) == np.quantile(drawn, [0.05, 0.95], axis=0).T


def test_draws_are_the_same_each_time_and_only_of_the_cases_named():
    found, again = calibrate(*marks_of(4)), calibrate(*marks_of(4))
    assert (draws(found, [3, 1]) == draws(again, [3, 1])).all()
    assert (draws(found, [3, 1]) != draws(found, [3, 1], seed=2)).all()
    assert draws(found, [3, 1]).shape == (4000, 2)
    assert draws(found, [3, 1]).mean(axis=0) == pytest.approx(found.case_score[[3, 1]], abs=0.1)
    with pytest.raises(ValueError, match="no marks"):
        draws(found, [15])


def test_chances_count_the_draws_in_which_a_case_is_in():
    drawn = np.array([[3.0, 2, 1], [3, 1, 2], [2, 3, 1], [3, 2, 1]])
    assert chances_in(drawn).tolist() == [[0, 0.75, 1, 1], [0, 0.25, 0.75, 1], [0, 0, 0.25, 1]]
    assert chances_in(drawn, 1).tolist() == [[0, 0.75], [0, 0.25], [0, 0]]


def test_equal_scores_have_equal_chances():
    chances = chances_in(calibration.plain_draws([3.0, 3.0, 4.0, 3.0], np.zeros(4)))
    assert chances[2].tolist() == [0, 1, 1, 1, 1]
    assert chances[[0, 1, 3], 2] == pytest.approx([1 / 3] * 3, abs=0.03)


@given(seed=seeds)
@examples(8)
def test_chances_fill_the_places_and_never_fall_with_more_of_them(seed):
    chances = chances_in(draws(calibrate(*marks_of(seed)), count=200))
    assert chances.sum(axis=0) == pytest.approx(np.arange(16))
    assert (np.diff(chances, axis=1) >= 0).all()


def test_the_line_lies_midway_between_the_last_in_and_the_first_out():
    means = [3.0, 4.5, np.nan, 4.0, 2.0]
    assert calibration.line(means, 2) == 3.5
    assert calibration.line(means, 0) is None
    assert calibration.line(means, 4) is None


def test_too_close_is_strictly_between_the_quarters():
    assert calibration.too_close([0.25, 0.2501, 0.5, 0.7499, 0.75, np.nan]).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_the_nearest_quarter_is_rounded_up_and_takes_the_earlier_of_equals():
    assert calibration.nearest_quarter([0.9, 0.4, 0.6, 0.5, 0.1]).tolist() == [3, 1]
    assert calibration.nearest_quarter([0.3, np.nan, 0.7, 1.0, 0.0]).tolist() == [0]
    assert calibration.nearest_quarter([]).tolist() == []


def test_disagreement_begins_at_two_and_a_half_points():
    assert calibration.disagreement([0, 0, 1, 1, 3], [1.35, 3.85, 1.35, 3.84, 5]).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_the_plain_error_is_the_pooled_one_never_the_cases_own():
    found = plain([0, 0, 0, 1, 1, 3], [4, 4, 4, 1, 3, 2])
    assert found.mean.tolist() == pytest.approx([4, 2, np.nan, 2], nan_ok=True)
    assert found.sd == pytest.approx((2 / 3) ** 0.5)
    assert found.se == pytest.approx(found.sd / np.sqrt([3, 2, np.nan, 1]), nan_ok=True)
    assert np.isnan(plain([0, 1], [3, 4]).sd)


def test_plain_draws_lie_around_their_means():
    drawn = calibration.plain_draws([4.0, 2.0], [0.5, 0.1])
    assert drawn.mean(axis=0) == pytest.approx([4, 2], abs=0.03)
    assert drawn.std(axis=0) == pytest.approx([0.5, 0.1], rel=0.05)


def test_the_interval_covers_and_calibration_finds_more_of_the_best():
    found = simulate(40 if all_of_them() else 20)
    assert 0.87 <= found.coverage <= 0.93
    assert all(found.calibrated[places] >= found.raw[places] for places in found.raw)


@pytest.mark.deep
@pytest.mark.parametrize(
    "setup",
    [SetUp(), SetUp(case_variance=0.25, noise_variance=0.6), SetUp(case_variance=1.0, bias_variance=0.2)],
)
def test_the_interval_covers_in_many_panels_of_other_kinds(setup):
    found = simulate(400, setup, seed=5)
    assert 0.87 <= found.coverage <= 0.93
    assert all(found.calibrated[places] >= found.raw[places] for places in found.raw)


@pytest.mark.deep
def test_a_million_marks_take_ten_seconds_and_a_gigabyte():
    one = measure()
    assert one.cpu <= 10
    assert one.megabytes <= 1000
    assert one.off < 0.1


def test_the_pure_modules_need_no_django():
    code = "import sys, selection.agreement, selection.calibration; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
