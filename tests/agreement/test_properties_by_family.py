"""Properties that a family of statistics lacked elsewhere: order, relabelling, transposition, scaling, duplication, complement,
bounds, brute force and peers.

Categories: test_agreement_properties (order, relabelling, transposition, duplication, bounds), test_agreement_brute_force,
test_agreement_peers. Measurements: test_continuous_agreement. ROC: test_roc. 2 x 2: test_diagnostic_two_by_two. Readers:
test_mrmc. Masks: test_masks, test_masks_consensus. Here is what those leave open.
"""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, matthews_corrcoef
from sklearn.metrics import f1_score as peer_f1

from annotations.agreement.auc import auc
from annotations.agreement.auc_power import auc_cases_needed, auc_precision_cases
from annotations.agreement.binary_accuracy import TwoByTwo, balanced_accuracy, f1_score, matthews_correlation, youden
from annotations.agreement.binormal import binormal_auc
from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.calibration import brier_score, calibration_intercept, calibration_slope
from annotations.agreement.concordance import lin_ccc
from annotations.agreement.gallas import one_shot_auc
from annotations.agreement.icc import icc
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.kappa_comparison import dependent_kappas
from annotations.agreement.kendall import kendall_w
from annotations.agreement.likelihood_ratios import diagnostic_odds_ratio
from annotations.agreement.mask_sizes import mask_area, maximum_diameter, perpendicular_extent
from annotations.agreement.measurement_error import standard_error_of_measurement, within_subject_sd
from annotations.agreement.mrmc_power import PilotComponents, mrmc_power
from annotations.agreement.outlines import outline
from annotations.agreement.paired_tests import bhapkar, bowker, cochran_q, mcnemar, stuart_maxwell
from annotations.agreement.ratings import Ratings
from annotations.agreement.staple import staple
from annotations.agreement.two_readers import negative_agreement, positive_agreement
from annotations.agreement.votes import votes
from tests.agreement.strategies import measurements, ratings

quick = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
TABLES = st.tuples(*[st.integers(1, 40)] * 4)
MASKS = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((7, 9)) < 0.4)


def figures(estimate):
    """Value, test and p, with which two estimates can be compared."""
    return [
        x if x is None else pytest.approx(x, abs=1e-9, rel=1e-9)
        for x in (estimate.value, estimate.statistic, estimate.p)
    ]


def plain(estimate):
    return [estimate.value, estimate.statistic, estimate.p]


# --- two readers and many: kappa by definition, tests of tables, Kendall


@given(data=ratings(readers=(2, 2), missing=False))
@quick
def test_kappa_is_agreement_beyond_that_of_all_pairs_of_cases(data):
    """Brute force: expected agreement is that of every first rating with every second."""
    first, second = data.codes
    observed, expected = np.mean(first == second), np.mean(first[:, None] == second[None, :])
    found = cohen_kappa(data)
    if expected == 1:
        assert found.value is None
    else:
        assert found.value == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)


@given(data=ratings(readers=(2, 2)), factor=st.floats(0.1, 9), shift=st.floats(-5, 5))
@quick
def test_the_unit_of_the_scores_changes_no_weighted_kappa(data, factor, shift):
    scores = np.arange(len(data.categories)) ** 1.5
    one, other = (
        weighted_kappa(data, scores=own, weights="quadratic").value for own in (scores, factor * scores + shift)
    )

    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(other, abs=1e-8)


@given(data=ratings(readers=(2, 2), categories=(2, 2)))
@quick
def test_positive_agreement_is_the_negative_of_the_complement(data):
    turned = Ratings(np.where(data.codes < 0, -1, 1 - data.codes), data.categories)
    assert plain(positive_agreement(data, 2)) == figures(negative_agreement(turned, 1))
    assert plain(cohen_kappa(data)) == figures(cohen_kappa(turned))


@given(data=ratings(readers=(4, 4), cases=(4, 12)))
@quick
def test_a_difference_of_kappas_turns_its_sign_with_the_order_and_its_limits_with_it(data):
    there = dependent_kappas(data.of_readers(0, 1), data.of_readers(2, 3))
    back = dependent_kappas(data.of_readers(2, 3), data.of_readers(0, 1))
    if there.value is None:
        assert back.value is None
        return
    assert back.value == pytest.approx(-there.value, abs=1e-12)
    if there.interval:
        assert (back.interval.low, back.interval.high) == pytest.approx((-there.interval.high, -there.interval.low))


@pytest.mark.parametrize("test", [mcnemar, bowker, stuart_maxwell, bhapkar])
@given(data=ratings(readers=(2, 2), categories=(2, 2)), seed=SEEDS)
@quick
def test_tests_of_tables_mind_neither_who_is_first_nor_the_order_nor_the_names(test, data, seed):
    shuffled = data.codes[::-1, np.random.default_rng(seed).permutation(data.n_cases)]
    renamed = np.where(shuffled < 0, -1, 1 - shuffled)
    one, other = test(data), test(Ratings(renamed, data.categories))

    assert one.p == (None if other.p is None else pytest.approx(other.p, abs=1e-9))
    assert one.p is None or 0 <= one.p <= 1 + 1e-12


@given(data=ratings(categories=(2, 2), readers=(2, 5)), seed=SEEDS)
@quick
def test_cochrans_q_minds_neither_order_nor_complement(data, seed):
    rng = np.random.default_rng(seed)
    moved = data.codes[rng.permutation(data.n_readers)][:, rng.permutation(data.n_cases)]
    turned = Ratings(np.where(moved < 0, -1, 1 - moved), data.categories)
    assert plain(cochran_q(data, 2)) == figures(cochran_q(turned, 2))


@given(data=ratings(categories=(2, 5)), seed=SEEDS)
@quick
def test_kendalls_w_minds_neither_order_nor_the_scales_direction_and_stays_in_bounds(data, seed):
    rng = np.random.default_rng(seed)
    moved = data.codes[rng.permutation(data.n_readers)][:, rng.permutation(data.n_cases)]
    turned = np.where(moved < 0, -1, len(data.categories) - 1 - moved)
    found = kendall_w(data)

    assert plain(found) == figures(kendall_w(Ratings(turned, data.categories)))
    assert found.value is None or -1e-12 <= found.value <= 1 + 1e-12


@given(seed=SEEDS, readers=st.integers(2, 5))
@quick
def test_kendalls_w_is_the_mean_of_spearmans_correlations(seed, readers):
    """Without ties: W = (1 + (m - 1) mean rho) / m; rho by scipy."""
    rng = np.random.default_rng(seed)
    ranks = np.stack([rng.permutation(8) for _ in range(readers)])
    rho = np.mean([spearmanr(ranks[a], ranks[b]).statistic for a, b in combinations(range(readers), 2)])

    assert kendall_w(Ratings(ranks, tuple(range(8)))).value == pytest.approx(
        (1 + (readers - 1) * rho) / readers, abs=1e-9
    )


# --- measurements


@given(data=measurements(readers=(2, 2)), factor=st.floats(0.01, 100), shift=st.floats(-50, 50), seed=SEEDS)
@quick
def test_measurements_mind_no_unit_no_shift_and_no_order(data, factor, shift, seed):
    moved = (factor * data + shift)[:, np.random.default_rng(seed).permutation(data.shape[1])]
    one, other = lin_ccc(data), lin_ccc(moved)
    assert (one.value is None) == (other.value is None)
    assert one.value is None or one.value == pytest.approx(other.value, abs=1e-6)
    for spread in (standard_error_of_measurement, within_subject_sd):
        value, scaled = spread(data).value, spread(moved).value
        assert value is None or scaled == pytest.approx(factor * value, rel=1e-6, abs=1e-6 * factor)
    limits, theirs = bland_altman(data), bland_altman(moved)
    for key in ("sd", "loa_low", "loa_high_ci_high"):
        assert theirs.extra[key] == pytest.approx(factor * limits.extra[key], rel=1e-6, abs=1e-6 * factor)


@given(data=measurements(readers=(2, 2)))
@quick
def test_every_case_twice_changes_no_bias_and_no_concordance(data):
    twice = np.tile(data, 2)
    assert bland_altman(twice).value == pytest.approx(bland_altman(data).value, abs=1e-12)
    one, other = lin_ccc(data).value, lin_ccc(twice).value
    assert one is None or other == pytest.approx(one, abs=0.2 / 3)  # divisors n - 1 and 2n - 1


@given(data=measurements())
@quick
def test_the_generalised_limits_hold_the_icc_and_are_wider_for_a_higher_level(data):
    for level, wider in ((0.8, 0.95),):
        inner, outer = icc(data, level), icc(data, wider)
        assume(inner.interval and outer.interval)
        assert outer.interval.low <= inner.interval.low + 1e-9 <= inner.value + 2e-9
        assert inner.value - 2e-9 <= inner.interval.high - 1e-9 <= outer.interval.high


# --- 2 x 2, scores, calibration


@given(cells=TABLES, times=st.integers(2, 5))
@quick
def test_a_table_counted_several_times_keeps_its_values(cells, times):
    once, more = TwoByTwo(*cells), TwoByTwo(*(times * cell for cell in cells))
    for statistic in (youden, balanced_accuracy, f1_score, matthews_correlation, diagnostic_odds_ratio):
        assert statistic(more).value == pytest.approx(statistic(once).value)


@given(cells=TABLES)
@quick
def test_scikit_learn_finds_the_same_f1_and_matthews_correlation(cells):
    truth = np.repeat([1, 0, 1, 0], cells)
    calls = np.repeat([1, 1, 0, 0], cells)
    table = TwoByTwo(*cells)
    assert f1_score(table).value == pytest.approx(peer_f1(truth, calls))
    assert matthews_correlation(table).value == pytest.approx(matthews_corrcoef(truth, calls))
    turned = TwoByTwo(cells[3], cells[2], cells[1], cells[0])
    assert matthews_correlation(turned).value == pytest.approx(matthews_correlation(table).value)


@given(seed=SEEDS, times=st.integers(2, 4))
@quick
def test_cases_entered_several_times_keep_the_area(seed, times):
    rng = np.random.default_rng(seed)
    truth, scores = np.arange(12) % 2, rng.integers(0, 6, 12)
    once, more = auc(truth, scores), auc(np.tile(truth, times), np.tile(scores, times))
    assert more.value == pytest.approx(once.value)
    assert more.interval.high - more.interval.low < once.interval.high - once.interval.low


@given(seed=SEEDS)
@quick
def test_calibration_of_the_complement(seed):
    """1 - p for what is not diseased: same Brier score and slope, the intercept turned; scikit-learn's Brier score."""
    rng = np.random.default_rng(seed)
    chances = rng.uniform(0.05, 0.95, 40)
    truth = (rng.random(40) < chances).astype(int)
    assume(0 < truth.sum() < 40)
    own, turned = (truth, chances), (1 - truth, 1 - chances)
    assert brier_score(*own).value == pytest.approx(brier_score(*turned).value)
    assert brier_score(*own).value == pytest.approx(brier_score_loss(truth, chances))
    slope, other = calibration_slope(*own), calibration_slope(*turned)
    assert slope.value == (None if other.value is None else pytest.approx(other.value, abs=1e-5))
    intercept, other = calibration_intercept(*own), calibration_intercept(*turned)
    assert intercept.value == (None if other.value is None else pytest.approx(-other.value, abs=1e-5))


@given(st.lists(st.integers(2, 40), min_size=4, max_size=6), st.lists(st.integers(2, 40), min_size=6, max_size=6))
@quick
def test_the_binormal_area_is_the_same_seen_from_the_other_class(healthy, diseased):
    diseased = diseased[: len(healthy)]
    one, other = binormal_auc(healthy, diseased), binormal_auc(diseased[::-1], healthy[::-1])
    assume(one.value is not None and other.value is not None)
    assert one.value == pytest.approx(other.value, abs=1e-4)


@given(seed=SEEDS)
@quick
def test_the_one_shot_area_minds_no_order_and_no_monotone_scale(seed):
    rng = np.random.default_rng(seed)
    truth, scores = np.arange(14) % 2, rng.integers(0, 5, (3, 14)).astype(float)
    scores[rng.random(scores.shape) < 0.15] = np.nan
    cases, readers = rng.permutation(14), rng.permutation(3)
    one, other = one_shot_auc(truth, scores), one_shot_auc(truth[cases], np.exp(scores[readers][:, cases]))
    turned = one_shot_auc(1 - truth, -scores)
    assert plain(one) == figures(other)
    assert one.value == (None if turned.value is None else pytest.approx(turned.value))


# --- masks and plans


@given(mask=MASKS, spacing=st.tuples(st.floats(0.1, 2), st.floats(0.1, 2)), factor=st.floats(0.5, 3))
@quick
def test_sizes_turn_with_the_image_and_grow_with_the_spacing(mask, spacing, factor):
    assume(mask.any())
    own, turned = [outline(mask)], [outline(np.ascontiguousarray(mask.T))]
    for size, power in ((maximum_diameter, 1), (perpendicular_extent, 1), (mask_area, 2)):
        value = size(own, [spacing]).value
        assert size(turned, [spacing[::-1]]).value == pytest.approx(value, rel=1e-6)
        scaled = size(own, [(factor * spacing[0], factor * spacing[1])]).value
        assert scaled == pytest.approx(factor**power * value, rel=1e-6)


@given(seed=SEEDS)
@quick
def test_staple_turns_with_the_image(seed):
    rng = np.random.default_rng(seed)
    base = rng.random((6, 8)) < 0.5
    stack = [base ^ (rng.random(base.shape) < 0.2) for _ in range(3)]
    one, other = (staple(votes([outline(own) for own in masks])) for masks in (stack, [mask.T for mask in stack]))
    assume(one.undefined is None)
    assert one.sensitivity == pytest.approx(other.sensitivity, abs=1e-6)
    assert np.array_equal(one.mask().T, other.mask())


@given(readers=st.integers(3, 12), cases=st.integers(40, 300), effect=st.floats(0.02, 0.1))
@quick
def test_more_readers_more_cases_and_a_larger_effect_have_more_power(readers, cases, effect):
    pilot = PilotComponents(0.0002, 0.00035, 0.00034, 0.00024, 0.0008, 114)
    power = mrmc_power(pilot, readers=readers, cases=cases, effect=effect).value
    assert 0.05 - 1e-9 <= power <= 1
    for more in ({"readers": readers + 2}, {"cases": 2 * cases}, {"effect": 1.3 * effect}):
        asked = {"readers": readers, "cases": cases, "effect": effect} | more
        assert mrmc_power(pilot, **asked).value >= power - 1e-9


@given(area=st.floats(0.55, 0.95))
@quick
def test_narrower_intervals_and_smaller_effects_need_more_cases(area):
    assert auc_precision_cases(area, 0.03).value > auc_precision_cases(area, 0.06).value
    assert auc_cases_needed(area, power=0.9).value >= auc_cases_needed(area, power=0.8).value
