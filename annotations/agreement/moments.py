"""What each case contributes to a statistic that depends on the cases through sums alone.

Nearly every statistic here does. A resample is then a vector of case weights, all resamples are one matrix product of
weights with these rows, and leaving a case out is a subtraction: no loop over resamples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.alpha import METRICS, distance_of
from annotations.agreement.kappa import NO_CHANCE_LEFT, kappa_values
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import WrongCall
from annotations.agreement.weights import Scores, Weights, weight_matrix

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Contributions of the cases, and the statistic as a function of their sum.

    rows    cases x m
    finish  (..., m) sums -> (...) values, NaN where undefined
    """

    rows: Array
    finish: Callable[[Array], Array]

    @property
    def value(self) -> float:
        """The statistic of the cases as they are; NaN where undefined."""
        return float(self.finish(self.rows.sum(axis=0)))


def ratio(top: ArrayLike, bottom: ArrayLike, least: float = 0.0) -> Array:
    """top / bottom, NaN where bottom is not above `least`."""
    over, under = np.broadcast_arrays(np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64))
    return np.divide(over, under, out=np.full(under.shape, np.nan), where=under > least)


def kappa_moments(ratings: Ratings, weights: Weights = "unweighted", scores: Scores = "rank") -> Moments:
    """Cohen's kappa of two readers: the cells of their table."""
    if ratings.n_readers != 2:
        raise WrongCall("ratings", "two readers", f"{ratings.n_readers} readers")
    matrix = weight_matrix(weights, ratings.categories, scores)
    size = len(matrix)
    first, second = ratings.codes.astype(np.int64)
    both = np.flatnonzero((first >= 0) & (second >= 0))
    rows = np.zeros((ratings.n_cases, size * size))
    rows[both, first[both] * size + second[both]] = 1

    def finish(sums: Array) -> Array:
        return kappa_values(sums.reshape(*sums.shape[:-1], size, size), matrix)[0]

    return Moments(rows, finish)


COEFFICIENTS = (
    "percent agreement",
    "Fleiss kappa",
    "Gwet AC1",
    "Gwet AC2",
    "Brennan-Prediger",
    "Conger kappa",
)


def coefficient_moments(
    ratings: Ratings, name: str, weights: Weights = "unweighted", scores: Scores = "rank"
) -> Moments:
    """One of COEFFICIENTS among any number of readers."""
    if name not in COEFFICIENTS:
        raise WrongCall("name", f"one of {COEFFICIENTS}", name)
    matrix = weight_matrix(weights, ratings.categories, scores)
    counts = ratings.case_counts().astype(np.float64)
    raters = counts.sum(axis=0)
    pairs = raters * (raters - 1)
    alike = np.einsum("ki,ki->i", counts, matrix @ counts) - raters
    agreeing = np.divide(alike, pairs, out=np.zeros_like(alike), where=pairs > 0)
    shares = counts / np.maximum(raters, 1)
    columns = [agreeing[None], (pairs > 0)[None], (raters > 0)[None], shares]
    if name == "Conger kappa":
        columns += [(ratings.codes == code) for code in range(len(matrix))]
    rows = np.ascontiguousarray(np.concatenate(columns).T, dtype=np.float64)
    return Moments(rows, _finish_coefficient(name, matrix, ratings.n_readers))


def _finish_coefficient(name: str, matrix: Array, readers: int) -> Callable[[Array], Array]:
    size = len(matrix)

    def finish(sums: Array) -> Array:
        observed = ratio(sums[..., 0], sums[..., 1])
        if name == "percent agreement":
            return observed
        shares = sums[..., 3 : 3 + size] / np.maximum(sums[..., 2:3], 1)
        if name == "Conger kappa":
            expected = _between_readers(sums[..., 3 + size :], matrix, readers)
        else:
            expected = expected_agreement(name, shares, matrix)
        return ratio(observed - expected, 1 - expected, NO_CHANCE_LEFT)

    return finish


def expected_agreement(name: str, shares: Array, matrix: Array) -> Array:
    """Agreement expected from pooled shares (..., q) under that coefficient."""
    size = len(matrix)
    if name == "Fleiss kappa":
        return np.asarray(((shares @ matrix) * shares).sum(axis=-1))
    if name == "Brennan-Prediger":
        return np.full(shares.shape[:-1], matrix.mean())
    if size < 2:
        return np.ones(shares.shape[:-1])
    return np.asarray(matrix.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum(axis=-1))


def _between_readers(sums: Array, matrix: Array, readers: int) -> Array:
    """Conger's chance from the sums of each reader's indicators, category by category."""
    uses = np.moveaxis(sums.reshape(*sums.shape[:-1], len(matrix), readers), -1, -2)
    given = uses.sum(axis=-1, keepdims=True)
    margins = uses / np.maximum(given, 1)
    active = (given[..., 0] > 0).sum(axis=-1)
    total = margins.sum(axis=-2)
    own = ((margins @ matrix) * margins).sum(axis=(-2, -1))
    return ratio(((total @ matrix) * total).sum(axis=-1) - own, active * (active - 1))


def alpha_moments(ratings: Ratings, metric: str = "nominal", scores: Scores = "value") -> Moments:
    """Krippendorff's alpha: the coincidences of each unit."""
    if metric not in METRICS:
        raise WrongCall("metric", f"one of {METRICS}", metric)
    counts = ratings.case_counts().astype(np.float64)
    size, cases = counts.shape
    raters = counts.sum(axis=0)
    scaled = np.divide(counts, raters - 1, out=np.zeros_like(counts), where=raters > 1)
    rows = scaled.T[:, :, None] * counts.T[:, None, :]
    diagonal = np.arange(size)
    rows[:, diagonal, diagonal] -= scaled.T
    fixed = None if metric == "ordinal" else distance_of(metric, ratings, scores, np.zeros(size))

    def finish(sums: Array) -> Array:
        pairs = sums.reshape(*sums.shape[:-1], size, size)
        uses = pairs.sum(axis=-1)
        total = uses.sum(axis=-1)
        distance = ordinal_distance(uses) if fixed is None else fixed
        observed = (pairs * distance).sum(axis=(-2, -1)) * (total - 1)
        expected = np.einsum("...c,...ck,...k->...", uses, np.broadcast_to(distance, pairs.shape), uses)
        return 1 - ratio(observed, expected)

    return Moments(rows.reshape(cases, size * size), finish)


def ordinal_distance(uses: Array) -> Array:
    """Squared ordinal differences from how often each category was used, (..., q) -> (..., q, q)."""
    before = np.cumsum(uses, axis=-1) - uses / 2
    return np.asarray((before[..., :, None] - before[..., None, :]) ** 2)
