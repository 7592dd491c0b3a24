"""A figure of masks over the cases of a study: mean, median, quartiles, and how many cases have none.

The mean's limits are those of a bootstrap-t: figures of masks are skewed (a few outlines miss the node), and plain
percentiles then cover less (bench/coverage.py). What no limits cure is a sample too small to hold the rare bad outline:
that is said.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import lru_cache, partial
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined

Floats = NDArray[np.float64]
ANYTHING = (-math.inf, math.inf)
_SHARE, _SIZE = (0.0, 1.0), (0.0, math.inf)
_STREAM = "masks: cases"  # one stream for all figures: they are compared on the same resamples
_AT_ONCE = 2_000_000  # weights held at a time while medians are taken
FEW_CASES = 50  # below which a rare bad outline is likely not among the cases
FEW_CARRY = 10  # cases on which the spread rests, below which the mean's limits cover too little
_MOST_HALVED = 2**15 - 1  # so many drawn cases can be counted twice in 16 bits


def summarise(
    name: str,
    values: Sequence[float | None],
    *,
    estimator: str,
    statistic: str = "mean",
    patients: Sequence[int] | None = None,
    readers: int = 1,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
    within: tuple[float, float] = ANYTHING,
) -> Estimate:
    """Mean (bootstrap-t interval) or median (percentile) over cases; cases without a value are counted.

    values      one a case, None where the figure is undefined (a missed mask): it enters no mean, and
                `n.missing`, extra["undefined_cases"] and a warning say how many there were
    patients    an id a case: whole patients are drawn, so that several nodes of one patient stay together
    within      the least and the greatest value that the figure can have: limits are cut there
    extra       mean, median, lower_quartile, upper_quartile, least, greatest, standard_deviation,
                undefined_cases, and mean_interval or median_interval: of whichever is not the value

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 12 and 13. Raises WrongCall.
    """
    _check(values, statistic, patients, resamples, level)
    if not isinstance(seed, Integral):
        raise WrongCall("seed", "a whole number", seed)
    all_values = np.array([np.nan if value is None else value for value in values], np.float64)
    there = ~np.isnan(all_values)
    found = all_values[there]
    counts = Counts(cases=found.size, readers=readers, ratings=found.size, missing=int((~there).sum()))
    if found.size == 0:
        reason = "there are no cases" if not values else "the figure is undefined in every case"
        return undefined(name, estimator, reason, counts)
    extra: dict[str, Any] = _described(found) | {"undefined_cases": counts.missing}
    made = partial(Estimate, name, estimator, extra[statistic], n=counts, warnings=_warnings(counts, found))
    groups = tuple(range(len(values))) if patients is None else tuple(patients)
    drawn = len({groups[case] for case in np.flatnonzero(there)})
    if drawn < 2:
        lonely = "one case" if patients is None else "one patient"
        return made(extra=extra, no_interval=f"only {lonely} has a value")
    weights = case_weights(groups, resamples, seed)
    weights = weights if there.all() else weights[:, there]
    limits = {
        "mean": _studentised(weights, found, np.asarray(groups)[there], level, within),
        "median": _limits(_medians(weights, found), level),
    }
    drawn_are = "cases" if patients is None else "patients"
    kind = "bootstrap-t" if statistic == "mean" else "percentile bootstrap"
    method = f"{kind} of {drawn_are}, {resamples} resamples, seed {seed}"
    other = "median" if statistic == "mean" else "mean"
    extra[f"{other}_interval"] = list(limits[other])
    return made(extra=extra, interval=Interval(*limits[statistic], level, method))


def range_of(figure: str) -> tuple[float, float]:
    """The least and the greatest value of a figure of `comparisons.MaskComparison`."""
    if figure in ("dice", "iou", "precision", "recall", "nsd"):
        return _SHARE
    return (-1.0, math.inf) if figure == "relative_area_difference" else _SIZE


@lru_cache(maxsize=8)
def case_weights(groups: tuple[int, ...], resamples: int, seed: int) -> NDArray[np.uint16]:
    """How often each case is drawn in each resample, [resamples, cases]; a group is drawn as a whole."""
    stream = int.from_bytes(hashlib.sha256(_STREAM.encode()).digest()[:8], "little")
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, stream])))
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    number = int(member.max()) + 1
    drawn = generator.integers(0, number, (resamples, number))
    drawn += np.arange(resamples)[:, None] * number
    weights = np.bincount(drawn.ravel(), minlength=resamples * number).reshape(resamples, number)
    by_case = weights.astype(np.uint16)[:, member]
    by_case.setflags(write=False)  # it is kept and shared
    return by_case


def _studentised(
    weights: NDArray[np.uint16], values: Floats, groups: NDArray[np.int64], level: float, within: tuple[float, float]
) -> tuple[float, float]:
    """Bootstrap-t limits of the mean (Efron and Tibshirani 1993, ch. 12.5); groups are drawn as wholes.

    A resample of one and the same value has no standard error of its own and counts for none.
    """
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    centre = float(values.mean())
    sizes = np.bincount(member).astype(np.float64)
    totals = np.bincount(member, weights=values - centre)
    drawn = weights[:, first]
    # sums over the drawn groups, without an array of resamples x cases, and not by BLAS
    cases, sums, squares = (np.einsum("ij,j->i", drawn, part) for part in (sizes, totals, totals**2))
    products, sizes2 = sums, cases
    if sizes.max() > 1:
        products, sizes2 = (np.einsum("ij,j->i", drawn, part) for part in (totals * sizes, sizes**2))
    some = cases > 0  # a resample may hold none of the cases that have a value
    away = sums[some] / cases[some]
    spread = np.maximum(squares[some] - 2 * away * products[some] + away**2 * sizes2[some], 0.0)
    error = math.sqrt(float(np.einsum("i,i->", totals, totals)))
    # rounding leaves a constant resample a hair above 0
    varied = spread > (1e-9 * error) ** 2
    if error == 0 or not varied.any():
        return centre, centre
    ratios = away[varied] / (np.sqrt(spread[varied]) / cases[some][varied])
    low, high = _limits(ratios, level)
    se = error / values.size
    return max(within[0], min(centre - high * se, centre)), min(within[1], max(centre - low * se, centre))


def _medians(weights: NDArray[np.uint16], values: Floats) -> Floats:
    """Median of each resample: where half the drawn cases, in order of their values, are reached."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    most = int(weights.sum(axis=1, dtype=np.int64).max())
    by_case: NDArray[np.unsignedinteger[Any]] = weights.T.astype(np.uint16 if most <= _MOST_HALVED else np.uint32)
    block = max(1, _AT_ONCE // values.size)
    return np.concatenate([
        _block_medians(by_case[order, start : start + block], ordered) for start in range(0, len(weights), block)
    ])  # fmt: skip


def _block_medians(reached: NDArray[np.unsignedinteger[Any]], ordered: Floats) -> Floats:
    """Of weights [cases in order of their values, resamples], which are summed in place: a row at a time is fastest."""
    for row in range(1, len(reached)):
        reached[row] += reached[row - 1]
    reached = reached[:, reached[-1] > 0]
    drawn = reached[-1].copy()
    reached *= 2
    below = (reached < drawn).view(np.uint8).sum(axis=0, dtype=np.uint32)
    # further on only where a half is reached exactly
    upto = (reached <= drawn).view(np.uint8).sum(axis=0, dtype=np.uint32)
    medians: Floats = (ordered[below] + ordered[upto]) / 2
    return medians


def _limits(figures: Floats, level: float) -> tuple[float, float]:
    low, high = np.quantile(figures, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _described(values: Floats) -> dict[str, float]:
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
    described = {
        "mean": float(values.mean()),
        "median": float(median),
        "lower_quartile": float(lower),
        "upper_quartile": float(upper),
        "least": float(values.min()),
        "greatest": float(values.max()),
    }
    if values.size > 1:
        described["standard_deviation"] = float(values.std(ddof=1))
    return described


def _warnings(counts: Counts, values: Floats) -> tuple[str, ...]:
    said = []
    if counts.missing:
        said.append(f"{counts.missing} of {counts.cases + counts.missing} cases have no value and are not in the mean.")
    if 1 < counts.cases < FEW_CASES:
        said.append(
            f"Only {counts.cases} cases: an outline that fails rarely may be missing among them, and the mean's interval"
            " is then too narrow."
        )
    elif 0 < (carry := _carrying(values)) < FEW_CARRY:
        said.append(
            f"The spread rests on about {carry:.0f} of the {counts.cases} cases: the mean's interval can be too narrow."
        )
    return tuple(said)


def _carrying(values: Floats) -> float:
    """Over how many cases the squared deviations are spread: all alike n, one alone 1; 0 where none deviates."""
    away = np.abs(values - values.mean())
    largest = float(away.max())
    if largest == 0:
        return 0.0
    squares = (away / largest) ** 2
    return float(squares.sum() ** 2 / np.square(squares).sum())


def _check(
    values: Sequence[float | None],
    statistic: str,
    patients: Sequence[int] | None,
    resamples: int,
    level: float,
) -> None:
    if statistic not in ("mean", "median"):
        raise WrongCall("statistic", "mean or median", statistic)
    if patients is not None and len(patients) != len(values):
        raise WrongCall("patients", f"one id a case, {len(values)}", len(patients))
    if resamples < 100:
        raise WrongCall("resamples", "at least 100", resamples)
    if not 0 < level < 1:
        raise WrongCall("level", "a number between 0 and 1", level)
    if not all(value is None or np.isfinite(value) for value in values):
        raise WrongCall("values", "finite numbers, or None where undefined", "NaN or infinity")
