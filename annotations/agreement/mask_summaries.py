"""A figure of masks over the cases of a study: mean, median, quartiles, and how many cases have none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined

Floats = NDArray[np.float64]
_STREAM = "masks: cases"  # one stream for all figures: they are compared on the same resamples
_AT_ONCE = 2_000_000  # weights held at a time while medians are taken
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
) -> Estimate:
    """Mean (or median) over cases with a percentile bootstrap interval; cases without a value are counted.

    values      one a case, None where the figure is undefined (a missed mask): it enters no mean, and
                `n.missing`, extra["undefined_cases"] and a warning say how many there were
    patients    an id a case: whole patients are drawn, so that several nodes of one patient stay together
    extra       mean, median, lower_quartile, upper_quartile, least, greatest, standard_deviation,
                undefined_cases, and mean_interval or median_interval: of whichever is not the value

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13. Raises WrongCall.
    """
    _check(values, statistic, patients, resamples, level)
    all_values = np.array([np.nan if value is None else value for value in values], np.float64)
    there = ~np.isnan(all_values)
    found = all_values[there]
    counts = Counts(cases=found.size, readers=readers, ratings=found.size, missing=int((~there).sum()))
    if found.size == 0:
        reason = "there are no cases" if not values else "the figure is undefined in every case"
        return undefined(name, estimator, reason, counts)
    extra: dict[str, Any] = _described(found) | {"undefined_cases": counts.missing}
    made = partial(Estimate, name, estimator, extra[statistic], n=counts, warnings=_warnings(counts))
    groups = tuple(range(len(values))) if patients is None else tuple(patients)
    drawn = len({groups[case] for case in np.flatnonzero(there)})
    if drawn < 2:
        lonely = "one case" if patients is None else "one patient"
        return made(extra=extra, no_interval=f"only {lonely} has a value")
    weights = case_weights(groups, resamples, seed)
    weights = weights if there.all() else weights[:, there]
    limits = {
        "mean": _limits(_means(weights, found), level),
        "median": _limits(_medians(weights, found), level),
    }
    drawn_are = "cases" if patients is None else "patients"
    method = f"percentile bootstrap of {drawn_are}, {resamples} resamples, seed {seed}"
    other = "median" if statistic == "mean" else "mean"
    extra[f"{other}_interval"] = list(limits[other])
    return made(extra=extra, interval=Interval(*limits[statistic], level, method))


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


def _means(weights: NDArray[np.uint16], values: Floats) -> Floats:
    drawn = weights.sum(axis=1, dtype=np.float64)
    totals = np.einsum("ij,j->i", weights, values)  # without an array of resamples x cases, and not by BLAS
    some = drawn > 0  # a resample may hold none of the cases that have a value
    means: Floats = totals[some] / drawn[some]
    return means


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


def _warnings(counts: Counts) -> tuple[str, ...]:
    if not counts.missing:
        return ()
    return (f"{counts.missing} of {counts.cases + counts.missing} cases have no value and are not in the mean.",)


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
