"""How agreement would vary with other readers, or other readers and cases: for what is said of readers like these.

Each reader is left out in turn. Their variance is the jackknife's (Tukey 1958), its t on the degrees of freedom that the
spread of the readers has, at most readers - 1: percentiles of drawn readers cover 0.75 of five readers where they promise
0.95. With the cases it is the sum of both variances less what they share, as in the analysis of variance of jackknifed
values by Dorfman, Berbaum and Metz (1992, doi:10.1097/00004424-199209000-00015), degrees of freedom by Satterthwaite
(1946, doi:10.2307/3002019). How often it holds: bench/coverage.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from annotations.agreement.draws import units_of
from annotations.agreement.limits import below_one_interval, spread_df, t_of
from annotations.agreement.moments import Moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import Estimate, Interval

Array = NDArray[np.float64]

LEAST_READERS = 5
ROUNDING = 1e-9  # a standard error below is none
STEP = 1e-3  # of a unit's weight, up and down: the slope of the coefficient in that weight


@dataclass(frozen=True, slots=True)
class OverCases:
    """Variance over cases with these readers, and its degrees of freedom; `shared` is what the readers' has of it too."""

    variance: float
    df: float
    shared: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A coefficient without each of its readers.

    without  readers; the value itself without one who shares no case with another; NaN where undefined
    active   readers; whether they share a case with another
    cases    one entry a stratum of cases; none where these cases are meant, None where one has a single unit
    """

    without: Array
    active: NDArray[np.bool_]
    cases: tuple[OverCases, ...] | None = ()


def left_out(
    ratings: Ratings,
    moments_of: Callable[[Ratings], Moments],
    *,
    over_cases: bool,
    patients: ArrayLike | None = None,
) -> LeftOut:
    """Of the coefficient that `moments_of` has of ratings. Cases of one patient (`patients`: a label a case) stay together."""
    rated = ratings.codes >= 0
    active = (rated & (rated.sum(axis=0) >= 2)).any(axis=1)
    whole, everyone = moments_of(ratings), range(ratings.n_readers)
    fewer = [
        moments_of(ratings.of_readers(*(r for r in everyone if r != out))) if active[out] else whole for out in everyone
    ]
    without = np.array([moments.value for moments in fewer])
    if not over_cases:
        return LeftOut(without, active)
    units = units_of(ratings.n_cases, patients, None)
    sums = [units.sums(moments.rows) for moments in (whole, *fewer)]
    used = sums[0].any(axis=1)
    if np.count_nonzero(used) < 2:
        return LeftOut(without, active, None)
    slopes = np.stack([_slopes(m, own[used]) for m, own in zip((whole, *fewer), sums, strict=True)])
    return LeftOut(without, active, (_over_cases(slopes[0], slopes[1:][active]),))


def _slopes(moments: Moments, units: Array) -> Array:
    """How the coefficient changes with the weight of each unit, less their mean."""
    total = units.sum(axis=0)
    slopes = (moments.finish(total + STEP * units) - moments.finish(total - STEP * units)) / (2 * STEP)
    return np.asarray(slopes - slopes.mean())


def _over_cases(own: Array, of_fewer: Array) -> OverCases:
    """From the slopes of all readers' value, and of each value without a reader (readers x units)."""
    readers, n = of_fewer.shape
    apart = of_fewer - of_fewer.mean(axis=0)
    shared = (readers - 1) / readers * float(np.square(apart).sum())
    return OverCases(n / (n - 1) * float(own @ own), spread_df(own), n / (n - 1) * shared)


def over_strata(parts: Sequence[LeftOut], weights: Sequence[float]) -> LeftOut:
    """Of the weighted mean of the strata's values. The readers are the same persons in each and are left out of all at once."""
    without = sum(w * part.without for w, part in zip(weights, parts, strict=True))
    active = np.any([part.active for part in parts], axis=0)
    cases: list[OverCases] = []
    for weight, part in zip(weights, parts, strict=True):
        if part.cases is None:
            return LeftOut(np.asarray(without), active, None)
        cases += [OverCases(weight**2 * own.variance, own.df, weight**2 * own.shared) for own in part.cases]
    return LeftOut(np.asarray(without), active, tuple(cases))


def with_readers_left_out(estimate: Estimate, part: LeftOut, level: float, *, of: str) -> Estimate:
    """The estimate with standard error and interval for readers like these; `of` says in the method what varies.

    On log(1 - value), percent agreement on the logit scale. No interval, with its reason, below five readers, where the value
    is undefined without one of them, and where none of them matters though they disagree.
    """
    plain = replace(estimate, se=None, interval=None, statistic=None, df=None, p=None, no_interval=None)
    value, without = float(estimate.value or 0.0), part.without[part.active]
    reason = _no_interval(part, without, of)
    if reason is not None:
        return replace(plain, no_interval=reason)
    variance, df = _total(without, part.cases or ())
    if variance == 0 and value < 1 - ROUNDING:
        return replace(plain, no_interval="whichever reader is left out, the value stays: no variance between readers")
    se = math.sqrt(variance)
    return replace(plain, se=se, interval=_limits(estimate.name, value, se, df, level, of))


def _no_interval(part: LeftOut, without: Array, of: str) -> str | None:
    if without.size < LEAST_READERS:
        return "fewer than five readers: they are not taken as drawn from others"
    if not np.isfinite(without).all():
        return "the statistic is undefined when some reader is left out"
    if part.cases is not None:
        return None
    return "one patient: no variance over patients" if of.endswith("patients") else "a single case has no variance"


def _total(without: Array, cases: Sequence[OverCases]) -> tuple[float, float]:
    """Variance and its degrees of freedom. Never below that of the readers or of the cases alone."""
    n, away = without.size, without - without.mean()
    readers = (n - 1) / n * float(away @ away)
    of_cases = sum(own.variance for own in cases)
    variance = max(readers, of_cases, readers + of_cases - sum(own.shared for own in cases))
    if variance <= ROUNDING**2:
        return 0.0, n - 1.0
    spread = readers**2 / spread_df(away) + sum(own.variance**2 / own.df for own in cases)
    return variance, max(1.0, variance**2 / spread)


def _limits(name: str, value: float, se: float, df: float, level: float, of: str) -> Interval:
    quantile, method = t_of(level, df), f"jackknife of {of}, t, df {df:.4g}"
    if name != "percent agreement" or se == 0:
        return below_one_interval(value, se, quantile, level, method)
    half, middle = quantile * se / (value * (1 - value)), float(special.logit(value))
    low, high = special.expit(middle - half), special.expit(middle + half)
    return Interval(float(low), float(high), level, f"{method}, on the logit scale")
