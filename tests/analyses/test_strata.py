"""Figures over several centres: the weights, the errors, and what is undefined stays so."""

from __future__ import annotations

import numpy as np
import pytest

from annotations.agreement.arm_average import arm_average
from annotations.agreement.proportion import proportion
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_strata import stratified_values
from annotations.agreement.result import WrongCall
from annotations.agreement.stratified import stratified


def stratum(seed: int, cases: int = 60, readers: int = 4):
    random = np.random.default_rng(seed)
    truth = np.arange(cases) % 2
    return reader_aucs(truth, truth * 1.2 + random.normal(size=(1, readers, cases)), covariance="delong")


def test_one_stratum_is_itself():
    own = stratum(1)
    assert arm_average(stratified_values([(3.0, own)])).as_json() == arm_average(own).as_json()


def test_values_are_weighted_and_covariances_shrink_with_the_squares():
    one, two = stratum(1), stratum(2)

    both = stratified_values([(1.0, one), (3.0, two)])

    assert both.values == pytest.approx(0.25 * one.values + 0.75 * two.values)
    assert both.covariance == pytest.approx(0.0625 * one.covariance + 0.5625 * two.covariance)
    assert both.n.cases == 120


def test_two_like_strata_halve_the_variance_over_cases():
    own = stratum(1)

    both = arm_average(stratified_values([(1.0, own), (1.0, own)]), model="FRRC")

    assert both.se == pytest.approx(arm_average(own, model="FRRC").se / 2**0.5)


def test_a_stratum_without_one_class_leaves_the_whole_undefined():
    empty = reader_aucs(np.zeros(10, int), np.ones((1, 4, 10)))

    assert arm_average(stratified_values([(1.0, stratum(1)), (1.0, empty)])).undefined


@pytest.mark.parametrize("weights", [[0.0], [-1.0], []])
def test_weights_must_be_positive(weights):
    with pytest.raises(WrongCall):
        stratified_values([(weight, stratum(1)) for weight in weights])


def test_a_perfect_stratum_still_has_an_interval_of_some_width():
    """20 of 20 has standard error 0: its own Wilson limits are combined instead."""
    found = stratified({"centre 1": proportion(20, 20), "centre 2": proportion(15, 20)})

    half = [0.5 * (1 - proportion(20, 20).interval.low), 0.5 * (0.75 - proportion(15, 20).interval.low)]
    assert found.value == pytest.approx(0.875)
    assert found.interval.low == pytest.approx(0.875 - np.hypot(*half))
