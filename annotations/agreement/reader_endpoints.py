"""Every reader's sensitivity, specificity, or any other figure in every arm, with covariances over cases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .binary_accuracy import Flags
from .placements import Array
from .reader_values import ONE_IN_A_CLASS, ReaderValues, count_ratings, read_ratings, scaled_products
from .result import WrongCall


def reader_means(scores: ArrayLike, *, endpoint: str = "mean") -> ReaderValues:
    """The mean of a score per case (arms, readers, cases), NaN = not read: any endpoint that is an average.

    The jackknife over these cases is the sample covariance of the scores divided by their number.
    """
    array = np.asarray(scores, dtype=float)
    array = array[None] if array.ndim == 2 else array
    if array.ndim != 3:
        raise WrongCall("scores", "(arms, readers, cases)", np.shape(scores))
    counts, shape = count_ratings(array), array.shape[:2]
    if counts.ratings == 0:
        reason = f"no case for the {endpoint}"
        return ReaderValues(endpoint, np.full(shape, np.nan), None, "jackknife", counts, reason, reason)
    flat = array.reshape(-1, array.shape[2])
    given = ~np.isnan(flat)
    number = given.sum(axis=1)
    usable = number > 0
    totals = np.where(given, flat, 0.0).sum(axis=1)
    values = np.divide(totals, number, out=np.full(len(flat), np.nan), where=usable)
    if number[usable].min() < 2:
        return ReaderValues(endpoint, values.reshape(shape), None, "jackknife", counts, ONE_IN_A_CLASS)
    deviations = np.where(given, flat - values[:, None], 0.0)[usable]
    matrix = np.full((len(flat), len(flat)), np.nan)
    scale = 1.0 / (number[usable] - 1)
    matrix[np.ix_(usable, usable)] = scaled_products(deviations, scale) * (counts.cases - 1) / counts.cases
    return ReaderValues(endpoint, values.reshape(shape), matrix.reshape(*shape, *shape), "jackknife", counts)


def _called(truth: ArrayLike, calls: ArrayLike, of_diseased: bool) -> ReaderValues:
    truth_array, array = read_ratings(truth, calls)
    given = array[~np.isnan(array)]
    if not np.isin(given, (0.0, 1.0)).all():
        raise WrongCall("calls", "0, 1 or NaN", "another value")
    if of_diseased:
        return reader_means(array[:, :, truth_array], endpoint="sensitivity")
    return reader_means(1 - array[:, :, ~truth_array], endpoint="specificity")


def reader_sensitivities(truth: ArrayLike, calls: ArrayLike) -> ReaderValues:
    """Sensitivity of every reader in every arm from calls (arms, readers, cases) 0/1, NaN = none."""
    return _called(truth, calls, True)


def reader_specificities(truth: ArrayLike, calls: ArrayLike) -> ReaderValues:
    """Specificity of every reader in every arm from calls (arms, readers, cases) 0/1, NaN = none."""
    return _called(truth, calls, False)


def reader_endpoints(
    truth: ArrayLike,
    ratings: ArrayLike,
    endpoint: Callable[[Flags, Array], float | None],
    *,
    name: str,
) -> ReaderValues:
    """Any figure of one reader's ratings: `endpoint(truth, ratings)` of the cases read, jackknifed case by
    case.

    `endpoint` returns None where it is undefined; where deleting a case makes it so there is no covariance.
    """
    truth_array, array = read_ratings(truth, ratings)
    counts, shape = count_ratings(array), array.shape[:2]
    flat = array.reshape(-1, array.shape[2])
    values = np.full(len(flat), np.nan)
    changes = np.zeros_like(flat)
    reason = None
    for curve, row in enumerate(flat):
        cases = np.flatnonzero(~np.isnan(row))
        whole = endpoint(truth_array[cases], row[cases]) if len(cases) else None
        if whole is None:
            continue
        values[curve] = whole
        left_out = [endpoint(truth_array[rest], row[rest]) for rest in (np.delete(cases, k) for k in range(len(cases)))]
        if any(value is None for value in left_out):
            reason = f"the {name} is undefined once a case is deleted"
            continue
        changes[curve, cases] = np.array(left_out, dtype=float) - np.mean(np.array(left_out, dtype=float))
    if np.isnan(values).all():
        reason = f"no reader has a value of the {name}"
        return ReaderValues(name, values.reshape(shape), None, "jackknife", counts, reason, reason)
    if reason:
        return ReaderValues(name, values.reshape(shape), None, "jackknife", counts, reason)
    matrix = changes @ changes.T * (counts.cases - 1) / counts.cases
    matrix[np.isnan(values)] = np.nan
    matrix[:, np.isnan(values)] = np.nan
    return ReaderValues(name, values.reshape(shape), matrix.reshape(*shape, *shape), "jackknife", counts)
