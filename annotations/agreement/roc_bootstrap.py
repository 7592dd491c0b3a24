"""Intervals for points and parts of an ROC curve, resampling the diseased and the healthy apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .placements import Array
from .proportion import normal_quantile
from .result import Interval

_CHUNK = 2_000_000  # resampled scores held at a time


def btii_interval(
    diseased: Array, healthy: Array, specificity: float, level: float, resamples: int, seed: int
) -> Interval:
    """Zhou and Qin's BTII for the sensitivity at a fixed specificity (Stat Med 2005;24:465,
    doi:10.1002/sim.1563).

    Each resample takes its own threshold from its healthy cases and adjusts the share as Agresti and Coull
    do; the interval is normal around the mean of the resamples, so it may leave [0, 1].
    """
    z, m, n = normal_quantile(level), len(diseased), len(healthy)
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    allowed = int(np.floor(n * (1 - specificity) + 1e-9))  # healthy cases that may be called positive
    shares = np.empty(resamples)
    step = max(1, _CHUNK // (m + n))
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        others = np.sort(healthy[generator.integers(0, n, (stop - start, n))], axis=1)
        mine = diseased[generator.integers(0, m, (stop - start, m))]
        if allowed >= n:
            shares[start:stop] = 1.0
        else:  # positive: above the score that would be one too many
            cut = others[:, n - 1 - allowed][:, None]
            shares[start:stop] = (mine > cut).mean(axis=1)
    adjusted = (shares * m + z * z / 2) / (m + z * z)
    centre, spread = float(adjusted.mean()), float(adjusted.std(ddof=1))
    label = f"BTII, {resamples} resamples within the classes"
    return Interval(centre - z * spread, centre + z * spread, level, label)


def percentile_interval(
    diseased: Array,
    healthy: Array,
    statistic: Callable[[Array, Array], float],
    level: float,
    resamples: int,
    seed: int,
) -> Interval:
    """Percentiles of any function of (diseased scores, healthy scores) over resamples within the classes."""
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    m, n = len(diseased), len(healthy)
    values = [
        statistic(diseased[generator.integers(0, m, m)], healthy[generator.integers(0, n, n)]) for _ in range(resamples)
    ]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level, f"percentile, {resamples} resamples within the classes")
