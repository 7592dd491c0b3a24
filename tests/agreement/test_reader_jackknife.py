"""Intervals for readers like these: each reader left out, alone or with the cases, as an independent computation has it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac2, percent_agreement
from annotations.agreement.moments import alpha_moments, coefficient_moments
from annotations.agreement.ratings import MISSING, Ratings
from annotations.agreement.reader_jackknife import left_out, over_strata, with_readers_left_out
from annotations.agreement.result import Estimate

OF = {False: "readers", True: "readers and cases"}


def group(seed: int = 1, readers: int = 5, cases: int = 40, categories: int = 2) -> Ratings:
    """Readers who differ in how often they are right, and cases of which every third is hard."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, categories, cases)
    share = np.linspace(0.75, 0.98, readers)[:, None] * np.where(np.arange(cases) % 3, 1, 0.3)
    right = rng.random((readers, cases)) < share
    codes = np.where(right, truth, rng.integers(0, categories, (readers, cases)))
    return Ratings(codes, tuple(range(categories)))


def moments_of(estimate: Estimate, **how):
    if estimate.name == "Krippendorff alpha":
        return lambda ratings: alpha_moments(ratings, **how)
    return lambda ratings: coefficient_moments(ratings, estimate.name, **how)


def like(data: Ratings, figure=fleiss_kappa, *, both: bool = False, patients=None, **how) -> Estimate:
    estimate = figure(data, **how)
    part = left_out(data, moments_of(estimate, **how), over_cases=both, patients=patients)
    return with_readers_left_out(estimate, part, 0.95, of=OF[both])


def without_each(data: Ratings, figure, **how) -> np.ndarray:
    everyone = range(data.n_readers)
    return np.array([figure(data.of_readers(*(r for r in everyone if r != out)), **how).value for out in everyone])


@pytest.mark.parametrize(
    ("figure", "how"),
    [(fleiss_kappa, {}), (krippendorff_alpha, {"metric": "ordinal"}), (gwet_ac2, {"weights": "linear"})],
)
def test_leaving_readers_out_by_hand(figure, how):
    data = group(categories=3)
    found, values = like(data, figure, **how), without_each(data, figure, **how)

    error = math.sqrt(4 / 5 * np.square(values - values.mean()).sum())
    stretch = math.exp(stats.t.ppf(0.975, 4) * error / (1 - found.value))
    assert found.se == pytest.approx(error)
    assert found.interval.low == pytest.approx(1 - (1 - found.value) * stretch)
    assert found.interval.high == pytest.approx(1 - (1 - found.value) / stretch)
    assert found.interval.method == "jackknife of readers, t, df 4, on log(1 - value)"
    assert (found.value, found.p, found.df) == (figure(data, **how).value, None, None)


def test_with_cases_it_is_the_analysis_of_variance_of_values_without_reader_and_case():
    """Pseudovalues of Dorfman, Berbaum and Metz, from a kappa without each pair of reader and case."""
    data = group(seed=3, readers=6, cases=200)
    readers, cases = data.codes.shape
    value, of_readers = fleiss_kappa(data).value, without_each(data, fleiss_kappa)

    def without_case(ratings: Ratings) -> np.ndarray:
        return np.array(
            [fleiss_kappa(ratings.of_cases(np.delete(np.arange(cases), case))).value for case in range(cases)]
        )

    of_both = np.array([without_case(data.of_readers(*np.delete(np.arange(readers), out))) for out in range(readers)])
    pseudo = (
        readers * cases * value
        - (readers - 1) * cases * of_readers[:, None]
        - readers * (cases - 1) * without_case(data)
        + (readers - 1) * (cases - 1) * of_both
    )
    by_reader, by_case = pseudo.mean(axis=1), pseudo.mean(axis=0)
    rest = pseudo - by_reader[:, None] - by_case + pseudo.mean()
    interaction = np.square(rest).sum() / ((readers - 1) * (cases - 1))
    expected = cases * by_reader.var(ddof=1) + readers * by_case.var(ddof=1) - interaction

    assert like(data, both=True).se == pytest.approx(math.sqrt(expected / readers / cases), rel=0.01)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.booleans())
def test_the_order_of_readers_and_cases_does_not_matter(seed, both):
    data, rng = group(seed), np.random.default_rng(seed)
    mixed = Ratings(data.codes[rng.permutation(5)][:, rng.permutation(40)], data.categories)
    one, other = like(data, both=both), like(mixed, both=both)

    assert one.se == pytest.approx(other.se)
    assert one.interval.low == pytest.approx(other.interval.low) and one.interval.high == pytest.approx(
        other.interval.high
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_readers_and_cases_together_say_no_more_than_either(seed):
    data = group(seed)

    assert like(data, both=True).se >= max(like(data).se, 0.999 * fleiss_kappa(data).se)
    share = like(data, percent_agreement, both=True)
    assert 0 < share.interval.low < share.value < share.interval.high < 1
    assert share.interval.method.startswith("jackknife of readers and cases, t, df ")
    assert share.interval.method.endswith(", on the logit scale")


def test_of_readers_who_all_read_alike_well_the_cases_have_the_say():
    """One variance over cases: that of the linearised error."""
    data = group(readers=30, cases=15)
    part = left_out(data, moments_of(fleiss_kappa(data)), over_cases=True)

    assert part.cases[0].variance == pytest.approx(fleiss_kappa(data).se ** 2, rel=1e-5)


def test_two_nodes_of_a_patient_count_as_one():
    data = group()
    doubled = Ratings(np.repeat(data.codes, 2, axis=1), data.categories)
    one, twins = like(data, both=True), like(doubled, both=True, patients=np.arange(40).repeat(2))

    assert (twins.value, twins.se) == pytest.approx((one.value, one.se))
    assert twins.interval.low == pytest.approx(one.interval.low)
    assert like(doubled, both=True).se < one.se


def test_strata_share_their_readers_and_have_cases_of_their_own():
    data = group()
    part = left_out(data, moments_of(fleiss_kappa(data)), over_cases=True)
    whole = over_strata([part, part], [0.5, 0.5])

    assert whole.without == pytest.approx(part.without)
    assert sum(own.variance for own in whole.cases) == pytest.approx(part.cases[0].variance / 2)
    assert over_strata([part, replace(part, cases=None)], [0.5, 0.5]).cases is None


def test_intervals_hold_the_truth_of_few_readers_who_differ():
    """Percentiles of drawn readers hold it in 0.79 of such studies."""
    held, truth, tried = 0, 0.36, 200
    for seed in range(tried):
        rng = np.random.default_rng(seed)
        nodes, own = rng.random(100) < 0.5, rng.beta(16, 4, (5, 1))
        found = like(Ratings((nodes == (rng.random((5, 100)) < own)).astype(int), (0, 1)), both=True)
        held += found.interval.low <= truth <= found.interval.high

    assert held >= 0.92 * tried


def reason(codes, *, both: bool = False, patients=None) -> str | None:
    data = Ratings(np.array(codes), (0, 1))
    found = like(data, both=both, patients=patients)
    assert found.value is not None and (found.interval, found.se) == (None, None)
    return found.no_interval


def test_without_an_interval_it_says_why():
    alone = [[0] * 9] * 4 + [[0] * 8 + [1]]  # without the last reader all ratings are in one category
    assert reason(alone) == "the statistic is undefined when some reader is left out"
    few = "fewer than five readers: they are not taken as drawn from others"
    assert reason([[0, 1, 1], [0, 1, 0], [0, 1, 1], [1, 1, 0]]) == few
    apart = [[0, 1, 1, MISSING], [0, 1, 0, MISSING], [0, 1, 1, MISSING], [1, 1, 0, MISSING], [MISSING] * 3 + [1]]
    assert reason(apart) == few  # the fifth shares no case with another
    in_turn = "whichever reader is left out, the value stays: no variance between readers"
    assert reason(np.eye(6, dtype=int)) == in_turn
    one = [[0], [0], [1], [1], [1]]
    assert reason(one, both=True) == "a single case has no variance"


def test_several_cases_of_one_patient_have_no_variance_over_patients():
    data = group()
    estimate = fleiss_kappa(data)
    part = left_out(data, moments_of(estimate), over_cases=True, patients=np.zeros(40))

    found = with_readers_left_out(estimate, part, 0.95, of="readers and patients")
    assert found.no_interval == "one patient: no variance over patients"


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("figure", [fleiss_kappa, krippendorff_alpha, percent_agreement])
def test_perfect_agreement_warns_that_its_interval_says_nothing(figure, both):
    found = like(Ratings(np.array([[0, 1, 0, 1]] * 5), (0, 1)), figure, both=both)

    assert (found.se, found.interval.low, found.interval.high) == (0, 1, 1)
    assert any("says nothing" in warning for warning in found.warnings)
