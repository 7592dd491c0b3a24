"""Every reader's empirical AUC in every arm, with covariances over cases by one of four methods."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .average_limits import Stratum
from .binary_accuracy import NO_DISEASED, NO_HEALTHY, Flags
from .patient_clusters import Labels, patient_labels, sandwich
from .placements import Array, placements
from .reader_covariance import bootstrap_covariance, unbiased_covariance
from .reader_values import ONE_IN_A_CLASS, OVER_PATIENTS, ReaderValues, count_read, read_ratings, scaled_products
from .result import WrongCall

CovarianceMethod = Literal["jackknife", "delong", "unbiased", "bootstrap"]


def curves_of(diseased: Array, healthy: Array) -> tuple[Array, Array, Array]:
    """AUC (curves,) and each case's placement less the AUC, 0 where it was not read: (curves, m), (curves,
    n)."""
    values = np.full(len(diseased), np.nan)
    of_diseased, of_healthy = np.zeros_like(diseased), np.zeros_like(healthy)
    for curve, (x, y) in enumerate(zip(diseased, healthy)):
        in_x, in_y = ~np.isnan(x), ~np.isnan(y)
        if not (in_x.any() and in_y.any()):
            continue
        found = placements(x[in_x], y[in_y])
        values[curve] = found.auc
        of_diseased[curve, in_x] = found.diseased - found.auc
        of_healthy[curve, in_y] = found.healthy - found.auc
    return values, of_diseased, of_healthy


def _auc_covariance(
    diseased: Array,
    healthy: Array,
    parts: tuple[Array, Array, Array],
    method: str,
    resamples: int,
    seed: int | None,
) -> Array:
    m = (~np.isnan(diseased)).sum(axis=1)
    n = (~np.isnan(healthy)).sum(axis=1)
    if method == "jackknife":
        # deleting case i changes the AUC by (AUC - placement_i) / (class size - 1); N: union of all cases
        read = (~np.isnan(diseased)).any(axis=0).sum() + (~np.isnan(healthy)).any(axis=0).sum()
        whole = scaled_products(parts[1], 1 / (m - 1)) + scaled_products(parts[2], 1 / (n - 1))
        return whole * (read - 1) / read
    if method == "delong":
        return scaled_products(parts[1], (m * (m - 1.0)) ** -0.5) + scaled_products(parts[2], (n * (n - 1.0)) ** -0.5)
    if method == "unbiased":
        return unbiased_covariance(diseased, healthy)
    if method != "bootstrap":
        raise WrongCall("covariance", "jackknife, delong, unbiased or bootstrap", method)
    if seed is None:
        raise WrongCall("seed", "a whole number, for covariances by bootstrap", seed)
    return bootstrap_covariance(diseased, healthy, resamples, seed)


def reader_aucs(
    truth: ArrayLike,
    ratings: ArrayLike,
    *,
    covariance: CovarianceMethod = "jackknife",
    resamples: int = 2000,
    seed: int | None = None,
    patients: ArrayLike | None = None,
) -> ReaderValues:
    """Empirical AUC (ties 1/2) of every reader in every arm, with their covariances over cases.

    Covariances that the design makes impossible (no case in common) come out as 0. With `patients` (cases,) of whom
    some bring several cases, the covariances are over patients (sandwich), whatever `covariance` says.
    """
    truth_array, array = read_ratings(truth, ratings)
    cases, read = count_read(array)
    shape = array.shape[:2]
    if truth_array.sum() in (0, len(truth_array)):
        reason = f"{NO_DISEASED if not truth_array.any() else NO_HEALTHY}: no AUC"
        return ReaderValues("AUC", np.full(shape, np.nan), None, covariance, cases, read, reason, reason)
    flat = array.reshape(-1, array.shape[2])
    diseased, healthy = flat[:, truth_array], flat[:, ~truth_array]
    parts = curves_of(diseased, healthy)
    values = parts[0].reshape(shape)
    usable = ~np.isnan(parts[0])
    sizes = _mean_size(diseased, usable), _mean_size(healthy, usable)
    if min(_fewest(diseased, usable), _fewest(healthy, usable)) < 2:
        strata = (Stratum(1.0, *sizes),) if min(sizes) > 0 else ()
        return ReaderValues("AUC", values, None, covariance, cases, read, ONE_IN_A_CLASS, strata=strata)
    matrix = np.full((len(flat), len(flat)), np.nan)
    kept = tuple(part[usable] for part in parts)
    sides, method, effect = (diseased[usable], healthy[usable]), str(covariance), 1.0
    labels = None if patients is None else patient_labels(patients, len(truth_array))
    if labels is not None and len(np.unique(labels)) < len(labels):
        method = OVER_PATIENTS
        found = _over_patients(sides, (kept[1], kept[2]), truth_array, labels)
        effect = _design_effect(found, _auc_covariance(*sides, (kept[0], kept[1], kept[2]), "delong", 0, None))
    else:
        found = _auc_covariance(*sides, (kept[0], kept[1], kept[2]), covariance, resamples, seed)
    matrix[np.ix_(usable, usable)] = found
    strata = (Stratum(1.0, *sizes, effect),)
    return ReaderValues("AUC", values, matrix.reshape(*shape, *shape), method, cases, read, strata=strata)


def _design_effect(clustered: Array, independent: Array) -> float:
    """How many times larger the variances over patients are than those over cases; at least 1."""
    below = float(np.trace(independent))
    return max(float(np.trace(clustered)) / below, 1.0) if below > 0 else 1.0


def _over_patients(sides: tuple[Array, Array], deviations: tuple[Array, Array], truth: Flags, labels: Labels) -> Array:
    influences = np.zeros((len(sides[0]), len(truth)))
    for columns, scores, own in zip((truth, ~truth), sides, deviations):
        influences[:, columns] = own / (~np.isnan(scores)).sum(axis=1, keepdims=True)
    return sandwich(influences, labels)


def _mean_size(side: Array, usable: Flags) -> float:
    """Cases of one class that a reader with a value read, on the average."""
    return float((~np.isnan(side)).sum(axis=1)[usable].mean()) if usable.any() else 0.0


def _fewest(side: Array, usable: Flags) -> int:
    """The smallest number of cases of one class that a reader with a value read; at most 2 is told apart."""
    return int((~np.isnan(side)).sum(axis=1)[usable].min(initial=2))
