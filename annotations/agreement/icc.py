"""Intraclass correlation, all six forms of Shrout & Fleiss 1979, with exact F limits or those of `icc_limits`.

Negative values stay. Average forms are the Spearman-Brown transform of the single ones, value and limits alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from annotations.agreement.anova import MeanSquares, mean_squares
from annotations.agreement.icc_limits import generalised_limits
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
    method: str = "McGraw-Wong, F"


@statistic(
    "ICC",
    suits=("continuous", "score"),
    assumes="normal case, reader and error effects; complete cases; ICC(2,.) readers drawn from a population",
    undefined_when="one case; no variance; fewer than two readers",
    reference="Shrout & Fleiss 1979; limits of ICC(2,.) by the generalised interval, Ionan et al. 2014,"
    " doi:10.1186/1471-2288-14-121, of the others (and on request) McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30",
    doi="10.1037/0033-2909.86.2.420",
)
def icc(data: Measurements, level: float = 0.95, *, form: str = "ICC(2,1)", interval: str = "generalised") -> Estimate:
    """One form of the ICC over the complete cases; default ICC(2,1), absolute agreement of single readings.

    `interval` of the forms ICC(2,.): "generalised" or "mcgraw_wong"; the others are exact by F either way.

    >>> import numpy as np
    >>> judges = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]])
    >>> round(icc(judges).value, 2)  # Shrout & Fleiss 1979, table 4
    0.29
    """
    if form not in FORMS:
        raise WrongCall("form", f"one of {tuple(FORMS)}", form)
    return _forms(data, level, (form,), interval)[form]


def icc_forms(data: Measurements, level: float = 0.95, *, interval: str = "generalised") -> dict[str, Estimate]:
    """All six forms by their Shrout-Fleiss names, from one analysis of variance."""
    return _forms(data, level, tuple(FORMS), interval)


def _forms(data: Measurements, level: float, forms: tuple[str, ...], interval: str) -> dict[str, Estimate]:
    if interval not in ("generalised", "mcgraw_wong"):
        raise WrongCall("interval", "'generalised' or 'mcgraw_wong'", interval)
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
    singles = {kind: _single(kind, squares, level, interval) for kind in {form[4] for form in forms}}
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
    return Interval(low, high, level, single.method)


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


def _single(kind: str, squares: MeanSquares, level: float, interval: str) -> _Single:
    if kind == "2":
        return _agreement(squares, level, interval)
    return (_one_way if kind == "1" else _consistency)(squares, level)


def _agreement(squares: MeanSquares, level: float, interval: str) -> _Single:
    n, k, error = squares.n, squares.k, squares.residual
    top = squares.cases - error
    bottom = squares.cases + (k - 1) * error + k * (squares.readers - error) / n
    if interval == "mcgraw_wong":
        limits = _agreement_limits(squares, top / bottom, level) if bottom and error else None
        return _Single(top, bottom, error, squares.df_residual, limits)
    limits = _holding(top / bottom, *generalised_limits(squares, level)) if bottom and error else None
    return _Single(top, bottom, error, squares.df_residual, limits, "generalised (Ionan 2014)")


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
    return _holding(value, low, high)


def _holding(value: float, low: float, high: float) -> tuple[float, float] | None:
    """None where, of a negative ICC of few cases, the value lies outside its own limits, or they are 0/0."""
    slack = 1e-9 * max(1.0, abs(value))
    return (low, high) if low - slack <= value <= high + slack else None
