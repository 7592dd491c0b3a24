"""The empirical ROC curve and its operating points. Positive means score >= threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .auc import split_scores
from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .registry import statistic
from .result import Counts, Estimate, undefined

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


def split_with_reason(truth: ArrayLike, scores: ArrayLike) -> tuple[Array, Array, Counts, str | None]:
    """Scores of both classes, what went in, and why there is no curve (or None)."""
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
    """All operating points of `scores` (cases,), NaN = none, against `truth` (cases,) 0/1; None without both
    classes.

    >>> roc_curve([0, 0, 1, 1], [1, 2, 2, 3]).points()[1]
    {'threshold': 3.0, 'sensitivity': 0.5, 'specificity': 1.0}
    """
    diseased, healthy, _, reason = split_with_reason(truth, scores)
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
    diseased, healthy, counts, reason = split_with_reason(truth, scores)
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
