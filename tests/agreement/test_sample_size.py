"""Every formula of power and size against a simulation of the study it plans, and what no number of cases gives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binom, f, norm

from annotations.agreement import agreement_power as agree
from annotations.agreement import auc_power as areas
from annotations.agreement.auc import auc, paired_auc_difference
from annotations.agreement.mrmc_power import (
    PilotComponents,
    mrmc_cases_needed,
    mrmc_cases_needed_conjectured,
    mrmc_power,
    mrmc_power_dbm,
)
from annotations.agreement.result import WrongCall

VAN_DYKE = PilotComponents(0.00020040249, 0.0003466137, 0.0003440748, 0.0002390284, 0.0008022883, 114)


def simulated_mrmc_power(readers, cases, effect, model, draws=20_000):
    """Obuchowski-Rockette tests of accuracies drawn with the pilot's components (covariances known)."""
    generator = np.random.default_rng(1)
    scale = VAN_DYKE.cases / cases
    cov1, cov2, cov3 = scale * VAN_DYKE.cov1, scale * VAN_DYKE.cov2, scale * VAN_DYKE.cov3
    error = scale * VAN_DYKE.var_error
    # shared by all, by an arm, by a reader, and by neither
    arm = generator.normal(scale=np.sqrt(cov2 - cov3), size=(draws, 2, 1))
    reader = generator.normal(scale=np.sqrt(cov1 - cov3), size=(draws, 1, readers))
    rest = generator.normal(scale=np.sqrt(error - cov1 - cov2 + cov3), size=(draws, 2, readers))
    interaction = 0.0 if model == "FRRC" else np.sqrt(VAN_DYKE.var_tr)
    rest += generator.normal(scale=interaction, size=rest.shape)
    theta = arm * (model != "RRFC") + reader + rest + np.array([effect, 0.0])[:, None]
    gap = theta[:, 0] - theta[:, 1]
    ms_t, ms_tr = readers * gap.mean(axis=1) ** 2 / 2, gap.var(axis=1, ddof=1) / 2
    if model == "FRRC":
        total = error - cov1 + (readers - 1) * (cov2 - cov3)
        return float((ms_t / total > norm.isf(0.025) ** 2).mean())
    total = ms_tr + (readers * (cov2 - cov3) if model == "RRRC" else 0.0)
    df = (readers - 1) * (total / ms_tr) ** 2
    return float((ms_t / total > f.isf(0.05, 1, df)).mean())


@pytest.mark.parametrize(("readers", "cases", "model"), [(8, 240, "RRRC"), (6, 150, "FRRC"), (6, 150, "RRFC")])
def test_mrmc_power_is_that_of_simulated_studies(readers, cases, model):
    planned = mrmc_power(VAN_DYKE, readers=readers, cases=cases, effect=0.05, model=model).value

    assert planned == pytest.approx(simulated_mrmc_power(readers, cases, 0.05, model), abs=0.03)


def test_more_readers_cases_or_effect_never_cost_power():
    base = {"readers": 6, "cases": 150, "effect": 0.04}
    power = mrmc_power(VAN_DYKE, **base).value

    for more in ({"readers": 7}, {"cases": 200}, {"effect": 0.05}):
        assert mrmc_power(VAN_DYKE, **(base | more)).value > power


def test_no_effect_has_the_power_of_the_error_rate():
    assert mrmc_power(VAN_DYKE, readers=6, cases=150, effect=0.0).value == pytest.approx(0.05)
    assert mrmc_power_dbm(
        readers=10, cases=163, effect=0.0, var_tr=0.0002, var_tc=0.012, var_error=0.04, alpha=0.1
    ).value == pytest.approx(0.1)


def test_the_cases_needed_are_the_fewest():
    found = mrmc_cases_needed(VAN_DYKE, readers=8, effect=0.05)
    cases = int(found.value)

    assert mrmc_power(VAN_DYKE, readers=8, cases=cases, effect=0.05).value >= 0.8
    assert mrmc_power(VAN_DYKE, readers=8, cases=cases - 1, effect=0.05).value < 0.8


def test_too_few_readers_are_not_made_up_for_by_cases():
    found = mrmc_cases_needed(VAN_DYKE, readers=3, effect=0.03)

    assert "no number of cases" in found.undefined
    assert mrmc_cases_needed(VAN_DYKE, readers=5, effect=0.0).undefined
    conjectured = mrmc_cases_needed_conjectured(
        readers=4, effect=0.02, accuracy=0.75, r1=0.5, r2=0.3, r3=0.3, var_tr=0.001, var_within=0.002
    )
    assert "readers' variances" in conjectured.undefined


def binormal_scores(generator, value, m, n):
    truth = np.repeat([0, 1], [n, m])
    return truth, generator.normal(size=m + n) + np.sqrt(2) * ndtri(value) * truth


def reached_power(generator, value, null, m):
    """Share of tests, with the spread under the null as the plan has it, that tell the area from `null`."""
    limit = norm.isf(0.025) * np.sqrt(areas.PlannedAuc(null, m, m).variance)
    found = [auc(*binormal_scores(generator, value, m, m)).value for _ in range(1500)]
    return np.mean(np.abs(np.array(found) - null) > limit)


def test_cases_for_an_auc_give_the_power_asked_and_obuchowskis_are_more():
    generator = np.random.default_rng(3)
    exact = int(areas.auc_cases_needed(0.8, null=0.65, variance="binormal").value)

    assert reached_power(generator, 0.8, 0.65, exact) == pytest.approx(0.8, abs=0.05)
    assert areas.auc_cases_needed(0.8, null=0.65).value > exact


def test_the_planned_variance_of_an_auc_is_that_of_simulated_ones():
    generator = np.random.default_rng(4)
    found = [auc(*binormal_scores(generator, 0.85, 40, 60)).value for _ in range(3000)]

    assert np.std(found) ** 2 == pytest.approx(areas.PlannedAuc(0.85, 40, 60).variance, rel=0.08)


def test_cases_for_the_width_of_an_auc_give_that_width_and_obuchowskis_a_narrower_one():
    generator = np.random.default_rng(4)

    def half_width(m):
        return 1.96 * np.mean([auc(*binormal_scores(generator, 0.85, m, m)).se for _ in range(300)])

    assert half_width(int(areas.auc_precision_cases(0.85, 0.06, variance="binormal").value)) == pytest.approx(
        0.06, rel=0.05
    )
    assert half_width(int(areas.auc_precision_cases(0.85, 0.06).value)) < 0.055


def paired_scores(generator, m, n, correlation=0.5):
    truth = np.repeat([0, 1], [n, m])
    both = generator.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=m + n)
    shifts = np.sqrt(2) * ndtri([0.85, 0.75])
    return truth, both[:, 0] + shifts[0] * truth, both[:, 1] + shifts[1] * truth


def test_paired_power_from_a_pilot_and_by_conjecture_are_those_of_simulated_tests():
    generator = np.random.default_rng(5)
    pilot = paired_scores(generator, 4000, 4000)
    from_pilot = areas.paired_auc_power(*pilot, diseased=80, effect=0.1).value
    pilot_difference = paired_auc_difference(*pilot)
    variances = [auc(pilot[0], scores).se ** 2 for scores in pilot[1:]]
    correlation = pilot_difference.extra["covariance"] / np.sqrt(variances[0] * variances[1])
    conjectured = areas.auc_difference_power(
        areas.PlannedAuc(0.85, 80, 80), areas.PlannedAuc(0.75, 80, 80), correlation=correlation
    ).value
    tests = [paired_auc_difference(*paired_scores(generator, 80, 80)).p for _ in range(1500)]

    assert from_pilot == pytest.approx(np.mean(np.array(tests) < 0.05), abs=0.05)
    assert conjectured == pytest.approx(from_pilot, abs=0.05)


def test_paired_cases_needed_give_the_power_asked():
    pilot = paired_scores(np.random.default_rng(6), 100, 100)
    m = int(areas.paired_auc_cases_needed(*pilot, effect=0.08).value)

    assert areas.paired_auc_power(*pilot, diseased=m, effect=0.08).value >= 0.8
    assert areas.paired_auc_power(*pilot, diseased=m - 1, effect=0.08).value < 0.8


def test_cases_for_a_sensitivity_reach_the_power_by_the_binomial_itself():
    m = int(areas.sensitivity_cases_needed(0.9, null=0.8).value)
    k = np.arange(m + 1)
    rejects = np.abs(k / m - 0.8) / np.sqrt(0.8 * 0.2 / m) > norm.isf(0.025)

    assert binom.pmf(k, m, 0.9)[rejects].sum() == pytest.approx(0.8, abs=0.05)
    width = int(areas.sensitivity_cases_needed(0.9, half_width=0.05).value)
    assert 1.96 * np.sqrt(0.09 / width) <= 0.05 < 1.96 * np.sqrt(0.09 / (width - 1))


def two_reader_counts(generator, table, n, draws):
    return generator.multinomial(n, np.ravel(table), size=draws) / n


def test_cases_for_cohens_kappa_give_the_power_asked():
    generator = np.random.default_rng(7)
    found = agree.cohen_kappa_cases_needed(rate_1=0.4, rate_2=0.35, kappa=0.7, kappa_null=0.5, sides=2, power=0.8)
    n = int(found.value)
    chance = 0.4 * 0.35 + 0.6 * 0.65
    both = (chance + 0.7 * (1 - chance) - 1 + 0.75) / 2
    cells = two_reader_counts(generator, [both, 0.4 - both, 0.35 - both, 0.25 + both], n, 20_000)
    rows, columns = cells[:, 0] + cells[:, 1], cells[:, 0] + cells[:, 2]
    by_chance = rows * columns + (1 - rows) * (1 - columns)
    kappa = (cells[:, 0] + cells[:, 3] - by_chance) / (1 - by_chance)
    planned_null = 0.2 / (norm.isf(0.025) + norm.isf(0.2) * 1.0)  # about the spread that the plan assumes
    assert np.abs(kappa.mean() - 0.7) < 0.01
    assert kappa.std() < planned_null * 1.1
    rejected = (kappa - 0.5) / _kappa_se_under_null(n) > norm.isf(0.025)
    assert rejected.mean() == pytest.approx(0.8, abs=0.04)


def _kappa_se_under_null(n):
    """Spread of kappa when it is 0.5, by simulation of its own."""
    chance = 0.4 * 0.35 + 0.6 * 0.65
    both = (chance + 0.5 * (1 - chance) - 1 + 0.75) / 2
    cells = two_reader_counts(np.random.default_rng(8), [both, 0.4 - both, 0.35 - both, 0.25 + both], n, 20_000)
    rows, columns = cells[:, 0] + cells[:, 1], cells[:, 0] + cells[:, 2]
    by_chance = rows * columns + (1 - rows) * (1 - columns)
    return ((cells[:, 0] + cells[:, 3] - by_chance) / (1 - by_chance)).std()


def test_cases_for_intraclass_kappa_give_the_power_asked():
    generator = np.random.default_rng(9)
    n = int(agree.intraclass_kappa_cases_needed(kappa=0.6, kappa_null=0.4, prevalence=0.3).value)
    shares = np.array([0.09 + 0.21 * 0.6, 0.42 * 0.4, 0.49 + 0.21 * 0.6])
    counts = generator.multinomial(n, shares, size=20_000)
    p = (2 * counts[:, 0] + counts[:, 1]) / (2 * n)
    spread = p * (1 - p)
    expected = n * np.column_stack((p**2 + spread * 0.4, 2 * spread * 0.6, (1 - p) ** 2 + spread * 0.4))
    rejected = ((counts - expected) ** 2 / expected).sum(axis=1) > 3.841459

    assert rejected.mean() == pytest.approx(0.8, abs=0.03)


def test_an_observed_kappa_with_the_planned_cases_excludes_the_limits():
    n = int(agree.intraclass_kappa_precision_cases(kappa=0.4, lower=0.3, upper=0.5, prevalence=0.3).value)
    lower_only = agree.intraclass_kappa_precision_cases(kappa=0.4, lower=0.3, prevalence=0.3)

    assert n == 397
    assert lower_only.value <= n


def icc_measurements(generator, icc, cases, readings, draws):
    case = generator.normal(scale=np.sqrt(icc), size=(draws, cases, 1))
    return case + generator.normal(scale=np.sqrt(1 - icc), size=(draws, cases, readings))


def test_cases_for_an_icc_give_the_power_asked():
    n = int(agree.icc_cases_needed(icc=0.75, icc_null=0.5, readings=3, power=0.9).value)
    y = icc_measurements(np.random.default_rng(10), 0.75, n, 3, 8000)
    between = 3 * y.mean(axis=2).var(axis=1, ddof=1)
    within = y.var(axis=2, ddof=1).mean(axis=1)
    ratio = between / within / (1 + 3 * 0.5 / 0.5)

    assert (ratio > f.isf(0.05, n - 1, 2 * n)).mean() == pytest.approx(0.9, abs=0.03)


def test_cases_for_the_width_of_an_icc_give_about_that_width():
    n = int(agree.icc_precision_cases(icc=0.8, readings=3, width=0.2).value)
    y = icc_measurements(np.random.default_rng(11), 0.8, n, 3, 4000)
    ratio = 3 * y.mean(axis=2).var(axis=1, ddof=1) / y.var(axis=2, ddof=1).mean(axis=1)
    low, high = (ratio / f.isf(q, n - 1, 2 * n) for q in (0.025, 0.975))
    width = (high - 1) / (high + 2) - (low - 1) / (low + 2)

    assert width.mean() == pytest.approx(0.2, rel=0.1)


def test_limits_of_agreement_lie_within_the_margin_nearly_as_often_as_planned():
    n = int(agree.bland_altman_cases_needed(mean_difference=0.2, sd=1.0, delta=2.6).value)
    differences = np.random.default_rng(12).normal(0.2, 1.0, size=(40_000, n))
    mean, sd = differences.mean(axis=1), differences.std(axis=1, ddof=1)
    half = norm.isf(0.025) * sd
    error = 1.98 * sd * np.sqrt(1 / n + norm.isf(0.025) ** 2 / (2 * (n - 1)))
    inside = (mean + half + error < 2.6) & (mean - half - error > -2.6)

    assert inside.mean() == pytest.approx(0.8, abs=0.025)


def test_what_no_number_of_cases_gives_says_so():
    same = "no number of cases"

    assert same in areas.auc_cases_needed(0.7, null=0.7).undefined
    assert same in agree.icc_cases_needed(icc=0.5, icc_null=0.5, readings=2).undefined
    assert same in agree.cohen_kappa_cases_needed(rate_1=0.5, rate_2=0.5, kappa=0.5, kappa_null=0.5).undefined
    assert agree.bland_altman_cases_needed(mean_difference=1.0, sd=1.0, delta=2.0).undefined
    assert areas.paired_auc_power([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, 3, 4]).undefined


@pytest.mark.parametrize(
    "call",
    [
        lambda: areas.auc_cases_needed(1.0),
        lambda: areas.auc_precision_cases(0.8, 0.0),
        lambda: areas.sensitivity_cases_needed(0.9),
        lambda: areas.auc_difference_power(areas.PlannedAuc(0.8, 0, 5), areas.PlannedAuc(0.7, 5, 5)),
        lambda: agree.cohen_kappa_cases_needed(rate_1=0.9, rate_2=0.1, kappa=0.9, kappa_null=0.2),
        lambda: agree.icc_cases_needed(icc=0.8, icc_null=0.5, readings=1),
        lambda: agree.intraclass_kappa_precision_cases(kappa=0.4, lower=0.5, prevalence=0.3),
        lambda: mrmc_power(VAN_DYKE, readers=1, cases=100, effect=0.05),
        lambda: mrmc_power(VAN_DYKE, readers=5, cases=100, effect=0.05, alpha=0.0),
    ],
)
def test_a_wrong_call_says_what_was_expected(call):
    with pytest.raises(WrongCall, match="expected"):
        call()
