"""Diameters of a cell: the published means, and the published intervals wherever real nodes can have them.

Longest axes and ratios are logit-normal between the bounds of what a node can be, and correlated. The five
parameters are fitted so that the means of longest axis, shortest axis and ratio are met first, their standard
deviations second. Where a published interval implies a spread of ratios that only nodes of 0.15 or 1 could
have (centre 1, reactive), the widest natural spread takes its place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit, logit, ndtri

from annotations.demo.published import Cell

MAX_RANGE_MM = (3.5, 60.0)
RATIO_RANGE = (0.15, 1.0)
QUANTITIES = ("max_diameter_mm", "min_diameter_mm", "aspect_ratio")
_MEANS_FIRST = 30.0  # weight of a mean against a standard deviation
_NATURAL = 0.6  # of the largest possible standard deviation; above it a bounded quantity heaps up at its bounds

Floats = NDArray[np.float64]


def draw_diameters(cell: Cell, n: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Longest axis (mm, to 0.1), shortest axis (mm, to 0.1) and their ratio (to 0.01) of n nodes of this
    cell.
    """
    scores = ndtri((np.arange(n) + 0.5) / n)  # a stratified normal sample: its moments do not wander
    z, w = rng.permutation(scores), rng.permutation(scores)
    target = [cell.moments[q] for q in QUANTITIES]
    means = np.array([m.mean for m in target])
    sds = np.array([m.sd(cell.n) for m in target])
    sds[2] = min(sds[2], _NATURAL * np.sqrt((means[2] - RATIO_RANGE[0]) * (RATIO_RANGE[1] - means[2])))

    def misfit(p: Floats) -> Floats:
        sample = np.stack(_sample(p, z, w))
        parts = [_MEANS_FIRST * (sample.mean(axis=1) / means - 1), sample.std(axis=1) / sds - 1]
        return np.concatenate(parts if n > 2 else parts[:1])

    start = [_logit(means[0], MAX_RANGE_MM), 1.0, _logit(means[2], RATIO_RANGE), 0.7, -0.3]
    bounds = ([-6, 0.01, -6, 0.01, -0.98], [6, 5, 6, 4, 0.98])
    fit = least_squares(misfit, start, bounds=bounds)
    return _rounded(*_sample(fit.x, z, w)[:2])


def _sample(p: Floats, z: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    longest = _between(p[0] + p[1] * z, MAX_RANGE_MM)
    ratio = _between(p[2] + p[3] * (p[4] * z + np.sqrt(1 - p[4] ** 2) * w), RATIO_RANGE)
    return longest, longest * ratio, ratio


def _between(score: Floats, bounds: tuple[float, float]) -> Floats:
    return bounds[0] + (bounds[1] - bounds[0]) * expit(score)


def _logit(value: float, bounds: tuple[float, float]) -> float:
    return float(logit((value - bounds[0]) / (bounds[1] - bounds[0])))


def _rounded(longest: Floats, shortest: Floats) -> tuple[Floats, Floats, Floats]:
    """To 0.1 mm, ratio from the rounded values, as a sheet has it."""
    longest, shortest = np.round(longest, 1), np.round(shortest, 1)
    shortest = np.maximum(shortest, np.ceil(longest * RATIO_RANGE[0] * 10) / 10)
    return longest, shortest, np.round(shortest / longest, 2)
