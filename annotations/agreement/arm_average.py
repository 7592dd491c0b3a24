"""The average over readers in one arm, with readers and cases as random as the model says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from .area_limits import FEW_OF_A_CLASS, at_least, few_of_a_class, score_limits
from .auc import delong_limits
from .average_limits import CasePart, Stratum, fewest_cases, shared_part
from .limits import t_of, z_of
from .reader_study import ONE_READER, Model, Reference, check_model, hillis_df, off_diagonal_mean
from .reader_values import ReaderValues
from .registry import statistic
from .result import Estimate, Interval, WrongCall, undefined


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
    interval: Literal["score", "wald"] = "score",
) -> Estimate:
    """The average over readers in one arm: single-arm MRMC, never stacked readings.

    Readers without a value in that arm are left out, with a warning. `null` asks for a test against that value.
    `interval`: "score" (see `average_limits`; of a figure that is no share and no AUC, and of fixed cases, as "wald")
    or "wald", value -+ t standard errors, as the packages print. `extra`: the readers' values, mean square of readers,
    mean covariance (cov2) and variance over cases.
    """
    check_model(model)
    if interval not in ("score", "wald"):
        raise WrongCall("interval", "score or wald", interval)
    if not 0 <= arm < values.values.shape[0]:
        raise WrongCall("arm", f"the number of an arm, 0 to {values.values.shape[0] - 1}", arm)
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
    found = replace(found, warnings=found.warnings + left_out)
    if interval == "wald" or model == "RRFC" or not values.strata:
        return found
    return _on_its_scale(found, values.strata, Parts(model, ms_r, cov2, var_error, r), level)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the variance of an average is made of."""

    model: str
    ms_r: float
    cov2: float
    var_error: float
    readers: int


def _on_its_scale(found: Estimate, strata: tuple[Stratum, ...], parts: Parts, level: float) -> Estimate:
    """With limits of a share, or of an AUC of few cases; those of an AUC of many cases are taken on the logit scale."""
    value, fewest = float(found.value or 0.0), fewest_cases(strata)
    of_share = strata[0].of_other is None
    if not of_share and fewest >= FEW_OF_A_CLASS and found.interval and found.se and 0 < value < 1:
        _variance, df = _arm_variance(parts.model, parts.ms_r, parts.cov2, parts.var_error, parts.readers)
        limits = delong_limits(value, found.se, level, "logit", _quantile(df, level))
        return replace(found, interval=replace(limits, method=f"{_words(df)}, on the logit scale"))
    random, r = parts.model == "RRRC", parts.readers
    alike = shared_part(parts.var_error, parts.cov2, fewest)
    of_one = sum(stratum.variance(value) for stratum in strata)
    times = 1.0 if of_share else at_least(of_one, parts.var_error)
    of_cases = CasePart(strata, times * (alike if random else (1 + (r - 1) * alike) / r))
    of_readers = parts.ms_r / r if random else 0.0
    df = hillis_df(of_readers + of_cases.variance(value), of_readers, r - 1) if random else None
    said = found.warnings if of_share else found.warnings + few_of_a_class(fewest)
    room = value * (1 - value)

    def variance(at: float) -> float:
        # readers differ less, the nearer their average is to 0 or 1: their part goes with the room that is left there
        return of_readers * (at * (1 - at) / room if room > 0 else 1.0) + of_cases.variance(at)

    low, high = score_limits(value, variance, _quantile(df, level))
    method = f"{'Wilson' if of_share else 'Newcombe 2006, method 5'}, with the readers' part; {_words(df)}"
    return replace(found, interval=Interval(low, high, level, method), no_interval=None, warnings=said)


def _quantile(df: float | None, level: float) -> float:
    return z_of(level) if df is None else t_of(level, df)


def _words(df: float | None) -> str:
    return "normal" if df is None else "t, Hillis' df"


def _arm_variance(model: str, ms_r: float, cov2: float, var_error: float, r: int) -> tuple[float, float | None]:
    if model == "FRRC":
        return (var_error + (r - 1) * cov2) / r, None
    if model == "RRFC":
        return ms_r / r, r - 1
    total = ms_r + r * max(cov2, 0.0)
    return total / r, hillis_df(total, ms_r, r - 1)
