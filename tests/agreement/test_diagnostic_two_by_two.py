"""A binary call against pathology: by hand, by property, and where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement import binary_accuracy as table_of
from annotations.agreement import likelihood_ratios as ratios
from annotations.agreement.binary_accuracy import TwoByTwo, tabulate
from annotations.agreement.proportion import proportion, proportion_interval
from annotations.agreement.result import WrongCall

quick = settings(max_examples=60, deadline=None)
cells = st.integers(0, 60)
tables = st.builds(TwoByTwo, tp=cells, fp=cells, fn=cells, tn=cells)
full = st.builds(TwoByTwo, **{name: st.integers(1, 60) for name in ("tp", "fp", "fn", "tn")})


def test_calls_become_the_table_and_a_missing_call_is_counted():
    table = tabulate([1, 1, 1, 0, 0, 0, 0], [1, 0, np.nan, 1, 0, 0, 0])

    assert table == TwoByTwo(tp=1, fp=1, fn=1, tn=3, missing_diseased=1)
    assert table_of.sensitivity(table).n.missing == 1
    assert table_of.specificity(table).n.missing == 0
    assert table_of.accuracy(table).n.missing == 1


@pytest.mark.parametrize(
    ("truth", "calls"),
    [([0, 2], [0, 1]), ([0, 1], [0, 3]), ([0, 1], [0]), ([[0, 1]], [[0, 1]])],
)
def test_what_is_no_call_is_refused(truth, calls):
    with pytest.raises(WrongCall):
        tabulate(truth, calls)


@quick
@given(tables)
def test_specificity_is_the_sensitivity_of_the_complement(table):
    turned = TwoByTwo(tp=table.tn, fp=table.fn, fn=table.fp, tn=table.tp)

    one, other = table_of.specificity(table), table_of.sensitivity(turned)

    assert (one.value, one.interval) == (other.value, other.interval)


@quick
@given(st.integers(0, 200), st.integers(1, 200), st.sampled_from(["wilson", "clopper-pearson"]))
def test_these_intervals_hold_the_value_and_stay_within_0_and_1(k, n, method):
    k = min(k, n)
    interval = proportion_interval(k, n, method=method)

    assert -1e-12 <= interval.low <= k / n + 1e-12
    assert k / n - 1e-12 <= interval.high <= 1 + 1e-12


@quick
@given(tables)
def test_nothing_is_ever_nan_and_what_is_undefined_says_why(table):
    for function in (
        table_of.sensitivity,
        table_of.specificity,
        table_of.positive_predictive_value,
        table_of.youden,
        table_of.balanced_accuracy,
        table_of.f1_score,
        table_of.matthews_correlation,
        ratios.positive_likelihood_ratio,
        ratios.negative_likelihood_ratio,
        ratios.diagnostic_odds_ratio,
    ):
        estimate = function(table)
        assert (estimate.value is None) == bool(estimate.undefined)
        assert estimate.interval or estimate.no_interval or estimate.undefined


@quick
@given(full)
def test_the_odds_ratio_is_the_ratio_of_the_likelihood_ratios(table):
    positive = ratios.positive_likelihood_ratio(table).value
    negative = ratios.negative_likelihood_ratio(table).value

    assert ratios.diagnostic_odds_ratio(table).value == pytest.approx(positive / negative)


@quick
@given(full)
def test_predictive_values_at_the_observed_prevalence_are_the_observed_ones(table):
    share = table.diseased / table.total

    assert ratios.ppv_at_prevalence(table, share).value == pytest.approx(
        table_of.positive_predictive_value(table).value
    )
    assert ratios.npv_at_prevalence(table, share).value == pytest.approx(
        table_of.negative_predictive_value(table).value
    )


def test_an_unknown_interval_is_refused():
    with pytest.raises(WrongCall):
        proportion(1, 2, method="jeffreys")


@quick
@given(full)
def test_the_exact_interval_holds_the_conditional_estimate(table):
    estimate = ratios.exact_odds_ratio(table)

    assert estimate.interval.low < estimate.value < estimate.interval.high


def test_an_infinite_odds_ratio_keeps_its_lower_limit():
    estimate = ratios.exact_odds_ratio(TwoByTwo(tp=12, fp=8, fn=0, tn=20))

    assert "infinite" in estimate.undefined
    assert estimate.interval.low > 1
    assert estimate.interval.high is None
    assert estimate.p < 0.001
    assert ratios.exact_odds_ratio(TwoByTwo(tp=1, fp=1, fn=0, tn=0)).undefined


def test_half_a_case_in_every_cell_is_firths_estimate():
    """Newton steps on the penalised likelihood of a logistic regression on the call."""
    table = TwoByTwo(tp=12, fp=8, fn=0, tn=20)
    design = np.array([[1.0, 1.0], [1.0, 0.0]])
    diseased, total = np.array([table.tp, table.fn]), np.array([table.tp + table.fp, table.fn + table.tn])
    beta = np.zeros(2)
    for _ in range(200):
        p = 1 / (1 + np.exp(-design @ beta))
        weights = total * p * (1 - p)
        information = design.T @ (design * weights[:, None])
        leverage = weights * np.einsum("ij,jk,ik->i", design, np.linalg.inv(information), design)
        beta = beta + np.linalg.solve(information, design.T @ (diseased - total * p + leverage * (0.5 - p)))

    haldane = ratios.diagnostic_odds_ratio(table, correction="haldane")
    assert np.exp(beta[1]) == pytest.approx(haldane.value)
