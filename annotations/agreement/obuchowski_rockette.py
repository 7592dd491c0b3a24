"""Obuchowski-Rockette analysis of a multi-reader multi-case study, with Hillis' degrees of freedom.

Obuchowski NA, Rockette HE. Commun Stat Simul 1995;24:285-308, doi:10.1080/03610919508813243; Hillis SL. Stat
Med 2007;26:596-619, doi:10.1002/sim.2532. Variance components are plain ANOVA estimates and may be negative;
only where the formula says max(.., 0) is anything clipped.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from .arm_average import arm_average
from .nested_readers import readers_within_arms
from .placements import Array
from .reader_study import (
    ONE_READER,
    Model,
    ReaderStudy,
    Reference,
    arms_test,
    check_model,
    hillis_df,
    not_analysed,
    off_diagonal_mean,
    rows_of,
)
from .reader_values import ReaderValues
from .registry import statistic
from .result import Estimate, undefined


@statistic(
    "Obuchowski-Rockette",
    suits=("score", "ordinal", "binary", "pathology"),
    assumes="every reader reads the same cases in every arm, or the design is nested (seen from what is missing)",
    undefined_when="one arm, one reader where readers are random, a class without cases, or every variance 0",
    reference="Obuchowski NA, Rockette HE. Commun Stat Simul 1995;24:285-308; Hillis SL. Stat Med 2007;26:596-619",
    doi="10.1002/sim.2532",
)
def obuchowski_rockette(
    values: ReaderValues, *, model: Model = "RRRC", level: float = 0.95, clip: bool = True
) -> ReaderStudy:
    """Compare the arms of a study whose readers' figures are `values` (see `reader_aucs` and its sisters).

    Readers who read in one arm only make the design nested (readers within arms). `clip=False` leaves cov2 -
    cov3 unclipped in FRRC, as MRMCaov does.
    """
    check_model(model)
    if values.undefined:
        return not_analysed(values, model, values.undefined)
    if values.values.shape[0] < 2:
        return not_analysed(values, model, "one arm: nothing to compare; see arm_average")
    present = ~np.isnan(values.values)
    if (present.sum(axis=0) <= 1).all() and values.values.shape[1] > 1:
        return readers_within_arms(values, model=model, level=level)
    crossed = np.asarray(present.all(axis=0))
    if not crossed.any():
        return not_analysed(values, model, "no reader has a value in every arm")
    warnings: tuple[str, ...] = ()
    if not crossed.all():
        left_out, every = int((~crossed).sum()), crossed.size
        warnings = (f"{left_out} of {every} readers have no value in some arm and are left out",)
        values = values.of_readers(np.flatnonzero(crossed).tolist())
    if values.values.shape[1] < 2 and model != "FRRC":
        return not_analysed(values, model, ONE_READER)
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


def _crossed(values: ReaderValues, model: Model, level: float, clip: bool, warnings: tuple[str, ...]) -> ReaderStudy:
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
        if r > 1:  # one reader says nothing about readers
            parts["var_r"] = (parts["ms_r"] - parts["ms_tr"]) / t - c["cov1"] + c["cov3"]
            parts["var_tr"] = parts["ms_tr"] - c["var_error"] + c["cov1"] + gap
    denominator = {"RRRC": parts["ms_tr"] + r * between, "FRRC": fixed, "RRFC": parts["ms_tr"]}[model]
    parts["denominator"] = denominator
    df2 = None
    if model == "RRRC":
        df2 = hillis_df(denominator, parts["ms_tr"], (t - 1) * (r - 1))
    elif model == "RRFC":
        df2 = (t - 1) * (r - 1)
    test = arms_test(values, model, parts["ms_t"], denominator, t - 1, df2)
    means = theta.mean(axis=1)
    differences = _all_pairs(values, model, means, 2 / r * denominator, df2, level)
    readers = _reader_differences(values, level) if model == "FRRC" and cov is not None else ()
    return ReaderStudy(model, values.endpoint, rows_of(theta), test, differences, arms, readers, parts, warnings)


def _all_pairs(
    values: ReaderValues, model: str, means: Array, variance: float, df: float | None, level: float
) -> tuple[Estimate, ...]:
    name, label = f"difference of average {values.endpoint}", f"Obuchowski-Rockette, {model}"
    reference = Reference(df, level)
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
        variance = 2 * (float(np.trace(own)) / len(own) - off_diagonal_mean(own))
        for i, j in combinations(range(len(own)), 2):
            extra = {"reader": reader, "pair": [i, j]}
            value = float(theta[i] - theta[j])
            found.append(Reference(None, level).estimate(name, label, value, variance, values.n, 0.0, **extra))
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
        Estimate(name, label, float(means[i] - means[j]), n=values.n, no_interval=reason, extra={"pair": [i, j]})
        for i, j in combinations(range(len(means)), 2)
    )
    test = undefined("equality of the arms", label, reason, values.n)
    return ReaderStudy(model, values.endpoint, rows_of(values.values), test, differences, arms, (), parts, warnings)
