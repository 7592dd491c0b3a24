"""Limits of the ICC(A,1) of readers who stand for others: a generalised confidence interval, without simulation.

With two readers the spread among readers rests on one degree of freedom, and the limits of McGraw & Wong, which
approximate it (Satterthwaite), hold the truth in 83 of 100 studies in place of 95 (bench/coverage.py). The generalised
interval takes each mean square's chi-square for what it is; it keeps its promise down to two readers and is then wide.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import brentq

from annotations.agreement.anova import MeanSquares

Array = NDArray[np.float64]
_OF_CASES, _OF_ERROR = 24, 16  # nodes of the quadrature over the chi-squares of cases and of the residual


def generalised_limits(squares: MeanSquares, level: float) -> tuple[float, float]:
    """Equal-tailed limits of the share of the cases' variance in the whole variance of one reading.

    Ionan et al. 2014, doi:10.1186/1471-2288-14-121, after Gilder et al. 2007. The share that lies below x is the
    readers' chi-square distribution at the x that the other two chi-squares allow, averaged over these by
    Gauss-Legendre in their probabilities; x is found by Brent's method.
    """
    below = _distribution(squares)
    tail = (1 - level) / 2
    return _quantile(below, tail), _quantile(below, 1 - tail)


def _distribution(squares: MeanSquares) -> Callable[[float], float]:
    n, k = squares.n, squares.k
    p_cases, of_cases = _nodes(_OF_CASES)
    p_error, of_error = _nodes(_OF_ERROR)
    error = squares.residual * squares.df_residual / special.chdtri(squares.df_residual, 1 - p_error)
    among = squares.cases * squares.df_cases / special.chdtri(squares.df_cases, 1 - p_cases)
    cases = (among[:, None] - error[None, :]) / k
    weights = of_cases[:, None] * of_error[None, :]
    of_readers = squares.readers * (k - 1)

    def below(x: float) -> float:
        if x == 0:
            return float((weights * (cases <= 0)).sum())
        # ICC <= x where the readers' variance (their sum of squares / chi-square - error) / n is at least this
        bound = n * (cases * (1 / x - 1) - error) + error
        reached = special.chdtr(k - 1, of_readers / np.where(bound > 0, bound, np.inf))
        if x < 0:
            reached = np.where(bound > 0, 1 - reached, 0.0)
        else:
            reached = np.where(bound > 0, reached, 1.0)
        return float((weights * reached).sum())

    return below


@lru_cache(maxsize=4)
def _nodes(number: int) -> tuple[Array, Array]:
    """Gauss-Legendre on (0, 1): nodes and weights."""
    places, weights = np.polynomial.legendre.leggauss(number)
    return (places + 1) / 2, weights / 2


def _quantile(below: Callable[[float], float], share: float) -> float:
    if below(-1.0) >= share:
        return -1.0
    return 1.0 if below(1.0) <= share else float(brentq(lambda x: below(x) - share, -1.0, 1.0, xtol=1e-11, rtol=1e-11))
