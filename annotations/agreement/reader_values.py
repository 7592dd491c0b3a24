"""What each reader achieved in each arm, and how those figures vary together over the cases.

This is the common ground of the multi-reader multi-case (MRMC) methods. Ratings are (arms, readers, cases),
NaN where a reader did not read a case in an arm; (readers, cases) is one arm. Higher = more diseased.
`reader_aucs` and `reader_endpoints` make these figures, `arm_average` and `obuchowski_rockette` use them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .binary_accuracy import Flags, read_truth
from .placements import Array
from .result import Counts, WrongCall

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
        covariance = None if self.covariance is None else self.covariance[np.ix_(arms, readers, arms, readers)]
        n = Counts(self.n.cases, len(readers), self.n.ratings, self.n.missing)
        values = self.values[grid]
        return ReaderValues(self.endpoint, values, covariance, self.method, n, self.no_covariance, self.undefined)


def read_ratings(truth: ArrayLike, ratings: ArrayLike) -> tuple[Flags, Array]:
    """Pathology (cases,) and ratings (arms, readers, cases). Raises WrongCall for other shapes or infinite
    ratings."""
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


def scaled_products(deviations: Array, scale: Array) -> Array:
    """Sums over cases of products of (curves, cases) deviations, each curve multiplied by its scale."""
    return (deviations * scale[:, None]) @ (deviations * scale[:, None]).T
