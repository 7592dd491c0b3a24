"""Sensitivity at a fixed specificity and the reverse: attained, or on straight lines between operating
points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .placements import Array
from .registry import statistic
from .result import Estimate, WrongCall, undefined
from .roc import curve_of, split_with_reason
from .roc_bootstrap import btii_interval

_SUITS = ("score", "ordinal", "continuous", "pathology")
_ASSUMES = "one score per case, higher = more diseased; independent cases"


def attained(share: Array, at_least: Array, target: float) -> float:
    """The best of `share` among the points whose `at_least` reaches the target."""
    return float(share[at_least >= target - 1e-12].max())


def interpolated(share: Array, other: Array, target: float) -> float:
    """`share` where `other` is `target`, on straight lines between operating points; the best where
    several."""
    order = np.lexsort((share, 1 - other))
    x, y = (1 - other)[order], share[order]
    wanted = 1 - target
    last = int(np.searchsorted(x, wanted + 1e-12, "right")) - 1
    if last == len(x) - 1 or abs(x[last] - wanted) <= 1e-12:
        return float(y[last])
    part = (wanted - x[last]) / (x[last + 1] - x[last])
    return float(y[last] + part * (y[last + 1] - y[last]))


def _at_fixed(
    name: str,
    truth: ArrayLike,
    scores: ArrayLike,
    target: float,
    wants_sensitivity: bool,
    interpolate: bool,
    level: float,
    resamples: int,
    seed: int | None,
) -> Estimate:
    if not 0.0 < target <= 1.0:
        raise WrongCall("target", "a share above 0 and up to 1", target)
    estimator = "straight lines between operating points" if interpolate else "best attained operating point"
    diseased, healthy, counts, reason = split_with_reason(truth, scores)
    if reason:
        return undefined(name, estimator, reason, counts)
    # specificity at fixed sensitivity is the same question of the turned scores
    mine, others = (diseased, healthy) if wants_sensitivity else (-healthy, -diseased)
    curve, read = curve_of(diseased, healthy), interpolated if interpolate else attained
    pair = (curve.sensitivity, curve.specificity)
    value = read(*(pair if wants_sensitivity else pair[::-1]), target)
    interval = None if seed is None else btii_interval(mine, others, target, level, resamples, seed)
    return Estimate(
        name,
        estimator,
        value,
        interval=interval,
        n=counts,
        extra={"at": target},
        no_interval=None if interval else "give a seed: the interval is by bootstrap",
    )


_ZHOU = "Zhou XH, Qin G. Improved confidence intervals for the sensitivity at a fixed level of specificity. "
_ZHOU += "Stat Med 2005;24:465-477 (BTII)"


@statistic(
    "sensitivity at fixed specificity",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference=_ZHOU,
    doi="10.1002/sim.1563",
)
def sensitivity_at_specificity(
    truth: ArrayLike,
    scores: ArrayLike,
    specificity: float,
    *,
    interpolate: bool = False,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int | None = None,
) -> Estimate:
    """Sensitivity where the specificity is at least (or, interpolated, exactly) the one given.

    With a seed the interval is Zhou and Qin's BTII (bootstrap within the classes, n + z^2 adjusted), which
    allows for the threshold having been estimated.
    """
    name = "sensitivity at fixed specificity"
    return _at_fixed(name, truth, scores, specificity, True, interpolate, level, resamples, seed)


@statistic(
    "specificity at fixed sensitivity",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference=_ZHOU,
    doi="10.1002/sim.1563",
)
def specificity_at_sensitivity(
    truth: ArrayLike,
    scores: ArrayLike,
    sensitivity: float,
    *,
    interpolate: bool = False,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int | None = None,
) -> Estimate:
    """Specificity where the sensitivity is at least (or, interpolated, exactly) the one given."""
    name = "specificity at fixed sensitivity"
    return _at_fixed(name, truth, scores, sensitivity, False, interpolate, level, resamples, seed)
