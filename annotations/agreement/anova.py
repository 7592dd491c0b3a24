"""Mean squares of a complete readers x cases array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Two-way layout of k readers and n cases: between cases, between readers, residual, within cases."""

    cases: float
    readers: float
    residual: float
    within: float
    n: int
    k: int

    @property
    def df_cases(self) -> int:
        return self.n - 1

    @property
    def df_residual(self) -> int:
        return (self.n - 1) * (self.k - 1)

    @property
    def df_within(self) -> int:
        return self.n * (self.k - 1)


def mean_squares(values: NDArray[np.float64]) -> MeanSquares:
    """Of at least two cases by at least two readers. Residuals are squared themselves: no cancellation.

    What is constant in exact arithmetic is 0 here, not a rounding error that a ratio would make a number of.
    """
    k, n = values.shape
    away = values - values.mean()
    by_case, by_reader = away.mean(axis=0), away.mean(axis=1)
    residual = away - by_case
    residual -= by_reader[:, None]
    noise = (np.finfo(float).eps * 8 * float(np.abs(values).max())) ** 2
    between_cases = _unless_noise(k * float(np.einsum("i,i->", by_case, by_case)), noise * k * n)
    between_readers = _unless_noise(n * float(by_reader @ by_reader), noise * k * n)
    left = _unless_noise(float(np.einsum("ij,ij->", residual, residual)), noise * k * n)
    return MeanSquares(
        cases=between_cases / (n - 1),
        readers=between_readers / (k - 1),
        residual=left / ((n - 1) * (k - 1)),
        within=(between_readers + left) / (n * (k - 1)),
        n=n,
        k=k,
    )


def _unless_noise(sum_of_squares: float, noise: float) -> float:
    return 0.0 if sum_of_squares <= noise else sum_of_squares
