"""Resampling readers, or readers and cases: for what is said about readers like these, not about these readers.

Readers count as random from five up. A reader drawn twice is never compared with itself: those pairs are left out of
the observed agreement, which they would otherwise raise. Drawing readers and cases independently takes their
interaction for more than it is: the interval is a little wide, never narrow (Owen 2007, doi:10.1214/07-AOAS122).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.alpha import METRICS, distance_of
from annotations.agreement.draws import Units, stream, unit_weights, units_of
from annotations.agreement.kappa import NO_CHANCE_LEFT
from annotations.agreement.moments import COEFFICIENTS, expected_agreement, ordinal_distance, ratio
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import Plan, with_resamples
from annotations.agreement.result import Estimate, WrongCall
from annotations.agreement.weights import Scores, Weights, weight_matrix

Array = NDArray[np.float64]

LEAST_READERS = 5
OVER = ("cases", "readers", "both")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chunk of resamples: weights of readers (b x readers) and of cases (b x cases)."""

    readers: Array
    cases: Array


def _draws(plan: Plan, name: str, readers: int, units: Units, over: str, stratum: str = "") -> Iterator[_Drawn]:
    """Reader and case weights of each chunk; what is not resampled weighs 1. Streams are spawned by name.

    Strata share the draws of their readers, who are the same persons in each, and have draws of cases of their own.
    """
    if over not in OVER:
        raise WrongCall("over", f"one of {OVER}", over)
    if over != "cases" and readers < LEAST_READERS:
        raise WrongCall("readers", f"at least {LEAST_READERS} to be taken as random", readers)
    people = Units(np.arange(readers), (np.arange(readers),))
    of_readers = np.concatenate(list(unit_weights(people, plan.resamples, stream(plan.seed, name, "readers"))))
    done = 0
    for chunk in unit_weights(units, plan.resamples, stream(plan.seed, name, "cases", *([stratum] if stratum else []))):
        size = len(chunk)
        people_drawn = of_readers[done : done + size] if over != "cases" else np.ones((size, readers))
        cases_drawn = chunk[:, units.unit_of_case] if over != "readers" else np.ones((size, units.unit_of_case.size))
        yield _Drawn(people_drawn, cases_drawn)
        done += size


def bootstrap_readers(
    estimate: Estimate,
    ratings: Ratings,
    plan: Plan,
    level: float = 0.95,
    *,
    over: str = "both",
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    metric: str = "nominal",
) -> Estimate:
    """A coefficient among readers, with the percentile interval of resampled readers, or readers and cases.

    `estimate` is one of `moments.COEFFICIENTS` or Krippendorff's alpha (by `metric`) of these ratings. Raises WrongCall
    as `resampled_readers`.
    """
    if estimate.value is None:
        return estimate
    values = resampled_readers(estimate, ratings, plan, over=over, weights=weights, scores=scores, metric=metric)
    return with_reader_resamples(estimate, values, plan, level, over=over)


def with_reader_resamples(estimate: Estimate, values: Array, plan: Plan, level: float = 0.95, *, over: str) -> Estimate:
    """The estimate with the percentile interval of its values in the resamples, whose method says what was drawn."""
    return _said(with_resamples(estimate, values, None, plan, level), over)


def resampled_readers(
    estimate: Estimate,
    ratings: Ratings,
    plan: Plan,
    *,
    over: str = "both",
    stratum: str = "",
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    metric: str = "nominal",
) -> Array:
    """The coefficient in every resample, NaN where undefined: `bootstrap_readers` without its summary.

    The values of several strata, each with its name in `stratum`, belong together resample by resample. Raises WrongCall
    below five readers, and for BCa, which has no acceleration for two-way resampling.
    """
    if estimate.name not in (*COEFFICIENTS, "Krippendorff alpha"):
        raise WrongCall("estimate", f"one of {(*COEFFICIENTS, 'Krippendorff alpha')}", estimate.name)
    if plan.method != "percentile":
        raise WrongCall("plan.method", "'percentile' where readers are resampled", plan.method)
    group = _Group(ratings, estimate.name, weight_matrix(weights, ratings.categories, scores), metric, scores)
    units = units_of(ratings.n_cases, plan.patients, plan.centres)
    name = f"{estimate.name}/{estimate.estimator}"
    draws = _draws(plan, name, ratings.n_readers, units, over, stratum)
    values = [group.values(part) for drawn in draws for part in _in_parts(drawn, group.bytes_each)]
    # a reader drawn often weighs in the chance but not in the observed agreement: of few cases that could fall below -1
    return np.maximum(np.concatenate(values), -1.0)


def _in_parts(drawn: _Drawn, bytes_each: int) -> Iterator[_Drawn]:
    step = max(1, 16 * 2**20 // bytes_each)
    for start in range(0, len(drawn.readers), step):
        yield _Drawn(drawn.readers[start : start + step], drawn.cases[start : start + step])


def _said(estimate: Estimate, over: str) -> Estimate:
    if estimate.interval is None:
        return estimate
    what = {"both": "readers and cases", "readers": "readers", "cases": "cases"}[over]
    method = f"{estimate.interval.method} of {what}"
    return replace(estimate, interval=replace(estimate.interval, method=method))


class _Group:
    """The coefficient of a group as a function of how often each reader and each case counts."""

    def __init__(self, ratings: Ratings, name: str, matrix: Array, metric: str, scores: Scores) -> None:
        if name == "Krippendorff alpha" and metric not in METRICS:
            raise WrongCall("metric", f"one of {METRICS}", metric)
        self.name, self.matrix, self.metric, self.size = name, matrix, metric, len(matrix)
        self.hot = np.stack([ratings.codes == code for code in range(self.size)], axis=1).astype(np.float64)
        self.rated = (ratings.codes >= 0).astype(np.float64)
        self.bytes_each = 8 * self.size * max(1, ratings.n_cases)
        uniform = np.full(self.size, 1 / self.size)
        self.distance = (
            None if metric == "ordinal" else distance_of(metric, ratings, scores_for(metric, scores), uniform)
        )

    def values(self, drawn: _Drawn) -> Array:
        readers, size, cases = self.hot.shape
        counts = (drawn.readers @ self.hot.reshape(readers, -1)).reshape(-1, size, cases)
        raters = counts.sum(axis=1)
        pairs = raters**2 - drawn.readers**2 @ self.rated
        if self.name == "Krippendorff alpha":
            return self._alpha(counts, raters, pairs, drawn.cases)
        return self._coefficient(counts, raters, pairs, drawn)

    def _coefficient(self, counts: Array, raters: Array, pairs: Array, drawn: _Drawn) -> Array:
        own = drawn.readers**2 @ self.rated
        alike = np.einsum("bki,bki->bi", counts, self.matrix @ counts) - own
        agreeing = np.divide(alike, pairs, out=np.zeros_like(alike), where=pairs > 0)
        observed = ratio((drawn.cases * agreeing).sum(axis=1), (drawn.cases * (pairs > 0)).sum(axis=1))
        if self.name == "percent agreement":
            return observed
        if self.name == "Conger kappa":
            expected = self._between_readers(drawn)
        else:
            shares = np.einsum("bki,bi->bk", counts, drawn.cases / np.maximum(raters, 1))
            shares /= np.maximum((drawn.cases * (raters > 0)).sum(axis=1), 1)[:, None]
            expected = expected_agreement(self.name, shares, self.matrix)
        return ratio(observed - expected, 1 - expected, NO_CHANCE_LEFT)

    def _between_readers(self, drawn: _Drawn) -> Array:
        uses = np.einsum("bi,gki->bgk", drawn.cases, self.hot, optimize=True)
        given = uses.sum(axis=-1)
        margins = uses / np.maximum(given, 1)[..., None]
        times = drawn.readers * (given > 0)
        total = np.einsum("bg,bgk->bk", times, margins)
        own = (times**2 * ((margins @ self.matrix) * margins).sum(axis=-1)).sum(axis=-1)
        top = ((total @ self.matrix) * total).sum(axis=-1) - own
        return ratio(top, times.sum(axis=-1) ** 2 - (times**2).sum(axis=-1))

    def _alpha(self, counts: Array, raters: Array, pairs: Array, cases: Array) -> Array:
        scale = np.divide(raters * cases, pairs, out=np.zeros_like(pairs), where=pairs > 0)
        coincidences = (counts * scale[:, None, :]) @ counts.transpose(0, 2, 1)  # same-reader pairs lie at distance 0
        uses = np.einsum("bki,bi->bk", counts, cases * (pairs > 0))
        distance = ordinal_distance(uses) if self.distance is None else self.distance
        total = uses.sum(axis=-1)
        expected = np.einsum("bc,bck,bk->b", uses, np.broadcast_to(distance, coincidences.shape), uses)
        return 1 - ratio((coincidences * distance).sum(axis=(1, 2)) * (total - 1), expected)


def scores_for(metric: str, scores: Scores) -> Scores:
    """Interval and ratio metrics stand on the categories' own numbers unless others are given."""
    return "value" if metric in ("interval", "ratio") and isinstance(scores, str) else scores
