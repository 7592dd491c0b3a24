"""Obuchowski-Rockette analysis of a multi-reader multi-case study, with Hillis' degrees of freedom.

Obuchowski NA, Rockette HE. Commun Stat Simul 1995;24:285-308, doi:10.1080/03610919508813243; Hillis SL. Stat Med
2007;26:596-619, doi:10.1002/sim.2532; nested readers: Hillis SL. Stat Med 2014;33:330-360, doi:10.1002/sim.5926.
Models: RRRC random readers and cases, FRRC fixed readers, RRFC fixed cases. Variance components are plain ANOVA
estimates and may be negative; only where the formula says max(.., 0) is anything clipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, stdtr, stdtrit

from .placements import Array
from .proportion import normal_quantile
from .reader_values import ReaderValues
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

Model = Literal["RRRC", "FRRC", "RRFC"]
_NOTHING = 1e-16  # a variance of accuracies below this is rounding: standard errors under 1e-8
ONE_READER = "random readers need at least two readers; with one, readers can only be fixed (FRRC)"
NO_VARIANCE = "every variance is 0: the test would be 0/0"
_SUITS = ("score", "ordinal", "binary", "pathology")
_ASSUMES = (
    "every reader reads the same cases in every arm, or the design is nested (found from the missing ratings)"
)
_REFERENCE = (
    "Obuchowski NA, Rockette HE. Commun Stat Simul 1995;24:285-308; Hillis SL. Stat Med 2007;26:596-619"
)
_DOI = "10.1002/sim.2532"


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


@dataclass(frozen=True, slots=True)
class _Reference:
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
        if variance < _NOTHING:
            return Estimate(
                name, label, value, 0.0, n=n, extra=extra, no_interval=NO_VARIANCE, warnings=(NO_VARIANCE,)
            )
        quantile = (
            normal_quantile(self.level) if self.df is None else float(stdtrit(self.df, 0.5 + self.level / 2))
        )
        score = None if null is None else (value - null) / se
        tail = (
            None if score is None else ndtr(-abs(score)) if self.df is None else stdtr(self.df, -abs(score))
        )
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


def _off_diagonal_mean(matrix: Array) -> float:
    size = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (size * (size - 1))) if size > 1 else 0.0


def _ddf(total: float, mean_square: float, df: float) -> float | None:
    """Hillis' denominator degrees of freedom; None (normal) where the readers' mean square is 0."""
    return None if mean_square < _NOTHING else total**2 / (mean_square**2 / df)


def arm_average(
    values: ReaderValues,
    arm: int = 0,
    *,
    model: Model = "RRRC",
    level: float = 0.95,
    null: float | None = None,
) -> Estimate:
    """The average over readers in one arm: single-arm MRMC, never stacked readings.

    Readers without a value in that arm are left out, with a warning. `null` asks for a test against that value.
    `extra`: the readers' values, mean square of readers, mean covariance (cov2) and variance over cases.
    """
    _check_model(model)
    name, label = f"average {values.endpoint} over readers", f"single-arm Obuchowski-Rockette, {model}"
    if values.undefined:
        return undefined(name, label, values.undefined, values.n)
    own = values.values[arm]
    kept = np.flatnonzero(~np.isnan(own))
    if len(kept) == 0:
        return undefined(name, label, "no reader has a value in this arm", values.n)
    x, r = own[kept], len(kept)
    n = Counts(values.n.cases, r, values.n.ratings, values.n.missing)
    left_out = (
        () if r == len(own) else (f"{len(own) - r} of {len(own)} readers have no value and are left out",)
    )
    extra: dict[str, Any] = {"reader_values": x.tolist()}
    if r == 1 and model != "FRRC":
        return Estimate(name, label, float(x[0]), n=n, extra=extra, no_interval=ONE_READER, warnings=left_out)
    ms_r = float(x.var(ddof=1)) if r > 1 else 0.0
    var_error = cov2 = 0.0
    if values.covariance is not None:
        matrix = values.covariance[arm][kept][:, arm][:, kept]
        var_error, cov2 = float(np.trace(matrix)) / r, _off_diagonal_mean(matrix)
        extra |= {"ms_r": ms_r, "cov2": cov2, "var_error": var_error}
    elif model != "RRFC":
        reason = values.no_covariance or "no covariance"
        return Estimate(name, label, float(x.mean()), n=n, extra=extra, no_interval=reason, warnings=left_out)
    variance, df = _arm_variance(model, ms_r, cov2, var_error, r)
    found = _Reference(df, level).estimate(name, label, float(x.mean()), variance, n, null, **extra)
    return found if not left_out else _with_warnings(found, left_out)


def _arm_variance(
    model: str, ms_r: float, cov2: float, var_error: float, r: int
) -> tuple[float, float | None]:
    if model == "FRRC":
        return (var_error + (r - 1) * cov2) / r, None
    if model == "RRFC":
        return ms_r / r, r - 1
    total = ms_r + r * max(cov2, 0.0)
    return total / r, _ddf(total, ms_r, r - 1)


def _with_warnings(estimate: Estimate, more: tuple[str, ...]) -> Estimate:
    from dataclasses import replace

    return replace(estimate, warnings=estimate.warnings + more)


def _check_model(model: str) -> None:
    if model not in ("RRRC", "FRRC", "RRFC"):
        raise WrongCall("model", "RRRC, FRRC or RRFC", model)


def _rows(values: Array) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(None if np.isnan(v) else float(v) for v in row) for row in values)


def _nothing(values: ReaderValues, model: str, reason: str) -> ReaderStudy:
    test = undefined("equality of the arms", f"Obuchowski-Rockette, {model}", reason, values.n)
    return ReaderStudy(model, values.endpoint, _rows(values.values), test)


@statistic(
    "Obuchowski-Rockette",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one arm, one reader where readers are random, a class without cases, or every variance 0",
    reference=_REFERENCE,
    doi=_DOI,
)
def obuchowski_rockette(
    values: ReaderValues, *, model: Model = "RRRC", level: float = 0.95, clip: bool = True
) -> ReaderStudy:
    """Compare the arms of a study whose readers' figures are `values` (see `reader_aucs` and its sisters).

    Readers who read in one arm only make the design nested (readers within arms). `clip=False` leaves cov2 - cov3
    unclipped in FRRC, as MRMCaov does.
    """
    _check_model(model)
    if values.undefined:
        return _nothing(values, model, values.undefined)
    if values.values.shape[0] < 2:
        return _nothing(values, model, "one arm: nothing to compare; see arm_average")
    present = ~np.isnan(values.values)
    if (present.sum(axis=0) <= 1).all() and values.values.shape[1] > 1:
        from .nested_readers import readers_within_arms

        return readers_within_arms(values, model=model, level=level)
    crossed = present.all(axis=0)
    if not crossed.any():
        return _nothing(values, model, "no reader has a value in every arm")
    warnings: tuple[str, ...] = ()
    if not crossed.all():
        warnings = (f"{int((~crossed).sum())} readers without a value in every arm are left out",)
        values = values.of_readers(np.flatnonzero(crossed).tolist())
    if values.values.shape[1] < 2 and model != "FRRC":
        return _nothing(values, model, ONE_READER)
    return _crossed(values, model, level, clip, warnings)


def _mean_squares(theta: Array) -> dict[str, float]:
    t, r = theta.shape
    arms, readers, grand = theta.mean(axis=1), theta.mean(axis=0), theta.mean()
    rest = theta - arms[:, None] - readers[None, :] + grand
    return {
        "ms_t": float(r * ((arms - grand) ** 2).sum() / (t - 1)),
        "ms_r": float(t * ((readers - grand) ** 2).sum() / (r - 1)) if r > 1 else 0.0,
        "ms_tr": float((rest**2).sum() / ((t - 1) * (r - 1))) if r > 1 else 0.0,
    }


def _covariances(cov: Array) -> dict[str, float]:
    """Mean variance, and mean covariance within reader (1), within arm (2) and across both (3)."""
    t, r = cov.shape[:2]
    of_readers = np.einsum("ijkj->ik", cov)  # summed over readers, same reader in both
    of_arms = np.einsum("ijil->jl", cov)
    diagonal, total = float(np.trace(of_readers)), float(cov.sum())
    same_reader, same_arm = float(of_readers.sum()) - diagonal, float(of_arms.sum()) - diagonal
    neither = total - same_reader - same_arm - diagonal
    return {
        "var_error": diagonal / (t * r),
        "cov1": same_reader / (t * (t - 1) * r),
        "cov2": same_arm / (t * r * (r - 1)) if r > 1 else 0.0,
        "cov3": neither / (t * (t - 1) * r * (r - 1)) if r > 1 else 0.0,
    }


def _crossed(
    values: ReaderValues, model: Model, level: float, clip: bool, warnings: tuple[str, ...]
) -> ReaderStudy:
    theta, cov = values.values, values.covariance
    t, r = theta.shape
    parts: dict[str, Any] = _mean_squares(theta)
    arms = tuple(arm_average(values, arm, model=model, level=level) for arm in range(t))
    if cov is None and model != "RRFC":
        return _without_covariance(values, model, parts, arms, warnings)
    between, fixed = 0.0, 0.0
    if cov is not None:
        c = _covariances(cov)
        gap = c["cov2"] - c["cov3"]
        between = max(gap, 0.0)
        fixed = c["var_error"] - c["cov1"] + (r - 1) * (between if clip else gap)
        parts |= c
        parts["var_r"] = (parts["ms_r"] - parts["ms_tr"]) / t - c["cov1"] + c["cov3"]
        parts["var_tr"] = parts["ms_tr"] - c["var_error"] + c["cov1"] + gap
    denominator = {"RRRC": parts["ms_tr"] + r * between, "FRRC": fixed, "RRFC": parts["ms_tr"]}[model]
    parts["denominator"] = denominator
    df2 = None
    if model == "RRRC":
        df2 = _ddf(denominator, parts["ms_tr"], (t - 1) * (r - 1))
    elif model == "RRFC":
        df2 = (t - 1) * (r - 1)
    test = _arms_test(values, model, parts["ms_t"], denominator, t - 1, df2)
    means = theta.mean(axis=1)
    differences = _all_pairs(values, model, means, 2 / r * denominator, df2, level)
    readers = _reader_differences(values, level) if model == "FRRC" and cov is not None else ()
    return ReaderStudy(
        model, values.endpoint, _rows(theta), test, differences, arms, readers, parts, warnings
    )


def _arms_test(
    values: ReaderValues, model: str, ms_t: float, denominator: float, df1: int, df2: float | None
) -> Estimate:
    name, label = "equality of the arms", f"Obuchowski-Rockette, {model}"
    if denominator < _NOTHING:
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


def _all_pairs(
    values: ReaderValues, model: str, means: Array, variance: float, df: float | None, level: float
) -> tuple[Estimate, ...]:
    name, label = f"difference of average {values.endpoint}", f"Obuchowski-Rockette, {model}"
    reference = _Reference(df, level)
    return tuple(
        reference.estimate(name, label, float(means[i] - means[j]), variance, values.n, 0.0, pair=[i, j])
        for i, j in combinations(range(len(means)), 2)
    )


def _reader_differences(values: ReaderValues, level: float) -> tuple[Estimate, ...]:
    """Each reader's own differences; variance and covariance averaged over that reader's arms."""
    assert values.covariance is not None
    found = []
    name, label = f"difference of {values.endpoint} of one reader", "Obuchowski-Rockette, FRRC"
    for reader in range(values.values.shape[1]):
        own, theta = values.covariance[:, reader, :, reader], values.values[:, reader]
        variance = 2 * (float(np.trace(own)) / len(own) - _off_diagonal_mean(own))
        for i, j in combinations(range(len(own)), 2):
            extra = {"reader": reader, "pair": [i, j]}
            value = float(theta[i] - theta[j])
            found.append(
                _Reference(None, level).estimate(name, label, value, variance, values.n, 0.0, **extra)
            )
    return tuple(found)


def _without_covariance(
    values: ReaderValues,
    model: str,
    parts: dict[str, Any],
    arms: tuple[Estimate, ...],
    warnings: tuple[str, ...],
) -> ReaderStudy:
    """Values and mean squares stand; whatever needs the spread over cases is absent, with the reason."""
    reason = values.no_covariance or "no covariance over cases"
    means = values.values.mean(axis=1)
    name, label = f"difference of average {values.endpoint}", f"Obuchowski-Rockette, {model}"
    differences = tuple(
        Estimate(
            name, label, float(means[i] - means[j]), n=values.n, no_interval=reason, extra={"pair": [i, j]}
        )
        for i, j in combinations(range(len(means)), 2)
    )
    test = undefined("equality of the arms", label, reason, values.n)
    return ReaderStudy(
        model, values.endpoint, _rows(values.values), test, differences, arms, (), parts, warnings
    )
