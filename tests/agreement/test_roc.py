"""The empirical ROC curve against brute force, its own symmetries, and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as sklearn_curve

from annotations.agreement.area_limits import area_variance
from annotations.agreement.auc import auc, independent_auc_difference, paired_auc_difference
from annotations.agreement.partial_area import partial_auc
from annotations.agreement.placements import sorted_placements
from annotations.agreement.proportion import wilson_limits
from annotations.agreement.result import WrongCall
from annotations.agreement.roc import largest_youden, roc_curve
from annotations.agreement.roc_points import sensitivity_at_specificity, specificity_at_sensitivity

quick = settings(max_examples=60, deadline=None)
ratings = st.lists(st.integers(0, 6), min_size=2, max_size=14)


def rated(diseased, healthy):
    return [1] * len(diseased) + [0] * len(healthy), list(diseased) + list(healthy)


def every_pair(diseased, healthy):
    return [[(x > y) + 0.5 * (x == y) for y in healthy] for x in diseased]


@quick
@given(ratings, ratings)
def test_the_area_is_the_share_of_pairs_ordered_rightly_with_ties_a_half(diseased, healthy):
    assert auc(*rated(diseased, healthy)).value == pytest.approx(np.mean(every_pair(diseased, healthy)))


@quick
@given(ratings, ratings)
def test_delong_variance_is_that_of_the_pairs_summed_by_case(diseased, healthy):
    kernel = np.array(every_pair(diseased, healthy))
    by_hand = kernel.mean(axis=1).var(ddof=1) / len(diseased) + kernel.mean(axis=0).var(ddof=1) / len(healthy)

    assert auc(*rated(diseased, healthy)).se ** 2 == pytest.approx(by_hand, abs=1e-12)


@quick
@given(ratings, ratings)
def test_turning_the_scores_round_gives_the_complement_and_the_same_error(diseased, healthy):
    truth, scores = rated(diseased, healthy)
    one, other = auc(truth, scores), auc(truth, [-s for s in scores])

    assert one.value + other.value == pytest.approx(1)
    assert one.se == pytest.approx(other.se, abs=1e-12)


@quick
@given(ratings, ratings)
def test_exchanging_the_classes_gives_the_complement(diseased, healthy):
    truth, scores = rated(diseased, healthy)

    assert auc(truth, scores).value + auc([1 - t for t in truth], scores).value == pytest.approx(1)


@quick
@given(ratings, ratings, st.randoms(use_true_random=False))
def test_neither_a_monotone_scale_nor_the_order_of_cases_changes_anything(diseased, healthy, random):
    truth, scores = rated(diseased, healthy)
    order = list(range(len(truth)))
    random.shuffle(order)
    moved = auc([truth[i] for i in order], [math.exp(scores[i]) - 40 for i in order])

    assert moved.value == pytest.approx(auc(truth, scores).value)
    assert moved.interval == auc(truth, scores).interval or moved.interval.low == pytest.approx(
        auc(truth, scores).interval.low
    )


@quick
@given(ratings, ratings)
def test_the_interval_stays_within_0_and_1_and_holds_the_value(diseased, healthy):
    estimate = auc(*rated(diseased, healthy))

    assert 0 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 1
    assume((logit := auc(*rated(diseased, healthy), interval="logit").interval) is not None)
    assert 0 < logit.low <= estimate.value <= logit.high < 1


@quick
@given(ratings, ratings)
def test_scikit_learn_finds_the_same_area_and_partial_area(diseased, healthy):
    truth, scores = rated(diseased, healthy)

    assert auc(truth, scores).value == pytest.approx(roc_auc_score(truth, scores))
    assert partial_auc(truth, scores, 0.0, 0.3).extra["standardised"] == pytest.approx(
        roc_auc_score(truth, scores, max_fpr=0.3)
    )


@quick
@given(ratings, ratings)
def test_scikit_learn_finds_the_same_operating_points(diseased, healthy):
    truth, scores = rated(diseased, healthy)
    false_positive, sensitivity, thresholds = sklearn_curve(truth, scores, drop_intermediate=False)
    curve = roc_curve(truth, scores)

    assert curve.sensitivity == pytest.approx(sensitivity)
    assert 1 - curve.specificity == pytest.approx(false_positive)
    assert curve.thresholds == pytest.approx(thresholds[1:])


@quick
@given(ratings, ratings)
def test_the_whole_partial_area_is_the_area_seen_from_either_axis(diseased, healthy):
    truth, scores = rated(diseased, healthy)
    whole = auc(truth, scores).value

    assert partial_auc(truth, scores, 0.0, 1.0).value == pytest.approx(whole)
    assert partial_auc(truth, scores, 0.0, 1.0, over="sensitivity").value == pytest.approx(whole)


@quick
@given(ratings, ratings, st.floats(0.05, 0.95))
def test_partial_areas_add_up(diseased, healthy, cut):
    truth, scores = rated(diseased, healthy)
    parts = partial_auc(truth, scores, 0.0, cut).value + partial_auc(truth, scores, cut, 1.0).value

    assert parts == pytest.approx(auc(truth, scores).value)


@quick
@given(ratings, ratings, st.sampled_from([0.5, 0.8, 0.9, 1.0]))
def test_the_attained_point_is_the_best_of_all_and_never_above_the_line(diseased, healthy, target):
    truth, scores = rated(diseased, healthy)
    points = roc_curve(truth, scores).points()
    best = max(p["sensitivity"] for p in points if p["specificity"] >= target - 1e-12)

    attained = sensitivity_at_specificity(truth, scores, target).value
    assert attained == best
    assert sensitivity_at_specificity(truth, scores, target, interpolate=True).value >= attained - 1e-12


@quick
@given(ratings, ratings)
def test_the_largest_youden_index_is_the_largest_over_the_points(diseased, healthy):
    truth, scores = rated(diseased, healthy)
    points = roc_curve(truth, scores).points()

    assert largest_youden(truth, scores).value == pytest.approx(
        max(p["sensitivity"] + p["specificity"] - 1 for p in points)
    )


def test_specificity_at_a_sensitivity_is_the_same_question_turned_round():
    truth, scores = rated([3, 4, 4, 6, 7, 9], [1, 2, 2, 4, 5, 6])
    turned = [1 - t for t in truth], [-s for s in scores]

    one = specificity_at_sensitivity(truth, scores, 0.8, seed=1)
    other = sensitivity_at_specificity(*turned, 0.8, seed=1)
    assert one.value == other.value
    assert one.interval == other.interval


def test_an_interval_by_bootstrap_needs_a_seed_and_repeats_under_it():
    generator = np.random.default_rng(5)
    truth = np.repeat([0, 1], 60)
    scores = generator.normal(size=120) + 1.5 * truth

    assert sensitivity_at_specificity(truth, scores, 0.9).no_interval
    first, second = (sensitivity_at_specificity(truth, scores, 0.9, seed=3) for _ in range(2))
    assert first.interval == second.interval
    assert first.interval.low < first.value < first.interval.high
    area = partial_auc(truth, scores, 0.0, 0.2, seed=3, resamples=300)
    assert area.interval.low < area.value < area.interval.high


def test_an_area_below_a_half_is_never_turned_over():
    assert auc([0, 0, 1, 1], [4, 3, 2, 1]).value == 0.0


def test_perfect_separation_is_flagged_and_has_no_interval_of_delongs():
    estimate = auc([0, 0, 1, 1], [1, 2, 3, 4], interval="logit")

    assert estimate.value == 1.0
    assert estimate.interval is None
    assert "perfect separation" in estimate.warnings[0]


def test_newcombes_limits_lie_z_of_their_own_errors_away():
    """With 1 diseased and 1 healthy case the variance is that of a binomial of one: Wilson's limits of 0 or 1 in 1."""
    assert auc([0, 1], [1, 2]).interval.low == pytest.approx(wilson_limits(1, 1)[0], abs=1e-9)
    found = auc([0] * 20 + [1] * 5, [*range(20), 3.5, 12.5, 15.5, 18.5, 25], interval="newcombe")
    assert found.interval.method == "Newcombe 2006, method 5"
    for limit in (found.interval.low, found.interval.high):
        assert abs(found.value - limit) == pytest.approx(ndtri(0.975) * area_variance(limit, 5, 20) ** 0.5, rel=1e-6)


def test_few_cases_of_a_class_decide_the_interval_not_the_scores():
    scores = np.random.default_rng(3).normal(size=149)
    for few, method in ((49, "Newcombe"), (50, "DeLong on the logit scale")):
        truth = np.arange(149) < few
        assert auc(truth, scores + truth).interval.method.startswith(method)


def test_where_the_few_spread_more_the_limits_are_drawn_up_to_delongs_variance():
    """Healthy scores of spread 1, 15 diseased of spread 3, true area 0.7: Newcombe's own limits hold it too seldom."""
    rng, truth, held = np.random.default_rng(2), np.repeat([1, 0], [15, 85]), {"newcombe": 0, "newcombe or logit": 0}
    for _ in range(300):
        scores = np.concatenate([rng.normal(ndtri(0.7) * 10**0.5, 3, 15), rng.normal(size=85)])
        for method in held:
            own = auc(truth, scores, interval=method).interval
            held[method] += own.low <= 0.7 <= own.high
    assert held["newcombe or logit"] / 300 > 0.92 > 0.9 > held["newcombe"] / 300


def test_scores_on_a_grid_are_counted_to_the_very_numbers_of_sorting(monkeypatch):
    rng = np.random.default_rng(7)
    diseased, healthy = np.round(rng.normal(60, 20, 700)), np.round(rng.normal(40, 15, 900))
    counted = sorted_placements(diseased, healthy)
    monkeypatch.setattr("annotations.agreement.placements._WORTH_COUNTING", 10**9)
    by_rank = sorted_placements(diseased, healthy)

    assert np.array_equal(counted.diseased, by_rank.diseased)
    assert np.array_equal(counted.healthy, by_rank.healthy)


def test_few_cases_of_a_class_are_said():
    assert "Only 3 cases of the smaller class" in auc([1, 1, 1, *[0] * 20], range(23)).warnings[-1]
    assert not auc(np.arange(40) % 2, np.arange(40) % 7).warnings


@pytest.mark.parametrize("truth", [[0, 0, 0], [1, 1, 1]])
def test_one_class_only_is_undefined_everywhere(truth):
    scores = [1.0, 2.0, 3.0]

    assert auc(truth, scores).undefined
    assert roc_curve(truth, scores) is None
    assert largest_youden(truth, scores).undefined
    assert partial_auc(truth, scores, 0, 0.5).undefined
    assert sensitivity_at_specificity(truth, scores, 0.9).undefined
    assert independent_auc_difference((truth, scores), ([0, 1, 0, 1], [1, 2, 3, 4])).undefined
    assert paired_auc_difference(truth, scores, scores).undefined


def test_a_case_without_a_score_is_left_out_and_counted():
    estimate = auc([0, 0, 1, 1, 1], [1, 2, 2, 3, np.nan])

    assert estimate.value == auc([0, 0, 1, 1], [1, 2, 2, 3]).value
    assert (estimate.n.cases, estimate.n.missing) == (4, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: auc([0, 1], [1, 2, 3]),
        lambda: auc([0, 1, 2], [1, 2, 3]),
        lambda: auc([0, 1], [1, math.inf]),
        lambda: auc([0, 1, 0, 1], [1, 2, 3, 3], level=1.2),
        lambda: auc([0, 1, 0, 1], [1, 2, 3, 3], interval="bayes"),
        lambda: partial_auc([0, 1], [1, 2], 0.5, 0.2),
        lambda: partial_auc([0, 1], [1, 2], 0.1, 0.2, over="accuracy"),
        lambda: sensitivity_at_specificity([0, 1], [1, 2], 0.0),
    ],
)
def test_a_wrong_call_says_what_was_expected(call):
    with pytest.raises(WrongCall, match="expected"):
        call()


def test_paired_and_independent_differences_agree_when_the_pairing_is_broken():
    generator = np.random.default_rng(2)
    truth = np.repeat([0, 1], 400)
    first, second = generator.normal(size=(2, 800)) + truth
    paired = paired_auc_difference(truth, first, second)
    apart = independent_auc_difference((truth, first), (truth, second))

    assert paired.value == pytest.approx(apart.value)
    assert paired.se == pytest.approx(apart.se, rel=0.1)


@quick
@given(ratings, ratings, st.integers(0, 100))
def test_a_paired_difference_turns_its_sign_with_the_order(diseased, healthy, seed):
    truth, scores = rated(diseased, healthy)
    other = np.random.default_rng(seed).integers(0, 5, len(scores)).astype(float)
    one, back = paired_auc_difference(truth, scores, other), paired_auc_difference(truth, other, scores)

    assert one.value == pytest.approx(-back.value)
    assert one.se == pytest.approx(back.se, abs=1e-12)
    assert one.p == (pytest.approx(back.p) if back.p is not None else None)
