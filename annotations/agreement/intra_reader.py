"""Readers who read the same cases twice: agreement of each with themselves, beside the agreement between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from annotations.agreement.continuous_moments import icc_moments
from annotations.agreement.icc import icc
from annotations.agreement.kappa import cohen_kappa, kappa_influence, weighted_kappa
from annotations.agreement.limits import normal_interval, t_interval
from annotations.agreement.measurements import Measurements, as_measurements
from annotations.agreement.pairs import light_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, WrongCall, undefined
from annotations.agreement.tables import pair_table
from annotations.agreement.weights import Scores, Weights, weight_matrix


def _same_shape(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    if first != second:
        raise WrongCall("second", f"readers x cases as in first, {first}", second)


@statistic(
    "intra-reader kappa",
    suits=("binary", "nominal", "ordinal"),
    assumes="each reader read the cases twice, the second time without memory of the first; cases independent",
    undefined_when="no reader has a kappa with themselves",
    reference="Cohen 1960 within each reader; the mean's se by the delta method over the cases, which readers share",
    doi="10.1177/001316446002000104",
)
def intra_reader_kappa(
    first: Ratings,
    second: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
) -> Estimate:
    """Mean over the readers of each one's kappa between first and second reading (readers x cases in both).

    extra: `readers`, each with value, se, low, high, n, undefined; `inter_reader`, Light's kappa of the first readings.
    """
    _same_shape(first.codes.shape, second.codes.shape)
    if first.categories != second.categories:
        raise WrongCall("second", f"the scale {first.categories}", second.categories)
    name, estimator = "intra-reader kappa", "mean of each reader's kappa with themselves; delta method, normal"
    own = [_twice(first, second, reader) for reader in range(first.n_readers)]
    plain = isinstance(weights, str) and weights == "unweighted"
    each = [
        cohen_kappa(twice, level) if plain else weighted_kappa(twice, level, weights=weights, scores=scores)
        for twice in own
    ]
    extra: dict[str, Any] = {"readers": [_line(estimate) for estimate in each]}
    extra["inter_reader"] = light_kappa(first, level, weights=weights, scores=scores).value
    kept = [twice for twice, estimate in zip(own, each, strict=True) if estimate.value is not None]
    counts = _counts(each, first.n_readers)
    if not kept:
        return undefined(name, estimator, "no reader has a kappa with themselves", counts, extra=extra)
    matrix = weight_matrix(weights, first.categories, scores)
    value = float(np.mean([estimate.value for estimate in each if estimate.value is not None]))
    total = sum((_influence(twice, matrix) for twice in kept), np.zeros(first.n_cases)) / len(kept)
    se = math.sqrt(float(total @ total)) / first.n_cases
    lost = len(each) - len(kept)
    warnings = (
        (f"{lost} of {len(each)} readers have no kappa with themselves and are not in the mean.",) if lost else ()
    )
    return Estimate(
        name, estimator, value, se, normal_interval(value, se, level), counts, extra=extra, warnings=warnings
    )


def _twice(first: Ratings, second: Ratings, reader: int) -> Ratings:
    return Ratings(np.stack([first.codes[reader], second.codes[reader]]), first.categories)


def _influence(twice: Ratings, matrix: np.ndarray) -> np.ndarray:
    """Of each case on this reader's kappa; 0 where not read twice."""
    table = pair_table(twice).table
    a, b = twice.codes
    both = (a >= 0) & (b >= 0)
    total = np.zeros(twice.n_cases)
    total[both] = kappa_influence(table, matrix)[a[both], b[both]] * (twice.n_cases / table.sum())
    return total


def _line(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "value": estimate.value,
        "se": estimate.se,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "n": estimate.n.cases,
        "undefined": estimate.undefined,
    }


def _counts(each: list[Estimate], readers: int) -> Counts:
    return Counts(
        max((estimate.n.cases for estimate in each), default=0),
        readers,
        sum(estimate.n.ratings for estimate in each),
        sum(estimate.n.missing for estimate in each),
    )


@statistic(
    "intra-reader ICC",
    suits=("continuous", "score"),
    assumes="each reader measured the cases twice; the cases are complete for each reader alone",
    undefined_when="no reader has an ICC with themselves",
    reference="ICC(2,1) within each reader, Shrout & Fleiss 1979; the mean's se by the jackknife over the cases",
    doi="10.1037/0033-2909.86.2.420",
)
def intra_reader_icc(first: Measurements, second: Measurements, level: float = 0.95) -> Estimate:
    """Mean over the readers of each one's ICC(2,1) between first and second measurement.

    extra: `readers`, each with value, low, high, n, undefined; `inter_reader`, the ICC(2,1) of the first measurements.
    """
    first, second = as_measurements(first), as_measurements(second)
    _same_shape(first.values.shape, second.values.shape)
    name, estimator = "intra-reader ICC", "mean of each reader's ICC(2,1) with themselves; jackknife, t"
    own = [Measurements(np.stack([a, b])) for a, b in zip(first.values, second.values, strict=True)]
    each = [icc(twice, level) for twice in own]
    extra: dict[str, Any] = {"readers": [_line(estimate) for estimate in each], "inter_reader": icc(first, level).value}
    kept = [twice for twice, estimate in zip(own, each, strict=True) if estimate.value is not None]
    counts = _counts(each, first.n_readers)
    if not kept:
        return undefined(name, estimator, "no reader has an ICC with themselves", counts, extra=extra)
    value = float(np.mean([estimate.value for estimate in each if estimate.value is not None]))
    rows = [icc_moments(twice) for twice in kept]
    left_out = np.mean([m.finish(m.rows.sum(axis=0) - m.rows) for m in rows], axis=0)
    n = first.n_cases
    if n < 3 or not np.isfinite(left_out).all():
        reason = "too few cases to leave one out"
        return Estimate(name, estimator, value, n=counts, extra=extra, no_interval=reason)
    away = left_out - left_out.mean()
    se = math.sqrt((n - 1) / n * float(away @ away))
    interval = t_interval(value, se, n - 1, level, "jackknife, t")
    return Estimate(name, estimator, value, se, interval, counts, extra=extra)
