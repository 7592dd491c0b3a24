"""Resampled intervals: reproducible by name, bounded in memory, patients drawn whole, honest about what was lost."""

import tracemalloc

import numpy as np
import pytest

from annotations.agreement import draws
from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.continuous_moments import bland_altman_moments
from annotations.agreement.draws import stream, unit_weights, units_of
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.moments import Moments, alpha_moments, coefficient_moments, kappa_moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import Plan, bootstrap, bootstrap_values, jackknife
from annotations.agreement.result import Counts, Estimate, WrongCall


def group(seed=1, readers=6, cases=120):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, cases)
    codes = np.where(rng.random((readers, cases)) < 0.7, truth, rng.integers(0, 3, (readers, cases)))
    return Ratings(codes.astype(np.int8), ("a", "b", "c"))


def mean_of(values):
    """The plain mean as moments, and its estimate."""
    values = np.asarray(values, dtype=float)
    moments = Moments(np.column_stack([np.ones(values.size), values]), lambda sums: sums[..., 1] / sums[..., 0])
    return Estimate("mean", "mean", values.mean(), n=Counts(values.size)), moments


def test_the_same_seed_gives_the_same_interval_whatever_else_was_drawn():
    data = group()
    estimate, moments = krippendorff_alpha(data), alpha_moments(data)
    first = bootstrap(estimate, moments, Plan(7))
    bootstrap(fleiss_kappa(data), coefficient_moments(data, "Fleiss kappa"), Plan(7))

    assert bootstrap(estimate, moments, Plan(7)) == first
    assert bootstrap(estimate, moments, Plan(8)) != first


def test_the_size_of_the_chunks_changes_nothing(monkeypatch):
    _, moments = mean_of(np.arange(40.0))
    centres = np.arange(40) % 3
    plan = Plan(3, resamples=500, centres=centres)
    whole = bootstrap_values(moments, plan, "mean")
    monkeypatch.setattr(draws, "CHUNK_BYTES", 8 * 40 * 7)

    np.testing.assert_allclose(bootstrap_values(moments, plan, "mean"), whole, rtol=1e-13)


def test_resampling_is_that_of_the_cases_themselves():
    """Weights times sums is the statistic of the drawn cases."""
    data = group(cases=30)
    moments = kappa_moments(data.of_readers(0, 1))
    units = units_of(30, None, None)
    weights = next(unit_weights(units, 100, stream(1, "x")))

    for row, value in zip(weights[:20], moments.finish(weights @ moments.rows)[:20], strict=True):
        drawn = data.of_readers(0, 1).of_cases(np.repeat(np.arange(30), row.astype(int)))
        assert value == pytest.approx(cohen_kappa(drawn).value, abs=1e-12)


def test_bootstrap_and_jackknife_know_the_error_of_a_mean():
    values = np.random.default_rng(2).normal(size=200)
    estimate, moments = mean_of(values)
    truth = values.std(ddof=1) / np.sqrt(200)

    assert jackknife(estimate, moments, Plan(1)).se == pytest.approx(truth, rel=1e-9)
    assert jackknife(estimate, moments, Plan(1)).extra["jackknife_bias"] == pytest.approx(0, abs=1e-9)
    assert bootstrap(estimate, moments, Plan(1, 5000)).se == pytest.approx(truth, rel=0.05)


def test_patients_are_drawn_whole():
    """Every case twice under one patient: as wide as the cases once, not narrower by the root of two."""
    values = np.random.default_rng(3).normal(size=100)
    once, moments = mean_of(values)
    twice, repeated = mean_of(np.tile(values, 2))
    patients = np.tile(np.arange(100), 2)

    alone = bootstrap(once, moments, Plan(1, 4000)).se
    assert bootstrap(twice, repeated, Plan(1, 4000, patients=patients)).se == pytest.approx(alone, rel=0.05)
    assert bootstrap(twice, repeated, Plan(1, 4000)).se == pytest.approx(alone / np.sqrt(2), rel=0.05)
    assert jackknife(twice, repeated, Plan(1, patients=patients)).se == pytest.approx(
        jackknife(once, moments, Plan(1)).se
    )


def test_centres_keep_their_size():
    """Two centres that differ by far more than their cases do: the difference is no part of the error."""
    centres = np.repeat([0, 1], 50)
    values = np.random.default_rng(4).normal(size=100) + 100 * centres
    estimate, moments = mean_of(values)

    assert bootstrap(estimate, moments, Plan(1, centres=centres)).se < 0.2
    assert bootstrap(estimate, moments, Plan(1)).se > 3
    assert jackknife(estimate, moments, Plan(1, centres=centres)).se < 0.2


def test_a_patient_in_two_centres_is_refused():
    estimate, moments = mean_of(np.arange(4.0))

    with pytest.raises(WrongCall, match="a patient in two centres"):
        bootstrap(estimate, moments, Plan(1, patients=[1, 1, 2, 3], centres=[1, 2, 1, 1]))


def test_undefined_resamples_are_counted_and_said():
    data = Ratings.from_table([[14, 0], [1, 0]], ["a", "b"])
    rare = Ratings.from_table([[14, 0], [0, 1]], ["a", "b"])

    found = bootstrap(cohen_kappa(rare), kappa_moments(rare), Plan(1))

    assert found.extra["undefined_resamples_fraction"] == pytest.approx((14 / 15) ** 15, abs=0.03)
    assert any("Undefined in" in said for said in found.warnings)
    assert bootstrap(cohen_kappa(data), kappa_moments(data), Plan(1)).interval is not None


def test_a_statistic_mostly_undefined_has_no_interval():
    rare = Ratings.from_table([[2, 0], [0, 1]], ["a", "b"])
    estimate = cohen_kappa(rare)
    moments = kappa_moments(rare)
    never = Moments(moments.rows, lambda sums: np.where(sums[..., 3] == 3, 1.0, np.nan))

    found = bootstrap(estimate, never, Plan(1))

    assert found.interval is None
    assert "undefined in" in found.no_interval


def test_bca_moves_the_limits_of_a_skewed_statistic():
    """The SD of few differences is biased low: BCa lies above the percentiles."""
    data = np.stack([np.random.default_rng(5).normal(size=15), np.zeros(15)])
    moments = bland_altman_moments(data, "sd")
    estimate = Estimate("sd", "sd", moments.value, n=Counts(15))

    plain, moved = (bootstrap(estimate, moments, Plan(1, 4000, method=m)) for m in ("percentile", "bca"))

    assert moved.interval.low > plain.interval.low
    assert moved.interval.high > plain.interval.high
    assert "BCa" in moved.interval.method


def test_bca_of_a_symmetric_mean_is_the_percentile_interval():
    values = np.concatenate([np.arange(1.0, 40), -np.arange(1.0, 40)])
    estimate, moments = mean_of(values)
    plain, moved = (bootstrap(estimate, moments, Plan(1, 8000, method=m)) for m in ("percentile", "bca"))

    assert moved.interval.low == pytest.approx(plain.interval.low, abs=0.3)
    assert moved.interval.high == pytest.approx(plain.interval.high, abs=0.3)


def test_memory_is_bounded():
    estimate, moments = mean_of(np.arange(20_000.0))
    tracemalloc.start()
    bootstrap(estimate, moments, Plan(1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 150 * 2**20
