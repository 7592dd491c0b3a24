"""The binormal ROC model for rating categories, by maximum likelihood.

Healthy ratings come from N(0, 1), diseased from N(a/b, 1/b), cut at common thresholds; the area is
Phi(a / sqrt(1 + b^2)). Dorfman DD, Alf E. J Math Psychol 1969;6:487-496, doi:10.1016/0022-2496(69)90019-4.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .proportion import normal_quantile
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

_NAME = "binormal AUC"
_ESTIMATOR = "maximum likelihood, observed information"
_LARGEST_B = 50.0  # beyond this ratio of spreads the fit has run to a degenerate curve
_SQRT_2PI = math.sqrt(2 * math.pi)


def _density(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / _SQRT_2PI


def _shares(cuts: Array) -> Array:
    return np.diff(np.concatenate(([0.0], ndtr(cuts), [1.0])))


def _loss(theta: Array, healthy: Array, diseased: Array) -> tuple[float, Array]:
    """Negative log likelihood in (a, b, thresholds), and its gradient; +inf outside the parameter space."""
    a, b, cuts = theta[0], theta[1], theta[2:]
    if b <= 0 or (np.diff(cuts) <= 0).any():
        return math.inf, np.zeros_like(theta)
    of_healthy, of_diseased = _shares(cuts), _shares(b * cuts - a)
    if min(of_healthy.min(), of_diseased.min()) <= 1e-300:
        return math.inf, np.zeros_like(theta)
    weight_h, weight_d = healthy / of_healthy, diseased / of_diseased
    at_cut_h = _density(cuts) * (weight_h[:-1] - weight_h[1:])
    at_cut_d = _density(b * cuts - a) * (weight_d[:-1] - weight_d[1:])
    gradient = np.concatenate(([-at_cut_d.sum(), at_cut_d @ cuts], at_cut_h + b * at_cut_d))
    value = float(healthy @ np.log(of_healthy) + diseased @ np.log(of_diseased))
    return -value, -gradient


def _to_theta(free: Array) -> Array:
    """From (a, log b, first threshold, log steps) to (a, b, thresholds)."""
    cuts = free[2] + np.concatenate(([0.0], np.cumsum(np.exp(free[3:]))))
    return np.concatenate((free[:1], np.exp(free[1:2]), cuts))


def _free_loss(free: Array, healthy: Array, diseased: Array) -> tuple[float, Array]:
    theta = _to_theta(free)
    value, gradient = _loss(theta, healthy, diseased)
    if not math.isfinite(value):
        return 1e10, np.zeros_like(free)
    of_cuts = gradient[2:]
    tail = np.cumsum(of_cuts[::-1])[::-1]
    return value, np.concatenate((gradient[:1], gradient[1:2] * theta[1], [tail[0]], tail[1:] * np.exp(free[3:])))


def _start(healthy: Array, diseased: Array) -> Array:
    """Probit line through the smoothed operating points."""
    smooth_h, smooth_d = healthy + 0.5, diseased + 0.5
    cuts = ndtri(np.cumsum(smooth_h)[:-1] / smooth_h.sum())
    other = ndtri(np.cumsum(smooth_d)[:-1] / smooth_d.sum())
    b, shift = np.polyfit(cuts, other, 1) if len(cuts) > 1 else (1.0, other[0] - cuts[0])
    steps = np.log(np.maximum(np.diff(cuts), 1e-3))
    return np.concatenate(([-shift, math.log(max(b, 0.1)), cuts[0]], steps))


def _information(theta: Array, healthy: Array, diseased: Array) -> Array:
    """Observed information: central differences of the exact gradient."""
    size = len(theta)
    matrix = np.empty((size, size))
    for index in range(size):
        step = np.zeros(size)
        step[index] = 1e-5 * max(1.0, abs(theta[index]))
        up, down = _loss(theta + step, healthy, diseased)[1], _loss(theta - step, healthy, diseased)[1]
        matrix[index] = (up - down) / (2 * step[index])
    return (matrix + matrix.T) / 2


def _read_counts(healthy: ArrayLike, diseased: ArrayLike) -> tuple[Array, Array]:
    h, d = np.asarray(healthy, dtype=float), np.asarray(diseased, dtype=float)
    if h.ndim != 1 or h.shape != d.shape:
        raise WrongCall("counts", "two lists of the same length, lowest category first", (h.shape, d.shape))
    if (h < 0).any() or (d < 0).any():
        raise WrongCall("counts", "numbers of cases, 0 or more", "a negative count")
    used = h + d > 0  # a category that nobody used carries no information
    return h[used], d[used]


def _separated(healthy: Array, diseased: Array) -> bool:
    """Whether at most one category is shared, so that the likelihood has no inner maximum."""
    h, d = np.flatnonzero(healthy), np.flatnonzero(diseased)
    return bool(h.max() <= d.min() or d.max() <= h.min())


@statistic(
    _NAME,
    suits=("ordinal",),
    assumes="ratings cut two normal distributions at common thresholds; independent cases",
    undefined_when="one class has no case, fewer than three categories used, the classes are "
    "separated, or the "
    "likelihood runs to a degenerate curve",
    reference="Dorfman DD, Alf E. J Math Psychol 1969;6:487-496",
    doi="10.1016/0022-2496(69)90019-4",
)
def binormal_auc(counts_healthy: ArrayLike, counts_diseased: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Area under the binormal curve fitted to counts per rating category (lowest first) of both classes.

    `extra`: a, b, their standard errors, the thresholds and the log likelihood (without the multinomial
    constant).

    >>> round(binormal_auc([30, 19, 8, 2, 1], [5, 6, 5, 12, 22]).extra["a"], 3)
    1.32
    """
    healthy, diseased = _read_counts(counts_healthy, counts_diseased)
    cases = int(healthy.sum() + diseased.sum())
    counts = Counts(cases=cases, readers=1, ratings=cases)
    if diseased.sum() == 0 or healthy.sum() == 0:
        reason = NO_DISEASED if diseased.sum() == 0 else NO_HEALTHY
        return undefined(_NAME, _ESTIMATOR, reason, counts)
    if len(healthy) < 3:
        return undefined(_NAME, _ESTIMATOR, "fewer than three categories were used", counts)
    if _separated(healthy, diseased):
        return undefined(_NAME, _ESTIMATOR, "perfect separation: no maximum of the likelihood", counts)
    fit = minimize(_free_loss, _start(healthy, diseased), (healthy, diseased), jac=True, method="BFGS")
    theta = _to_theta(fit.x)
    if not 1 / _LARGEST_B < theta[1] < _LARGEST_B:
        return undefined(_NAME, _ESTIMATOR, "the fit runs to a degenerate curve", counts)
    return _estimate(theta, healthy, diseased, counts, level)


def _estimate(theta: Array, healthy: Array, diseased: Array, counts: Counts, level: float) -> Estimate:
    information = _information(theta, healthy, diseased)
    if np.linalg.eigvalsh(information).min() <= 1e-9:
        return undefined(_NAME, _ESTIMATOR, "the fit did not reach an inner maximum", counts)
    covariance = np.linalg.inv(information)
    a, b = float(theta[0]), float(theta[1])
    root = math.sqrt(1 + b * b)
    value, slope = float(ndtr(a / root)), math.exp(-0.5 * (a / root) ** 2) / _SQRT_2PI
    gradient = np.array([slope / root, -slope * a * b / root**3])
    se = math.sqrt(float(gradient @ covariance[:2, :2] @ gradient))
    half = normal_quantile(level) * se / slope
    extra: dict[str, Any] = {
        "a": a,
        "b": b,
        "se_a": math.sqrt(covariance[0, 0]),
        "se_b": math.sqrt(covariance[1, 1]),
        "thresholds": theta[2:].tolist(),
        "loglik": -_loss(theta, healthy, diseased)[0],
    }
    low, high = float(ndtr(a / root - half)), float(ndtr(a / root + half))
    return Estimate(_NAME, _ESTIMATOR, value, se, Interval(low, high, level, "probit scale"), counts, extra=extra)
