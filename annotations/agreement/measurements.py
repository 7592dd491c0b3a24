"""The input form of continuous statistics: readers x cases of numbers, with missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.result import Counts, WrongCall

LARGEST = 1e50  # of a measurement, so that no fourth power leaves the range of numbers


@dataclass(frozen=True, slots=True)
class Measurements:
    """Measurements of every case by every reader (or method), all in one unit.

    values   readers x cases; NaN where missing, here and nowhere else
    """

    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        try:
            values = np.asarray(self.values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise WrongCall("values", "a readers x cases array of numbers", str(error)) from error
        if values.ndim != 2:
            raise WrongCall("values", "a readers x cases array", f"{values.ndim} dimensions")
        if np.isinf(values).any():
            raise WrongCall("values", "finite numbers, or NaN where missing", "infinity")
        if (np.abs(values) > LARGEST).any():
            raise WrongCall("values", f"numbers up to {LARGEST:g}", float(np.nanmax(np.abs(values))))
        object.__setattr__(self, "values", values)

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[float | None]]) -> Measurements:
        """From one list per reader, None where missing."""
        try:
            lengths = [len(row) for row in rows]
            values = [[np.nan if x is None else float(x) for x in row] for row in rows]
        except (TypeError, ValueError) as error:
            raise WrongCall("rows", "one list of numbers (or None) for each reader", str(error)) from error
        if len(set(lengths)) > 1:
            raise WrongCall("rows", "as many numbers for every reader", lengths)
        return cls(np.array(values, dtype=np.float64).reshape(len(lengths), lengths[0] if lengths else 0))

    @property
    def n_readers(self) -> int:
        return int(self.values.shape[0])

    @property
    def n_cases(self) -> int:
        return int(self.values.shape[1])

    def of_readers(self, *readers: int) -> Measurements:
        """The same cases as these readers measured them."""
        return Measurements(self.values[list(readers)])

    def complete(self) -> NDArray[np.float64]:
        """The cases that every reader measured: readers x complete cases."""
        missing = np.isnan(self.values)
        return self.values[:, ~missing.any(axis=0)] if missing.any() else self.values

    def counts(self, cases: int) -> Counts:
        """What went in when `cases` could be used."""
        missing = int(np.isnan(self.values).sum())
        return Counts(cases, self.n_readers, self.values.size - missing, missing)


def incomplete_warning(data: Measurements, used: int) -> tuple[str, ...]:
    """That cases were left out because some reader did not measure them, if any were."""
    lost = data.n_cases - used
    return (f"{lost} of {data.n_cases} cases were not measured by every reader and are left out.",) if lost else ()


def as_measurements(data: Measurements | ArrayLike) -> Measurements:
    """The input form of a readers x cases array (NaN or None where missing)."""
    if isinstance(data, Measurements):
        return data
    if isinstance(data, np.ndarray) and data.dtype.kind != "O":
        return Measurements(data)
    rows: Any = data
    return Measurements.from_rows(rows)


def nothing_to_compare(data: Measurements, complete: NDArray[np.float64]) -> str | None:
    """Why these readers cannot be compared, or None when they can."""
    if data.n_readers < 2:
        return "only one reader" if data.n_readers else "no reader"
    if not data.n_cases:
        return "no case"
    if not complete.shape[1]:
        return "no case was measured by every reader"
    return None
