"""Smooth random fields, the raw material of tissue: cheap (a coarse grid, enlarged), of unit variance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

Field = NDArray[np.float32]


def smooth_noise(rng: np.random.Generator, size_yx: tuple[int, int], cell_yx: tuple[float, float]) -> Field:
    """A Gaussian field (height, width), mean 0 and variance about 1, whose blobs measure `cell_yx` px."""
    step = [max(c / 2, 1.0) for c in cell_yx]
    grid = [int(np.ceil(n / s)) + 8 for n, s in zip(size_yx, step)]
    coarse = gaussian_filter(rng.standard_normal(grid, dtype=np.float32), 1.0, mode="wrap")
    coarse *= 2 * np.sqrt(np.pi)  # what the filter took from the variance
    top, left = 3 + rng.random(), 3 + rng.random()
    box = (left, top, left + size_yx[1] / step[1], top + size_yx[0] / step[0])
    enlarged = Image.fromarray(coarse).resize((size_yx[1], size_yx[0]), Image.Resampling.BICUBIC, box=box)
    return np.array(enlarged, dtype=np.float32)


def sheets(field: Field, half_width_px: float, lying: float = 1.5) -> Field:
    """Thin sheets (0 to 1) where a smooth field crosses zero, like the septa between lobules.

    A sheet across the beam is bright and one along it hardly seen: `lying` is the power of that dependence.
    """
    gy, gx = np.gradient(field)
    steepness = gy * gy + gx * gx + np.float32(1e-8)
    sheet = np.exp(-(field * field) / (steepness * np.float32(half_width_px**2)))
    return sheet * (gy * gy / steepness) ** np.float32(lying)


def between(value: Field, low: float, high: float) -> Field:
    """0 below low, 1 above high, smooth between (smoothstep)."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)
