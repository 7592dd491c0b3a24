"""Krippendorff's alpha with any number of readers and missing ratings, with a linearised standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.kappa import NO_CHANCE_LEFT
from annotations.agreement.linearised import alike_pairs, no_pair, with_interval
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall, undefined
from annotations.agreement.weights import Scores, Weights, ratio_distance, scores_of, weight_matrix

Array = NDArray[np.float64]

METRICS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True)
class Units:
    """The pairable units: categories x units counts, and how many readers rated each (at least two)."""

    counts: Array
    raters: Array

    @property
    def mean_raters(self) -> float:
        return float(self.raters.mean())

    @property
    def shares(self) -> Array:
        return np.asarray(self.counts.sum(axis=1) / self.raters.sum())

    def coincidences(self) -> Array:
        """Share of the pairs of values within units, categories x categories, summing to 1."""
        scaled = self.counts / (self.raters - 1)
        pairs = np.einsum("ci,ki->ck", scaled, self.counts) - np.diag(scaled.sum(axis=1))
        return np.asarray(pairs / self.raters.sum())


def pairable_units(ratings: Ratings) -> Units:
    counts = ratings.case_counts().astype(np.float64)
    raters = counts.sum(axis=0)
    if raters.min(initial=2) < 2:
        counts, raters = counts[:, raters >= 2], raters[raters >= 2]
    return Units(counts, raters)


def ordinal_steps(shares: Array) -> Array:
    """Krippendorff's ordinal difference: what lies between two categories, half of both ends included."""
    before = np.cumsum(shares) - shares / 2
    return np.asarray(np.abs(before[:, None] - before[None, :]))


def distance_of(metric: str, ratings: Ratings, scores: Scores, shares: Array) -> Array:
    """Squared differences between categories on that level of measurement (Krippendorff 2011)."""
    if metric == "nominal":
        return np.asarray(1 - np.eye(len(shares)))
    if metric == "ordinal":
        return np.asarray(ordinal_steps(shares) ** 2)
    numbers = scores_of(ratings.categories, scores)
    if metric == "interval":
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    return ratio_distance(numbers)


@statistic(
    "Krippendorff alpha",
    suits=("binary", "nominal", "ordinal"),
    assumes="any number of readers, exchangeable; cases independent; readings missing at random",
    undefined_when="no variation in the pairable ratings; no case rated by two readers",
    reference="Krippendorff 2011, Computing Krippendorff's Alpha-Reliability (repository.upenn.edu/asc_papers/43);"
    " se: linearisation of Gwet 2014, for the ordinal metric with the influence of the margins on the metric",
    doi="10.1080/19312450709336664",
)
def krippendorff_alpha(
    ratings: Ratings,
    level: float = 0.95,
    *,
    metric: str = "nominal",
    scores: Scores = "value",
    weights: Weights | None = None,
    interval: str = "log",
) -> Estimate:
    """Krippendorff's alpha, small-sample term included; n counts the pairable cases.

    `scores` matters for "interval" and "ratio". With `weights` (see `weights.KINDS`) these replace the
    metric. The interval is on log(1 - alpha) ("log", default) or plain ("t").
    """
    if metric not in METRICS:
        raise WrongCall("metric", f"one of {METRICS}", metric)
    what = metric if weights is None else weights if isinstance(weights, str) else "given weights"
    name = "Krippendorff alpha"
    estimator = f"{what}, small-sample term included; se: linearisation, divisor n(n-1); t on n-1"
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    units = pairable_units(ratings)
    shares = units.shares
    if weights is None:
        distance = distance_of(metric, ratings, scores, shares)
        agree = 1 - distance / max(float(distance.max()), np.finfo(float).tiny)
    else:
        agree = weight_matrix(weights, ratings.categories, scores)
    expected = float(shares @ agree @ shares)
    counts = ratings.counts(units.raters.size)
    if 1 - expected < NO_CHANCE_LEFT:
        reason = "expected disagreement is 0: no variation in the pairable ratings"
        return undefined(name, estimator, reason, counts)
    observed, own = _influence(units, agree, expected)
    if weights is None and metric == "ordinal":
        own = own + _metric_influence(units, (observed - expected) / (1 - expected))
    small = 1 / units.raters.sum()
    observed = (1 - small) * observed + small
    extra: dict[str, Any] = {"observed_agreement": observed, "expected_agreement": expected}
    extra["largest_share"] = float(shares.max())
    value = (observed - expected) / (1 - expected)
    return with_interval(name, estimator, value, own, counts, extra, level, interval)


def _influence(units: Units, agree: Array, expected: float) -> tuple[float, Array]:
    """Observed agreement without the small-sample term, and each unit's influence on alpha, metric held fixed."""
    mean = units.mean_raters
    alike = alike_pairs(units.counts, agree) - units.raters
    per_unit = alike / (units.raters - 1)
    observed = float(per_unit.mean()) / mean
    value = (observed - expected) / (1 - expected)
    own = (per_unit - observed * units.raters) / mean
    chance = (np.einsum("k,ki->i", agree @ units.shares, units.counts) - expected * units.raters) / mean
    return observed, np.asarray((own - 2 * (1 - value) * chance) / (1 - expected))


def _metric_influence(units: Units, value: float) -> Array:
    """What each unit adds to alpha through the margins that make the ordinal metric."""
    shares = units.shares
    size = len(shares)
    steps = ordinal_steps(shares)
    chance = np.outer(shares, shares)
    pull = (units.coincidences() - (1 - value) * chance) * steps
    first, second, between = np.ogrid[:size, :size, :size]
    low, high = np.minimum(first, second), np.maximum(first, second)
    inside = ((between > low) & (between < high)) + 0.5 * ((between == low) | (between == high)) * (low != high)
    slope = -2 * np.einsum("ck,ckg->g", pull, inside) / float((chance * steps**2).sum())
    own = np.einsum("k,ki->i", slope, units.counts) - float(slope @ shares) * units.raters
    return np.asarray(own / units.mean_raters)
