"""The one-shot U-statistic estimate of MRMC variance, for complete and incomplete reading designs.

Gallas BD, Bandos A, Samuelson FW, Wagner RF. Commun Stat A 2009;38:2586-2603, doi:10.1080/03610920802610084.
The area pools the pairs of all readers, so with incomplete designs a reader with more readable pairs weighs
more. Degrees of freedom: Satterthwaite over the readers', diseased and healthy components (Obuchowski,
Gallas, Hillis. Acad Radiol 2012;19:1508-1517, doi:10.1016/j.acra.2012.09.012), never below the smallest of
theirs (Gaylor & Hopper 1969).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr, stdtrit

from .binary_accuracy import NO_DISEASED, NO_HEALTHY
from .placements import Array
from .proportion import normal_quantile
from .reader_covariance import kernels
from .reader_values import count_ratings, read_ratings
from .registry import statistic
from .result import Counts, Estimate, Interval, undefined

_NAME, _LABEL = "one-shot MRMC AUC", "one-shot U-statistic, unbiased"
_SHARED = tuple(product((False, True), repeat=3))  # which of (reader, diseased case, healthy case) two pairs share


@dataclass(frozen=True, slots=True)
class _Moments:
    """Covariance of two pooled areas and what its degrees of freedom are made of.

    `parts`: biased components of reader, diseased and healthy; `df`: their degrees of freedom.
    """

    covariance: float
    parts: Array
    df: Array


def _at_least(one: Array, other: Array) -> dict[tuple[bool, ...], float]:
    """Sums of products over pairs of (reader, diseased, healthy) that share at least the given ones."""
    found = {}
    for shared in _SHARED:
        rest = tuple(axis for axis, same in enumerate(shared) if not same)
        found[shared] = float((one.sum(axis=rest) * other.sum(axis=rest)).sum())
    return found


def _exactly(sums: dict[tuple[bool, ...], float]) -> dict[tuple[bool, ...], float]:
    """Inclusion-exclusion: sums over pairs that share exactly the given ones."""
    return {
        shared: sum(
            (-1) ** (sum(more) - sum(shared)) * value
            for more, value in sums.items()
            if all(m or not s for m, s in zip(more, shared))
        )
        for shared in _SHARED
    }


def _moments(one: tuple[Array, Array], other: tuple[Array, Array]) -> _Moments:
    products, pairs = _at_least(one[0], other[0]), _at_least(one[1], other[1])
    exact, number = _exactly(products), _exactly(pairs)
    nothing = (False, False, False)
    every = pairs[nothing]
    covariance = 0.0
    for shared in _SHARED:
        weight = number[shared] / every - (1.0 if shared == nothing else 0.0)
        covariance += weight * exact[shared] / number[shared] if number[shared] > 0.5 else 0.0
    biased = {shared: products[shared] / pairs[shared] if pairs[shared] else 0.0 for shared in _SHARED}
    only = [tuple(axis == which for axis in range(3)) for which in range(3)]
    parts = np.array([biased[shared] - biased[nothing] for shared in only])
    # the coefficient of a component is the chance that two pairs share it; 1 / it is the number there are
    df = np.array([round(every / pairs[shared] - 1) if pairs[shared] else 0 for shared in only], dtype=float)
    return _Moments(covariance, parts, df)


def _satterthwaite(variance: float, parts: Array, df: Array) -> float | None:
    if variance <= 0 or df.min() < 1:
        return None
    spread = float((parts**2 / df**3).sum())
    return max(variance**2 / spread, float(df.min())) if spread > 0 else None


def _estimate(
    value: float,
    variance: float,
    df: float | None,
    null: float,
    level: float,
    counts: Counts,
    extra: dict[str, Any],
) -> Estimate:
    extra["variance"] = variance
    if variance <= 0:
        reason = "the unbiased estimate of the variance is not positive"
        return Estimate(_NAME, _LABEL, value, n=counts, extra=extra, no_interval=reason, warnings=(reason,))
    se = math.sqrt(variance)
    score, z = (value - null) / se, normal_quantile(level)
    quantile = z if df is None else float(stdtrit(df, 0.5 + level / 2))
    p_normal = float(2 * ndtr(-abs(score)))
    extra |= {"p_normal": p_normal, "normal": [value - z * se, value + z * se]}
    p = p_normal if df is None else float(2 * stdtr(df, -abs(score)))
    label = "normal" if df is None else "t, Satterthwaite df"
    interval = Interval(value - quantile * se, value + quantile * se, level, f"{label}; not cut to [0, 1]")
    return Estimate(_NAME, _LABEL, value, se, interval, counts, score, df, p, extra)


@statistic(
    _NAME,
    suits=("score", "ordinal", "pathology"),
    assumes="readers and cases are random samples; any pattern of missing readings that does not depend on the scores",
    undefined_when="a class has no case, or no reader read a pair; no interval where the variance is not positive",
    reference="Gallas BD, Bandos A, Samuelson FW, Wagner RF. Commun Stat A 2009;38:2586-2603",
    doi="10.1080/03610920802610084",
)
def one_shot_auc(truth: ArrayLike, ratings: ArrayLike, *, level: float = 0.95, null: float = 0.5) -> Estimate:
    """Reader-pooled AUC of one arm: ratings (readers, cases), NaN = not read; p tests it against `null`."""
    pool = _pool(truth, ratings)
    if isinstance(pool, Estimate):
        return pool
    kernel, read, counts = pool
    moments = _moments((kernel, read), (kernel, read))
    df = _satterthwaite(moments.covariance, moments.parts, moments.df)
    value = float(kernel.sum() / read.sum())
    return _estimate(value, moments.covariance, df, null, level, counts, {})


@statistic(
    "one-shot MRMC difference of AUCs",
    suits=("score", "ordinal", "pathology"),
    assumes="readers and cases are random samples; any pattern of missing readings that does not depend on the scores",
    undefined_when="a class has no case, or no reader read a pair in an arm; no interval where the "
    "variance is not "
    "positive",
    reference="Gallas BD, Bandos A, Samuelson FW, Wagner RF. Commun Stat A 2009;38:2586-2603",
    doi="10.1080/03610920802610084",
)
def one_shot_difference(truth: ArrayLike, first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """AUC of arm `first` minus `second`, both (readers, cases) with the same readers and cases, NaN = not
    read."""
    one, two = _pool(truth, first), _pool(truth, second)
    for pool in (one, two):
        if isinstance(pool, Estimate):
            return pool
    assert not isinstance(one, Estimate) and not isinstance(two, Estimate)
    (k1, d1, n1), (k2, d2, n2) = one, two
    a, b, both = _moments((k1, d1), (k1, d1)), _moments((k2, d2), (k2, d2)), _moments((k1, d1), (k2, d2))
    variance = a.covariance + b.covariance - 2 * both.covariance
    df = _satterthwaite(variance, a.parts + b.parts - 2 * both.parts, np.minimum(a.df, b.df))
    areas = float(k1.sum() / d1.sum()), float(k2.sum() / d2.sum())
    counts = Counts(max(n1.cases, n2.cases), n1.readers, n1.ratings + n2.ratings, n1.missing + n2.missing)
    extra: dict[str, Any] = {
        "auc": list(areas),
        "variances": [a.covariance, b.covariance],
        "covariance": both.covariance,
    }
    return _estimate(areas[0] - areas[1], variance, df, 0.0, level, counts, extra)


def _pool(truth: ArrayLike, ratings: ArrayLike) -> tuple[Array, Array, Counts] | Estimate:
    """Kernels and which pairs were read, (readers, m, n); an undefined estimate where there is no pair."""
    truth_array, array = read_ratings(truth, np.asarray(ratings, dtype=float)[None])
    counts = count_ratings(array)
    if truth_array.sum() in (0, len(truth_array)):
        return undefined(_NAME, _LABEL, NO_HEALTHY if truth_array.any() else NO_DISEASED, counts)
    kernel, read = kernels(array[0][:, truth_array], array[0][:, ~truth_array])
    if not read.any():
        return undefined(_NAME, _LABEL, "no reader read a diseased and a healthy case", counts)
    return kernel, read, counts
