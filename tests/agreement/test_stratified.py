"""One figure over several centres."""

from __future__ import annotations

import math

import numpy as np
import pytest

from annotations.agreement.icc import icc
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined
from annotations.agreement.stratified import stratified


def made(value, low, high, cases, se=None, name="x"):
    return Estimate(name, "e", value, se=se, interval=Interval(low, high), n=Counts(cases, 2, 2 * cases))


def test_the_mean_is_weighted_by_cases_and_the_limits_by_mover():
    found = stratified({"a": made(0.8, 0.6, 0.9, 30), "b": made(0.4, 0.1, 0.6, 10)})

    assert found.value == pytest.approx(0.75 * 0.8 + 0.25 * 0.4)
    assert found.interval.low == pytest.approx(found.value - math.hypot(0.75 * 0.2, 0.25 * 0.3))
    assert found.interval.high == pytest.approx(found.value + math.hypot(0.75 * 0.1, 0.25 * 0.2))
    assert found.n.cases == 40


def test_one_stratum_alone_is_itself():
    one = made(0.8, 0.6, 0.9, 30)

    found = stratified({"a": one, "empty": undefined("x", "e", "no case", Counts())})

    assert (found.value, found.interval.low, found.interval.high) == pytest.approx((0.8, 0.6, 0.9))


def test_one_undefined_stratum_with_cases_makes_the_whole_undefined():
    found = stratified(
        {"centre 1": undefined("x", "e", "both used one category", Counts(20, 2, 40)), "centre 2": made(0.4, 0, 1, 9)}
    )

    assert found.value is None
    assert found.undefined == "centre 1: both used one category"


def test_different_statistics_are_refused():
    with pytest.raises(WrongCall):
        stratified({"a": made(0.1, 0, 1, 5), "b": made(0.1, 0, 1, 5, name="y")})


def test_a_stratified_icc_has_an_interval_though_an_icc_has_no_standard_error():
    rng = np.random.default_rng(3)
    parts = {}
    for label in "ab":
        truth = rng.normal(10, 3, 30)
        parts[label] = icc(Measurements(truth + rng.normal(0, 1, (4, 30))))

    found = stratified(parts)

    assert found.interval.low < found.value < found.interval.high


def test_its_interval_covers_the_common_kappa():
    rng = np.random.default_rng(11)
    covered, total, truth = 0, 400, 0.5
    for _ in range(total):
        parts = {}
        for label, prevalence, cases in (("a", 0.5, 60), ("b", 0.4, 80)):
            first = rng.random(cases) < prevalence
            copies = rng.random(cases) < truth
            second = np.where(copies, first, rng.random(cases) < prevalence)
            parts[label] = cohen_kappa(Ratings(np.array([first, second], dtype=np.int16), ("no", "yes")))
        found = stratified(parts)
        covered += found.interval.low <= truth <= found.interval.high
    assert covered / total > 0.92
