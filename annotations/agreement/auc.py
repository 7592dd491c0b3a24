"""Area under the empirical ROC curve: value, DeLong's standard error, intervals, differences.

A higher score means more diseased, always: an area below 0.5 stays below 0.5.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtr, stdtr, stdtrit

from .area_limits import FEW_OF_A_CLASS, area_variance, at_least, few_of_a_class, newcombe_limits
from .binary_accuracy import NO_DISEASED, NO_HEALTHY, read_truth
from .placements import Array, placements, sample_variance, sorted_placements
from .proportion import normal_quantile
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

NAME = "AUC"
ESTIMATOR = "empirical (Mann-Whitney), ties 1/2; se DeLong 1988"
_DELONG = "DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845"
_DELONG_DOI = "10.2307/2531595"
NEWCOMBE = "Newcombe 2006, method 5"
INTERVALS = ("newcombe or logit", "newcombe", "logit", "wald")
PERFECT = "perfect separation: DeLong's variance is 0 and its own interval would be one point"
NO_SPREAD = "every case has the same placement: DeLong's variance is 0 and its own interval would be one point"
ONE_DISEASED = "one diseased case: its variance component divides by 0"
ONE_HEALTHY = "one healthy case: its variance component divides by 0"


AreaInterval = Literal["newcombe or logit", "newcombe", "logit", "wald"]


def split_scores(truth: ArrayLike, scores: ArrayLike) -> tuple[Array, Array, int]:
    """Scores of the diseased, of the healthy, and the number of cases without a score (NaN).

    truth (cases,) 0/1; scores (cases,) finite or NaN. Raises WrongCall for other shapes and for infinite
    scores.
    """
    diseased = read_truth(truth)
    array = np.asarray(scores, dtype=float)
    if array.shape != diseased.shape:
        raise WrongCall("scores", f"one score per case, shape {diseased.shape}", array.shape)
    if np.isinf(array).any():
        raise WrongCall("scores", "finite scores, NaN where a case has none", math.inf)
    given = ~np.isnan(array)
    if given.all():
        return array[diseased], array[~diseased], 0
    return array[diseased & given], array[~diseased & given], int((~given).sum())


def _delong(of_diseased: float | None, of_healthy: float | None, m: int, n: int) -> float | None:
    if of_diseased is None or of_healthy is None:
        return None
    return of_diseased / m + of_healthy / n


def delong_limits(value: float, se: float, level: float, method: str, quantile: float | None = None) -> Interval:
    """From the standard error, "logit" or "wald"; `quantile` in place of the normal one."""
    half = (quantile or normal_quantile(level)) * se
    if method == "wald":
        return Interval(value - half, value + half, level, "DeLong, Wald, not cut to [0, 1]")
    middle, half = math.log(value / (1 - value)), half / (value * (1 - value))
    return Interval(float(expit(middle - half)), float(expit(middle + half)), level, "DeLong on the logit scale")


def hanley_mcneil_se(value: float, m: int, n: int) -> float:
    """Standard error of an AUC from its value alone (Hanley & McNeil 1982,
    doi:10.1148/radiology.143.1.7063747)."""
    q1, q2 = value / (2 - value), 2 * value * value / (1 + value)
    square = value * value
    return math.sqrt((value * (1 - value) + (m - 1) * (q1 - square) + (n - 1) * (q2 - square)) / (m * n))


@statistic(
    NAME,
    suits=("score", "ordinal", "continuous", "pathology"),
    assumes="one score per case, higher = more diseased; independent cases; pathology known without error",
    undefined_when="one class has no case",
    reference=_DELONG + "; limits with few cases of a class: Newcombe 2006, method 5, doi:10.1002/sim.2324",
    doi=_DELONG_DOI,
)
def auc(
    truth: ArrayLike,
    scores: ArrayLike,
    *,
    level: float = 0.95,
    interval: AreaInterval = "newcombe or logit",
) -> Estimate:
    """Empirical AUC of `scores` (cases,), NaN = no score, against `truth` (cases,) 0/1, with DeLong's error.

    The interval is Newcombe's with fewer than 50 cases of a class or perfect separation (its variance drawn up to
    DeLong's where that is larger; "newcombe" leaves it as it is), else DeLong's on the logit scale (it stays in (0, 1)
    and covers better near 1); "wald" is the one most packages print. `extra` has the counts of both classes,
    Mann-Whitney's U and Hanley and McNeil's se.

    >>> auc([0, 0, 0, 0, 1], [1, 2, 3, 4, 3]).value
    0.625
    """
    diseased, healthy, missing = split_scores(truth, scores)
    m, n = len(diseased), len(healthy)
    counts = Counts(cases=m + n, readers=1, ratings=m + n, missing=missing)
    if m == 0 or n == 0:
        return undefined(NAME, ESTIMATOR, NO_DISEASED if m == 0 else NO_HEALTHY, counts)
    parts = sorted_placements(diseased, healthy)
    variance = _delong(sample_variance(parts.diseased), sample_variance(parts.healthy), m, n)
    reason = ONE_DISEASED if m == 1 else ONE_HEALTHY
    return auc_estimate(parts.auc, variance, (m, n), counts, level, interval, reason)


def auc_estimate(
    value: float,
    variance: float | None,
    sizes: tuple[int, int],
    counts: Counts,
    level: float,
    method: str,
    no_variance: str,
    estimator: str = ESTIMATOR,
    effective: tuple[float, float] | None = None,
) -> Estimate:
    """An AUC with its interval; `no_variance` says why there is no variance, `effective` are sizes for Newcombe's."""
    if method not in INTERVALS:
        raise WrongCall("interval", f"one of {INTERVALS}", method)
    reason = _without_spread(value, variance, no_variance)
    warnings: tuple[str, ...] = ()
    m, n = sizes
    if variance is not None and reason:
        variance, warnings = 0.0, (reason,)
    numbers = effective or (float(m), float(n))
    interval: Interval | None = None
    if method == "newcombe":
        interval = Interval(*newcombe_limits(value, *numbers, level), level, NEWCOMBE)
    elif method == INTERVALS[0] and (reason or min(numbers) < FEW_OF_A_CLASS):
        times = at_least(area_variance(value, *numbers), variance)
        label = NEWCOMBE if times == 1 else f"{NEWCOMBE}, drawn up to DeLong's variance"
        interval = Interval(*newcombe_limits(value, *numbers, level, times), level, label)
    elif variance is not None and not reason:
        interval = delong_limits(value, math.sqrt(variance), level, "wald" if method == "wald" else "logit")
    return Estimate(
        name=NAME,
        estimator=estimator,
        value=value,
        se=None if variance is None else math.sqrt(variance),
        interval=interval,
        n=counts,
        extra={
            "diseased": m,
            "healthy": n,
            "mann_whitney_u": value * m * n,
            "hanley_mcneil_se": hanley_mcneil_se(value, m, n),
        },
        warnings=warnings + few_of_a_class(min(numbers)),
        no_interval=None if interval else reason,
    )


def _without_spread(value: float, variance: float | None, no_variance: str) -> str | None:
    """Why DeLong's variance gives no interval, or None."""
    if variance is None:
        return no_variance
    if value in (0.0, 1.0):
        return PERFECT
    return NO_SPREAD if variance < 1e-30 else None


def _difference(
    name: str,
    areas: tuple[float, float],
    variance: float,
    level: float,
    counts: Counts,
    extra: dict[str, Any],
    df: float | None = None,
) -> Estimate:
    """A difference of two areas, normal or (with df) t; without a test where its variance is 0."""
    value, se = areas[0] - areas[1], math.sqrt(max(variance, 0.0))
    if se < 1e-15:
        reason = "the variance of the difference is 0: identical placements"
        return Estimate(name, "DeLong 1988", value, 0.0, n=counts, extra=extra, no_interval=reason, warnings=(reason,))
    quantile = normal_quantile(level) if df is None else float(stdtrit(df, 0.5 + level / 2))
    tail = ndtr(-abs(value / se)) if df is None else stdtr(df, -abs(value / se))
    return Estimate(
        name=name,
        estimator="DeLong 1988",
        value=value,
        se=se,
        interval=Interval(value - quantile * se, value + quantile * se, level, "DeLong, Wald"),
        n=counts,
        statistic=value / se,
        df=df,
        p=float(2 * tail),
        extra=extra,
    )


@statistic(
    "difference of paired AUCs",
    suits=("score", "ordinal", "continuous", "pathology"),
    assumes="both scores of the same independent cases; cases with both scores are used",
    undefined_when="a class has fewer than two cases with both scores; no test where the scores rank alike",
    reference=_DELONG,
    doi=_DELONG_DOI,
)
def paired_auc_difference(truth: ArrayLike, first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """AUC of `first` minus AUC of `second`, both (cases,), on the same cases, with DeLong's test."""
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != two.shape:
        raise WrongCall("second", f"one score per case, shape {one.shape}", two.shape)
    both = ~(np.isnan(one) | np.isnan(two))
    diseased_1, healthy_1, missing = split_scores(truth, np.where(both, one, np.nan))
    diseased_2, healthy_2, _ = split_scores(truth, np.where(both, two, np.nan))
    m, n = len(diseased_1), len(healthy_1)
    counts = Counts(cases=m + n, readers=1, ratings=2 * (m + n), missing=missing)
    name = "difference of paired AUCs"
    if m < 2 or n < 2:
        return undefined(name, "DeLong 1988", "fewer than two cases of a class have both scores", counts)
    a, b = placements(diseased_1, healthy_1), placements(diseased_2, healthy_2)
    upper, lower = np.cov(a.diseased, b.diseased), np.cov(a.healthy, b.healthy)
    covariance = upper / m + lower / n
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    extra = {"auc": [a.auc, b.auc], "covariance": float(covariance[0, 1]), "diseased": m, "healthy": n}
    return _difference(name, (a.auc, b.auc), variance, level, counts, extra)


@statistic(
    "difference of independent AUCs",
    suits=("score", "ordinal", "continuous", "pathology"),
    assumes="two samples of independent cases",
    undefined_when="a class of a sample has fewer than two cases; no test where both variances are 0",
    reference=_DELONG,
    doi=_DELONG_DOI,
)
def independent_auc_difference(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    level: float = 0.95,
    reference: Literal["normal", "welch"] = "normal",
) -> Estimate:
    """AUC of `first` minus AUC of `second`, each (truth, scores) of other cases (two centres).

    `welch` takes t with Satterthwaite's df from the numbers of cases, as pROC does, in place of the normal.
    """
    if reference not in ("normal", "welch"):
        raise WrongCall("reference", "normal or welch", reference)
    areas = [auc(*sample, level=level) for sample in (first, second)]
    cases = sum(area.n.cases for area in areas)
    counts = Counts(cases=cases, readers=1, ratings=cases, missing=sum(area.n.missing for area in areas))
    name = "difference of independent AUCs"
    values, variances = [], []
    for which, area in zip(("first", "second"), areas):
        if area.value is None or area.se is None:
            reason = f"{which} sample: {area.undefined or area.no_interval}"
            return undefined(name, "DeLong 1988", reason, counts)
        values.append(area.value)
        variances.append(area.se**2)
    df = None
    if reference == "welch" and sum(variances) > 0:
        parts = [v * v / (area.n.cases - 1) for v, area in zip(variances, areas)]
        df = sum(variances) ** 2 / sum(parts)
    extra: dict[str, Any] = {"auc": values, "variances": variances}
    return _difference(name, (values[0], values[1]), sum(variances), level, counts, extra, df)
