"""Agreement: published values, naive sums over all pairs, and where it is not defined."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from selection.agreement import alpha_interval, icc1, krippendorff_alpha, reasons_not_to_show

GAP = np.nan
# Krippendorff (2011), example C: four observers, twelve units, missing data.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
).T
# Shrout and Fleiss (1979), table 2: six targets, four judges.
TARGETS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])

tables = st.lists(
    st.lists(st.one_of(st.just(GAP), st.integers(1, 5)), min_size=3, max_size=3), min_size=2, max_size=8
).map(lambda rows: np.array(rows, dtype=float))


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example_has_its_published_alphas(level, alpha):
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(alpha, abs=5e-4)


def test_the_published_targets_have_their_published_icc():
    assert icc1(TARGETS) == pytest.approx(0.17, abs=5e-3)


def pairwise_alpha(marks, level):
    """α by its definition: every pair of marks, one after the other."""
    units = [[mark for mark in row if not np.isnan(mark)] for row in marks]
    units = [unit for unit in units if len(unit) >= 2]
    pool = [mark for unit in units for mark in unit]

    def apart(one, other):
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return (one - other) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(low <= mark <= high for mark in pool)
        return (between - (pool.count(low) + pool.count(high)) / 2) ** 2 if low != high else 0.0

    observed = sum(
        apart(unit[i], unit[j]) / (len(unit) - 1)
        for unit in units
        for i in range(len(unit))
        for j in range(len(unit))
        if i != j
    )
    expected = sum(apart(one, other) for one in pool for other in pool) / (len(pool) - 1)
    return 1 - observed / expected


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@given(marks=tables)
def test_alpha_is_what_all_pairs_say(level, marks):
    paired = marks[(~np.isnan(marks)).sum(axis=1) >= 2]
    assume(np.unique(paired[~np.isnan(paired)]).size >= 2)
    assert krippendorff_alpha(marks, level) == pytest.approx(pairwise_alpha(marks, level))


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@given(marks=tables, swap=st.permutations([0, 1, 2]))
def test_neither_the_names_of_reviewers_nor_the_order_of_cases_matter(level, marks, swap):
    other = marks[::-1][:, swap]
    assert krippendorff_alpha(other, level) == pytest.approx(krippendorff_alpha(marks, level), nan_ok=True)
    assert icc1(other) == pytest.approx(icc1(marks), nan_ok=True)


@given(marks=tables)
def test_any_stretching_of_the_scale_leaves_the_ordinal_alpha(marks):
    assert krippendorff_alpha(np.exp(marks), "ordinal") == pytest.approx(
        krippendorff_alpha(marks, "ordinal"), nan_ok=True
    )


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_full_agreement_is_one(level):
    assert krippendorff_alpha([[1, 1], [4, 4], [5, GAP], [2, 2]], level) == pytest.approx(1)
    assert icc1([[1, 1], [4, 4], [2, 2]]) == pytest.approx(1)


@pytest.mark.parametrize(
    "marks",
    [[[3, 3], [3, 3]], [[1, GAP], [GAP, 5]], [[GAP, GAP]], np.empty((0, 3)), [[3, 3], [3, GAP], [GAP, 1]]],
)
def test_without_pairs_or_variation_alpha_is_not_defined(marks):
    assert np.isnan(krippendorff_alpha(marks))
    assert np.isnan(alpha_interval(marks)).all()


@pytest.mark.parametrize("marks", [[[3, 3], [3, 3]], [[1, GAP], [GAP, 5]], [[1, 5]], np.empty((0, 3))])
def test_without_groups_or_variation_icc_is_not_defined(marks):
    assert np.isnan(icc1(marks))


def test_marks_that_differ_more_within_cases_than_between_give_a_negative_icc():
    assert icc1([[1, 5], [5, 1], [1, 5], [2, 4]]) == pytest.approx(-1)


def test_unequal_numbers_of_marks_use_the_mean_number_of_the_analysis_of_variance():
    # By hand: means 2, 5, 4 of 3, 2, 1 marks, overall 10/3; between 10⅓/2, within 2½/3; n0 = (6 − 14/6)/2.
    marks = [[1, 2, 3], [4.5, 5.5, GAP], [4, GAP, GAP]]
    between, within, n0 = (3 * (4 / 3) ** 2 + 2 * (5 / 3) ** 2 + (2 / 3) ** 2) / 2, 2.5 / 3, (6 - 14 / 6) / 2
    assert icc1(marks) == pytest.approx((between - within) / (between + (n0 - 1) * within))


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_the_bootstrap_of_cases_is_the_alpha_of_drawn_cases(level):
    random = np.random.default_rng(7)
    alphas = [
        krippendorff_alpha(PUBLISHED[:11][random.integers(11, size=11)], level) for _ in range(200)
    ]  # the twelfth unit has one mark
    assert alpha_interval(PUBLISHED, level, resamples=200, seed=7) == pytest.approx(
        tuple(np.quantile(alphas, [0.05, 0.95]))
    )


def test_the_interval_is_the_same_each_time_and_holds_alpha():
    low, high = alpha_interval(PUBLISHED)
    assert (low, high) == alpha_interval(PUBLISHED)
    assert low < krippendorff_alpha(PUBLISHED) < high


def test_agreement_is_shown_from_ten_cases_of_two_reviews():
    marks = np.array([[case % 5, (case + 1) % 5] for case in range(10)], dtype=float)
    assert reasons_not_to_show(marks) == []
    marks[0, 0] = GAP
    assert reasons_not_to_show(marks) == ["few_cases"]
    assert reasons_not_to_show(np.full((10, 2), 3)) == ["no_variation"]


@pytest.mark.parametrize("marks", [[1, 2, 3], 4, [[[1]]]])
def test_another_shape_is_refused(marks):
    with pytest.raises(ValueError, match="shape"):
        krippendorff_alpha(marks)


def test_another_level_is_refused():
    with pytest.raises(ValueError, match="ratio"):
        krippendorff_alpha(PUBLISHED, "ratio")
