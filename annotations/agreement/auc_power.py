"""Cases needed to show, compare or measure an AUC, a sensitivity or a specificity with one reader or test."""

from __future__ import annotations

import math
from typing import Literal

from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from .auc import paired_auc_difference
from .proportion import normal_quantile
from .registry import statistic
from .result import Counts, Estimate, WrongCall, undefined

_NONE = "a calculation has none"
_OBUCHOWSKI = "Obuchowski NA, Lieber ML, Wians FH. ROC curves in clinical chemistry. Clin Chem 2004;50:1118-1125"
_OBUCHOWSKI_DOI = "10.1373/clinchem.2004.031823"
_SUITS = ("score", "ordinal", "continuous", "pathology")


def auc_variance(auc: float, controls_per_case: float = 1.0) -> float:
    """Obuchowski's binormal approximation to (number of diseased) x Var(AUC), equal spreads. 0 < auc < 1."""
    if not 0 < auc < 1:
        raise WrongCall("auc", "an area between 0 and 1, both excluded", auc)
    if controls_per_case <= 0:
        raise WrongCall("controls_per_case", "a ratio above 0", controls_per_case)
    square = (1.414 * float(ndtri(auc))) ** 2  # 1.414 as printed, not the square root of 2
    return 0.0099 * math.exp(-square / 2) * (5 * square + 8 + (square + 8) / controls_per_case)


def _quantiles(alpha: float, power: float) -> tuple[float, float]:
    if not 0 < power < 1:
        raise WrongCall("power", "a share between 0 and 1", power)
    return normal_quantile(1 - alpha), float(ndtri(power))


def _needed(name: str, label: str, unrounded: float) -> Estimate:
    return Estimate(name, label, math.ceil(unrounded - 1e-9), extra={"unrounded": unrounded}, no_interval=_NONE)


@statistic(
    "cases needed for an AUC",
    suits=_SUITS,
    assumes="binormal scores of equal spread; two-sided test",
    undefined_when="the area equals the null",
    reference=_OBUCHOWSKI,
    doi=_OBUCHOWSKI_DOI,
)
def auc_cases_needed(
    auc: float,
    *,
    null: float = 0.5,
    controls_per_case: float = 1.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Estimate:
    """Diseased cases needed to find `auc` different from `null`.

    >>> auc_cases_needed(0.8, power=0.9).value
    17
    """
    z, z_power = _quantiles(alpha, power)
    name, label = "cases needed for an AUC", "diseased cases, Obuchowski's variances under both hypotheses"
    if auc == null:
        return undefined(name, label, "the area equals the null: no number of cases tells them apart")
    under_null = math.sqrt(auc_variance(null, controls_per_case))
    under_auc = math.sqrt(auc_variance(auc, controls_per_case))
    return _needed(name, label, ((z * under_null + z_power * under_auc) / (auc - null)) ** 2)


@statistic(
    "cases needed for the width of an AUC's interval",
    suits=_SUITS,
    assumes="binormal scores of equal spread; Wald interval",
    undefined_when="never",
    reference=_OBUCHOWSKI,
    doi=_OBUCHOWSKI_DOI,
)
def auc_precision_cases(
    auc: float, half_width: float, *, controls_per_case: float = 1.0, level: float = 0.95
) -> Estimate:
    """Diseased cases needed for an interval of `half_width` on either side."""
    if half_width <= 0:
        raise WrongCall("half_width", "a width above 0", half_width)
    unrounded = normal_quantile(level) ** 2 * auc_variance(auc, controls_per_case) / half_width**2
    label = "diseased cases, Obuchowski's variance, Wald"
    return _needed("cases needed for the width of an AUC's interval", label, unrounded)


@statistic(
    "power of paired AUCs",
    suits=_SUITS,
    assumes="the study repeats the pilot: same difference, variance and ratio of controls",
    undefined_when="the pilot's difference has no variance",
    reference="DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845",
    doi="10.2307/2531595",
)
def paired_auc_power(
    truth: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    diseased: int | None = None,
    effect: float | None = None,
    alpha: float = 0.05,
) -> Estimate:
    """Power of DeLong's two-sided test with so many diseased cases (default: as in the pilot), the pilot's
    variance.

    `effect` is the difference to be found (default: the pilot's own).
    """
    pilot = paired_auc_difference(truth, first, second)
    name, label = "power of paired AUCs", "DeLong variance of the pilot, scaled by diseased cases"
    if pilot.value is None or not pilot.se:
        return undefined(name, label, pilot.undefined or pilot.no_interval or "no variance")
    m = pilot.extra["diseased"]
    score = (pilot.value if effect is None else effect) / (pilot.se * math.sqrt(m / (diseased or m)))
    z = normal_quantile(1 - alpha)
    power = float(ndtr(abs(score) - z) + ndtr(-abs(score) - z))
    n = Counts(cases=diseased or m)
    return Estimate(name, label, power, n=n, extra={"noncentrality": score**2}, no_interval=_NONE)


@statistic(
    "cases needed for paired AUCs",
    suits=_SUITS,
    assumes="the study repeats the pilot: same difference, variance and ratio of controls",
    undefined_when="the pilot's difference or its variance is 0",
    reference="DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845",
    doi="10.2307/2531595",
)
def paired_auc_cases_needed(
    truth: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    effect: float | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Estimate:
    """Diseased cases needed to find the difference of two paired AUCs with the pilot's DeLong variance."""
    pilot = paired_auc_difference(truth, first, second)
    name, label = "cases needed for paired AUCs", "DeLong variance of the pilot, scaled by diseased cases"
    if pilot.value is None or not pilot.se:
        return undefined(name, label, pilot.undefined or pilot.no_interval or "no variance")
    difference = pilot.value if effect is None else effect
    if difference == 0:
        return undefined(name, label, "the difference is 0: no number of cases finds it")
    z, z_power = _quantiles(alpha, power)
    return _needed(name, label, ((z + z_power) * pilot.se / difference) ** 2 * pilot.extra["diseased"])


@statistic(
    "cases needed for a sensitivity",
    suits=("binary", "pathology"),
    assumes="independent cases; the share assumed is the true one",
    undefined_when="the share equals the null",
    reference="Flahault A, Cadilhac M, Thomas G. Sample size calculation should be performed for "
    "design accuracy "
    "in diagnostic test studies. J Clin Epidemiol 2005;58:859-862 (question); normal approximation",
    doi="10.1016/j.jclinepi.2004.12.009",
)
def sensitivity_cases_needed(
    expected: float,
    *,
    null: float | None = None,
    half_width: float | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: Literal[1, 2] = 2,
) -> Estimate:
    """Diseased cases needed for a sensitivity (healthy cases, for a specificity).

    Either `null`, the value it is to be shown to differ from with `power`, or `half_width` of its Wald
    interval.
    """
    name, label = "cases needed for a sensitivity", "normal approximation"
    if (null is None) == (half_width is None):
        raise WrongCall("null, half_width", "exactly one of the two", (null, half_width))
    if not 0 < expected < 1:
        raise WrongCall("expected", "a share between 0 and 1, both excluded", expected)
    spread = math.sqrt(expected * (1 - expected))
    z, z_power = _quantiles(alpha if sides == 2 else 2 * alpha, power)
    if half_width is not None:
        return _needed(name, label + ", Wald half width", (z * spread / half_width) ** 2)
    assert null is not None
    if expected == null:
        return undefined(name, label, "the share equals the null")
    under_null = math.sqrt(null * (1 - null))
    return _needed(name, label, ((z * under_null + z_power * spread) / (expected - null)) ** 2)
