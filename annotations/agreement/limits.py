"""Interval limits and tail probabilities from the standard distributions, straight from scipy.special."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from annotations.agreement.result import Interval, WrongCall


def check_level(level: float) -> float:
    """The two-sided confidence level. Raises WrongCall outside (0, 1)."""
    if not 0 < level < 1:
        raise WrongCall("level", "a confidence level between 0 and 1", level)
    return float(level)


def z_of(level: float) -> float:
    """Two-sided normal quantile."""
    return float(special.ndtri(0.5 + check_level(level) / 2))


def t_of(level: float, df: float) -> float:
    """Two-sided t quantile."""
    return float(special.stdtrit(df, 0.5 + check_level(level) / 2))


def normal_interval(value: float, se: float, level: float, method: str = "normal") -> Interval:
    half = z_of(level) * se
    return Interval(value - half, value + half, level, method)


def t_interval(value: float, se: float, df: float, level: float, method: str = "t") -> Interval:
    half = t_of(level, df) * se
    return Interval(value - half, value + half, level, f"{method}, df {df:g}")


def spread_df(own: NDArray[np.float64], times: NDArray[np.float64] | None = None) -> float:
    """Degrees of freedom of the variance of influences (mean 0), from how heavy their tails are; 1 to n - 1.

    `times`: how often each occurs (1). A variance that rests on a few cases is itself uncertain. Satterthwaite 1946
    (doi:10.2307/3002019): df = 2 / CV^2, with the variance of a sample variance by its fourth moment (Cramer 1946,
    Mathematical Methods of Statistics, 27.4, ISBN 978-0691005478). Normal influences have n - 1.
    """
    largest = float(np.abs(own).max(initial=0.0))
    counts = np.ones_like(own) if times is None else times
    n = float(counts.sum())
    if n < 3 or largest == 0:
        return max(n - 1, 1.0)
    squares = (own / largest) ** 2
    variance = float(np.einsum("i,i->", counts, squares)) / (n - 1)
    fourth = float(np.einsum("i,i,i->", counts, squares, squares)) / n
    of_variance = (fourth - variance**2 * (n - 3) / (n - 1)) / n
    return min(n - 1, max(1.0, 2 * variance**2 / of_variance)) if of_variance > 0 else n - 1


def below_one_interval(value: float, se: float, quantile: float, level: float, method: str) -> Interval:
    """Of a coefficient from -1 to 1: symmetric for log(1 - value), so that the upper limit stays below 1.

    The transformation has no lower end: with few cases the lower limit would leave the scale, and is cut at -1.

    In simulation (bench/coverage.py) it covers what it promises where the plain limits fall to 0.88: few cases, high
    agreement. At 1 itself, where the logarithm ends, the plain limits [1, 1] remain.
    """
    left = 1 - value
    if left <= 1e-12 or quantile * se / left > 50:
        return Interval(max(-1.0, value - quantile * se), value + quantile * se, level, method)
    stretch = math.exp(quantile * se / left)
    return Interval(max(-1.0, 1 - left * stretch), 1 - left / stretch, level, f"{method}, on log(1 - value)")


def normal_p(z: float) -> float:
    """Two-sided."""
    return float(2 * special.ndtr(-abs(z)))


def t_p(t: float, df: float) -> float:
    """Two-sided."""
    return float(2 * special.stdtr(df, -abs(t)))


def chi2_p(statistic: float, df: float) -> float:
    """Upper tail."""
    return float(special.chdtrc(df, statistic))


def proportion_interval(successes: float, n: float, level: float, method: str = "wilson") -> Interval:
    """Of a binomial proportion: "wilson" (1927), "clopper_pearson" (1934) or "agresti_coull" (1998).

    Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E. Agresti-Coull is not cut
    to [0, 1].
    """
    z = z_of(level)
    if method == "clopper_pearson":
        tail = (1 - level) / 2
        low = float(special.betaincinv(successes, n - successes + 1, tail)) if successes > 0 else 0.0
        high = float(special.betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
        return Interval(low, high, level, "Clopper-Pearson")
    centre = (successes + z * z / 2) / (n + z * z)
    if method == "wilson":
        share = successes / n
        half = z / (n + z * z) * math.sqrt(n * share * (1 - share) + z * z / 4)
        # at 0 and n the limit is exact, and rounding would leave it a hair outside
        low = 0.0 if successes == 0 else centre - half
        high = 1.0 if successes == n else centre + half
        return Interval(low, high, level, "Wilson")
    if method == "agresti_coull":
        half = z * math.sqrt(centre * (1 - centre) / (n + z * z))
        return Interval(centre - half, centre + half, level, "Agresti-Coull")
    raise WrongCall("method", "'wilson', 'clopper_pearson' or 'agresti_coull'", method)


def chi2_sd_interval(sd: float, df: float, level: float) -> Interval:
    """Of a standard deviation estimated on df degrees of freedom."""
    tail = (1 - check_level(level)) / 2
    low = sd * math.sqrt(df / float(special.chdtri(df, tail)))
    high = sd * math.sqrt(df / float(special.chdtri(df, 1 - tail)))
    return Interval(low, high, level, f"chi-square, df {df:g}")


def f_quantile(p: float, df1: float, df2: float) -> float:
    return float(special.fdtri(df1, df2, p))


def f_p(statistic: float, df1: float, df2: float) -> float:
    """Upper tail."""
    return float(special.fdtrc(df1, df2, statistic))


def noncentral_t_quantile(p: float, df: float, shift: float) -> float:
    return float(np.asarray(special.nctdtrit(df, shift, p)))
