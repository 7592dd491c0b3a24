"""Bland and Altman's limits of agreement of two readers or methods, with intervals of the limits themselves.

Differences are first minus second.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from annotations.agreement.limits import noncentral_t_quantile, t_interval, t_of, t_p, z_of
from annotations.agreement.measurements import Measurements, as_measurements, nothing_to_compare
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, Interval, WrongCall, undefined

Z95 = float(special.ndtri(0.975))
WIDEST = 10


@statistic(
    "Bland-Altman limits of agreement",
    suits=("continuous",),
    assumes="two readers, cases independent, differences normal and unrelated to the size (see proportional bias)",
    undefined_when="no or one case measured by both (the bias of one case stays)",
    reference="Bland & Altman 1986, 1999 (doi:10.1177/096228029900800204); exact limits Carkeet 2015,"
    " doi:10.1097/OPX.0000000000000513; MOVER Zou 2013, doi:10.1177/0962280211402548",
    doi="10.1016/S0140-6736(86)90837-8",
)
def bland_altman(data: Measurements, level: float = 0.95, *, factor: float = Z95, limits: str = "exact") -> Estimate:
    """Bias (the value, with t interval and p) and in `extra` the limits with their intervals.

    extra: sd, loa_low, loa_high, loa_{low,high}_ci_{low,high}, loa_method; proportional bias: the slope of the
    differences on the means with se, p and interval. `limits`: "exact" (noncentral t, default), "zou2013" (MOVER),
    "ba1999" or "ba1986" (s sqrt(3/n)).
    """
    if limits not in _LIMITS:
        raise WrongCall("limits", f"one of {tuple(_LIMITS)}", limits)
    if not 0 < factor <= WIDEST:
        raise WrongCall("factor", f"a number of standard deviations, up to {WIDEST}", factor)
    measured = as_measurements(data)
    if measured.n_readers > 2:
        raise WrongCall("data", "two readers", f"{measured.n_readers} readers")
    name, estimator = "Bland-Altman limits of agreement", f"bias +- {factor:g} s; limits' interval {limits}"
    complete = measured.complete()
    n = complete.shape[1]
    counts = measured.counts(n)
    problem = nothing_to_compare(measured, complete)
    if problem is not None:
        return undefined(name, estimator, problem, counts)
    gaps = complete[0] - complete[1]
    bias = float(gaps.mean())
    if n < 2:
        reason = "one case: the SD of the differences is undefined"
        return undefined(name, estimator, reason, counts, extra={"bias": bias})
    sd = float(gaps.std(ddof=1))
    se = sd / math.sqrt(n)
    extra: dict[str, Any] = {"sd": sd, "loa_low": bias - factor * sd, "loa_high": bias + factor * sd}
    extra |= _LIMITS[limits](bias, sd, n, factor, level) | {"loa_method": limits}
    extra |= _proportional(complete.mean(axis=0), gaps, level)
    return Estimate(
        name,
        estimator,
        bias,
        se=se,
        interval=t_interval(bias, se, n - 1, level),
        n=counts,
        statistic=bias / se if se > 0 else None,
        df=n - 1,
        p=t_p(bias / se, n - 1) if se > 0 else None,
        extra=extra,
        warnings=_warnings(extra),
    )


def _named(low: tuple[float, float], high: tuple[float, float]) -> dict[str, float]:
    return {
        "loa_low_ci_low": low[0],
        "loa_low_ci_high": low[1],
        "loa_high_ci_low": high[0],
        "loa_high_ci_high": high[1],
    }


def _around(bias: float, inner: float, outer: float) -> dict[str, float]:
    """Limits' intervals lie like mirror images about the bias."""
    return _named((bias - outer, bias - inner), (bias + inner, bias + outer))


def _exact(bias: float, sd: float, n: int, factor: float, level: float) -> dict[str, float]:
    """Equal-tailed interval of the percentile bias + factor x sigma, from the noncentral t."""
    root = math.sqrt(n)
    tails = ((1 - level) / 2, 0.5 + level / 2)
    inner, outer = (sd * noncentral_t_quantile(p, n - 1, factor * root) / root for p in tails)
    return _around(bias, inner, outer)


def _mover(bias: float, sd: float, n: int, factor: float, level: float) -> dict[str, float]:
    """Zou's recovery of variance estimates from the limits of mean and SD."""
    mean_half = z_of(level) * sd / math.sqrt(n)
    tail = (1 - level) / 2
    low = sd * math.sqrt((n - 1) / float(special.chdtri(n - 1, tail)))
    high = sd * math.sqrt((n - 1) / float(special.chdtri(n - 1, 1 - tail)))
    inner = factor * sd - math.hypot(mean_half, factor * (sd - low))
    return _around(bias, inner, factor * sd + math.hypot(mean_half, factor * (high - sd)))


def _delta(bias: float, sd: float, n: int, factor: float, level: float) -> dict[str, float]:
    se = sd * math.sqrt(1 / n + factor**2 / (2 * (n - 1)))
    half = t_of(level, n - 1) * se
    return _around(bias, factor * sd - half, factor * sd + half) | {"se_loa": se}


def _first(bias: float, sd: float, n: int, factor: float, level: float) -> dict[str, float]:
    se = sd * math.sqrt(3 / n)
    half = t_of(level, n - 1) * se
    return _around(bias, factor * sd - half, factor * sd + half) | {"se_loa": se}


_LIMITS = {"exact": _exact, "zou2013": _mover, "ba1999": _delta, "ba1986": _first}


def _proportional(means: NDArray[np.float64], gaps: NDArray[np.float64], level: float) -> dict[str, Any]:
    """Least-squares line of the differences on the means; empty where the means do not vary or n < 3."""
    n = gaps.size
    away = means - means.mean()
    spread = float(away @ away)
    if n < 3 or spread <= n * (8 * np.finfo(float).eps * float(np.abs(means).max())) ** 2:
        return {}
    slope = float(away @ gaps) / spread
    left = gaps - gaps.mean() - slope * away
    se = math.sqrt(float(left @ left) / (n - 2) / spread)
    line: Interval = t_interval(slope, se, n - 2, level)
    return {
        "slope": slope,
        "intercept": float(gaps.mean()) - slope * float(means.mean()),
        "slope_se": se,
        "slope_ci_low": line.low,
        "slope_ci_high": line.high,
        "slope_p": t_p(slope / se, n - 2) if se > 0 else None,
    }


def _warnings(extra: dict[str, Any]) -> tuple[str, ...]:
    p = extra.get("slope_p")
    if p is None or p >= 0.05:
        return ()
    return (
        f"The differences change with the size of the measurement (slope {extra['slope']:.3g}, p {p:.2g}): the limits"
        " are too wide at one end and too narrow at the other.",
    )
