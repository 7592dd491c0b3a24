"""Lin's concordance correlation coefficient of two readers or methods."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.limits import normal_interval, z_of
from annotations.agreement.measurements import Measurements, as_measurements, nothing_to_compare
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, Interval, WrongCall, undefined

_FEW = "two cases: the variance needs three"


@statistic(
    "Lin CCC",
    suits=("continuous", "score"),
    assumes="two readers, cases independent, bivariate normal for the interval",
    undefined_when="one case; neither varies and the means are equal",
    reference="Lin 1989; variance as corrected in 2000 (Biometrics 56:324-325)",
    doi="10.2307/2532051",
)
def lin_ccc(data: Measurements, level: float = 0.95, *, interval: str = "fisher") -> Estimate:
    """Lin's CCC with moments of divisor n; interval on Fisher's z ("fisher", default) or raw ("normal")."""
    if interval not in ("fisher", "normal"):
        raise WrongCall("interval", "'fisher' or 'normal'", interval)
    measured = as_measurements(data)
    if measured.n_readers > 2:
        raise WrongCall("data", "two readers", f"{measured.n_readers} readers")
    name, estimator = "Lin CCC", "moments with divisor n; Lin's corrected variance, divisor n-2"
    complete = measured.complete()
    n = complete.shape[1]
    counts = measured.counts(n)
    problem = nothing_to_compare(measured, complete)
    if problem is None and n < 2:
        problem = "one case: no variance between cases can be estimated"
    if problem is not None:
        return undefined(name, estimator, problem, counts)
    if all(np.all(row == complete[0, 0]) for row in complete):
        return undefined(name, estimator, "no variance and no difference of the means (0/0)", counts)
    x, y = (_centred(row) for row in complete)
    sxx, syy, sxy = float(x @ x) / n, float(y @ y) / n, float(x @ y) / n
    gap = float(complete[0].mean() - complete[1].mean())
    spread = sxx + syy + gap**2
    whole = Estimate(name, estimator, 2 * sxy / spread, n=counts, extra={"mean_difference": gap}, no_interval=_FEW)
    if not (sxx and syy):
        reason = "one reader gave the same value throughout: no correlation, no standard error"
        return replace(whole, no_interval=reason)
    scale = math.sqrt(sxx * syy)
    r, bias = max(-1.0, min(1.0, sxy / scale)), 2 * scale / spread
    whole = replace(whole, extra={**whole.extra, "pearson_r": r, "bias_correction_factor": bias})
    return whole if n < 3 else _with_interval(whole, _variance(r, bias, gap**2 / scale, n), interval, level)


def _centred(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Less its mean; exactly 0 where the row is constant."""
    return np.zeros_like(row) if np.all(row == row[0]) else row - row.mean()


def _with_interval(whole: Estimate, variance: float, interval: str, level: float) -> Estimate:
    se, value = math.sqrt(max(variance, 0.0)), float(whole.value or 0.0)
    limits = _fisher(value, se, level) if interval == "fisher" else normal_interval(value, se, level)
    reason = "perfect agreement has no limits on Fisher's z" if limits is None else None
    return replace(whole, se=se, interval=limits, no_interval=reason)


def _variance(r: float, bias: float, shift: float, n: int) -> float:
    """Lin 2000 in terms of r and the bias factor, so that r = 0 is no special case; shift is u squared."""
    value = r * bias
    spread = (1 - r**2) * bias**2 * (1 - value**2)
    return (spread + 2 * r**2 * bias**3 * (1 - value) * shift - r**2 * bias**4 * shift**2 / 2) / (n - 2)


def _fisher(value: float, se: float, level: float) -> Interval | None:
    if abs(value) >= 1 - 1e-15:
        return None
    centre, half = math.atanh(value), z_of(level) * se / (1 - value**2)
    return Interval(math.tanh(centre - half), math.tanh(centre + half), level, "Fisher z")
