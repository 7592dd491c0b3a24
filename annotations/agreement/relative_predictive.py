"""Predictive values of two tests on the same cases: their ratio, and the two score tests of their
equality."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr
from scipy.stats import chi2

from .paired_calls import PairedCalls
from .proportion import normal_quantile
from .registry import statistic
from .result import Counts, Estimate, Interval, undefined

_NO_POSITIVES = "a test has no case in the group whose predictive value is asked"
_FIRST = np.array([1, 1, 0, 0])  # called by the first test: both, only first, only second, neither
_SECOND = np.array([1, 0, 1, 0])


def _cells(table: PairedCalls) -> np.ndarray:
    return np.array([table.both, table.only_first, table.only_second, table.neither], dtype=float)


def _log_ratio_variance(right: np.ndarray, wrong: np.ndarray) -> float:
    """Multinomial delta method for log(PV2 / PV1), over the eight cells (Moskowitz & Pepe 2006)."""
    variance = 0.0
    x1, x2 = right @ _FIRST, right @ _SECOND
    n1, n2 = x1 + wrong @ _FIRST, x2 + wrong @ _SECOND
    for cells, hits in ((right, 1.0), (wrong, 0.0)):
        gradient = _SECOND * (hits / x2 - 1 / n2) - _FIRST * (hits / x1 - 1 / n1)
        variance += float(cells @ gradient**2)
    return variance


def _generalized_score(right: np.ndarray, wrong: np.ndarray) -> float | None:
    """Score statistic of Leisenring, Alonzo and Pepe 2000 (doi:10.1111/j.0006-341X.2000.00345.x),
    chi-square(1)."""
    n1, n2 = (right + wrong) @ _FIRST, (right + wrong) @ _SECOND
    pooled, share = (right @ (_FIRST + _SECOND)) / (n1 + n2), n2 / (n1 + n2)
    weights = _FIRST * (0 - share) + _SECOND * (1 - share)
    total = float(right @ weights * (1 - pooled) - wrong @ weights * pooled)
    spread = float(right @ (weights * (1 - pooled)) ** 2 + wrong @ (weights * pooled) ** 2)
    return total**2 / spread if spread > 0 else None


def _weighted_score(right: np.ndarray, wrong: np.ndarray) -> float | None:
    """Weighted generalized score statistic of Kosinski 2013 (doi:10.1002/sim.5587), chi-square(1)."""
    n1, n2 = (right + wrong) @ _FIRST, (right + wrong) @ _SECOND
    pooled = (right @ (_FIRST + _SECOND)) / (n1 + n2)
    shared = (right[0] * (1 - pooled) ** 2 + wrong[0] * pooled**2) / (n1 + n2)
    spread = float((pooled * (1 - pooled) - 2 * shared) * (1 / n1 + 1 / n2))
    gap = right @ _SECOND / n2 - right @ _FIRST / n1
    return float(gap**2) / spread if spread > 0 else None


@statistic(
    "relative predictive value",
    suits=("binary", "pathology"),
    assumes="both tests called the same independent cases, drawn at their natural prevalence",
    undefined_when="a test calls nothing positive (negative), or has no right one among them",
    reference="Moskowitz CS, Pepe MS. Comparing the predictive values of diagnostic tests. Clin Trials 2006;3:272-279",
    doi="10.1191/1740774506cn147oa",
)
def relative_predictive_value(
    diseased: PairedCalls, healthy: PairedCalls, *, positive: bool = True, level: float = 0.95
) -> Estimate:
    """Predictive value of the second test over that of the first, log interval.

    `positive=False` takes negative predictive values. `extra` holds both values, the statistic of Leisenring,
    Alonzo and Pepe and Kosinski's weighted one, each with its p on 1 df.
    """
    name = "relative predictive value"
    right, wrong = (diseased, healthy) if positive else (healthy.complement, diseased.complement)
    cases = diseased.total + healthy.total
    counts = Counts(cases=cases, readers=2, ratings=2 * cases)
    if right.first == 0 or right.second == 0:
        return undefined(name, "second / first", _NO_POSITIVES, counts)
    hits, false = _cells(right), _cells(wrong)
    first = right.first / (right.first + wrong.first)
    second = right.second / (right.second + wrong.second)
    se = math.sqrt(_log_ratio_variance(hits, false))
    ratio, half = second / first, normal_quantile(level) * se
    scores = {"leisenring": _generalized_score(hits, false), "kosinski": _weighted_score(hits, false)}
    return Estimate(
        name=name,
        estimator="second / first, " + ("positive" if positive else "negative") + " predictive values",
        value=ratio,
        interval=Interval(ratio * math.exp(-half), ratio * math.exp(half), level, "delta method, log scale"),
        n=counts,
        statistic=math.log(ratio) / se if se else None,
        p=float(2 * ndtr(-abs(math.log(ratio) / se))) if se else None,
        extra={"first": first, "second": second, "se_log": se}
        | scores
        | {f"{name}_p": None if s is None else float(chi2.sf(s, 1)) for name, s in scores.items()},
    )
