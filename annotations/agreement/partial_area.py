"""Area under part of the empirical ROC curve, with straight lines between its operating points."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .placements import Array
from .registry import statistic
from .result import Estimate, WrongCall, undefined
from .roc import RocCurve, curve_of, split_with_reason
from .roc_bootstrap import percentile_interval
from .roc_points import interpolated

_SUITS = ("score", "ordinal", "continuous", "pathology")
_ASSUMES = "one score per case, higher = more diseased; independent cases"


def _area(x: Array, y: Array, low: float, high: float) -> float:
    """Area under the polygon (x ascending, y) between two abscissae."""
    inside = (x > low) & (x < high)
    xs = np.concatenate(([low], x[inside], [high]))
    left, right = interpolated(y, 1 - x, 1 - low), _last_below(x, y, high)
    ys = np.concatenate(([left], y[inside], [right]))
    return float(np.trapezoid(ys, xs))


def _last_below(x: Array, y: Array, at: float) -> float:
    """Height of the polygon on arriving at `at` from the left (its lower end where it rises there)."""
    first = int(np.searchsorted(x, at - 1e-12, "left"))
    if first == 0 or abs(x[min(first, len(x) - 1)] - at) <= 1e-12:
        return float(y[first])
    part = (at - x[first - 1]) / (x[first] - x[first - 1])
    return float(y[first - 1] + part * (y[first] - y[first - 1]))


def partial_area(curve: RocCurve, low: float, high: float, over: str) -> float:
    """Area over a strip of false-positive rates, or of sensitivities (`over`)."""
    if over == "false-positive rate":
        return _area(1 - curve.specificity, curve.sensitivity, low, high)
    return _area((1 - curve.sensitivity)[::-1], curve.specificity[::-1], 1 - high, 1 - low)


@statistic(
    "partial AUC",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference="McClish DK. Analyzing a portion of the ROC curve. Med Decis Making 1989;9:190-195",
    doi="10.1177/0272989X8900900307",
)
def partial_auc(
    truth: ArrayLike,
    scores: ArrayLike,
    low: float,
    high: float,
    *,
    over: Literal["false-positive rate", "sensitivity"] = "false-positive rate",
    level: float = 0.95,
    resamples: int = 2000,
    seed: int | None = None,
) -> Estimate:
    """Area under the curve between two false-positive rates, or over a strip of sensitivities.

    `extra["standardised"]` is McClish's (1 + (area - chance) / (largest - chance)) / 2. With a seed there is
    a percentile interval from resampling within the classes.
    """
    if not 0.0 <= low < high <= 1.0:
        raise WrongCall("low, high", "0 <= low < high <= 1", (low, high))
    if over not in ("false-positive rate", "sensitivity"):
        raise WrongCall("over", "false-positive rate or sensitivity", over)
    name, estimator = "partial AUC", f"straight lines between operating points, over {over}"
    diseased, healthy, counts, reason = split_with_reason(truth, scores)
    if reason:
        return undefined(name, estimator, reason, counts)
    value = partial_area(curve_of(diseased, healthy), low, high, over)
    start, end = (low, high) if over == "false-positive rate" else (1 - high, 1 - low)
    chance, largest = (end**2 - start**2) / 2, end - start
    interval = None
    if seed is not None:
        interval = percentile_interval(
            diseased,
            healthy,
            lambda x, y: partial_area(curve_of(x, y), low, high, over),
            level,
            resamples,
            seed,
        )
    return Estimate(
        name,
        estimator,
        value,
        interval=interval,
        n=counts,
        extra={"standardised": (1 + (value - chance) / (largest - chance)) / 2, "low": low, "high": high},
        no_interval=None if interval else "give a seed: the interval is by bootstrap",
    )
