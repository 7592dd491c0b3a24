"""The empirical ROC curve: its operating points, partial areas, and what is read off it.

Positive means score >= threshold. Nothing is interpolated unless a function says so; a straight line between two
operating points is what partial areas and pROC's interpolated sensitivities use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from .auc import split_scores
from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .registry import statistic
from .result import Counts, Estimate, WrongCall, undefined
from .roc_bootstrap import btii_interval, percentile_interval

_SUITS = ("score", "ordinal", "continuous", "pathology")
_ASSUMES = "one score per case, higher = more diseased; independent cases"
_CHOSEN = "the threshold was chosen on the same cases: sensitivity and specificity there are optimistic"


@dataclass(frozen=True, slots=True)
class RocCurve:
    """Operating points from strictest to laxest; the first calls nothing positive and has no threshold.

    thresholds (k,) decreasing; sensitivity and specificity (k + 1,).
    """

    thresholds: Array
    sensitivity: Array
    specificity: Array

    def points(self) -> list[dict[str, float | None]]:
        """One dict per operating point (threshold, sensitivity, specificity), for a plot."""
        cuts: list[float | None] = [None, *self.thresholds.tolist()]
        return [
            {"threshold": cut, "sensitivity": se, "specificity": sp}
            for cut, se, sp in zip(cuts, self.sensitivity.tolist(), self.specificity.tolist())
        ]


def curve_of(diseased: Array, healthy: Array) -> RocCurve:
    """The curve of scores (m,) and (n,), both with at least one case."""
    x, y = np.sort(diseased), np.sort(healthy)
    cuts = np.unique(np.concatenate((x, y)))[::-1]
    sensitivity = 1 - np.searchsorted(x, cuts, "left") / len(x)
    specificity = np.searchsorted(y, cuts, "left") / len(y)
    return RocCurve(cuts, np.concatenate(([0.0], sensitivity)), np.concatenate(([1.0], specificity)))


def _split(truth: ArrayLike, scores: ArrayLike) -> tuple[Array, Array, Counts, str | None]:
    diseased, healthy, missing = split_scores(truth, scores)
    cases = len(diseased) + len(healthy)
    reason = NO_DISEASED if len(diseased) == 0 else NO_HEALTHY if len(healthy) == 0 else None
    return diseased, healthy, Counts(cases=cases, readers=1, ratings=cases, missing=missing), reason


@statistic(
    "ROC operating points",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case (the curve is None)",
    reference="Fawcett T. An introduction to ROC analysis. Pattern Recogn Lett 2006;27:861-874",
    doi="10.1016/j.patrec.2005.10.010",
)
def roc_curve(truth: ArrayLike, scores: ArrayLike) -> RocCurve | None:
    """All operating points of `scores` (cases,), NaN = none, against `truth` (cases,) 0/1; None without both classes.

    >>> roc_curve([0, 0, 1, 1], [1, 2, 2, 3]).points()[1]
    {'threshold': 3.0, 'sensitivity': 0.5, 'specificity': 1.0}
    """
    diseased, healthy, _, reason = _split(truth, scores)
    return None if reason else curve_of(diseased, healthy)


@statistic(
    "largest Youden index",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference="Youden WJ. Index for rating diagnostic tests. Cancer 1950;3:32-35",
    doi="10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3",
)
def largest_youden(truth: ArrayLike, scores: ArrayLike) -> Estimate:
    """The largest J over all thresholds; `extra["maximisers"]` lists every threshold that attains it.

    Each has the rule's threshold (score >= it) and the midpoint to the next lower score, which pROC prints.
    """
    name, estimator = "largest Youden index", "over all thresholds"
    diseased, healthy, counts, reason = _split(truth, scores)
    if reason:
        return undefined(name, estimator, reason, counts)
    curve = curve_of(diseased, healthy)
    index = curve.sensitivity + curve.specificity - 1
    best = np.flatnonzero(index >= index.max() - 1e-12)
    below = np.append(curve.thresholds[1:], np.nan)
    maximisers: list[dict[str, Any]] = [
        {
            "threshold": float(curve.thresholds[at - 1]) if at else None,
            "midpoint": float((curve.thresholds[at - 1] + below[at - 1]) / 2)
            if 0 < at < len(curve.thresholds)
            else None,
            "sensitivity": float(curve.sensitivity[at]),
            "specificity": float(curve.specificity[at]),
        }
        for at in best.tolist()
    ]
    return Estimate(
        name,
        estimator,
        float(index.max()),
        n=counts,
        extra={"maximisers": maximisers},
        warnings=(_CHOSEN,),
        no_interval="the maximum over thresholds is biased upwards; use a threshold fixed beforehand",
    )


def attained(share: Array, at_least: Array, target: float) -> float:
    """The best of `share` among the points whose `at_least` reaches the target."""
    return float(share[at_least >= target - 1e-12].max())


def interpolated(share: Array, other: Array, target: float) -> float:
    """`share` where `other` is `target`, on straight lines between operating points; the best where several."""
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
    diseased, healthy, counts, reason = _split(truth, scores)
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

    With a seed the interval is Zhou and Qin's BTII (bootstrap within the classes, n + z^2 adjusted), which allows for
    the threshold having been estimated.
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

    `extra["standardised"]` is McClish's (1 + (area - chance) / (largest - chance)) / 2. With a seed there is a
    percentile interval from resampling within the classes.
    """
    if not 0.0 <= low < high <= 1.0:
        raise WrongCall("low, high", "0 <= low < high <= 1", (low, high))
    if over not in ("false-positive rate", "sensitivity"):
        raise WrongCall("over", "false-positive rate or sensitivity", over)
    name, estimator = "partial AUC", f"straight lines between operating points, over {over}"
    diseased, healthy, counts, reason = _split(truth, scores)
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
