"""The average over readers in one arm, with readers and cases as random as the model says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .reader_study import ONE_READER, Model, Reference, check_model, hillis_df, off_diagonal_mean
from .reader_values import ReaderValues
from .registry import statistic
from .result import Estimate, undefined


@statistic(
    "average over readers",
    suits=("score", "ordinal", "binary", "pathology"),
    assumes="every reader reads the same cases, or a sample of them that does not depend on the answers",
    undefined_when="no reader has a value; no interval with one reader where readers are random, or one case",
    reference="Hillis SL. A comparison of denominator degrees of freedom methods for multiple observer ROC "
    "analysis. Stat Med 2007;26:596-619",
    doi="10.1002/sim.2532",
)
def arm_average(
    values: ReaderValues,
    arm: int = 0,
    *,
    model: Model = "RRRC",
    level: float = 0.95,
    null: float | None = None,
) -> Estimate:
    """The average over readers in one arm: single-arm MRMC, never stacked readings.

    Readers without a value in that arm are left out, with a warning. `null` asks for a test against that
    value. `extra`: the readers' values, mean square of readers, mean covariance (cov2) and variance over
    cases.
    """
    check_model(model)
    name, label = f"average {values.endpoint} over readers", f"single-arm Obuchowski-Rockette, {model}"
    if values.undefined:
        return undefined(name, label, values.undefined, values.n)
    own = values.values[arm]
    kept = np.flatnonzero(~np.isnan(own))
    if len(kept) == 0:
        return undefined(name, label, "no reader has a value in this arm", values.n)
    x, r = own[kept], len(kept)
    n = values.of_arms([arm]).of_readers(kept.tolist()).n
    left_out = () if r == len(own) else (f"{len(own) - r} of {len(own)} readers have no value and are left out",)
    extra: dict[str, Any] = {"reader_values": x.tolist()}
    if r == 1 and model != "FRRC":
        return Estimate(name, label, float(x[0]), n=n, extra=extra, no_interval=ONE_READER, warnings=left_out)
    ms_r = float(x.var(ddof=1)) if r > 1 else 0.0
    var_error = cov2 = 0.0
    if values.covariance is not None:
        matrix = values.covariance[arm][kept][:, arm][:, kept]
        var_error, cov2 = float(np.trace(matrix)) / r, off_diagonal_mean(matrix)
        extra |= {"ms_r": ms_r, "cov2": cov2, "var_error": var_error}
    elif model != "RRFC":
        reason = values.no_covariance or "no covariance"
        return Estimate(name, label, float(x.mean()), n=n, extra=extra, no_interval=reason, warnings=left_out)
    variance, df = _arm_variance(model, ms_r, cov2, var_error, r)
    found = Reference(df, level).estimate(name, label, float(x.mean()), variance, n, null, **extra)
    return replace(found, warnings=found.warnings + left_out)


def _arm_variance(model: str, ms_r: float, cov2: float, var_error: float, r: int) -> tuple[float, float | None]:
    if model == "FRRC":
        return (var_error + (r - 1) * cov2) / r, None
    if model == "RRFC":
        return ms_r / r, r - 1
    total = ms_r + r * max(cov2, 0.0)
    return total / r, hillis_df(total, ms_r, r - 1)
