"""All pairs of a group: the matrix of kappas, Light's mean, and each reader against the rest."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.kappa import kappa_influence, kappa_se, kappa_values
from annotations.agreement.limits import normal_interval, z_of
from annotations.agreement.linearised import no_pair
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, undefined
from annotations.agreement.tables import agreement_warnings, all_pair_tables
from annotations.agreement.weights import Scores, Weights, weight_matrix

Array = NDArray[np.float64]


@statistic(
    "Light kappa",
    suits=("binary", "nominal", "ordinal"),
    assumes="any number of readers, the same throughout; cases independent",
    undefined_when="the kappa of any pair is undefined",
    reference="Light 1971; se: multinomial delta method over the cases, the pairs' kappas being dependent",
    doi="10.1037/h0031643",
)
def light_kappa(
    ratings: Ratings, level: float = 0.95, *, weights: Weights = "unweighted", scores: Scores = "rank"
) -> Estimate:
    """Mean of the Cohen's kappas of all pairs of readers."""
    name, estimator = "Light kappa", "mean of pairwise Cohen kappas; se delta method, divisor n; normal"
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    matrix = weight_matrix(weights, ratings.categories, scores)
    pairs, tables = all_pair_tables(ratings)
    values = kappa_values(tables, matrix)[0]
    without = [pair for pair, value in zip(pairs, values, strict=True) if math.isnan(value)]
    rated = int((ratings.codes >= 0).any(axis=0).sum())
    counts = ratings.counts(rated)
    extra = {"n_pairs": len(pairs), "undefined_pairs": [list(pair) for pair in without]}
    if without:
        reason = f"{len(without)} of {len(pairs)} pairs of readers have no kappa (one category, or no case in common)"
        return undefined(name, estimator, reason, counts, extra=extra)
    value = float(values.mean())
    se = math.sqrt(float(np.square(_mean_influence(ratings, pairs, tables, matrix)).sum())) / ratings.n_cases
    interval = normal_interval(value, se, level)
    warnings = agreement_warnings(value, se, rated, None)
    return Estimate(name, estimator, value, se=se, interval=interval, n=counts, extra=extra, warnings=warnings)


def _mean_influence(ratings: Ratings, pairs: list[tuple[int, int]], tables: Array, matrix: Array) -> Array:
    """Influence of each case on the mean kappa, over all cases.

    Each pair's cells stand in one block of a square over readers and categories, so that a case's influence is a
    quadratic form of its indicators: no loop over pairs x cases.
    """
    readers, size = ratings.n_readers, len(matrix)
    cells = kappa_influence(tables, matrix) * (ratings.n_cases / tables.sum(axis=(1, 2)))[:, None, None]
    square = np.zeros((readers, size, readers, size))
    first, second = np.array(pairs).T
    square[first, :, second, :] = cells
    hot = np.concatenate([ratings.codes == code for code in range(size)]).astype(np.float64)
    by_category = square.transpose(1, 0, 3, 2).reshape(readers * size, readers * size)
    return np.asarray(np.einsum("ri,ri->i", hot, by_category @ hot) / len(pairs))


@statistic(
    "pairwise kappa",
    suits=("binary", "nominal", "ordinal"),
    assumes="cases independent; each pair over the cases that both rated",
    undefined_when="per pair: one category, or no case in common",
    reference="Cohen 1960, 1968; se: Fleiss, Cohen & Everitt 1969",
    doi="10.1037/h0028106",
)
def pairwise_kappa(
    ratings: Ratings, level: float = 0.95, *, weights: Weights = "unweighted", scores: Scores = "rank"
) -> Estimate:
    """The matrix of readers: kappa, se, limits and n of every pair; `value` is their mean over the defined pairs.

    extra: `pairs`, `kappas`, `ses`, `lows`, `highs` (None where undefined) and `cases`, all in the order of the pairs;
    `agreements`, the observed (weighted) agreement, which stays defined.
    """
    name, estimator = "pairwise kappa", "Cohen's kappa of each pair; se Fleiss-Cohen-Everitt 1969"
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    matrix = weight_matrix(weights, ratings.categories, scores)
    pairs, tables = all_pair_tables(ratings)
    extra, values = _matrix(pairs, tables, matrix, level)
    counts = ratings.counts(int((ratings.codes >= 0).any(axis=0).sum()))
    if not np.isfinite(values).any():
        return undefined(name, estimator, "no pair of readers has a kappa", counts, extra=extra)
    missing = int(np.isnan(values).sum())
    warnings = (f"{missing} of {len(pairs)} pairs have no kappa and are not in the mean.",) if missing else ()
    no_interval = "a mean of dependent kappas: Light's kappa has the interval"
    return Estimate(
        name,
        estimator,
        float(np.nanmean(values)),
        n=counts,
        extra=extra,
        warnings=warnings,
        no_interval=no_interval,
    )


def _matrix(
    pairs: list[tuple[int, int]], tables: Array, matrix: Array, level: float
) -> tuple[dict[str, object], Array]:
    values, observed, _ = kappa_values(tables, matrix)
    with np.errstate(invalid="ignore", divide="ignore"):
        ses = np.where(np.isfinite(values), kappa_se(tables, matrix), np.nan)
    half = z_of(level) * ses
    columns = {
        "kappas": values,
        "ses": ses,
        "lows": values - half,
        "highs": values + half,
        "agreements": observed,
    }
    extra: dict[str, object] = {name: _without_nan(column) for name, column in columns.items()}
    extra["pairs"] = [list(pair) for pair in pairs]
    extra["cases"] = [int(n) for n in tables.sum(axis=(1, 2))]
    return extra, values


def _without_nan(values: Array) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
