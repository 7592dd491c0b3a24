"""Intraclass correlation, all six forms of Shrout & Fleiss 1979 with the limits of McGraw & Wong 1996.

Negative values stay. Average forms are the Spearman-Brown transform of the single ones, value and limits alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from annotations.agreement.anova import MeanSquares, mean_squares
from annotations.agreement.limits import check_level, f_p, f_quantile
from annotations.agreement.measurements import (
    Measurements,
    as_measurements,
    incomplete_warning,
    nothing_to_compare,
)
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined

# Shrout-Fleiss name -> McGraw-Wong name, and what it answers
FORMS = {
    "ICC(1,1)": "ICC(1), one-way random, one reading",
    "ICC(2,1)": "ICC(A,1), two-way, absolute agreement, one reading",
    "ICC(3,1)": "ICC(C,1), two-way, consistency, one reading",
    "ICC(1,k)": "ICC(k), one-way random, mean of k readings",
    "ICC(2,k)": "ICC(A,k), two-way, absolute agreement, mean of k readings",
    "ICC(3,k)": "ICC(C,k), two-way, consistency, mean of k readings",
}


@dataclass(frozen=True, slots=True)
class _Single:
    """A single-reading form: numerator and denominator, test, and limits (None where the formula has none)."""

    top: float
    bottom: float
    error: float
    df2: float
    limits: tuple[float, float] | None


@statistic(
    "ICC",
    suits=("continuous", "score"),
    assumes="normal case, reader and error effects; complete cases; ICC(2,.) readers drawn from a population",
    undefined_when="one case; no variance; fewer than two readers",
    reference="Shrout & Fleiss 1979; limits McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30",
    doi="10.1037/0033-2909.86.2.420",
)
def icc(data: Measurements, level: float = 0.95, *, form: str = "ICC(2,1)") -> Estimate:
    """One form of the ICC over the complete cases; default ICC(2,1), absolute agreement of single readings.

    >>> import numpy as np
    >>> judges = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]])
    >>> round(icc(judges).value, 2)  # Shrout & Fleiss 1979, table 4
    0.29
    """
    if form not in FORMS:
        raise WrongCall("form", f"one of {tuple(FORMS)}", form)
    return _forms(data, level, (form,))[form]


def icc_forms(data: Measurements, level: float = 0.95) -> dict[str, Estimate]:
    """All six forms by their Shrout-Fleiss names, from one analysis of variance."""
    return _forms(data, level, tuple(FORMS))


def _forms(data: Measurements, level: float, forms: tuple[str, ...]) -> dict[str, Estimate]:
    measured = as_measurements(data)
    check_level(level)
    complete = measured.complete()
    counts = measured.counts(complete.shape[1])
    problem = nothing_to_compare(measured, complete)
    if problem is None and complete.shape[1] < 2:
        problem = "one case: no variance between cases can be estimated"
    if problem is not None:
        return {form: undefined("ICC", FORMS[form], problem, counts) for form in forms}
    squares = mean_squares(complete)
    singles = {kind: _SINGLE[kind](squares, level) for kind in {form[4] for form in forms}}
    said = incomplete_warning(measured, squares.n)
    return {form: replace(_estimate(form, squares, singles[form[4]], level, counts), warnings=said) for form in forms}


def _estimate(form: str, squares: MeanSquares, single: _Single, level: float, counts: Counts) -> Estimate:
    average = form.endswith("k)")
    components = {"ms_cases": squares.cases, "ms_readers": squares.readers, "ms_residual": squares.residual}
    extra = {**components, "n_readers": squares.k}
    if single.bottom == 0:
        reason = "no variance at all" if not squares.readers else "no variance but between the readers"
        return undefined("ICC", FORMS[form], f"{reason} (0/0)", counts, extra=extra)
    value = single.top / single.bottom
    if average:
        stepped = _stepped_up(value, squares.k)
        if stepped is None:
            reason = "the cases do not differ: the mean of k readings has no variance (division by 0)"
            return undefined("ICC", FORMS[form], reason, counts, extra=extra)
        value = stepped
    test = squares.cases / single.error if single.error else None
    extra |= {"df1": squares.df_cases, "df2": single.df2}
    interval = _interval(single, squares.k, average, level)
    return Estimate(
        "ICC",
        FORMS[form],
        value,
        interval=interval,
        n=counts,
        statistic=test,
        df=(squares.df_cases, single.df2),
        p=None if test is None else f_p(test, squares.df_cases, single.df2),
        extra=extra if test is None else {**extra, "F": test},
        no_interval=None
        if interval
        else "no residual variance"
        if not single.error
        else "the ICC is negative: no degrees of freedom",
    )


def _interval(single: _Single, k: int, average: bool, level: float) -> Interval | None:
    if single.limits is None:
        return None
    low, high = (_stepped_up(x, k) if average else x for x in single.limits)
    return Interval(low, high, level, "McGraw-Wong, F")


def _stepped_up(single: float, k: int) -> float | None:
    """Spearman-Brown; None at and below -1/(k-1), where it runs to minus infinity."""
    bottom = 1 + (k - 1) * single
    return k * single / bottom if bottom > 1e-12 else None


def _ratio_limits(squares: MeanSquares, error: float, df2: float, level: float) -> tuple[float, float] | None:
    if not error:
        return None
    upper = 0.5 + level / 2
    f = squares.cases / error
    low = f / f_quantile(upper, squares.df_cases, df2)
    high = f * f_quantile(upper, df2, squares.df_cases)
    return (low - 1) / (low + squares.k - 1), (high - 1) / (high + squares.k - 1)


def _one_way(squares: MeanSquares, level: float) -> _Single:
    limits = _ratio_limits(squares, squares.within, squares.df_within, level)
    top, bottom = squares.cases - squares.within, squares.cases + (squares.k - 1) * squares.within
    return _Single(top, bottom, squares.within, squares.df_within, limits)


def _consistency(squares: MeanSquares, level: float) -> _Single:
    limits = _ratio_limits(squares, squares.residual, squares.df_residual, level)
    top, bottom = squares.cases - squares.residual, squares.cases + (squares.k - 1) * squares.residual
    return _Single(top, bottom, squares.residual, squares.df_residual, limits)


def _agreement(squares: MeanSquares, level: float) -> _Single:
    n, k, error = squares.n, squares.k, squares.residual
    top = squares.cases - error
    bottom = squares.cases + (k - 1) * error + k * (squares.readers - error) / n
    limits = _agreement_limits(squares, top / bottom, level) if bottom and error else None
    return _Single(top, bottom, error, squares.df_residual, limits)


def _agreement_limits(squares: MeanSquares, value: float, level: float) -> tuple[float, float] | None:
    """Satterthwaite's degrees of freedom for the sum of reader and error variance (McGraw & Wong 1996, table 7)."""
    n, k, cases, readers, error = squares.n, squares.k, squares.cases, squares.readers, squares.residual
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * readers) ** 2 / (k - 1) + (b * error) ** 2 / squares.df_residual
    if not spread:
        return None
    df = (a * readers + b * error) ** 2 / spread
    upper = 0.5 + level / 2
    both = k * readers + (k * n - k - n) * error
    f_low, f_high = f_quantile(upper, n - 1, df), f_quantile(upper, df, n - 1)
    if not (math.isfinite(f_low) and math.isfinite(f_high)):  # a negative ICC can leave almost no degree of freedom
        return None
    low = n * (cases - f_low * error) / (f_low * both + n * cases)
    high = n * (f_high * cases - error) / (both + n * f_high * cases)
    # of a negative ICC of few cases the approximation can leave the value outside its own limits, or divide 0 by 0
    slack = 1e-9 * max(1.0, abs(value))
    return (low, high) if low - slack <= value <= high + slack else None


_SINGLE = {"1": _one_way, "2": _agreement, "3": _consistency}
