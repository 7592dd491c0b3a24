"""What each reader achieved in each arm, and how those figures vary together over the cases.

This is the common ground of the multi-reader multi-case (MRMC) methods. Ratings are (arms, readers, cases),
NaN where a reader did not read a case in an arm; (readers, cases) is one arm. Higher = more diseased.
`reader_aucs` and `reader_endpoints` make these figures, `arm_average` and `obuchowski_rockette` use them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .average_limits import Stratum
from .binary_accuracy import Flags, read_truth
from .placements import Array
from .result import Counts, WrongCall

Counted = np.ndarray[Any, np.dtype[np.int_]]
OVER_PATIENTS = "sandwich over patients"
ONE_IN_A_CLASS = "a reader has one case in a class: no variance over cases"


@dataclass(frozen=True, slots=True)
class ReaderValues:
    """One endpoint per arm and reader.

    endpoint     what the figures are ("AUC", "sensitivity", ...)
    values       (arms, readers), NaN where a reader has no value in an arm
    covariance   (arms, readers, arms, readers) over cases, or None for the reason in `no_covariance`
    method       how the covariance was estimated
    read         (arms, readers), how many of the `cases` each reader read in each arm
    strata       what a share or an AUC rests on, for limits that know its scale; () for any other figure
    """

    endpoint: str
    values: Array
    covariance: Array | None
    method: str
    cases: int
    read: Counted
    no_covariance: str | None = None
    undefined: str | None = None
    strata: tuple[Stratum, ...] = ()

    @property
    def n(self) -> Counts:
        """Cases, readers who read any, ratings and missing ratings of all arms together."""
        given = int(self.read.sum())
        readers = int((self.read > 0).any(axis=0).sum())
        return Counts(self.cases, readers, given, self.cases * self.read.size - given)

    def of_arms(self, arms: list[int]) -> ReaderValues:
        """The same figures for some arms only, in the order given."""
        return self._part(np.array(arms), np.arange(self.values.shape[1]))

    def of_readers(self, readers: list[int]) -> ReaderValues:
        """The same figures for some readers only, in the order given."""
        return self._part(np.arange(self.values.shape[0]), np.array(readers))

    def _part(self, arms: Counted, readers: Counted) -> ReaderValues:
        grid = np.ix_(arms, readers)
        covariance = None if self.covariance is None else self.covariance[np.ix_(arms, readers, arms, readers)]
        return replace(self, values=self.values[grid], covariance=covariance, read=self.read[grid])


def read_ratings(truth: ArrayLike, ratings: ArrayLike) -> tuple[Flags, Array]:
    """Pathology (cases,) and ratings (arms, readers, cases). Raises WrongCall for other shapes or infinite
    ratings."""
    diseased = read_truth(truth)
    array = arms_of("ratings", ratings)
    if array.shape[2] != len(diseased):
        raise WrongCall("ratings", f"(arms, readers, {len(diseased)} cases)", np.shape(ratings))
    return diseased, array


def arms_of(name: str, values: ArrayLike) -> Array:
    """Numbers as (arms, readers, cases), NaN where a case was not read; (readers, cases) is one arm. Raises WrongCall."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise WrongCall(name, "numbers, NaN where a case was not read", str(error)) from error
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3:
        raise WrongCall(name, "(arms, readers, cases)", array.shape)
    if np.isinf(array).any():
        raise WrongCall(name, "finite numbers, NaN where a case was not read", "infinity")
    return array


def count_read(array: Array) -> tuple[int, Counted]:
    """Cases with any rating, and ratings per arm and reader, of (arms, readers, cases)."""
    given = ~np.isnan(array)
    return int(given.any(axis=(0, 1)).sum()), given.sum(axis=2)


def count_ratings(array: Array) -> Counts:
    """What (arms, readers, cases) of ratings hold, all arms together."""
    cases, read = count_read(array)
    given = int(read.sum())
    return Counts(cases, int((read > 0).any(axis=0).sum()), given, cases * read.size - given)


def scaled_products(deviations: Array, scale: Array) -> Array:
    """Sums over cases of products of (curves, cases) deviations, each curve multiplied by its scale."""
    return (deviations * scale[:, None]) @ (deviations * scale[:, None]).T
