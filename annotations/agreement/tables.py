"""Two readers against each other: the table of their ratings, and all such tables of a group at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.ratings import Ratings, nothing_to_compare
from annotations.agreement.result import Counts, WrongCall

FEW_CASES = 30  # below which an interval of agreement covers too little in part
FEW_OTHERS = 10  # cases outside the largest category below which an interval of kappa covers too little
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

    Who used which category is packed into 64 cases a word; a cell is the number of bits that two words share. Exact,
    and as fast as a matrix product without waiting for BLAS threads.
    """
    readers, size = ratings.n_readers, len(ratings.categories)
    pairs = list(combinations(range(readers), 2))
    words = _packed(ratings)
    tables = np.zeros((len(pairs), size, size))
    done = 0
    for first in range(readers - 1):
        shared = words[first][None, :, None, :] & words[first + 1 :][:, None, :, :]
        others = readers - 1 - first
        tables[done : done + others] = np.bitwise_count(shared).sum(axis=-1, dtype=np.int64)
        done += others
    return pairs, tables


def _packed(ratings: Ratings) -> NDArray[np.uint64]:
    """Readers x categories x words of 64 cases."""
    used = np.stack([ratings.codes == code for code in range(len(ratings.categories))], axis=1)
    packed = np.packbits(used, axis=-1)
    filler = -packed.shape[-1] % 8
    return np.ascontiguousarray(np.pad(packed, ((0, 0), (0, 0), (0, filler)))).view(np.uint64)


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


def agreement_warnings(value: float, se: float | None, n: float, largest_share: float | None) -> tuple[str, ...]:
    """What the reader of a coefficient of agreement must be told. No share: it is not corrected for chance.

    Where intervals of kappa cover too little was found by simulation: bench/coverage.py.
    """
    said = []
    if se is not None and se < 1e-12:
        what = "Perfect agreement" if value > 1 - 1e-12 else "Every case agrees alike"
        said.append(f"{what}: the standard error is 0 and the interval says nothing about other cases.")
    if largest_share is not None and largest_share > EXTREME_SHARE:
        said.append(
            f"One category holds {largest_share:.0%} of the ratings: kappa is unstable and low under such prevalence,"
            " and its interval can be too narrow; read it beside the percent agreement and the prevalence index."
        )
    elif largest_share is not None and n * (1 - largest_share) < FEW_OTHERS:
        said.append(
            f"Only about {n * (1 - largest_share):.0f} cases lie outside the largest category: the interval is too narrow."
        )
    elif largest_share is not None and n < FEW_CASES:
        said.append(few_cases(n))
    return tuple(said)


def few_cases(n: float) -> str:
    """The sentence for an interval of agreement of fewer than FEW_CASES cases."""
    return f"Only {n:.0f} cases: the interval can be a little too narrow."
