"""Resampled intervals: reproducible by name, bounded in memory, patients drawn whole, honest about what was lost."""

import tracemalloc

import numpy as np
import pytest

from annotations.agreement import draws
from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.continuous_moments import bland_altman_moments
from annotations.agreement.draws import stream, unit_weights, units_of
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.many_readers import fleiss_kappa, percent_agreement
from annotations.agreement.moments import Moments, alpha_moments, coefficient_moments, kappa_moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.reader_resampling import _draws, _Group, bootstrap_readers, resampled_readers
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


def each_pair_of_distinct_readers(codes, drawn):
    """Observed agreement of drawn readers, a reader never compared with a copy of themselves."""
    pairs = [(a, b) for i, a in enumerate(drawn) for b in drawn[i + 1 :] if a != b]
    return np.mean([np.mean(codes[a] == codes[b]) for a, b in pairs])


def test_a_reader_drawn_twice_is_not_compared_with_themselves():
    data = group(readers=5, cases=40)
    units = units_of(40, None, None)
    matrix = np.eye(3)
    drawn = next(_draws(Plan(2, 100), "x", 5, units, "readers"))
    values = _Group(data, "percent agreement", matrix, "nominal", "rank").values(drawn)

    for times, value in zip(drawn.readers[:30].astype(int), values[:30], strict=True):
        people = np.repeat(np.arange(5), times).tolist()
        if len(set(people)) > 1:
            assert value == pytest.approx(each_pair_of_distinct_readers(data.codes, people))


@pytest.mark.parametrize("metric", ["nominal", "ordinal"])
def test_group_without_resampling_is_the_estimate(metric):
    data = group(readers=5, cases=40)
    units = units_of(40, None, None)
    one = next(_draws(Plan(2, 100), "x", 5, units, "cases"))
    flat = type(one)(np.ones((1, 5)), np.ones((1, 40)))

    alpha = _Group(data, "Krippendorff alpha", np.eye(3), metric, "rank").values(flat)
    assert alpha[0] == pytest.approx(krippendorff_alpha(data, metric=metric).value)


def test_readers_and_cases_together_are_wider_than_cases_alone():
    data = group()
    estimate = fleiss_kappa(data)
    cases, both = (bootstrap_readers(estimate, data, Plan(1), over=over) for over in ("cases", "both"))

    assert cases.se == pytest.approx(estimate.se, rel=0.1)
    assert both.se > cases.se
    assert both.interval.method.endswith("of readers and cases")


def test_fewer_than_five_readers_are_not_taken_as_random():
    data = group(readers=4)

    with pytest.raises(WrongCall, match="at least 5 to be taken as random, got 4"):
        bootstrap_readers(percent_agreement(data), data, Plan(1), over="both")


def test_no_draw_lies_below_what_agreement_can_be():
    data = Ratings(np.array([[0] * 9, [0] * 9, [0] * 9, [0] * 8 + [1], [1] + [0] * 8]), ("no", "yes"))
    found = bootstrap_readers(fleiss_kappa(data), data, Plan(1), over="both")

    assert found.interval is None or -1 <= found.interval.low < found.interval.high <= 1
    values = resampled_readers(fleiss_kappa(data), data, Plan(1), over="both")
    assert np.nanmin(values) >= -1 and np.isnan(values).any()
