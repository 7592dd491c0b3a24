"""Error of measurement in the unit of the measurement: SEM, smallest detectable change, repeatability."""

from __future__ import annotations

import math

import numpy as np

from annotations.agreement.anova import mean_squares
from annotations.agreement.limits import chi2_sd_interval
from annotations.agreement.measurements import Measurements, as_measurements, nothing_to_compare
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall, undefined

DETECTABLE = 1.96 * math.sqrt(2)  # by convention 1.96, not the exact normal quantile


@statistic(
    "SEM",
    suits=("continuous",),
    assumes="one error variance over the range; complete cases",
    undefined_when="one case; fewer than two readers",
    reference="de Vet, Terwee, Knol & Bouter 2006; limits: chi-square, for agreement on Satterthwaite's df",
    doi="10.1016/j.jclinepi.2005.10.015",
)
def standard_error_of_measurement(data: Measurements, level: float = 0.95, *, type: str = "agreement") -> Estimate:
    """SEM with the smallest detectable change 1.96 sqrt(2) SEM in `extra`.

    "agreement" counts differences between readers as error (a negative variance of readers is set to 0),
    "consistency" does not.
    """
    if type not in ("agreement", "consistency"):
        raise WrongCall("type", "'agreement' or 'consistency'", type)
    measured = as_measurements(data)
    complete = measured.complete()
    name, estimator = "SEM", f"{type}, from two-way mean squares"
    counts = measured.counts(complete.shape[1])
    problem = nothing_to_compare(measured, complete)
    if problem is None and complete.shape[1] < 2:
        problem = "one case: error and case cannot be told apart"
    if problem is not None:
        return undefined(name, estimator, problem, counts)
    squares = mean_squares(complete)
    readers = max((squares.readers - squares.residual) / squares.n, 0.0) if type == "agreement" else 0.0
    value = math.sqrt(readers + squares.residual)
    df: float = squares.df_residual
    if readers:
        parts = (squares.readers / squares.n, squares.residual * (1 - 1 / squares.n))
        df = sum(parts) ** 2 / (parts[0] ** 2 / (squares.k - 1) + parts[1] ** 2 / squares.df_residual)
    return Estimate(
        name,
        estimator,
        value,
        interval=chi2_sd_interval(value, df, level),
        n=counts,
        df=df,
        extra={"sdc": DETECTABLE * value, "reader_variance": readers, "error_variance": squares.residual},
    )


@statistic(
    "within-subject SD",
    suits=("continuous",),
    assumes="one error variance over the range, unrelated to the size of the measurement",
    undefined_when="no case measured twice",
    reference="Bland & Altman 1996",
    doi="10.1136/bmj.313.7059.744",
)
def within_subject_sd(data: Measurements, level: float = 0.95, *, missing: str = "complete") -> Estimate:
    """Within-subject SD, with the repeatability coefficient in `extra`.

    Over the complete cases, as the ICC beside it, or with missing="available" over all cases measured twice.
    """
    if missing not in ("complete", "available"):
        raise WrongCall("missing", "'complete' or 'available'", missing)
    measured = as_measurements(data)
    name, estimator = "within-subject SD", "square root of the pooled variance within cases"
    given = ~np.isnan(measured.values)
    times = given.sum(axis=0)
    used = times >= (2 if missing == "available" else max(2, measured.n_readers))
    counts = measured.counts(int(used.sum()))
    if not used.any():
        return undefined(name, estimator, "no case was measured twice (by every reader)", counts)
    values = np.where(given, measured.values, 0.0)[:, used]
    away = np.where(given[:, used], values - values.sum(axis=0) / times[used], 0.0)
    df = int((times[used] - 1).sum())
    value = math.sqrt(float(np.vdot(away, away)) / df)
    return Estimate(
        name,
        estimator,
        value,
        interval=chi2_sd_interval(value, df, level),
        n=counts,
        df=df,
        extra={"repeatability_coefficient": DETECTABLE * value},
    )


@statistic(
    "repeatability coefficient",
    suits=("continuous",),
    assumes="two readings by one reader or method with no mean difference",
    undefined_when="no case measured twice",
    reference="British Standards Institution 1979, as in Bland & Altman 1986",
    doi="10.1016/S0140-6736(86)90837-8",
)
def repeatability_coefficient(data: Measurements, level: float = 0.95) -> Estimate:
    """Twice the root mean squared difference of two readings; the mean difference is taken as 0."""
    measured = as_measurements(data)
    name, estimator = "repeatability coefficient", "2 sqrt(mean squared difference)"
    if measured.n_readers > 2:
        raise WrongCall("data", "two readings of each case", f"{measured.n_readers} rows")
    complete = measured.complete()
    counts = measured.counts(complete.shape[1])
    problem = nothing_to_compare(measured, complete)
    if problem is not None:
        return undefined(name, estimator, problem, counts)
    gaps = complete[0] - complete[1]
    sd = math.sqrt(float(gaps @ gaps) / gaps.size)
    limits = chi2_sd_interval(2 * sd, gaps.size, level)
    return Estimate(name, estimator, 2 * sd, interval=limits, n=counts, extra={"sd_of_differences": sd})
