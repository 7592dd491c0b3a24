"""Intervals by resampling the cases: percentile and BCa bootstrap, and the jackknife.

What is drawn, and from which stream, is in `draws`. Resamples in which the statistic is undefined are dropped and
counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from annotations.agreement.draws import stream, unit_weights, units_of
from annotations.agreement.limits import check_level, t_interval
from annotations.agreement.moments import Moments
from annotations.agreement.result import Estimate, Interval, WrongCall

Array = NDArray[np.float64]

LEAST_DEFINED = 0.5  # below this share of defined resamples there is no interval


@dataclass(frozen=True, slots=True)
class Plan:
    """How to resample.

    seed       stored with the result
    resamples  at least 100; 2,000 by default
    method     "percentile" or "bca"
    patients   one label per case: cases of one patient are drawn together
    centres    one label per case: drawn within each centre; a patient belongs to one
    """

    seed: int
    resamples: int = 2000
    method: str = "percentile"
    patients: ArrayLike | None = None
    centres: ArrayLike | None = None

    def __post_init__(self) -> None:
        if self.method not in ("percentile", "bca"):
            raise WrongCall("method", "'percentile' or 'bca'", self.method)
        if self.resamples < 100:
            raise WrongCall("resamples", "at least 100", self.resamples)


def bootstrap_values(moments: Moments, plan: Plan, name: str) -> Array:
    """The statistic in every resample, NaN where undefined."""
    units = units_of(len(moments.rows), plan.patients, plan.centres)
    rows = units.sums(moments.rows)
    chunks = unit_weights(units, plan.resamples, stream(plan.seed, name))
    return np.concatenate([moments.finish(weights @ rows) for weights in chunks])


def left_out_values(moments: Moments, plan: Plan) -> Array:
    """The statistic with each unit left out in turn, NaN where undefined."""
    units = units_of(len(moments.rows), plan.patients, plan.centres)
    rows = units.sums(moments.rows)
    return moments.finish(rows.sum(axis=0) - rows)


def bootstrap(estimate: Estimate, moments: Moments, plan: Plan, level: float = 0.95) -> Estimate:
    """The estimate with its interval and standard error by bootstrap, and in `extra` how many resamples counted."""
    check_level(level)
    if estimate.value is None:
        return estimate
    values = bootstrap_values(moments, plan, f"{estimate.name}/{estimate.estimator}")
    left_out = left_out_values(moments, plan) if plan.method == "bca" else None
    return with_resamples(estimate, values, left_out, plan, level)


def with_resamples(estimate: Estimate, values: Array, left_out: Array | None, plan: Plan, level: float) -> Estimate:
    """The estimate with limits read from its resampled values; BCa where the left-out values are given."""
    defined = values[np.isfinite(values)]
    lost = 1 - defined.size / values.size
    extra = {
        **estimate.extra,
        "resamples": int(values.size),
        "undefined_resamples_fraction": lost,
        "seed": plan.seed,
    }
    if defined.size < LEAST_DEFINED * values.size:
        reason = f"the statistic is undefined in {lost:.0%} of the resamples"
        return replace(estimate, se=None, interval=None, no_interval=reason, extra=extra)
    warnings = estimate.warnings
    if lost > 0:
        warnings += (f"Undefined in {lost:.1%} of the resamples; the interval rests on the others.",)
    tails = np.array([(1 - level) / 2, 0.5 + level / 2])
    method = f"bootstrap percentile, {values.size} resamples"
    shifted = None if left_out is None else _bca_tails(float(estimate.value or 0.0), defined, left_out, tails)
    if shifted is not None:
        tails, method = shifted, f"bootstrap BCa, {values.size} resamples"
    low, high = np.quantile(defined, tails)
    return replace(
        estimate,
        se=float(defined.std(ddof=1)),
        interval=Interval(float(low), float(high), level, method),
        no_interval=None,
        extra=extra,
        warnings=warnings,
    )


def _bca_tails(value: float, values: Array, left_out: Array, tails: Array) -> Array | None:
    """Efron's bias-corrected and accelerated percentiles (1987, doi:10.1080/01621459.1987.10478410).

    None, and so plain percentiles, where the value lies outside all resamples or a left-out value is undefined.
    """
    below = float(np.mean(values < value) + np.mean(values == value) / 2)
    if not 0 < below < 1 or not np.isfinite(left_out).all():
        return None
    bias = float(special.ndtri(below))
    away = left_out.mean() - left_out
    spread = float(away @ away) ** 1.5
    acceleration = float((away**3).sum()) / (6 * spread) if spread > 0 else 0.0
    moved = bias + special.ndtri(tails)
    return np.asarray(special.ndtr(bias + moved / (1 - acceleration * moved)))


def jackknife(estimate: Estimate, moments: Moments, plan: Plan, level: float = 0.95) -> Estimate:
    """The estimate with the jackknife's standard error and t interval, and its estimate of bias in `extra`.

    Tukey 1958; units are patients. With centres, each centre's units are left out around that centre's mean.
    """
    if estimate.value is None:
        return estimate
    values = left_out_values(moments, plan)
    if not np.isfinite(values).all():
        reason = "the statistic is undefined when some unit is left out"
        return replace(estimate, se=None, interval=None, no_interval=reason)
    units = units_of(len(moments.rows), plan.patients, plan.centres)
    sizes = [stratum.size for stratum in units.strata]
    df = units.n - len(sizes)
    if min(sizes) < 2:
        return replace(estimate, se=None, interval=None, no_interval="a centre with a single patient")
    parts = [(s.size - 1) / s.size * float(np.square(values[s] - values[s].mean()).sum()) for s in units.strata]
    se = math.sqrt(sum(parts))
    bias = (units.n - 1) * (float(values.mean()) - float(estimate.value))
    interval = t_interval(float(estimate.value), se, df, level, "jackknife, t")
    return replace(
        estimate, se=se, interval=interval, no_interval=None, extra={**estimate.extra, "jackknife_bias": bias}
    )
