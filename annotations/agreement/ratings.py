"""The input form of categorical statistics: readers x cases over a declared scale, with missing ratings."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.result import Counts, WrongCall

MISSING = -1


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of every case by every reader.

    codes          readers x cases, the index of the category, -1 where missing
    categories     the declared scale in its order, also where a category was never used
    readers_known  False when only the counts of each case were given: rows are then no persons, and a statistic
                   that needs each reader's own margins refuses
    """

    codes: NDArray[np.integer[Any]]
    categories: tuple[Hashable, ...]
    readers_known: bool = True

    def __post_init__(self) -> None:
        codes = np.asarray(self.codes)
        categories = tuple(self.categories)
        if codes.ndim != 2:
            raise WrongCall("codes", "a readers x cases array", f"{codes.ndim} dimensions")
        if codes.dtype.kind not in "iu":
            raise WrongCall("codes", "integers (the index of a category, -1 for missing)", str(codes.dtype))
        if not categories or len(set(categories)) != len(categories):
            raise WrongCall("categories", "at least one category, each declared once", categories)
        if codes.size and (codes.min() < MISSING or codes.max() >= len(categories)):
            worst = int(codes.min()) if codes.min() < MISSING else int(codes.max())
            raise WrongCall("codes", f"indexes from -1 to {len(categories) - 1}", worst)
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "categories", categories)

    @classmethod
    def from_labels(cls, rows: Sequence[Sequence[Any]], categories: Sequence[Hashable]) -> Ratings:
        """From one list of labels per reader, None where missing. An undeclared label raises WrongCall."""
        index: dict[Any, int] = {category: code for code, category in enumerate(categories)}
        index[None] = MISSING
        if len({len(row) for row in rows}) > 1:
            raise WrongCall("rows", "as many labels for every reader", [len(row) for row in rows])
        try:
            codes = [[index[label] for label in row] for row in rows]
        except (KeyError, TypeError) as error:
            raise WrongCall("rows", f"labels of the scale {tuple(categories)!r} or None", str(error)) from error
        array = np.array(codes, dtype=np.int16).reshape(len(rows), len(rows[0]) if rows else 0)
        return cls(array, tuple(categories))

    @classmethod
    def from_table(cls, table: ArrayLike, categories: Sequence[Hashable] | None = None) -> Ratings:
        """From a two-reader table of counts: rows the first reader's category, columns the second's."""
        counts = _counts(table, "table")
        if counts.shape[0] != counts.shape[1]:
            raise WrongCall("table", "a square table", counts.shape)
        size = counts.shape[0]
        cells = np.repeat(np.arange(size * size), counts.ravel())
        codes = np.stack(np.divmod(cells, size)).astype(np.int16)
        return cls(codes, tuple(range(size) if categories is None else categories))

    @classmethod
    def from_counts(cls, counts: ArrayLike, categories: Sequence[Hashable] | None = None) -> Ratings:
        """From a cases x categories table that says how many readers chose each; who they were is not known."""
        table = _counts(counts, "counts")
        totals = table.sum(axis=1)
        codes = np.full((int(totals.max(initial=0)), len(table)), MISSING, dtype=np.int16)
        for case, row in enumerate(table):
            codes[: totals[case], case] = np.repeat(np.arange(table.shape[1]), row)
        names = range(table.shape[1]) if categories is None else categories
        return cls(codes, tuple(names), readers_known=False)

    @property
    def n_readers(self) -> int:
        return int(self.codes.shape[0])

    @property
    def n_cases(self) -> int:
        return int(self.codes.shape[1])

    def of_readers(self, *readers: int) -> Ratings:
        """The same cases as these readers rated them."""
        return Ratings(self.codes[list(readers)], self.categories, self.readers_known)

    def of_cases(self, cases: ArrayLike) -> Ratings:
        """These cases (indexes or a mask) of all readers."""
        return Ratings(self.codes[:, np.asarray(cases)], self.categories, self.readers_known)

    def code_of(self, category: Hashable) -> int:
        """The index of a declared category. Raises WrongCall."""
        if category not in self.categories:
            raise WrongCall("category", f"one of {self.categories!r}", category)
        return self.categories.index(category)

    def case_counts(self) -> NDArray[Any]:
        """Categories x cases: how many readers chose it. The smallest unsigned type that holds the readers."""
        dtype = np.uint8 if self.n_readers < 256 else np.uint32
        rows = [np.add.reduce(self.codes == code, axis=0, dtype=dtype) for code in range(len(self.categories))]
        return np.stack(rows)

    def counts(self, cases: int | None = None) -> Counts:
        """What went in; `cases` when fewer than all could be used."""
        given = int(np.count_nonzero(self.codes >= 0))
        used = self.n_cases if cases is None else cases
        return Counts(used, self.n_readers, given, self.codes.size - given)


def _counts(table: ArrayLike, argument: str) -> NDArray[np.int64]:
    array = np.asarray(table)
    whole = array.ndim == 2 and array.dtype.kind in "iuf" and bool(np.all(array == np.floor(array)))
    if not whole or bool(np.any(array < 0)):
        raise WrongCall(argument, "a two-dimensional table of counts (whole numbers from 0)", table)
    return array.astype(np.int64)


def nothing_to_compare(ratings: Ratings) -> str | None:
    """Why no two readers can be compared, or None when they can."""
    if ratings.n_readers < 2:
        return "only one reader" if ratings.n_readers else "no reader"
    if not ratings.n_cases:
        return "no case"
    rated = ratings.codes >= 0
    if not rated.any():
        return "no rating"
    if np.count_nonzero(rated, axis=0).max() < 2:
        return "no case was rated by two readers"
    return None
