"""Two readers against each other: the table of their ratings, and all such tables of a group at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.ratings import Ratings, nothing_to_compare
from annotations.agreement.result import Counts, WrongCall

EXTREME_SHARE = 0.9  # a category with more of the ratings than this makes any kappa unstable


@dataclass(frozen=True, slots=True)
class PairTable:
    """Two readers' ratings of the cases that both rated.

    table    categories x categories, rows the first reader
    problem  why there is nothing to compare, or None
    """

    table: NDArray[np.float64]
    counts: Counts
    problem: str | None

    @property
    def n(self) -> float:
        return float(self.table.sum())

    @property
    def share(self) -> NDArray[np.float64]:
        return np.asarray(self.table / self.table.sum())


def pair_table(ratings: Ratings) -> PairTable:
    """The table of exactly two readers. Raises WrongCall for more; fewer is a problem, not an error."""
    if ratings.n_readers > 2:
        raise WrongCall("ratings", "two readers", f"{ratings.n_readers} readers")
    size = len(ratings.categories)
    problem = nothing_to_compare(ratings)
    if problem is not None:
        return PairTable(np.zeros((size, size)), ratings.counts(cases=0), problem)
    first, second = ratings.codes
    both = (first >= 0) & (second >= 0)
    cells = first[both].astype(np.int64) * size + second[both]
    table = np.bincount(cells, minlength=size * size).reshape(size, size).astype(np.float64)
    return PairTable(table, ratings.counts(cases=int(both.sum())), None)


def all_pair_tables(ratings: Ratings) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
    """All pairs of readers and their tables, pairs x categories x categories.

    One product of the 0/1 indicator matrix with its transpose: float32 counts exactly up to 16 million cases, and the
    BLAS does all pairs in the time that a loop takes for a few.
    """
    readers, size = ratings.n_readers, len(ratings.categories)
    pairs = list(combinations(range(readers), 2))
    dtype = np.float32 if ratings.n_cases < 2**24 else np.float64
    hot = np.empty((readers, size, ratings.n_cases), dtype=dtype)
    for code in range(size):
        np.equal(ratings.codes, code, out=hot[:, code], casting="unsafe")
    flat = hot.reshape(readers * size, -1)
    blocks = (flat @ flat.T).reshape(readers, size, readers, size).transpose(0, 2, 1, 3)
    first, second = np.array(pairs, dtype=int).reshape(-1, 2).T
    return pairs, blocks[first, second].astype(np.float64)


def prevalence(table: NDArray[np.float64]) -> dict[str, float]:
    """How lopsided a table is: prevalence and bias index of two categories (Byrt 1993), and the largest share.

    doi:10.1016/0895-4356(93)90018-V; both indexes keep their sign: (a - d)/n and (b - c)/n.
    """
    total = table.sum()
    shares = (table.sum(axis=0) + table.sum(axis=1)) / (2 * total)
    found = {"largest_share": float(shares.max())}
    if len(table) == 2:
        found["prevalence_index"] = float((table[0, 0] - table[1, 1]) / total)
        found["bias_index"] = float((table[0, 1] - table[1, 0]) / total)
    return found


def kappa_warnings(value: float, largest_share: float) -> tuple[str, ...]:
    """What the reader of a kappa must be told."""
    said = []
    if value == 1:
        said.append("Perfect agreement: the standard error is 0 and the interval says nothing about other cases.")
    if largest_share > EXTREME_SHARE:
        said.append(
            f"One category holds {largest_share:.0%} of the ratings: kappa is unstable and low under such prevalence;"
            " read it beside the percent agreement and the prevalence index."
        )
    return tuple(said)
