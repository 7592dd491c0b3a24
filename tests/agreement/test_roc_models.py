"""The binormal model and calibration: truth recovered, peers met, and what has no answer."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit, ndtr

from annotations.agreement.binormal import binormal_auc
from annotations.agreement.calibration import (
    brier_score,
    calibration_curve,
    calibration_intercept,
    calibration_slope,
)
from annotations.agreement.result import WrongCall


def expected_counts(a, b, cuts, size):
    """Counts that a binormal model would give on average."""
    edges = np.array(cuts)
    healthy = np.diff(np.concatenate(([0], ndtr(edges), [1])))
    diseased = np.diff(np.concatenate(([0], ndtr(b * edges - a), [1])))
    return size * healthy, size * diseased


@pytest.mark.parametrize(("a", "b"), [(1.5, 0.8), (0.4, 1.3), (2.2, 1.0)])
def test_the_model_behind_the_counts_is_found_again(a, b):
    estimate = binormal_auc(*expected_counts(a, b, [-0.8, 0.1, 0.9, 1.6], 1000.0))

    assert estimate.extra["a"] == pytest.approx(a, abs=1e-3)
    assert estimate.extra["b"] == pytest.approx(b, abs=1e-3)
    assert estimate.value == pytest.approx(ndtr(a / np.hypot(1, b)), abs=1e-4)


def test_four_times_the_cases_halve_the_error():
    few, many = (binormal_auc(*expected_counts(1.2, 0.9, [-0.5, 0.4, 1.2], n)) for n in (100.0, 400.0))

    assert few.se == pytest.approx(2 * many.se, rel=1e-3)


def test_an_unused_category_changes_nothing():
    with_gap = binormal_auc([30, 0, 19, 8, 2, 1], [5, 0, 6, 5, 12, 22])

    assert with_gap.value == pytest.approx(binormal_auc([30, 19, 8, 2, 1], [5, 6, 5, 12, 22]).value)


@pytest.mark.parametrize(
    ("healthy", "diseased", "reason"),
    [
        ([0, 0, 0], [3, 4, 5], "no healthy case"),
        ([3, 4, 5], [0, 0, 0], "no diseased case"),
        ([3, 4], [2, 6], "fewer than three"),
        ([5, 5, 0, 0], [0, 3, 4, 5], "separation"),
    ],
)
def test_what_the_model_cannot_fit_says_why(healthy, diseased, reason):
    assert reason in binormal_auc(healthy, diseased).undefined


def test_counts_of_different_length_are_refused():
    with pytest.raises(WrongCall):
        binormal_auc([1, 2, 3], [1, 2])


@pytest.fixture
def predictions():
    generator = np.random.default_rng(8)
    linear = generator.normal(size=400)
    truth = (generator.random(400) < expit(0.3 + 0.7 * linear)).astype(int)
    return truth, expit(linear)


def test_slope_and_intercept_are_those_of_a_logistic_regression(predictions):
    truth, p = predictions
    regression = sm.Logit(truth, sm.add_constant(logit(p))).fit(disp=0)
    offset = sm.GLM(truth, np.ones((len(p), 1)), sm.families.Binomial(), offset=logit(p)).fit()

    slope, intercept = calibration_slope(truth, p), calibration_intercept(truth, p)
    assert (slope.value, slope.se) == pytest.approx((regression.params[1], regression.bse[1]), abs=1e-6)
    assert (intercept.value, intercept.se) == pytest.approx((offset.params[0], offset.bse[0]), abs=1e-6)


def test_the_brier_score_is_the_mean_square(predictions):
    truth, p = predictions

    assert brier_score(truth, p).value == pytest.approx(np.mean((truth - p) ** 2))


def test_the_curve_counts_every_case_once(predictions):
    truth, p = predictions
    groups = calibration_curve(truth, p)

    assert sum(group.n.cases for group in groups) == len(truth)
    assert sum(group.extra["k"] for group in groups) == truth.sum()
    assert [g.extra["predicted"] for g in groups] == sorted(g.extra["predicted"] for g in groups)


def test_calibration_without_an_answer_says_why():
    truth = [0, 0, 1, 1]

    assert "separation" in calibration_slope(truth, [0.1, 0.2, 0.8, 0.9]).undefined
    assert "0 or 1" in calibration_slope(truth, [0.0, 0.2, 0.1, 0.9]).undefined
    assert calibration_slope(truth, [0.0, 0.2, 0.1, 0.9], clip=0.005).value is not None
    assert "same" in calibration_slope(truth, [0.5] * 4).undefined
    assert "no diseased" in calibration_intercept([0, 0], [0.1, 0.2]).undefined
    assert calibration_curve([], []) == []


def test_a_0_to_100_score_is_not_taken_for_a_probability():
    with pytest.raises(WrongCall, match="divide"):
        brier_score([0, 1], [10, 90])
