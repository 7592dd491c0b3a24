"""What each reader achieved in each arm, and how those figures vary together over the cases.

This is the common ground of the multi-reader multi-case (MRMC) methods. Ratings are (arms, readers, cases), NaN where a
reader did not read a case in an arm; (readers, cases) is one arm. Higher = more diseased.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .binary_accuracy import NO_DISEASED, NO_HEALTHY, read_truth
from .placements import Array, placements
from .reader_covariance import bootstrap_covariance, unbiased_covariance
from .result import Counts, WrongCall

CovarianceMethod = Literal["jackknife", "delong", "unbiased", "bootstrap"]
ONE_IN_A_CLASS = "a reader has one case in a class: no variance over cases"


@dataclass(frozen=True, slots=True)
class ReaderValues:
    """One endpoint per arm and reader.

    endpoint     what the figures are ("AUC", "sensitivity", ...)
    values       (arms, readers), NaN where a reader has no value in an arm
    covariance   (arms, readers, arms, readers) over cases, or None for the reason in `no_covariance`
    method       how the covariance was estimated
    """

    endpoint: str
    values: Array
    covariance: Array | None
    method: str
    n: Counts
    no_covariance: str | None = None
    undefined: str | None = None

    def of_arms(self, arms: list[int]) -> ReaderValues:
        """The same figures for some arms only, in the order given."""
        return self._part(np.array(arms), np.arange(self.values.shape[1]))

    def of_readers(self, readers: list[int]) -> ReaderValues:
        """The same figures for some readers only, in the order given."""
        return self._part(np.arange(self.values.shape[0]), np.array(readers))

    def _part(self, arms: Array, readers: Array) -> ReaderValues:
        grid = np.ix_(arms, readers)
        covariance = (
            None if self.covariance is None else self.covariance[np.ix_(arms, readers, arms, readers)]
        )
        n = Counts(self.n.cases, len(readers), self.n.ratings, self.n.missing)
        values = self.values[grid]
        return ReaderValues(
            self.endpoint, values, covariance, self.method, n, self.no_covariance, self.undefined
        )


def read_ratings(truth: ArrayLike, ratings: ArrayLike) -> tuple[Array, Array]:
    """Pathology (cases,) and ratings (arms, readers, cases). Raises WrongCall for other shapes or infinite ratings."""
    diseased = read_truth(truth)
    array = np.asarray(ratings, dtype=float)
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3 or array.shape[2] != len(diseased):
        raise WrongCall("ratings", f"(arms, readers, {len(diseased)} cases)", np.shape(ratings))
    if np.isinf(array).any():
        raise WrongCall("ratings", "finite ratings, NaN where a case was not read", "infinity")
    return diseased, array


def count_ratings(array: Array) -> Counts:
    """Cases with any rating, readers, ratings present and missing of (arms, readers, cases)."""
    given = ~np.isnan(array)
    present = int(given.sum())
    return Counts(int(given.any(axis=(0, 1)).sum()), array.shape[1], present, array.size - present)


def _curves(diseased: Array, healthy: Array) -> tuple[Array, Array, Array]:
    """AUC (curves,) and each case's placement less the AUC, 0 where it was not read: (curves, m), (curves, n)."""
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


def _scaled_products(deviations: Array, scale: Array) -> Array:
    return (deviations * scale[:, None]) @ (deviations * scale[:, None]).T


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
        # deleting case i changes the AUC by (AUC - placement_i) / (class size - 1); N is the union of all cases
        read = (~np.isnan(diseased)).any(axis=0).sum() + (~np.isnan(healthy)).any(axis=0).sum()
        whole = _scaled_products(parts[1], 1 / (m - 1)) + _scaled_products(parts[2], 1 / (n - 1))
        return whole * (read - 1) / read
    if method == "delong":
        return _scaled_products(parts[1], (m * (m - 1.0)) ** -0.5) + _scaled_products(
            parts[2], (n * (n - 1.0)) ** -0.5
        )
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
) -> ReaderValues:
    """Empirical AUC (ties 1/2) of every reader in every arm, with their covariances over cases.

    Covariances that the design makes impossible (no case in common) come out as 0.
    """
    truth_array, array = read_ratings(truth, ratings)
    counts = count_ratings(array)
    shape = array.shape[:2]
    if truth_array.sum() in (0, len(truth_array)):
        reason = f"{NO_DISEASED if not truth_array.any() else NO_HEALTHY}: no AUC"
        return ReaderValues("AUC", np.full(shape, np.nan), None, covariance, counts, reason, reason)
    flat = array.reshape(-1, array.shape[2])
    diseased, healthy = flat[:, truth_array], flat[:, ~truth_array]
    parts = _curves(diseased, healthy)
    values = parts[0].reshape(shape)
    usable = ~np.isnan(parts[0])
    if min((~np.isnan(diseased)).sum(axis=1)[usable].min(initial=2), _fewest(healthy, usable)) < 2:
        return ReaderValues("AUC", values, None, covariance, counts, ONE_IN_A_CLASS)
    matrix = np.full((len(flat), len(flat)), np.nan)
    kept = tuple(part[usable] for part in parts)
    found = _auc_covariance(
        diseased[usable], healthy[usable], (kept[0], kept[1], kept[2]), covariance, resamples, seed
    )
    matrix[np.ix_(usable, usable)] = found
    return ReaderValues("AUC", values, matrix.reshape(*shape, *shape), covariance, counts)


def _fewest(side: Array, usable: Array) -> int:
    return int((~np.isnan(side)).sum(axis=1)[usable].min(initial=2))


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
    matrix[np.ix_(usable, usable)] = _scaled_products(deviations, scale) * (counts.cases - 1) / counts.cases
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
    endpoint: Callable[[Array, Array], float | None],
    *,
    name: str,
) -> ReaderValues:
    """Any figure of one reader's ratings: `endpoint(truth, ratings)` of the cases read, jackknifed case by case.

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
        left_out = [
            endpoint(truth_array[rest], row[rest])
            for rest in (np.delete(cases, k) for k in range(len(cases)))
        ]
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
