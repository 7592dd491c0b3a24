"""Limits of agreement when each method measured each case more than once (Bland & Altman 1999, 2007)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotations.agreement.bland_altman import WIDEST, Z95
from annotations.agreement.limits import chi2_sd_interval, t_interval, t_of
from annotations.agreement.measurements import LARGEST
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, WrongCall, undefined

Replicates = Sequence[Sequence[float]]

Part = tuple[float, float, float]  # of a variance: factor, mean square, its degrees of freedom


def _checked(first: Replicates, second: Replicates) -> tuple[list[np.ndarray], list[np.ndarray]]:
    if len(first) != len(second):
        raise WrongCall("second", f"{len(first)} cases, as in the first method", len(second))
    try:
        methods = [[np.asarray(case, dtype=np.float64) for case in method] for method in (first, second)]
    except (TypeError, ValueError) as error:
        raise WrongCall("replicates", "finite numbers, one list per case", str(error)) from error
    for method in methods:
        for case in method:
            if case.ndim != 1 or not (np.abs(case) <= LARGEST).all():
                raise WrongCall("replicates", "finite numbers, one list per case", case.tolist())
    return methods[0], methods[1]


def _counts(first: list[np.ndarray], second: list[np.ndarray], cases: int) -> Counts:
    return Counts(cases, 2, sum(map(len, first)) + sum(map(len, second)))


@statistic(
    "Bland-Altman limits of agreement, replicates",
    suits=("continuous",),
    assumes="the true value of a case is constant; replicates of the two methods are not paired",
    undefined_when="fewer than two cases measured by both; no case measured twice by a method that has replicates",
    reference="Bland & Altman 1999, section 5.1-5.2; 2007, doi:10.1080/10543400701329422; limits' intervals by MOVER, Zou"
    " 2013, doi:10.1177/0962280211402548",
    doi="10.1177/096228029900800204",
)
def replicated_limits(first: Replicates, second: Replicates, level: float = 0.95, *, factor: float = Z95) -> Estimate:
    """Limits for single readings: the variance of the mean differences plus what averaging took away of it."""
    name, estimator = (
        "Bland-Altman limits of agreement, replicates",
        "true value constant, replicates not paired",
    )
    one, two = _checked(first, second)
    pairs = [(a, b) for a, b in zip(one, two, strict=True) if a.size and b.size]
    counts = _counts(one, two, len(pairs))
    if len(pairs) < 2:
        return undefined(name, estimator, "fewer than two cases were measured by both methods", counts)
    gaps = np.array([a.mean() - b.mean() for a, b in pairs])
    between = float(gaps.var(ddof=1))
    within = [_within([pair[method] for pair in pairs]) for method in (0, 1)]
    lost = [1 - float(np.mean([1 / pair[method].size for pair in pairs])) for method in (0, 1)]
    sd = math.sqrt(between + lost[0] * within[0] + lost[1] * within[1])
    extra = {"var_mean_difference": between, "within_var_1": within[0], "within_var_2": within[1]}
    dfs = [sum(pair[method].size - 1 for pair in pairs) for method in (0, 1)]
    parts = [(1.0, between, len(pairs) - 1.0), *zip(lost, within, map(float, dfs), strict=True)]
    spread = Spread(sd, math.sqrt(between / len(pairs)), len(pairs) - 1, parts)
    return _estimate(name, estimator, float(gaps.mean()), spread, (factor, level), counts, extra)


def _within(cases: list[np.ndarray]) -> float:
    """Pooled variance within cases; 0 where no case was measured twice (then nothing was averaged away either)."""
    df = sum(case.size - 1 for case in cases)
    return float(sum(np.square(case - case.mean()).sum() for case in cases)) / df if df else 0.0


@statistic(
    "Bland-Altman limits of agreement, linked replicates",
    suits=("continuous",),
    assumes="the true value of a case varies; replicates of the two methods are paired in time",
    undefined_when="fewer than two cases; no case with two pairs",
    reference="Bland & Altman 1999, section 5.3; 2007, doi:10.1080/10543400701329422; limits' intervals by MOVER, Zou 2013,"
    " doi:10.1177/0962280211402548",
    doi="10.1177/096228029900800204",
)
def linked_limits(first: Replicates, second: Replicates, level: float = 0.95, *, factor: float = Z95) -> Estimate:
    """Limits from the one-way analysis of variance of the paired differences; the bias is their mean over all pairs."""
    name, estimator = (
        "Bland-Altman limits of agreement, linked replicates",
        "one-way anova of paired differences",
    )
    one, two = _checked(first, second)
    if any(a.size != b.size for a, b in zip(one, two, strict=True)):
        raise WrongCall("replicates", "as many replicates by both methods for each case", "other numbers")
    gaps = [a - b for a, b in zip(one, two, strict=True) if a.size]
    counts = _counts(one, two, len(gaps))
    sizes = np.array([gap.size for gap in gaps], dtype=float)
    if len(gaps) < 2 or sizes.max() < 2:
        return undefined(name, estimator, "fewer than two cases, or no case with two pairs", counts)
    total, bias = sizes.sum(), float(np.concatenate(gaps).mean())
    within = float(sum(np.square(gap - gap.mean()).sum() for gap in gaps)) / (total - len(gaps))
    means = np.array([gap.mean() for gap in gaps])
    ms_between = float((sizes * (means - bias) ** 2).sum()) / (len(gaps) - 1)
    typical = float(total**2 - (sizes**2).sum()) / ((len(gaps) - 1) * total)
    between = (ms_between - within) / typical
    extra = {"within_var": within, "between_var": between, "n_pairs": int(total)}
    df_within, df_between = float(total - len(gaps)), len(gaps) - 1
    parts = [(1.0, within, df_within)]
    if between > 0:
        parts = [(1 / typical, ms_between, float(df_between)), (1 - 1 / typical, within, df_within)]
    of_bias = (max(between, 0.0) * float((sizes**2).sum()) + within * float(total)) / float(total) ** 2
    spread = Spread(math.sqrt(max(between, 0.0) + within), math.sqrt(of_bias), df_between, parts)
    return _estimate(name, estimator, bias, spread, (factor, level), counts, extra)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of single differences: their SD, and what it is made of; the error of the bias and its degrees of freedom."""

    sd: float
    of_bias: float
    df: int
    parts: list[Part]

    def sd_limits(self, level: float) -> tuple[float, float]:
        """MOVER: the parts' chi-square limits, each side by itself."""
        below = above = 0.0
        for factor, square, df in self.parts:
            if df and factor and square:
                own = chi2_sd_interval(math.sqrt(square), df, level)
                below += (factor * (square - (own.low or 0.0) ** 2)) ** 2
                above += (factor * ((own.high or 0.0) ** 2 - square)) ** 2
        return math.sqrt(max(self.sd**2 - math.sqrt(below), 0.0)), math.sqrt(self.sd**2 + math.sqrt(above))


def _estimate(
    name: str,
    estimator: str,
    bias: float,
    spread: Spread,
    asked: tuple[float, float],
    counts: Counts,
    extra: dict[str, Any],
) -> Estimate:
    factor, level = asked
    if not 0 < factor <= WIDEST:
        raise WrongCall("factor", f"a number of standard deviations, up to {WIDEST}", factor)
    half = t_of(level, spread.df) * spread.of_bias
    least, most = spread.sd_limits(level)
    inner = factor * spread.sd - math.hypot(half, factor * (spread.sd - least))
    outer = factor * spread.sd + math.hypot(half, factor * (most - spread.sd))
    limits = {
        "sd": spread.sd,
        "loa_low": bias - factor * spread.sd,
        "loa_high": bias + factor * spread.sd,
        "loa_low_ci_low": bias - outer,
        "loa_low_ci_high": bias - inner,
        "loa_high_ci_low": bias + inner,
        "loa_high_ci_high": bias + outer,
        "loa_method": "zou2013",
    }
    interval = t_interval(bias, spread.of_bias, spread.df, level)
    return Estimate(name, estimator, bias, spread.of_bias, interval, counts, df=spread.df, extra={**extra, **limits})
