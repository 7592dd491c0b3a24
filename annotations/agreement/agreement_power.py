"""Cases needed to show or measure agreement: kappa, intraclass correlation, limits of agreement."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import nctdtr, ndtri, stdtrit
from scipy.stats import chi2

from .auc_power import _NONE, _needed, _quantiles
from .mrmc_power import chi_square_power, noncentrality_for
from .placements import Array
from .proportion import normal_quantile
from .registry import statistic
from .result import Estimate, WrongCall, undefined

_MOST = 10_000_000


def _check_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise WrongCall(name, "a share between 0 and 1, both excluded", value)


def _two_reader_table(rate_1: float, rate_2: float, kappa: float) -> Array:
    """Probabilities of a 2x2 table with these positive rates and this Cohen's kappa. Raises WrongCall if
    none."""
    chance = rate_1 * rate_2 + (1 - rate_1) * (1 - rate_2)
    observed = chance + kappa * (1 - chance)
    both = (observed - 1 + rate_1 + rate_2) / 2
    table = np.array([[both, rate_1 - both], [rate_2 - both, 1 - rate_1 - rate_2 + both]])
    if table.min() < -1e-12:
        raise WrongCall("kappa", "a kappa possible with these positive rates", kappa)
    return np.clip(table, 0, 1)


def _kappa_variance(table: Array) -> float:
    """Asymptotic n Var of Cohen's kappa (Fleiss, Cohen, Everitt 1969) from cell probabilities."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, chance = float(np.trace(table)), float(rows @ columns)
    kappa = (observed - chance) / (1 - chance)
    weights = np.eye(len(table)) - (1 - kappa) * (rows[None, :] + columns[:, None])
    mean_square = float((table * weights**2).sum())
    return (mean_square - (kappa - chance * (1 - kappa)) ** 2) / (1 - chance) ** 2


@statistic(
    "cases needed for Cohen's kappa",
    suits=("binary",),
    assumes="two readers, two categories, positive rates known",
    undefined_when="both kappas are equal",
    reference="Cantor AB. Sample-size calculations for Cohen's kappa. Psychol Methods 1996;1:150-153",
    doi="10.1037/1082-989X.1.2.150",
)
def cohen_kappa_cases_needed(
    *,
    rate_1: float,
    rate_2: float,
    kappa: float,
    kappa_null: float,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 1,
) -> Estimate:
    """Cases needed to tell `kappa` from `kappa_null` with two readers whose shares of positives are given."""
    _check_share("rate_1", rate_1)
    _check_share("rate_2", rate_2)
    name, label = "cases needed for Cohen's kappa", "delta-method variances under both hypotheses"
    if kappa == kappa_null:
        return undefined(name, label, "both kappas are equal: no number of cases tells them apart")
    z, z_power = _quantiles(alpha if sides == 2 else 2 * alpha, power)
    under_null = math.sqrt(_kappa_variance(_two_reader_table(rate_1, rate_2, kappa_null)))
    under_other = math.sqrt(_kappa_variance(_two_reader_table(rate_1, rate_2, kappa)))
    return _needed(name, label, ((z * under_null + z_power * under_other) / (kappa - kappa_null)) ** 2)


def _intraclass_cells(kappa: float, prevalence: float) -> Array:
    """Probabilities that two readers both call positive, differ, both call negative (common correlation
    model)."""
    spread = prevalence * (1 - prevalence)
    return np.array([prevalence**2 + spread * kappa, 2 * spread * (1 - kappa), (1 - prevalence) ** 2 + spread * kappa])


def _distance(kappa: float, other: float, prevalence: float) -> float:
    """Goodness-of-fit chi-square per case of `kappa` against cells expected under `other`."""
    expected = _intraclass_cells(other, prevalence)
    if expected.min() <= 0:
        raise WrongCall("kappa", "kappas that leave every cell of the table a probability", other)
    return float(((_intraclass_cells(kappa, prevalence) - expected) ** 2 / expected).sum())


@statistic(
    "cases needed for intraclass kappa",
    suits=("binary",),
    assumes="two interchangeable readers, two categories, prevalence known",
    undefined_when="both kappas are equal",
    reference="Donner A, Eliasziw M. A goodness-of-fit approach to inference procedures for the kappa "
    "statistic. "
    "Stat Med 1992;11:1511-1519",
    doi="10.1002/sim.4780111109",
)
def intraclass_kappa_cases_needed(
    *, kappa: float, kappa_null: float, prevalence: float, power: float = 0.8, alpha: float = 0.05
) -> Estimate:
    """Cases needed for two readers by the goodness-of-fit test, two-sided."""
    _check_share("prevalence", prevalence)
    name, label = "cases needed for intraclass kappa", "goodness of fit, noncentral chi-square(1)"
    if kappa == kappa_null:
        return undefined(name, label, "both kappas are equal: no number of cases tells them apart")
    return _needed(
        name,
        label,
        noncentrality_for(power, lambda nc: chi_square_power(nc, 1, alpha)) / _distance(kappa, kappa_null, prevalence),
    )


@statistic(
    "cases needed for the interval of intraclass kappa",
    suits=("binary",),
    assumes="two interchangeable readers, two categories, prevalence known",
    undefined_when="never",
    reference="Rotondi MA, Donner A. A confidence interval approach to sample size estimation for "
    "interobserver "
    "agreement studies. J Clin Epidemiol 2012;65:778-784",
    doi="10.1016/j.jclinepi.2011.10.019",
)
def intraclass_kappa_precision_cases(
    *, kappa: float, lower: float, upper: float | None = None, prevalence: float, level: float = 0.95
) -> Estimate:
    """Cases needed for the goodness-of-fit interval of an observed `kappa` to lie within the limits given."""
    _check_share("prevalence", prevalence)
    if not lower < kappa or (upper is not None and not kappa < upper):
        raise WrongCall("lower, upper", f"limits on either side of kappa = {kappa}", (lower, upper))
    critical = float(chi2.isf(1 - level, 1))
    limits = [lower] if upper is None else [lower, upper]
    unrounded = max(critical / _distance(kappa, limit, prevalence) for limit in limits)
    return _needed("cases needed for the interval of intraclass kappa", "goodness-of-fit interval", unrounded)


@statistic(
    "cases needed for an ICC",
    suits=("continuous",),
    assumes="one-way random effects, normal measurements",
    undefined_when="both ICCs are equal",
    reference="Walter SD, Eliasziw M, Donner A. Sample size and optimal designs for reliability "
    "studies. Stat Med "
    "1998;17:101-110",
    doi="10.1002/(SICI)1097-0258(19980115)17:1<101::AID-SIM727>3.0.CO;2-E",
)
def icc_cases_needed(
    *, icc: float, icc_null: float, readings: int, power: float = 0.8, alpha: float = 0.05, sides: int = 1
) -> Estimate:
    """Cases needed to tell an ICC from `icc_null` with so many readings per case (Walter's paper is
    one-sided)."""
    _check_share("icc", icc)
    if readings < 2 or not 0 <= icc_null < 1:
        raise WrongCall("readings, icc_null", "two or more readings, a null in [0, 1)", (readings, icc_null))
    name, label = "cases needed for an ICC", "Walter, Eliasziw, Donner 1998"
    if icc == icc_null:
        return undefined(name, label, "both ICCs are equal: no number of cases tells them apart")
    z, z_power = _quantiles(alpha if sides == 2 else 2 * alpha, power)
    ratio = (1 + readings * icc_null / (1 - icc_null)) / (1 + readings * icc / (1 - icc))
    k = readings
    return _needed(name, label, 1 + 2 * (z + z_power) ** 2 * k / (math.log(ratio) ** 2 * (k - 1)))


@statistic(
    "cases needed for the width of an ICC's interval",
    suits=("continuous",),
    assumes="one-way random effects, normal measurements",
    undefined_when="never",
    reference="Bonett DG. Sample size requirements for estimating intraclass correlations with desired "
    "precision. "
    "Stat Med 2002;21:1331-1335",
    doi="10.1002/sim.1108",
)
def icc_precision_cases(*, icc: float, readings: int, width: float, level: float = 0.95) -> Estimate:
    """Cases needed for an interval of this full width; 5 icc are added for two readings and an ICC from
    0.7."""
    _check_share("icc", icc)
    if readings < 2 or width <= 0:
        raise WrongCall("readings, width", "two or more readings and a width above 0", (readings, width))
    z, k = normal_quantile(level), readings
    plain = 8 * z**2 * (1 - icc) ** 2 * (1 + (k - 1) * icc) ** 2 / (k * (k - 1) * width**2) + 1
    unrounded = plain + (5 * icc if k == 2 and icc >= 0.7 else 0.0)
    estimate = _needed("cases needed for the width of an ICC's interval", "Bonett 2002", unrounded)
    more = {**estimate.extra, "unrounded_without_small_k_correction": plain}
    return Estimate(estimate.name, estimate.estimator, estimate.value, extra=more, no_interval=_NONE)


def _limits_power(n: int, mean: float, sd: float, delta: float, alpha: float, gamma: float) -> float:
    """1 - beta1 - beta2 of Lu et al. 2016: both limits' confidence bounds within +-delta."""
    z, df = float(ndtri(1 - gamma / 2)), n - 1
    se = sd * math.sqrt(1 / n + z * z / (2 * df))
    critical = float(stdtrit(df, 1 - alpha / 2))
    missed = 0.0
    for room in (delta - mean - z * sd, delta + mean - z * sd):
        missed += float(nctdtr(df, room / se, critical)) if room / se < 30 else 0.0
    return 1 - missed


@statistic(
    "cases needed for limits of agreement",
    suits=("continuous",),
    assumes="normal differences of known mean and spread",
    undefined_when="the limits themselves do not lie within the margin",
    reference="Lu MJ et al. Sample size for assessing agreement between two methods of measurement by "
    "Bland-Altman "
    "method. Int J Biostat 2016;12",
    doi="10.1515/ijb-2015-0039",
)
def bland_altman_cases_needed(
    *,
    mean_difference: float,
    sd: float,
    delta: float,
    power: float = 0.8,
    alpha: float = 0.05,
    gamma: float = 0.05,
) -> Estimate:
    """Cases needed for the confidence limits of both limits of agreement to lie within +-delta.

    The formula's approximate standard error leaves the true power a little below (by simulation .787 where it
    promises .802 at 79 cases).
    """
    name, label = "cases needed for limits of agreement", "Lu et al. 2016, noncentral t"
    if sd <= 0 or delta <= 0:
        raise WrongCall("sd, delta", "both above 0", (sd, delta))
    if abs(mean_difference) + float(ndtri(1 - gamma / 2)) * sd >= delta:
        return undefined(name, label, "the limits of agreement themselves reach beyond delta")

    def reached(n: int) -> float:
        return _limits_power(n, mean_difference, sd, delta, alpha, gamma)

    low, high = 2, 4
    while reached(high) < power and high < _MOST:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if reached(middle) < power else (low, middle)
    extra = {"power": reached(high), "power_one_fewer": reached(high - 1)}
    return Estimate(name, label, high, extra=extra, no_interval=_NONE)
