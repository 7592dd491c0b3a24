"""The outline of a node: a closed contour whose mask has the diameters of its row, within a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_POINTS = 480
_SUPERSAMPLING = 4
_TOLERANCE_PX = 0.4
_ATTEMPTS = 10
_ROUND = 0.97


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawn node: mask (height, width), signed distance to its edge in px (inside positive), and its own
    axes.

    `along` and `across` are coordinates on the node's longest and shortest axis, -1 to 1 between its ends.
    """

    mask: Mask
    distance_px: NDArray[np.float32]
    along: NDArray[np.float32]
    across: NDArray[np.float32]
    centre_yx: tuple[float, float]
    semi_axes_px: tuple[float, float]


def extents(mask: Mask, angles: int = 360) -> tuple[float, float]:
    """Longest extent of the mask and the extent perpendicular to it, in px, over pixel corners."""
    points = _corners(mask)
    longest, angle = _longest(points, angles)
    return longest, _extent(points, angle + np.pi / 2)


def _corners(mask: Mask) -> Floats:
    """(x, y) of the outer corners of the first and last pixel of each row: they hold the convex hull."""
    rows = np.flatnonzero(mask.any(axis=1))
    left = mask[rows].argmax(axis=1)
    right = mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    x = np.concatenate([left, left, right, right])
    y = np.concatenate([rows, rows + 1, rows, rows + 1])
    return np.stack([x, y], axis=1).astype(float)


def _longest(points: Floats, angles: int) -> tuple[float, float]:
    turn = np.arange(angles) * np.pi / angles
    projected = points @ np.stack([np.cos(turn), np.sin(turn)])
    widths = np.ptp(projected, axis=0)
    best = int(widths.argmax())
    return float(widths[best]), float(turn[best])


def _extent(points: Floats, angle: float) -> float:
    return float(np.ptp(points @ np.array([np.cos(angle), np.sin(angle)])))


def draw_outline(
    size_yx: tuple[int, int],
    centre_yx: tuple[float, float],
    diameters_px: tuple[float, float],
    tilt_rad: float,
    *,
    irregular: bool,
    rng: np.random.Generator,
) -> Outline:
    """A node's outline whose mask measures `diameters_px` (longest, perpendicular), within half a pixel each.

    An irregular contour is lobulated and angular, a regular one oval. A contour that cannot have these
    diameters (a lumpy one that is as broad as long) is smoothed step by step until it can.
    """
    relief = _relief(irregular, rng)
    if diameters_px[1] > _ROUND * diameters_px[0]:
        relief *= 0.12  # nearly a circle: there is no room for more
    radius = (diameters_px[0] / 2, diameters_px[1] / 2)
    best: tuple[float, Mask, Floats] | None = None
    for attempt in range(_ATTEMPTS):
        unit = _contour(relief * 0.65**attempt, radius[1] / radius[0])
        mask, points = _fitted(unit, size_yx, centre_yx, diameters_px, tilt_rad)
        error = float(np.abs(np.subtract(extents(mask), diameters_px)).max())
        if best is None or error < best[0]:
            best = error, mask, points
        if error <= 2 * _TOLERANCE_PX:
            break
    assert best is not None
    _, mask, points = best
    distance = _signed_distance(mask)
    y, x = np.mgrid[: size_yx[0], : size_yx[1]].astype(np.float32)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    dy, dx = y + 0.5 - middle[1], x + 0.5 - middle[0]
    cos, sin = np.float32(np.cos(tilt_rad)), np.float32(np.sin(tilt_rad))
    along = (dx * cos + dy * sin) / np.float32(radius[0])
    across = (dy * cos - dx * sin) / np.float32(radius[1])
    return Outline(mask, distance, along, across, (float(middle[1]), float(middle[0])), (radius[0], radius[1]))


def _signed_distance(mask: Mask) -> NDArray[np.float32]:
    distance = (0.5 - distance_transform_edt(~mask)).astype(np.float32)
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    inside = distance_transform_edt(np.pad(mask[box], 1))[1:-1, 1:-1]  # a third of the time that the whole would take
    distance[box] = np.where(mask[box], inside - 0.5, distance[box])
    return distance


def _relief(irregular: bool, rng: np.random.Generator) -> Floats:
    """Radial deviation from the oval at each contour point, as a share of the radius."""
    angle = np.arange(_POINTS) * 2 * np.pi / _POINTS
    orders = np.arange(2, 15 if irregular else 7)
    weight = (0.17 / orders**0.85 if irregular else 0.11 / orders**1.15) * rng.uniform(0.6, 1.2)
    phase = rng.uniform(0, 2 * np.pi, orders.size)
    height = rng.normal(size=orders.size) * weight
    relief = (height[:, None] * np.cos(orders[:, None] * angle + phase[:, None])).sum(axis=0)
    if irregular and rng.random() < 0.4:  # a few lobules that meet in clefts
        places = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 6))))
        gap = np.abs((angle[:, None] - places + np.pi) % (2 * np.pi) - np.pi).min(axis=1)
        relief -= rng.uniform(0.06, 0.13) * np.exp(-gap / 0.22)
    return relief


def _contour(relief: Floats, slimness: float) -> Floats:
    """(x, y) on a unit oval with relief; slim nodes are bluntly pointed, broad ones round."""
    angle = np.arange(_POINTS) * 2 * np.pi / _POINTS
    radius = 1 + relief * (0.5 + 0.5 * slimness)
    power = 0.9 if slimness < 0.5 else 1.0
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power * radius
    return np.stack([x, np.sin(angle) * radius], axis=1)


def _fitted(
    unit: Floats,
    size_yx: tuple[int, int],
    centre_yx: tuple[float, float],
    wanted: tuple[float, float],
    tilt: float,
) -> tuple[Mask, Floats]:
    """Scale the contour along and across its longest axis until its mask measures what is wanted."""
    aim = np.array(wanted, float)
    points = unit * aim / 2
    mask = np.zeros(size_yx, dtype=bool)
    placed = points
    for _ in range(6):
        for _ in range(5):
            length, angle = _longest(points, 360)
            points = _turned(points, -angle)
            points *= aim / [length, _extent(points, np.pi / 2)]
        points -= (points.max(axis=0) + points.min(axis=0)) / 2
        placed = _turned(points, tilt) + np.array(centre_yx[::-1])
        mask = _filled(placed, size_yx)
        error = np.array(wanted) - extents(mask)
        if np.abs(error).max() <= _TOLERANCE_PX:
            break
        if wanted[1] > _ROUND * wanted[0]:  # no axis is the longest one: correct both alike, or they chase each other
            error[:] = error.mean()
        aim = np.maximum(aim + error * 0.8, 2.0)
    return mask, placed


def _turned(points: Floats, angle: float) -> Floats:
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]])


def _filled(points: Floats, size_yx: tuple[int, int]) -> Mask:
    """Pixels of which the contour covers more than half."""
    k = _SUPERSAMPLING
    low = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 2, size_yx[::-1])
    width, height = (int(v) for v in high - low)
    fine = Image.new("L", (width * k, height * k))
    # Pillow fills polygons over pixel centres, so half a fine pixel is taken off
    ImageDraw.Draw(fine).polygon([tuple(p) for p in (points - low) * k - 0.5], fill=1)
    share = np.asarray(fine).reshape(height, k, width, k).sum(axis=(1, 3))
    mask = np.zeros(size_yx, dtype=bool)
    mask[low[1] : high[1], low[0] : high[0]] = share * 2 > k * k
    return mask
