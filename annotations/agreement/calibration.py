"""How far predicted probabilities of malignancy can be believed: Brier score, calibration intercept, slope,
curve.

Van Calster B et al. Calibration: the Achilles heel of predictive analytics. BMC Med 2019;17:230,
doi:10.1186/s12916-019-1466-7.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtr

from .auc import split_scores
from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .proportion import NO_OBSERVATIONS, normal_quantile, proportion
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

_SUITS = ("score", "pathology")
_ASSUMES = "one predicted probability per independent case"
_VAN_CALSTER = "Van Calster B et al. Calibration: the Achilles heel of predictive analytics. BMC Med 2019;17:230"
_DOI = "10.1186/s12916-019-1466-7"
_CERTAIN = "a probability is exactly 0 or 1: its logit is infinite (give `clip` to move such values inwards)"


def _read(truth: ArrayLike, probabilities: ArrayLike) -> tuple[Array, Array, Counts]:
    """Outcome 0/1 and probability of the cases that have one. Raises WrongCall outside [0, 1]."""
    diseased, healthy, missing = split_scores(truth, probabilities)
    p = np.concatenate((diseased, healthy))
    if len(p) and (p.min() < 0 or p.max() > 1):
        raise WrongCall("probabilities", "values in [0, 1]; divide a 0-100 score by 100", float(p.max()))
    y = np.concatenate((np.ones(len(diseased)), np.zeros(len(healthy))))
    return y, p, Counts(cases=len(p), readers=1, ratings=len(p), missing=missing)


@statistic(
    "Brier score",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="no case has a probability",
    reference="Brier GW. Verification of forecasts expressed in terms of probability. Mon Weather Rev 1950;78:1-3",
    doi="10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
)
def brier_score(truth: ArrayLike, probabilities: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean squared distance of probability and outcome, normal interval; `extra` has the score of the
    prevalence.

    >>> round(brier_score([0, 1], [0.1, 0.8]).value, 3)
    0.025
    """
    y, p, counts = _read(truth, probabilities)
    if len(y) == 0:
        return undefined("Brier score", "mean squared error", NO_OBSERVATIONS, counts)
    squares = (y - p) ** 2
    value, share = float(squares.mean()), float(y.mean())
    reason = "a single case has no spread" if len(y) == 1 else None
    se = None if reason else float(squares.std(ddof=1)) / math.sqrt(len(y))
    half = 0.0 if se is None else normal_quantile(level) * se
    return Estimate(
        "Brier score",
        "mean squared error",
        value,
        se,
        None if reason else Interval(value - half, value + half, level, "normal"),
        counts,
        extra={"of_the_prevalence": share * (1 - share)},
        no_interval=reason,
    )


def _fit(y: Array, design: Array, offset: Array) -> tuple[Array, Array] | None:
    """Logistic regression by Newton steps: coefficients and covariance, or None where it does not settle."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(100):
        p = expit(design @ coefficients + offset)
        information = design.T @ (design * (p * (1 - p))[:, None])
        if np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, design.T @ (y - p))
        coefficients = coefficients + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-12:
            return coefficients, np.linalg.inv(information)
    return None


def _separated(y: Array, x: Array) -> bool:
    positive, negative = x[y == 1], x[y == 0]
    return bool(positive.min() >= negative.max() or positive.max() <= negative.min())


def _coefficient(name: str, truth: ArrayLike, probabilities: ArrayLike, clip: float | None, level: float) -> Estimate:
    y, p, counts = _read(truth, probabilities)
    slope = name == "calibration slope"
    estimator = "logistic regression on the logit of the probability" + ("" if slope else ", slope fixed at 1")
    if y.sum() in (0, len(y)):
        return undefined(name, estimator, NO_DISEASED if y.sum() == 0 else NO_HEALTHY, counts)
    if clip is not None:
        p = np.clip(p, clip, 1 - clip)
    if p.min() <= 0 or p.max() >= 1:
        return undefined(name, estimator, _CERTAIN, counts)
    x = logit(p)
    if slope and np.ptp(x) == 0:
        return undefined(name, estimator, "every probability is the same", counts)
    if slope and _separated(y, x):
        return undefined(name, estimator, "perfect separation: the slope is infinite", counts)
    ones = np.ones((len(y), 1))
    design, offset = (np.column_stack((x, ones)), np.zeros(len(y))) if slope else (ones, x)
    fit = _fit(y, design, offset)
    if fit is None:
        return undefined(name, estimator, "the regression did not settle", counts)
    value, se = float(fit[0][0]), math.sqrt(fit[1][0, 0])
    half, ideal = normal_quantile(level) * se, 1.0 if slope else 0.0
    return Estimate(
        name,
        estimator,
        value,
        se,
        Interval(value - half, value + half, level, "Wald"),
        counts,
        statistic=(value - ideal) / se,
        p=float(2 * ndtr(-abs((value - ideal) / se))),
        extra={"ideal": ideal} | ({"intercept_beside_slope": float(fit[0][1])} if slope else {}),
    )


@statistic(
    "calibration slope",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case, a probability is 0 or 1, all are equal, or the classes are separated",
    reference=_VAN_CALSTER,
    doi=_DOI,
)
def calibration_slope(
    truth: ArrayLike, probabilities: ArrayLike, *, clip: float | None = None, level: float = 0.95
) -> Estimate:
    """1 when the spread of the predictions is right, below 1 when they are too extreme; p tests slope = 1."""
    return _coefficient("calibration slope", truth, probabilities, clip, level)


@statistic(
    "calibration intercept",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case, or a probability is 0 or 1",
    reference=_VAN_CALSTER,
    doi=_DOI,
)
def calibration_intercept(
    truth: ArrayLike, probabilities: ArrayLike, *, clip: float | None = None, level: float = 0.95
) -> Estimate:
    """0 when predictions are right on the whole, above 0 when they are too low; p tests intercept = 0."""
    return _coefficient("calibration intercept", truth, probabilities, clip, level)


@statistic(
    "calibration curve",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="no case has a probability (no groups)",
    reference=_VAN_CALSTER,
    doi=_DOI,
)
def calibration_curve(
    truth: ArrayLike, probabilities: ArrayLike, *, groups: int = 10, level: float = 0.95
) -> list[Estimate]:
    """Observed share of malignant in groups of equal size by predicted probability, Wilson intervals.

    `extra["predicted"]` is the group's mean probability. Equal probabilities are never split between groups.
    """
    y, p, _ = _read(truth, probabilities)
    if len(y) == 0:
        return []
    edges = np.unique(np.quantile(p, np.linspace(0, 1, groups + 1)[1:-1], method="lower"))
    which = np.searchsorted(edges, p, "left")
    found = []
    for group in np.unique(which):
        inside = which == group
        share = proportion(int(y[inside].sum()), int(inside.sum()), level=level, name="calibration curve")
        predicted = {"predicted": float(p[inside].mean())}
        found.append(
            Estimate(
                share.name, share.estimator, share.value, share.se, share.interval, share.n,
                extra={**share.extra, **predicted},
            )
        )  # fmt: skip
    return found
