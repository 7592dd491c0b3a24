"""Every reader's sensitivity, specificity, or any other figure in every arm, with covariances over cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .average_limits import Stratum
from .binary_accuracy import Flags
from .measurements import LARGEST
from .patient_clusters import patient_labels, sandwich
from .placements import Array
from .reader_values import (
    ONE_IN_A_CLASS,
    OVER_PATIENTS,
    ReaderValues,
    arms_of,
    count_read,
    read_ratings,
    scaled_products,
)
from .result import WrongCall


def reader_means(scores: ArrayLike, *, endpoint: str = "mean", patients: ArrayLike | None = None) -> ReaderValues:
    """The mean of a score per case (arms, readers, cases), NaN = not read: any endpoint that is an average.

    The jackknife over these cases is the sample covariance of the scores divided by their number. With `patients`
    (cases,) of whom some bring several cases, the covariances are over patients (sandwich).
    """
    array = arms_of("scores", scores)
    if (np.abs(array) > LARGEST).any():
        raise WrongCall("scores", f"numbers up to {LARGEST:g}", float(np.nanmax(np.abs(array))))
    (cases, read), shape = count_read(array), array.shape[:2]
    if read.sum() == 0:
        reason = f"no case for the {endpoint}"
        return ReaderValues(endpoint, np.full(shape, np.nan), None, "jackknife", cases, read, reason, reason)
    flat = array.reshape(-1, array.shape[2])
    given = ~np.isnan(flat)
    number = given.sum(axis=1)
    usable = number > 0
    totals = np.where(given, flat, 0.0).sum(axis=1)
    values = np.divide(totals, number, out=np.full(len(flat), np.nan), where=usable)
    if number[usable].min() < 2:
        return ReaderValues(endpoint, values.reshape(shape), None, "jackknife", cases, read, ONE_IN_A_CLASS)
    deviations = np.where(given, flat - values[:, None], 0.0)[usable]
    matrix = np.full((len(flat), len(flat)), np.nan)
    labels = None if patients is None else patient_labels(patients, flat.shape[1])
    if labels is not None and len(np.unique(labels)) < len(labels):
        method, found = OVER_PATIENTS, sandwich(deviations / number[usable][:, None], labels)
    else:
        method, found = "jackknife", scaled_products(deviations, 1.0 / (number[usable] - 1)) * (cases - 1) / cases
    matrix[np.ix_(usable, usable)] = found
    return ReaderValues(endpoint, values.reshape(shape), matrix.reshape(*shape, *shape), method, cases, read)


def _with_size(values: ReaderValues) -> ReaderValues:
    """A share, with the number of cases that it is of and what their patients make of that."""
    if values.undefined:
        return values
    there = ~np.isnan(values.values)
    number = float(values.read[there].mean())
    effect = 1.0
    if values.covariance is not None and values.method == OVER_PATIENTS:
        size = values.values.size
        own = np.diag(values.covariance.reshape(size, size))[there.ravel()].sum()
        independent = float((values.values[there] * (1 - values.values[there]) / values.read[there]).sum())
        effect = max(float(own) / independent, 1.0) if independent > 0 else 1.0
    return replace(values, strata=(Stratum(1.0, number, effect=effect),))


def _called(truth: ArrayLike, calls: ArrayLike, of_diseased: bool, patients: ArrayLike | None) -> ReaderValues:
    truth_array, array = read_ratings(truth, calls)
    given = array[~np.isnan(array)]
    if not np.isin(given, (0.0, 1.0)).all():
        raise WrongCall("calls", "0, 1 or NaN", "another value")
    own = truth_array if of_diseased else ~truth_array
    labels = None if patients is None else patient_labels(patients, len(own))[own]
    hits = array[:, :, own] if of_diseased else 1 - array[:, :, own]
    return _with_size(reader_means(hits, endpoint="sensitivity" if of_diseased else "specificity", patients=labels))


def reader_sensitivities(truth: ArrayLike, calls: ArrayLike, *, patients: ArrayLike | None = None) -> ReaderValues:
    """Sensitivity of every reader in every arm from calls (arms, readers, cases) 0/1, NaN = none."""
    return _called(truth, calls, True, patients)


def reader_specificities(truth: ArrayLike, calls: ArrayLike, *, patients: ArrayLike | None = None) -> ReaderValues:
    """Specificity of every reader in every arm from calls (arms, readers, cases) 0/1, NaN = none."""
    return _called(truth, calls, False, patients)


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
    (cases, read), shape = count_read(array), array.shape[:2]
    flat = array.reshape(-1, array.shape[2])
    values = np.full(len(flat), np.nan)
    changes = np.zeros_like(flat)
    reason = None
    for curve, row in enumerate(flat):
        own = np.flatnonzero(~np.isnan(row))
        whole = endpoint(truth_array[own], row[own]) if len(own) else None
        if whole is None:
            continue
        values[curve] = whole
        left_out = [endpoint(truth_array[rest], row[rest]) for rest in (np.delete(own, k) for k in range(len(own)))]
        if any(value is None for value in left_out):
            reason = f"the {name} is undefined once a case is deleted"
            continue
        changes[curve, own] = np.array(left_out, dtype=float) - np.mean(np.array(left_out, dtype=float))
    if np.isnan(values).all():
        reason = f"no reader has a value of the {name}"
        return ReaderValues(name, values.reshape(shape), None, "jackknife", cases, read, reason, reason)
    if reason:
        return ReaderValues(name, values.reshape(shape), None, "jackknife", cases, read, reason)
    matrix = changes @ changes.T * (cases - 1) / cases
    matrix[np.isnan(values)] = np.nan
    matrix[:, np.isnan(values)] = np.nan
    return ReaderValues(name, values.reshape(shape), matrix.reshape(*shape, *shape), "jackknife", cases, read)
