"""Cases needed to show, compare or measure an AUC, a sensitivity or a specificity with one reader or test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, owens_t

from .auc import paired_auc_difference
from .binary_accuracy import check_count
from .checked_calls import check_number
from .proportion import normal_quantile
from .registry import statistic
from .result import Counts, Estimate, WrongCall, undefined

_NONE = "a calculation has none"
_OBUCHOWSKI = "Obuchowski NA, Lieber ML, Wians FH. ROC curves in clinical chemistry. Clin Chem 2004;50:1118-1125"
_OBUCHOWSKI_DOI = "10.1373/clinchem.2004.031823"
_SUITS = ("score", "ordinal", "continuous", "pathology")


VarianceMethod = Literal["obuchowski", "binormal"]


def auc_variance(auc: float, controls_per_case: float = 1.0, method: VarianceMethod = "obuchowski") -> float:
    """(Number of diseased) x Var(AUC) for normal scores of equal spread. 0 < auc < 1.

    `obuchowski` is the published approximation that sample-size programs use; it was made for ratings and is larger
    than the variance of an empirical AUC of continuous scores (by simulation 1.4 times at 0.85), so it asks for
    more cases than are needed. `binormal` is the leading term of the exact variance.
    """
    if not 0 < auc < 1:
        raise WrongCall("auc", "an area between 0 and 1, both excluded", auc)
    if controls_per_case <= 0:
        raise WrongCall("controls_per_case", "a ratio above 0", controls_per_case)
    if method == "binormal":
        return (_both_above(auc) - auc**2) * (1 + 1 / controls_per_case)
    if method != "obuchowski":
        raise WrongCall("variance", "obuchowski or binormal", method)
    square = (1.414 * float(ndtri(auc))) ** 2  # 1.414 as printed, not the square root of 2
    return 0.0099 * math.exp(-square / 2) * (5 * square + 8 + (square + 8) / controls_per_case)


def _both_above(auc: float) -> float:
    """Chance that one diseased score is above two healthy ones: two normals at z with correlation 1/2."""
    z = float(ndtri(auc))
    return auc - 2 * float(owens_t(z, math.sqrt(1 / 3)))


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
    variance: VarianceMethod = "obuchowski",
) -> Estimate:
    """Diseased cases needed to find `auc` different from `null`.

    >>> auc_cases_needed(0.8, power=0.9).value
    17.0
    """
    z, z_power = _quantiles(alpha, power)
    name, label = "cases needed for an AUC", f"diseased cases, {variance} variances under both hypotheses"
    if auc == null:
        return undefined(name, label, "the area equals the null: no number of cases tells them apart")
    under_null = math.sqrt(auc_variance(null, controls_per_case, variance))
    under_auc = math.sqrt(auc_variance(auc, controls_per_case, variance))
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
    auc: float,
    half_width: float,
    *,
    controls_per_case: float = 1.0,
    level: float = 0.95,
    variance: VarianceMethod = "obuchowski",
) -> Estimate:
    """Diseased cases needed for an interval of `half_width` on either side."""
    if half_width <= 0:
        raise WrongCall("half_width", "a width above 0", half_width)
    spread = auc_variance(auc, controls_per_case, variance)
    unrounded = normal_quantile(level) ** 2 * spread / half_width**2
    label = f"diseased cases, {variance} variance, Wald"
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
    if diseased is not None and diseased < 1:
        raise WrongCall("diseased", "at least one diseased case", diseased)
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
    if half_width is not None and not 0 < half_width < 1:
        raise WrongCall("half_width", "a width between 0 and 1", half_width)
    if null is not None and not 0 < null < 1:
        raise WrongCall("null", "a share between 0 and 1, both excluded", null)
    spread = math.sqrt(expected * (1 - expected))
    z, z_power = _quantiles(alpha if sides == 2 else 2 * alpha, power)
    if half_width is not None:
        return _needed(name, label + ", Wald half width", (z * spread / half_width) ** 2)
    assert null is not None
    if expected == null:
        return undefined(name, label, "the share equals the null")
    under_null = math.sqrt(null * (1 - null))
    return _needed(name, label, ((z * under_null + z_power * spread) / (expected - null)) ** 2)


@dataclass(frozen=True, slots=True)
class PlannedAuc:
    """An AUC expected on so many diseased and healthy cases."""

    auc: float
    diseased: int
    healthy: int

    def __post_init__(self) -> None:
        check_count("diseased", self.diseased)
        check_count("healthy", self.healthy)
        check_number("auc", self.auc)

    @property
    def variance(self) -> float:
        """Exact variance of the empirical AUC of normal scores of equal spread (Bamber 1975)."""
        m, n = self.diseased, self.healthy
        if m < 1 or n < 1:
            raise WrongCall("cases", "at least one of each class", (m, n))
        if not 0 < self.auc < 1:
            raise WrongCall("auc", "an area between 0 and 1, both excluded", self.auc)
        shared = _both_above(self.auc) - self.auc**2
        return (self.auc * (1 - self.auc) + (m + n - 2) * shared) / (m * n)


@statistic(
    "power of an AUC difference",
    suits=_SUITS,
    assumes="binormal scores of equal spread; the correlation of the two estimated AUCs is known (0 when the cases "
    "are different ones)",
    undefined_when="the difference has no variance",
    reference="Bamber D. The area above the ordinal dominance graph. J Math Psychol 1975;12:387-415 (variance); "
    "normal test",
    doi="10.1016/0022-2496(75)90001-2",
)
def auc_difference_power(
    first: PlannedAuc, second: PlannedAuc, *, correlation: float = 0.0, alpha: float = 0.05
) -> Estimate:
    """Power of the two-sided normal test of two AUCs, conjectured without a pilot.

    `correlation` is that of the two AUC estimates, not of the scores: 0 for other cases, for two tests of the same
    cases usually 0.3 to 0.6.
    """
    if not -1 <= correlation <= 1:
        raise WrongCall("correlation", "a correlation between -1 and 1", correlation)
    name, label = "power of an AUC difference", "exact variances of binormal scores, normal test"
    v1, v2 = first.variance, second.variance
    variance = v1 + v2 - 2 * correlation * math.sqrt(v1 * v2)
    if variance <= 1e-16:
        return undefined(name, label, "the difference has no variance")
    score, z = abs(first.auc - second.auc) / math.sqrt(variance), normal_quantile(1 - alpha)
    power = float(ndtr(score - z) + ndtr(-score - z))
    return Estimate(name, label, power, extra={"se_of_difference": math.sqrt(variance)}, no_interval=_NONE)
