"""Reader studies: what is equivalent must agree, what is nested is seen, what cannot be said is not."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.arm_average import arm_average
from annotations.agreement.auc import auc, paired_auc_difference
from annotations.agreement.dbm import dorfman_berbaum_metz
from annotations.agreement.gallas import one_shot_auc, one_shot_difference
from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.proportion import wilson_limits
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import (
    reader_endpoints,
    reader_means,
    reader_sensitivities,
    reader_specificities,
)
from annotations.agreement.result import WrongCall

MODELS = ("RRRC", "FRRC", "RRFC")


def study(seed, arms=2, readers=4, diseased=14, healthy=16, gain=0.5, missing=0.0):
    """Ratings in whole steps (so that there are ties) of readers who share the cases' difficulty."""
    generator = np.random.default_rng(seed)
    truth = np.repeat([0, 1], [healthy, diseased])
    case = generator.normal(size=truth.size)
    skill = generator.normal(1.2, 0.3, size=(1, readers, 1)) + gain * np.arange(arms)[:, None, None]
    noise = generator.normal(size=(arms, readers, truth.size))
    ratings = np.round(2 * (skill * truth + 0.6 * case + noise))
    ratings[generator.random(ratings.shape) < missing] = np.nan
    return truth, ratings


def one_auc(truth, ratings):
    return auc(truth, ratings).value


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.2]))
def test_the_closed_jackknife_is_the_one_that_deletes_case_after_case(seed, missing):
    truth, ratings = study(seed, readers=3, diseased=8, healthy=9, missing=missing)
    closed = reader_aucs(truth, ratings)
    deleted = reader_endpoints(truth, ratings, one_auc, name="AUC")

    assert closed.values == pytest.approx(deleted.values)
    assert closed.covariance == pytest.approx(deleted.covariance, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_dbm_and_obuchowski_rockette_agree_under_the_jackknife(seed):
    truth, ratings = study(seed, arms=3)
    by_pseudovalues = dorfman_berbaum_metz(truth, ratings)
    by_covariances = obuchowski_rockette(reader_aucs(truth, ratings))

    assert by_pseudovalues.test.p == pytest.approx(by_covariances.test.p, abs=1e-9)
    for one, other in zip(by_pseudovalues.differences, by_covariances.differences):
        assert (one.value, one.se) == pytest.approx((other.value, other.se))


def test_one_reader_under_delong_is_the_paired_delong_test():
    truth, ratings = study(3, readers=1)
    found = obuchowski_rockette(reader_aucs(truth, ratings, covariance="delong"), model="FRRC").differences[0]
    paired = paired_auc_difference(truth, ratings[0, 0], ratings[1, 0])

    assert (found.value, found.se, found.p) == pytest.approx((paired.value, paired.se, paired.p))


def test_fixed_readers_have_the_variance_of_their_mean():
    truth, ratings = study(5)
    values = reader_aucs(truth, ratings, covariance="unbiased")

    whole = values.covariance[0, :, 0].mean()
    assert arm_average(values, 0, model="FRRC").se ** 2 == pytest.approx(whole)


@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_unbiased_covariances_are_those_of_the_pairs_written_out(missing):
    truth, ratings = study(7, readers=2, arms=1, diseased=4, healthy=5, missing=missing)
    found = reader_aucs(truth, ratings, covariance="unbiased").covariance[0, 0, 0, 1]

    assert found == pytest.approx(written_out(truth, ratings[0][:1], ratings[0][1:2]), abs=1e-12)


def readable_pairs(truth, ratings):
    """(reader, diseased case, healthy case, kernel) of every pair that was read."""
    cases = range(len(truth))
    for reader, i, j in product(range(len(ratings)), cases, cases):
        x, y = ratings[reader][i], ratings[reader][j]
        if truth[i] and not truth[j] and not np.isnan(x) and not np.isnan(y):
            yield reader, i, j, (x > y) + 0.5 * (x == y)


def written_out(truth, first, second):
    """Covariance of two pooled areas: every pair against every pair, grouped by what the two share."""
    one, other = list(readable_pairs(truth, first)), list(readable_pairs(truth, second))
    groups = {}
    for (r, i, j, k), (s, a, b, m) in product(one, other):
        groups.setdefault((r == s, i == a, j == b), []).append(k * m)
    alone = (0, 0, 0) if len(first) > 1 else (1, 0, 0)
    total = len(one) * len(other)
    return sum(np.mean(g) * (len(g) / total - (key == tuple(map(bool, alone)))) for key, g in groups.items())


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_one_shot_variance_is_that_of_all_pairs_written_out(missing):
    truth, ratings = study(11, readers=3, diseased=5, healthy=5, missing=missing)
    difference = one_shot_difference(truth, ratings[0], ratings[1])
    a, b, both = (written_out(truth, x, y) for x, y in (ratings[[0, 0]], ratings[[1, 1]], ratings))

    assert one_shot_auc(truth, ratings[0]).extra["variance"] == pytest.approx(a, abs=1e-12)
    assert difference.extra["variance"] == pytest.approx(a + b - 2 * both, abs=1e-12)


def test_bootstrap_covariances_are_near_delongs_and_repeat_under_the_seed():
    truth, ratings = study(13, diseased=40, healthy=40)
    first, again = (reader_aucs(truth, ratings, covariance="bootstrap", seed=4) for _ in range(2))
    delong = reader_aucs(truth, ratings, covariance="delong")

    assert (first.covariance == again.covariance).all()
    assert np.trace(first.covariance.reshape(8, 8)) == pytest.approx(np.trace(delong.covariance.reshape(8, 8)), rel=0.1)
    with pytest.raises(WrongCall, match="seed"):
        reader_aucs(truth, ratings, covariance="bootstrap")


@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_readers_and_cases_changes_nothing(model):
    truth, ratings = study(17)
    generator = np.random.default_rng(0)
    cases, readers = generator.permutation(30), generator.permutation(4)
    one = obuchowski_rockette(reader_aucs(truth, ratings), model=model)
    other = obuchowski_rockette(reader_aucs(truth[cases], ratings[:, readers][:, :, cases]), model=model)

    assert one.test.p == pytest.approx(other.test.p)
    assert one.differences[0].interval.low == pytest.approx(other.differences[0].interval.low)


@pytest.mark.parametrize("model", MODELS)
def test_exchanging_the_arms_turns_the_sign(model):
    values = reader_aucs(*study(19))
    one = obuchowski_rockette(values, model=model).differences[0]
    other = obuchowski_rockette(values.of_arms([1, 0]), model=model).differences[0]

    assert one.value == pytest.approx(-other.value)
    assert (one.se, one.p) == pytest.approx((other.se, other.p))


def test_sensitivity_and_specificity_average_the_readers_and_turn_with_the_classes():
    truth, ratings = study(23)
    calls = (ratings > 1).astype(float)
    sensitivity = arm_average(reader_sensitivities(truth, calls), 1)
    turned = arm_average(reader_specificities(1 - truth, 1 - calls), 1)

    assert sensitivity.value == pytest.approx(calls[1][:, truth == 1].mean())
    assert (sensitivity.value, sensitivity.se) == pytest.approx((turned.value, turned.se))


def test_a_sensitivity_by_jackknife_is_the_closed_form():
    truth, ratings = study(29)
    calls = (ratings > 1).astype(float)
    closed = reader_sensitivities(truth, calls)
    deleted = reader_endpoints(
        truth[truth == 1], calls[:, :, truth == 1], lambda t, c: float(c.mean()), name="sensitivity"
    )

    assert closed.covariance == pytest.approx(deleted.covariance, abs=1e-12)


def test_any_score_per_case_can_be_an_endpoint():
    _, ratings = study(31)
    values = reader_means(ratings, endpoint="mean rating")

    assert arm_average(values, 0).value == pytest.approx(ratings[0].mean())


def test_one_arm_may_come_without_its_axis():
    truth, ratings = study(37, arms=1)

    assert arm_average(reader_aucs(truth, ratings[0])).value == arm_average(reader_aucs(truth, ratings)).value


def test_readers_of_one_arm_each_make_a_nested_design():
    truth, ratings = study(41, readers=6)
    ratings[0, 3:], ratings[1, :3] = np.nan, np.nan
    found = obuchowski_rockette(reader_aucs(truth, ratings))

    assert "ms_r_within_t" in found.components
    assert found.differences[0].se > 0
    assert "readers within arms" in found.differences[0].estimator
    with pytest.raises(WrongCall, match="nested"):
        obuchowski_rockette(reader_aucs(truth, ratings), model="FRRC")


def test_arms_of_unequal_numbers_of_readers_can_be_compared():
    truth, ratings = study(43, readers=7)
    ratings[0, 3:], ratings[1, :3] = np.nan, np.nan
    values = reader_aucs(truth, ratings)
    found = obuchowski_rockette(values)

    assert found.differences[0].value == pytest.approx(np.nanmean(values.values[0]) - np.nanmean(values.values[1]))


def test_a_reader_without_a_value_is_in_no_mean_and_is_named():
    truth, ratings = study(47)
    ratings[1, 2, truth == 1] = np.nan
    values = reader_aucs(truth, ratings)

    average = arm_average(values, 1)
    assert average.value == pytest.approx(np.nanmean(values.values[1]))
    assert "1 of 4 readers" in average.warnings[0]
    assert obuchowski_rockette(values).warnings[0].startswith("1 of 4 readers have no value in some arm")


def test_what_cannot_be_said_says_why():
    truth, ratings = study(53)
    one_reader, one_arm = ratings[:, :1], ratings[:1]

    assert "at least two readers" in obuchowski_rockette(reader_aucs(truth, one_reader)).test.undefined
    assert "one arm" in obuchowski_rockette(reader_aucs(truth, one_arm)).test.undefined
    assert "at least two readers" in arm_average(reader_aucs(truth, one_reader)).no_interval
    assert "no healthy" in arm_average(reader_aucs(np.ones(30), ratings)).undefined
    assert "no diseased" in dorfman_berbaum_metz(np.zeros(30), ratings).test.undefined
    assert "no diseased" in one_shot_auc(np.zeros(30), ratings[0]).undefined
    same = reader_aucs(truth, ratings[[0, 0]])
    assert "0/0" in obuchowski_rockette(same).test.undefined
    nothing = np.full_like(ratings[0], np.nan)
    assert one_shot_difference(truth, ratings[0], nothing).undefined


def test_everybody_right_about_everything_has_limits_of_their_cases_alone():
    truth = np.repeat([0, 1], 5)
    values = reader_sensitivities(truth, np.tile(truth, (3, 1)))
    average = arm_average(values)

    assert average.value == 1.0
    assert average.warnings
    assert (average.interval.low, average.interval.high) == pytest.approx(wilson_limits(5, 5))
    assert arm_average(values, interval="wald").interval is None


def test_one_readers_average_has_the_limits_of_that_reader():
    truth, ratings = study(61)
    calls = (ratings[0, :1] > 0.5).astype(float)
    hits = int(calls[0, truth == 1].sum())
    found = arm_average(reader_sensitivities(truth, calls), model="FRRC").interval
    assert (found.low, found.high) == pytest.approx(wilson_limits(hits, int((truth == 1).sum())), abs=1e-9)
    one = arm_average(reader_aucs(truth, ratings[0, :1], covariance="delong"), model="FRRC").interval
    alone = auc(truth, ratings[0, 0]).interval
    assert (one.low, one.high) == pytest.approx((alone.low, alone.high), abs=1e-9)


def test_limits_of_an_average_stay_within_0_and_1_and_hold_it():
    for seed in range(20):
        truth, ratings = study(seed)
        for values in (reader_aucs(truth, ratings), reader_sensitivities(truth, ratings > 0.5)):
            for model in ("RRRC", "FRRC"):
                found = arm_average(values, model=model)
                assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1


@pytest.mark.parametrize(
    "call",
    [
        lambda t, r: reader_aucs(t, r[:, :, :-1]),
        lambda t, r: reader_aucs(t, np.where(r > 3, np.inf, r)),
        lambda t, r: reader_aucs(t, r, covariance="sandwich"),
        lambda t, r: reader_sensitivities(t, r),
        lambda t, r: obuchowski_rockette(reader_aucs(t, r), model="RFRF"),
        lambda t, r: dorfman_berbaum_metz(t, np.where(r > 3, np.nan, r)),
        lambda t, r: reader_means(r[0, 0]),
    ],
)
def test_a_wrong_call_says_what_was_expected(call):
    with pytest.raises(WrongCall, match="expected"):
        call(*study(59))


def test_intervals_of_an_average_cover_the_truth_as_often_as_they_say():
    generator = np.random.default_rng(61)
    truth, hits = np.repeat([0, 1], 50), 0
    population = 0.7602  # Phi(1 / sqrt(2)): the shift is 1 on average, every score N(., 1)
    for _ in range(400):
        case = generator.normal(scale=np.sqrt(0.4), size=100)
        reader = generator.normal(scale=0.15, size=(6, 1))
        scores = case + (1 + reader) * truth + generator.normal(scale=np.sqrt(0.6), size=(6, 100))
        interval = arm_average(reader_aucs(truth, scores)).interval
        hits += interval.low <= population <= interval.high
    assert 0.92 <= hits / 400 <= 0.985


@pytest.mark.parametrize("model", MODELS)
def test_an_analysed_study_is_plain_json(model):
    truth, ratings = study(67)
    analysed = obuchowski_rockette(reader_aucs(truth, ratings), model=model).as_json()

    assert json.loads(json.dumps(analysed, allow_nan=False)) == json.loads(json.dumps(analysed))


def test_the_counts_of_an_average_are_those_of_its_arm():
    truth, ratings = study(71)
    ratings[1, 0, 3] = np.nan
    average = arm_average(reader_aucs(truth, ratings), 1)

    assert (average.n.cases, average.n.readers, average.n.ratings, average.n.missing) == (30, 4, 119, 1)


def test_memory_stays_bounded_when_cases_are_many(monkeypatch):
    truth, ratings = study(73, diseased=30, healthy=30)
    whole = one_shot_difference(truth, ratings[0], ratings[1])
    monkeypatch.setattr("annotations.agreement.reader_covariance._CHUNK", 500)

    assert one_shot_difference(truth, ratings[0], ratings[1]).se == pytest.approx(whole.se)
