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

from .binary_accuracy import NO_DISEASED, NO_HEALTHY, Flags
from .placements import Array
from .proportion import normal_quantile
from .reader_covariance import PairSums, kernel_sums, read_sums
from .reader_values import count_ratings, read_ratings
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

_NAME, _LABEL = "one-shot MRMC AUC", "one-shot U-statistic, unbiased"
Sums = dict[tuple[bool, ...], float]
_SHARED = tuple(product((False, True), repeat=3))  # which of (reader, diseased case, healthy case) two pairs share


@dataclass(frozen=True, slots=True)
class _Moments:
    """Covariance of two pooled areas and what its degrees of freedom are made of.

    `parts`: biased components of reader, diseased and healthy; `df`: their degrees of freedom.
    """

    covariance: float
    parts: Array
    df: Array


def _at_least(sums: PairSums, one: slice, other: slice) -> Sums:
    """Sums over pairs of (reader, diseased, healthy) that share at least the given ones, from those by curve."""
    by_case: dict[tuple[bool, ...], Array] = {
        (True, True): sums.both,
        (True, False): sums.diseased,
        (False, True): sums.healthy,
    }
    found = {}
    for shared in _SHARED:
        block = by_case.get(shared[1:], sums.anything)[one, other]
        found[shared] = float(np.trace(block) if shared[0] else block.sum())
    return found


def _exactly(sums: Sums) -> Sums:
    """Inclusion-exclusion: sums over pairs that share exactly the given ones."""
    return {
        shared: sum(
            (-1) ** (sum(more) - sum(shared)) * value
            for more, value in sums.items()
            if all(m or not s for m, s in zip(more, shared))
        )
        for shared in _SHARED
    }


def _moments(products: Sums, pairs: Sums) -> _Moments:
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
    name: str,
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
        return Estimate(name, _LABEL, value, n=counts, extra=extra, no_interval=reason, warnings=(reason,))
    se = math.sqrt(variance)
    score, z = (value - null) / se, normal_quantile(level)
    quantile = z if df is None else float(stdtrit(df, 0.5 + level / 2))
    p_normal = float(2 * ndtr(-abs(score)))
    extra |= {"p_normal": p_normal, "normal": [value - z * se, value + z * se]}
    p = p_normal if df is None else float(2 * stdtr(df, -abs(score)))
    label = "normal" if df is None else "t, Satterthwaite df"
    interval = Interval(value - quantile * se, value + quantile * se, level, f"{label}; not cut to [0, 1]")
    return Estimate(name, _LABEL, value, se, interval, counts, score, df, p, extra)


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
    truth_array, array = read_ratings(truth, np.asarray(ratings, dtype=float)[None])
    counts = count_ratings(array)
    found = _pooled(truth_array, array)
    if isinstance(found, str):
        return undefined(_NAME, _LABEL, found, counts)
    (value,), moments = found
    own = moments[0, 0]
    df = _satterthwaite(own.covariance, own.parts, own.df)
    return _estimate(_NAME, value, own.covariance, df, null, level, counts, {})


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
    name = "one-shot MRMC difference of AUCs"
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.ndim != 2:
        raise WrongCall("first", "(readers, cases)", one.shape)
    if one.shape != two.shape:
        raise WrongCall("second", f"the same readers and cases, shape {one.shape}", two.shape)
    truth_array, array = read_ratings(truth, np.stack((one, two)))
    counts = count_ratings(array)
    found = _pooled(truth_array, array)
    if isinstance(found, str):
        return undefined(name, _LABEL, found, counts)
    areas, moments = found
    a, b, both = moments[0, 0], moments[1, 1], moments[0, 1]
    variance = a.covariance + b.covariance - 2 * both.covariance
    df = _satterthwaite(variance, a.parts + b.parts - 2 * both.parts, np.minimum(a.df, b.df))
    extra: dict[str, Any] = {
        "auc": areas,
        "variances": [a.covariance, b.covariance],
        "covariance": both.covariance,
    }
    return _estimate(name, areas[0] - areas[1], variance, df, 0.0, level, counts, extra)


def _pooled(truth: Flags, ratings: Array) -> tuple[list[float], dict[tuple[int, int], _Moments]] | str:
    """Pooled area of each arm (arms, readers, cases) and the moments of each two arms; or why there are none."""
    if truth.sum() in (0, len(truth)):
        return NO_HEALTHY if truth.any() else NO_DISEASED
    arms, readers, cases = ratings.shape
    flat = ratings.reshape(-1, cases)
    diseased, healthy = flat[:, truth], flat[:, ~truth]
    kernels, pairs = kernel_sums(diseased, healthy), read_sums(diseased, healthy)
    blocks = [slice(arm * readers, (arm + 1) * readers) for arm in range(arms)]
    if not all(pairs.anything[block, block].any() for block in blocks):
        return "in an arm no reader read a diseased and a healthy case"
    moments, areas = {}, []
    for i, one in enumerate(blocks):
        for j, other in enumerate(blocks[i:], i):
            moments[i, j] = _moments(_at_least(kernels, one, other), _at_least(pairs, one, other))
        areas.append(float(np.sqrt(kernels.anything[one, one].sum() / pairs.anything[one, one].sum())))
    return areas, moments
