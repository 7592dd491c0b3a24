"""Coefficients against their definitions, written out pair by pair; standard errors against the jackknife."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.many_readers import conger_kappa, fleiss_kappa, gwet_ac1
from annotations.agreement.moments import alpha_moments, coefficient_moments, kappa_moments
from annotations.agreement.pairs import light_kappa
from annotations.agreement.ratings import Ratings
from tests.agreement.strategies import ratings

quick = settings(max_examples=60, deadline=None)


def alpha_by_pairs(data, distance):
    """Krippendorff's alpha from all ordered pairs of values: within units, and overall."""
    units = [[int(c) for c in column if c >= 0] for column in data.codes.T]
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    observed = sum(distance(a, b) / (len(u) - 1) for u in units for a, b in permutations(u, 2)) / len(values)
    expected = sum(distance(a, b) for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - observed / expected


@given(data=ratings())
@quick
def test_alpha_is_that_of_all_pairs_of_values(data):
    for metric, distance in (("nominal", lambda a, b: a != b), ("interval", lambda a, b: (a - b) ** 2)):
        found = krippendorff_alpha(data, metric=metric)
        if found.value is not None:
            assert found.value == pytest.approx(alpha_by_pairs(data, distance), abs=1e-9)


@given(data=ratings())
@quick
def test_ordinal_alpha_counts_what_lies_between(data):
    found = krippendorff_alpha(data, metric="ordinal")
    if found.value is None:
        return
    pairable = data.codes[:, (data.codes >= 0).sum(axis=0) > 1]
    uses = [int((pairable == code).sum()) for code in range(len(data.categories))]

    def distance(a, b):
        low, high = sorted((a, b))
        return (sum(uses[low : high + 1]) - (uses[low] + uses[high]) / 2) ** 2 if low < high else 0

    assert found.value == pytest.approx(alpha_by_pairs(data, distance), abs=1e-9)


@given(data=ratings(missing=False))
@quick
def test_fleiss_and_conger_are_what_pairs_of_readers_give(data):
    codes, q = data.codes, len(data.categories)
    pairs = list(combinations(codes, 2))
    observed = np.mean([np.mean(a == b) for a, b in pairs])
    margins = [np.bincount(row, minlength=q) / row.size for row in codes]
    pooled = np.mean(margins, axis=0)
    for found, expected in (
        (fleiss_kappa(data), pooled @ pooled),
        (conger_kappa(data), np.mean([a @ b for a, b in combinations(margins, 2)])),
        (gwet_ac1(data), pooled @ (1 - pooled) / (q - 1)),
    ):
        if found.value is not None:
            assert found.value == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)


@given(data=ratings())
@quick
def test_moments_add_up_to_the_estimates(data):
    """The form that is resampled is the statistic itself."""
    checks = [
        (fleiss_kappa(data), coefficient_moments(data, "Fleiss kappa")),
        (conger_kappa(data), coefficient_moments(data, "Conger kappa")),
        (gwet_ac1(data), coefficient_moments(data, "Gwet AC1")),
        (krippendorff_alpha(data), alpha_moments(data)),
        (krippendorff_alpha(data, metric="ordinal"), alpha_moments(data, "ordinal")),
        (krippendorff_alpha(data, metric="ratio"), alpha_moments(data, "ratio")),
    ]
    if data.n_readers == 2:
        checks.append((cohen_kappa(data), kappa_moments(data)))
    for estimate, moments in checks:
        if estimate.value is None:
            assert np.isnan(moments.value)
        else:
            assert moments.value == pytest.approx(estimate.value, abs=1e-9)


def simulated(seed, readers, cases, missing=0.0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, cases)
    near = np.clip(truth + rng.integers(-1, 2, (readers, cases)), 0, 3)
    codes = np.where(rng.random((readers, cases)) < 0.6, truth, near)
    return Ratings(np.where(rng.random(codes.shape) < missing, -1, codes), (1, 2, 3, 4))


def jackknife_se(moments):
    values = moments.finish(moments.rows.sum(axis=0) - moments.rows)
    return np.sqrt((values.size - 1) * np.var(values))


@pytest.mark.parametrize("seed", range(3))
def test_standard_errors_are_those_of_the_jackknife(seed):
    data = simulated(seed, 5, 400)
    two = data.of_readers(0, 1)
    for estimate, moments in (
        (cohen_kappa(two), kappa_moments(two)),
        (fleiss_kappa(data), coefficient_moments(data, "Fleiss kappa")),
        (conger_kappa(data), coefficient_moments(data, "Conger kappa")),
        (gwet_ac1(data), coefficient_moments(data, "Gwet AC1")),
        (krippendorff_alpha(data), alpha_moments(data)),
        (krippendorff_alpha(data, metric="ordinal"), alpha_moments(data, "ordinal")),
    ):
        assert estimate.se == pytest.approx(jackknife_se(moments), rel=0.02), estimate.name


def test_ordinal_alpha_s_error_knows_that_the_margins_make_the_metric():
    """With missing readings too; without that part of the influence it would be 5 % off here."""
    data = simulated(11, 4, 300, missing=0.2)

    found = krippendorff_alpha(data, metric="ordinal")

    assert found.se == pytest.approx(jackknife_se(alpha_moments(data, "ordinal")), rel=0.015)


def test_light_s_error_is_that_of_the_jackknife():
    data = simulated(3, 4, 300)
    whole = light_kappa(data)
    left_out = np.array([light_kappa(data.of_cases(np.arange(300) != case)).value for case in range(300)])

    assert whole.se == pytest.approx(np.sqrt(299 * np.var(left_out)), rel=0.02)
