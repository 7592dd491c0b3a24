"""The form in which an analysed reader study comes back, and the tests its analyses share.

Models: RRRC random readers and cases, FRRC fixed readers, RRFC fixed cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, stdtr, stdtrit

from .placements import Array
from .proportion import normal_quantile
from .reader_values import ReaderValues
from .result import Counts, Estimate, Interval, WrongCall, undefined

Model = Literal["RRRC", "FRRC", "RRFC"]
NEGLIGIBLE = 1e-16  # a variance of accuracies below this is rounding: standard errors under 1e-8
ONE_READER = "random readers need at least two readers; with one, readers can only be fixed (FRRC)"
NO_VARIANCE = "every variance is 0: the test would be 0/0"


@dataclass(frozen=True, slots=True)
class ReaderStudy:
    """An analysed study.

    test          equality of the arms: value and statistic are F (or chi-square), df and p
    differences   for every pair of arms, first minus second; `extra["pair"]` numbers them from 0
    arms          the average over readers in each arm, analysed from that arm alone
    readers       for fixed readers: every reader's own differences; `extra["reader"]` numbers from 0
    components    mean squares, covariances and variance components
    """

    model: str
    endpoint: str
    values: tuple[tuple[float | None, ...], ...]
    test: Estimate
    differences: tuple[Estimate, ...] = ()
    arms: tuple[Estimate, ...] = ()
    readers: tuple[Estimate, ...] = ()
    components: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and finite numbers, for canonical JSON."""
        return {
            "model": self.model,
            "endpoint": self.endpoint,
            "values": [list(row) for row in self.values],
            "test": self.test.as_json(),
            "differences": [found.as_json() for found in self.differences],
            "arms": [found.as_json() for found in self.arms],
            "readers": [found.as_json() for found in self.readers],
            "components": dict(self.components),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Reference:
    """Normal, or t with df, at a level."""

    df: float | None
    level: float

    def estimate(
        self,
        name: str,
        label: str,
        value: float,
        variance: float,
        n: Counts,
        null: float | None,
        **extra: Any,
    ) -> Estimate:
        se = math.sqrt(max(variance, 0.0))
        if variance < 0:
            reason = "the estimated variance is negative"
            return Estimate(name, label, value, n=n, extra=extra, no_interval=reason, warnings=(reason,))
        if variance < NEGLIGIBLE:
            return Estimate(name, label, value, 0.0, n=n, extra=extra, no_interval=NO_VARIANCE, warnings=(NO_VARIANCE,))
        quantile = normal_quantile(self.level) if self.df is None else float(stdtrit(self.df, 0.5 + self.level / 2))
        score = None if null is None else (value - null) / se
        tail = None if score is None else ndtr(-abs(score)) if self.df is None else stdtr(self.df, -abs(score))
        how = "normal" if self.df is None else "t, Hillis' df"
        return Estimate(
            name,
            label,
            value,
            se,
            Interval(value - quantile * se, value + quantile * se, self.level, f"{how}; not cut to [0, 1]"),
            n,
            score,
            self.df,
            None if tail is None else float(2 * tail),
            extra,
        )


def off_diagonal_mean(matrix: Array) -> float:
    size = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (size * (size - 1))) if size > 1 else 0.0


def hillis_df(total: float, mean_square: float, df: float) -> float | None:
    """Hillis' denominator degrees of freedom; None (normal) where the readers' mean square is 0."""
    return None if mean_square < NEGLIGIBLE else total**2 / (mean_square**2 / df)


def check_model(model: str) -> None:
    if model not in ("RRRC", "FRRC", "RRFC"):
        raise WrongCall("model", "RRRC, FRRC or RRFC", model)


def rows_of(values: Array) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(None if np.isnan(v) else float(v) for v in row) for row in values)


def not_analysed(values: ReaderValues, model: str, reason: str) -> ReaderStudy:
    test = undefined("equality of the arms", f"Obuchowski-Rockette, {model}", reason, values.n)
    return ReaderStudy(model, values.endpoint, rows_of(values.values), test)


def arms_test(
    values: ReaderValues, model: str, ms_t: float, denominator: float, df1: int, df2: float | None
) -> Estimate:
    name, label = "equality of the arms", f"Obuchowski-Rockette, {model}"
    if denominator < NEGLIGIBLE:
        return undefined(name, label, NO_VARIANCE, values.n)
    ratio = ms_t / denominator
    if df2 is None:
        total = df1 * ratio
        return Estimate(
            name, label, total, n=values.n, statistic=total, df=df1, p=float(chdtrc(df1, total)),
            no_interval="a test has none", extra={"distribution": "chi2"},
        )  # fmt: skip
    return Estimate(
        name, label, ratio, n=values.n, statistic=ratio, df=(df1, df2), p=float(fdtrc(df1, df2, ratio)),
        no_interval="a test has none", extra={"distribution": "F"},
    )  # fmt: skip
