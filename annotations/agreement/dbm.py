"""Dorfman-Berbaum-Metz: three-way ANOVA of jackknife pseudovalues, with Hillis' degrees of freedom.

With raw pseudovalues it is the Obuchowski-Rockette analysis under jackknife covariances (Hillis, Obuchowski,
Schartz, Berbaum. Stat Med 2005;24:1579-1607, doi:10.1002/sim.2024); it adds the variance components of cases.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .reader_aucs import curves_of
from .reader_study import (
    NEGLIGIBLE,
    NO_VARIANCE,
    ONE_READER,
    Model,
    ReaderStudy,
    Reference,
    check_model,
    hillis_df,
    rows_of,
)
from .reader_values import ONE_IN_A_CLASS, count_ratings, read_ratings
from .registry import statistic
from .result import Counts, Estimate, WrongCall, undefined


def auc_pseudovalues(truth: ArrayLike, ratings: ArrayLike) -> tuple[Array, Array]:
    """Raw jackknife pseudovalues of the AUC (arms, readers, cases), and the AUCs themselves (arms, readers).

    Needs complete ratings and two cases of each class. Raises WrongCall.
    """
    truth_array, array = read_ratings(truth, ratings)
    if np.isnan(array).any():
        raise WrongCall("ratings", "complete ratings for pseudovalues", "missing ratings")
    t, r, n = array.shape
    flat = array.reshape(-1, n)
    values, of_diseased, of_healthy = curves_of(flat[:, truth_array], flat[:, ~truth_array])
    pseudo = np.empty_like(flat)
    pseudo[:, truth_array] = of_diseased * (n - 1) / (truth_array.sum() - 1)
    pseudo[:, ~truth_array] = of_healthy * (n - 1) / ((~truth_array).sum() - 1)
    pseudo += values[:, None]
    return pseudo.reshape(t, r, n), values.reshape(t, r)


def _anova(y: Array) -> dict[str, float]:
    """Mean squares of a complete arms x readers x cases layout."""
    t, r, k = y.shape
    grand = y.mean()
    a, b, c = y.mean(axis=(1, 2)), y.mean(axis=(0, 2)), y.mean(axis=(0, 1))
    ab, ac, bc = y.mean(axis=2), y.mean(axis=1), y.mean(axis=0)
    rab = ab - a[:, None] - b[None] + grand
    rac = ac - a[:, None] - c[None] + grand
    rbc = bc - b[:, None] - c[None] + grand
    rest = y - ab[:, :, None] - ac[:, None, :] - bc[None] + a[:, None, None] + b[None, :, None] + c - grand
    return {
        "ms_t": r * k * float(((a - grand) ** 2).sum()) / (t - 1),
        "ms_r": t * k * float(((b - grand) ** 2).sum()) / (r - 1),
        "ms_c": t * r * float(((c - grand) ** 2).sum()) / (k - 1),
        "ms_tr": k * float((rab**2).sum()) / ((t - 1) * (r - 1)),
        "ms_tc": r * float((rac**2).sum()) / ((t - 1) * (k - 1)),
        "ms_rc": t * float((rbc**2).sum()) / ((r - 1) * (k - 1)),
        "ms_trc": float((rest**2).sum()) / ((t - 1) * (r - 1) * (k - 1)),
    }


def _components(ms: dict[str, float], t: int, r: int, k: int) -> dict[str, float]:
    return {
        "var_r": (ms["ms_r"] - ms["ms_tr"] - ms["ms_rc"] + ms["ms_trc"]) / (t * k),
        "var_c": (ms["ms_c"] - ms["ms_tc"] - ms["ms_rc"] + ms["ms_trc"]) / (t * r),
        "var_tr": (ms["ms_tr"] - ms["ms_trc"]) / k,
        "var_tc": (ms["ms_tc"] - ms["ms_trc"]) / r,
        "var_rc": (ms["ms_rc"] - ms["ms_trc"]) / t,
        "var_trc_plus_error": ms["ms_trc"],
    }


@statistic(
    "Dorfman-Berbaum-Metz",
    suits=("score", "ordinal", "pathology"),
    assumes="every reader reads every case in every arm",
    undefined_when="fewer than two arms, readers, or cases of a class",
    reference="Dorfman DD, Berbaum KS, Metz CE. Invest Radiol 1992;27:723-731",
    doi="10.1097/00004424-199209000-00015",
)
def dorfman_berbaum_metz(
    truth: ArrayLike, ratings: ArrayLike, *, model: Model = "RRRC", level: float = 0.95
) -> ReaderStudy:
    """Compare arms by the AUC of every reader: ratings (arms, readers, cases), complete. Raises WrongCall if
    not.

    FRRC takes F on (t - 1) and (t - 1)(cases - 1) df, as DBM does, where Obuchowski-Rockette takes
    chi-square.
    """
    check_model(model)
    truth_array, array = read_ratings(truth, ratings)
    t, r, k = array.shape
    counts = count_ratings(array)
    name, label = "equality of the arms", f"Dorfman-Berbaum-Metz, {model}"
    reason = None
    if truth_array.sum() in (0, k):
        reason = NO_HEALTHY if truth_array.any() else NO_DISEASED
    elif min(truth_array.sum(), k - truth_array.sum()) < 2:
        reason = ONE_IN_A_CLASS
    elif t < 2 or r < 2:
        reason = ONE_READER if r < 2 else "one arm: nothing to compare"
    if reason:
        return ReaderStudy(model, "AUC", (), undefined(name, label, reason, counts))
    pseudo, values = auc_pseudovalues(truth, ratings)
    ms = _anova(pseudo)
    denominator, df = _denominator(ms, model, t, r, k)
    parts: dict[str, Any] = ms | _components(ms, t, r, k) | {"denominator": denominator}
    test = _test(ms["ms_t"], denominator, t - 1, df, label, counts)
    reference, means, scale = Reference(df, level), values.mean(axis=1), 2 / (r * k)
    name = "difference of average AUC"
    differences = tuple(
        reference.estimate(name, label, float(means[i] - means[j]), scale * denominator, counts, 0.0, pair=[i, j])
        for i, j in combinations(range(t), 2)
    )
    return ReaderStudy(model, "AUC", rows_of(values), test, differences, components=parts)


def _denominator(ms: dict[str, float], model: str, t: int, r: int, k: int) -> tuple[float, float | None]:
    if model == "FRRC":
        return ms["ms_tc"], (t - 1) * (k - 1)
    if model == "RRFC":
        return ms["ms_tr"], (t - 1) * (r - 1)
    total = ms["ms_tr"] + max(ms["ms_tc"] - ms["ms_trc"], 0.0)
    return total, hillis_df(total, ms["ms_tr"], (t - 1) * (r - 1))


def _test(ms_t: float, denominator: float, df1: int, df2: float | None, label: str, n: Counts) -> Estimate:
    name = "equality of the arms"
    if denominator < NEGLIGIBLE:
        return undefined(name, label, NO_VARIANCE, n)
    ratio = ms_t / denominator
    p = float(fdtrc(df1, df2 if df2 is not None else math.inf, ratio))
    df = (df1, df2) if df2 is not None else df1
    return Estimate(
        name, label, ratio, n=n, statistic=ratio, df=df, p=p, no_interval="a test has none",
        extra={"distribution": "F"},
    )  # fmt: skip
